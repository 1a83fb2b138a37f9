"""A deputy's own activities (自行开展的活动): recorded by the deputy, confirmed or sent back by staff."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from deputies.models import Activity, ActivityKind, ActivityPart, Attendance, InvitedBy, Mandate, Reply
from deputies.selectors.activity import campaigns_to_choose
from deputies.services.activity import check_times
from deputies.services.activity_people import audit, lock_activity, tell_office, tell_parts
from deputies.services.activity_record import enter_duty, keep_pictures, set_figures
from deputies.services.checks import clean_model, outside_mandate, require_fresh, require_text
from deputies.services.station import office_near
from deputies.states import ACTIVITY_TRANSITIONS
from liaison.dates import cn_datetime
from liaison.exceptions import InvalidInput, NotAllowed
from liaison.models import Region
from liaison.permissions import Permission

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from django.core.files.base import File

    from liaison.actor import Actor

#: What a deputy does by themselves.
OWN_KINDS = (ActivityKind.VISIT, ActivityKind.TALK, ActivityKind.RESEARCH)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFacts:
    """What a deputy writes about an own activity.

    Args:
        mandate_id: public id of the mandate for which it counts.
        figures: by name, see ``FIGURES``.
    """

    mandate_id: UUID | str
    kind: str
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    happened: str
    campaign_id: UUID | str | None = None
    figures: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def own_submit(
    *,
    actor: Actor,
    facts: OwnFacts,
    pictures: Sequence[File[Any]] = (),
    activity_id: UUID | str | None = None,
    version: str = "",
) -> Activity:
    """Record an own activity, or correct one that was sent back, and hand it to the office near the deputy's home
    (报送活动记录). It enters the ledger when staff have confirmed it. The same one sent twice is one record.

    Raises:
        NotFound, NotAllowed, IllegalTransition, StaleVersion: as elsewhere.
        InvalidInput, TooLarge: with messages by field.
    """
    if not actor.is_deputy:
        raise NotAllowed("由代表本人记录。")
    actor.require(Permission.ACTIVITY_VIEW)
    mandate = _mandate(actor, facts.mandate_id)
    if activity_id is None:
        if (same := _sent_already(actor, facts)) is not None:
            return same
        activity = Activity(own_by=mandate)
    else:
        activity = lock_activity(actor, activity_id)
        ACTIVITY_TRANSITIONS.check(activity, "submit", actor)
        require_fresh(activity.updated_at, version)
    activity.own_by = mandate
    activity.region = Region.objects.get(prefix=mandate.home_prefix)
    activity.region_prefix, activity.office = activity.region.prefix, office_near(activity.region)
    _fill(actor, activity, mandate, facts)
    part = ActivityPart(mandate=mandate) if activity_id is None else activity.parts.get(person_id=mandate.person_id)
    part.mandate, part.person_id, part.invited_by, part.reply = mandate, mandate.person_id, InvitedBy.SELF, Reply.GOING
    part.attendance, part.attended_at = Attendance.LIST, activity.starts_at
    if wrong := set_figures(part, facts.figures):
        raise InvalidInput("有内容需要更正。", fields=wrong)
    ACTIVITY_TRANSITIONS.apply(activity, "submit", actor, save=True)
    part.activity = activity
    part.save()
    keep_pictures(actor, activity, pictures)
    audit(actor, "activity.own_submit", activity)
    tell_office(
        actor=actor,
        activity=activity,
        title=f"请确认{actor.name}代表的活动记录：{activity.title}",
        body=f"{activity.get_kind_display()}，{cn_datetime(activity.starts_at)}，{activity.place}。",
    )
    return activity


@transaction.atomic
def own_confirm(*, actor: Actor, activity_id: UUID | str, version: str = "") -> Activity:
    """Staff confirm it: now it enters the ledger, and the deputy is told.

    Raises:
        NotFound, NotAllowed, IllegalTransition, StaleVersion: as elsewhere.
    """
    activity = lock_activity(actor, activity_id)
    ACTIVITY_TRANSITIONS.check(activity, "confirm", actor)
    require_fresh(activity.updated_at, version)
    ACTIVITY_TRANSITIONS.apply(activity, "confirm", actor)
    activity.recorded_at = timezone.now()
    activity.return_reason = ""
    activity.save(update_fields=["status", "recorded_at", "return_reason", "updated_at"])
    parts = list(activity.parts.all())
    enter_duty(actor, activity, parts, reason="活动记录已更正")
    audit(actor, "activity.own_confirm", activity)
    tell_parts(actor=actor, activity=activity, parts=parts, title=f"您的活动记录已确认：{activity.title}")
    return activity


@transaction.atomic
def own_return(*, actor: Actor, activity_id: UUID | str, reason: str) -> Activity:
    """Staff send it back with a reason (退回补正).

    Raises:
        NotFound, NotAllowed, IllegalTransition, InvalidInput: as elsewhere.
    """
    activity = lock_activity(actor, activity_id)
    ACTIVITY_TRANSITIONS.check(activity, "return", actor)
    activity.return_reason = require_text(reason, field="reason", message="请填写退回的原因，代表会看到。")
    clean_model(activity, exclude=["region", "office", "campaign", "own_by"])
    ACTIVITY_TRANSITIONS.apply(activity, "return", actor, reason=activity.return_reason)
    activity.save(update_fields=["status", "return_reason", "updated_at"])
    audit(actor, "activity.own_return", activity, reason=activity.return_reason)
    tell_parts(
        actor=actor,
        activity=activity,
        parts=activity.parts.all(),
        title=f"活动记录请您补正：{activity.title}",
        body=f"原因：{activity.return_reason}",
        task=True,
    )
    return activity


@transaction.atomic
def own_withdraw(*, actor: Actor, activity_id: UUID | str) -> Activity:
    """The deputy takes back a record that was not confirmed (撤回).

    Raises:
        NotFound, NotAllowed, IllegalTransition: as elsewhere.
    """
    activity = lock_activity(actor, activity_id)
    ACTIVITY_TRANSITIONS.check(activity, "withdraw", actor)
    activity.cancel_reason = "本人撤回"
    ACTIVITY_TRANSITIONS.apply(activity, "withdraw", actor, reason=activity.cancel_reason)
    activity.save(update_fields=["status", "cancel_reason", "updated_at"])
    audit(actor, "activity.own_withdraw", activity)
    return activity


def _mandate(actor: Actor, public_id: UUID | str) -> Mandate:
    found = Mandate.objects.visible_to(actor).in_force().select_for_update(of=("self",)).select_related("person")
    mandate = found.filter(public_id=public_id).first()
    if mandate is None:
        raise InvalidInput("请选择代表身份。", fields={"mandate": "请选择在任的代表身份。"})
    return mandate


def _sent_already(actor: Actor, facts: OwnFacts) -> Activity | None:
    """The same record, sent a moment ago: the button was pressed twice."""
    found = Activity.objects.visible_to(actor).happening().filter(own_by__person_id=actor.deputy_id)
    return found.filter(
        kind=facts.kind, title=facts.title.strip(), starts_at=facts.starts_at, ends_at=facts.ends_at
    ).first()


def _fill(actor: Actor, activity: Activity, mandate: Mandate, facts: OwnFacts) -> None:
    if facts.kind not in OWN_KINDS:
        raise InvalidInput("请选择活动类别。", fields={"kind": "请选择走访、座谈或专题调研。"})
    activity.kind = facts.kind
    activity.title = require_text(facts.title, field="title", message="请填写名称。")
    activity.place = require_text(facts.place, field="place", message="请填写地点。")
    activity.happened = require_text(facts.happened, field="happened", message="请写明做了什么。")
    activity.starts_at, activity.ends_at = facts.starts_at, facts.ends_at
    wrong = check_times(activity.starts_at, activity.ends_at)
    if not wrong and activity.ends_at > timezone.now():
        wrong["ends_at"] = "请在活动结束以后记录。"
    if not wrong and (problem := outside_mandate(mandate, timezone.localdate(activity.starts_at))):
        wrong["starts_at"] = problem
    activity.campaign = None
    if facts.campaign_id:
        activity.campaign = campaigns_to_choose(actor).filter(public_id=facts.campaign_id).first()
        if activity.campaign is None:
            wrong["campaign"] = "没有这项主题活动，请重新选择。"
    if wrong:
        raise InvalidInput("有内容需要更正。", fields=wrong)
    clean_model(activity, exclude=["region", "office", "campaign", "own_by", "region_prefix"])
