"""What the page of one suggestion shows besides its own fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from liaison.permissions import Permission
from liaison.selectors.attachment import attachments_by_owner, attachments_of
from liaison.selectors.deadline_view import DeadlineView, deadlines_of
from suggestions.models.cosigner import CosignerStatus

if TYPE_CHECKING:
    from liaison.actor import Actor
    from liaison.models import Attachment
    from suggestions.models import Answer, Assignment, Cosigner, Feedback, Suggestion

#: What attachments are to their owners (as the services name them).
MATERIAL, LETTER, ANSWER, FULFILMENT = "material", "letter", "answer", "fulfilment"


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer with its documents and the ratings of it."""

    answer: Answer
    files: list[Attachment]
    fulfilment_files: list[Attachment]
    ratings: list[Feedback]


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """A hand-over with its letter."""

    assignment: Assignment
    letters: list[Attachment]


@dataclass(frozen=True, slots=True)
class Record:
    """The parts of a suggestion's page."""

    materials: list[Attachment]
    cosigners: list[Cosigner]
    assignments: list[AssignmentView]
    answers: list[AnswerView]
    deadlines: list[DeadlineView]
    phone_is_whole: bool

    @property
    def open_deadlines(self) -> list[DeadlineView]:
        return [view for view in self.deadlines if view.is_open]

    @property
    def closed_deadlines(self) -> list[DeadlineView]:
        return [view for view in self.deadlines if not view.is_open]

    @property
    def newest_answer(self) -> AnswerView | None:
        return self.answers[-1] if self.answers else None


def record_of(actor: Actor, suggestion: Suggestion) -> Record:
    """The page's parts (five queries): files of three kinds of owners, clocks with their changes.

    Args:
        suggestion: from ``get_suggestion_for``, with its prefetched relations.
    """
    assignments, answers = list(suggestion.assignments.all()), list(suggestion.answers.all())
    letters = attachments_by_owner(assignments, LETTER)
    documents = attachments_by_owner(answers)
    return Record(
        materials=attachments_of(suggestion, MATERIAL),
        cosigners=visible_cosigners(actor, suggestion),
        assignments=[AssignmentView(one, letters.get(one.pk, [])) for one in assignments],
        answers=[
            AnswerView(
                answer=one,
                files=[file for file in documents.get(one.pk, []) if file.slot == ANSWER],
                fulfilment_files=[file for file in documents.get(one.pk, []) if file.slot == FULFILMENT],
                ratings=list(one.feedback.all()),
            )
            for one in answers
        ],
        deadlines=deadlines_of([suggestion, *answers]),
        phone_is_whole=sees_phone(actor, suggestion),
    )


def visible_cosigners(actor: Actor, suggestion: Suggestion) -> list[Cosigner]:
    """Who confirmed; the lead deputy also sees who was asked, and each deputy their own invitation."""
    return [
        one
        for one in suggestion.cosigners.all()
        if one.status == CosignerStatus.CONFIRMED or actor.deputy_id in {suggestion.lead_person_id, one.person_id}
    ]


def sees_phone(actor: Actor, suggestion: Suggestion) -> bool:
    """Whole telephone numbers only for those whose work needs them (个人信息保护法: the least)."""
    if suggestion.lead_person_id == actor.deputy_id:
        return True
    if actor.is_unit:
        return suggestion.main_unit_id == actor.organisation_id and actor.can(Permission.SUGGESTION_ANSWER)
    return actor.can(Permission.DEPUTY_UNMASK)
