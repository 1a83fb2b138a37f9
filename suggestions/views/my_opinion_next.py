"""What may a deputy do now with an opinion: the largest thing on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from liaison.dates import cn_datetime
from suggestions.selectors.hotline_report import is_reporter
from suggestions.selectors.my_opinion import is_asked
from suggestions.states import OPINION_TRANSITIONS, OpinionStatus
from suggestions.views.next_action import Action, NextAction

if TYPE_CHECKING:
    from liaison.actor import Actor
    from suggestions.models import HotlineReport, Opinion

_WAITING = {
    OpinionStatus.RECEIVED: ("等待工作人员分办", ""),
    OpinionStatus.DEPUTY: ("已请其他代表答复", ""),
    OpinionStatus.UNIT: ("承办单位正在办理", "答复以后，反映人凭回执码会看到。"),
    OpinionStatus.HOTLINE: ("工作人员正在转12345热线", ""),
    OpinionStatus.SUGGESTION: ("已转为代表建议", "建议答复以后，反映人会得到答复。"),
    OpinionStatus.ANSWERED: ("已经答复", "等反映人评价。"),
    OpinionStatus.CLOSED: ("已经办结", ""),
}


def next_on_opinion(
    actor: Actor, opinion: Opinion, report: HotlineReport | None = None, *, from_hotline: bool = False
) -> NextAction:
    """The next act of this deputy, or whom everybody waits for. No query.

    Args:
        report: where it stands at a connected hotline.
        from_hotline: it came of an order of the hotline, so it does not go back there.
    """
    allowed = {step.name for step in OPINION_TRANSITIONS.available(opinion, actor)}
    key = [opinion.public_id]
    raise_it = Action("转为代表建议", reverse("my_opinions:raise", args=key), icon="writing")
    to_hotline = [Action("转12345", reverse("my_hotline:from_opinion", args=key), icon="phone")]
    if from_hotline:
        to_hotline = []
    if opinion.same_as is not None:
        return NextAction("已归入同类事项", f"同一件事在{opinion.same_as.number}一并办理，答复会同时告诉反映人。")
    if is_asked(actor, opinion):
        until = f"请在{cn_datetime(opinion.answer_by)}前答复。" if opinion.answer_by else ""
        return NextAction(
            "请您答复群众",
            f"{until}一时答复不了的，可以写成建议，或者退回工作人员分办。",
            Action("答复群众", reverse("my_opinions:answer", args=key)),
            [
                raise_it,
                *to_hotline,
                Action("先给群众留言", reverse("my_opinions:say", args=key), icon="message-2"),
                Action("退回分办", reverse("my_opinions:pass_back", args=key), icon="arrow-back-up"),
            ],
        )
    if "take" in allowed:
        return NextAction(
            "还没有人办理",
            "您可以接下来，按时答复群众；也可以直接写成建议。",
            Action("我来答复", post_url=reverse("my_opinions:take", args=key)),
            [raise_it, *to_hotline] if "make_suggestion" in allowed else [],
        )
    if opinion.status == OpinionStatus.HOTLINE and report is not None:
        if report.has_answer and is_reporter(actor, report):
            page = reverse("my_hotline:pass", args=[report.public_id])
            return NextAction("热线已反馈，请转告反映人", "", Action("转告反映人", page))
        return NextAction("已转12345热线", f"{report.get_status_display()}。有进展会通知转办的代表。")
    title, text = _WAITING[OpinionStatus(opinion.status)]
    return NextAction(title, text)
