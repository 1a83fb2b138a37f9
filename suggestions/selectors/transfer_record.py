"""What the page of one transfer shows besides its own fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from liaison.selectors.attachment import attachments_of
from liaison.selectors.deadline_view import DeadlineView, deadlines_of
from liaison.selectors.history import history_of
from suggestions.selectors.record import MATERIAL
from suggestions.selectors.timeline import SLOT_TITLES
from suggestions.selectors.transfer import OPINION_DEADLINE, is_sent, live_transfer, may_mark, transfers_of
from suggestions.states import TransferStatus as T

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.actor import Actor
    from liaison.models import Attachment, StateChange
    from suggestions.models import Suggestion, Transfer

_STEPS = ("标记线索", "批准转交", "检察院签收", "反馈意见", "后续办理", "办结")
#: State → the step that is to be done next, by its place in ``_STEPS``.
_HERE = {
    T.MARKED: 1,
    T.TRANSFERRED: 2,
    T.RECEIVED: 3,
    T.NEEDS_INFO: 3,
    T.FILED: 4,
    T.RECOMMENDED: 4,
    T.AGENCY_ANSWERED: 4,
    T.RECTIFIED: 5,
    T.SUED: 5,
    T.ALREADY_HANDLING: 5,
    T.CLOSED: 6,
}


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of the procedure; ``state`` is done, here or todo."""

    label: str
    state: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file of the transfer as the page lists it; ``note`` says what it is to the transfer."""

    name: str
    size: int
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class Record:
    """The parts of a transfer's page."""

    opinion_clock: DeadlineView | None
    handling_clocks: list[DeadlineView]
    materials: list[Attachment]
    documents: list[Document]
    steps: list[StepView]
    last: StateChange | None


@dataclass(frozen=True, slots=True)
class Panel:
    """The procuratorate's way, on the page of a suggestion: its newest transfer, or the button to mark it."""

    suggestion: Suggestion
    transfer: Transfer | None
    clock: DeadlineView | None
    may_mark: bool


def panel_of(actor: Actor, suggestion: Suggestion) -> Panel | None:
    """What the actor may know of a suggestion's transfer; None when there is nothing to show."""
    if actor.is_unit:
        return None
    transfers = transfers_of(actor, suggestion)
    newest = transfers[0] if transfers else None
    open_to_mark = live_transfer(transfers) is None and may_mark(actor, suggestion)
    if newest is None and not open_to_mark:
        return None
    clocks = deadlines_of([newest]) if newest is not None and is_sent(newest) else []
    return Panel(suggestion, newest, clocks[0] if clocks else None, open_to_mark)


def record_of(transfer: Transfer) -> Record:
    """The page's parts (five queries): both clocks, the suggestion's materials, the transfer's documents.

    Args:
        transfer: from ``get_transfer_for``.
    """
    suggestion = transfer.suggestion
    clocks = deadlines_of([transfer, suggestion])
    return Record(
        opinion_clock=next((clock for clock in clocks if clock.kind == OPINION_DEADLINE), None),
        handling_clocks=[clock for clock in clocks if clock.kind != OPINION_DEADLINE and clock.is_open],
        materials=attachments_of(suggestion, MATERIAL),
        documents=[
            Document(name=one.name, size=one.size, url=one.url, note=SLOT_TITLES.get(one.slot, "附件"))
            for one in attachments_of(transfer)
        ],
        steps=steps_of(transfer),
        last=history_of(transfer).last(),
    )


def steps_of(transfer: Transfer) -> list[StepView]:
    """Where the transfer stands in the procedure; nothing for one that was rejected.

    A clue that the procuratorate declines ends with its opinion.
    """
    if transfer.status == T.REJECTED:
        return []
    labels: Sequence[str] = _STEPS
    here = _HERE.get(T(transfer.status))
    if here is None:
        labels, here = _STEPS[:4], 4
    states = ["done"] * here + ["here"] + ["todo"] * len(labels)
    return [StepView(label, state) for label, state in zip(labels, states, strict=False)]
