"""The audit: one row an act, in the same transaction as the act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from liaison.actor import NO_REGION
from liaison.models import AuditEntry
from liaison.models.audit import EVERY_REGION, AuditResult

if TYPE_CHECKING:
    from django.db.models import Model

    from liaison.actor import Actor

#: Never written to the audit, whatever a caller hands over.
SECRET_KEYS = frozenset({"password", "token", "secret", "code", "choice", "phone", "passphrase"})


def record_audit(
    *,
    actor: Actor,
    action: str,
    target: Model | None = None,
    title: str = "",
    result: AuditResult = AuditResult.SUCCESS,
    detail: dict[str, Any] | None = None,
    region_prefix: str | None = None,
) -> AuditEntry:
    """Write one audit row; the arguments are those of ``audit_row``."""
    entry = audit_row(
        actor=actor,
        action=action,
        target=target,
        title=title,
        result=result,
        detail=detail,
        region_prefix=region_prefix,
    )
    entry.save(force_insert=True)
    return entry


def audit_row(
    *,
    actor: Actor,
    action: str,
    target: Model | None = None,
    title: str = "",
    result: AuditResult = AuditResult.SUCCESS,
    detail: dict[str, Any] | None = None,
    region_prefix: str | None = None,
) -> AuditEntry:
    """One audit row, to be written with others.

    Args:
        action: ``<noun>.<verb>``; its Chinese wording is registered with ``registry.add_audit_labels``.
        target: what was acted on; its type, public id and title are kept.
        title: title of the target when ``str(target)`` is not it.
        detail: old and new values and the like; keys that name secrets are masked, at any depth.
        region_prefix: the region whose auditor sees it; the actor's when omitted (every auditor's for
            somebody who is not signed in or has no posting).
    """
    return AuditEntry(
        actor_user_id=actor.user_id,
        actor_name=actor.name,
        actor_label=actor.label,
        region_prefix=_region_of(actor) if region_prefix is None else region_prefix,
        action=action,
        target_type=target._meta.label if target is not None else "",
        target_id=str(getattr(target, "public_id", target.pk)) if target is not None else "",
        target_title=(title or (str(target) if target is not None else ""))[:200],
        result=result,
        ip=actor.ip,
        request_id=actor.request_id,
        detail=_masked(detail or {}),
    )


def _region_of(actor: Actor) -> str:
    return EVERY_REGION if actor.is_anonymous or actor.region_prefix == NO_REGION else actor.region_prefix


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: ("***" if key in SECRET_KEYS and inner else _masked(inner)) for key, inner in value.items()}
    return [_masked(inner) for inner in value] if isinstance(value, list | tuple) else value
