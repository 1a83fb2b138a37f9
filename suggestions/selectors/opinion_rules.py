"""The periods of opinions (社情民意): what an office's newest congress has set (rulebook, marks P and D)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func

from deputies.models import CongressSettings
from liaison.selectors.fixed import FixedQuery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import OuterRef, QuerySet

_NAMES = ("opinion_sorting_working_days", "opinion_deputy_hours", "opinion_unit_months")


@dataclass(frozen=True, slots=True)
class OpinionRules:
    """In how many working days an office sorts, hours a deputy answers (快应答), months a unit answers."""

    sorting_days: int = 2
    deputy_hours: int = 24
    unit_months: int = 1

    @property
    def promise(self) -> dt.timedelta:
        """How long a deputy has."""
        return dt.timedelta(hours=self.deputy_hours)

    @property
    def deputy_days(self) -> int:
        """The same for a clock, which counts days."""
        return -(-self.deputy_hours // 24)


def rules_query(office_id: int | OuterRef) -> QuerySet[CongressSettings, Any]:
    """What the newest congress of an office has set, in one column for ``rules_of``."""
    newest = CongressSettings.objects.filter(congress__office_id=office_id).order_by("-congress__term", "-pk")
    all_in_one = Func(
        *_NAMES, template="ARRAY[%(expressions)s]", output_field=ArrayField(models.PositiveSmallIntegerField())
    )
    return newest.values_list(all_in_one, flat=True)[:1]


def rules_of(found: Sequence[int] | None) -> OpinionRules:
    """What ``rules_query`` found; the defaults where no congress is kept."""
    return OpinionRules(*found) if found else OpinionRules()


_RULES = FixedQuery(rules_query)


def opinion_rules(office_id: int) -> OpinionRules:
    """The periods of an office (one query)."""
    found = _RULES(office_id)
    return rules_of(found[0][0] if found else None)
