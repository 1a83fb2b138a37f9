"""What the roll-up of project votes adds up (民生实事票决汇总): lines of figures, no query."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import TYPE_CHECKING

from votes.models import SummaryLevel

if TYPE_CHECKING:
    from liaison.models import Region


@dataclass(slots=True)
class Figures:
    """Counted things of one line; money in 万元."""

    congresses: int = 0
    voting: int = 0
    projects: int = 0
    investment: Decimal = Decimal(0)
    finished: int = 0
    finish_base: int = 0
    satisfied: int = 0
    rated: int = 0

    def add(self, other: Figures) -> None:
        """Count another line into this one."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    @property
    def yuan(self) -> Decimal:
        """The money in yuan, for the ``money`` filter."""
        return self.investment * 10_000


@dataclass(slots=True)
class Line:
    """One region, year and level.

    Args:
        portal: what the system counted; ``congresses`` are those on the portal.
        entered: what staff entered; None when nothing was.
        under_row: congresses on the portal in regions that also have an entered row.
        register, register_in_rows: congresses by the register of divisions, and those of them in regions with a row.
    """

    year: int
    prefix: str
    level: str
    portal: Figures = field(default_factory=Figures)
    entered: Figures | None = None
    under_row: int = 0
    register: int = 0
    register_in_rows: int = 0

    @property
    def level_label(self) -> str:
        return SummaryLevel(self.level).label

    @property
    def is_reported(self) -> bool:
        """Whether anything is known, from the portal or by hand."""
        return self.entered is not None or self.portal.congresses > 0

    @property
    def total(self) -> Figures:
        """Portal and entered together; the denominator of the coverage by the rule above."""
        total = Figures()
        total.add(self.portal)
        if self.entered is not None:
            total.add(self.entered)
        entered = self.entered.congresses if self.entered is not None else 0
        total.congresses = entered + self.under_row + max(self.register - self.register_in_rows, 0)
        return total

    @property
    def may_count_twice(self) -> bool:
        """Whether more congresses stand in the rows and on the portal than there are."""
        entered = self.entered.congresses if self.entered is not None else 0
        return self.under_row > 0 and entered + self.under_row > self.register_in_rows


#: (year, prefix, level) → line.
Lines = dict[tuple[int, str, str], Line]


@dataclass(slots=True)
class RollUp:
    """The page: the region with those above it, its years, and the regions below in the chosen year.

    Args:
        way: from the actor's own region down to the one shown.
        years: newest first.
        by_year: year → its lines (county, township).
        below: (region, or None for what belongs to the region itself; its lines).
    """

    way: list[Region]
    years: list[int]
    year: int
    by_year: dict[int, list[Line]]
    below: list[tuple[Region, list[Line]]]

    @property
    def here(self) -> Region:
        return self.way[-1]

    @property
    def totals(self) -> list[Line]:
        """The lines of the chosen year."""
        return self.by_year.get(self.year, [])
