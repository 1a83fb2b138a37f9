"""Supervision groups and their inspections: record, answer, check, return."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from deputies.models import DutyEntry, DutyKind, Mandate
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import Attachment, Deadline, Notice
from tests.votes import works
from tests.votes.people import County
from votes.models import Inspection, Project
from votes.services.inspection import inspection_answer, inspection_check, inspection_record, inspection_return
from votes.services.project import project_hand_over
from votes.services.supervision import group_save


@pytest.fixture
def project(county: County) -> Project:
    return works.project(county)


def told(county: County, who: str, words: str) -> bool:
    return Notice.objects.filter(recipient=county.cast.user(who), title__contains=words).exists()


def open_clocks() -> list[Deadline]:
    return list(Deadline.objects.unscoped(reason="test").open().filter(kind="inspection_answer"))


def test_an_inspection_counts_for_every_deputy_of_the_group(county: County, project: Project) -> None:
    group = works.group(county, project, members=2)
    made = works.inspection(county, project, group)
    rows = DutyEntry.objects.standing().filter(kind=DutyKind.PROJECT_INSPECTION)
    assert {row.mandate for row in rows} == set(group.members.all())
    assert {(row.on, row.source) for row in rows} == {(made.inspected_on, made)}
    assert not DutyEntry.objects.exclude(kind=DutyKind.PROJECT_INSPECTION).exists()


# ── groups ───────────────────────────────────────────────────────────────────────────────────────
def test_a_group_has_its_head_among_the_members_who_are_told(county: County, project: Project) -> None:
    group = works.group(county, project, members=2)
    assert {one.person.name for one in group.members.select_related("person")} == {"李代表", "王附议"}
    assert told(county, "deputy", "您参加第一监督小组")
    assert told(county, "cosigner", "您参加第一监督小组")
    assert not told(county, "other_deputy", "监督小组")


def test_a_changed_group_tells_only_those_who_came(county: County, project: Project) -> None:
    group = works.group(county, project, members=2)
    group_save(
        actor=county.actor("county_clerk"),
        programme_public_id=project.programme.public_id,
        public_id=group.public_id,
        name="农村饮水监督小组",
        head=county.mandates[2].public_id,
        members=[county.mandates[0].public_id],
        projects=[project.public_id],
    )
    group.refresh_from_db()
    assert (group.name, group.head, group.members.count()) == ("农村饮水监督小组", county.mandates[2], 2)
    assert told(county, "other_deputy", "您参加农村饮水监督小组")
    assert not told(county, "deputy", "您参加农村饮水监督小组")


def test_groups_that_cannot_be_are_refused(county: County, project: Project) -> None:
    works.group(county, project)
    ended = county.mandates[4]
    Mandate.objects.filter(pk=ended.pk).update(ended_on=works.day(), end_reason="辞职")
    good: dict[str, Any] = {
        "name": "第二监督小组",
        "head": county.mandates[0].public_id,
        "members": [],
        "projects": [project.public_id],
    }
    city = county.cast.mandates["deputy"].public_id
    for changes, fields in (
        ({"name": " "}, {"name"}),
        ({"name": "第一监督小组"}, {"name"}),
        ({"head": None}, {"head"}),
        ({"members": [ended.public_id]}, {"members"}),
        ({"members": [city]}, {"members"}),
        ({"projects": []}, {"projects"}),
        ({"projects": [uuid.uuid4()]}, {"projects"}),
        ({"name": "长" * 61}, {"name"}),
    ):
        with pytest.raises(InvalidInput) as refused:
            group_save(
                actor=county.actor("county_clerk"),
                programme_public_id=project.programme.public_id,
                **{**good, **changes},
            )
        assert set(refused.value.fields) == fields
    for who, error in (("insider", NotAllowed), ("deputy", NotAllowed), ("stranger", NotFound)):
        with pytest.raises(error):
            group_save(actor=county.actor(who), programme_public_id=project.programme.public_id, **good)


def test_no_group_before_the_work_begins(county: County) -> None:
    of = works.programme(county)
    with pytest.raises(DomainError, match="转入组织实施以后"):
        group_save(
            actor=county.actor("county_clerk"),
            programme_public_id=of.public_id,
            name="一组",
            head=county.mandates[0].public_id,
            members=[],
            projects=[],
        )


# ── inspections ──────────────────────────────────────────────────────────────────────────────────
def test_demand_answer_return_answer_check(county: County, project: Project) -> None:
    group = works.group(county, project)
    inspection = works.inspection(county, project, group)
    assert inspection.status == "demanded"
    (clock,) = open_clocks()
    assert (clock.fixed_on, clock.holder) == (works.day(15), county.unit)
    assert told(county, "county_unit", "提出整改要求")
    assert told(county, "cosigner", "检查了项目")

    unit, member = county.actor("county_unit"), county.actor("cosigner")
    inspection_answer(
        actor=unit, public_id=inspection.public_id, version=1, answer="已重新回填。", uploads=[works.pdf()]
    )
    assert open_clocks() == []
    assert told(county, "deputy", "已答复整改，请核查")
    assert Attachment.objects.filter(slot="answer").count() == 1

    with pytest.raises(InvalidInput) as refused:
        inspection_return(actor=member, public_id=inspection.public_id, version=2, note="", answer_by=works.day())
    assert set(refused.value.fields) == {"note", "answer_by"}
    inspection_return(
        actor=member, public_id=inspection.public_id, version=2, note="路面没有恢复", answer_by=works.day(5)
    )
    (clock,) = open_clocks()
    assert clock.fixed_on == works.day(5)
    assert told(county, "county_unit", "整改退回")

    with pytest.raises(StaleVersion):
        inspection_answer(actor=unit, public_id=inspection.public_id, version=2, answer="路面已恢复。")
    inspection_answer(actor=unit, public_id=inspection.public_id, version=3, answer="路面已恢复。")
    inspection_check(actor=member, public_id=inspection.public_id, version=4, note="已核实")
    inspection.refresh_from_db()
    assert (inspection.status, inspection.checked_on) == ("checked", works.day())
    with pytest.raises(IllegalTransition):
        inspection_check(actor=member, public_id=inspection.public_id, version=None)


def test_an_inspection_without_demands_asks_for_nothing(county: County, project: Project) -> None:
    group = works.group(county, project)
    inspection = works.inspection(county, project, group, demands="", answer_by=None)
    assert inspection.status == "recorded"
    assert open_clocks() == []
    with pytest.raises(IllegalTransition):
        inspection_answer(actor=county.actor("county_unit"), public_id=inspection.public_id, version=None, answer="好")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"group": None}, "group"),
        ({"inspected_on": None}, "inspected_on"),
        ({"inspected_on": dt.date(2099, 1, 1)}, "inspected_on"),
        ({"findings": " "}, "findings"),
        ({"findings": "长" * 2001}, "findings"),
        ({"answer_by": None}, "answer_by"),
        ({"answer_by": dt.date(2020, 1, 1)}, "answer_by"),
        ({"demands": ""}, "demands"),
    ],
)
def test_an_inspection_that_cannot_be_is_refused(
    county: County, project: Project, changes: dict[str, Any], field: str
) -> None:
    group = works.group(county, project)
    with pytest.raises(InvalidInput) as refused:
        works.inspection(county, project, group, **changes)
    assert set(refused.value.fields) == {field}
    assert Inspection.objects.count() == 0


def test_only_members_and_the_office_inspect_and_check(county: County, project: Project) -> None:
    group = works.group(county, project, members=2)
    values = works.inspection_values(group)
    for who in ("other_deputy", "insider", "county_unit"):
        with pytest.raises(NotAllowed):
            inspection_record(actor=county.actor(who), project_public_id=project.public_id, values=values)
    inspection = inspection_record(
        actor=county.actor("county_clerk"), project_public_id=project.public_id, values=values
    )
    inspection_answer(actor=county.actor("county_unit"), public_id=inspection.public_id, version=None, answer="已改。")
    for who in ("other_deputy", "insider"):
        with pytest.raises(NotAllowed):
            inspection_check(actor=county.actor(who), public_id=inspection.public_id, version=None)
    for who in ("unit", "stranger"):
        with pytest.raises((NotFound, NotAllowed)):
            inspection_check(actor=county.actor(who), public_id=inspection.public_id, version=None)
    inspection_check(actor=county.actor("county_clerk"), public_id=inspection.public_id, version=None)


def test_an_open_demand_holds_the_hand_over_up(county: County, project: Project) -> None:
    group = works.group(county, project)
    works.inspection(county, project, group)
    works.finished(county, Project.objects.get(pk=project.pk))
    with pytest.raises(DomainError, match="整改要求还没有销号"):
        project_hand_over(
            actor=county.actor("county_clerk"),
            public_id=project.public_id,
            version=None,
            handed_over_on=works.day(),
            uploads=[works.pdf()],
        )
