"""Setting when reminders are sent, for each kind of deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from liaison.exceptions import InvalidInput, NotFound, StaleVersion
from liaison.models import ReminderRule
from liaison.permissions import Permission
from liaison.registry import registry
from liaison.reminding import Rule
from liaison.selectors.reminder import default_rule
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison.actor import Actor

MOST_THRESHOLDS = 10


@transaction.atomic
def reminder_rule_edit(
    *, actor: Actor, kind: str, days_before: Iterable[int], overdue_every: int, seen: str | None = None
) -> Rule:
    """Set the thresholds of a kind. They hold from the next scan on, also for open deadlines.

    Args:
        days_before: 0 to 365, at most ten.
        overdue_every: 1 to 90 days.
        seen: the rule that the page showed, as ``Rule.text``; None when that does not matter.

    Raises:
        NotAllowed, NotFound: without the permission; no such kind.
        InvalidInput: a number is out of range.
        StaleVersion: somebody changed the rule in between.
    """
    actor.require(Permission.REMINDER_EDIT)
    days = list(days_before)
    fields = {}
    if not days or len(set(days)) > MOST_THRESHOLDS or not all(0 <= day <= 365 for day in days):
        fields["days_before"] = f"请填写1至{MOST_THRESHOLDS}个0至365的天数。"
    if not 1 <= overdue_every <= 90:
        fields["overdue_every"] = "请填写1至90。"
    if fields:
        raise InvalidInput("有内容需要更正。", fields=fields)
    row, old = _locked(kind)
    if seen is not None and seen != old.text:
        raise StaleVersion(f"您打开页面之后，这条规则已被改为“{old.text}”。请核对后再保存，您填写的内容仍在下方。")
    new = Rule.of(days, overdue_every)
    if new == old:
        return new
    row.days_before, row.overdue_every = list(new.days_before), new.overdue_every
    row.save()
    _audit(actor, "reminder_rule.edit", kind, old, new)
    return new


@transaction.atomic
def reminder_rule_reset(*, actor: Actor, kind: str) -> Rule:
    """Go back to the thresholds that the kind was registered with.

    Raises:
        NotAllowed, NotFound: as for ``reminder_rule_edit``.
    """
    actor.require(Permission.REMINDER_EDIT)
    row, old = _locked(kind)
    new = default_rule(kind)
    ReminderRule.objects.filter(pk=row.pk).delete()
    if new != old:
        _audit(actor, "reminder_rule.reset", kind, old, new)
    return new


def _locked(kind: str) -> tuple[ReminderRule, Rule]:
    """The row, locked or new, and the rule that holds now."""
    if kind not in registry.deadline_kinds:
        raise NotFound
    row = ReminderRule.objects.select_for_update().filter(pk=kind).first()
    if row is None:
        return ReminderRule(pk=kind), default_rule(kind)
    return row, Rule.of(row.days_before, row.overdue_every)


def _audit(actor: Actor, action: str, kind: str, old: Rule, new: Rule) -> None:
    title = registry.deadline_kinds[kind].label
    record_audit(actor=actor, action=action, title=title, detail={"old": old.text, "new": new.text})
