"""Setting a vote up, changing it, taking it back."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.utils import timezone

from deputies.models import Congress
from deputies.models.congress import CongressLevel
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import AuditEntry
from tests.votes import round_steps as steps
from tests.votes.people import County
from votes.models import Programme, Project, Round, RoundOption
from votes.selectors.round import get_round_for, options_of, round_list, rounds_of
from votes.services.round import OptionInput, round_annul, round_create, round_edit
from votes.states import CandidateStatus, ProgrammeStatus, RoundStatus


def create(county: County, programme: Programme | None, **changes: Any) -> Round:
    values: dict[str, Any] = {
        "congress_public_id": county.congress.public_id,
        "programme_public_id": programme.public_id if programme else None,
        "kind": "projects",
        "title": "票决",
        "scale": "three",
    }
    return round_create(actor=county.actor("county_clerk"), **values | changes)


def test_the_ballot_lists_the_approved_candidates(county: County) -> None:
    programme = steps.programme(county, candidates=4)
    programme.candidates.filter(number=2).update(status=CandidateStatus.WITHDRAWN)
    round_ = create(county, programme)
    assert [option.name for option in options_of(round_)] == ["项目1", "项目3", "项目4"]
    assert (round_.places, round_.number, round_.roll_count, len(round_.session_code)) == (2, 1, 9, 6)
    assert "投资100万元" in options_of(round_)[0].detail
    assert AuditEntry.objects.filter(action="round.create", target_id=str(round_.public_id)).count() == 1


@pytest.mark.parametrize("places", [3, 4, 0])
def test_as_many_places_as_candidates_are_refused(county: County, places: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        create(county, steps.programme(county), places=places)
    assert "places" in caught.value.fields
    assert not Round.objects.exists()


def test_one_round_at_a_time(county: County) -> None:
    programme = steps.programme(county)
    first = create(county, programme)
    with pytest.raises(DomainError, match="还没有结束") as caught:
        create(county, programme)
    assert caught.value.code == "round_unfinished"
    round_annul(actor=county.actor("county_clerk"), public_id=first.public_id, reason="名册有误")
    assert create(county, programme).number == 2


@pytest.mark.parametrize(
    ("region", "level", "reason"), [("subdistrict", "township", "街道不设人民代表大会"), ("city", "city", "设区的市")]
)
def test_no_vote_where_the_law_knows_none(county: County, region: str, level: str, reason: str) -> None:
    programme = steps.programme(county)
    congress = Congress.objects.create(
        region=county.cast.regions[region],
        level=CongressLevel(level),
        term=9,
        name="某人民代表大会",
        short_name="某人大",
        office=county.cast.offices["county_office"],
        starts_on=dt.date(2022, 1, 1),
    )
    programme.congress = congress
    programme.save()
    with pytest.raises(DomainError, match=reason) as caught:
        create(county, programme, congress_public_id=congress.public_id)
    assert caught.value.code == "no_vote_here"


def test_the_list_must_be_approved_first(county: County) -> None:
    programme = steps.programme(county)
    Programme.objects.filter(pk=programme.pk).update(status=ProgrammeStatus.SCREENING)
    with pytest.raises(DomainError, match="候选项目审定之后"):
        create(county, programme)


def test_a_vote_on_projects_needs_a_programme(county: County) -> None:
    with pytest.raises(InvalidInput):
        create(county, None)
    with pytest.raises(InvalidInput, match="再次投票"):
        create(county, steps.programme(county), kind="run_off")
    with pytest.raises(InvalidInput):
        create(county, None, kind="nonsense", options=[OptionInput("甲")])


def test_an_appraisal_takes_projects_and_texts(county: County) -> None:
    programme = steps.programme(county)
    candidate = programme.candidates.first()
    project = Project.objects.create(
        programme=programme,
        candidate=candidate,
        office=programme.office,
        region_prefix=programme.region_prefix,
        name="安全饮水",
        content="管网",
        place="全区",
        investment=1,
        unit=county.unit,
        unit_name="水利局",
        finish_on=dt.date(2026, 12, 1),
    )
    round_ = create(
        county,
        None,
        kind="appraisal",
        places=5,
        scale="four",
        options=[OptionInput(project_public_id=project.public_id), OptionInput(name=" 交通设施 "), OptionInput()],
    )
    assert [(option.name, option.project_id) for option in options_of(round_)] == [
        ("安全饮水", project.pk),
        ("交通设施", None),
    ]
    assert round_.places is None
    with pytest.raises(NotFound):
        create(county, None, kind="appraisal", options=[OptionInput(project_public_id=uuid.uuid4())])
    with pytest.raises(InvalidInput, match="至少列出一项"):
        create(county, None, kind="duty")
    with pytest.raises(InvalidInput, match="最多60项"):
        create(county, None, kind="duty", options=[OptionInput(f"第{n}位") for n in range(61)])


def test_bad_values_are_named_by_their_field(county: County) -> None:
    with pytest.raises(InvalidInput) as caught:
        create(
            county, steps.programme(county), title=" ", closes_at=timezone.now() - dt.timedelta(seconds=1), scale="two"
        )
    assert {"title", "closes_at", "scale"} <= set(caught.value.fields)
    with pytest.raises(InvalidInput, match="会议"):
        create(county, Programme.objects.get(), session_id=0)


@pytest.mark.parametrize(
    ("who", "error"),
    [("deputy", NotAllowed), ("county_unit", NotAllowed), ("stranger", NotFound), ("insider", NotAllowed)],
)
def test_only_the_congresss_own_office_sets_a_vote_up(county: County, who: str, error: type[DomainError]) -> None:
    programme = steps.programme(county)
    with pytest.raises(error):
        round_create(
            actor=county.actor(who),
            congress_public_id=county.congress.public_id,
            programme_public_id=programme.public_id,
            kind="projects",
            title="票决",
            scale="three",
        )


def test_a_prepared_vote_may_be_changed(county: County) -> None:
    round_ = steps.projects_round(county)
    clerk = county.actor("county_clerk")
    later = timezone.now() + dt.timedelta(hours=1)
    changed = round_edit(
        actor=clerk,
        public_id=round_.public_id,
        version=round_.version,
        values={"title": " 新名称 ", "places": 1, "closes_at": later, "session_id": county.session.pk},
    )
    assert (changed.title, changed.places, changed.closes_at) == ("新名称", 1, later)
    with pytest.raises(StaleVersion):
        round_edit(actor=clerk, public_id=round_.public_id, version=round_.version, values={"title": "别名"})
    with pytest.raises(InvalidInput):
        round_edit(actor=clerk, public_id=round_.public_id, version=None, values={"places": 3})
    with pytest.raises(InvalidInput):
        round_edit(actor=clerk, public_id=round_.public_id, version=None, values={"session_id": 0})


def test_the_lines_of_an_appraisal_may_be_changed(county: County) -> None:
    round_ = steps.appraisal(county)
    changed = round_edit(
        actor=county.actor("county_clerk"),
        public_id=round_.public_id,
        version=None,
        values={"options": [OptionInput("丙")]},
    )
    assert list(RoundOption.objects.filter(round=changed).values_list("name", flat=True)) == ["丙"]


def test_of_an_open_vote_only_the_closing_time_changes(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    clerk = county.actor("county_clerk")
    later = timezone.now() + dt.timedelta(minutes=5)
    assert (
        round_edit(actor=clerk, public_id=round_.public_id, version=None, values={"closes_at": later}).closes_at
        == later
    )
    with pytest.raises(DomainError, match="只能调整截止时间"):
        round_edit(actor=clerk, public_id=round_.public_id, version=None, values={"places": 1})
    with pytest.raises(InvalidInput):
        round_edit(
            actor=clerk,
            public_id=round_.public_id,
            version=None,
            values={"closes_at": timezone.now() - dt.timedelta(minutes=5)},
        )
    steps.closed(county, round_)
    with pytest.raises(IllegalTransition):
        round_edit(actor=clerk, public_id=round_.public_id, version=None, values={"closes_at": later})


def test_annulling_needs_a_reason_and_stays(county: County) -> None:
    round_ = steps.projects_round(county)
    clerk = county.actor("county_clerk")
    with pytest.raises(InvalidInput):
        round_annul(actor=clerk, public_id=round_.public_id, reason="  ")
    void = round_annul(actor=clerk, public_id=round_.public_id, reason="名册有误")
    assert (void.status, void.void_reason) == (RoundStatus.VOID, "名册有误")
    with pytest.raises(IllegalTransition):
        round_annul(actor=clerk, public_id=round_.public_id, reason="再来")
    with pytest.raises(NotFound):
        round_annul(actor=county.actor("stranger"), public_id=round_.public_id, reason="外县")


def test_who_finds_a_round(county: County) -> None:
    round_ = steps.projects_round(county)
    clerk, deputy, city = county.actor("county_clerk"), county.actor("deputy"), county.actor("insider")
    assert get_round_for(clerk, round_.public_id) == round_
    assert get_round_for(city, round_.public_id) == round_
    assert list(round_list(clerk)) == [round_] == rounds_of(clerk, round_.programme)
    with pytest.raises(NotFound):
        get_round_for(deputy, round_.public_id)
    steps.opened(county, round_)
    assert get_round_for(deputy, round_.public_id) == round_
    with pytest.raises(NotFound):
        get_round_for(county.actor("stranger"), round_.public_id)


def test_a_congress_without_an_office_is_run_by_the_office_of_its_place(county: County) -> None:
    Congress.objects.filter(pk=county.congress.pk).update(office=None)
    round_ = steps.appraisal(county)
    assert round_.office == county.cast.offices["county_office"]
    with pytest.raises(DomainError, match="还没有设置工作机构"):
        round_create(
            actor=county.actor("insider"),
            congress_public_id=county.congress.public_id,
            kind="duty",
            title="履职评议",
            options=[OptionInput("甲")],
        )
    with pytest.raises(NotFound):
        create(county, None, programme_public_id=uuid.uuid4())


def test_an_edit_that_changes_nothing_is_fine(county: County) -> None:
    round_ = steps.projects_round(county)
    same = round_edit(
        actor=county.actor("county_clerk"), public_id=round_.public_id, version=None, values={"title": round_.title}
    )
    assert same.title == round_.title
