"""What was said between the person who wrote an opinion and those who handle it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from liaison.masking import mask_text
from suggestions.models import OpinionSide

if TYPE_CHECKING:
    import datetime as dt

    from suggestions.models import Opinion


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the thread, as ``suggestions/opinion_messages.html`` shows it."""

    speaker: str
    text: str
    created_at: dt.datetime
    is_person: bool
    is_answer: bool = False


def thread_of(opinion: Opinion, *, whole: bool = False) -> list[Line]:
    """The thread, oldest first (one query).

    Args:
        whole: numbers in texts are not covered: for the handling office.
    """
    return [
        Line(
            one.author,
            one.text if whole else mask_text(one.text),
            one.created_at,
            is_person=one.side == OpinionSide.PERSON,
            is_answer=one.is_answer,
        )
        for one in opinion.messages.order_by("id")
    ]
