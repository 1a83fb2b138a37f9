"""What activities do by themselves: end, and remind their deputies the evening before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from deputies.models import Activity, ActivityPart, ActivityReminder, ActivityReminderKind, Reply
from deputies.services.activity import activity_hold
from deputies.states import ActivityStatus
from liaison.actor import system_actor
from liaison.calendar import SHANGHAI
from liaison.dates import cn_datetime
from liaison.exceptions import DomainError
from liaison.models import User
from liaison.models.notice import NoticeKind
from liaison.reminding import SLEEPING, WAKING
from liaison.services.notice import notify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from deputies.models import ActivityPartQuerySet

#: From this hour of the day before, deputies are reminded of what they are to do tomorrow.
DAY_BEFORE = dt.time(17)
#: So long before the end of signing up, those who have not answered are reminded.
BEFORE_REPLY = dt.timedelta(days=1)


@dataclass(slots=True)
class Tick:
    """What one run did."""

    held: int = 0
    told: int = 0


def activities_tick(*, now: dt.datetime) -> Tick:
    """Close what has ended and remind of what is near. It may run twice, late, or after an outage: a reminder is a
    row, unique for activity, person, kind and day.

    Args:
        now: the moment of the run, with a time zone.
    """
    done = Tick()
    actor = system_actor()
    announced = Activity.objects.unscoped(reason="the daily work of every office").filter(
        status=ActivityStatus.ANNOUNCED
    )
    for public_id in announced.filter(ends_at__lte=now).order_by("id").values_list("public_id", flat=True):
        try:
            activity_hold(actor=actor, activity_id=public_id)
        except DomainError:  # somebody was faster
            continue
        done.held += 1
    local = now.astimezone(SHANGHAI)
    if not WAKING <= local.time() < SLEEPING:
        return done
    tomorrow = dt.datetime.combine(local.date() + dt.timedelta(days=1), dt.time.max, tzinfo=SHANGHAI)
    last = tomorrow if local.time() >= DAY_BEFORE else tomorrow - dt.timedelta(days=1)
    begins = announced.filter(starts_at__gt=now, starts_at__lte=last)
    done.told += _remind(begins.values_list("pk", flat=True), ActivityReminderKind.BEGINS, _going, _begins)
    closes = announced.filter(starts_at__gt=now, reply_by__gt=now, reply_by__lte=now + BEFORE_REPLY)
    done.told += _remind(closes.values_list("pk", flat=True), ActivityReminderKind.REPLY, _silent, _closes)
    return done


def _going(parts: ActivityPartQuerySet) -> ActivityPartQuerySet:
    return parts.exclude(reply=Reply.NOT_GOING)


def _silent(parts: ActivityPartQuerySet) -> ActivityPartQuerySet:
    return parts.filter(reply=Reply.NONE)


def _begins(activity: Activity) -> tuple[dt.date, str, str]:
    on = timezone.localdate(activity.starts_at)
    return on, f"请按时参加：{activity.title}", f"{cn_datetime(activity.starts_at)}，{activity.place}。"


def _closes(activity: Activity) -> tuple[dt.date, str, str]:
    until = activity.reply_by or activity.starts_at
    return timezone.localdate(until), f"请答复是否参加：{activity.title}", f"报名{cn_datetime(until)}截止。"


def _remind(
    ids: Iterable[int],
    kind: str,
    whom: Callable[[ActivityPartQuerySet], ActivityPartQuerySet],
    words: Callable[[Activity], tuple[dt.date, str, str]],
) -> int:
    told = 0
    for pk in list(ids):
        with transaction.atomic():
            told += _remind_one(pk, kind, whom, words)
    return told


def _remind_one(
    pk: int,
    kind: str,
    whom: Callable[[ActivityPartQuerySet], ActivityPartQuerySet],
    words: Callable[[Activity], tuple[dt.date, str, str]],
) -> int:
    """One activity, locked: two runs at once go one after the other."""
    everything = Activity.objects.unscoped(reason="the daily work of every office")
    activity = everything.select_for_update().filter(pk=pk, status=ActivityStatus.ANNOUNCED).first()
    if activity is None:
        return 0
    on, title, body = words(activity)
    parts = whom(ActivityPart.objects.unscoped(reason="whom to remind").filter(activity=activity))
    reminded = ActivityReminder.objects.filter(activity=activity, kind=kind, on=on).values("recipient_id")
    people = list(User.objects.filter(Q(person__in=parts.values("person_id")), is_active=True).exclude(pk__in=reminded))
    ActivityReminder.objects.bulk_create(
        ActivityReminder(activity=activity, recipient=person, kind=kind, on=on) for person in people
    )
    if people:
        notify(recipients=people, kind=NoticeKind.REMINDER, title=title, body=body, url=activity.get_absolute_url())
    return len(people)
