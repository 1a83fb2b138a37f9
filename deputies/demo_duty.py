"""The demo's duty files: who came to the sessions, a deputy with two full years, 2024 closed with a later correction, a
deputy who stayed away twice, a check and an open contest. Runs last, over what all other demos left."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.module_loading import import_string

from deputies.models import (
    ActivityKind,
    Congress,
    DutyCheck,
    DutyContest,
    DutyEntry,
    DutyKind,
    DutyQuota,
    DutyYear,
    Mandate,
    Presence,
    RotaAttendance,
    RotaDay,
    RotaDuty,
    Session,
    SessionRoll,
    Station,
)
from deputies.selectors.session_attendance import deputies_at, roll_lines
from deputies.services.duty_check import duty_check
from deputies.services.duty_contest import MissingFacts, contest_accept, contest_entry, contest_missing
from deputies.services.duty_year import duty_year_close
from deputies.services.quota import congress_quotas_hunan
from deputies.services.rota_attendance import rota_attend
from deputies.services.session_attendance import session_roll_save
from liaison.actor import system_actor
from liaison.clock import moved_to
from liaison.models import User
from liaison.registry import registry
from liaison.selectors.actors import capacities_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from liaison.actor import Actor

#: The deputy of the sign-in page; the one who stayed away; those who were on leave.
DEPUTY, ABSENT, ON_LEAVE = "YY07001", "YY07020", ("YY07008", "YY07015")
#: Session number → certificates of those absent without leave.
_ABSENCES = {3: (ABSENT,), 5: (ABSENT, "YY07031")}
_ROLLS = ("益阳市七届人大", "八字哨镇二十届人大")
_STATION_MONTHS = (2, 4, 6, 8, 10)
_TOKEN = uuid.UUID("0d07e500-0000-4000-8000-000000000000")
#: (year, month, day, kind, activity kind, quantity, what): told by the deputy, found right and entered by staff.
_REPORTED = (
    (2025, 3, 18, DutyKind.DEED, "", "1", "帮助高桥村五保户修缮漏雨房屋"),
    (2025, 5, 20, DutyKind.RESEARCH_DAYS, "", "3", "到八字哨镇、兰溪镇调研农田水利"),
    (2025, 9, 11, DutyKind.ACTIVITY, ActivityKind.STUDY, "1", "参加市人大组织的代表履职培训"),
    (2026, 4, 9, DutyKind.DEED, "", "1", "为高桥村留守儿童筹建图书角"),
    (2026, 5, 14, DutyKind.RESEARCH_DAYS, "", "2.5", "到桃江县调研竹产业"),
)


def load(say: Callable[[str], None]) -> None:
    """Make what is missing; what is there stays as it is."""
    for backfill in registry.backfills:
        import_string(backfill)(say)
    clerk, approver, deputy = _staff("demo_clerk"), _staff("demo_approver"), _deputy("demo_deputy")
    for congress in Congress.objects.filter(short_name__in=_ROLLS).order_by("pk"):
        for session in congress.sessions.filter(starts_on__lt=timezone.localdate()).order_by("number"):
            keeper = clerk if congress.is_kept_by(clerk) else system_actor("演示")
            _roll(keeper, congress, session)
    mandate = Mandate.objects.select_related("congress").get(certificate_number=DEPUTY)
    _quotas(approver, mandate.congress)
    _station_days(clerk, mandate)
    for place, row in enumerate(_REPORTED, start=1):
        _reported(clerk, deputy, mandate, place, *row)
    _close_2024(clerk, approver, mandate.congress)
    _checked_2025(clerk, mandate)
    _contested(deputy, mandate)
    rolls, years = SessionRoll.objects.count(), DutyYear.objects.count()
    say(f"履职记录 {DutyEntry.objects.count()} 条，会议出席登记 {rolls} 次，已归档年度 {years} 个")


def _staff(username: str) -> Actor:
    return next(actor for actor in capacities_of(User.objects.get(username=username)) if not actor.is_deputy)


def _deputy(username: str) -> Actor:
    return next(actor for actor in capacities_of(User.objects.get(username=username)) if actor.is_deputy)


@contextmanager
def _on(day: dt.date) -> Iterator[None]:
    """Four in the afternoon of a day; today stays today."""
    if day >= timezone.localdate():
        yield
        return
    moment = dt.datetime.combine(day, dt.time(16), tzinfo=timezone.get_current_timezone())
    with moved_to(moment):
        yield


def _roll(clerk: Actor, congress: Congress, session: Session) -> None:
    if SessionRoll.objects.filter(session=session).exists():
        return
    absent = _ABSENCES.get(session.number, ())
    lines = {}
    for mandate in deputies_at(session):
        presence, note = Presence.PRESENT, ""
        if mandate.certificate_number in absent:
            presence = Presence.ABSENT
        elif mandate.certificate_number in ON_LEAVE and session.number % 2:
            presence, note = Presence.EXCUSED, "因病请假"
        lines[str(mandate.public_id)] = (presence.value, note)
    with _on(session.ends_on + dt.timedelta(days=1)):
        session_roll_save(actor=clerk, congress_id=congress.public_id, session_id=session.pk, version=None, lines=lines)


def _quotas(approver: Actor, congress: Congress) -> None:
    if not DutyQuota.objects.filter(congress=congress).exists():
        congress_quotas_hunan(actor=approver, congress_id=congress.public_id)


def _station_days(clerk: Actor, mandate: Mandate) -> None:
    """A past reception day every other month of the last two years, with who came."""
    placement = mandate.placements.filter(ended_on=None).select_related("station").first()
    if placement is None:
        return
    station: Station = placement.station
    for year in (2025, 2026):
        for month in _STATION_MONTHS:
            day = dt.date(year, month, 15)
            if day >= timezone.localdate():
                continue
            rota, is_new = RotaDay.objects.get_or_create(
                station=station, on=day, starts_at=dt.time(9), defaults={"ends_at": dt.time(11, 30)}
            )
            if is_new:
                RotaDuty.objects.create(rota_day=rota, mandate=mandate)
            if not RotaAttendance.objects.filter(rota_day=rota).exists():
                with _on(day + dt.timedelta(days=1)):
                    visits: dict[str, int | None] = {str(mandate.public_id): 2 + month // 2}
                    rota_attend(actor=clerk, rota_id=rota.public_id, version=None, visits=visits)


def _reported(
    clerk: Actor, deputy: Actor, mandate: Mandate, place: int,
    year: int, month: int, day: int, kind: str, activity_kind: str, quantity: str, title: str,
) -> None:  # fmt: skip
    token = uuid.UUID(int=_TOKEN.int + place)
    on = dt.date(year, month, day)
    if DutyContest.objects.filter(client_token=token).exists() or on >= timezone.localdate():
        return
    facts = MissingFacts(kind=kind, activity_kind=activity_kind, on=on, quantity=Decimal(quantity), title=title)
    with _on(on + dt.timedelta(days=7)):
        made = contest_missing(
            actor=deputy,
            mandate_id=mandate.public_id,
            client_token=token,
            facts=facts,
            text="由代表小组组织，镇人大主席团可以证明。",
        )
    with _on(on + dt.timedelta(days=9)):
        contest_accept(actor=clerk, contest_id=made.public_id, decision="经与镇人大主席团核实，情况属实。")


def _close_2024(clerk: Actor, approver: Actor, congress: Congress) -> None:
    """Closed in January 2025; in March somebody's presence at the session of December 2024 is corrected."""
    if DutyYear.objects.filter(congress=congress, year=2024).exists():
        return
    with _on(dt.date(2025, 1, 20)):
        duty_year_close(actor=approver, congress_id=congress.public_id, year=2024)
    session = congress.sessions.filter(starts_on__year=2024).first()
    roll = SessionRoll.objects.filter(session=session).first()
    if session is None or roll is None:
        return
    known = roll_lines(roll)
    lines = {str(one.public_id): (known[one.pk].presence, known[one.pk].note) for one in deputies_at(session)}
    late = Mandate.objects.get(certificate_number="YY07012")
    lines[str(late.public_id)] = (Presence.EXCUSED, "补交请假条")
    with _on(dt.date(2025, 3, 6)):
        session_roll_save(actor=clerk, congress_id=congress.public_id, session_id=session.pk, version=None, lines=lines)


def _checked_2025(clerk: Actor, mandate: Mandate) -> None:
    if DutyCheck.objects.filter(mandate=mandate, year=2025).exists():
        return
    with _on(dt.date(2026, 1, 15)):
        duty_check(actor=clerk, mandate_id=mandate.public_id, year=2025, seen=None, note="与会议、活动签到表核对")


def _contested(deputy: Actor, mandate: Mandate) -> None:
    """The number of people of the last reception day is wrong, says the deputy."""
    entries = DutyEntry.objects.standing().filter(mandate=mandate, kind=DutyKind.PEOPLE_VISITED)
    entries = entries.filter(source_type=ContentType.objects.get_for_model(RotaDay))
    entry = entries.order_by("-on", "-pk").first()
    if entry is None or DutyContest.objects.filter(client_token=_TOKEN).exists():
        return
    contest_entry(
        actor=deputy,
        entry_id=entry.public_id,
        client_token=_TOKEN,
        text="那天下午又来了4位村民反映灌溉渠的事，人数少记了。",
    )
