"""Inviting deputies to an activity (邀请代表), and taking an invitation back; a deputy's answer (报名、请假)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import ActivityPart, Attendance, Reply
from deputies.selectors.activity import get_part_of
from deputies.selectors.activity_invite import MOST_INVITED, invitees
from deputies.selectors.activity_overlap import clash_text, clashes
from deputies.services.activity import tell_invited
from deputies.services.activity_people import Overlap, audit, lock_activity, lock_organised, tell_parts
from deputies.services.checks import require_text
from deputies.states import ActivityStatus
from liaison.dates import cn_datetime
from liaison.exceptions import DomainError, InvalidInput, NotAllowed

if TYPE_CHECKING:
    from uuid import UUID

    from deputies.models import Activity
    from deputies.selectors.activity_invite import Criteria
    from liaison.actor import Actor

#: States in which somebody may still be invited: also who came uninvited is written down so.
OPEN = (ActivityStatus.PLANNED, ActivityStatus.ANNOUNCED, ActivityStatus.HELD)


@transaction.atomic
def activity_invite(
    *, actor: Actor, activity_id: UUID | str, criteria: Criteria, accept_overlap: bool = False
) -> list[ActivityPart]:
    """Invite everybody who fits and is not invited yet. Once the activity is announced they are told at once.

    Raises:
        NotFound, NotAllowed: as elsewhere.
        InvalidInput: nothing chosen, nobody found, a name that fits nobody or several, too many at once.
        DomainError: the activity was recorded or cancelled.
        Overlap: some are asked elsewhere at that time.
    """
    activity = _open(lock_organised(actor, activity_id))
    if criteria.is_empty:
        raise InvalidInput("请至少选择一项：小组、联络站、层级、类别、标签或姓名。")
    found = invitees(actor, activity, criteria)
    if found.unknown or found.ambiguous:
        problems = [f"没有找到{'、'.join(found.unknown)}"] if found.unknown else []
        if found.ambiguous:
            problems.append(f"{'、'.join(found.ambiguous)}有重名，请改填代表证号")
        message = f"{'；'.join(problems)}。"
        raise InvalidInput(message, fields={"names": message})
    if not found.candidates:
        already = f"符合的{found.invited}名代表都已受邀。" if found.invited else ""
        not_yet = f"{'、'.join(found.not_yet[:5])}在活动当天还没有任职。" if found.not_yet else ""
        raise InvalidInput(f"没有可以新邀请的代表。{already}{not_yet}")
    if len(found.candidates) > MOST_INVITED:
        raise InvalidInput(f"一次最多邀请{MOST_INVITED}名代表，请缩小范围，分次邀请。")
    person_ids = [candidate.mandate.person_id for candidate in found.candidates]
    if not accept_overlap and (busy := _busy(actor, activity, person_ids)):
        raise busy
    parts = ActivityPart.objects.bulk_create(
        ActivityPart(
            activity=activity,
            mandate=candidate.mandate,
            person=candidate.mandate.person,
            invited_by=candidate.by,
            invited_as=candidate.words[:60],
        )
        for candidate in found.candidates
    )
    audit(actor, "activity.invite", activity, deputies=[one.mandate.person.name for one in found.candidates])
    if activity.status == ActivityStatus.ANNOUNCED:
        tell_invited(actor, activity, parts)
    return parts


@transaction.atomic
def activity_uninvite(*, actor: Actor, activity_id: UUID | str, part_id: UUID | str) -> str:
    """Take an invitation back; who was told of it is told again. Returns the deputy's name.

    Raises:
        NotFound, NotAllowed: as elsewhere.
        DomainError: the deputy was there, or the activity was recorded or cancelled.
    """
    activity = _open(lock_organised(actor, activity_id))
    part = get_part_of(activity, part_id)
    if part.attendance != Attendance.NONE:
        raise DomainError(f"{part.person.name}已经签到，不能取消邀请。", code="part_attended")
    name = part.person.name
    if activity.status == ActivityStatus.ANNOUNCED:
        tell_parts(actor=actor, activity=activity, parts=[part], title=f"不再请您参加活动：{activity.title}")
    part.delete()
    audit(actor, "activity.uninvite", activity, deputy=name)
    return name


@transaction.atomic
def activity_reply(*, actor: Actor, activity_id: UUID | str, reply: str, reason: str = "") -> ActivityPart:
    """A deputy says whether they come (报名), or why not (请假). The answer may be changed until the activity
    begins; signing up ends with the deadline, and when all places are taken.

    Raises:
        NotFound: no such activity, or not invited.
        NotAllowed: no deputy.
        DomainError: too late, or full.
        InvalidInput: no reason for staying away.
    """
    activity = lock_activity(actor, activity_id)
    if not actor.is_deputy:
        raise NotAllowed("由受邀代表本人答复。")
    part = activity.parts.select_for_update(of=("self",)).get(person_id=actor.deputy_id)
    now = timezone.now()
    if activity.status != ActivityStatus.ANNOUNCED or activity.starts_at <= now:
        raise DomainError("活动已经开始或者取消，不能再答复。有变化请联系组织机构。", code="reply_late")
    if reply not in {Reply.GOING, Reply.NOT_GOING}:
        raise InvalidInput("请选择参加或请假。", fields={"reply": "请选择参加或请假。"})
    if reply == Reply.GOING and part.reply != Reply.GOING:
        _may_sign_up(activity)
    part.reply_reason = ""
    if reply == Reply.NOT_GOING:
        part.reply_reason = require_text(reason, field="reason", message="请填写请假的原因。")
        if len(part.reply_reason) > 200:
            raise InvalidInput("最多200字，请精简。", fields={"reason": "最多200字，请精简。"})
    part.reply, part.replied_at = reply, now
    part.save(update_fields=["reply", "reply_reason", "replied_at", "updated_at"])
    audit(actor, "activity.reply", activity, reply=Reply(reply).label)
    return part


def _may_sign_up(activity: Activity) -> None:
    if activity.reply_by is not None and activity.reply_by < timezone.now():
        message = f"报名已在{cn_datetime(activity.reply_by)}截止。仍想参加的，请联系组织机构。"
        raise DomainError(message, code="reply_late")
    if activity.places is not None and activity.parts.filter(reply=Reply.GOING).count() >= activity.places:
        raise DomainError(f"名额{activity.places}个已满。仍想参加的，请联系组织机构。", code="activity_full")


def _busy(actor: Actor, activity: Activity, person_ids: list[int]) -> Overlap | None:
    found = clashes(
        actor,
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        place="",
        region_prefix=activity.region_prefix,
        person_ids=person_ids,
        except_id=activity.pk,
    )
    return Overlap(clash_text(found), found) if found else None


def _open(activity: Activity) -> Activity:
    if activity.is_own or activity.status not in OPEN:
        raise DomainError(f"这次活动{activity.get_status_display()}，名单不能再改。", code="activity_over")
    return activity
