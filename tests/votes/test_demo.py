"""The demo's votes: made once by the real services, quick, and as the newsletters tell them."""

from __future__ import annotations

import datetime as dt
import re
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from deputies.models import Mandate
from liaison.models import User
from liaison.selectors.actors import capacities_of
from liaison.services.reminder import reminders_scan
from tests.deputies.campaign_seed import check_campaigns
from tests.suggestions.demo_opinions import check_opinions, check_webhooks
from votes.demo_stages import COUNTER_PASSPHRASE, SCRUTINEER_PASSPHRASE
from votes.models import (
    Candidate,
    Draw,
    Inspection,
    Programme,
    Project,
    ProposalSource,
    RollEntry,
    Round,
    RoundKind,
    SealedBallot,
    YearSummary,
)
from votes.sealing import new_receipt
from votes.selectors.candidate import pictures_of
from votes.selectors.inspection import own_groups
from votes.selectors.result import result_sheet
from votes.selectors.summary import roll_up
from votes.services.ballot import ballot_cast, ballot_cast_by_slip
from votes.services.candidate_comment import candidate_comment
from votes.services.count import round_count
from votes.services.inspection import inspection_answer, inspection_check, inspection_record
from votes.services.proposal import proposal_submit
from votes.services.round_vote import round_close
from votes.states import CandidateStatus, InspectionStatus, ProgrammeStatus, ProjectStatus, RoundStatus

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from liaison.actor import Actor

pytestmark = pytest.mark.django_db


def _load() -> str:
    out = StringIO()
    call_command("demo", verbosity=0, stdout=out)
    return out.getvalue()


def _counts() -> dict[str, int]:
    models = (Programme, Project, Round, RollEntry, YearSummary, Draw, Mandate, User)
    return {model.__name__: model.objects.count() for model in models}


def _programme(place: str, year: int) -> Programme:
    return Programme.objects.get(congress__region__name=place, year=year)


@pytest.fixture
def demo(settings: SettingsWrapper, tmp_path: Path) -> str:
    settings.DEMO_MODE, settings.MEDIA_ROOT = True, tmp_path
    call_command("load_regions", verbosity=0, stdout=StringIO())
    return _load()


def test_the_demo_tells_what_the_newsletters_tell_and_is_made_once(demo: str) -> None:
    """One test for all, for the demo takes a while to make."""
    before = _counts()
    assert reminders_scan(now=timezone.now()).late == 0  # its past was made in a moment: no apology for an outage
    _yongan()
    _others()
    _stages()
    _province()
    assert "本次新增 0 个" in _load()
    assert _counts() == before
    check_opinions()
    check_webhooks()
    check_campaigns()
    _to_try()
    _voting_now(demo)


def _yongan() -> None:
    new, old = _programme("永安镇", 2022), _programme("永安镇", 2021)
    vote = new.rounds.get()
    assert (vote.roll_count, vote.result["majority"], vote.result["valid"]) == (79, 40, 79)
    assert (vote.options.count(), len(vote.result["passed"]), vote.result["open_places"]) == (3, 2, 0)
    appraisal = old.rounds.get(kind=RoundKind.APPRAISAL)
    sheet = result_sheet(appraisal)
    assert sheet is not None
    assert [(line.name, line.rate) for line in sheet.lines] == [("安全饮水", "96.7%"), ("交通设施完善", "97.8%")]
    assert [(line["numerator"], line["denominator"]) for line in appraisal.result["lines"]] == [(87, 90), (88, 90)]
    for option in appraisal.options.all():
        assert "只给出满意率" in option.detail
    assert old.status == ProgrammeStatus.CLOSED
    assert Mandate.objects.filter(congress=new.congress, ended_on=None).count() == 79


def _others() -> None:
    assert _programme("祁东县", 2022).candidates.filter(status=CandidateStatus.ELECTED).count() == 9
    assert _programme("北塔区", 2022).candidates.filter(status=CandidateStatus.ELECTED).count() == 4


def _stages() -> None:
    assert set(Programme.objects.values_list("status", flat=True)) == set(ProgrammeStatus.values)
    collecting = Programme.objects.get(status=ProgrammeStatus.COLLECTING)
    assert set(collecting.proposals.values_list("source", flat=True)) == set(ProposalSource.values)
    underway = Programme.objects.get(status=ProgrammeStatus.UNDERWAY, congress__region__name="赫山区")
    states = set(underway.projects.values_list("status", flat=True))
    assert states == {ProjectStatus.UNDERWAY, ProjectStatus.FINISHED, ProjectStatus.HANDED_OVER}
    assert underway.groups.count() == 2
    seen = set(Inspection.objects.filter(project__programme=underway).values_list("status", flat=True))
    assert seen == set(InspectionStatus.values)


