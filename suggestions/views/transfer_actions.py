"""The action box of a transfer: what is to be done now, by whom, and what one may do oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from liaison.dates import cn_date
from suggestions.states import TRANSFER_TRANSITIONS
from suggestions.states import TransferStatus as T

if TYPE_CHECKING:
    from liaison.actor import Actor
    from suggestions.models import Transfer
    from suggestions.selectors.transfer_record import Record

#: Step → (words on the button, icon), the most usual step of a state first.
BUTTONS: dict[str, tuple[str, str]] = {
    "approve": ("核对并批准转交", "rubber-stamp"),
    "receive": ("签收线索", "signature"),
    "supply": ("补充线索", "file-import"),
    "opine": ("反馈转化意见", "scale"),
    "recommend": ("登记检察建议", "file-text"),
    "agency_answer": ("登记行政机关回复", "message-2"),
    "rectify": ("登记整改到位", "circle-check"),
    "sue": ("登记提起诉讼", "gavel"),
    "close": ("办结", "archive"),
    "request_info": ("要求补充线索", "help-circle"),
    "reject": ("不予转交", "ban"),
    "update": ("修改线索", "pencil"),
}
PROGRESS = frozenset({"recommend", "agency_answer", "rectify", "sue", "close"})
#: The three opinions are one page.
OPINIONS = frozenset({"file", "decline", "already"})


def step_url(transfer: Transfer, step: str) -> str:
    """The page on which a step is taken."""
    if step in PROGRESS:
        return reverse("transfers:progress", args=[transfer.public_id, step])
    return reverse(f"transfers:{step}", args=[transfer.public_id])


def steps_for(actor: Actor, transfer: Transfer) -> list[str]:
    """The steps that this actor may take now, the most usual first."""
    names = {transition.name for transition in TRANSFER_TRANSITIONS.available(transfer, actor)}
    if names & OPINIONS:
        names = (names - OPINIONS) | {"opine"}
    return [step for step in BUTTONS if step in names]


def action_box(actor: Actor, transfer: Transfer, record: Record, *, mark_anew: bool) -> dict[str, Any]:
    """The context of ``liaison/partials/action_box.html``.

    Args:
        mark_anew: whether the actor may mark the suggestion again after a rejection.
    """
    steps = steps_for(actor, transfer)
    links = [{"label": BUTTONS[step][0], "icon": BUTTONS[step][1], "url": step_url(transfer, step)} for step in steps]
    if mark_anew:
        url = reverse("transfers:mark", args=[transfer.suggestion.public_id])
        links.append({"label": "补正后重新标记", "icon": "flag", "url": url})
    title, text = _words(transfer, record, mine=bool(links))
    # A step that is only an exception (修改线索) is no main action.
    primary = links[0] if links and steps[:1] != ["update"] else None
    others = links[1:] if primary else links
    return {"title": title, "text": text, "primary": primary, "others": others}


def _words(transfer: Transfer, record: Record, *, mine: bool) -> tuple[str, str]:
    """What is to be done now and by whom."""
    clock = record.opinion_clock
    due = f"应在{cn_date(clock.due_on)}前反馈意见，{clock.light.days_left_text}。" if clock and clock.light else ""
    reason = record.last.reason if record.last else ""
    procuratorate, office = transfer.procuratorate.name, transfer.office.name
    status = T(transfer.status)
    words: dict[T, tuple[str, str]] = {
        T.MARKED: ("等待审核", f"由{office}审核是否转交{procuratorate}。批准后一个月的期限开始计算。"),
        T.REJECTED: ("未予转交", f"理由：{reason}"),
        T.TRANSFERRED: (f"等待{procuratorate}签收", due),
        T.RECEIVED: ("检察院正在审查", due),
        T.NEEDS_INFO: ("等待补充线索", f"期限已暂停。检察院要求：{reason}"),
        T.FILED: ("已转化立案", "检察建议书、行政机关回复等进展由检察院登记。"),
        T.DECLINED: ("检察院不转化", f"理由：{transfer.opinion_reason}"),
        T.ALREADY_HANDLING: ("检察院已在办", "同一事项已由检察院办理，结果由检察院登记。"),
        T.RECOMMENDED: ("已发检察建议", "等待行政机关回复。"),
        T.AGENCY_ANSWERED: ("行政机关已回复", "由检察院确认整改，未整改的可以提起诉讼。"),
        T.RECTIFIED: ("已整改到位", "检察院确认后办结。"),
        T.SUED: ("已提起诉讼", "判决生效后办结。"),
        T.CLOSED: ("线索已办结", "代表建议的办理不受影响，按原期限进行。"),
    }
    title, text = words[status]
    return (f"下一步：{title}" if mine and status in {T.MARKED, T.TRANSFERRED, T.NEEDS_INFO} else title), text
