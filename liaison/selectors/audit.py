"""Reading the audit, for the auditor of a region."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from liaison.exceptions import NotFound
from liaison.models import AuditEntry
from liaison.registry import registry

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liaison.actor import Actor


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Conditions over the audit; an empty one does not count.

    Args:
        since, until: first and last day in Asia/Shanghai, both included.
        person: part of the name, or the whole user name.
        target: part of the title, or the whole public id.
    """

    since: dt.date | None = None
    until: dt.date | None = None
    action: str = ""
    result: str = ""
    person: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class AuditDetail:
    """What an audit row says, in words."""

    facts: list[tuple[str, str]] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)


def audit_list(actor: Actor, conditions: AuditFilter) -> QuerySet[AuditEntry]:
    """Acts in the actor's region."""
    entries = AuditEntry.objects.visible_to(actor)
    if conditions.since is not None:
        entries = entries.filter(at__gte=_midnight(conditions.since))
    if conditions.until is not None:
        entries = entries.filter(at__lt=_midnight(conditions.until + dt.timedelta(days=1)))
    if conditions.action:
        entries = entries.filter(action=conditions.action)
    if conditions.result:
        entries = entries.filter(result=conditions.result)
    if conditions.person:
        entries = entries.filter(
            Q(actor_name__icontains=conditions.person) | Q(actor_user__username__iexact=conditions.person)
        )
    if conditions.target:
        entries = entries.filter(Q(target_title__icontains=conditions.target) | Q(target_id=conditions.target))
    return entries


def get_audit_for(actor: Actor, pk: int) -> AuditEntry:
    """One act.

    Raises:
        NotFound: no such row, or not in the actor's region.
    """
    entry = AuditEntry.objects.visible_to(actor).filter(pk=pk).select_related("actor_user").first()
    if entry is None:
        raise NotFound
    return entry


def action_label(code: str) -> str:
    """Chinese wording of an action; the code itself when nobody registered one."""
    return registry.audit_labels.get(code, code)


def target_label(model_label: str) -> str:
    """Chinese noun for what was acted on."""
    if not model_label:
        return ""
    try:
        return str(apps.get_model(model_label)._meta.verbose_name)
    except LookupError:
        return model_label


def describe(entry: AuditEntry) -> AuditDetail:
    """The detail of a row: what changed from what to what, and the other values."""
    detail: dict[str, Any] = dict(entry.detail)
    old, new = detail.pop("old", None), detail.pop("new", None)
    changes: list[tuple[str, str, str]] = []
    if isinstance(old, dict) or isinstance(new, dict):
        before, after = _as_dict(old), _as_dict(new)
        changes = [(_name(key), _words(before.get(key)), _words(after.get(key))) for key in {**before, **after}]
    elif old is not None or new is not None:
        changes = [("", _words(old), _words(new))]
    return AuditDetail(facts=[(_name(key), _words(value)) for key, value in detail.items()], changes=changes)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _as_dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _name(key: str) -> str:
    return registry.audit_details.get(key, key)


def _words(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return "；".join(f"{_name(key)}：{_words(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return "、".join(_words(inner) for inner in value)
    text = str(value)
    return registry.audit_values.get(text) or "+".join(
        registry.audit_values.get(part, part) for part in text.split("+")
    )
