"""What is to be done now with an activity, for staff and for a deputy."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from deputies.models import Reply
from deputies.services.attendance import EARLY
from deputies.states import ActivityStatus
from liaison.permissions import Permission

if TYPE_CHECKING:
    from deputies.models import Activity, ActivityPart
    from deputies.selectors.activity import Numbers
    from liaison.actor import Actor

Next = dict[str, Any]
Link = dict[str, str]

S = ActivityStatus


def next_for_staff(actor: Actor, activity: Activity, numbers: Numbers, *, organises: bool) -> Next:
    """Title, text, the one next act (``primary``), and ``others``."""
    if organises:
        return _BY_STATE[S(activity.status)](activity, numbers)
    if not actor.can(Permission.ACTIVITY_EDIT):
        return {"title": activity.get_status_display(), "text": "您可以查看，不能办理。"}
    part = "" if activity.region_prefix.startswith(actor.region_prefix) else "，这里只列出本地受邀的代表"
    return {
        "title": activity.get_status_display(),
        "text": f"由{activity.office}组织{part}，您可以查看，不能代为办理。",
    }


def next_for_deputy(activity: Activity, part: ActivityPart | None) -> dict[str, bool]:
    """What a deputy may do: ``reply`` (``answered`` already or not), ``sign_in``; correct an ``own`` one, or
    ``withdraw`` it."""
    if activity.is_own:
        is_back = activity.status == S.RETURNED
        return {"own": is_back, "withdraw": is_back or activity.status == S.SUBMITTED}
    if part is None or activity.status not in {S.ANNOUNCED, S.HELD}:
        return {}
    now = timezone.now()
    is_open = activity.code_until is not None and activity.code_until >= now
    return {
        "reply": activity.status == S.ANNOUNCED and activity.starts_at > now,
        "sign_in": is_open and not part.has_come,
        "answered": part.reply != Reply.NONE,
    }


def _to(activity: Activity, route: str, label: str, icon: str = "arrow-right") -> Link:
    return {"label": label, "url": reverse(f"activities:{route}", args=[activity.public_id]), "icon": icon}


def _changes(activity: Activity) -> list[Link]:
    return [_to(activity, "edit", "修改安排", "pencil"), _to(activity, "cancel", "取消活动", "circle-x")]


def _planned(activity: Activity, numbers: Numbers) -> Next:
    invite = _to(activity, "invite", "邀请代表", "user-plus")
    if not numbers.invited:
        text = "按小组、联络站、层级、专长或姓名邀请。"
        return {"title": "还没有邀请代表", "text": text, "primary": invite, "others": _changes(activity)}
    return {
        "title": "可以通知代表",
        "text": f"已列入{numbers.invited}名代表，还没有通知他们。",
        "primary": _to(activity, "announce", "通知代表"),
        "others": [invite, *_changes(activity)],
    }


def _announced(activity: Activity, numbers: Numbers) -> Next:
    now = timezone.now()
    invite = _to(activity, "invite", "补充邀请", "user-plus")
    if activity.starts_at - EARLY > now:
        text = "开始前一小时起可以出示签到码。"
        return {"title": "等活动开始", "text": text, "primary": invite, "others": _changes(activity)}
    others = [_to(activity, "attendance", "按名单登记", "list-check"), invite, *_changes(activity)]
    if now < activity.ends_at:
        text = "在现场屏幕上出示签到码，代表用手机输入；也可以按名单登记。"
        return {"title": "可以签到", "text": text, "primary": _to(activity, "code", "出示签到码"), "others": others}
    text = "核对到场名单后填写记录。"
    return {"title": "活动已经结束", "text": text, "primary": _to(activity, "hold", "开始记录"), "others": others}


def _held(activity: Activity, numbers: Numbers) -> Next:
    text = "先核对到场名单，再填写开展情况和每名代表的数字；完成后记入履职档案。"
    if activity.correction_reason:
        text = f"正在更正：{activity.correction_reason}"
    return {
        "title": "活动已举行，请记录",
        "text": text,
        "primary": _to(activity, "record", "填写记录"),
        "others": [
            _to(activity, "attendance", "登记到场代表", "list-check"),
            _to(activity, "invite", "补充名单", "user-plus"),
            *_changes(activity),
        ],
    }


def _recorded(activity: Activity, numbers: Numbers) -> Next:
    came = numbers.came > 0
    text = "到场代表的履职情况已经记入履职档案。" if came else "没有代表到场，不记入履职档案。"
    others = [_to(activity, "reopen", "更正记录", "pencil"), _to(activity, "cancel", "取消活动", "circle-x")]
    return {"title": "记录已完成", "text": text, "others": others}


def _submitted(activity: Activity, numbers: Numbers) -> Next:
    name = activity.own_by.person.name if activity.own_by else ""
    return {
        "title": "等您确认",
        "text": f"{name}代表自行开展、自行记录；确认后记入履职档案。",
        "primary": _to(activity, "own_confirm", "确认记录"),
        "others": [_to(activity, "own_return", "退回补正", "arrow-back-up")],
    }


def _returned(activity: Activity, numbers: Numbers) -> Next:
    return {"title": "已退回代表补正", "text": f"原因：{activity.return_reason}"}


def _cancelled(activity: Activity, numbers: Numbers) -> Next:
    return {"title": "已取消", "text": f"原因：{activity.cancel_reason}"}


_BY_STATE: dict[ActivityStatus, Callable[[Activity, Numbers], Next]] = {
    S.PLANNED: _planned,
    S.ANNOUNCED: _announced,
    S.HELD: _held,
    S.RECORDED: _recorded,
    S.SUBMITTED: _submitted,
    S.RETURNED: _returned,
    S.CANCELLED: _cancelled,
}
