"""A deputy's calendar (日历订阅): activities, reception days and sessions of their congresses, as iCalendar."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from icalendar import Calendar, Event

from deputies.models import ActivityPart, CalendarFeed, Mandate, Reply, RotaDuty, Session
from deputies.states import ActivityStatus
from liaison.calendar import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deputies.models import Person
    from liaison.actor import Actor

#: What is longer ago than this is no longer in the calendar.
KEPT = dt.timedelta(days=92)
PURPOSE = "deputies.calendar-feed"
#: Signs of the address that find the row; the rest opens it.
LOCATOR_LENGTH = 12


def key_digest(key: str) -> str:
    """What is kept of the secret part of the address: a hash under the portal's secret key."""
    return salted_hmac(PURPOSE, key, algorithm="sha256").hexdigest()


def feed_of(actor: Actor) -> CalendarFeed | None:
    """The actor's own address, of which only the time of renewal can be shown."""
    return CalendarFeed.objects.visible_to(actor).first()


def person_by_secret(secret: str) -> Person | None:
    """Whose calendar this address opens; None for an unknown or an old one, or when the account was closed. The keys
    are compared in constant time, also when no row is found."""
    locator, key = secret[:LOCATOR_LENGTH], secret[LOCATOR_LENGTH:]
    found = CalendarFeed.objects.unscoped(reason="the address is the key").filter(locator=locator)
    feed = found.filter(person__user__is_active=True).select_related("person").first()
    kept = feed.key_digest if feed is not None else "0" * 64
    return feed.person if constant_time_compare(key_digest(key), kept) and feed is not None else None


def calendar_file(person: Person) -> bytes:
    """The calendar as RFC 5545 wants it: times in UTC, texts escaped, changes with their sequence (three queries)."""
    calendar = Calendar()
    calendar.add("prodid", "-//人大代表联络履职平台//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{person.name}代表履职日程")
    calendar.add("refresh-interval", dt.timedelta(hours=1), parameters={"VALUE": "DURATION"})
    since = timezone.now() - KEPT
    for event in (*_activities(person, since), *_reception(person, since), *_sessions(person, since)):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(uid: str, title: str, changed: dt.datetime, *, sequence: int, status: str) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("summary", title)
    event.add("dtstamp", changed.astimezone(dt.UTC))
    event.add("last-modified", changed.astimezone(dt.UTC))
    event.add("sequence", sequence)
    event.add("status", status)
    return event


def _activities(person: Person, since: dt.datetime) -> Iterator[Event]:
    parts = ActivityPart.objects.unscoped(reason="the person's own calendar").filter(person=person)
    parts = parts.filter(activity__ends_at__gte=since).exclude(reply=Reply.NOT_GOING)
    hidden = [ActivityStatus.PLANNED, ActivityStatus.SUBMITTED, ActivityStatus.RETURNED]
    for part in parts.exclude(activity__status__in=hidden).select_related("activity").order_by("activity_id"):
        activity = part.activity
        if activity.is_own and activity.status == ActivityStatus.CANCELLED:
            continue
        cancelled = activity.status == ActivityStatus.CANCELLED
        status = "CANCELLED" if cancelled else "CONFIRMED" if part.reply == Reply.GOING else "TENTATIVE"
        title = f"（已取消）{activity.title}" if cancelled else activity.title
        changed = max(activity.updated_at, part.updated_at)
        event = _event(f"activity-{activity.public_id}", title, changed, sequence=activity.sequence, status=status)
        event.add("dtstart", activity.starts_at.astimezone(dt.UTC))
        event.add("dtend", activity.ends_at.astimezone(dt.UTC))
        event.add("location", activity.place)
        told = f"取消原因：{activity.cancel_reason}" if cancelled else activity.plan
        event.add("description", "\n".join(filter(None, (activity.get_kind_display(), told))))
        yield event


def _reception(person: Person, since: dt.datetime) -> Iterator[Event]:
    duties = RotaDuty.objects.filter(mandate__person=person, rota_day__on__gte=since.date())
    seen: set[int] = set()
    for duty in duties.select_related("rota_day__station").defer("rota_day__station__search").order_by("rota_day_id"):
        day = duty.rota_day
        if day.pk in seen:
            continue
        seen.add(day.pk)
        cancelled = day.cancelled_at is not None
        title = f"{'（已取消）' if cancelled else ''}{day.station.name}接待群众"
        event = _event(
            f"reception-{day.public_id}",
            title,
            day.updated_at,
            sequence=int((day.updated_at - day.created_at).total_seconds()) // 60 + cancelled,  # it only grows
            status="CANCELLED" if cancelled else "CONFIRMED",
        )
        for name, at in (("dtstart", day.starts_at), ("dtend", day.ends_at)):
            event.add(name, dt.datetime.combine(day.on, at, tzinfo=SHANGHAI).astimezone(dt.UTC))
        event.add("location", day.station.address)
        event.add("description", f"取消原因：{day.cancel_reason}" if cancelled else day.note)
        yield event


def _sessions(person: Person, since: dt.datetime) -> Iterator[Event]:
    mandates = Mandate.objects.unscoped(reason="the person's own calendar").in_force().filter(person=person)
    found = Session.objects.filter(congress__in=mandates.values("congress_id"), ends_on__gte=since.date())
    for session in found.select_related("congress").order_by("id"):
        changed = dt.datetime.combine(session.starts_on, dt.time.min, tzinfo=SHANGHAI)
        event = _event(f"session-{session.pk}", str(session), changed, sequence=0, status="CONFIRMED")
        event.add("dtstart", session.starts_on)
        event.add("dtend", session.ends_on + dt.timedelta(days=1))
        yield event
