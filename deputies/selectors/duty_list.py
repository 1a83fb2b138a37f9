"""The list of duty files: each deputy with how many requirements of the year are met. No ranking: the list is by name
or certificate number only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deputies.models import DutyCheck, DutyContest
from deputies.selectors.duty_file import Period
from deputies.selectors.quota import quota_lines
from deputies.states import ContestStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deputies.models import Mandate, MandateQuerySet
    from deputies.selectors.quota import QuotaLine

#: Met or not is decided over the sums of a whole congress, not of a province.
STATE_NEEDS_CONGRESS = "请先选择届次，再按履职要求筛选。"


@dataclass(frozen=True, slots=True)
class FileRow:
    """One deputy of the list."""

    mandate: Mandate
    lines: list[QuotaLine]
    is_checked: bool
    contests: int

    @property
    def met(self) -> int:
        return sum(line.is_met for line in self.lines)

    @property
    def behind(self) -> list[QuotaLine]:
        """What is missing."""
        return [line for line in self.lines if not line.is_met]


def file_rows(mandates: Iterable[Mandate], year: int) -> list[FileRow]:
    """The rows of a page (five queries, however many)."""
    found = list(mandates)
    ids = [mandate.pk for mandate in found]
    lines = quota_lines(found, year=year)
    checks = DutyCheck.objects.unscoped(reason="of mandates in scope").filter(mandate_id__in=ids, year=year)
    checked = set(checks.values_list("mandate_id", flat=True))
    contests = DutyContest.objects.unscoped(reason="of mandates in scope").filter(Period(year).condition)
    contests = contests.filter(mandate_id__in=ids, status=ContestStatus.OPEN)
    open_of = list(contests.values_list("mandate_id", flat=True))
    return [FileRow(mandate, lines[mandate.pk], mandate.pk in checked, open_of.count(mandate.pk)) for mandate in found]


def mandates_in_state(mandates: MandateQuerySet, state: str, year: int) -> MandateQuerySet:
    """Those of one congress who have met all requirements of a year (``met``), or not (``behind``); four queries."""
    found = list(mandates.order_by("id"))
    lines = quota_lines(found, year=year)
    behind = {pk for pk, own in lines.items() if any(not line.is_met for line in own)}
    wanted = behind if state == "behind" else {mandate.pk for mandate in found} - behind
    return mandates.filter(pk__in=wanted)
