"""What deputies say about candidates before the vote, and what was done about it (代表审议意见)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from deputies.models import Mandate
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.selectors.people import people_of
from liaison.services.notice import notify
from votes.models import CandidateComment
from votes.selectors.candidate import COMMENT_STATES
from votes.services.candidate import audit, lock_candidate
from votes.services.programme import require_office

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor


@transaction.atomic
def candidate_comment(*, actor: Actor, public_id: UUID, text: str) -> CandidateComment:
    """A deputy's opinion on a candidate (审议意见), before the vote begins. Sending the same text twice keeps one.

    Raises:
        InvalidInput: nothing was written, or too much.
        DomainError: the vote has begun.
    """
    actor.require(Permission.CANDIDATE_COMMENT)
    candidate = lock_candidate(actor, public_id)
    mandate = (
        Mandate.objects.visible_to(actor)
        .in_force()
        .filter(pk__in=actor.mandate_ids, congress_id=candidate.programme.congress_id)
        .first()
    )
    if mandate is None:
        raise NotAllowed("您不是这一级人大的代表，不能提出审议意见。")
    if candidate.programme.status not in COMMENT_STATES:
        raise DomainError("候选项目已经进入票决，不再收集审议意见。您可以在会议审议时发言。", code="vote_begun")
    text = text.strip()
    if not text or len(text) > 1000:
        message = "请写下您的意见。" if not text else f"意见最多1000字，您写了{len(text)}字。"
        raise InvalidInput(message, fields={"text": message})
    known = CandidateComment.objects.filter(candidate=candidate, mandate=mandate, text=text).first()
    if known is not None:
        return known
    comment = CandidateComment.objects.create(candidate=candidate, mandate=mandate, text=text)
    audit(actor, candidate, "comment")
    notify(
        recipients=people_of([candidate.programme.office_id]),
        kind=NoticeKind.TASK,
        title=f"{mandate.person}代表对候选项目“{candidate.name}”提出意见",
        url=candidate.get_absolute_url(),
        except_user_id=actor.user_id,
    )
    return comment


@transaction.atomic
def candidate_comment_answer(
    *, actor: Actor, public_id: UUID, comment_public_id: UUID, answer: str
) -> CandidateComment:
    """Say what was done about a deputy's opinion (处理情况).

    Raises:
        NotFound: no such comment.
        InvalidInput: nothing was written, or too much.
    """
    actor.require(Permission.PROGRAMME_EDIT)
    candidate = lock_candidate(actor, public_id)
    require_office(candidate.programme, actor)
    comment = candidate.comments.select_related("mandate__person__user").filter(public_id=comment_public_id).first()
    if comment is None:
        raise NotFound
    answer = answer.strip()
    if not answer or len(answer) > 1000:
        message = "请写明处理情况。" if not answer else f"处理情况最多1000字，您写了{len(answer)}字。"
        raise InvalidInput(message, fields={"answer": message})
    comment.answer = answer
    comment.save(update_fields=["answer", "updated_at"])
    audit(actor, candidate, "answer")
    user = comment.mandate.person.user
    notify(
        recipients=[user] if user is not None else [],
        kind=NoticeKind.PROGRESS,
        title=f"您对候选项目“{candidate.name}”的意见有了处理情况",
        body=answer,
        url=candidate.get_absolute_url(),
        except_user_id=actor.user_id,
    )
    return comment
