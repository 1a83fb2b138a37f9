"""Rates of an appraisal in words: never without their numerator and denominator (rulebook 3, appraisal)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from votes.models import Round
    from votes.selectors.result import ResultSheet


def rate_texts(round_: Round) -> dict[int, str]:
    """Position of a line → ``96.7%（87/90）``; empty for a vote on projects."""
    lines = (round_.result or {}).get("lines", ())
    return {line["position"]: _rate(line["numerator"], line["denominator"]) for line in lines if "denominator" in line}


def _rate(numerator: int, denominator: int) -> str:
    if not denominator:
        return "无有效票（0/0）"
    rate = (Decimal(numerator) * 100 / Decimal(denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{rate}%（{numerator}/{denominator}）"


def conclusion_of(round_: Round, sheet: ResultSheet) -> str:
    """What the count came to, in one sentence."""
    rates = rate_texts(round_)
    if not rates:
        return sheet.conclusion
    return "；".join(f"{line.name}：{line.outcome}，满意率{rates[line.position]}" for line in sheet.lines) + "。"
