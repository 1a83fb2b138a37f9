"""What people do without an account: write an opinion, and by its receipt code answer back, rate, open it again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from liaison.actor import ANONYMOUS
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotFound, TooLarge
from liaison.filetypes import UnacceptableFile
from liaison.permissions import Permission
from liaison.photographs import without_notes
from liaison.services.attachment import attachment_add, check_upload
from suggestions.models import Opinion, OpinionChannel, OpinionMessage, OpinionSide, Rating
from suggestions.selectors.opinion_open import find_by_receipt
from suggestions.services.opinion_core import (
    PICTURE_SLOT,
    account_of,
    audit,
    clean,
    code_of,
    keep,
    prepare,
    required,
    take_step,
    tell_deputy,
    tell_office,
    tell_unit,
    touch,
)
from suggestions.services.opinion_duty import opinion_duty
from suggestions.states import OpinionStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from django.core.files.base import File

    from liaison.actor import Actor
    from suggestions.selectors.opinion_open import Target

#: What people type.
TEXTS = ("text", "place", "contact_name", "contact_phone")
MOST_PICTURES = 3
PICTURE_BYTES = 10 * 1024 * 1024
#: So many texts of the person stand in one thread at most.
MOST_WORDS = 30
_PERSON = "反映人"
_OPEN_CHANNELS = {OpinionChannel.QR, OpinionChannel.ONLINE}


def opinion_submit(
    *,
    actor: Actor,
    client_token: UUID,
    channel: str,
    values: Mapping[str, Any],
    target: Target,
    uploads: Sequence[File[Any]] = (),
) -> tuple[Opinion, str]:
    """An opinion from anybody. One for a deputy with an account is theirs to answer in time at once.

    Args:
        client_token: of the form; sending it twice finds the first opinion.
        channel: ``qr`` or ``online``.
        values: text, and what may be empty: place, contact_name, contact_phone.
        target: to whom, from ``opinion_target``.
        uploads: photographs, kept without what the camera wrote beside the picture.

    Returns:
        The opinion and its receipt code, which is kept nowhere but as a keyed hash.

    Raises:
        DomainError: the form was sent before with another text (``form_used``).
        InvalidInput, TooLarge: something is missing or too much; messages by field.
    """
    opinion = _opinion(client_token, channel, values, target)
    fields = clean(opinion)
    if fields:
        raise InvalidInput("还有内容没有填好，请补充后再提交。", fields=fields)
    pictures = clean_pictures(uploads)
    code = prepare(opinion)
    if account_of(opinion) is not None:
        opinion.status = OpinionStatus.DEPUTY
        opinion.answer_by = timezone.now() + target.rules.promise
    try:
        _keep(actor, opinion, pictures, target)
    except IntegrityError:  # hardly ever, so it is not asked for before
        known = Opinion.objects.filter(client_token=client_token).first()
        if known is None:
            raise
        return _again(known, opinion)
    return opinion, code


def _keep(actor: Actor, opinion: Opinion, pictures: list[File[Any]], target: Target) -> None:
    """All of it or nothing, also no number: a form that arrives a second time waits here for the first and fails.

    To a station and without pictures, ``keep`` is one statement and so a transaction by itself: in a burst, nobody
    waits for Python between the number that it takes and the commit that gives it free.
    """
    if not pictures and opinion.mandate_id is None and not connection.in_atomic_block:
        keep(actor, opinion, rules=target.rules, calendar=target.calendar)
        return
    with transaction.atomic():
        keep(actor, opinion, rules=target.rules, calendar=target.calendar)
        for picture in pictures:
            attachment_add(actor=actor, owner=opinion, slot=PICTURE_SLOT, upload=picture)
        if opinion.status == OpinionStatus.DEPUTY:
            tell_deputy(actor, opinion, f"收到群众反映，请在{target.rules.deputy_hours}小时内答复", task=True)


def _opinion(client_token: UUID, channel: str, values: Mapping[str, Any], target: Target) -> Opinion:
    if channel not in _OPEN_CHANNELS:
        raise ValueError(f"the public does not come by {channel}")
    return Opinion(
        client_token=client_token,
        channel=channel,
        station=target.station,
        mandate=target.mandate,
        office=target.office,
        region_prefix=target.region_prefix,
        **{name: str(values.get(name) or "") for name in TEXTS},
    )


def _again(known: Opinion, typed: Opinion) -> tuple[Opinion, str]:
    """The same form once more: the first opinion and its code, unless it says something else now."""
    names = (*TEXTS, "station_id", "mandate_id")
    if any(getattr(known, name) != getattr(typed, name) for name in names):
        raise DomainError(
            "这张表单已经提交过一件。您现在填写的是另一件，内容仍在下方，请再按一次提交。", code="form_used"
        )
    return known, code_of(known.client_token)


def clean_pictures(uploads: Iterable[File[Any]]) -> list[File[Any]]:
    """Photographs that tell nothing but what one sees on them.

    Raises:
        InvalidInput, TooLarge: too many, too large, no photograph; the message belongs to ``uploads``.
    """
    uploads = list(uploads)
    if len(uploads) > MOST_PICTURES:
        message = f"最多上传{MOST_PICTURES}张照片，请去掉几张再提交。"
        raise InvalidInput(message, fields={"uploads": message})
    pictures: list[File[Any]] = []
    for upload in uploads:
        if (upload.size or 0) > PICTURE_BYTES:
            message = f"每张照片不超过{PICTURE_BYTES // 1024 // 1024} MB，请换一张小一些的，或者用手机截图后上传。"
            raise TooLarge(message, fields={"uploads": message})
        name, mime = check_upload(upload, field="uploads")
        try:
            picture = without_notes(upload, mime)
        except UnacceptableFile as refused:
            raise InvalidInput(refused.reason, fields={"uploads": refused.reason}) from None
        picture.name = name
        pictures.append(picture)
    return pictures


# -- by receipt code -----------------------------------------------------------------------------------
def _person(actor: Actor) -> Actor:
    """Whoever holds the receipt code: no account, no name."""
    return replace(
        ANONYMOUS,
        name=_PERSON,
        label="凭回执码",
        permissions=frozenset({Permission.OPINION_RECORD}),
        ip=actor.ip,
        request_id=actor.request_id,
    )


def _locked(code: str) -> Opinion:
    found = find_by_receipt(code)
    if found is None:
        raise NotFound("没有查到这个回执码，请核对后再试。")
    locked = Opinion.objects.select_for_update(of=("self",)).select_related(
        "office", "station", "unit", "mandate__person__user", "same_as"
    )
    return locked.get(pk=found.pk)


@transaction.atomic
def opinion_say(*, actor: Actor, code: str, text: str) -> OpinionMessage:
    """The person adds something; whoever handles the opinion is told.

    Raises:
        NotFound: no such code.
        DomainError: the thread is full (``too_many_words``).
    """
    opinion = _locked(code)
    person = _person(actor)
    text = required(text, "text", "请写下您要补充的内容。", most=1000)
    said = opinion.messages.filter(side=OpinionSide.PERSON)
    last = said.last()
    if last is not None and last.text == text:
        return last
    if said.count() >= MOST_WORDS:
        raise DomainError("补充的次数太多了。请等待答复，或者拨打联络站电话。", code="too_many_words")
    message = OpinionMessage.objects.create(opinion=opinion, side=OpinionSide.PERSON, author=_PERSON, text=text)
    audit(person, opinion, "say")
    _tell_handlers(person, opinion, "反映人补充了内容")
    return message


def _tell_handlers(actor: Actor, opinion: Opinion, title: str) -> None:
    if opinion.status == OpinionStatus.DEPUTY and opinion.mandate is not None:
        tell_deputy(actor, opinion, title)
    elif opinion.status == OpinionStatus.UNIT and opinion.unit is not None:
        tell_unit(actor, opinion, title)
    tell_office(actor, opinion, title)


@transaction.atomic
def opinion_rate(*, actor: Actor, code: str, rating: str, words: str = "") -> Opinion:
    """The person rates the answer, once; an answered opinion is closed by it.

    Raises:
        IllegalTransition: there is no answer yet, or it was rated before (``already_rated``).
    """
    opinion = _locked(code)
    person = _person(actor)
    if rating not in Rating.values:
        raise InvalidInput("请选择一项评价。", fields={"rating": "请选择一项评价。"})
    words = words.strip()[:300]
    if opinion.rating:
        if (opinion.rating, opinion.rating_words) == (rating, words):
            return opinion
        raise IllegalTransition("您已经评价过这次答复。", code="already_rated")
    values = {"rating": rating, "rating_words": words, "rated_at": timezone.now()}
    if opinion.status == OpinionStatus.CLOSED:
        for name, value in values.items():
            setattr(opinion, name, value)
        touch(opinion, *values)
        audit(person, opinion, "rate", rating=rating)
        if opinion.brought_by_id or opinion.mandate_id:
            opinion_duty(person, opinion)
        return opinion
    take_step(person, opinion, "rate", reason=Rating(rating).label, closed_at=timezone.now(), **values)
    if rating == Rating.DISSATISFIED:
        tell_office(person, opinion, "反映人对答复不满意")
    return opinion


@transaction.atomic
def opinion_not_solved(*, actor: Actor, code: str, reason: str) -> Opinion:
    """The person says that it is not solved: it goes back to be sorted anew, once.

    Raises:
        IllegalTransition: it is open anyway.
        DomainError: it was opened again before (``reopened_before``).
    """
    opinion = _locked(code)
    person = _person(actor)
    reopen(person, opinion, reason)
    return opinion


def reopen(actor: Actor, opinion: Opinion, reason: str) -> None:
    """Open a locked opinion again; one grouped under another goes its own way from here."""
    reason = required(reason, "reason", "请写明哪些问题还没有解决。", most=1000)
    take_step(
        actor,
        opinion,
        "reopen",
        reason=reason,
        reopened=True,
        same_as=None,
        rating="",
        rating_words="",
        rated_at=None,
        closed_at=None,
        tell_since=None,
    )
    OpinionMessage.objects.create(
        opinion=opinion, side=OpinionSide.PERSON, author=_PERSON, author_user_id=actor.user_id, text=reason
    )
    tell_office(actor, opinion, "反映人说还没有解决，请重新分办", task=True)
