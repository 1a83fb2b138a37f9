"""The list of deputies as .xlsx, phone numbers masked (个人信息保护法)."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

from django.core.files.base import File
from django.utils import timezone

from deputies.models import TagKind
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.job import job_finish, job_start
from liaison.services.xlsx import Cell, Column, xlsx_write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from deputies.models import Mandate, MandateQuerySet
    from liaison.actor import Actor
    from liaison.models import Job

EXPORT_JOB = "deputies.export"
CHUNK = 500
COLUMNS = (
    Column("代表证号", 16),
    Column("姓名", 12),
    Column("性别", 8),
    Column("民族", 10),
    Column("出生年月", 12),
    Column("手机号码", 16),
    Column("工作单位", 30),
    Column("职务", 18),
    Column("层级", 8),
    Column("届次", 22),
    Column("选举单位", 20),
    Column("代表类别", 12),
    Column("行业", 20),
    Column("专长", 20),
    Column("任期开始", 14),
    Column("资格终止日", 14),
    Column("终止原因", 16),
)


def deputies_export_start(*, actor: Actor, conditions: dict[str, str]) -> Job:
    """Queue an export of the list.

    Args:
        conditions: the query string of the list: saved view and filters.

    Raises:
        NotAllowed: the role may not export.
    """
    actor.require(Permission.DEPUTY_EXPORT)
    return job_start(actor=actor, kind=EXPORT_JOB, title="导出代表名册", params={"conditions": conditions})


def deputies_export(
    *,
    actor: Actor,
    job: Job,
    mandates: MandateQuerySet,
    conditions: Sequence[str],
    progress: Callable[[int, int], None],
) -> None:
    """Write the file and finish the job.

    Args:
        mandates: of ``roster(actor)``, filtered; read in chunks, so memory does not grow with the rows.
        conditions: what was asked for, in words, for the head of the file and the audit.
        progress: ``(done, total)``.

    Raises:
        NotAllowed: the role may not export (any more).
    """
    actor.require(Permission.DEPUTY_EXPORT)
    mandates = mandates.order_by("home_prefix", "id")
    total = mandates.order_by().count()
    now = timezone.localtime()
    notes = [
        "人大代表名册",
        f"导出时间：{now:%Y-%m-%d %H:%M}　导出人：{actor.name}（{actor.label}）",
        f"条件：{'；'.join(conditions) or '全部在任'}　手机号码已隐去中间四位。",
    ]
    with tempfile.TemporaryFile() as target:
        count = xlsx_write(
            target, sheet="代表名册", columns=COLUMNS, rows=_rows(mandates), notes=notes, total=total, progress=progress
        )
        target.seek(0)
        record_audit(
            actor=actor,
            action="deputy.export",
            title="代表名册",
            detail={"rows": count, "conditions": list(conditions)},
        )
        job_finish(
            job=job,
            message=f"共{count}名代表，手机号码已隐去中间四位。",
            file=File(target),
            file_name=f"代表名册{now:%Y%m%d}.xlsx",
        )


def _rows(mandates: MandateQuerySet) -> Iterator[Sequence[Cell]]:
    for mandate in mandates.iterator(chunk_size=CHUNK):
        yield _row(mandate)


def _row(mandate: Mandate) -> Sequence[Cell]:
    person, congress = mandate.person, mandate.congress
    tags = list(person.tags.all())
    phone = person.phone
    return (
        mandate.certificate_number,
        person.name,
        person.get_gender_display(),
        person.ethnicity,
        f"{person.birth_month:%Y-%m}" if person.birth_month else "",
        f"{phone[:3]}****{phone[-4:]}" if phone else "",
        person.employer,
        person.post,
        congress.get_level_display(),
        congress.short_name,
        mandate.electoral_unit.name if mandate.electoral_unit else "",
        mandate.get_profession_class_display(),
        "、".join(tag.name for tag in tags if tag.kind == TagKind.INDUSTRY),
        "、".join(tag.name for tag in tags if tag.kind == TagKind.EXPERTISE),
        mandate.started_on,
        mandate.ended_on,
        mandate.end_reason,
    )
