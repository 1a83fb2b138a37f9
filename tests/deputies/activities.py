"""Activities for tests: planned, with the cast's deputies invited, announced, held, recorded, by the real services."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from deputies.models import Activity, ActivityPart, Attendance
from deputies.selectors.activity_invite import Criteria
from deputies.services.activity import ActivityFacts, activity_announce, activity_create, activity_hold
from deputies.services.activity_invite import activity_invite
from deputies.services.activity_own import OwnFacts, own_submit
from deputies.services.activity_record import RecordFacts, activity_record
from liaison.clock import moved_to

if TYPE_CHECKING:
    from tests.cast import Cast

HOUR = dt.timedelta(hours=1)


def facts(**changes: Any) -> ActivityFacts:
    """A research trip of two hours, the day after tomorrow."""
    starts_at = (timezone.localtime() + dt.timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0)
    values: dict[str, Any] = {
        "kind": "research",
        "title": "资江水质专题调研",
        "starts_at": starts_at,
        "ends_at": changes.get("starts_at", starts_at) + 2 * HOUR,
        "place": "八字哨镇政府三楼会议室",
        "plan": "先看取水口，再座谈。",
    }
    return ActivityFacts(**(values | changes))


def planned(cast: Cast, *, by: str = "county_clerk", region: str = "430903", **changes: Any) -> Activity:
    """In the county, nobody invited."""
    return activity_create(actor=cast.actor(by), region_code=region, facts=facts(**changes), accept_overlap=True)


def invited(cast: Cast, *names: str, by: str = "county_clerk", **changes: Any) -> Activity:
    """With these of the cast's deputies invited by name."""
    activity = planned(cast, by=by, **changes)
    numbers = [cast.mandates[name].certificate_number for name in names or ("deputy", "cosigner")]
    activity_invite(
        actor=cast.actor(by), activity_id=activity.public_id, criteria=Criteria(names=numbers), accept_overlap=True
    )
    return activity


def announced(cast: Cast, *names: str, by: str = "county_clerk", **changes: Any) -> Activity:
    """They are told of it."""
    activity = invited(cast, *names, by=by, **changes)
    return activity_announce(actor=cast.actor(by), activity_id=activity.public_id, accept_overlap=True)


def running(cast: Cast, *names: str) -> Activity:
    """It began half an hour ago."""
    starts_at = timezone.now() - HOUR / 2
    return announced(cast, *names, starts_at=starts_at, ends_at=starts_at + 2 * HOUR)


def held(cast: Cast, *names: str, came: tuple[str, ...] = ("deputy", "cosigner"), **changes: Any) -> Activity:
    """Over since yesterday, to be recorded; who came is on the list."""
    starts_at = changes.pop("starts_at", None) or timezone.now() - dt.timedelta(days=1)
    with moved_to(starts_at - HOUR):
        activity = announced(cast, *names, starts_at=starts_at, ends_at=starts_at + 2 * HOUR, **changes)
    people = [cast.people[name].pk for name in came]
    ActivityPart.objects.filter(activity=activity, person__in=people).update(
        attendance=Attendance.LIST, attended_at=starts_at
    )
    return activity_hold(actor=cast.actor("county_clerk"), activity_id=activity.public_id)


def part_of(activity: Activity, cast: Cast, name: str) -> ActivityPart:
    """The part of one of the cast."""
    return activity.parts.get(person=cast.people[name])


def record(cast: Cast, activity: Activity, figures: dict[str, dict[str, Any]], **changes: Any) -> Activity:
    """Finish its record.

    Args:
        figures: name in the cast → figures.
    """
    options: dict[str, Any] = {"finish": True} | {
        key: changes.pop(key) for key in ("finish", "pictures", "reports", "version") if key in changes
    }
    values = RecordFacts(
        **({"happened": "看了三处取水口。"} | changes),
        figures={str(part_of(activity, cast, name).public_id): given for name, given in figures.items()},
    )
    return activity_record(actor=cast.actor("county_clerk"), activity_id=activity.public_id, facts=values, **options)


def recorded(cast: Cast, **changes: Any) -> Activity:
    """With both deputies' figures."""
    activity = held(cast, **changes)
    return record(cast, activity, {"deputy": {"research_days": 1, "opinions_heard": 2, "answered_on_spot": 1}})


def own_facts(cast: Cast, **changes: Any) -> OwnFacts:
    """The deputy's visit of yesterday."""
    starts_at = timezone.now().replace(minute=0, second=0, microsecond=0) - dt.timedelta(days=1)
    values: dict[str, Any] = {
        "mandate_id": cast.mandates["deputy"].public_id,
        "kind": "visit",
        "title": "走访高桥村困难户",
        "starts_at": starts_at,
        "ends_at": starts_at + HOUR,
        "place": "高桥村",
        "happened": "走访了五户。",
        "figures": {"people_visited": 5, "opinions_heard": 2, "handed_over": 2},
    }
    return OwnFacts(**(values | changes))


def own(cast: Cast, **changes: Any) -> Activity:
    """It waits to be confirmed."""
    return own_submit(actor=cast.actor("deputy"), facts=own_facts(cast, **changes))
