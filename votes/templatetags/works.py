"""Amounts of 万元 on the pages of projects: ``{% amount value %}``, ``{% amount_rate used invested %}``."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template

from votes.selectors.change import amount_text

register = template.Library()


@register.simple_tag
def amount(value: Any) -> str:
    """320.50 → 320.5: an amount without needless zeros; the unit stands beside it."""
    return amount_text(value)


@register.simple_tag
def amount_rate(used: Decimal, invested: Decimal) -> str:
    """65.6%（210/320万元）: never a rate without what it is made of."""
    parts = f"（{amount_text(used)}/{amount_text(invested)}万元）"
    if not invested:
        return f"暂无{parts}"
    rate = (Decimal(used) * 100 / Decimal(invested)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{rate}%{parts}"
