"""The one-page statistic of transfers: handed over, opinion in time, converted; by domain and by year."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.db.models import Count, Q
from django.db.models.functions import ExtractYear

from liaison.selectors.deadline import light_q
from suggestions.models.transfer import TransferOpinion
from suggestions.selectors.transfer_desk import Conditions, scoped

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from liaison.actor import Actor


@dataclass(slots=True)
class Figures:
    """Counted transfers of one line.

    ``due`` are those whose opinion should be there: given, or missing after the due day. A clock that
    still runs or stands still is in neither part of the rate.
    """

    transferred: int = 0
    given: int = 0
    in_time: int = 0
    late: int = 0
    missing: int = 0
    running: int = 0
    paused: int = 0
    converted: int = 0
    declined: int = 0
    already: int = 0

    @property
    def due(self) -> int:
        return self.given + self.missing

    @property
    def pending(self) -> int:
        """Not due yet: running within its time, or paused."""
        return self.running + self.paused

    def add(self, other: Figures) -> None:
        """Count another line into this one."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


#: What the database counts; ``running`` is what is left over.
_COUNTED = tuple(one.name for one in fields(Figures) if one.name != "running")


@dataclass(slots=True)
class Line:
    """One line of a table."""

    label: str
    figures: Figures = field(default_factory=Figures)


@dataclass(slots=True)
class Statistics:
    """Both tables and their total."""

    by_domain: list[Line]
    by_year: list[Line]
    total: Figures


#: Columns of the tables and of the workbook: (heading, attribute); a pair of attributes is a rate.
COLUMNS: tuple[tuple[str, str | tuple[str, str]], ...] = (
    ("转交", "transferred"),
    ("应反馈", "due"),
    ("按期反馈", "in_time"),
    ("按期反馈率", ("in_time", "due")),
    ("逾期反馈", "late"),
    ("超期未反馈", "missing"),
    ("期限内", "running"),
    ("暂停", "paused"),
    ("已反馈", "given"),
    ("转化立案", "converted"),
    ("转化率", ("converted", "given")),
    ("不转化", "declined"),
    ("已在办", "already"),
)


def transfer_statistics(actor: Actor, conditions: Conditions, *, today: dt.date | None = None) -> Statistics:
    """Counts of the transfers that were sent, as far as the actor sees them (one query).

    Args:
        conditions: domain, year of the transfer, region.
        today: for what is overdue; today in Asia/Shanghai when omitted.
    """
    rows = (
        scoped(actor, conditions)
        .filter(transferred_at__isnull=False)
        .order_by()
        .annotate(year=ExtractYear("transferred_at"))
        .values("domain__position", "domain__name", "year")
        .annotate(
            transferred=Count("pk"),
            given=Count("pk", filter=Q(opinion_at__isnull=False)),
            in_time=Count("pk", filter=Q(opinion_in_time=True)),
            late=Count("pk", filter=Q(opinion_in_time=False)),
            missing=Count("pk", filter=light_q("overdue", today, prefix="deadlines__")),
            paused=Count("pk", filter=light_q("paused", today, prefix="deadlines__")),
            converted=Count("pk", filter=Q(converted=True)),
            declined=Count("pk", filter=Q(opinion=TransferOpinion.DECLINE)),
            already=Count("pk", filter=Q(opinion=TransferOpinion.ALREADY)),
        )
        .order_by("domain__position", "domain__name", "year")
    )
    domains: dict[str, Line] = {}
    years: dict[int, Line] = {}
    total = Figures()
    for row in map(dict[str, Any], rows):
        domain, year = row["domain__name"], row["year"]
        figures = Figures(**{name: row[name] for name in _COUNTED})
        figures.running = figures.transferred - figures.given - figures.missing - figures.paused
        domains.setdefault(domain, Line(domain)).figures.add(figures)
        years.setdefault(year, Line(f"{year}年")).figures.add(figures)
        total.add(figures)
    return Statistics(list(domains.values()), [years[year] for year in sorted(years)], total)


def statistics_workbook(statistics: Statistics, *, title: str) -> bytes:
    """Both tables as an .xlsx file; rates as percentages that Excel can sort, beside what they are made of.

    Args:
        title: what the figures cover, above each table.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#F7F5F2", "text_wrap": True})
        rate = book.add_format({"num_format": "0.0%", "border": 1})
        cell = book.add_format({"border": 1})
        bold = book.add_format({"bold": True, "font_size": 14})
        for name, label, lines in (("按领域", "领域", statistics.by_domain), ("按年度", "年度", statistics.by_year)):
            sheet = book.add_worksheet(name)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            sheet.set_column(0, 0, 24)
            sheet.set_column(1, len(COLUMNS), 11)
            sheet.write_string(0, 0, title, bold)
            sheet.write_row(2, 0, [label, *(heading for heading, _ in COLUMNS)], head)
            for number, line in enumerate([*lines, Line("合计", statistics.total)], start=3):
                sheet.write_string(number, 0, line.label, cell)
                for column, value in enumerate(_values(line.figures), start=1):
                    if isinstance(value, str):
                        sheet.write_string(number, column, value, cell)
                    else:
                        sheet.write_number(number, column, value, rate if isinstance(value, float) else cell)
    return out.getvalue()


def _values(figures: Figures) -> Iterable[Any]:
    """The cells of a line: counts, rates as fractions, 暂无 where nothing was counted."""
    for _, source in COLUMNS:
        if isinstance(source, str):
            yield getattr(figures, source)
        else:
            numerator, denominator = (getattr(figures, name) for name in source)
            yield numerator / denominator if denominator else "暂无"
