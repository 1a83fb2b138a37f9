"""Activities of deputies (代表活动): planned, changed, announced, held, cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from deputies.models import Activity, Gathering, Reply
from deputies.selectors.activity import (
    campaigns_to_choose,
    groups_to_choose,
    record_working_days,
    stations_to_choose,
)
from deputies.selectors.activity_overlap import clash_text, clashes
from deputies.services.activity_people import Overlap, audit, lock_activity, lock_organised, tell_parts
from deputies.services.checks import clean_model, require_fresh, require_text
from deputies.services.duty import duty_clear
from deputies.services.station import office_near, region_within
from deputies.states import ACTIVITY_TRANSITIONS, ActivityStatus
from liaison.dates import cn_datetime
from liaison.exceptions import DomainError, InvalidInput
from liaison.models import Organisation
from liaison.models.deadline import PeriodUnit
from liaison.permissions import Permission
from liaison.services.deadline import deadline_cancel, deadline_open

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection
    from uuid import UUID

    from deputies.models import ActivityPart
    from liaison.actor import Actor

#: The clock of an activity that was held: it is to be recorded.
RECORD_DEADLINE = "activity_record"
FIELDS = ("kind", "gathering", "title", "campaign", "starts_at", "ends_at", "place", "plan", "reply_by", "places")
#: What of it stands in calendars.
IN_CALENDARS = ("title", "starts_at", "ends_at", "place", "plan")
#: Longest that one activity may take, in days.
LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFacts:
    """What may be typed about an activity.

    Args:
        gathering: a ``Gathering``; joint and cross-group ones have at least two groups.
        group_ids, station_ids: public ids of those who organise it with the office.
        campaign_id: public id; None for none.
        reply_by: until when deputies may sign up; None: until it begins.
        places: most deputies who may sign up; None: no limit.
    """

    kind: str
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    gathering: str = Gathering.SINGLE
    group_ids: Collection[UUID | str] = ()
    station_ids: Collection[UUID | str] = ()
    campaign_id: UUID | str | None = None
    plan: str = ""
    reply_by: dt.datetime | None = None
    places: int | None = None


@transaction.atomic
def activity_create(*, actor: Actor, region_code: str, facts: ActivityFacts, accept_overlap: bool = False) -> Activity:
    """Plan an activity (筹备), of which nobody is told yet. The actor's office organises it, wherever below it takes
    place; the offices there see it.

    Args:
        accept_overlap: go on although something else is on there at that time.

    Raises:
        NotAllowed: the role may not, or the region lies outside the actor's subtree.
        InvalidInput: with messages by field.
        Overlap: the same place is taken at that time.
    """
    actor.require(Permission.ACTIVITY_EDIT)
    region = region_within(actor, region_code)
    own = Organisation.objects.visible_to(actor).filter(pk=actor.organisation_id or 0).first()
    activity = Activity(region=region, region_prefix=region.prefix, office=own or office_near(region))
    groups, stations = _fill(actor, activity, facts)
    if not accept_overlap:
        refuse_overlap(actor, activity, person_ids=())
    activity.save()
    activity.groups.set(groups)
    activity.stations.set(stations)
    audit(actor, "activity.create", activity, kind=activity.get_kind_display())
    return activity


@transaction.atomic
def activity_edit(
    *,
    actor: Actor,
    activity_id: UUID | str,
    facts: ActivityFacts,
    version: str = "",
    accept_overlap: bool = False,
) -> Activity:
    """Change an activity that was not recorded yet; the region stays. Those who were told of it are told what
    changed, and their calendars take it over.

    Raises:
        NotFound, NotAllowed, StaleVersion, InvalidInput, Overlap: as elsewhere.
        DomainError: it was recorded or cancelled.
    """
    activity = lock_organised(actor, activity_id)
    if activity.is_own or activity.status not in {
        ActivityStatus.PLANNED,
        ActivityStatus.ANNOUNCED,
        ActivityStatus.HELD,
    }:
        raise DomainError(
            f"这次活动{activity.get_status_display()}，不能再修改。已记录的，请先“更正记录”。", code="activity_over"
        )
    require_fresh(activity.updated_at, version)
    before = _told(activity)
    dates = (activity.starts_at, activity.ends_at)
    groups, stations = _fill(actor, activity, facts)
    if activity.status == ActivityStatus.HELD and activity.starts_at > timezone.now():
        message = "活动已经举行，开始时间不能晚于现在。"
        raise InvalidInput(message, fields={"starts_at": message})
    parts = list(activity.parts.select_related("person"))
    moved = dates != (activity.starts_at, activity.ends_at) or before["place"] != activity.place
    if moved and not accept_overlap:
        refuse_overlap(actor, activity, person_ids=[part.person_id for part in parts if part.reply != Reply.NOT_GOING])
    after = _told(activity)
    changed = {name: [before[name], value] for name, value in after.items() if before[name] != value}
    if any(name in changed for name in IN_CALENDARS) and activity.status != ActivityStatus.PLANNED:
        activity.sequence += 1
    if dates[1] != activity.ends_at:
        activity.code, activity.code_until = "", None
    activity.save()
    activity.groups.set(groups)
    activity.stations.set(stations)
    audit(actor, "activity.edit", activity, **changed)
    told = {"title": "名称", "starts_at": "开始时间", "ends_at": "结束时间", "place": "地点", "reply_by": "报名截止"}
    news = "；".join(f"{words}改为{after[name] or '不限'}" for name, words in told.items() if name in changed)
    if activity.status == ActivityStatus.ANNOUNCED and news and activity.ends_at > timezone.now():
        tell_parts(actor=actor, activity=activity, parts=parts, title=f"活动有变动：{activity.title}", body=f"{news}。")
    return activity


@transaction.atomic
def activity_announce(
    *, actor: Actor, activity_id: UUID | str, version: str = "", accept_overlap: bool = False
) -> Activity:
    """Tell the invited deputies (通知代表).

    Raises:
        NotFound, NotAllowed, IllegalTransition, StaleVersion: as elsewhere.
        DomainError: nobody is invited.
        Overlap: some of them are asked elsewhere at that time, or the place is taken.
    """
    activity = lock_organised(actor, activity_id)
    ACTIVITY_TRANSITIONS.check(activity, "announce", actor)
    require_fresh(activity.updated_at, version)
    parts = list(activity.parts.select_related("person"))
    if not parts:
        raise DomainError("还没有邀请代表。请先邀请，再通知。", code="activity_nobody_invited")
    if not accept_overlap:
        refuse_overlap(actor, activity, person_ids=[part.person_id for part in parts])
    ACTIVITY_TRANSITIONS.apply(activity, "announce", actor, reason=f"通知{len(parts)}名代表")
    activity.save(update_fields=["status", "updated_at"])
    audit(actor, "activity.announce", activity, deputies=len(parts))
    tell_invited(actor, activity, parts)
    return activity


def tell_invited(actor: Actor, activity: Activity, parts: Collection[ActivityPart]) -> None:
    """The invitation; for what is over already, that one was written down as invited."""
    when = f"{cn_datetime(activity.starts_at)}，{activity.place}"
    if activity.ends_at < timezone.now():
        tell_parts(actor=actor, activity=activity, parts=parts, title=f"已登记活动：{activity.title}", body=f"{when}。")
        return
    until = f"请在{cn_datetime(activity.reply_by)}前答复。" if activity.reply_by else "请答复是否参加。"
    tell_parts(
        actor=actor,
        activity=activity,
        parts=parts,
        title=f"请您参加{activity.get_kind_display()}：{activity.title}",
        body=f"{when}。{until}",
        task=True,
    )


@transaction.atomic
def activity_cancel(*, actor: Actor, activity_id: UUID | str, reason: str) -> Activity:
    """Cancel an activity; only those who were told of it are told. What its record entered into the ledger is
    reversed.

    Raises:
        NotFound, NotAllowed, IllegalTransition, InvalidInput: as elsewhere.
    """
    activity = lock_organised(actor, activity_id)
    ACTIVITY_TRANSITIONS.check(activity, "cancel", actor)
    activity.cancel_reason = require_text(reason, field="reason", message="请填写取消的原因，受邀代表会看到。")
    was_told = activity.status != ActivityStatus.PLANNED
    ACTIVITY_TRANSITIONS.apply(activity, "cancel", actor, reason=activity.cancel_reason)
    activity.sequence += 1
    activity.code, activity.code_until = "", None
    clean_model(activity, exclude=["region", "office", "campaign", "own_by"])
    activity.save()
    deadline_cancel(actor=actor, subject=activity, kind=RECORD_DEADLINE, reason=activity.cancel_reason)
    duty_clear(actor=actor, source=activity, reason=f"活动取消：{activity.cancel_reason}")
    audit(actor, "activity.cancel", activity, reason=activity.cancel_reason)
    if was_told:
        tell_parts(
            actor=actor,
            activity=activity,
            parts=activity.parts.all(),
            title=f"活动取消：{activity.title}",
            body=f"原定{cn_datetime(activity.starts_at)}。原因：{activity.cancel_reason}",
        )
    return activity


@transaction.atomic
def activity_hold(*, actor: Actor, activity_id: UUID | str) -> Activity:
    """It has been held (已举行): from now on it waits to be recorded. The daily work does this by itself when an
    activity ends; staff may once it has begun.

    Raises:
        NotFound, NotAllowed, IllegalTransition: as elsewhere.
    """
    activity = lock_activity(actor, activity_id)
    ACTIVITY_TRANSITIONS.apply(activity, "hold", actor)
    activity.save(update_fields=["status", "updated_at"])
    open_record_deadline(actor, activity, starts_on=timezone.localdate(activity.ends_at))
    return activity


def open_record_deadline(actor: Actor, activity: Activity, *, starts_on: dt.date) -> None:
    """The clock for the record, held by the office (rulebook section 6; the length is a rule of the congress)."""
    deadline_open(
        actor=actor,
        subject=activity,
        kind=RECORD_DEADLINE,
        unit=PeriodUnit.WORKING_DAYS,
        length=record_working_days(activity),
        starts_on=min(starts_on, timezone.localdate()),
        holder=activity.office,
    )


def refuse_overlap(actor: Actor, activity: Activity, *, person_ids: Collection[int]) -> None:
    """Raise ``Overlap`` when something else is on at that time."""
    found = clashes(
        actor,
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        place=activity.place,
        region_prefix=activity.region_prefix,
        person_ids=person_ids,
        except_id=activity.pk,
    )
    if found:
        raise Overlap(clash_text(found), found)


def check_times(starts_at: dt.datetime, ends_at: dt.datetime) -> dict[str, str]:
    """What is wrong with a beginning and an end, by field."""
    if ends_at <= starts_at:
        return {"ends_at": "结束时间要晚于开始时间。"}
    if (ends_at - starts_at).days >= LONGEST:
        return {"ends_at": f"一次活动最长{LONGEST}天；更长的，请分次登记。"}
    if not 2000 <= starts_at.year <= timezone.localdate().year + 5:
        return {"starts_at": "请核对年份。"}
    return {}


def _fill(actor: Actor, activity: Activity, facts: ActivityFacts) -> tuple[list[Any], list[Any]]:
    activity.kind, activity.gathering = facts.kind, facts.gathering
    activity.title = require_text(facts.title, field="title", message="请填写名称。")
    activity.place = require_text(facts.place, field="place", message="请填写地点。")
    activity.plan = facts.plan.strip()
    activity.starts_at, activity.ends_at = facts.starts_at, facts.ends_at
    activity.reply_by, activity.places = facts.reply_by, facts.places
    groups = list(groups_to_choose(actor).filter(public_id__in=facts.group_ids))
    stations = list(stations_to_choose(actor).filter(public_id__in=facts.station_ids))
    wrong = check_times(activity.starts_at, activity.ends_at)
    if len(groups) != len(set(map(str, facts.group_ids))):
        wrong["groups"] = "请选择没有解散的小组。"
    elif activity.gathering != Gathering.SINGLE and len(groups) < 2:
        wrong["groups"] = f"{Gathering(activity.gathering).label}请选择两个以上小组。"
    if len(stations) != len(set(map(str, facts.station_ids))):
        wrong["stations"] = "请选择没有撤销的联络站。"
    if activity.reply_by is not None and activity.reply_by > activity.starts_at:
        wrong["reply_by"] = "报名截止不能晚于活动开始。"
    activity.campaign = None
    if facts.campaign_id:
        activity.campaign = campaigns_to_choose(actor).filter(public_id=facts.campaign_id).first()
        if activity.campaign is None:
            wrong["campaign"] = "没有这项主题活动，请重新选择。"
    if wrong:
        raise InvalidInput("有内容需要更正。", fields=wrong)
    clean_model(activity, exclude=["region", "office", "campaign", "own_by", "region_prefix"])
    return groups, stations


def _told(activity: Activity) -> dict[str, str]:
    told = {}
    for name in FIELDS:
        value = getattr(activity, name)
        told[name] = cn_datetime(value) if name in {"starts_at", "ends_at", "reply_by"} and value else str(value or "")
    return told
