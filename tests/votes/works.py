"""Projects being carried out, for tests: elected candidates made directly, everything after that by services."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone

from liaison.models import Deadline
from tests.filemakers import PDF, png
from votes.models import (
    Candidate,
    Inspection,
    Milestone,
    Programme,
    ProgressReport,
    Project,
    ProjectChange,
    SupervisionGroup,
)
from votes.services.change import change_request
from votes.services.inspection import inspection_answer, inspection_record
from votes.services.milestone import milestone_add
from votes.services.project import project_finish, projects_start
from votes.services.report import report_submit
from votes.services.supervision import group_save
from votes.states import CandidateStatus, ProgrammeStatus

if TYPE_CHECKING:
    from tests.votes.people import County


def day(days: int = 0) -> dt.date:
    """Today in Asia/Shanghai, or so many days from it."""
    return timezone.localdate() + dt.timedelta(days=days)


def picture(name: str = "现场.png", width: int = 3) -> SimpleUploadedFile:
    """A small real photograph; another width is another file."""
    return SimpleUploadedFile(name, png(width=width), content_type="image/png")


def pdf(name: str = "验收报告.pdf") -> SimpleUploadedFile:
    """A small real document."""
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def programme(county: County, **changes: Any) -> Programme:
    """The year's programme after the vote, with nothing in it."""
    fields = {
        "congress": county.congress,
        "office": county.cast.offices["county_office"],
        "region_prefix": county.congress.region.prefix,
        "year": timezone.localdate().year,
        "places": 2,
        "status": ProgrammeStatus.VOTING,
        **changes,
    }
    return Programme.objects.create(**fields)


def elected(county: County, of: Programme, number: int = 1, **changes: Any) -> Candidate:
    """A candidate that was elected."""
    fields = {
        "programme": of,
        "number": number,
        "name": f"农村安全饮水提质工程{number}",
        "content": "新建水厂一座，铺设管网42公里，受益8000人。",
        "place": "八字哨镇、笔架山乡",
        "investment": Decimal("320.00"),
        "money_source": "区财政预算",
        "unit": county.unit,
        "unit_name": county.unit.name,
        "finish_on": day(200),
        "status": CandidateStatus.ELECTED,
        **changes,
    }
    return Candidate.objects.create(**fields)


def started(county: County, count: int = 1, year: int | None = None, **changes: Any) -> list[Project]:
    """Projects whose work has begun."""
    of = programme(county, year=year or timezone.localdate().year)
    for number in range(1, count + 1):
        elected(county, of, number, **changes)
    return projects_start(actor=county.actor("county_approver"), programme_public_id=of.public_id)


def project(county: County, **changes: Any) -> Project:
    """One project whose work has begun."""
    return started(county, **changes)[0]


def due_report(of: Project) -> ProgressReport:
    """The earliest report that is due."""
    return of.reports.filter(status="due").order_by("year", "quarter")[0]


def report_values(**changes: Any) -> dict[str, Any]:
    """What a unit types, complete."""
    return {
        "text": "完成水源井两口，主管网铺设过半。",
        "percent": 40,
        "money_used": Decimal("120.50"),
        "problems": "",
        "explanation": "",
        **changes,
    }


def report(county: County, of: Project, *, pictures: Any = (), **changes: Any) -> ProgressReport:
    """The report that is due, submitted."""
    return report_at(county, of, due_report(of), pictures=pictures, **changes)


def report_at(
    county: County, of: Project, which: ProgressReport, *, pictures: Any = (), **changes: Any
) -> ProgressReport:
    """This report, submitted."""
    return report_submit(
        actor=county.actor("county_unit"),
        project_public_id=of.public_id,
        public_id=which.public_id,
        values=report_values(**changes),
        pictures=pictures,
    )


def milestone(county: County, of: Project, name: str = "主体完工", due_on: dt.date | None = None) -> Milestone:
    return milestone_add(
        actor=county.actor("county_unit"), project_public_id=of.public_id, name=name, due_on=due_on or day(60)
    )


def finish_values(**changes: Any) -> dict[str, Any]:
    return {
        "finished_on": day(),
        "money_used": Decimal("300.00"),
        "text": "水厂建成通水。",
        "explanation": "",
        **changes,
    }


def finished(county: County, of: Project, **changes: Any) -> Project:
    """Reported as finished by its unit."""
    return project_finish(
        actor=county.actor("county_unit"),
        public_id=of.public_id,
        version=None,
        values=finish_values(**changes),
        pictures=[picture("完工.png", 5)],
    )


def group(county: County, of: Project, *, name: str = "第一监督小组", members: int = 2) -> SupervisionGroup:
    """A group whose head is the deputy of the cast, the cosigner a member."""
    people = county.mandates[:members]
    return group_save(
        actor=county.actor("county_clerk"),
        programme_public_id=of.programme.public_id,
        name=name,
        head=people[0].public_id,
        members=[one.public_id for one in people],
        projects=[of.public_id],
    )


def change(county: County, of: Project, **values: Any) -> ProjectChange:
    """Asked for by the unit."""
    return change_request(
        actor=county.actor("county_unit"),
        project_public_id=of.public_id,
        version=None,
        values=values or {"place": "泥江口镇", "investment": Decimal("350.00")},
        reason="原址地质条件不适合，经比选改址。",
    )


def answered(county: County, of: Inspection) -> Inspection:
    """Answered by the unit."""
    return inspection_answer(
        actor=county.actor("county_unit"),
        public_id=of.public_id,
        version=None,
        answer="已重新回填，路面已恢复。",
        uploads=[pdf("整改情况.pdf")],
    )


def inspection_values(of: SupervisionGroup, **changes: Any) -> dict[str, Any]:
    return {
        "group": of.public_id,
        "inspected_on": day(),
        "findings": "到现场看了两处，管网回填不到位。",
        "demands": "重新回填并恢复路面。",
        "answer_by": day(15),
        **changes,
    }


def inspection(county: County, of: Project, by: SupervisionGroup, **changes: Any) -> Inspection:
    """Recorded by the deputy who heads the group, with a demand."""
    return inspection_record(
        actor=county.actor("deputy"),
        project_public_id=of.public_id,
        values=inspection_values(by, **changes),
        pictures=[picture("检查.png", 7)],
    )


def status_of(browser: Client, url: str) -> int:
    """The status of a file's answer, closed again."""
    response = browser.get(url)
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)
    return response.status_code


def clock(subject: Any, kind: str) -> Deadline | None:
    """The open clock of a kind on something."""
    content_type = ContentType.objects.get_for_model(subject)
    return (
        Deadline.objects.unscoped(reason="test")
        .open()
        .filter(kind=kind, content_type=content_type, object_id=subject.pk)
        .first()
    )
