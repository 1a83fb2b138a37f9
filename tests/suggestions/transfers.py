"""Taking a transfer along its way through the services, for set-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from suggestions.models import PublicInterestDomain, Suggestion, Transfer
from suggestions.services.transfer import transfer_approve, transfer_mark, transfer_reject, transfer_update
from suggestions.services.transfer_opinion import (
    transfer_opine,
    transfer_progress,
    transfer_receive,
    transfer_request_info,
    transfer_supply,
)
from tests.suggestions.steps import pdf, registered

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast


def clue(**changes: Any) -> dict[str, Any]:
    """What the clerk types about a clue, complete."""
    return {
        "domain_id": PublicInterestDomain.objects.get(name="生态环境和资源保护").pk,
        "place": "赫山区八字哨镇哑河段",
        "harmed_interest": "养殖废水直排哑河，沿岸约两千人饮水受影响。",
        "agency_concerned": "益阳市生态环境局赫山分局",
        "note": "代表附有现场照片。",
        **changes,
    }


def marked(
    cast: Cast, suggestion: Suggestion | None = None, *, cosigner: str | None = None, **changes: Any
) -> Transfer:
    suggestion = suggestion or registered(cast, cosigner=cosigner)
    return transfer_mark(actor=cast.actor("insider"), suggestion_public_id=suggestion.public_id, values=clue(**changes))


def transferred(cast: Cast, suggestion: Suggestion | None = None, **changes: Any) -> Transfer:
    return step(cast, marked(cast, suggestion, **changes), "approve")


def received(cast: Cast, suggestion: Suggestion | None = None, **changes: Any) -> Transfer:
    return step(cast, transferred(cast, suggestion, **changes), "receive")


def waiting(cast: Cast, suggestion: Suggestion | None = None, **changes: Any) -> Transfer:
    """One whose clock stands still until something is supplied."""
    return step(cast, received(cast, suggestion, **changes), "request_info")


def filed(cast: Cast, suggestion: Suggestion | None = None, **changes: Any) -> Transfer:
    return step(cast, received(cast, suggestion, **changes), "file")


def walk(cast: Cast, transfer: Transfer, *names: str) -> Transfer:
    """Several steps, one after the other."""
    for name in names:
        transfer = step(cast, transfer, name)
    return transfer


def step(cast: Cast, transfer: Transfer, name: str, who: str | None = None, **changes: Any) -> Transfer:
    """One step by its name in the transition table, by whoever usually does it or by ``who``."""
    usual, act = STEPS[name]
    act(actor=cast.actor(who or usual), public_id=transfer.public_id, **changes)
    return Transfer.objects.select_related("suggestion").get(pk=transfer.pk)


def _opine(opinion: str) -> Callable[..., Transfer]:
    def act(**values: Any) -> Transfer:
        defaults: dict[str, Any] = {
            "version": None,
            "opinion": opinion,
            "opinion_on": timezone.localdate(),
            "reason": "经审查，不符合立案条件。" if opinion == "decline" else "",
            "case_number": "益检公益立〔2026〕12号" if opinion == "file" else "",
            "uploads": [pdf("意见书.pdf")],
        }
        return transfer_opine(**(defaults | values))

    return act


def _progress(name: str) -> Callable[..., Transfer]:
    def act(**values: Any) -> Transfer:
        defaults: dict[str, Any] = {"version": None, "step": name, "note": "已办理。", "uploads": [pdf("文书.pdf")]}
        return transfer_progress(**(defaults | values))

    return act


def _with(service: Callable[..., Transfer], **defaults: Any) -> Callable[..., Transfer]:
    def act(**values: Any) -> Transfer:
        made = {name: value() if callable(value) else value for name, value in defaults.items()}
        return service(**({"version": None} | made | values))

    return act


#: Step → (who usually does it, the service with everything it needs).
STEPS: dict[str, tuple[str, Callable[..., Transfer]]] = {
    "update": ("insider", _with(transfer_update, values=clue)),
    "approve": ("approver", _with(transfer_approve)),
    "reject": ("approver", _with(transfer_reject, reason="属于一般行政管理事项。")),
    "receive": ("prosecutor", _with(transfer_receive, lead_number="益检线〔2026〕3号")),
    "request_info": ("prosecutor", _with(transfer_request_info, missing="请补充排污口位置照片。")),
    "supply": ("insider", _with(transfer_supply, text="照片已附。", uploads=lambda: [pdf("照片.pdf")])),
    "file": ("prosecutor", _opine("file")),
    "decline": ("prosecutor", _opine("decline")),
    "already": ("prosecutor", _opine("already")),
    "recommend": ("prosecutor", _progress("recommend")),
    "agency_answer": ("prosecutor", _progress("agency_answer")),
    "rectify": ("prosecutor", _progress("rectify")),
    "sue": ("prosecutor", _progress("sue")),
    "close": ("prosecutor", _progress("close")),
}