def _province() -> None:
    actor = capacities_of(User.objects.get(username="demo_province"))[0]
    found = {line.level: line.total for line in roll_up(actor, year=2020).totals}
    county, township = found["county"], found["township"]
    assert (county.congresses, county.voting, county.projects, county.yuan) == (122, 14, 120, 15_460_000_000)
    assert (township.congresses, township.voting, township.projects) == (1529, 1127, 2881)
    assert township.yuan == 13_862_000_000
    of_2022 = {line.level: line.total for line in roll_up(actor, year=2022).totals}
    assert (of_2022["county"].voting, of_2022["county"].projects) == (2, 13)
    assert (of_2022["township"].voting, of_2022["township"].projects) == (1, 2)


def _actor(username: str) -> Actor:
    return capacities_of(User.objects.get(username=username))[0]


def _to_try() -> None:
    """Both deputies of the sign-in page propose and inspect, one comments; the unit answers."""
    call = Programme.objects.get(status=ProgrammeStatus.COLLECTING)
    work = Programme.objects.get(status=ProgrammeStatus.UNDERWAY, congress=call.congress)
    candidate = Candidate.objects.get(programme__congress__region__name="泉交河镇", number=3)
    assert candidate_comment(actor=_actor("demo_cosigner"), public_id=candidate.public_id, text="请先修北面的一处。").pk
    assert {len(found) for found in pictures_of([candidate]).values()} == {1}
    for username in ("demo_deputy", "demo_cosigner"):
        deputy = _actor(username)
        key = uuid4()
        values = {"title": "学校门口划停车线", "content": "接送时段车辆乱停，请划线。", "place": "城区"}
        proposal = proposal_submit(actor=deputy, programme_public_id=call.public_id, submission_key=key, values=values)
        assert proposal.source == ProposalSource.DEPUTY
        group = next(one for one in own_groups(deputy) if one.programme == work)
        project = group.projects.filter(status=ProjectStatus.UNDERWAY).order_by("id")[0]
        inspection = inspection_record(
            actor=deputy,
            project_public_id=project.public_id,
            values={
                "group": group.public_id,
                "inspected_on": timezone.localdate(),
                "findings": "现场看了一处。",
                "demands": "补齐公示牌。",
                "answer_by": timezone.localdate() + dt.timedelta(days=9),
            },
        )
        inspection_answer(
            actor=_actor("demo_county_unit"), public_id=inspection.public_id, version=None, answer="公示牌已补齐。"
        )
        checked = inspection_check(actor=deputy, public_id=inspection.public_id, version=None)
        assert checked.status == InspectionStatus.CHECKED


def _voting_now(demo: str) -> None:
    vote = Round.objects.get(status=RoundStatus.OPEN)
    assert vote.congress.region.name == "八字哨镇"
    assert SealedBallot.objects.filter(round=vote).count() == 6
    deputy = next(actor for actor in capacities_of(User.objects.get(username="demo_deputy")) if actor.is_deputy)
    marks = ["for", "for", "against"]
    assert not ballot_cast(actor=deputy, public_id=vote.public_id, marks=marks, receipt=new_receipt()).already
    codes = re.findall(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b", demo)
    assert len(codes) == 3
    for code in codes:
        assert not ballot_cast_by_slip(code=code, marks=marks, receipt=new_receipt()).already
    vote = round_close(actor=capacities_of(User.objects.get(username="demo_town"))[0], public_id=vote.public_id)
    counted = round_count(
        actor=capacities_of(User.objects.get(username="demo_town"))[0],
        public_id=vote.public_id,
        scrutineer_passphrase=SCRUTINEER_PASSPHRASE,
        counter_passphrase=COUNTER_PASSPHRASE,
    )
    assert counted.result["valid"] == 10


def test_what_to_try_names_the_open_vote_and_opens_its_box(settings: SettingsWrapper) -> None:
    settings.DEMO_MODE = True
    out = StringIO()
    call_command("demo", "--accounts", stdout=out)
    assert SCRUTINEER_PASSPHRASE in out.getvalue()
    assert COUNTER_PASSPHRASE in out.getvalue()
