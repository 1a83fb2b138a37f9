"""The carrying out at its edges: what is over, what is not there, who is not asked, what lists narrow to."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from liaison.actor import system_actor
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound
from liaison.models import Deadline
from liaison.registry import registry
from liaison.selectors.dashboard import clocks_of
from tests.suggestions.pages import text_of
from tests.votes import works
from tests.votes.people import County
from votes.models import Inspection, Project
from votes.selectors.inspection import groups_for
from votes.selectors.project import Conditions, scoped, waiting_for
from votes.services.change import change_approve, change_request
from votes.services.inspection import inspection_answer, inspection_check
from votes.services.milestone import MOST_MILESTONES, may_set_milestones, milestone_update
from votes.services.project import project_hand_over, project_resume, project_set_unit
from votes.services.report import report_submit
from votes.services.supervision import group_save


def stop(county: County, project: Project) -> None:
    change = works.change(county, project, stop=True)
    change_approve(
        actor=county.actor("county_approver"),
        project_public_id=project.public_id,
        public_id=change.public_id,
        deciding_body="赫山区人大常委会",
        decision="第三十二次会议",
        decided_on=works.day(),
    )


def hand_over(county: County, project: Project) -> None:
    works.finished(county, Project.objects.get(pk=project.pk))
    project_hand_over(
        actor=county.actor("county_clerk"),
        public_id=project.public_id,
        version=None,
        handed_over_on=works.day(),
        uploads=[works.pdf()],
    )


def test_a_project_that_is_over_takes_nothing_more(county: County) -> None:
    stopped, handed_over = works.started(county, 2)
    group = works.group(county, stopped)
    inspection = works.inspection(county, stopped, group)
    milestone = works.milestone(county, stopped)
    stop(county, stopped)
    hand_over(county, handed_over)
    with pytest.raises(DomainError, match="不再检查"):
        works.inspection(county, stopped, group)
    with pytest.raises(IllegalTransition, match="不再答复"):
        inspection_answer(
            actor=county.actor("county_unit"), public_id=inspection.public_id, version=None, answer="改了"
        )
    with pytest.raises(DomainError, match="不再设置进度节点"):
        works.milestone(county, stopped, "再来一个")
    with pytest.raises(DomainError, match="不再设置进度节点"):
        milestone_update(
            actor=county.actor("county_clerk"),
            project_public_id=stopped.public_id,
            milestone_id=milestone.pk,
            name="改名",
            due_on=milestone.due_on,
        )
    for project in (stopped, handed_over):
        with pytest.raises(DomainError, match="不再更换责任单位"):
            project_set_unit(
                actor=county.actor("county_clerk"),
                public_id=project.public_id,
                version=None,
                unit_public_id=county.unit.public_id,
            )


def test_what_is_not_there_is_not_found(county: County) -> None:
    project = works.project(county)
    nowhere, unit, approver = uuid.uuid4(), county.actor("county_unit"), county.actor("county_approver")
    with pytest.raises(NotFound):
        report_submit(actor=unit, project_public_id=project.public_id, public_id=nowhere, values=works.report_values())
    with pytest.raises(NotFound):
        change_approve(
            actor=approver,
            project_public_id=project.public_id,
            public_id=nowhere,
            deciding_body="某",
            decision="某",
            decided_on=works.day(),
        )
    with pytest.raises(NotFound):
        inspection_check(actor=approver, public_id=nowhere, version=None)
    with pytest.raises(NotFound):
        group_save(
            actor=approver,
            programme_public_id=project.programme.public_id,
            public_id=nowhere,
            name="组",
            head=None,
            members=[],
            projects=[],
        )
    programme = project.programme.public_id
    for url in (
        reverse("projects:detail", args=[nowhere]),
        reverse("projects:report", args=[project.public_id, nowhere]),
        reverse("projects:milestone_edit", args=[project.public_id, 10**30]),
        reverse("projects:decide", args=[project.public_id, nowhere]),
        reverse("projects:groups", args=[nowhere]),
        reverse("projects:group_edit", args=[programme, nowhere]),
        reverse("inspections:detail", args=[nowhere]),
        reverse("open_works:picture", args=[programme, nowhere]),
    ):
        wanted = "county_unit" if "reports" in url else "county_approver"
        assert county.cast.client(wanted).get(url).status_code == 404, url


def test_another_unit_that_sees_a_project_does_not_act_for_it(county: County) -> None:
    project = works.project(county, unit=None, unit_name="八字哨镇人民政府")
    with pytest.raises(NotFound):
        change_request(
            actor=county.actor("county_unit"), project_public_id=project.public_id, version=None, values={}, reason=""
        )
    with pytest.raises(NotAllowed):
        milestone_update(
            actor=county.actor("insider"), project_public_id=project.public_id, milestone_id=1, name="", due_on=None
        )
    assert may_set_milestones(system_actor(), project)
    assert groups_for(system_actor(), project) == []
    assert groups_for(county.actor("county_unit"), project) == []
    assert groups_for(county.actor("insider"), project) == []


def test_milestones_have_an_end_and_an_unchanged_one_leaves_no_trace(county: County) -> None:
    project = works.project(county)
    for number in range(MOST_MILESTONES):
        last = works.milestone(county, project, f"节点{number}")
    with pytest.raises(DomainError, match="最多30个节点"):
        works.milestone(county, project, "多一个")
    keys = {"project_public_id": project.public_id, "milestone_id": last.pk}
    actor = county.actor("county_unit")
    milestone_update(actor=actor, **keys, name=last.name, due_on=last.due_on)
    milestone_update(actor=actor, **keys, name="只改名", due_on=last.due_on)
    last.refresh_from_db()
    assert last.name == "只改名"


def test_a_new_unit_takes_open_demands_over_too(county: County) -> None:
    project = works.project(county, unit=None, unit_name="八字哨镇人民政府")
    works.milestone_add(
        actor=county.actor("county_clerk"), project_public_id=project.public_id, name="开工", due_on=works.day(9)
    )
    works.inspection(county, project, works.group(county, project))
    project_set_unit(
        actor=county.actor("county_clerk"),
        public_id=project.public_id,
        version=None,
        unit_public_id=county.unit.public_id,
    )
    clocks = Deadline.objects.unscoped(reason="test").open()
    assert {(clock.kind, clock.holder_id) for clock in clocks} == {
        (kind, county.unit.pk)
        for kind in ("project_finish", "progress_report", "project_milestone", "inspection_answer")
    }
    titles = [clock.subject.title for clock in clocks_of(county.actor("county_unit")).held]
    assert f"开工：{project.name}" in titles
    assert f"监督检查：{project.name}" in titles
    assert any("季度进展" in title for title in titles)


def test_a_damaged_photograph_is_named(county: County) -> None:
    project = works.project(county)
    with pytest.raises(InvalidInput) as refused:
        works.report(county, project, pictures=[SimpleUploadedFile("坏.png", b"not a picture at all")])
    assert "坏.png" in refused.value.fields["pictures"]


def test_lists_narrow_by_region_and_unit(county: County) -> None:
    project = works.project(county)
    actor = county.actor("insider")
    for conditions, count in (
        (Conditions(region="430903"), 1),
        (Conditions(region="430981"), 0),
        (Conditions(unit_id=county.unit.pk), 1),
        (Conditions(unit_id=county.unit.pk + 1), 0),
        (Conditions(year=project.programme.year - 1), 0),
    ):
        assert scoped(actor, conditions).count() == count, conditions


def test_what_waits_is_asked_only_of_those_who_may_look(county: County) -> None:
    project = works.project(county)
    works.change(county, project)
    assert waiting_for(county.actor("county_approver")).changes == 1
    assert waiting_for(county.actor("county_clerk")).changes == 0
    for who in ("prosecutor", "auditor"):
        actor = county.actor(who)
        assert waiting_for(actor) == waiting_for(system_actor())
        assert not [item for item in registry.todo_items(actor) if "项目" in item.label]


def test_the_next_act_is_each_one_s_own(county: County) -> None:
    project = works.project(county)
    group = works.group(county, project, members=2)
    url = project.get_absolute_url()

    def shown(who: str) -> str:
        return text_of(county.cast.client(who).get(url))

    assert "赫山区水利局正在实施" in shown("insider")
    assert "赫山区水利局正在实施" in shown("other_deputy")
    assert "登记监督检查" in shown("county_clerk")
    inspection = works.inspection(county, project, group)
    assert "第一监督小组提出了整改要求" in shown("county_unit")
    assert "等待赫山区水利局答复" in text_of(county.cast.client("deputy").get(inspection.get_absolute_url()))
    works.answered(county, inspection)
    for who in ("county_clerk", "deputy"):
        assert "责任单位已答复整改" in shown(who)
    inspection_check(actor=county.actor("deputy"), public_id=inspection.public_id, version=None)
    works.report(county, project)
    assert "本季度进展已报送" in shown("county_unit")
    assert "最近一次进展退回重报" in shown("county_clerk")
    works.finished(county, Project.objects.get(pk=project.pk))
    assert "已完工，等待赫山区人大常委会确认交付" in shown("county_unit")
    project_resume(actor=county.actor("county_clerk"), public_id=project.public_id, version=None, reason="再改")
    stop(county, Project.objects.get(pk=project.pk))
    for who in ("county_unit", "county_clerk", "deputy"):
        assert "经批准终止" in shown(who)
    assert Inspection.objects.get().status == "checked"
