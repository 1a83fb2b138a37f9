"""Lights (期限灯): how near a due day is, in one place for lists, records, statistics and the inbox."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

#: From so many days before the due day it is 临期, and 紧急.
AMBER_DAYS = 10
RED_DAYS = 3

#: The most urgent first.
ORDER = ("overdue", "red", "amber", "green", "paused", "met")


@dataclass(frozen=True, slots=True)
class Light:
    """The light of one deadline: ``code`` is one of ``ORDER``, its word stands in the template tags.

    ``days_left`` is negative when overdue; None when the clock does not run.
    """

    code: str
    days_left: int | None = None
    days_left_text: str = ""


def light_of(
    due_on: dt.date | None,
    *,
    today: dt.date | None = None,
    paused: bool = False,
    met_on: dt.date | None = None,
) -> Light | None:
    """The light of a due day; None when there is none.

    Args:
        due_on: the last day; it is overdue from 00:00 (Asia/Shanghai) of the next one.
        today: today in Asia/Shanghai when omitted.
        paused: the clock stands still.
        met_on: the day on which the act was done.
    """
    if due_on is None:
        return None
    if met_on is not None:
        late = (met_on - due_on).days
        return Light("met", days_left_text="按期" if late <= 0 else f"晚{late}天")
    if paused:
        return Light("paused")
    left = (due_on - (today or timezone.localdate())).days
    return Light(code_of(left), left, days_left_text(left))


def code_of(days_left: int) -> str:
    """The colour for so many days left."""
    if days_left < 0:
        return "overdue"
    if days_left <= RED_DAYS:
        return "red"
    return "amber" if days_left <= AMBER_DAYS else "green"


def urgency(code: str | None) -> int:
    """A number to sort by, the most urgent first; what has time yet and what has no clock are alike."""
    return ORDER.index(code) if code in ORDER[: ORDER.index("green")] else ORDER.index("green")


def days_left_text(days_left: int) -> str:
    """今天到期, 明天到期, 还剩5天, 已超2天."""
    if days_left < 0:
        return f"已超{-days_left}天"
    return {0: "今天到期", 1: "明天到期"}.get(days_left, f"还剩{days_left}天")


def most_urgent(codes: list[str]) -> str | None:
    """The most urgent of some lights; None of none."""
    return min(codes, key=ORDER.index, default=None)
