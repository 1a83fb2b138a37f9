"""Changes of a project: asked for by the unit, decided by the standing committee or the presidium."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from deputies.models.congress import CongressLevel
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed
from liaison.models import Deadline, DeadlineChange, Notice, StateChange
from tests.votes import works
from tests.votes.people import County
from votes.models import Project, ProjectChange
from votes.selectors.change import change_lines, deciding_body
from votes.services.change import change_approve, change_refuse, change_request


def request(county: County, project: Project, *, reason: str = "管线迁改", **values: Any) -> ProjectChange:
    return change_request(
        actor=county.actor("county_unit"),
        project_public_id=project.public_id,
        version=None,
        values=values,
        reason=reason,
    )


def approve(county: County, change: ProjectChange, who: str = "county_approver", **changes: Any) -> ProjectChange:
    values = {
        "deciding_body": "赫山区人大常委会",
        "decision": "区六届人大常委会第三十二次会议",
        "decided_on": works.day(),
        **changes,
    }
    return change_approve(
        actor=county.actor(who), project_public_id=change.project.public_id, public_id=change.public_id, **values
    )


def test_approved_values_hold_and_the_finish_day_moves_with_its_clock(county: County) -> None:
    project = works.project(county)
    change = request(county, project, investment=Decimal("350"), finish_on=project.finish_on + dt.timedelta(days=30))
    assert change.status == "requested"
    assert Notice.objects.filter(recipient=county.cast.user("county_approver"), title__contains="待审批").exists()
    before = Project.objects.get(pk=project.pk)
    assert before.investment == Decimal("320.00")
    approve(county, change)
    after = Project.objects.get(pk=project.pk)
    assert (after.investment, after.finish_on) == (Decimal("350.00"), before.finish_on + dt.timedelta(days=30))
    clock = Deadline.objects.unscoped(reason="test").open().get(kind="project_finish")
    assert clock.fixed_on == after.finish_on
    assert DeadlineChange.objects.filter(deadline=clock, act="moved").exists()
    told = StateChange.objects.get(act="change").reason
    assert "投资额：320万元 → 350万元" in told
    assert "区六届人大常委会第三十二次会议" in told
    assert change_lines(ProjectChange.objects.get())[0] == "投资额：320万元 → 350万元"


def test_content_and_place_may_change(county: County) -> None:
    project = works.project(county)
    approve(county, request(county, project, content="改为管网延伸。", place="泥江口镇"))
    project.refresh_from_db()
    assert (project.content, project.place) == ("改为管网延伸。", "泥江口镇")


def test_an_approved_stop_ends_all_clocks(county: County) -> None:
    project = works.project(county)
    works.milestone(county, project)
    group = works.group(county, project)
    works.inspection(county, project, group)
    approve(county, request(county, project, stop=True))
    project.refresh_from_db()
    assert project.status == "stopped"
    assert not Deadline.objects.unscoped(reason="test").open().exists()
    with pytest.raises(DomainError):
        request(county, project, place="别处")
    with pytest.raises(DomainError):
        works.report(county, project)


def test_a_refusal_has_its_reason_and_leaves_the_project_alone(county: County) -> None:
    project = works.project(county)
    change = request(county, project, place="别处")
    values = {"deciding_body": "赫山区人大常委会", "decided_on": works.day()}
    keys = {"project_public_id": project.public_id, "public_id": change.public_id}
    with pytest.raises(InvalidInput) as refused:
        change_refuse(actor=county.actor("county_approver"), **keys, **values, note=" ")
    assert set(refused.value.fields) == {"note"}
    change_refuse(actor=county.actor("county_approver"), **keys, **values, note="不符合票决确定的内容")
    project.refresh_from_db()
    assert project.place == "八字哨镇、笔架山乡"
    assert Notice.objects.filter(recipient=county.cast.user("county_unit"), title__contains="未获批准").exists()
    with pytest.raises(IllegalTransition):
        approve(county, change)
    request(county, project, place="第三处")  # and may ask anew


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "content"),
        ({"place": "八字哨镇、笔架山乡"}, "content"),
        ({"investment": Decimal("0")}, "investment"),
        ({"investment": Decimal("100")}, "investment"),
        ({"finish_on": dt.date(2020, 1, 1)}, "finish_on"),
        ({"place": "别处", "reason": " "}, "reason"),
        ({"place": "别处", "reason": "长" * 1001}, "reason"),
    ],
)
def test_a_request_that_cannot_be_is_refused(county: County, values: dict[str, Any], field: str) -> None:
    project = works.project(county)
    works.report(county, project)  # 120.50 used
    with pytest.raises(InvalidInput) as refused:
        request(county, project, **values)
    assert set(refused.value.fields) == {field}


def test_one_change_at_a_time_and_no_finish_meanwhile(county: County) -> None:
    project = works.project(county)
    request(county, project, place="别处")
    with pytest.raises(DomainError, match="已经有一项调整在审批"):
        request(county, project, place="第三处")
    with pytest.raises(DomainError, match="还在审批"):
        works.finished(county, project)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"deciding_body": ""}, "deciding_body"),
        ({"decision": " "}, "decision"),
        ({"decided_on": None}, "decided_on"),
        ({"decided_on": dt.date(2026, 11, 9)}, "decided_on"),
        ({"decided_on": dt.date(2026, 11, 21)}, "decided_on"),
    ],
)
def test_a_decision_lies_between_request_and_today(county: County, changes: dict[str, Any], field: str) -> None:
    with time_machine.travel("2026-11-10T02:00:00Z", tick=False):
        change = request(county, works.project(county), place="别处")
    with time_machine.travel("2026-11-20T02:00:00Z", tick=False):
        with pytest.raises(InvalidInput) as refused:
            approve(county, change, **changes)
        assert set(refused.value.fields) == {field}
        approve(county, change, decided_on=dt.date(2026, 11, 10))


def test_who_may_ask_and_who_may_decide(county: County) -> None:
    project = works.project(county)
    for who in ("county_clerk", "deputy"):
        with pytest.raises(NotAllowed):
            change_request(
                actor=county.actor(who),
                project_public_id=project.public_id,
                version=None,
                values={"place": "别处"},
                reason="理由",
            )
    change = request(county, project, place="别处")
    for who in ("county_clerk", "approver", "county_unit"):
        with pytest.raises(NotAllowed):
            approve(county, change, who)


def test_the_body_that_decides_depends_on_the_level(county: County) -> None:
    of = works.programme(county)
    assert deciding_body(of) == "赫山区人民代表大会常务委员会"
    of.congress.level = CongressLevel.TOWNSHIP
    of.congress.region = county.cast.regions["town"]
    assert deciding_body(of) == "八字哨镇人民代表大会主席团"
