"""The action box of an opinion: what is to be done now, by whom, and what one may do oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from liaison.dates import cn_datetime
from liaison.permissions import Permission
from suggestions.selectors.hotline_report import is_reporter
from suggestions.selectors.opinion_desk import handler_of
from suggestions.selectors.opinion_record import is_own
from suggestions.states import OPINION_TRANSITIONS
from suggestions.states import OpinionStatus as O

if TYPE_CHECKING:
    from liaison.actor import Actor
    from suggestions.models import HotlineReport, Opinion

#: Step → (page, words on the button, icon), the most usual step first.
_STEPS: dict[str, tuple[str, str, str]] = {
    "answer": ("opinions:answer", "答复", "message-2"),
    "assign_deputy": ("opinions:assign", "请代表答复", "user-check"),
    "hand_over": ("opinions:hand_over", "交办单位", "send"),
    "prepare_hotline": ("opinions:hotline", "转12345", "phone"),
    "recall": ("opinions:recall", "收回重新分办", "arrow-back-up"),
    "close": ("opinions:close", "说明理由办结", "archive"),
    "reopen": ("opinions:reopen", "反映人说没有解决", "refresh"),
}
#: State → the step that is its main one; where none is named, somebody else is at work.
_MAIN = {O.RECEIVED: "answer", O.HOTLINE: "answer", O.ANSWERED: "close"}
_WORDS = {
    (O.RECEIVED, "answer"): "直接答复",
    (O.DEPUTY, "assign_deputy"): "改请其他代表答复",
    (O.DEPUTY, "answer"): "由工作人员答复",
    (O.HOTLINE, "answer"): "登记热线的答复",
    (O.ANSWERED, "close"): "办结",
}


def action_box(
    actor: Actor, opinion: Opinion, report: HotlineReport | None = None, *, from_hotline: bool = False
) -> dict[str, Any]:
    """The context of ``liaison/partials/action_box.html`` for staff. No query.

    Args:
        report: where it stands at a connected hotline.
        from_hotline: it came of an order of the hotline, so it does not go back there.
    """
    names = {step.name for step in OPINION_TRANSITIONS.available(opinion, actor)} if is_own(actor, opinion) else set()
    state = O(opinion.status)
    steps = [name for name in _STEPS if name in names and not (from_hotline and name == "prepare_hotline")]
    # Somebody who waits to be phoned goes first.
    main = _MAIN.get(state) if opinion.tell_since is None else None
    links = {
        name: {
            "label": _WORDS.get((state, name), _STEPS[name][1]),
            "icon": _STEPS[name][2],
            "url": reverse(_STEPS[name][0], args=[opinion.public_id]),
        }
        for name in steps
    }
    primary = links.pop(main, None) if main else None
    others = list(links.values())
    if is_own(actor, opinion) and actor.can(Permission.OPINION_SORT):
        url = reverse("opinions:category", args=[opinion.public_id])
        others.append({"label": "更改类别" if opinion.category else "选择类别", "icon": "tag", "url": url})
    title, text = _words(opinion, mine=primary is not None)
    if report is not None and state == O.HOTLINE and opinion.same_as is None:
        title, text, primary = _at_hotline(actor, report, primary, others)
    return {"title": title, "text": text, "primary": primary, "others": others}


def _at_hotline(
    actor: Actor, report: HotlineReport, answer: dict[str, str] | None, others: list[dict[str, str]]
) -> tuple[str, str, dict[str, str] | None]:
    """Words and main button while a connected hotline has it; the office may still answer by itself."""
    if answer is not None:
        others.insert(0, {**answer, "label": "由工作人员答复"})
    if not report.has_answer:
        return f"已转{report.client.organisation.name}", f"{report.get_status_display()}。办理情况自动更新。", None
    if is_reporter(actor, report):
        url = reverse("hotline:pass", args=[report.public_id])
        return "热线已反馈，请转告反映人", "", {"label": "转告反映人", "icon": "message-2", "url": url}
    return "热线已反馈", "由转办的代表转告反映人。", None


def unit_box(actor: Actor, opinion: Opinion) -> dict[str, Any]:
    """The same for the unit that handles it."""
    names = {step.name for step in OPINION_TRANSITIONS.available(opinion, actor)}
    if "unit_answer" in names:
        url = reverse("handed_opinions:answer", args=[opinion.public_id])
        return {
            "title": "请办理并答复",
            "text": "答复写给反映的群众，反映人凭回执码能看到。",
            "primary": {"label": "答复", "url": url},
            "others": [],
        }
    title, text = _words(opinion, mine=False)
    return {"title": title, "text": text, "primary": None, "others": []}


def _words(opinion: Opinion, *, mine: bool) -> tuple[str, str]:
    if opinion.same_as is not None:
        return "已归入同类事项", f"在{opinion.same_as.number}上办理，答复一并告知。"
    state = O(opinion.status)
    if state == O.RECEIVED:
        return ("请分办", "能直接答复的答复；不能的请代表答复、交办单位，或者转12345。") if mine else ("等待分办", "")
    if state == O.DEPUTY and opinion.answer_by:
        until = opinion.answer_by
        late = until < timezone.now()
        text = f"应在{cn_datetime(until)}前答复。"
        if late:
            text = f"已超过{cn_datetime(until)}，请催办，或者改请其他代表、收回。"
        return f"等待{handler_of(opinion)}答复", text
    words = {
        O.DEPUTY: ("等待代表答复", ""),
        O.UNIT: (f"{opinion.unit.name if opinion.unit else '承办单位'}正在办理", ""),
        O.HOTLINE: ("已备好转12345的文本", "向热线转办以后，把热线的答复登记在这里。"),
        O.SUGGESTION: ("已转为代表建议", "建议答复后自动告知反映人。"),
        O.ANSWERED: ("已答复，等待反映人评价", "反映人没有异议的可以办结。"),
        O.CLOSED: ("已办结", ""),
    }
    return words[state]
