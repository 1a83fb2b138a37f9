"""The carrying out through the services: each step, and each refusal."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from liaison.exceptions import (
    DomainError,
    IllegalTransition,
    InvalidInput,
    NotAllowed,
    NotFound,
    StaleVersion,
)
from liaison.models import Attachment, Deadline, Notice
from tests.votes import works
from tests.votes.people import County
from tests.votes.works import clock
from votes.models import ProgressReport, Project
from votes.services.project import (
    project_finish,
    project_hand_over,
    project_resume,
    project_set_unit,
    projects_start,
)
from votes.services.report import report_return, report_submit, reports_catch_up


def fresh(project: Project) -> Project:
    return Project.objects.get(pk=project.pk)


# ── start ────────────────────────────────────────────────────────────────────────────────────────
@time_machine.travel("2026-11-20T02:00:00Z", tick=False)
def test_elected_candidates_become_projects_with_their_clocks(county: County) -> None:
    of = works.programme(county)
    works.elected(county, of, 1)
    works.elected(county, of, 2, status="not_elected")
    (project,) = projects_start(actor=county.actor("county_approver"), programme_public_id=of.public_id)

    of.refresh_from_db()
    assert of.status == "underway"
    assert (project.name, project.investment) == ("农村安全饮水提质工程1", Decimal("320.00"))
    assert (project.percent, project.money_used, project.status) == (0, 0, "underway")
    assert project.milestones.count() == 0
    report = project.reports.get()
    assert (report.year, report.quarter, report.status) == (2026, 4, "due")
    due = clock(report, "progress_report")
    assert due is not None
    assert (due.fixed_on, due.holder, due.supervisor) == (dt.date(2027, 1, 10), county.unit, project.office)
    finish = clock(project, "project_finish")
    assert finish is not None
    assert finish.fixed_on == project.finish_on
    told = Notice.objects.get(recipient=county.cast.user("county_unit"))
    assert "请组织实施" in told.title


def test_only_the_approver_of_the_office_starts_the_work(county: County) -> None:
    of = works.programme(county)
    works.elected(county, of)
    for who, error in (("county_clerk", NotAllowed), ("county_unit", NotAllowed), ("approver", NotAllowed)):
        with pytest.raises(error):
            projects_start(actor=county.actor(who), programme_public_id=of.public_id)
    with pytest.raises(NotFound):
        projects_start(actor=county.actor("stranger"), programme_public_id=of.public_id)
    assert Project.objects.count() == 0


def test_the_work_begins_once_and_not_without_an_elected_project(county: County) -> None:
    of = works.programme(county)
    actor = county.actor("county_approver")
    with pytest.raises(DomainError, match="还没有票决通过的项目"):
        projects_start(actor=actor, programme_public_id=of.public_id)
    works.elected(county, of)
    with pytest.raises(StaleVersion):
        projects_start(actor=actor, programme_public_id=of.public_id, version=9)
    projects_start(actor=actor, programme_public_id=of.public_id)
    with pytest.raises(IllegalTransition):
        projects_start(actor=actor, programme_public_id=of.public_id)
    assert Project.objects.count() == 1


def test_a_unit_without_account_is_named_later_and_takes_the_clocks_over(county: County) -> None:
    project = works.project(county, unit=None, unit_name="八字哨镇人民政府")
    report = works.due_report(project)
    due = clock(report, "progress_report")
    assert due is not None
    assert due.holder == project.office
    with pytest.raises(InvalidInput):
        project_set_unit(
            actor=county.actor("county_clerk"),
            public_id=project.public_id,
            version=None,
            unit_public_id=county.cast.offices["unit"].public_id,  # the city's
        )
    project_set_unit(
        actor=county.actor("county_clerk"),
        public_id=project.public_id,
        version=project.version,
        unit_public_id=county.unit.public_id,
    )
    for subject, kind in ((report, "progress_report"), (project, "project_finish")):
        now = clock(subject, kind)
        assert now is not None
        assert now.holder == county.unit
    assert fresh(project).unit_name == "赫山区水利局"
    with pytest.raises(InvalidInput, match="没有变化"):
        project_set_unit(
            actor=county.actor("county_clerk"),
            public_id=project.public_id,
            version=None,
            unit_public_id=county.unit.public_id,
        )
    with pytest.raises(NotAllowed):
        project_set_unit(actor=county.actor("insider"), public_id=project.public_id, version=None, unit_public_id=None)


# ── reports ──────────────────────────────────────────────────────────────────────────────────────
def test_a_report_moves_the_project_and_meets_its_clock(county: County) -> None:
    project = works.project(county)
    report = works.report(county, project, pictures=[works.picture()])
    assert (report.status, report.percent) == ("submitted", 40)
    project = fresh(project)
    assert (project.percent, project.money_used) == (40, Decimal("120.50"))
    assert clock(report, "progress_report") is None
    assert Attachment.objects.filter(slot="picture").count() == 1
    assert Notice.objects.filter(recipient=county.cast.user("county_clerk"), title__contains="已报送").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "  "}, "text"),
        ({"percent": 101}, "percent"),
        ({"percent": -1}, "percent"),
        ({"percent": None}, "percent"),
        ({"percent": 30}, "explanation"),
        ({"money_used": None}, "money_used"),
        ({"money_used": Decimal("120.49")}, "money_used"),
        ({"money_used": Decimal("320.01")}, "explanation"),
        ({"text": "长" * 2001}, "text"),
    ],
)
def test_figures_that_cannot_be_are_refused_by_the_field(county: County, changes: dict[str, Any], field: str) -> None:
    with time_machine.travel("2026-08-20T02:00:00Z", tick=False):
        project = works.project(county)
        works.report(county, project)
    with time_machine.travel("2026-11-20T02:00:00Z", tick=False):
        reports_catch_up()
        with pytest.raises(InvalidInput) as refused:
            works.report(county, fresh(project), **{"percent": 50, "money_used": Decimal("200"), **changes})
    assert set(refused.value.fields) == {field}
    assert fresh(project).percent == 40


@time_machine.travel("2026-11-20T02:00:00Z", tick=False)
def test_a_fall_and_more_money_than_invested_need_an_explanation(county: County) -> None:
    project = works.project(county)
    Project.objects.filter(pk=project.pk).update(percent=60)
    report = works.report(
        county, fresh(project), percent=50, money_used=Decimal("330"), explanation="暴雨冲毁基坑，增加排水费用。"
    )
    assert report.explanation
    assert fresh(project).percent == 50


def test_a_late_report_is_taken_and_an_earlier_quarter_comes_first(county: County) -> None:
    with time_machine.travel("2026-05-20T02:00:00Z", tick=False):
        project = works.project(county)
    with time_machine.travel("2026-08-20T02:00:00Z", tick=False):
        assert reports_catch_up() == 1
        later = project.reports.get(quarter=3)
        with pytest.raises(DomainError, match="请先报送2026年第2季度"):
            report_submit(
                actor=county.actor("county_unit"),
                project_public_id=project.public_id,
                public_id=later.public_id,
                values=works.report_values(),
            )
        report = works.report(county, fresh(project))
    late = Deadline.objects.unscoped(reason="test").get(kind="progress_report", object_id=report.pk)
    assert late.met_in_time is False


def test_who_may_report(county: County) -> None:
    project = works.project(county)
    for who, error in (("county_clerk", NotAllowed), ("unit", NotFound), ("deputy", NotAllowed)):
        with pytest.raises(error):
            report_submit(
                actor=county.actor(who),
                project_public_id=project.public_id,
                public_id=works.due_report(project).public_id,
                values=works.report_values(),
            )


@pytest.mark.parametrize(
    ("pictures", "message"),
    [
        ([works.pdf()], "不是照片"),
        ([works.picture(width=number) for number in range(1, 11)], "最多9张"),
    ],
)
def test_only_nine_photographs_are_taken(county: County, pictures: Any, message: str) -> None:
    project = works.project(county)
    with pytest.raises(InvalidInput) as refused:
        works.report(county, project, pictures=pictures)
    assert message in refused.value.fields["pictures"]
    assert works.due_report(project).status == "due"


def test_a_wrong_report_goes_back_and_the_figures_with_it(county: County) -> None:
    with time_machine.travel("2026-08-20T02:00:00Z", tick=False):
        project = works.project(county)
        first = works.report(county, project)
    with time_machine.travel("2026-11-20T02:00:00Z", tick=False):
        reports_catch_up()
        second = works.report(county, fresh(project), percent=90, money_used=Decimal("3000"), explanation="多写了一个0")
        clerk = county.actor("county_clerk")
        with pytest.raises(DomainError, match="最近一次"):
            report_return(actor=clerk, project_public_id=project.public_id, public_id=first.public_id, reason="错了")
        with pytest.raises(InvalidInput):
            report_return(actor=clerk, project_public_id=project.public_id, public_id=second.public_id, reason=" ")
        report_return(
            actor=clerk, project_public_id=project.public_id, public_id=second.public_id, reason="资金多报了一位"
        )
        project = fresh(project)
        assert (project.percent, project.money_used) == (40, Decimal("120.50"))
        due = works.due_report(project)
        assert due == second
        assert clock(due, "progress_report") is not None
        works.report(county, project, percent=90, money_used=Decimal("300"))


# ── beat ─────────────────────────────────────────────────────────────────────────────────────────
def test_the_daily_task_opens_each_quarter_once(county: County) -> None:
    with time_machine.travel("2026-02-10T02:00:00Z", tick=False):
        project, other = works.started(county, 2)
        assert reports_catch_up() == 0
    Project.objects.filter(pk=other.pk).update(status="handed_over")
    with time_machine.travel("2026-03-31T15:59:59Z", tick=False):  # 23:59:59 in Asia/Shanghai
        assert reports_catch_up() == 0
    with time_machine.travel("2026-03-31T16:00:00Z", tick=False):
        assert reports_catch_up() == 1
        assert reports_catch_up() == 0
    with time_machine.travel("2026-11-01T02:00:00Z", tick=False):  # no worker ran for half a year
        assert reports_catch_up() == 2
    assert list(project.reports.order_by("quarter").values_list("quarter", flat=True)) == [1, 2, 3, 4]
    assert other.reports.count() == 1
    assert Deadline.objects.unscoped(reason="test").open().filter(kind="progress_report").count() == 5


def test_the_same_quarter_of_another_year_is_another_report(county: County) -> None:
    with time_machine.travel("2025-12-10T02:00:00Z", tick=False):
        project = works.project(county)
    with time_machine.travel("2026-12-10T02:00:00Z", tick=False):
        ProgressReport.objects.bulk_create(
            ProgressReport(project=project, year=2026, quarter=quarter) for quarter in (1, 2, 3)
        )
        assert reports_catch_up() == 1
    assert project.reports.filter(year=2026, quarter=4).exists()


# ── finish and hand-over ─────────────────────────────────────────────────────────────────────────
def test_finished_sent_back_finished_and_handed_over(county: County) -> None:
    project = works.project(county)
    works.report(county, project)
    works.milestone(county, project)
    project = works.finished(county, fresh(project))
    assert (project.status, project.percent, project.money_used) == ("finished", 100, Decimal("300.00"))
    assert not Deadline.objects.unscoped(reason="test").open().exists()
    clerk = county.actor("county_clerk")
    with pytest.raises(InvalidInput):
        project_resume(actor=clerk, public_id=project.public_id, version=None, reason="")
    project = project_resume(actor=clerk, public_id=project.public_id, version=None, reason="两处没有通水")
    assert (project.percent, project.finished_on) == (40, None)
    assert Deadline.objects.unscoped(reason="test").open().count() == 2  # the finish day and the milestone
    works.finished(county, fresh(project))
    done = {"actor": clerk, "public_id": project.public_id, "version": None}
    for handed_over_on, uploads, field in (
        (None, [works.pdf()], "handed_over_on"),
        (works.day(1), [works.pdf()], "handed_over_on"),
        (works.day(-1), [works.pdf()], "handed_over_on"),
        (works.day(), [], "uploads"),
    ):
        with pytest.raises(InvalidInput) as refused:
            project_hand_over(**done, handed_over_on=handed_over_on, uploads=uploads)
        assert set(refused.value.fields) == {field}
    project = project_hand_over(**done, handed_over_on=works.day(), uploads=[works.pdf()])
    assert (project.status, project.handed_over_on) == ("handed_over", works.day())
    with pytest.raises(IllegalTransition):
        project_resume(actor=clerk, public_id=project.public_id, version=None, reason="晚了")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"finished_on": None}, "finished_on"),
        ({"finished_on": dt.date(2099, 1, 1)}, "finished_on"),
        ({"finished_on": dt.date(2015, 1, 1)}, "finished_on"),
        ({"money_used": Decimal("321")}, "explanation"),
        ({"text": ""}, "text"),
    ],
)
def test_a_finish_that_cannot_be_is_refused(county: County, changes: dict[str, Any], field: str) -> None:
    project = works.project(county)
    with pytest.raises(InvalidInput) as refused:
        works.finished(county, project, **changes)
    assert set(refused.value.fields) == {field}
    with pytest.raises(InvalidInput) as refused:
        project_finish(
            actor=county.actor("county_unit"),
            public_id=project.public_id,
            version=None,
            values=works.finish_values(),
            pictures=[],
        )
    assert set(refused.value.fields) == {"pictures"}


def test_reports_on_quarters_gone_by_come_before_the_finish(county: County) -> None:
    with time_machine.travel("2026-05-20T02:00:00Z", tick=False):
        project = works.project(county)
    with time_machine.travel("2026-08-20T02:00:00Z", tick=False):
        with pytest.raises(DomainError, match="2026年第2季度的进展还没有报送"):
            works.finished(county, project)
        works.report(county, project)
        works.finished(county, fresh(project))
    assert not ProgressReport.objects.filter(status="due", quarter=2).exists()


def test_somebody_was_quicker(county: County) -> None:
    project = works.project(county)
    works.report(county, project)
    with pytest.raises(StaleVersion):
        project_finish(
            actor=county.actor("county_unit"),
            public_id=project.public_id,
            version=project.version,
            values=works.finish_values(),
            pictures=[works.picture()],
        )
