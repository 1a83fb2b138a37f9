"""Numbers as people read them."""

from __future__ import annotations

from decimal import Decimal


def quantity_text(value: object) -> str:
    """A quantity without idle zeros: 15, 1.5; 0 for nothing."""
    return f"{Decimal(str(value or 0)).normalize():f}"
