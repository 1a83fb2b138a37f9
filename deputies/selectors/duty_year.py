"""Reading yearly freezes: what is open before one, the canonical text and its hash, and what changed since."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Collate
from django.utils import timezone

from deputies.models import DutyCheck, DutyContest, DutyEntry, DutyFigure, DutyTotal, DutyYear, Mandate
from deputies.selectors.duty_file import Period, kind_words
from deputies.states import ContestStatus
from liaison.exceptions import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from deputies.models import Congress, MandateQuerySet
    from deputies.models.duty_year import DutyYearQuerySet
    from liaison.actor import Actor

#: How the freezes stand; needs ``place``.
YEAR_ORDER = ("-year", "place", "-id")
#: From this month on the running year may be closed.
LAST_MONTH = 12


def closable_years(congress: Congress) -> list[int]:
    """Past years of the congress, and the running one in December, that are not closed; newest first."""
    today = timezone.localdate()
    last = today.year if today.month == LAST_MONTH else today.year - 1
    if congress.ends_on is not None:
        last = min(last, congress.ends_on.year)
    closed = set(
        DutyYear.objects.unscoped(reason="of a congress that the actor sees")
        .filter(congress=congress)
        .values_list("year", flat=True)
    )
    return [year for year in range(last, congress.starts_on.year - 1, -1) if year not in closed]


def deputies_of_year(congress: Congress, year: int) -> MandateQuerySet:
    """The deputies who were in office on some day of the year."""
    found = Mandate.objects.unscoped(reason="of a congress that the actor keeps").filter(congress=congress)
    return found.filter(started_on__year__lte=year).filter(Q(ended_on=None) | Q(ended_on__year__gte=year))


@dataclass(frozen=True, slots=True)
class BeforeClose:
    """What stands open before a freeze.

    Args:
        unchecked: deputies with entries of the year that nobody checked, or with entries after the check.
    """

    deputies: int
    figures: int
    open_contests: int
    unchecked: int


def before_close(congress: Congress, year: int) -> BeforeClose:
    """Counts for the confirmation page (four queries)."""
    deputies = deputies_of_year(congress, year)
    contests = DutyContest.objects.unscoped(reason="counts only").filter(mandate__congress=congress)
    entries = DutyEntry.objects.unscoped(reason="counts only").filter(Period(year).condition, mandate=OuterRef("pk"))
    checks = DutyCheck.objects.unscoped(reason="counts only").filter(year=year, mandate=OuterRef("pk"))
    reached = deputies.annotate(
        newest=Subquery(entries.order_by("-pk").values("pk")[:1]),
        checked=Subquery(checks.order_by("-up_to").values("up_to")[:1]),
    )
    unchecked = reached.filter(newest__isnull=False).filter(Q(checked=None) | Q(newest__gt=F("checked")))
    return BeforeClose(
        deputies=deputies.count(),
        figures=sums_of_year(congress, year).count(),
        open_contests=contests.filter(Period(year).condition, status=ContestStatus.OPEN).count(),
        unchecked=unchecked.count(),
    )


def sums_of_year(congress: Congress, year: int):  # type: ignore[no-untyped-def]  # values(): django-stubs cannot say
    """The figures as they are now: certificate number, mandate, kind, activity kind, sum; in canonical order."""
    return (
        DutyTotal.objects.filter(mandate__congress=congress, year=year)
        .values("mandate_id", "kind", "activity_kind", certificate=F("mandate__certificate_number"))
        .annotate(sum=Sum("quantity"))
        .exclude(sum=0)
        .order_by(Collate("mandate__certificate_number", "C"), "mandate_id", "kind", "activity_kind")
    )


def canonical_lines(duty_year: DutyYear) -> Iterator[str]:
    """The text that is hashed, line by line (docs/operations.md says how anybody computes it): a head line, then
    ``certificate|kind|activity kind|quantity`` for each frozen figure, sorted by bytes."""
    figures = duty_year.figures.order_by(
        Collate("certificate_number", "C"), Collate("kind", "C"), Collate("activity_kind", "C"), "id"
    )
    yield from text_of(duty_year, figures.iterator(chunk_size=2000))


def text_of(duty_year: DutyYear, figures: Iterable[DutyFigure]) -> Iterator[str]:
    """The same of figures at hand, already in order."""
    yield f"duty-year|{duty_year.congress.public_id}|{duty_year.year}|{duty_year.deputies}|{duty_year.figures_count}"
    for figure in figures:
        yield f"{figure.certificate_number}|{figure.kind}|{figure.activity_kind}|{figure.quantity:.1f}"


def hash_of(lines: Iterable[str]) -> str:
    """SHA-256 over the lines, each ended by a line feed, in UTF-8."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def get_duty_year_for(actor: Actor, public_id: UUID | str) -> DutyYear:
    """One freeze with its congress.

    Raises:
        NotFound: no such freeze, or not visible to the actor.
    """
    found = DutyYear.objects.visible_to(actor).select_related("congress__region")
    duty_year = found.filter(public_id=public_id).first()
    if duty_year is None:
        raise NotFound
    return duty_year


def freeze_of(congress: Congress, year: int | None) -> DutyYear | None:
    """The freeze of a congress's year, for those who see one of its files."""
    found = DutyYear.objects.unscoped(reason="named in a file that the actor sees")
    return found.filter(congress=congress, year=year).first() if year else None


def duty_years(actor: Actor) -> DutyYearQuerySet:
    """The freezes that the actor sees with their congress, newest first; ``place`` is the prefix of its region."""
    found = DutyYear.objects.visible_to(actor).select_related("congress")
    return found.annotate(place=F("congress__region__prefix")).order_by(*YEAR_ORDER)


def years_closed(actor: Actor) -> list[int]:
    """The years of which the actor sees a freeze, the newest first."""
    found = DutyYear.objects.visible_to(actor).order_by("-year")
    return list(found.values_list("year", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class Correction:
    """One figure that is no longer what was frozen."""

    mandate: Mandate
    label: str
    frozen: Decimal
    now: Decimal

    @property
    def difference(self) -> Decimal:
        return self.now - self.frozen


def corrections_since(duty_year: DutyYear, *, most: int = 200) -> list[Correction]:
    """Where the ledger differs from the frozen figures, by certificate number (three queries)."""
    frozen = {
        (one.mandate_id, one.kind, one.activity_kind): one.quantity
        for one in DutyFigure.objects.filter(duty_year=duty_year)
    }
    now = {
        (row["mandate_id"], row["kind"], row["activity_kind"]): row["sum"]
        for row in sums_of_year(duty_year.congress, duty_year.year)
    }
    differ = [key for key in {*frozen, *now} if frozen.get(key, 0) != now.get(key, 0)]
    found = Mandate.objects.unscoped(reason="of a freeze that the actor sees").select_related("person")
    people = found.in_bulk({key[0] for key in differ})
    rows = [
        Correction(
            people[key[0]],
            kind_words(key[1], key[2]),
            frozen.get(key, Decimal(0)),
            now.get(key, Decimal(0)),
        )
        for key in differ
    ]
    rows.sort(key=lambda row: (row.mandate.certificate_number, row.label))
    return rows[:most]
