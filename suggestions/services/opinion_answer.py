"""Answering opinions: on the spot, by a deputy, by the unit; and more words to the person in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from liaison.exceptions import NotAllowed
from liaison.permissions import Permission
from liaison.services.attachment import attachment_add
from suggestions.models import Opinion, OpinionMessage, OpinionRoute, OpinionSide
from suggestions.selectors.opinion_rules import opinion_rules
from suggestions.services.opinion_core import (
    ANSWER_SLOT,
    audit,
    author_of,
    lock_opinion,
    publish_answer,
    required,
    take_step,
    tell_deputy,
    tell_office,
    tell_unit,
)
from suggestions.services.opinion_people import own_mandate
from suggestions.states import OPINION_TRANSITIONS, OpinionStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.core.files.base import File

    from liaison.actor import Actor

_MISSING = "请写明答复，反映人会看到。"


def give_answer(actor: Actor, opinion: Opinion, step: str, text: str, *, route: str) -> None:
    """The answering step on a locked opinion, with the words for the person."""
    take_step(actor, opinion, step, result=text, route=route, answered_at=timezone.now())
    side, author = author_of(actor, opinion)
    publish_answer(actor, opinion, side=side, author=author, text=text)


@transaction.atomic
def opinion_answer(*, actor: Actor, public_id: UUID, version: int | None, text: str) -> Opinion:
    """The office answers itself (当场答复), or writes in what 12345 said by phone."""
    opinion = lock_opinion(actor, public_id, version=version)
    OPINION_TRANSITIONS.check(opinion, "answer", actor)
    text = required(text, "text", _MISSING)
    route = OpinionRoute.HOTLINE if opinion.status == OpinionStatus.HOTLINE else OpinionRoute.ON_SPOT
    if opinion.status == OpinionStatus.DEPUTY:
        tell_deputy(actor, opinion, "已由工作人员答复")
    give_answer(actor, opinion, "answer", text, route=route)
    return opinion


@transaction.atomic
def opinion_take(*, actor: Actor, public_id: UUID, version: int | None) -> Opinion:
    """A deputy of the station takes it (我来答复), and promises an answer in time (快应答)."""
    opinion = lock_opinion(actor, public_id, version=version)
    OPINION_TRANSITIONS.check(opinion, "take", actor)
    take(actor, opinion)
    tell_office(actor, opinion, f"{actor.name}代表答复这一件")
    return opinion


def take(actor: Actor, opinion: Opinion) -> None:
    """The step of taking a locked opinion."""
    opinion.mandate = own_mandate(actor, opinion)
    take_step(
        actor,
        opinion,
        "take",
        mandate=opinion.mandate,
        route=OpinionRoute.DEPUTY,
        answer_by=timezone.now() + opinion_rules(opinion.office_id).promise,
    )


@transaction.atomic
def opinion_deputy_answer(*, actor: Actor, public_id: UUID, version: int | None, text: str) -> Opinion:
    """The deputy who is asked answers the person (代表答复)."""
    opinion = lock_opinion(actor, public_id, version=version)
    OPINION_TRANSITIONS.check(opinion, "deputy_answer", actor)
    text = required(text, "text", _MISSING)
    give_answer(actor, opinion, "deputy_answer", text, route=OpinionRoute.DEPUTY)
    tell_office(actor, opinion, f"{actor.name}代表已答复")
    return opinion


@transaction.atomic
def opinion_pass_back(*, actor: Actor, public_id: UUID, version: int | None, reason: str) -> Opinion:
    """The deputy cannot answer it: the office sorts it anew (退回分办)."""
    opinion = lock_opinion(actor, public_id, version=version)
    OPINION_TRANSITIONS.check(opinion, "pass_back", actor)
    reason = required(reason, "reason", "请写明退回的理由，工作人员会看到。", most=200)
    take_step(actor, opinion, "pass_back", reason=reason, mandate=None, route="", answer_by=None)
    tell_office(actor, opinion, f"{actor.name}代表退回，请重新分办", body=reason, task=True)
    return opinion


@transaction.atomic
def opinion_unit_answer(
    *, actor: Actor, public_id: UUID, version: int | None, text: str, uploads: Sequence[File[Any]] = ()
) -> Opinion:
    """The unit answers (单位答复); the office passes it on to who left a number."""
    opinion = lock_opinion(actor, public_id, version=version)
    OPINION_TRANSITIONS.check(opinion, "unit_answer", actor)
    text = required(text, "text", "请写明办理情况和答复，反映人会看到。")
    for upload in uploads:
        attachment_add(actor=actor, owner=opinion, slot=ANSWER_SLOT, upload=upload, field="uploads")
    give_answer(actor, opinion, "unit_answer", text, route=OpinionRoute.UNIT)
    tell_office(actor, opinion, f"{opinion.unit.name if opinion.unit else '承办单位'}已答复")
    return opinion


@transaction.atomic
def opinion_reply(*, actor: Actor, public_id: UUID, version: int | None, text: str) -> OpinionMessage:
    """More words to the person, without an answer: a question, a promise, how far it is. The same words by the same
    side twice in a row are one message.

    Raises:
        NotAllowed: somebody who does not handle it.
    """
    opinion = lock_opinion(actor, public_id, version=version)
    if not _may_speak(actor, opinion):
        raise NotAllowed("由办理机构、答复的代表或者承办单位回复反映人。")
    text = required(text, "text", "请写下要告诉反映人的话。", most=1000)
    side, author = author_of(actor, opinion)
    last = opinion.messages.last()
    if last is not None and (last.side, last.author_user_id, last.text) == (side, actor.user_id, text):
        return last
    message = OpinionMessage.objects.create(
        opinion=opinion, side=side, author=author, author_user_id=actor.user_id, text=text
    )
    audit(actor, opinion, "reply")
    if side != OpinionSide.OFFICE:
        tell_office(actor, opinion, f"{author}回复了反映人")
    elif opinion.status == OpinionStatus.DEPUTY:
        tell_deputy(actor, opinion, "工作人员回复了反映人")
    elif opinion.status == OpinionStatus.UNIT:
        tell_unit(actor, opinion, "工作人员回复了反映人")
    return message


def _may_speak(actor: Actor, opinion: Opinion) -> bool:
    if actor.is_deputy:
        return actor.can(Permission.OPINION_ANSWER) and opinion.mandate_id in actor.mandate_ids
    if actor.is_unit:
        return actor.can(Permission.OPINION_ANSWER) and opinion.unit_id == actor.organisation_id
    return actor.is_system or (actor.can(Permission.OPINION_SORT) and opinion.office_id == actor.organisation_id)
