"""Duty files as .docx (履职档案): one deputy's, or all of a congress in one .zip; from a template that staff edit in
WPS or Word. No phone, no employer, and numbers in titles covered (个人信息保护法: the least)."""

from __future__ import annotations

import re
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from django.core.files.base import ContentFile, File
from django.utils import timezone
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from deputies.selectors.duty_file import Period, asked_of, file_entries, kind_sums, last_check
from deputies.selectors.duty_scope import get_file_mandate, get_read_congress
from deputies.selectors.duty_year import deputies_of_year
from liaison.dates import cn_date
from liaison.exceptions import DomainError, InvalidInput
from liaison.masking import mask_text
from liaison.services.audit import record_audit
from liaison.services.job import job_finish, job_start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from decimal import Decimal
    from uuid import UUID

    from deputies.models import DutyEntry, Mandate
    from liaison.actor import Actor
    from liaison.models import Job

FILE_JOB, FILES_JOB = "duty.file", "duty.files"
#: ``manage.py build_duty_file`` made the first one.
TEMPLATE = Path(__file__).resolve().parent.parent / "sheets" / "duty_file.docx"
#: What XML 1.0 cannot hold, and what no file name may.
_NOT_XML = re.compile("[^\n\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_NAME = re.compile(r'[\\/:*?"<>|\s]')


def duty_file_start(*, actor: Actor, mandate_id: UUID | str, period: Period) -> Job:
    """Queue one deputy's file.

    Raises:
        NotFound: the actor does not see it.
    """
    mandate = get_file_mandate(actor, mandate_id)
    title = f"{mandate.person.name}履职档案（{period.label}）"
    params = {"mandate": str(mandate.public_id), "year": period.year}
    return job_start(actor=actor, kind=FILE_JOB, title=title, params=params)


def duty_files_start(*, actor: Actor, congress_id: UUID | str, year: int) -> Job:
    """Queue the files of all deputies of a congress.

    Raises:
        NotFound, NotAllowed: not visible, or a congress above.
        InvalidInput: nobody was in office then.
    """
    congress = get_read_congress(actor, congress_id)
    if not deputies_of_year(congress, year).exists():
        raise InvalidInput(f"{year}年没有在任代表。", fields={"year": f"{year}年没有在任代表。"})
    title = f"{congress.short_name}{year}年履职档案（全部代表）"
    return job_start(
        actor=actor, kind=FILES_JOB, title=title, params={"congress": str(congress.public_id), "year": year}
    )


def duty_file_write(*, actor: Actor, job: Job, mandate_id: str, period: Period) -> None:
    """What the worker does for one deputy."""
    mandate = get_file_mandate(actor, mandate_id)
    content = render_file(mandate, period)
    _note(actor, mandate.person, period, 1)
    job_finish(
        job=job,
        message="不含电话、单位等个人信息。",
        file=ContentFile(content),
        file_name=f"{_name_of(mandate, period)}.docx",
    )


def duty_files_write(
    *, actor: Actor, job: Job, congress_id: str, year: int, progress: Callable[[int, int], None]
) -> None:
    """What the worker does for a congress: one file after the other into the archive, so memory does not grow."""
    congress = get_read_congress(actor, congress_id)
    mandates = deputies_of_year(congress, year).select_related("person", "congress__region", "electoral_unit")
    total, period = mandates.count(), Period(year)
    with tempfile.TemporaryFile() as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:  # .docx is compressed already
            for done, mandate in enumerate(mandates.order_by("certificate_number").iterator(chunk_size=100), start=1):
                archive.writestr(f"{_name_of(mandate, period)}.docx", render_file(mandate, period))
                progress(done, total)
        target.seek(0)
        _note(actor, congress, period, total)
        job_finish(
            job=job,
            message=f"共{total}名代表，每人一份。",
            file=File(target),
            file_name=f"{_NOT_NAME.sub('', congress.short_name)}{year}年履职档案.zip",
        )


def _note(actor: Actor, target: Any, period: Period, rows: int) -> None:
    record_audit(actor=actor, action="duty.export", target=target, detail={"period": period.label, "rows": rows})


def _name_of(mandate: Mandate, period: Period) -> str:
    return _NOT_NAME.sub("", f"{mandate.certificate_number}{mandate.person.name}{period.label}履职档案")


def render_file(mandate: Mandate, period: Period) -> bytes:
    """Fill the template for one deputy.

    Raises:
        DomainError: the template is missing, damaged or asks for an unknown name (``letter_template``).
    """
    out = BytesIO()
    try:
        document = DocxTemplate(TEMPLATE)
        document.render(
            _plain(context_of(mandate, period)), SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
        )
        document.save(out)
    except (OSError, TemplateError, PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise DomainError(
            f"履职档案模板“{TEMPLATE.name}”有误，未能生成。请联系系统管理员修正模板。({error})", code="letter_template"
        ) from error
    return out.getvalue()


def context_of(mandate: Mandate, period: Period) -> dict[str, Any]:
    """The names that the template uses."""
    check = last_check(mandate, period.year)
    entries = file_entries(mandate, period).order_by("on", "id")
    return {
        "name": mandate.person.name,
        "congress": mandate.congress.name,
        "certificate": mandate.certificate_number,
        "unit": mandate.electoral_unit.name if mandate.electoral_unit else "",
        "profession": mandate.get_profession_class_display(),
        "period": period.label,
        "asked": [
            {
                "words": line.quota.words,
                "done": f"{number(line.done)}{line.quota.unit}",
                "rest": "已完成" if line.is_met else f"还差{number(line.remaining)}{line.quota.unit}",
            }
            for line in asked_of(mandate, period)
        ],
        "sums": [
            {
                "label": one.label,
                "now": f"{number(one.now)}{one.unit}",
                "frozen": "" if one.frozen is None else f"{number(one.frozen)}{one.unit}",
            }
            for one in kind_sums(mandate, period)
        ],
        "entries": list(_rows(entries.iterator(chunk_size=500))),
        "check": f"{check.checker_name}于{cn_date(timezone.localdate(check.created_at))}{check_words(check.entries)}"
        if check
        else "尚未核对",
        "made_on": cn_date(timezone.localdate()),
    }


def check_words(entries: int) -> str:
    """核对无误，截至第12条."""
    return f"核对无误，截至第{entries}条"


def _rows(entries: Iterable[DutyEntry]) -> Iterable[dict[str, str]]:
    for place, entry in enumerate(entries, start=1):
        reversal = getattr(entry, "reversal", None)
        yield {
            "place": str(place),
            "on": cn_date(entry.on),
            "kind": entry.kind_label,
            "title": mask_text(entry.title),
            "quantity": f"{number(entry.quantity)}{entry.unit}",
            "note": f"已冲销：{mask_text(reversal.reason)}" if reversal is not None else "",
        }


def number(value: Decimal) -> str:
    """3, 1.5."""
    return f"{value:.1f}".removesuffix(".0")


def _plain(value: Any) -> Any:
    """Without characters that no document can hold."""
    if isinstance(value, str):
        return _NOT_XML.sub("", value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value
