"""Candidate projects: complete or refused, in order, with pictures; deputies' comments before the vote."""

from __future__ import annotations

import base64
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from liaison.actor import ANONYMOUS
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound
from liaison.models import Notice
from tests.suggestions.steps import pdf
from tests.votes import programmes as steps
from tests.votes.people import County
from votes.models import Candidate, Programme
from votes.selectors.candidate import comments_of, get_candidate_for, get_published_picture, pictures_of
from votes.services.candidate import (
    candidate_create,
    candidate_edit,
    candidate_remove_picture,
    candidate_restore,
    candidate_withdraw,
    candidates_renumber,
)
from votes.services.candidate_comment import candidate_comment, candidate_comment_answer
from votes.states import CandidateStatus

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def png(name: str = "现场.png", extra: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG + extra, content_type="image/png")


def create(county: County, programme: Programme, **changes: Any) -> Candidate:
    return candidate_create(
        actor=county.actor("county_clerk"),
        programme_public_id=programme.public_id,
        values=steps.details(programme, **changes),
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"money_source": " "}, "money_source"),
        ({"investment": None}, "investment"),
        ({"investment": Decimal(0)}, "investment"),
        ({"unit_name": ""}, "unit_name"),
        ({"unit_id": 999999}, "unit_id"),
        ({"finish_on": None}, "finish_on"),
        ({"finish_on": dt.date(2060, 1, 1)}, "finish_on"),
        ({"name": ""}, "name"),
        ({"content": ""}, "content"),
        ({"place": ""}, "place"),
    ],
)
def test_a_candidate_lacks_nothing(county: County, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as error:
        create(county, steps.collecting(county), **changes)
    assert field in error.value.fields


def test_a_unit_with_accounts_gives_its_name(county: County) -> None:
    candidate = create(county, steps.collecting(county), unit_id=county.unit.pk, unit_name="")
    assert (candidate.unit, candidate.unit_name) == (county.unit, "赫山区水利局")


def test_pictures_are_pictures_and_public_only_when_listed(county: County) -> None:
    programme, clerk = steps.screening(county), county.actor("county_clerk")
    candidate = create(county, programme)
    edit: dict[str, Any] = {
        "actor": clerk,
        "public_id": candidate.public_id,
        "version": None,
        "values": steps.details(programme, name="改名"),
    }
    with pytest.raises(InvalidInput) as error:
        candidate_edit(**edit, uploads=[pdf()])
    assert "不是图片" in error.value.fields["uploads"]
    candidate_edit(**edit, uploads=[png()])
    (picture,) = pictures_of([candidate])[candidate.pk]
    with pytest.raises(NotFound):
        get_published_picture(picture.public_id)
    Candidate.objects.filter(pk=candidate.pk).update(status=CandidateStatus.LISTED)
    assert get_published_picture(picture.public_id) == picture
    Programme.objects.update(is_public=False)
    with pytest.raises(NotFound):
        get_published_picture(picture.public_id)


def test_there_are_not_more_than_nine_pictures(county: County) -> None:
    programme = steps.screening(county)
    with pytest.raises(InvalidInput) as error:
        candidate_create(
            actor=county.actor("county_clerk"),
            programme_public_id=programme.public_id,
            values=steps.details(programme),
            uploads=[png(f"{number}.png", bytes([number])) for number in range(10)],
        )
    assert "最多9张" in error.value.fields["uploads"]


def test_a_picture_is_taken_off(county: County) -> None:
    programme, clerk = steps.screening(county), county.actor("county_clerk")
    candidate = candidate_create(
        actor=clerk, programme_public_id=programme.public_id, values=steps.details(programme), uploads=[png()]
    )
    (picture,) = pictures_of([candidate])[candidate.pk]
    candidate_remove_picture(actor=clerk, public_id=candidate.public_id, picture_public_id=picture.public_id)
    assert pictures_of([candidate]) == {}


def test_withdrawn_and_restored(county: County) -> None:
    candidate, clerk = create(county, steps.screening(county)), county.actor("county_clerk")
    act: dict[str, Any] = {"actor": clerk, "public_id": candidate.public_id, "version": None}
    with pytest.raises(InvalidInput):
        candidate_withdraw(**act, reason="")
    assert candidate_withdraw(**act, reason="用地未落实").status == CandidateStatus.WITHDRAWN
    with pytest.raises(IllegalTransition):
        candidate_edit(**act, values=steps.details(candidate.programme))
    assert candidate_restore(**act).withdrawn_reason == ""


def test_numbers_run_from_one_and_withdrawn_ones_follow(county: County) -> None:
    programme, clerk = steps.screening(county), county.actor("county_clerk")
    first, second, third = (create(county, programme, name=f"项目{number}") for number in (1, 2, 3))
    candidate_withdraw(actor=clerk, public_id=first.public_id, version=None, reason="x")
    act: dict[str, Any] = {"actor": clerk, "programme_public_id": programme.public_id}
    with pytest.raises(InvalidInput) as error:
        candidates_renumber(**act, numbers={second.pk: 0})
    assert set(error.value.fields) == {str(second.pk), str(third.pk)}
    candidates_renumber(**act, numbers={second.pk: 9, third.pk: 1})
    assert list(programme.candidates.order_by("number").values_list("name", flat=True)) == ["项目3", "项目2", "项目1"]


def test_the_approved_list_is_not_changed(county: County) -> None:
    programme = steps.listed(county)
    candidate = programme.candidates.get(number=1)
    with pytest.raises(IllegalTransition):
        create(county, programme)
    with pytest.raises(IllegalTransition):
        candidate_edit(
            actor=county.actor("county_clerk"),
            public_id=candidate.public_id,
            version=None,
            values=steps.details(programme),
        )


def test_others_do_not_touch_it(county: County) -> None:
    programme = steps.screening(county)
    candidate = create(county, programme)
    act: dict[str, Any] = {"public_id": candidate.public_id, "version": None, "values": steps.details(programme)}
    for who, error in (("insider", NotAllowed), ("stranger", NotFound), ("deputy", NotFound)):
        with pytest.raises(error):
            candidate_edit(actor=county.actor(who), **act)


def test_deputies_see_and_comment_once_listed(county: County) -> None:
    programme, deputy = steps.listed(county), county.actor("deputy")
    candidate = get_candidate_for(deputy, programme.candidates.get(number=1).public_id)
    for _ in range(2):
        candidate_comment(actor=deputy, public_id=candidate.public_id, text="建议增加充电桩。")
    (comment,) = comments_of(candidate)
    with pytest.raises(InvalidInput):
        candidate_comment(actor=deputy, public_id=candidate.public_id, text=" ")
    act: dict[str, Any] = {"public_id": candidate.public_id, "comment_public_id": comment.public_id}
    with pytest.raises(InvalidInput):
        candidate_comment_answer(actor=county.actor("county_clerk"), **act, answer="")
    with pytest.raises(NotAllowed):
        candidate_comment_answer(actor=deputy, **act, answer="x")
    candidate_comment_answer(actor=county.actor("county_clerk"), **act, answer="已增加到二十个。")
    assert Notice.objects.filter(recipient=county.cast.user("deputy"), body="已增加到二十个。").exists()


def test_comments_end_with_the_vote(county: County) -> None:
    programme = steps.listed(county)
    Programme.objects.update(status="voting")
    with pytest.raises(DomainError):
        candidate_comment(
            actor=county.actor("deputy"), public_id=programme.candidates.get(number=1).public_id, text="晚了"
        )


def test_who_is_no_deputy_there_does_not_comment(county: County) -> None:
    candidate = steps.listed(county).candidates.get(number=1)
    for who, error in (("county_clerk", NotAllowed), ("stranger", NotAllowed)):
        with pytest.raises(error):
            candidate_comment(actor=county.actor(who), public_id=candidate.public_id, text="x")


def test_the_public_sees_listed_candidates_only(county: County) -> None:
    programme = steps.listed(county)
    assert get_candidate_for(ANONYMOUS, programme.candidates.get(number=1).public_id)
    Candidate.objects.filter(programme=programme, number=1).update(status=CandidateStatus.WITHDRAWN)
    with pytest.raises(NotFound):
        get_candidate_for(ANONYMOUS, programme.candidates.get(number=1).public_id)
