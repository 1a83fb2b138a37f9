"""The roll-up of duty as .xlsx: regions with their figures, or the deputies who have not done all that is asked."""

from __future__ import annotations

from itertools import islice
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.utils import timezone

from deputies.models import DutyKind
from deputies.selectors.rollup import deputies_behind, lines_missing, roll_up, rollup_question
from liaison.numbers import quantity_text
from liaison.paging import is_storable
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.job import job_finish, job_start
from liaison.services.xlsx import Column, xlsx_write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from deputies.selectors.rollup import Question, RollUpLine
    from liaison.actor import Actor
    from liaison.models import Job
    from liaison.services.xlsx import Cell

ROLLUP_JOB = "rollup.export"
#: Names of the conditions, as in the page's address.
CONDITIONS = ("region", "year", "level", "campaign", "asked", "words")
#: Rows of deputies read at once.
CHUNK = 500
_LIST = (Column("姓名", 12), Column("届次", 22), Column("选举单位", 22), Column("还差什么", 60))


def rollup_export_start(*, actor: Actor, conditions: Mapping[str, str], what: str) -> Job:
    """Queue the workbook.

    Args:
        conditions: of the page's address.
        what: ``regions`` or ``deputies``.

    Raises:
        NotAllowed: not for this role.
    """
    actor.require(Permission.DUTY_VIEW)
    question = rollup_question(actor, conditions)
    title = "导出履职汇总" if what == "regions" else "导出尚未完成要求的代表"
    asked = {name: str(conditions.get(name, ""))[:80] for name in CONDITIONS}
    params: dict[str, Any] = {name: text if is_storable(text) else "" for name, text in asked.items()} | {"what": what}
    return job_start(actor=actor, kind=ROLLUP_JOB, title=f"{title}（{question.here.name}）", params=params)


def rollup_export(
    *, actor: Actor, conditions: Mapping[str, str], job: Job, progress: Callable[[int, int], None]
) -> Job:
    """Write what the page shows, whole, and finish the job with it.

    Args:
        conditions: as in the page's address, and ``what`` (``regions`` or ``deputies``).
    """
    actor.require(Permission.DUTY_VIEW)
    question = rollup_question(actor, conditions)
    now = timezone.localtime()
    of_regions = conditions.get("what") != "deputies"
    name = "履职汇总" if of_regions else "尚未完成要求的代表"
    about = [f"{question.year}年", *([question.campaign.title] if question.campaign else [])]
    notes = [
        f"{question.here.name}{name}（{'，'.join(about)}）",
        f"截至{now:%Y-%m-%d %H:%M}　导出人：{actor.name}（{actor.label}）",
        "数字来自履职记录；一人兼任几级代表的，按每一级分别计。只列事实，不计分、不排名。",
    ]
    columns, rows = _regions(actor, question) if of_regions else (_LIST, _deputies(actor, question, conditions))
    with TemporaryFile() as out:
        count = xlsx_write(out, sheet=name, columns=columns, rows=rows, notes=notes, progress=progress)
        out.seek(0)
        detail = {"rows": count, "region": question.here.name, "year": question.year}
        record_audit(actor=actor, action="rollup.export", title=name, detail=detail)
        file_name = f"{name}-{question.here.name}-{now:%Y%m%d}.xlsx"
        return job_finish(job=job, message=f"共{count}行。", file=File(out, name=file_name), file_name=file_name)


def _regions(actor: Actor, question: Question) -> tuple[Sequence[Column], Iterator[Sequence[Cell]]]:
    found = roll_up(actor, question)
    words = sorted(found.total.missing)
    kinds = found.kinds
    columns = (
        Column("地区", 20),
        Column("代表（名）", 12),
        Column("有要求（名）", 12),
        Column("已完成全部要求（名）", 20),
        Column("尚未完成（名）", 16),
        *(Column(f"未完成：{one}（名）", 26) for one in words),
        *(Column(f"{DutyKind(kind).label}（{DutyKind(kind).unit}）", 18) for kind in kinds),
    )

    def row(name: str, line: RollUpLine) -> list[Cell]:
        gaps = [line.missing.get(one, 0) for one in words]
        return [
            name,
            line.deputies,
            line.asked,
            line.met,
            line.behind,
            *gaps,
            *(line.sums.get(one, 0) for one in kinds),
        ]

    def rows() -> Iterator[Sequence[Cell]]:
        yield row("合计", found.total)
        for line in found.lines:
            yield row(f"{line.region.name}本级" if line.is_own else line.region.name, line)

    return columns, rows()


def _deputies(actor: Actor, question: Question, conditions: Mapping[str, str]) -> Iterator[Sequence[Cell]]:
    found = deputies_behind(actor, question, conditions.get("words", "")).order_by("home_prefix", "id")
    reader = found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(reader, CHUNK)):
        missing = lines_missing(chunk, question)
        for mandate in chunk:
            texts = [
                f"{line.quota.words}：已有{quantity_text(line.done)}{line.quota.unit}，{line.remaining_words}"
                for line in missing[mandate.pk]
            ]
            unit = mandate.electoral_unit.name if mandate.electoral_unit else ""
            yield mandate.person.name, mandate.congress.short_name, unit, "；".join(texts)
