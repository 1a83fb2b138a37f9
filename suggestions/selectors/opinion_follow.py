"""What the receipt code of an opinion shows to whoever holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from liaison.dates import cn_date, cn_datetime
from liaison.masking import mask_text
from suggestions.models.answer import Rating
from suggestions.selectors.opinion_thread import Line, thread_of
from suggestions.states import OpinionStatus

if TYPE_CHECKING:
    import datetime as dt

    from suggestions.models import Opinion

_WORDS = {
    OpinionStatus.RECEIVED: "已收到，正在安排办理。",
    OpinionStatus.DEPUTY: "已请人大代表答复。",
    OpinionStatus.UNIT: "已交有关单位办理。",
    OpinionStatus.HOTLINE: "属于政务热线受理的事项，正在转12345热线。",
    OpinionStatus.SUGGESTION: "人大代表正在写成代表建议，交有关单位办理。建议答复以后，在这里告诉您。",
    OpinionStatus.ANSWERED: "已经答复。请看下面的答复，也请您评价。",
    OpinionStatus.CLOSED: "已经办结。",
}
_ENDED = frozenset({OpinionStatus.ANSWERED, OpinionStatus.CLOSED})


@dataclass(frozen=True, slots=True)
class Followed:
    """An opinion as its receipt code shows it: nothing of the person, numbers in texts masked.

    Args:
        words: what is happening, in a sentence.
        answer: who gave the result and when; it stands apart from the thread.
    """

    where: str
    status: str
    tone: str
    words: str
    result: str
    text: str
    place: str
    created_at: dt.datetime
    answer: Line | None
    thread: list[Line]
    rating: str
    is_dissatisfied: bool
    may_rate: bool
    may_reopen: bool
    may_say: bool


def followed(opinion: Opinion) -> Followed:
    """What the holder of the receipt code sees (at most three queries)."""
    ended = opinion.status in _ENDED
    result = mask_text(opinion.result) if ended else ""
    lines = thread_of(opinion)
    answer = next((line for line in reversed(lines) if result and line.is_answer and line.text == result), None)
    return Followed(
        where=opinion.station.name if opinion.station else "反映给代表的情况",
        status=opinion.get_status_display(),
        tone=opinion.status_tone,
        words=_words(opinion),
        result=result,
        text=mask_text(opinion.text),
        place=mask_text(opinion.place),
        created_at=opinion.created_at,
        answer=answer,
        thread=[line for line in lines if line is not answer],
        rating=opinion.get_rating_display() if opinion.rating else "",
        is_dissatisfied=opinion.rating == Rating.DISSATISFIED,
        may_rate=ended and not opinion.rating,
        may_reopen=ended and not opinion.reopened,
        may_say=opinion.status != OpinionStatus.CLOSED,
    )


def _words(opinion: Opinion) -> str:
    if opinion.status == OpinionStatus.DEPUTY and opinion.answer_by:
        return f"已请人大代表答复，{cn_datetime(opinion.answer_by)}前答复您。"
    if opinion.status == OpinionStatus.UNIT:
        due = opinion.deadlines.open().order_by("due_on").first()
        until = f"，{cn_date(due.due_on)}前答复您" if due is not None else ""
        return f"已交{opinion.unit.name if opinion.unit else '有关单位'}办理{until}。"
    if opinion.status == OpinionStatus.RECEIVED and opinion.reopened:
        return "您反映没有解决，正在重新安排办理。"
    return _WORDS[OpinionStatus(opinion.status)]
