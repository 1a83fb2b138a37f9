"""Path converters."""

from __future__ import annotations

import datetime as dt


class DayConverter:
    """A day in an address: ``2026-10-01``."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        """The day; ValueError (no such address) for one that does not exist."""
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        return value.isoformat()
