"""What the clerk is shown before deciding: earlier suggestions on the subject, the clock that would start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from liaison.calendar import add_months
from liaison.selectors.attachment import attachments_by_owner
from liaison.selectors.calendar import work_calendar
from liaison.selectors.deadline_view import DeadlineView, preview
from suggestions.selectors.suggestion import similar_to

if TYPE_CHECKING:
    import datetime as dt

    from liaison.actor import Actor
    from liaison.models import Attachment
    from suggestions.models import Answer, Suggestion


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier suggestion on the same subject, with its newest answer."""

    suggestion: Suggestion
    answer: Answer | None
    files: list[Attachment]


def earlier_like(actor: Actor, suggestion: Suggestion) -> list[Earlier]:
    """Registered suggestions on the same subject, best first (rulebook section 1: show them at triage)."""
    found = similar_to(actor, suggestion)
    newest = {one.pk: answers[-1] for one in found if (answers := list(one.answers.all()))}
    files = attachments_by_owner(newest.values(), "answer")
    return [
        Earlier(one, newest.get(one.pk), files.get(newest[one.pk].pk, []) if one.pk in newest else []) for one in found
    ]


def answer_clock(suggestion: Suggestion, starts_on: dt.date) -> DeadlineView:
    """The answering unit's clock, were the suggestion handed over on this day."""
    months = suggestion.congress.settings.answer_months
    return preview("suggestion_answer", add_months(starts_on, months, calendar=work_calendar()))
