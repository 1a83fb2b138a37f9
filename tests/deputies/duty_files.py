"""Duty files for tests: entries, requirements, sessions and rolls."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING

from deputies.models import DutyEntry, DutyKind, DutyQuota, Presence, QuotaPeriod, Session
from deputies.selectors.session_attendance import deputies_at
from deputies.services.duty import DutyFact, duty_set
from deputies.services.duty_contest import contest_entry
from deputies.services.session_attendance import session_roll_save
from liaison.actor import system_actor

if TYPE_CHECKING:
    from deputies.models import DutyContest, SessionRoll
    from tests.cast import Cast

SYSTEM = system_actor()
DAY = dt.date(2025, 3, 9)


def enter(cast: Cast, title: str = "帮助村民修水渠", *, who: str = "deputy", **given: object) -> DutyEntry:
    """An entry of a source of its own."""
    source = Session.objects.create(
        congress=cast.congress,
        number=Session.objects.count() + 1,
        starts_on=dt.date(2023, 1, 5),
        ends_on=dt.date(2023, 1, 6),
    )
    asked: dict[str, object] = {"kind": DutyKind.DEED, "on": DAY, "title": title, "mandate_id": cast.mandates[who].pk}
    duty_set(actor=SYSTEM, source=source, facts=[DutyFact(**(asked | given))])  # type: ignore[arg-type]
    return DutyEntry.objects.latest("pk")


def quota(cast: Cast, minimum: int = 1, kind: str = DutyKind.DEED) -> DutyQuota:
    """So much of a kind a year of every deputy of the city."""
    return DutyQuota.objects.create(
        congress=cast.congress,
        period=QuotaPeriod.YEAR,
        kind=kind,
        minimum=Decimal(minimum),
        words=f"每年办实事不少于{minimum}件",
    )


def roll(
    cast: Cast, session: Session, *, who: str = "insider", version: int | None = None, **lines: str
) -> SessionRoll:
    """A session's roll: everybody present but those named (cast name → presence)."""
    presences = {str(one.public_id): (Presence.PRESENT.value, "") for one in deputies_at(session)}
    for name, presence in lines.items():
        presences[str(cast.mandates[name].public_id)] = (presence, "")
    return session_roll_save(
        actor=cast.actor(who),
        congress_id=cast.congress.public_id,
        session_id=session.pk,
        version=version,
        lines=presences,
    )


def next_session(cast: Cast, year: int = 2024) -> Session:
    number = Session.objects.filter(congress=cast.congress).count() + 1
    return Session.objects.create(
        congress=cast.congress, number=number, starts_on=dt.date(year, 1, 8), ends_on=dt.date(year, 1, 12)
    )


def contested(cast: Cast, entry: DutyEntry, *, who: str = "deputy") -> DutyContest:
    return contest_entry(
        actor=cast.actor(who), entry_id=entry.public_id, client_token=uuid.uuid4(), text="不是我做的，应为同组代表。"
    )
