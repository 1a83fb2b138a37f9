"""The year's programme: who may have one, its plan, its call and its list of candidates."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from liaison.actor import system_actor
from liaison.exceptions import IllegalTransition, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import AuditEntry, Deadline, Notice, Region
from tests.votes import programmes as steps
from tests.votes.people import County
from votes.models import Programme
from votes.selectors.programme import places_hint, takes_proposals
from votes.services.programme import programme_create, programme_edit
from votes.services.programme_act import (
    programme_approve_list,
    programme_close_call,
    programme_open_call,
    programme_reopen_call,
    programme_reopen_list,
)
from votes.states import CandidateStatus, ProgrammeStatus


def refused(county: County, place: str, who: str = "county_clerk") -> str:
    with pytest.raises(InvalidInput) as error:
        programme_create(
            actor=county.actor(who),
            region_code=county.cast.regions[place].code,
            year=2027,
            values=steps.plan(),
        )
    return error.value.fields["region_code"]


def test_a_county_sets_up_its_year(county: County) -> None:
    programme = steps.preparing(county, year=2027)
    assert (programme.congress, programme.office) == (county.congress, county.cast.offices["county_office"])
    assert programme.status == ProgrammeStatus.PREPARING
    assert AuditEntry.objects.filter(action="programme.create", target_id=str(programme.public_id)).exists()


def test_a_subdistrict_is_refused_with_the_law(county: County) -> None:
    assert "街道不设人民代表大会" in refused(county, "subdistrict")


def test_a_statistical_zone_is_refused_with_the_law(county: County) -> None:
    Region.objects.filter(pk=county.cast.regions["town"].pk).update(statistical_only=True)
    assert "统计用区划不是一级行政区划" in refused(county, "town")


def test_a_city_is_refused(county: County) -> None:
    assert "设区的市和省级不组织" in refused(county, "city", "insider")


def test_a_town_without_a_registered_congress_is_told_so(county: County) -> None:
    assert "还没有登记在任的人民代表大会" in refused(county, "town")


def test_another_office_cannot_set_it_up(county: County) -> None:
    assert "请由该机构建立" in refused(county, "county", "insider")
    assert "本级或者下一级" in refused(county, "county", "stranger")


def test_who_only_looks_cannot_set_it_up(county: County) -> None:
    with pytest.raises(NotAllowed):
        programme_create(
            actor=county.actor("colleague"),
            region_code=county.cast.regions["county"].code,
            year=2027,
            values=steps.plan(),
        )


def test_there_is_one_programme_a_year(county: County) -> None:
    steps.preparing(county, year=2027)
    with pytest.raises(InvalidInput) as error:
        steps.preparing(county, year=2027)
    assert "一年一轮" in error.value.fields["year"]
    steps.preparing(county, year=2028)


@pytest.mark.parametrize(
    ("name", "offset"),
    [("call_until", -1), ("list_on", 10), ("vote_on", 50), ("finish_on", 70), ("appraise_on", 200)],
)
def test_the_stages_stand_in_order(county: County, name: str, offset: int) -> None:
    with pytest.raises(InvalidInput) as error:
        steps.preparing(county, **{name: steps.day(offset)})
    assert name in error.value.fields


def test_places_have_guidance_not_a_rule() -> None:
    assert places_hint("township", 3) == places_hint("county", 5) == places_hint("county", 10) == ""
    assert "1至3件" in places_hint("township", 4)
    assert "5至10件" in places_hint("county", 4)


def test_opening_starts_both_clocks_and_tells_the_deputies(county: County) -> None:
    programme = steps.collecting(county)
    assert programme.status == ProgrammeStatus.COLLECTING
    assert set(Deadline.objects.values_list("kind", flat=True)) == {"programme_call", "programme_list"}
    assert Notice.objects.filter(recipient=county.cast.user("deputy")).exists()


def test_a_short_call_must_be_confirmed(county: County) -> None:
    programme = steps.preparing(county, call_until=steps.day(28))
    act = {"actor": county.actor("county_clerk"), "public_id": programme.public_id, "version": 1}
    with pytest.raises(InvalidInput) as error:
        programme_open_call(**act)
    assert "只有29天，少于规定的30天" in error.value.fields["confirm_short"]
    assert programme_open_call(**act, confirm_short=True).status == ProgrammeStatus.COLLECTING


def test_thirty_days_need_no_confirmation(county: County) -> None:
    programme = steps.preparing(county, call_until=steps.day(29))
    programme_open_call(actor=county.actor("county_clerk"), public_id=programme.public_id, version=None)


def test_the_shortest_call_is_a_setting(county: County) -> None:
    programme = steps.preparing(county, call_until=steps.day(9), min_call_days=10)
    programme_open_call(actor=county.actor("county_clerk"), public_id=programme.public_id, version=None)


def test_a_call_needs_its_last_day_in_the_future(county: County) -> None:
    for plan, code in (
        ({"call_from": None, "call_until": None}, "no_dates"),
        ({"call_from": steps.day(-60), "call_until": steps.day(-20)}, "dates_passed"),
    ):
        programme = steps.preparing(county, year=2027 + len(code), **plan)
        with pytest.raises(InvalidInput) as error:
            programme_open_call(actor=county.actor("county_clerk"), public_id=programme.public_id, version=None)
        assert error.value.code == code


def test_the_last_day_still_counts(county: County) -> None:
    programme = steps.collecting(county)
    assert programme.call_until is not None
    assert takes_proposals(programme, programme.call_until)
    assert not takes_proposals(programme, programme.call_until + dt.timedelta(days=1))


def test_ending_early_needs_a_reason(county: County) -> None:
    programme = steps.collecting(county)
    act = {"actor": county.actor("county_clerk"), "public_id": programme.public_id, "version": None}
    with pytest.raises(InvalidInput):
        programme_close_call(**act, reason=" ")
    assert programme_close_call(**act, reason="改期").status == ProgrammeStatus.SCREENING
    assert Deadline.objects.get(kind="programme_call").met_at is not None


def test_reopening_takes_a_new_day_and_a_reason(county: County) -> None:
    programme = steps.screening(county)
    act = {"actor": county.actor("county_approver"), "public_id": programme.public_id, "version": None}
    with pytest.raises(InvalidInput) as error:
        programme_reopen_call(**act, call_until=steps.day(-1), reason="")
    assert set(error.value.fields) == {"call_until", "reason"}
    with pytest.raises(InvalidInput):
        programme_reopen_call(**act, call_until=steps.day(61), reason="建议太少")
    assert programme_reopen_call(**act, call_until=steps.day(50), reason="建议太少").call_until == steps.day(50)
    assert Deadline.objects.open().filter(kind="programme_call").count() == 1


def test_only_the_approver_reopens_the_call(county: County) -> None:
    programme = steps.screening(county)
    with pytest.raises(NotAllowed):
        programme_reopen_call(
            actor=county.actor("county_clerk"),
            public_id=programme.public_id,
            version=None,
            call_until=steps.day(50),
            reason="x",
        )


def test_running_clocks_follow_the_plan(county: County) -> None:
    programme = steps.collecting(county)
    programme_edit(
        actor=county.actor("county_clerk"),
        public_id=programme.public_id,
        version=programme.version,
        values={"call_until": steps.day(45)},
    )
    assert Deadline.objects.open().get(kind="programme_call").fixed_on == steps.day(45)
    assert Deadline.objects.filter(kind="programme_list").count() == 1


def test_a_stale_page_changes_nothing(county: County) -> None:
    programme = steps.collecting(county)
    with pytest.raises(StaleVersion):
        programme_edit(actor=county.actor("county_clerk"), public_id=programme.public_id, version=1, values={})


def test_the_neighbour_does_not_see_it_and_the_city_may_not_change_it(county: County) -> None:
    programme = steps.preparing(county)
    with pytest.raises(NotFound):
        programme_edit(actor=county.actor("stranger"), public_id=programme.public_id, version=None, values={})
    with pytest.raises(NotAllowed):
        programme_edit(actor=county.actor("insider"), public_id=programme.public_id, version=None, values={"places": 3})


def test_what_the_vote_rests_on_is_fixed_with_the_list(county: County) -> None:
    programme = steps.listed(county)
    with pytest.raises(InvalidInput) as error:
        programme_edit(
            actor=county.actor("county_clerk"), public_id=programme.public_id, version=None, values={"places": 1}
        )
    assert "places" in error.value.fields
    programme_edit(
        actor=county.actor("county_clerk"),
        public_id=programme.public_id,
        version=None,
        values={"leader": "李主任", "session_id": county.session.pk},
    )
    assert Programme.objects.get(pk=programme.pk).session == county.session


def approve(county: County, programme: Programme, *, confirm_few: bool = False) -> Programme:
    return programme_approve_list(
        actor=county.actor("county_approver"), public_id=programme.public_id, version=None, confirm_few=confirm_few
    )


def test_as_many_candidates_as_places_are_refused(county: County) -> None:
    programme = steps.screening(county)
    for number in (1, 2):
        steps.candidate(county, programme, name=f"项目{number}")
    with pytest.raises(InvalidInput) as error:
        approve(county, programme, confirm_few=True)
    assert "至少要有3件" in error.value.message


def test_below_the_share_one_confirms_and_from_it_on_not(county: County) -> None:
    programme = steps.screening(county, places=10)
    for number in range(11):
        steps.candidate(county, programme, name=f"项目{number}")
    with pytest.raises(InvalidInput) as error:
        approve(county, programme)
    assert "宜有候选项目12件以上" in error.value.fields["confirm_few"]
    steps.candidate(county, programme, name="第十二件")
    assert approve(county, programme).status == ProgrammeStatus.LISTED


def test_the_list_is_put_to_the_vote_as_it_stands(county: County) -> None:
    programme = steps.listed(county)
    assert set(programme.candidates.values_list("status", flat=True)) == {CandidateStatus.LISTED}
    assert Deadline.objects.get(kind="programme_list").met_at is not None


def test_an_incomplete_candidate_stops_the_list(county: County) -> None:
    programme = steps.screening(county)
    for number in range(3):
        steps.candidate(county, programme, name=f"项目{number}")
    programme.candidates.filter(number=2).update(unit_name="", investment=0)
    with pytest.raises(InvalidInput) as error:
        approve(county, programme, confirm_few=True)
    assert "“项目1”还缺：投资额、责任单位" in error.value.message


def test_only_the_approver_fixes_the_list(county: County) -> None:
    programme = steps.screening(county)
    with pytest.raises(NotAllowed):
        programme_approve_list(actor=county.actor("county_clerk"), public_id=programme.public_id, version=None)


def test_the_list_can_go_back_before_the_vote(county: County) -> None:
    programme = steps.listed(county)
    act = {"actor": county.actor("county_approver"), "public_id": programme.public_id, "version": None}
    with pytest.raises(InvalidInput):
        programme_reopen_list(**act, reason="")
    assert programme_reopen_list(**act, reason="资金有变").status == ProgrammeStatus.SCREENING
    assert set(programme.candidates.values_list("status", flat=True)) == {CandidateStatus.DRAFT}
    assert Deadline.objects.open().filter(kind="programme_list").count() == 1
    with pytest.raises(IllegalTransition):
        programme_reopen_list(**act, reason="再退")


def test_a_closed_year_stays_as_it_is(county: County) -> None:
    programme = steps.preparing(county)
    Programme.objects.filter(pk=programme.pk).update(status=ProgrammeStatus.CLOSED)
    with pytest.raises(IllegalTransition):
        programme_edit(
            actor=county.actor("county_clerk"), public_id=programme.public_id, version=None, values={"leader": "x"}
        )


def test_the_system_loads_past_years(county: County) -> None:
    programme = programme_create(
        actor=system_actor(),
        region_code=county.cast.regions["county"].code,
        year=timezone.localdate().year - 4,
        values={"places": 2},
    )
    assert programme.office == county.congress.office
