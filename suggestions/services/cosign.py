"""Co-signing (附议): the lead deputy asks, each deputy confirms for themselves (rulebook section 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import Mandate
from liaison.exceptions import DomainError, IllegalTransition, NotFound
from liaison.models import User
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.notice import notify
from suggestions.models import Cosigner, Suggestion
from suggestions.models.cosigner import CosignerStatus
from suggestions.services.locking import lock_suggestion
from suggestions.states import SuggestionStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from liaison.actor import Actor

#: Until the number is given, deputies may still join.
OPEN_STATES = (SuggestionStatus.DRAFT, SuggestionStatus.SUBMITTED, SuggestionStatus.RETURNED)


def _lock_open(actor: Actor, public_id: UUID) -> Suggestion:
    suggestion = lock_suggestion(actor, public_id)
    if suggestion.status not in OPEN_STATES:
        raise IllegalTransition(
            f"这件建议{suggestion.get_status_display()}，附议名单不能再变动。", code="cosigning_closed"
        )
    return suggestion


def _lock_as_lead(actor: Actor, public_id: UUID) -> Suggestion:
    actor.require(Permission.SUGGESTION_WRITE)
    suggestion = _lock_open(actor, public_id)
    if suggestion.lead_person_id != actor.person_id:
        raise NotFound
    return suggestion


@transaction.atomic
def cosigner_invite(*, actor: Actor, public_id: UUID, mandate_public_ids: Iterable[UUID]) -> list[Cosigner]:
    """Ask deputies of the same congress to co-sign; who was asked before is not asked again.

    Raises:
        DomainError: one of them is not a deputy of this congress in force.
    """
    suggestion = _lock_as_lead(actor, public_id)
    wanted = set(mandate_public_ids)
    mandates = list(
        Mandate.objects.unscoped(reason="deputies ask fellow deputies of the same congress")
        .in_force()
        .filter(public_id__in=wanted, congress_id=suggestion.congress_id)
        .exclude(person_id=suggestion.lead_person_id)
        .select_related("person__user")
    )
    if len(mandates) != len(wanted):
        raise DomainError("只能邀请同一届人大的其他代表附议，请重新选择。", code="not_a_fellow_deputy")
    asked = set(suggestion.cosigners.values_list("person_id", flat=True))
    fresh = [mandate for mandate in mandates if mandate.person_id not in asked]
    cosigners = Cosigner.objects.bulk_create(
        [Cosigner(suggestion=suggestion, mandate=mandate, person=mandate.person) for mandate in fresh]
    )
    if cosigners:
        record_audit(
            actor=actor,
            action="cosigner.invite",
            target=suggestion,
            region_prefix=suggestion.region_prefix,
            detail={"people": [mandate.person.name for mandate in fresh]},
        )
        notify(
            recipients=[mandate.person.user for mandate in fresh if mandate.person.user is not None],
            kind=NoticeKind.TASK,
            title=f"{actor.name}代表邀请您附议：{suggestion.title or '(未填标题)'}",
            url=suggestion.get_absolute_url(),
        )
    return cosigners


@transaction.atomic
def cosigner_withdraw(*, actor: Actor, public_id: UUID, person_public_id: UUID) -> None:
    """Take back an invitation that is not answered yet; a confirmed co-signer stays."""
    suggestion = _lock_as_lead(actor, public_id)
    cosigner = suggestion.cosigners.select_related("person").filter(person__public_id=person_public_id).first()
    if cosigner is None:
        raise NotFound
    if cosigner.status == CosignerStatus.CONFIRMED:
        raise DomainError(f"{cosigner.person.name}代表已确认附议，不能移除。", code="already_confirmed")
    record_audit(
        actor=actor,
        action="cosigner.withdraw",
        target=suggestion,
        region_prefix=suggestion.region_prefix,
        detail={"person": cosigner.person.name},
    )
    cosigner.delete()


@transaction.atomic
def cosigner_respond(*, actor: Actor, public_id: UUID, confirm: bool) -> Cosigner:
    """A deputy who was asked confirms or declines, once.

    Raises:
        NotFound: the actor was not asked.
        IllegalTransition: answered before, or the suggestion is registered.
    """
    actor.require(Permission.SUGGESTION_COSIGN)
    suggestion = _lock_open(actor, public_id)
    cosigner = suggestion.cosigners.filter(person_id=actor.deputy_id).first()
    if cosigner is None:
        raise NotFound
    if cosigner.status != CosignerStatus.INVITED:
        raise IllegalTransition(f"您已经答复过：{cosigner.get_status_display()}。", code="already_answered")
    cosigner.status = CosignerStatus.CONFIRMED if confirm else CosignerStatus.DECLINED
    cosigner.responded_at = timezone.now()
    cosigner.save(update_fields=["status", "responded_at"])
    record_audit(
        actor=actor,
        action="cosigner.confirm" if confirm else "cosigner.decline",
        target=suggestion,
        region_prefix=suggestion.region_prefix,
    )
    notify(
        recipients=User.objects.filter(person__pk=suggestion.lead_person_id),
        kind=NoticeKind.PROGRESS,
        title=f"{actor.name}代表{'已附议' if confirm else '未附议'}：{suggestion.title or '(未填标题)'}",
        url=suggestion.get_absolute_url(),
    )
    return cosigner
