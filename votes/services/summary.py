"""Yearly rows for places that do not use the portal (年度手工汇总), and the roll-up as a workbook."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from deputies.services.checks import clean_model, require_fresh
from liaison.dates import cn_datetime
from liaison.exceptions import InvalidInput, NotFound
from liaison.models.region import RegionLevel
from liaison.permissions import Permission
from liaison.selectors.region import get_region
from liaison.services.audit import record_audit
from liaison.services.job import job_finish
from liaison.services.xlsx import Column, xlsx_write
from votes.models import SummaryLevel, YearSummary
from votes.selectors.summary import RULES, require_staff, years_below
from votes.selectors.summary_row import regions_to_enter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from uuid import UUID

    from liaison.actor import Actor
    from liaison.models import Job
    from liaison.services.xlsx import Cell

NUMBERS = ("congresses", "voting", "projects", "investment", "finished", "satisfied", "rated")
ONCE = "这个地区这一年度、这一层级已经填报过，请在那一行上修改。"


@transaction.atomic
def summary_save(
    *, actor: Actor, public_id: UUID | None = None, version: str = "", values: Mapping[str, Any]
) -> YearSummary:
    """Enter a row, or change one.

    Args:
        public_id: of the row to change; None for a new one.
        version: of the row as the form showed it.
        values: region_code, year, level, the numbers, source.

    Raises:
        NotFound: no such row in the actor's subtree.
        InvalidInput: a value is missing, wrong or does not fit the others; messages by field.
        StaleVersion: somebody changed the row in between.
    """
    require_staff(actor)
    row = YearSummary() if public_id is None else _lock(actor, public_id, version)
    actor.require(Permission.PROGRAMME_EDIT)
    before = {name: str(getattr(row, name)) for name in NUMBERS} if row.pk else {}
    _assign(actor, row, values)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "yearsummary_once" not in str(error):
            raise
        raise InvalidInput(ONCE, fields={"year": ONCE}) from error
    detail: dict[str, Any] = {name: str(getattr(row, name)) for name in NUMBERS}
    record_audit(
        actor=actor,
        action="summary.edit" if before else "summary.create",
        target=row,
        region_prefix=row.region.prefix,
        detail={name: value for name, value in detail.items() if before.get(name) != value},
    )
    return row


@transaction.atomic
def summary_delete(*, actor: Actor, public_id: UUID) -> None:
    """Take a row out; what it said stays in its history and in the audit."""
    row = _lock(actor, public_id, "")
    actor.require(Permission.PROGRAMME_EDIT)
    record_audit(
        actor=actor,
        action="summary.delete",
        target=row,
        region_prefix=row.region.prefix,
        detail={name: str(getattr(row, name)) for name in NUMBERS},
    )
    row.delete()


def _lock(actor: Actor, public_id: UUID, version: str) -> YearSummary:
    rows = YearSummary.objects.visible_to(actor).select_for_update(of=("self",)).select_related("region")
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise NotFound
    require_fresh(row.updated_at, version)
    return row


def _assign(actor: Actor, row: YearSummary, values: Mapping[str, Any]) -> None:
    """Take over what was typed; every message stands by its field."""
    fields: dict[str, str] = {}
    region = regions_to_enter(actor).filter(code=values.get("region_code") or "").first()
    if region is None:
        fields["region_code"] = "请选择本地区或下级地区。"
    else:
        row.region = region
        if values.get("level") == SummaryLevel.COUNTY and region.level == RegionLevel.TOWNSHIP:
            fields["level"] = "乡镇只能填报乡级。"
    row.year, row.level = values.get("year") or 0, values.get("level") or ""
    row.source = " ".join(str(values.get("source") or "").split())
    for name in NUMBERS:
        setattr(row, name, values.get(name))
    try:
        clean_model(row, exclude=["region"])
    except InvalidInput as error:
        fields = error.fields | fields
    fields = _unfitting(values) | fields
    if fields:
        raise InvalidInput("还没有填好。", fields=fields)


def _unfitting(typed: Mapping[str, Any]) -> dict[str, str]:
    """Numbers that cannot be true together; what is missing is said elsewhere."""
    congresses, voting, projects, _, finished, satisfied, rated = (typed.get(name) for name in NUMBERS)
    fields = {}
    if voting is not None and congresses is not None and voting > congresses:
        fields["voting"] = f"实行票决的不能多于人大数{congresses}。"
    if finished is not None and projects is not None and finished > projects:
        fields["finished"] = f"完成的不能多于票决项目{projects}件。"
    if (satisfied is None) != (rated is None):
        fields["rated" if rated is None else "satisfied"] = "满意票和有效测评票要么都填，要么都不填。"
    elif satisfied is not None and rated is not None and satisfied > rated:
        fields["satisfied"] = f"满意票不能多于有效测评票{rated}张。"
    if voting == 0 and projects:
        fields["projects"] = "没有人大实行票决，就没有票决项目。"
    return fields


# ── the workbook ─────────────────────────────────────────────────────────────────────────────────
COLUMNS = (
    Column("年度", 8),
    Column("地区", 24),
    Column("层级", 8),
    Column("人大数", 10),
    Column("实行票决", 10),
    Column("覆盖率（%）", 12),
    Column("票决项目（件）", 14),
    Column("投入资金（万元）", 18),
    Column("完成项目（件）", 14),
    Column("完成率（%）", 12),
    Column("满意票", 10),
    Column("有效测评票", 12),
    Column("满意率（%）", 12),
    Column("其中手工汇总：人大数", 20),
    Column("其中手工汇总：实行票决", 22),
    Column("其中手工汇总：项目（件）", 24),
    Column("其中手工汇总：资金（万元）", 26),
)


def summary_export(*, actor: Actor, code: str, job: Job, progress: Callable[[int, int], None]) -> Job:
    """Write all years of a region and of those below it as .xlsx, and finish the job with it.

    Args:
        code: the region; must lie in the actor's subtree.
    """
    require_staff(actor)
    region = get_region(code)
    if not region.prefix.startswith(actor.region_prefix):
        raise NotFound
    with TemporaryFile() as out:
        count = xlsx_write(
            out,
            sheet="民生实事票决汇总",
            columns=COLUMNS,
            rows=_cells(actor, code),
            notes=[f"{region}民生实事票决汇总，{cn_datetime(timezone.now())}由{actor.name}导出", *RULES],
            progress=progress,
        )
        out.seek(0)
        name = f"民生实事票决汇总-{region.name}-{timezone.localdate():%Y%m%d}.xlsx"
        return job_finish(job=job, message=f"共{count}行。", file=File(out, name=name), file_name=name)


def _cells(actor: Actor, code: str) -> Iterator[list[Cell]]:
    for region, lines in years_below(actor, get_region(code)):
        for line in lines:
            total, entered = line.total, line.entered
            yield [
                line.year,
                region.full_name or region.name,
                line.level_label,
                total.congresses,
                total.voting,
                _rate(total.voting, total.congresses),
                total.projects,
                total.investment,
                total.finished if total.finish_base else None,
                _rate(total.finished, total.finish_base),
                total.satisfied if total.rated else None,
                total.rated or None,
                _rate(total.satisfied, total.rated),
                *((entered.congresses, entered.voting, entered.projects, entered.investment) if entered else ()),
            ]


def _rate(numerator: int, denominator: int) -> Decimal | None:
    return (Decimal(numerator) * 100 / denominator).quantize(Decimal("0.1"), ROUND_HALF_UP) if denominator else None
