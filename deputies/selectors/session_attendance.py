"""Reading who came to sessions, and who stayed away twice without leave (代表法 62(三))."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from deputies.models import Mandate, Presence, Session, SessionAttendance, SessionRoll
from liaison.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deputies.models import Congress, MandateQuerySet
    from liaison.actor import Actor

#: 代表法 62(三).
TWICE = 2
LAW = (
    "《中华人民共和国全国人民代表大会和地方各级人民代表大会代表法》第六十二条第（三）项："
    "未经批准两次不出席本级人民代表大会会议的，其代表资格终止。"
)
LAW_NOTE = (
    "平台只作提示，不会自动改变代表资格。是否终止，由代表资格审查委员会依法报告，"
    "由本级人大常委会（乡镇由人民代表大会）确认并公告。"
)


def deputies_at(session: Session) -> MandateQuerySet:
    """The deputies who were to come: in office on some day of the session, by name."""
    found = Mandate.objects.unscoped(reason="the whole congress, of which the caller keeps the roll")
    found = found.filter(congress_id=session.congress_id, started_on__lte=session.ends_on)
    found = found.filter(Q(ended_on=None) | Q(ended_on__gte=session.starts_on))
    return found.select_related("person", "electoral_unit").order_by("person__name", "certificate_number")


def roll_of(session: Session) -> SessionRoll | None:
    """What was recorded of a session, with ``lines``; None when nothing was."""
    return SessionRoll.objects.unscoped(reason="of a session that the caller sees").filter(session=session).first()


def roll_lines(roll: SessionRoll | None) -> dict[int, SessionAttendance]:
    """Mandate id → line."""
    return {line.mandate_id: line for line in roll.lines.all()} if roll is not None else {}


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session with what its roll says; nothing counted before there is a roll."""

    session: Session
    is_recorded: bool
    present: int = 0
    excused: int = 0
    absent: int = 0


def session_lines(congress: Congress) -> list[SessionLine]:
    """The sessions of a congress, newest first (two queries)."""
    lines = SessionAttendance.objects.filter(roll__session__congress=congress).order_by()
    rows = lines.values_list("roll__session_id", "presence").annotate(count=Count("pk"))
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    for session_id, presence, count in rows:
        counted[session_id][presence] = count
    return [
        SessionLine(
            session,
            session.pk in counted,
            present=counted[session.pk].get(Presence.PRESENT, 0) if session.pk in counted else 0,
            excused=counted[session.pk].get(Presence.EXCUSED, 0) if session.pk in counted else 0,
            absent=counted[session.pk].get(Presence.ABSENT, 0) if session.pk in counted else 0,
        )
        for session in congress.sessions.order_by("-number")
    ]


@dataclass(frozen=True, slots=True)
class AbsenceFlag:
    """One deputy with at least two unapproved absences, and the sessions."""

    mandate: Mandate
    sessions: list[Session]


def flagged_mandates(actor: Actor) -> MandateQuerySet:
    """Mandates in force of the congresses that the actor keeps, absent twice without leave."""
    found = Mandate.objects.visible_to(actor).in_force()
    if not actor.can(Permission.DUTY_CHECK) or not (actor.is_congress or actor.is_system):
        return found.none()
    found = found.filter(congress__region__prefix__startswith=actor.region_prefix)
    absent = SessionAttendance.objects.filter(presence=Presence.ABSENT).order_by()
    twice = absent.values("mandate").annotate(times=Count("pk")).filter(times__gte=TWICE)
    return found.filter(pk__in=twice.values("mandate"))


def absence_flags(actor: Actor, *, most: int = 200) -> list[AbsenceFlag]:
    """Who is flagged, by congress and name (two queries)."""
    found = flagged_mandates(actor).select_related("person", "congress__region", "electoral_unit")
    mandates = list(found.order_by("home_prefix", "person__name", "id")[:most])
    sessions = unapproved_absences(mandates)
    return [AbsenceFlag(mandate, sessions[mandate.pk]) for mandate in mandates]


def unapproved_absences(mandates: Iterable[Mandate]) -> dict[int, list[Session]]:
    """Mandate id → sessions missed without leave, in their order (one query)."""
    found: dict[int, list[Session]] = {mandate.pk: [] for mandate in mandates}
    lines = SessionAttendance.objects.filter(mandate_id__in=found, presence=Presence.ABSENT)
    for line in lines.select_related("roll__session__congress").order_by("roll__session__number"):
        found[line.mandate_id].append(line.roll.session)
    return found
