"""The duty ledger: entered by events, never twice, never changed, always summed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum

from deputies.models import DutyEntry, DutyKind, DutyTotal
from deputies.services.duty import DutyFact, duty_clear, duty_set
from liaison.actor import system_actor

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
ACTOR = system_actor()
DAY = dt.date(2026, 3, 9)


def fact(cast: Cast, kind: str = DutyKind.DEED, **given: object) -> DutyFact:
    asked: dict[str, object] = {"on": DAY, "title": "帮助村民修水渠", "mandate_id": cast.mandates["deputy"].pk}
    return DutyFact(kind=kind, **(asked | given))  # type: ignore[arg-type]


def total(kind: str, year: int = 2026) -> Decimal:
    return DutyTotal.objects.filter(kind=kind, year=year).aggregate(sum=Sum("quantity"))["sum"] or Decimal(0)


def test_the_same_facts_twice_are_one_entry_and_a_correction_reverses(cast: Cast) -> None:
    source = cast.mandates["deputy"].congress
    days = fact(cast, DutyKind.RESEARCH_DAYS, quantity=Decimal("1.5"))
    assert duty_set(actor=ACTOR, source=source, facts=[fact(cast), days]) == 2
    assert duty_set(actor=ACTOR, source=source, facts=[fact(cast), days]) == 0
    more = fact(cast, DutyKind.RESEARCH_DAYS, quantity=2)
    assert duty_set(actor=ACTOR, source=source, facts=[fact(cast), more], reason="天数更正") == 2
    assert total(DutyKind.RESEARCH_DAYS) == 2
    assert total(DutyKind.DEED) == 1
    assert DutyEntry.objects.standing().count() == 2
    assert DutyEntry.objects.get(reverses__isnull=False).reason == "天数更正"
    # back to the first figure: a third revision, not the first one come alive
    assert duty_set(actor=ACTOR, source=source, facts=[fact(cast), days]) == 2
    assert total(DutyKind.RESEARCH_DAYS) == Decimal("1.5")
    assert duty_clear(actor=ACTOR, source=source, reason="活动取消") == 2
    assert total(DutyKind.RESEARCH_DAYS) == total(DutyKind.DEED) == 0


def test_the_ledger_can_only_be_added_to(cast: Cast) -> None:
    duty_set(actor=ACTOR, source=cast.mandates["deputy"].congress, facts=[fact(cast)])
    with pytest.raises(DatabaseError), transaction.atomic():
        DutyEntry.objects.update(quantity=5)
    with pytest.raises(DatabaseError), transaction.atomic():
        DutyEntry.objects.all().delete()
    twice = DutyEntry.objects.get()
    twice.pk, twice.public_id = None, uuid4()
    with pytest.raises(DatabaseError), transaction.atomic():
        twice.save()


def test_sums_are_by_the_day_of_the_deed(cast: Cast) -> None:
    source = cast.mandates["deputy"].congress
    late = fact(cast, DutyKind.PEOPLE_VISITED, on=dt.date(2025, 12, 31), quantity=15)
    duty_set(actor=ACTOR, source=source, facts=[late])
    assert (total(DutyKind.PEOPLE_VISITED, 2025), total(DutyKind.PEOPLE_VISITED, 2026)) == (15, 0)
