"""Taking a programme along its way through the services, for set-up."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from liaison.models import Attachment
from liaison.services.attachment import attachment_add
from tests import filemakers
from votes.models import Candidate, CandidateComment, Programme, Proposal
from votes.models.candidate import PICTURE_SLOT
from votes.services.candidate import candidate_create, candidate_withdraw
from votes.services.candidate_comment import candidate_comment
from votes.services.programme import programme_create
from votes.services.programme_act import programme_approve_list, programme_close_call, programme_open_call
from votes.services.proposal import proposal_submit, proposal_submit_public
from votes.services.proposal_screening import proposal_reject

if TYPE_CHECKING:
    from tests.votes.people import County


def day(offset: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=offset)


def plan(**changes: Any) -> dict[str, Any]:
    """A complete plan: the call from today for forty days, two places."""
    return {
        "places": 2,
        "introduction": "欢迎提出明年的民生实事项目建议。",
        "call_from": day(0),
        "call_until": day(39),
        "list_on": day(60),
        "vote_on": day(80),
        "finish_on": day(300),
        "appraise_on": day(380),
        "leader": "张主任",
        "contact": "何区办",
        "contact_phone": "0737-1234567",
        **changes,
    }


def preparing(county: County, *, year: int | None = None, **changes: Any) -> Programme:
    return programme_create(
        actor=county.actor("county_clerk"),
        region_code=county.cast.regions["county"].code,
        year=year or timezone.localdate().year + 1,
        values=plan(**changes),
    )


def collecting(county: County, **changes: Any) -> Programme:
    programme = preparing(county, **changes)
    return programme_open_call(
        actor=county.actor("county_clerk"), public_id=programme.public_id, version=None, confirm_short=True
    )


def screening(county: County, **changes: Any) -> Programme:
    programme = collecting(county, **changes)
    return programme_close_call(
        actor=county.actor("county_clerk"), public_id=programme.public_id, version=None, reason="提前完成"
    )


def listed(county: County, count: int = 3, **changes: Any) -> Programme:
    programme = screening(county, **changes)
    for number in range(count):
        candidate(county, programme, name=f"候选{number + 1}号项目")
    return programme_approve_list(
        actor=county.actor("county_approver"), public_id=programme.public_id, version=None, confirm_few=True
    )


def texts(**changes: Any) -> dict[str, Any]:
    """What somebody proposes."""
    return {
        "title": "集镇老粮站建公共停车场",
        "content": "集镇赶集日停车难，建议利用老粮站空地建设公共停车场，设车位六十个。",
        "place": "老粮站",
        **changes,
    }


def proposed(programme: Programme, **changes: Any) -> tuple[Proposal, str]:
    """A proposal from the public, and its receipt code."""
    from liaison.actor import ANONYMOUS

    return proposal_submit_public(
        actor=ANONYMOUS,
        programme_public_id=programme.public_id,
        submission_key=changes.pop("key", None) or uuid.uuid4(),
        values=texts(**{"proposer_name": "王先生", "proposer_contact": "13873712345", **changes}),
    )


def proposed_by(county: County, programme: Programme, who: str = "deputy", **changes: Any) -> Proposal:
    """A proposal from a deputy or a department."""
    return proposal_submit(
        actor=county.actor(who),
        programme_public_id=programme.public_id,
        submission_key=uuid.uuid4(),
        values=texts(**changes),
    )


def details(programme: Programme, **changes: Any) -> dict[str, Any]:
    """A complete candidate."""
    return {
        "name": "集镇公共停车场建设",
        "content": "新建公共停车场一处，车位六十个，配建充电桩十个。",
        "place": "老粮站",
        "investment": Decimal("120.50"),
        "money_source": "区财政预算安排100万元，镇自筹20.5万元",
        "unit_id": None,
        "unit_name": "八字哨镇人民政府",
        "finish_on": dt.date(programme.year, 11, 30),
        **changes,
    }


def candidate(county: County, programme: Programme, **changes: Any) -> Candidate:
    return candidate_create(
        actor=county.actor("county_clerk"),
        programme_public_id=programme.public_id,
        values=details(programme, **changes),
    )


def rejected(county: County, proposal: Proposal) -> Proposal:
    return proposal_reject(
        actor=county.actor("county_clerk"),
        public_id=proposal.public_id,
        version=None,
        points=["money"],
        reason="今年财政预算没有安排。",
    )


def withdrawn(county: County, found: Candidate) -> Candidate:
    return candidate_withdraw(
        actor=county.actor("county_clerk"), public_id=found.public_id, version=None, reason="用地未落实"
    )


def commented(county: County, found: Candidate, who: str = "deputy") -> CandidateComment:
    return candidate_comment(actor=county.actor(who), public_id=found.public_id, text="建议增加充电桩。")


def picture(county: County, found: Candidate) -> Attachment:
    """A picture of a candidate, whatever its state."""
    return attachment_add(actor=county.actor("county_clerk"), owner=found, slot=PICTURE_SLOT, upload=upload())


def upload(name: str = "现状.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, filemakers.png(), content_type="image/png")
