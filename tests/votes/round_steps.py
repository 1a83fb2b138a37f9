"""Taking a vote along its way through the services, for set-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from liaison.models import User
from votes import sealing
from votes.models import Candidate, Programme, RollEntry, Round
from votes.services.ballot import CastResult, ballot_cast_by_slip
from votes.services.count import round_count
from votes.services.roll import attend_by_staff, slips_issue
from votes.services.round import OptionInput, round_create
from votes.services.round_result import round_declare, teller_sign
from votes.services.round_vote import round_close, round_open
from votes.services.tellers import teller_passphrase_set, tellers_set
from votes.states import CandidateStatus, ProgrammeStatus

if TYPE_CHECKING:
    from tests.votes.people import County

ONE, OTHER = "correct horse battery", "staple seven lanterns"
FOR, AGAINST, ABSTAIN, EMPTY = "for", "against", "abstain", "empty"


def programme(county: County, *, candidates: int = 3, places: int = 2, year: int = 2026) -> Programme:
    """An approved list of candidates, made directly: how it came about is another part's matter."""
    made = Programme.objects.create(
        congress=county.congress,
        office=county.cast.offices["county_office"],
        region_prefix=county.congress.region.prefix,
        year=year,
        session=county.session,
        places=places,
        status=ProgrammeStatus.LISTED,
    )
    for number in range(1, candidates + 1):
        Candidate.objects.create(
            programme=made,
            number=number,
            name=f"项目{number}",
            content="改造供水管网。",
            place="赫山区",
            investment=100 * number,
            money_source="区级财政",
            unit=county.unit,
            unit_name=county.unit.name,
            finish_on=dt.date(2026, 12, 31),
            status=CandidateStatus.LISTED,
        )
    return made


def projects_round(county: County, *, candidates: int = 3, places: int = 2, **changes: Any) -> Round:
    """A vote on projects, being prepared."""
    made = programme(county, candidates=candidates, places=places)
    return round_create(
        actor=county.actor("county_clerk"),
        congress_public_id=county.congress.public_id,
        programme_public_id=made.public_id,
        **{"kind": "projects", "title": "2026年民生实事项目票决", "scale": "three"} | changes,
    )


def appraisal(county: County, *names: str, scale: str = "three", **changes: Any) -> Round:
    """An appraisal of something named by text, being prepared."""
    return round_create(
        actor=county.actor("county_clerk"),
        congress_public_id=county.congress.public_id,
        scale=scale,
        options=[OptionInput(name=name) for name in names or ("区水利局", "区教育局")],
        **{"kind": "duty", "title": "履职评议"} | changes,
    )


def with_tellers(county: County, round_: Round) -> Round:
    """Two tellers with passphrases: the approver watches (监票), a deputy counts (计票)."""
    tellers_set(
        actor=county.actor("county_clerk"),
        public_id=round_.public_id,
        scrutineer_id=county.cast.user("county_approver").pk,
        counter_id=county.cast.user("cosigner").pk,
    )
    teller_passphrase_set(actor=county.actor("county_approver"), public_id=round_.public_id, passphrase=ONE)
    teller_passphrase_set(actor=county.actor("cosigner"), public_id=round_.public_id, passphrase=OTHER)
    return fresh(round_)


def lines(round_: Round) -> list[RollEntry]:
    return list(RollEntry.objects.filter(round=round_).order_by("position"))


def attend(county: County, round_: Round, how_many: int | None = None) -> list[RollEntry]:
    """The first so many of the roll are present, or all."""
    rows = lines(round_)[:how_many]
    return attend_by_staff(
        actor=county.actor("county_clerk"), public_id=round_.public_id, entries=[row.public_id for row in rows]
    )


def opened(county: County, round_: Round, *, present: int | None = None) -> Round:
    """Tellers, presence, and the vote open."""
    with_tellers(county, round_)
    attend(county, round_, present)
    return round_open(actor=county.actor("county_clerk"), public_id=round_.public_id, version=None)


def cast_all(
    county: County, round_: Round, ballots: Iterable[Sequence[str]], *, skip: int = 0
) -> list[tuple[RollEntry, CastResult]]:
    """The deputies of the roll vote by slips, one ballot each, in order.

    Args:
        skip: leave so many at the beginning of the roll out.
    """
    wanted = list(ballots)
    rows = lines(round_)[skip : skip + len(wanted)]
    slips = slips_issue(
        actor=county.actor("county_clerk"), public_id=round_.public_id, entries=[row.public_id for row in rows]
    )
    return [
        (entry, ballot_cast_by_slip(code=code, marks=marks, receipt=sealing.new_receipt()))
        for (entry, code), marks in zip(slips, wanted, strict=True)
    ]


def closed(county: County, round_: Round) -> Round:
    return round_close(actor=county.actor("county_clerk"), public_id=round_.public_id)


def counted(county: County, round_: Round) -> Round:
    """Closed and counted."""
    if round_.status != "closed":
        closed(county, round_)
    return count(county, round_)


def count(county: County, round_: Round, one: str = ONE, other: str = OTHER) -> Round:
    return round_count(
        actor=county.actor("county_clerk"),
        public_id=round_.public_id,
        scrutineer_passphrase=one,
        counter_passphrase=other,
    )


def declared(county: County, round_: Round) -> Round:
    """Signed by both tellers and declared."""
    teller_sign(actor=county.actor("county_approver"), public_id=round_.public_id)
    teller_sign(actor=county.actor("cosigner"), public_id=round_.public_id)
    return round_declare(actor=county.actor("county_clerk"), public_id=round_.public_id)


def fresh(round_: Round) -> Round:
    return Round.objects.select_related("programme", "congress", "office").get(pk=round_.pk)


def user(county: County, name: str) -> User:
    return county.cast.user(name)
