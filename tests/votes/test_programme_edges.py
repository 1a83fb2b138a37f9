"""What seldom happens to programmes, proposals and candidates: each is refused or answered plainly."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from deputies.models import Mandate
from liaison import limits
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.limits import Limit
from liaison.models import Deadline
from tests import filemakers
from tests.suggestions.pages import text_of
from tests.votes import programmes as steps
from tests.votes import works
from tests.votes.people import County
from votes.models import Candidate, Programme, Proposal, Round, RoundKind
from votes.selectors.candidate import get_candidate_for
from votes.selectors.programme import get_programme_for, search_programmes, sessions_for
from votes.selectors.proposal import get_proposal_for, search_proposals
from votes.services.candidate import candidate_create
from votes.services.programme import programme_create, programme_edit
from votes.services.proposal import proposal_submit
from votes.services.proposal_screening import proposal_reject
from votes.services.proposal_sheet import read_proposals


def test_an_office_that_nobody_named_is_the_one_that_sets_it_up(county: County) -> None:
    county.congress.office = None
    county.congress.save(update_fields=["office"])
    assert steps.preparing(county).office == county.cast.offices["county_office"]


def test_without_any_office_the_system_sets_nothing_up(county: County) -> None:
    from liaison.actor import system_actor

    county.congress.office = None
    county.congress.save(update_fields=["office"])
    with pytest.raises(InvalidInput) as error:
        programme_create(
            actor=system_actor(), region_code=county.cast.regions["county"].code, year=2060, values={"places": 2}
        )
    assert "还没有设置工作机构" in error.value.fields["region_code"]


def edit(county: County, programme: Programme, **values: Any) -> Programme:
    return programme_edit(
        actor=county.actor("county_clerk"), public_id=programme.public_id, version=None, values=values
    )


def test_a_plan_that_stays_is_not_written(county: County) -> None:
    programme = steps.preparing(county)
    assert edit(county, programme, leader="张主任", session_id=None).version == programme.version


def test_a_plan_refuses_what_its_fields_cannot_hold(county: County) -> None:
    programme = steps.preparing(county)
    for values, field in (
        ({"places": 0}, "places"),
        ({"leader": "长" * 61}, "leader"),
        ({"places": None}, "places"),
        ({"call_from": None}, "call_from"),
        ({"session_id": 999_999}, "session_id"),
    ):
        with pytest.raises(InvalidInput) as error:
            edit(county, programme, **values)
        assert field in error.value.fields


def test_a_day_taken_out_of_the_plan_stops_its_clock_and_put_in_starts_one(county: County) -> None:
    programme = steps.collecting(county)
    edit(county, programme, list_on=None)
    assert not Deadline.objects.open().filter(kind="programme_list").exists()
    edit(county, programme, list_on=steps.day(61))
    assert Deadline.objects.open().get(kind="programme_list").fixed_on == steps.day(61)
    assert sessions_for(programme)[0][0] == county.session.pk


def test_what_is_not_visible_is_not_found(county: County) -> None:
    programme = steps.collecting(county)
    proposal, candidate = steps.proposed(programme)[0], steps.candidate(county, programme)
    stranger = county.actor("stranger")
    with pytest.raises(NotFound):
        get_programme_for(stranger, programme.public_id)
    with pytest.raises(NotFound):
        get_proposal_for(stranger, proposal.public_id)
    with pytest.raises(NotFound):
        get_candidate_for(stranger, candidate.public_id)
    with pytest.raises(NotFound):
        proposal_reject(actor=stranger, public_id=proposal.public_id, version=None, points=["money"], reason="x")


def test_searches_without_words_find_nothing(county: County) -> None:
    clerk = county.actor("county_clerk")
    programme = steps.preparing(county, year=2061)
    assert search_programmes(clerk, " ", limit=3) == []
    assert search_programmes(clerk, "2061", limit=3) == [programme]
    assert search_proposals(clerk, " ", limit=3) == []


def submit(county: County, programme: Programme, key: uuid.UUID, **changes: Any) -> Proposal:
    return proposal_submit(
        actor=county.actor("deputy"),
        programme_public_id=programme.public_id,
        submission_key=key,
        values=steps.texts(**changes),
    )


def test_a_deputys_form_is_one_proposal(county: County) -> None:
    programme, key = steps.collecting(county), uuid.uuid4()
    assert submit(county, programme, key) == submit(county, programme, key)
    with pytest.raises(DomainError) as error:
        submit(county, programme, key, title="另一件")
    assert error.value.code == "form_used"
    with pytest.raises(InvalidInput):
        submit(county, programme, uuid.uuid4(), title="")


def test_a_mandate_that_ended_proposes_nothing_more(county: County) -> None:
    programme, deputy = steps.collecting(county), county.actor("deputy")
    Mandate.objects.filter(pk=county.mandates[0].pk).update(ended_on=steps.day(0), end_reason="辞职")
    with pytest.raises(NotAllowed):
        proposal_submit(
            actor=deputy,
            programme_public_id=programme.public_id,
            submission_key=uuid.uuid4(),
            values=steps.texts(),
        )


def test_a_proposal_of_another_year_makes_no_candidate(county: County) -> None:
    proposal, _ = steps.proposed(steps.collecting(county))
    other = steps.collecting(county, year=2070)
    with pytest.raises(DomainError) as error:
        candidate_create(
            actor=county.actor("county_clerk"),
            programme_public_id=other.public_id,
            values=steps.details(other),
            proposal_public_id=proposal.public_id,
        )
    assert error.value.code == "other_programme"
    assert not Candidate.objects.exists()


def test_words_of_a_rejection_have_a_limit(county: County) -> None:
    proposal, _ = steps.proposed(steps.collecting(county))
    with pytest.raises(InvalidInput) as error:
        proposal_reject(
            actor=county.actor("county_clerk"),
            public_id=proposal.public_id,
            version=None,
            points=["money"],
            reason="长" * 501,
        )
    assert "最多500字" in error.value.fields["reason"]


def test_a_damaged_sheet_is_told(db: None) -> None:
    upload = SimpleUploadedFile("x.xlsx", filemakers.xlsx())
    with pytest.raises(InvalidInput) as error:
        read_proposals(upload)
    assert "损坏" in error.value.fields["upload"]


def test_a_count_that_ran_out_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    limit = Limit("edge", 1, 3600)
    assert limits.within(limit, "a")

    def gone(name: str) -> int:
        raise ValueError(name)

    monkeypatch.setattr(limits.cache, "incr", gone)
    assert limits.within(limit, "a")


def test_the_public_page_leads_to_the_works(county: County) -> None:
    project = works.project(county)
    page = county.cast.client("anonymous").get(project.programme.get_public_url())
    assert "实施进展" in text_of(page)
    assert "/open/works/" in page.content.decode()


def test_the_public_page_leads_to_the_results(county: County) -> None:
    programme = steps.listed(county)
    round_ = Round.objects.create(
        congress=county.congress,
        office=programme.office,
        region_prefix=programme.region_prefix,
        programme=programme,
        kind=RoundKind.PROJECTS,
        title="第一轮票决",
        places=2,
        status="declared",
        opened_at=timezone.now(),
    )
    page = county.cast.client("anonymous").get(programme.get_public_url())
    assert f"/open/rounds/{round_.public_id}/" in page.content.decode()
