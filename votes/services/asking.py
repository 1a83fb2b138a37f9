"""Telling what asked for an appraisal its result (``registry.appraisal_done``): no package below is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.registry import AppraisalLine, AppraisalResult, registry
from votes.selectors.result import sheet_of
from votes.states import RoundStatus

if TYPE_CHECKING:
    from liaison.actor import Actor
    from votes.models import Round


def tell_asker(actor: Actor, round_: Round) -> None:
    """Hand the declared or void result down, in the same transaction; nothing for votes that nobody asked for."""
    kind = round_.asked_by.split(":")[0]
    if not kind:
        return
    registry.appraisal_done[kind](actor, result_of(round_))


def result_of(round_: Round) -> AppraisalResult:
    """A round's result as the asker reads it."""
    if round_.status == RoundStatus.VOID or round_.result is None:
        return AppraisalResult(key=round_.asked_by, reason=round_.void_reason)
    sheet = sheet_of(round_.result, kind=round_.kind, scale=round_.scale)
    lines = tuple(
        AppraisalLine(
            name=line.name,
            counts=line.counts,
            numerator=raw["numerator"],
            denominator=raw["denominator"],
            overall=line.outcome,
            arithmetic=line.sum_text,
        )
        for line, raw in zip(sheet.lines, round_.result["lines"], strict=True)
    )
    return AppraisalResult(key=round_.asked_by, lines=lines, arithmetic=sheet.arithmetic)
