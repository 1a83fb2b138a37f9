"""Suggestions and opinions from before the duty ledger enter it (``manage.py duty_backfill``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from liaison.actor import system_actor
from suggestions.models import Opinion, Suggestion
from suggestions.services.opinion_duty import opinion_duty
from suggestions.services.suggestion_duty import suggestion_duty

if TYPE_CHECKING:
    from collections.abc import Callable

_WHO = system_actor("履职台账补录")


def load(say: Callable[[str], None]) -> None:
    """Every suggestion with a number, every opinion with a deputy; run again it writes nothing."""
    numbered = Suggestion.objects.unscoped(reason="the backfill sees all").filter(number__isnull=False)
    say(f"代表建议：{_each_suggestion(list(numbered.order_by('pk').values_list('pk', flat=True)))}件")
    heard = Opinion.objects.unscoped(reason="the backfill sees all")
    heard = heard.filter(Q(brought_by__isnull=False) | Q(mandate__isnull=False))
    say(f"社情民意：{_each_opinion(list(heard.order_by('pk').values_list('pk', flat=True)))}件")


def _each_suggestion(ids: list[int]) -> int:
    for pk in ids:
        with transaction.atomic():
            found = Suggestion.objects.unscoped(reason="the backfill sees all").select_for_update(of=("self",))
            suggestion_duty(_WHO, found.get(pk=pk))
    return len(ids)


def _each_opinion(ids: list[int]) -> int:
    for pk in ids:
        with transaction.atomic():
            found = Opinion.objects.unscoped(reason="the backfill sees all").select_for_update(of=("self",))
            opinion_duty(_WHO, found.get(pk=pk))
    return len(ids)
