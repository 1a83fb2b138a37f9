"""Drafts: only the lead deputy opens them for writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from liaison.exceptions import IllegalTransition, NotFound
from liaison.selectors.attachment import attachments_of
from liaison.selectors.history import history_of, last_act_text
from suggestions.models import Suggestion
from suggestions.selectors.suggestion import due_of, get_suggestion_for, open_due
from suggestions.states import SuggestionStatus

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from liaison.actor import Actor
    from liaison.models import Attachment

EDITABLE_STATES = (SuggestionStatus.DRAFT, SuggestionStatus.RETURNED)


def get_draft_for(actor: Actor, public_id: UUID) -> Suggestion:
    """A suggestion that the lead deputy may still write on.

    Raises:
        NotFound: no such suggestion, or the actor does not lead it.
        IllegalTransition: it is submitted.
    """
    draft = get_suggestion_for(actor, public_id)
    if draft.lead_person_id != actor.deputy_id:
        raise NotFound
    if draft.status not in EDITABLE_STATES:
        raise IllegalTransition(f"这件建议已经提交，不能再修改。{last_act_text(draft)}", code="already_submitted")
    return draft


def may_change_lead(suggestion: Suggestion) -> bool:
    """Whether the deputy may still take another mandate: never submitted, and nobody of the congress asked."""
    return suggestion.status == SuggestionStatus.DRAFT and not suggestion.cosigners.all()


def get_own_by_token(actor: Actor, client_token: UUID) -> Suggestion:
    """The deputy's own suggestion that a form made.

    Raises:
        NotFound: no suggestion came of that form, or somebody else's.
    """
    found = Suggestion.objects.visible_to(actor).filter(lead_person_id=actor.deputy_id, client_token=client_token)
    suggestion = found.first()
    if suggestion is None:
        raise NotFound
    return suggestion


def own_url(actor: Actor, client_token: UUID) -> str:
    """Where the suggestion that a form made is gone on with, or read when it is submitted; the list when it is gone."""
    try:
        suggestion = get_own_by_token(actor, client_token)
    except NotFound:
        return reverse("suggestions:mine")
    if suggestion.status in EDITABLE_STATES:
        return reverse("suggestions:edit", args=[suggestion.public_id])
    return suggestion.get_absolute_url()


def get_submitted_for(actor: Actor, public_id: UUID) -> tuple[Suggestion, dt.date | None]:
    """A suggestion that the lead deputy has submitted, and by when the office hands it over.

    Raises:
        NotFound: no such suggestion, not submitted, or the actor does not lead it.
    """
    suggestion = (
        Suggestion.objects.visible_to(actor)
        .filter(public_id=public_id, lead_person_id=actor.deputy_id)
        .exclude(status__in=EDITABLE_STATES)
        .select_related("office", "congress__settings")
        .annotate(due_on=open_due(("suggestion_handover",)))
        .first()
    )
    if suggestion is None:
        raise NotFound
    return suggestion, due_of(suggestion)


def materials_of(draft: Suggestion | None) -> list[Attachment]:
    """The files that a draft has so far."""
    return attachments_of(draft, "material") if draft is not None else []


def return_reason(draft: Suggestion | None) -> str:
    """Why the office gave it back the last time; "" for a draft that was never returned."""
    if draft is None or draft.status != SuggestionStatus.RETURNED:
        return ""
    last = history_of(draft).filter(act="return").last()
    return last.reason if last else ""
