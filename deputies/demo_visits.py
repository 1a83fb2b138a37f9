"""The demo's visits for the campaign of this year: one activity a place, recorded, so that a part of the deputies have
done all that is asked of them and the roll-up has something to tell. People and figures are made up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.utils import timezone

from deputies.demo_campaigns import campaign_now
from deputies.models import Activity, ActivityKind, Mandate
from deputies.selectors.activity_invite import Criteria
from deputies.services.activity import ActivityFacts, activity_announce, activity_create, activity_hold
from deputies.services.activity_invite import activity_invite
from deputies.services.activity_record import RecordFacts, activity_record
from deputies.services.attendance import attendance_list
from liaison.actor import system_actor
from liaison.clock import moved_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from deputies.models import Campaign

#: Those of the sign-in page stand for who has done a part only.
_NOT = ("YY07001", "YY07002", "BZ20900")


class _Visit(NamedTuple):
    """Where, and of which certificates how many deputies come.

    Args:
        code: of the region; its own deputies and those elected there come.
    """

    code: str
    name: str
    place: str
    deputies: tuple[tuple[str, int], ...]


_VISITS = (
    _Visit("430902", "资阳区", "资阳区长春镇", (("YY07", 7),)),
    _Visit("430903", "赫山区", "赫山区泉交河镇", (("YY07", 5), ("HS06", 13))),
    _Visit("430903101", "八字哨镇", "八字哨镇高桥村", (("BZ20", 9),)),
    _Visit("430903111", "兰溪镇", "兰溪镇千家洲村", (("LX20", 5),)),
    _Visit("430922", "桃江县", "桃江县桃花江镇", (("YY07", 5),)),
    _Visit("430981", "沅江市", "沅江市南大膳镇", (("YY07", 4), ("YJ18", 12))),
)


def load(say: Callable[[str], None]) -> None:
    """Make what is missing; what is there stays as it is."""
    campaign = campaign_now()
    made = 0
    for number, visit in enumerate(_VISITS):
        title = f"{visit.name}代表进站走访"
        on = max(campaign.starts_on, timezone.localdate() - dt.timedelta(days=60 + 19 * number))
        if on < timezone.localdate() and not Activity.objects.filter(title=title).exists():
            with transaction.atomic():
                _visit(campaign, visit, title, timezone.make_aware(dt.datetime.combine(on, dt.time(9))))
            made += 1
    say(f"主题活动走访 {len(_VISITS)} 次（本次新增 {made} 次）")


def _numbers(visit: _Visit) -> list[str]:
    found: list[str] = []
    for prefix, most in visit.deputies:
        mandates = Mandate.objects.filter(certificate_number__startswith=prefix, home_prefix__startswith=visit.code)
        mandates = mandates.exclude(certificate_number__in=_NOT).order_by("certificate_number")
        found += mandates.values_list("certificate_number", flat=True)[:most]
    return found


def _visit(campaign: Campaign, visit: _Visit, title: str, starts_at: dt.datetime) -> None:
    actor = system_actor("演示")
    with moved_to(starts_at - dt.timedelta(days=4)):
        facts = ActivityFacts(
            kind=ActivityKind.RESEARCH,
            title=title,
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(hours=8),
            place=visit.place,
            plan="上午进代表联络站接待，下午分组入户走访，晚上汇总意见。",
            campaign_id=campaign.public_id,
        )
        activity = activity_create(actor=actor, region_code=visit.code.ljust(6, "0"), facts=facts, accept_overlap=True)
        criteria = Criteria(names=tuple(_numbers(visit)))
        activity_invite(actor=actor, activity_id=activity.public_id, criteria=criteria, accept_overlap=True)
        activity_announce(actor=actor, activity_id=activity.public_id, accept_overlap=True)
    with moved_to(starts_at + dt.timedelta(hours=9)):
        parts = list(activity.parts.order_by("id"))
        came = [part.public_id for part in parts]
        attendance_list(actor=actor, activity_id=activity.public_id, part_ids=came)
        activity_hold(actor=actor, activity_id=activity.public_id)
        record = RecordFacts(
            happened=f"在{visit.place}进站接待群众，分四组入户走访，当场答复一部分意见，其余交有关单位办理。",
            days=Decimal(1),
            figures={str(one): _figures(place) for place, one in enumerate(came)},
        )
        activity_record(actor=actor, activity_id=activity.public_id, facts=record, finish=True)


def _figures(place: int) -> dict[str, Decimal | int]:
    """Four of five have done all that the campaign asks; the fifth visited too few people."""
    heard = 2 + place % 3
    return {
        "research_days": Decimal(1),
        "people_visited": 9 if place % 5 == 4 else 15 + place % 4,
        "opinions_heard": heard,
        "answered_on_spot": 1,
        "handed_over": heard - 1,
        "problems_solved": 1,
        "suggestions_planned": 1,
    }
