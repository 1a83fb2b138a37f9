"""Hot topics (热点): what people told the hotline in a month, by class and by place, beside the month before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q
from django.db.models.functions import Left
from django.utils import timezone

from liaison.models import Region
from suggestions.models import HotlineOrder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from liaison.actor import Actor

#: The chart shows so many; the table and the workbook show all.
MOST_BARS = 12
NO_CLASS = "未分类"
#: How far back a month may be asked for.
MONTHS_BACK = 24


@dataclass(frozen=True, slots=True)
class Topic:
    """One line: what, how often in the month, and in the month before.

    Args:
        key: in the address, to look into it; "" when there is nothing below.
    """

    label: str
    count: int
    before: int
    key: str = ""

    @property
    def change(self) -> str:
        """The difference in words."""
        if self.count == self.before:
            return "持平"
        return f"多{self.count - self.before}件" if self.count > self.before else f"少{self.before - self.count}件"


@dataclass(frozen=True, slots=True)
class Topics:
    """A month's figures.

    Args:
        month: its first day.
        top: the class that is looked into; "" for all.
        place: the division that is looked into.
    """

    month: dt.date
    top: str
    place: Region | None
    total: int
    before: int
    by_class: list[Topic]
    by_place: list[Topic]
    by_kind: list[Topic]


def month_of(text: str) -> dt.date:
    """The month of ``2026-11``; the present one for anything else."""
    today = timezone.localdate()
    try:
        month = dt.date.fromisoformat(f"{text}-01") if len(text) == 7 else today.replace(day=1)
    except ValueError:
        month = today.replace(day=1)
    return month if month in months() else today.replace(day=1)


def months() -> list[dt.date]:
    """Months that may be asked for, the newest first."""
    month, found = timezone.localdate().replace(day=1), []
    for _ in range(MONTHS_BACK):
        found.append(month)
        month = _previous(month)
    return found


def _previous(month: dt.date) -> dt.date:
    return (month - dt.timedelta(days=1)).replace(day=1)


def _bounds(month: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The month's first moment and that of the next, Asia/Shanghai."""
    following = (month + dt.timedelta(days=32)).replace(day=1)
    zone = timezone.get_current_timezone()
    return dt.datetime.combine(month, dt.time(), zone), dt.datetime.combine(following, dt.time(), zone)


def hotline_topics(actor: Actor, *, month: dt.date, top: str = "", place: str = "") -> Topics:
    """The figures of a month; orders made of our own reports are no new matters and are not counted.

    Args:
        top: a first-level class to look into.
        place: the code of a division to look into.
    """
    begins, ends = _bounds(month)
    earlier, _ = _bounds(_previous(month))
    region = Region.objects.visible_to(actor).filter(code=place).first() if place else None
    if region is None or not region.prefix.startswith(actor.region_prefix):
        region = Region.objects.visible_to(actor).filter(prefix=actor.region_prefix).first()
    prefix = region.prefix if region else actor.region_prefix
    rows = HotlineOrder.objects.visible_to(actor).brought().filter(accepted_at__gte=earlier, accepted_at__lt=ends)
    rows = rows.filter(region_prefix__startswith=prefix)
    if top:
        rows = rows.filter(class_top="" if top == NO_CLASS else top)
    now, before = Q(accepted_at__gte=begins), Q(accepted_at__lt=begins)
    counts: dict[str, Any] = {"now": Count("pk", filter=now), "then": Count("pk", filter=before)}
    total = rows.aggregate(**counts)
    digits = next((length for length in (2, 4, 6, 9) if length > len(prefix)), 9)
    by_class: QuerySet[Any, Any] = (
        rows.order_by().values(name=F("class_path" if top else "class_top")).annotate(**counts)
    )
    by_place: QuerySet[Any, Any] = rows.order_by().values(name=Left("region_prefix", digits)).annotate(**counts)
    by_kind: QuerySet[Any, Any] = rows.order_by().values(name=F("kind")).annotate(**counts)
    kinds = dict(HotlineOrder._meta.get_field("kind").flatchoices)
    names = _names(actor, (row["name"] for row in by_place))
    return Topics(
        month=month,
        top=top,
        place=region,
        total=total["now"],
        before=total["then"],
        by_class=_sorted(
            Topic(_class_name(row["name"], top), row["now"], row["then"], "" if top else row["name"] or NO_CLASS)
            for row in by_class
        ),
        by_place=_sorted(
            Topic(
                names[row["name"]].name if row["name"] in names else row["name"],
                row["now"],
                row["then"],
                names[row["name"]].code if row["name"] in names and row["name"] != prefix and digits < 9 else "",
            )
            for row in by_place
        ),
        by_kind=_sorted(Topic(kinds.get(row["name"], row["name"]), row["now"], row["then"]) for row in by_kind),
    )


def _class_name(path: str, top: str) -> str:
    """Below a class its own name is not said again."""
    if not path:
        return NO_CLASS
    return path.removeprefix(f"{top}/").replace("/", "－") if top else path


def _names(actor: Actor, prefixes: Iterable[str]) -> dict[str, Region]:
    found = Region.objects.visible_to(actor).filter(prefix__in=list(prefixes))
    return {region.prefix: region for region in found}


def _sorted(lines: Iterable[Topic]) -> list[Topic]:
    return sorted(lines, key=lambda one: (-one.count, -one.before, one.label))
