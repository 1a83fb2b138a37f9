"""Deputies and roster files for tests."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from deputies.models import Congress, ElectoralUnit, Mandate, Person, ProfessionClass, RosterImport
from deputies.services.mandate import home_prefix_of
from deputies.services.roster.columns import COLUMNS, SHEET_NAME
from deputies.services.roster.steps import roster_confirm, roster_upload
from deputies.services.roster.work import roster_apply, roster_read
from liaison.actor import Actor
from tests.cast import Cast

HEADERS = [column.header for column in COLUMNS]
KEYS = [column.key for column in COLUMNS]


def make_person(number: int = 1, **fields: Any) -> Person:
    """A person with a phone of their own."""
    values = {"name": f"代表{number}", "phone": f"139{number:08d}", "employer": "某单位", "post": "职员"} | fields
    return Person.objects.create(**values)


def make_mandate(
    congress: Congress,
    number: int = 1,
    *,
    person: Person | None = None,
    unit: ElectoralUnit | None = None,
    **fields: Any,
) -> Mandate:
    """A mandate in force with certificate ``T-<number>``."""
    values: dict[str, Any] = {
        "certificate_number": f"T-{number:05d}",
        "profession_class": ProfessionClass.OTHER,
        "started_on": congress.starts_on,
        "home_prefix": home_prefix_of(congress, unit),
    } | fields
    return Mandate.objects.create(
        person=person or make_person(number), congress=congress, electoral_unit=unit, **values
    )


def make_mandates(congress: Congress, count: int, *, start: int = 1) -> list[Mandate]:
    return [make_mandate(congress, number) for number in range(start, start + count)]


def roster_row(number: int = 1, **values: Any) -> dict[str, Any]:
    """A whole row of a roster, by column key; what is given replaces, None leaves out."""
    row: dict[str, Any] = {
        "certificate": f"R-{number:05d}",
        "name": f"张{_han(number)}",
        "gender": "男",
        "ethnicity": "汉族",
        "birth_month": "1975-03",
        "phone": f"138{number:08d}",
        "employer": "八字哨镇人民政府",
        "post": "镇长",
        "electoral_unit": "赫山区代表团",
        "profession_class": "领导干部",
        "industries": "农林牧渔业",
        "expertise": "农业技术、基层治理",
        "started_on": "2021-12-27",
    }
    return {key: value for key, value in (row | values).items() if value is not None}


def _han(number: int) -> str:
    """A number in Chinese digits: names have no Arabic ones."""
    return "".join("零一二三四五六七八九"[int(digit)] for digit in str(number))


def roster_book(
    rows: Iterable[dict[str, Any]], *, headers: Sequence[str] = HEADERS, sheet: str = SHEET_NAME
) -> openpyxl.Workbook:
    """A workbook with a header and these rows, by column key."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    page.append(list(headers))
    for row in rows:
        page.append([row.get(key) for key in KEYS])
    return book


def book_bytes(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def roster_file(rows: Iterable[dict[str, Any]], name: str = "名册.xlsx", **options: Any) -> SimpleUploadedFile:
    """An upload with these rows."""
    return SimpleUploadedFile(name, book_bytes(roster_book(rows, **options)))


def quiet(done: int, total: int) -> None:
    """A progress that nobody looks at."""


def uploaded(cast: Cast, upload: SimpleUploadedFile, *, who: str = "insider", congress: str = "city") -> RosterImport:
    """A file taken in, not read yet."""
    return roster_upload(actor=cast.actor(who), congress_id=cast.congresses[congress].public_id, upload=upload)


def read(actor: Actor, roster: RosterImport) -> RosterImport:
    """What the worker does with it first."""
    assert roster.job is not None
    roster_read(actor=actor, roster_id=roster.public_id, job=running(roster), progress=quiet)
    return RosterImport.objects.select_related("job").get(pk=roster.pk)


def previewed(
    cast: Cast, rows: Iterable[dict[str, Any]], *, who: str = "insider", congress: str = "city"
) -> RosterImport:
    """A roster of these rows, read into its preview."""
    return read(cast.actor(who), uploaded(cast, roster_file(rows), who=who, congress=congress))


def confirmed(cast: Cast, roster: RosterImport, *, who: str = "insider") -> RosterImport:
    """The clerk presses 确认导入."""
    return roster_confirm(actor=cast.actor(who), roster_id=roster.public_id)


def applied(cast: Cast, roster: RosterImport, *, who: str = "insider") -> RosterImport:
    """What the worker does with a confirmed one."""
    roster = RosterImport.objects.select_related("job").get(pk=roster.pk)
    roster_apply(actor=cast.actor(who), roster_id=roster.public_id, job=running(roster), progress=quiet)
    return RosterImport.objects.select_related("job").get(pk=roster.pk)


def imported(cast: Cast, rows: Iterable[dict[str, Any]], **options: Any) -> RosterImport:
    """All the way: upload, read, confirm, apply."""
    roster = previewed(cast, rows, **options)
    who = options.get("who", "insider")
    return applied(cast, confirmed(cast, roster, who=who), who=who)


def running(roster: RosterImport) -> Any:
    """The import's job as a worker holds it."""
    from liaison.models import Job
    from liaison.models.job import JobStatus

    now = dt.datetime.now(tz=dt.UTC)
    Job.objects.filter(pk=roster.job_id, status=JobStatus.QUEUED).update(
        status=JobStatus.RUNNING, attempts=1, started_at=now, beat_at=now
    )
    return Job.objects.get(pk=roster.job_id)


def notes_of(roster: RosterImport) -> dict[int, list[tuple[str, str, str]]]:
    """Line → (kind, column, text or old→new) of the preview."""
    return {
        row.line: [
            (note["kind"], note["column"], note.get("text") or f"{note['old']}→{note['new']}") for note in row.notes
        ]
        for row in roster.rows.order_by("line")
    }


def verdicts_of(roster: RosterImport) -> list[str]:
    return list(roster.rows.order_by("line").values_list("verdict", flat=True))
