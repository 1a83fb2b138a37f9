"""Yearly coverage (年度覆盖): every grass-roots deputy met at least once, and who should meet whom next; leading-cadre
deputies with at least one group activity.

Source: Hunan 2023 (both opinions): each grass-roots deputy is invited to at least one contact a year; leading-cadre
deputies take part in at least one group activity a year. A deputy who sits on the standing committee keeps contact and
is not counted among those to be met.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Sum

from deputies.models import ActivityKind, ContactDeputy, DutyKind, DutyTotal, ProfessionClass
from deputies.selectors.committee import grassroots, in_force, linked_member_ids, links_of, members_of, nearness
from deputies.states import ContactStatus

if TYPE_CHECKING:
    from deputies.models import CommitteeMember, Congress, Mandate

NO_UNIT = "未登记选举单位"


@dataclass(frozen=True, slots=True)
class Gap:
    """A deputy without a contact (or a group activity) in the year.

    Args:
        planned: contacts to which they are invited and that are still to come.
        member: who should meet them next; None when there is no member, or for cadres.
        reason: why this member.
    """

    mandate: Mandate
    planned: int = 0
    member: CommitteeMember | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One electoral unit: deputies in force and how many are covered."""

    name: str
    total: int
    covered: int

    @property
    def open(self) -> int:
        return self.total - self.covered


@dataclass(frozen=True, slots=True)
class Coverage:
    """A year's coverage of one kind of deputies."""

    year: int
    total: int
    covered: int
    gaps: list[Gap]
    units: list[UnitLine]
    members: list[CommitteeMember]

    @property
    def open(self) -> int:
        """How many are missing."""
        return len(self.gaps)

    @property
    def unplanned(self) -> int:
        """How many of the missing are not planned either."""
        return sum(1 for gap in self.gaps if not gap.planned)


def contact_coverage(congress: Congress, year: int) -> Coverage:
    """Grass-roots deputies met in a year (five queries, however many they are)."""
    mandates = grassroots(congress)
    rows = (
        ContactDeputy.objects.filter(contact__congress=congress, contact__on__year=year)
        .values_list("mandate_id")
        .annotate(
            met=Count("pk", filter=Q(met=True, contact__status__in=[ContactStatus.HELD, ContactStatus.RECORDED])),
            planned=Count("pk", filter=Q(contact__status=ContactStatus.PLANNED)),
        )
    )
    met: set[int] = set()
    planned: dict[int, int] = {}
    for mandate_id, met_count, planned_count in rows:
        if met_count:
            met.add(mandate_id)
        planned[mandate_id] = planned_count
    open_ = [mandate for mandate in mandates if mandate.pk not in met]
    members = members_of(congress)
    gaps = _who_next(open_, planned, members, linked_member_ids(links_of(congress, year)), _load(congress, year))
    return Coverage(year, len(mandates), len(mandates) - len(open_), gaps, _units(mandates, met), members)


def _load(congress: Congress, year: int) -> Counter[int]:
    """Member id → deputies whom they met or plan to meet in a year."""
    found = ContactDeputy.objects.filter(contact__congress=congress, contact__on__year=year)
    found = found.exclude(contact__status=ContactStatus.CANCELLED).filter(contact__members__isnull=False)
    return Counter(dict(found.values_list("contact__members").annotate(n=Count("pk"))))


def _who_next(
    mandates: list[Mandate],
    planned: dict[int, int],
    members: list[CommitteeMember],
    linked: dict[int, int],
    load: Counter[int],
) -> list[Gap]:
    """The member who keeps contact; otherwise the one with the fewest planned, and among those the nearest."""
    by_pk = {member.pk: member for member in members}
    gaps = []
    for mandate in mandates:
        member = by_pk.get(linked.get(mandate.pk, 0))
        reason = "固定联系" if member else ""
        if member is None and members:
            member = min(members, key=lambda one: (load[one.pk], -nearness(one, mandate), one.pk))
            reason = "今年安排最少" + ("，同一选举单位" if nearness(member, mandate) == 3 else "")
        if member is not None and not planned.get(mandate.pk):
            load[member.pk] += 1
        gaps.append(Gap(mandate, planned.get(mandate.pk, 0), member, reason))
    return gaps


def cadre_coverage(congress: Congress, year: int) -> Coverage:
    """Leading-cadre deputies with a group activity in a year, from the ledger (two queries)."""
    mandates = list(
        in_force(congress).filter(profession_class=ProfessionClass.CADRE).order_by("electoral_unit__name", "id")
    )
    sums = (
        DutyTotal.objects.filter(
            mandate__in=mandates, year=year, kind=DutyKind.ACTIVITY, activity_kind=ActivityKind.GROUP
        )
        .values_list("mandate_id")
        .annotate(done=Sum("quantity"))
    )
    done = {mandate_id for mandate_id, quantity in sums if quantity >= Decimal(1)}
    gaps = [Gap(mandate) for mandate in mandates if mandate.pk not in done]
    return Coverage(year, len(mandates), len(mandates) - len(gaps), gaps, _units(mandates, done), [])


def _units(mandates: list[Mandate], covered: set[int]) -> list[UnitLine]:
    total: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for mandate in mandates:
        name = mandate.electoral_unit.name if mandate.electoral_unit else NO_UNIT
        total[name] += 1
        done[name] += mandate.pk in covered
    return [UnitLine(name, total[name], done[name]) for name in total]


#: Saved views: code → (label, what is counted, how it is read).
COVERAGE_VIEWS: dict[str, tuple[str, str, Any]] = {
    "contact": ("联系基层代表", "已联系", contact_coverage),
    "cadre": ("领导干部代表参加小组活动", "已参加", cadre_coverage),
}
