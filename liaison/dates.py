"""Dates in Chinese for texts that no template renders: letters, notices, error messages."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def cn_date(day: dt.date) -> str:
    """2026年11月21日."""
    return f"{day.year}年{day.month}月{day.day}日"


def cn_datetime(moment: dt.datetime) -> str:
    """2026年11月21日14:32, Asia/Shanghai."""
    at = timezone.localtime(moment)
    return f"{cn_date(at.date())}{at:%H:%M}"
