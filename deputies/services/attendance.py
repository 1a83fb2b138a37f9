"""Who was at an activity (签到): by the session code that the projector shows, or by the list that staff keep.

The code proves presence at one event (rulebook section 4); nobody clocks in anywhere, and nothing is counted by it.
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING
from unicodedata import normalize

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from deputies.models import Attendance
from deputies.services.activity_people import audit, lock_activity, lock_organised
from deputies.states import ActivityStatus
from liaison.dates import cn_datetime
from liaison.exceptions import DomainError, InvalidInput, NotAllowed
from liaison.limits import Limit, within

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from deputies.models import Activity, ActivityPart
    from liaison.actor import Actor

#: The code may be shown so long before the activity begins.
EARLY = dt.timedelta(hours=1)
#: A million codes, and so many tries for one person: guessing leads nowhere.
TRIES_A_PERSON = Limit("activity-code", 10, 15 * 60)
RUNNING = (ActivityStatus.ANNOUNCED, ActivityStatus.HELD)
WRONG_CODE = "签到码不对，或者已经换了新码。请看现场屏幕上的六位数字。"


@transaction.atomic
def attendance_open(*, actor: Actor, activity_id: UUID | str) -> Activity:
    """Show a new session code, valid until the activity ends; an older one stops at once.

    Raises:
        NotFound, NotAllowed: as elsewhere.
        DomainError: not announced, not yet, or over.
    """
    activity = lock_organised(actor, activity_id)
    now = timezone.now()
    if activity.status not in RUNNING or activity.ends_at <= now:
        raise DomainError("活动已经结束或者取消，请按名单登记。", code="attendance_over")
    if activity.starts_at - EARLY > now:
        raise DomainError(
            f"活动开始前一小时（{cn_datetime(activity.starts_at - EARLY)}）起可以出示签到码。", code="attendance_early"
        )
    activity.code, activity.code_until = f"{secrets.randbelow(1_000_000):06d}", activity.ends_at
    activity.save(update_fields=["code", "code_until", "updated_at"])
    audit(actor, "attendance.open", activity)
    return activity


@transaction.atomic
def attendance_close(*, actor: Actor, activity_id: UUID | str) -> Activity:
    """Take the code away before its time. Without one nothing happens."""
    activity = lock_organised(actor, activity_id)
    if activity.code:
        activity.code, activity.code_until = "", None
        activity.save(update_fields=["code", "code_until", "updated_at"])
        audit(actor, "attendance.close", activity)
    return activity


def attend_by_code(*, actor: Actor, activity_id: UUID | str, code: str) -> ActivityPart:
    """A deputy who is there types the code. The second time changes nothing.

    Raises:
        NotFound: no such activity, or not invited.
        NotAllowed: no deputy.
        InvalidInput: wrong or old code, or tried too often.
    """
    if not within(TRIES_A_PERSON, actor.key):
        message = "输入次数太多，请15分钟后再试，或者请现场工作人员按名单登记。"
        raise InvalidInput(message, fields={"code": message})
    with transaction.atomic():
        activity = lock_activity(actor, activity_id)
        if not actor.is_deputy or activity.is_own:
            raise NotAllowed("由受邀代表本人签到。")
        part = activity.parts.select_for_update(of=("self",)).get(person_id=actor.deputy_id)
        typed = "".join(sign for sign in normalize("NFKC", code) if sign.isdigit())  # phones type １２３ too
        is_open = activity.code_until is not None and activity.code_until >= timezone.now()
        if not is_open or activity.status not in RUNNING:
            message = "现在没有开放签到。请看现场屏幕，或者请工作人员按名单登记。"
            raise InvalidInput(message, fields={"code": message})
        if not constant_time_compare(typed, activity.code):
            raise InvalidInput(WRONG_CODE, fields={"code": WRONG_CODE})
        if not part.has_come:
            _came(part, Attendance.CODE)
            audit(actor, "attendance.sign_in", activity)
        return part


@transaction.atomic
def attendance_list(*, actor: Actor, activity_id: UUID | str, part_ids: Collection[UUID | str]) -> int:
    """Keep the list: those named were there, all others were not. Who signed in by the code stays so.

    Args:
        part_ids: public ids of the parts of those who were there.

    Returns:
        how many were there.

    Raises:
        NotFound, NotAllowed: as elsewhere.
        DomainError: not begun yet, recorded already, or cancelled.
        InvalidInput: somebody who is not invited.
    """
    activity = lock_organised(actor, activity_id)
    if activity.is_own or activity.status not in RUNNING:
        raise DomainError(f"这次活动{activity.get_status_display()}，不能再改签到。", code="attendance_over")
    if activity.starts_at - EARLY > timezone.now():
        raise DomainError("活动还没有开始，开始以后再登记到场的代表。", code="attendance_early")
    wanted = {str(public_id) for public_id in part_ids}
    parts = {
        str(part.public_id): part for part in activity.parts.select_for_update(of=("self",)).select_related("person")
    }
    if wanted - set(parts):
        message = "名单里有人没有受邀，请刷新页面后再试。"
        raise InvalidInput(message, fields={"parts": message})
    changed = []
    for public_id, part in parts.items():
        if public_id in wanted and not part.has_come:
            _came(part, Attendance.LIST)
            changed.append(f"{part.person.name}到场")
        elif public_id not in wanted and part.has_come:
            _away(part)
            changed.append(f"{part.person.name}未到")
    if changed:
        audit(actor, "attendance.list", activity, changed=changed)
    return len(wanted)


def _came(part: ActivityPart, how: str) -> None:
    part.attendance, part.attended_at = how, timezone.now()
    part.save(update_fields=["attendance", "attended_at", "updated_at"])


def _away(part: ActivityPart) -> None:
    """Not there: what was written of them goes too."""
    from deputies.models import FIGURES

    part.attendance, part.attended_at = Attendance.NONE, None
    for name in FIGURES:
        setattr(part, name, 0)
    part.save(update_fields=["attendance", "attended_at", *FIGURES, "updated_at"])
