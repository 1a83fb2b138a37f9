"""Reports, judgings and deeds for tests, made by the services as people make them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone

from deputies.models import Deed, DeputyReport, DutyEntry, Judging
from deputies.services.deed import DeedFacts, deed_record
from deputies.services.judging import JudgingFacts, judge_add, judging_create, judging_open, judging_papers
from deputies.services.judging_score import score_save, scores_submit
from deputies.services.report import report_save, report_submit
from deputies.services.report_author import author_invite, author_respond
from deputies.services.report_receive import report_accept
from deputies.services.report_transfer import report_transfer
from tests.cast import Cast

TEXT = "走访了三个村。\n渠道淤塞，灌溉困难。\n建议列入今年的水利计划。"


def draft(cast: Cast, who: str = "deputy", **values: Any) -> DeputyReport:
    """A draft that lacks nothing."""
    given = {"kind": "research", "title": "八字哨镇灌溉渠调研", "summary": "", "text": TEXT} | values
    return report_save(actor=cast.actor(who), client_token=uuid4(), values=given, version=None)


def submitted(cast: Cast, who: str = "deputy", **values: Any) -> DeputyReport:
    """Handed in."""
    return report_submit(actor=cast.actor(who), public_id=draft(cast, who, **values).public_id, version=None)


def accepted(cast: Cast, who: str = "deputy", **values: Any) -> DeputyReport:
    """Taken by the city's office."""
    found = submitted(cast, who, **values)
    return report_accept(actor=cast.actor("insider"), public_id=found.public_id, version=None)


def signed(cast: Cast, report: DeputyReport, who: str = "cosigner", *, confirm: bool = True) -> None:
    """A co-author asked, and what they said."""
    mandate = cast.mandates[who].public_id
    author_invite(actor=cast.actor("deputy"), public_id=report.public_id, mandate_id=mandate)
    author_respond(actor=cast.actor(who), public_id=report.public_id, answer="confirm" if confirm else "decline")


def transferred(cast: Cast, report: DeputyReport, *units: str, **values: Any) -> list[Any]:
    """To these organs of the cast (``unit`` when none is named)."""
    ids = [cast.offices[name].public_id for name in units or ("unit",)]
    given = {"requirement": "请研究并反馈。", "version": None} | values
    return report_transfer(actor=cast.actor("insider"), public_id=report.public_id, unit_ids=ids, **given)


def entries(source: Any) -> list[tuple[str, str, int]]:
    """What the ledger holds of a source now: (deputy, kind, quantity), by name."""
    standing = DutyEntry.objects.unscoped(reason="tests").standing().filter(source_id=source.pk)
    standing = standing.filter(source_type__model=source._meta.model_name)
    found = standing.values_list("mandate__person__name", "kind", "quantity")
    return sorted((name, kind, int(quantity)) for name, kind, quantity in found)


# ── judging ──────────────────────────────────────────────────────────────────────────────────────────
JUDGES = ("insider", "approver", "other_deputy")


def facts(**values: Any) -> JudgingFacts:
    today = timezone.localdate()
    given: dict[str, Any] = {
        "title": "微报告评选",
        "starts_on": today,
        "ends_on": today + dt.timedelta(days=10),
        "criteria": [("问题导向", Decimal(60)), ("建议可行", Decimal(40))],
    } | values
    return JudgingFacts(**given)


def prepared(cast: Cast, papers: list[DeputyReport], judges: tuple[str, ...] = JUDGES, **values: Any) -> Judging:
    """With papers and judges, not begun."""
    actor = cast.actor("insider")
    judging = judging_create(actor=actor, facts=facts(**values))
    ids = [paper.public_id for paper in papers]
    judging_papers(actor=actor, public_id=judging.public_id, report_ids=ids)
    for name in judges:
        judge_add(actor=actor, public_id=judging.public_id, user=cast.users[name])
    return judging


def opened(cast: Cast, papers: list[DeputyReport], judges: tuple[str, ...] = JUDGES, **values: Any) -> Judging:
    judging = prepared(cast, papers, judges, **values)
    return judging_open(actor=cast.actor("insider"), public_id=judging.public_id)


def score(cast: Cast, judging: Judging, who: str, report: DeputyReport, *points: str | int) -> None:
    """What a judge gives one report, by criterion."""
    entry = judging.entries.get(report=report)
    criteria = judging.criteria.order_by("position").values_list("pk", flat=True)
    given = dict(zip(criteria, map(Decimal, points), strict=False))
    score_save(actor=cast.actor(who), judging_id=judging.public_id, entry_id=entry.public_id, points=given)


def scored(cast: Cast, judging: Judging, points: dict[str, list[tuple[int, int]]]) -> Judging:
    """Every judge scores every paper in its order and submits; an empty tuple skips one's own."""
    papers = [entry.report for entry in judging.entries.select_related("report").order_by("position")]
    for who, rows in points.items():
        for report, row in zip(papers, rows, strict=True):
            if row:
                score(cast, judging, who, report, *row)
        scores_submit(actor=cast.actor(who), judging_id=judging.public_id)
    judging.refresh_from_db()
    return judging


# ── deeds ────────────────────────────────────────────────────────────────────────────────────────────
def deed(cast: Cast, who: str = "deputy", **values: Any) -> Deed:
    """Written down by the deputy."""
    given: dict[str, Any] = {
        "title": "修好两公里灌溉渠",
        "for_whom": "高桥村十二户村民",
        "on": timezone.localdate(),
        "helped_phone": "13812345678",
    } | values
    return deed_record(actor=cast.actor(who), client_token=uuid4(), facts=DeedFacts(**given))
