"""Milestones through the services: set, moved, deleted and done; and what cannot be."""

from __future__ import annotations

import datetime as dt

import pytest

from liaison.exceptions import IllegalTransition, InvalidInput, NotAllowed, NotFound
from liaison.models import Deadline, DeadlineChange, Notice, StateChange
from tests.votes import works
from tests.votes.people import County
from tests.votes.works import clock
from votes.services.milestone import milestone_done, milestone_remove, milestone_update


def test_a_milestone_moves_with_a_reason_and_its_clock_keeps_the_old_day(county: County) -> None:
    project = works.project(county)
    milestone = works.milestone(county, project, due_on=works.day(30))
    update = {"actor": county.actor("county_clerk"), "project_public_id": project.public_id}
    with pytest.raises(InvalidInput) as refused:
        milestone_update(**update, milestone_id=milestone.pk, name=milestone.name, due_on=works.day(40))
    assert set(refused.value.fields) == {"reason"}
    milestone_update(**update, milestone_id=milestone.pk, name="主体封顶", due_on=works.day(40), reason="雨季停工")
    due = clock(milestone, "project_milestone")
    assert due is not None
    assert due.fixed_on == works.day(40)
    moved = DeadlineChange.objects.get(deadline=due, act="moved")
    assert moved.old_due is not None
    assert moved.old_due < due.due_on
    assert moved.reason == "雨季停工"
    told = StateChange.objects.get(act="update", object_id=milestone.pk).reason
    assert "主体完工 → 主体封顶" in told


def test_a_deleted_milestone_stops_its_clock_and_keeps_its_history(county: County) -> None:
    project = works.project(county)
    milestone = works.milestone(county, project, due_on=works.day(30))
    keys = {"project_public_id": project.public_id, "milestone_id": milestone.pk}
    with pytest.raises(InvalidInput) as refused:
        milestone_remove(actor=county.actor("county_unit"), **keys, reason="  ")
    assert set(refused.value.fields) == {"reason"}
    with pytest.raises(NotAllowed):
        milestone_remove(actor=county.actor("deputy"), **keys, reason="不该由我删")
    before = Notice.objects.filter(recipient__username="county_clerk").count()
    milestone_remove(actor=county.actor("county_unit"), **keys, reason="重复设置")
    assert clock(milestone, "project_milestone") is None
    stopped = Deadline.objects.get(milestone=milestone)
    assert stopped.cancelled_at is not None
    assert StateChange.objects.get(act="remove", object_id=milestone.pk).reason == "重复设置"
    told = Notice.objects.filter(recipient__username="county_clerk")
    assert told.count() == before + 1
    assert "已删除" in told.latest("id").title
    again = works.milestone(county, project, milestone.name, works.day(30))
    assert list(project.milestones.standing()) == [again]
    with pytest.raises(NotFound):
        milestone_remove(actor=county.actor("county_unit"), **keys, reason="再删一次")
    milestone_done(
        actor=county.actor("county_unit"),
        project_public_id=project.public_id,
        milestone_id=again.pk,
        done_on=works.day(),
    )
    with pytest.raises(IllegalTransition):
        milestone_remove(
            actor=county.actor("county_unit"),
            project_public_id=project.public_id,
            milestone_id=again.pk,
            reason="已经完成的不能删",
        )


def test_a_milestone_does_not_lie_before_its_year(county: County) -> None:
    project = works.project(county)
    with pytest.raises(InvalidInput) as refused:
        works.milestone(county, project, due_on=dt.date(project.programme.year - 1, 12, 31))
    assert set(refused.value.fields) == {"due_on"}


def test_a_long_name_fits_everywhere(county: County) -> None:
    project = works.project(county)
    milestone = works.milestone(county, project, "长" * 80)
    milestone_done(
        actor=county.actor("county_unit"),
        project_public_id=project.public_id,
        milestone_id=milestone.pk,
        done_on=works.day(),
    )
    with pytest.raises(InvalidInput) as refused:
        works.milestone(county, project, "长" * 81)
    assert set(refused.value.fields) == {"name"}


def test_milestones_that_cannot_be_are_refused(county: County) -> None:
    project = works.project(county)
    works.milestone(county, project)
    for name, due_on, field in (
        ("", works.day(10), "name"),
        ("主体完工", works.day(10), "name"),
        ("通水", None, "due_on"),
        ("通水", project.finish_on + dt.timedelta(days=1), "due_on"),
    ):
        with pytest.raises(InvalidInput) as refused:
            works.milestone_add(
                actor=county.actor("county_unit"), project_public_id=project.public_id, name=name, due_on=due_on
            )
        assert set(refused.value.fields) == {field}
    with pytest.raises(NotAllowed):
        works.milestone_add(
            actor=county.actor("deputy"), project_public_id=project.public_id, name="通水", due_on=works.day(9)
        )


def test_a_milestone_is_done_once_on_a_day_that_has_come(county: County) -> None:
    project = works.project(county)
    milestone = works.milestone(county, project)
    unit = county.actor("county_unit")
    with pytest.raises(InvalidInput, match="不能晚于今天"):
        milestone_done(actor=unit, project_public_id=project.public_id, milestone_id=milestone.pk, done_on=works.day(1))
    milestone_done(
        actor=unit, project_public_id=project.public_id, milestone_id=milestone.pk, done_on=works.day(-1), note="封顶"
    )
    assert clock(milestone, "project_milestone") is None
    with pytest.raises(IllegalTransition):
        milestone_done(actor=unit, project_public_id=project.public_id, milestone_id=milestone.pk, done_on=works.day())
    with pytest.raises(NotFound):
        milestone_done(actor=unit, project_public_id=project.public_id, milestone_id=10**9, done_on=works.day())
