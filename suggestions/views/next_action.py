"""What may I do now: the largest thing on a suggestion's page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse

from liaison.dates import cn_date
from suggestions.selectors.feedback import may_rate
from suggestions.selectors.handling import open_promises
from suggestions.selectors.mine import may_cosign
from suggestions.states import SUGGESTION_TRANSITIONS
from suggestions.states import SuggestionStatus as S

if TYPE_CHECKING:
    from liaison.actor import Actor
    from suggestions.models import Suggestion
    from suggestions.selectors.record import Record


@dataclass(frozen=True, slots=True)
class Action:
    """A button or a link; ``post_url`` when one press does it."""

    label: str
    url: str = ""
    post_url: str = ""
    icon: str = "arrow-right"


@dataclass(slots=True)
class NextAction:
    """What ``liaison/partials/action_box.html`` shows; without ``primary`` it says who is at work."""

    title: str
    text: str = ""
    primary: Action | None = None
    others: list[Action] = field(default_factory=list)


#: Transition → (page, words of the button, icon), the main one of each state first.
_PAGES = {
    "submit": ("suggestions:edit", "修改并重新提交", "writing"),
    "register": ("suggestions:register", "登记编号", "rubber-stamp"),
    "return": ("suggestions:return", "退回修改", "arrow-back-up"),
    "refuse": ("suggestions:refuse", "不予受理", "ban"),
    "assign": ("suggestions:assign", "交办", "send"),
    "answer": ("suggestions:answer", "答复代表", "message-2"),
    "close_unrated": ("suggestions:close_unrated", "按未评价办结", "circle-check"),
    "conclude": ("suggestions:conclude", "协调后办结", "circle-check"),
}


def next_action(actor: Actor, suggestion: Suggestion, record: Record) -> NextAction:
    """The next act of this actor on this suggestion, or whom everybody waits for. No query."""
    action = _deputy(actor, suggestion) if actor.is_deputy else _staff(actor, suggestion, record)
    if action is not None:
        return action
    return NextAction(title=waiting_title(suggestion, record), text=waiting_text(suggestion))


def _deputy(actor: Actor, suggestion: Suggestion) -> NextAction | None:
    key = [suggestion.public_id]
    if may_cosign(actor, suggestion):
        return NextAction(
            "请您确认是否附议",
            f"{suggestion.lead_person}代表邀请您附议，确认后您的名字列入附议代表。",
            Action("阅读并答复", reverse("suggestions:cosign", args=key)),
        )
    leads = suggestion.lead_person_id == actor.deputy_id
    if leads and suggestion.status == S.DRAFT:
        return NextAction(
            "这是一份草稿",
            "只有您和您邀请的附议代表能看到。",
            Action("接着写", reverse("suggestions:edit", args=key)),
            [Action("删除草稿", reverse("suggestions:discard", args=key), icon="trash")],
        )
    if leads and suggestion.status == S.RETURNED:
        return NextAction(
            "请修改后重新提交",
            "退回理由见下方办理经过，修改页面上方也会显示。",
            Action("修改并重新提交", reverse("suggestions:edit", args=key)),
        )
    if may_rate(actor, suggestion):
        unread = leads and list(suggestion.answers.all())[-1].read_at is None
        rate, read = reverse("suggestions:rate", args=key), reverse("suggestions:read", args=key)
        return NextAction(
            "承办单位已答复，请您评价" if leads else "承办单位已答复，您可以评价",
            "态度和结果分开评。" if leads else "附议代表的评价单独统计。",
            Action("阅读答复并评价", post_url=read) if unread else Action("评价答复", rate),
        )
    return None


def _staff(actor: Actor, suggestion: Suggestion, record: Record) -> NextAction | None:
    key = [suggestion.public_id]
    names = [step.name for step in SUGGESTION_TRANSITIONS.available(suggestion, actor)]
    promises = [
        Action(
            f"报告承诺兑现情况（{cn_date(one.promised_on)}）",
            reverse("suggestions:fulfil", args=[suggestion.public_id, one.public_id]),
            icon="checklist",
        )
        for one in open_promises(actor, suggestion)
        if one.promised_on is not None
    ]
    if "sign" in names:
        return NextAction(
            "请签收",
            "签收后即开始办理，代表会收到通知。",
            Action("签收", post_url=reverse("suggestions:sign", args=key)),
        )
    if names == ["close_unrated"] and not _feedback_is_over(record):
        names = []
    acts = [
        Action(label, reverse(page, args=key), icon=icon)
        for name, (page, label, icon) in _PAGES.items()
        if name in names
    ] + promises
    if not acts:
        return None
    return NextAction(_title(suggestion, acts[0], record), _text(suggestion, names), acts[0], acts[1:])


def _feedback_is_over(record: Record) -> bool:
    """Whether the deputy's time for rating is over (or never ran: a deputy without an account)."""
    return all(
        view.light is None or view.light.code == "overdue"
        for view in record.open_deadlines
        if view.kind == "suggestion_feedback"
    )


def _title(suggestion: Suggestion, act: Action, record: Record) -> str:
    titles = {
        S.SUBMITTED: "请登记这件建议",
        S.REGISTERED: "请交承办单位办理",
        S.HANDLING: "请答复代表",
        S.REWORK: "代表不满意，请重新办理并答复",
        S.ANSWERED: "代表逾期未评价，可以办结",
        S.COORDINATING: "代表再次不满意，请组织协调",
    }
    return titles.get(S(suggestion.status), act.label) if act.icon != "checklist" else waiting_title(suggestion, record)


def _text(suggestion: Suggestion, names: list[str]) -> str:
    if suggestion.status == S.REWORK:
        return "代表的理由见“答复和评价”。"
    if suggestion.status == S.SUBMITTED:
        refuse = "写明情形。" if "refuse" in names else "请本单位审核人员决定。"
        return f"内容不清楚的退回代表修改；属于不予受理情形的，{refuse}"
    return ""


def waiting_title(suggestion: Suggestion, record: Record) -> str:
    """Where it stands, for those who have nothing to do."""
    unit = suggestion.main_unit.name if suggestion.main_unit else "承办单位"
    titles = {
        S.DRAFT: f"{suggestion.lead_person}代表正在写",
        S.SUBMITTED: f"等待{suggestion.office}登记",
        S.RETURNED: f"已退回{suggestion.lead_person}代表修改",
        S.REFUSED: "不予受理",
        S.REGISTERED: f"等待{suggestion.office}交办",
        S.ASSIGNED: f"等待{unit}签收",
        S.HANDLING: f"{unit}正在办理",
        S.ANSWERED: f"等待{suggestion.lead_person}代表评价",
        S.REWORK: f"{unit}正在重新办理",
        S.COORDINATING: f"{suggestion.office}正在协调",
        S.CLOSED: "已办结",
    }
    return titles.get(S(suggestion.status), suggestion.get_status_display())


def waiting_text(suggestion: Suggestion) -> str:
    """One sentence under it."""
    if suggestion.status == S.REFUSED and suggestion.refusal_clause:
        return f"情形：{suggestion.refusal_clause}。理由见下方办理经过。"
    return "" if suggestion.status == S.CLOSED else "现在没有需要您办理的事。"
