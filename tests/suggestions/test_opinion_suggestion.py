"""A deputy makes an opinion a suggestion; what becomes of the suggestion reaches the person."""

from __future__ import annotations

import pytest
from django.utils import timezone

from liaison.exceptions import NotAllowed
from suggestions.models import Opinion, OpinionRoute, RefusalClause, Suggestion
from suggestions.services.draft import draft_discard, suggestion_submit
from suggestions.services.handling import suggestion_sign
from suggestions.services.opinion_group import opinion_group
from suggestions.services.opinion_suggestion import opinion_make_suggestion
from suggestions.services.sorting import suggestion_assign, suggestion_refuse, suggestion_register
from suggestions.states import OpinionStatus
from tests.cast import Cast
from tests.suggestions import steps
from tests.suggestions.opinions import PHONE, Scene, build_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def _raised(scene: Scene, text: str = "") -> tuple[Opinion, Suggestion]:
    opinion = scene.asked(text=text or f"村口路灯坏了。请打{PHONE}。", phone=PHONE)
    made = opinion_make_suggestion(actor=scene.deputy, public_id=opinion.public_id, version=2)
    opinion.refresh_from_db()
    return opinion, made


def _answered(scene: Scene, suggestion: Suggestion) -> Suggestion:
    """Registered, handed to 市生态环境局 and answered."""
    who, unit = {"actor": scene.clerk, "public_id": suggestion.public_id, "version": None}, scene.cast.actor("unit")
    suggestion_register(session_id=None, category_id=suggestion.category_id, **who)
    suggestion_assign(unit_public_id=scene.cast.offices["unit"].public_id, **who)
    suggestion_sign(actor=unit, public_id=suggestion.public_id)
    steps.answer(scene.cast, suggestion)
    return steps.fresh(suggestion)


def _submit(scene: Scene, suggestion: Suggestion) -> Suggestion:
    values = {"proposal": "请更换路灯。", "category_id": steps.texts()["category_id"]}
    return suggestion_submit(actor=scene.deputy, client_token=suggestion.client_token, values=values, version=None)


def test_the_draft_is_prefilled_without_numbers_and_linked_both_ways(scene: Scene) -> None:
    opinion, draft = _raised(scene)
    assert (opinion.status, opinion.route, opinion.suggestion) == (
        OpinionStatus.SUGGESTION,
        OpinionRoute.SUGGESTION,
        draft,
    )
    assert list(draft.opinions.all()) == [opinion]
    assert (draft.title, draft.origin, draft.status) == ("关于“村口路灯坏了”的建议", "public_opinion", "draft")
    assert opinion.number in draft.situation
    assert PHONE not in draft.situation
    assert opinion.deadlines.filter(met_at__isnull=False).count() == 2
    again = opinion_make_suggestion(actor=scene.deputy, public_id=opinion.public_id, version=2)
    assert again == draft
    with pytest.raises(NotAllowed):
        opinion_make_suggestion(actor=scene.clerk, public_id=scene.received().public_id, version=None)


def test_a_long_matter_still_makes_a_title_that_fits(scene: Scene) -> None:
    _, draft = _raised(scene, "路" * 300)
    assert len(draft.title) <= 60
    assert len(draft.situation) <= 8000


def test_the_answer_to_the_suggestion_reaches_the_person_and_those_grouped(scene: Scene) -> None:
    other = scene.received("同一件事", phone=PHONE)
    opinion, draft = _raised(scene)
    opinion_group(actor=scene.clerk, public_id=other.public_id, version=None, lead_public_id=opinion.public_id)
    _answered(scene, _submit(scene, draft))
    for one in (opinion, other):
        one.refresh_from_db()
        answer = one.messages.get()
        assert (one.status, one.route) == (OpinionStatus.ANSWERED, OpinionRoute.SUGGESTION)
        assert (answer.author, answer.text) == ("益阳市生态环境局", one.result)
        assert one.tell_since is not None
        assert one.answered_at is not None
        assert one.answered_at <= timezone.now()


def test_a_second_answer_after_rework_is_added(scene: Scene) -> None:
    opinion, draft = _raised(scene)
    suggestion = _answered(scene, _submit(scene, draft))
    steps.rate(scene.cast, suggestion, "dissatisfied")
    steps.answer(scene.cast, suggestion, summary="又加装了12盏。")
    opinion.refresh_from_db()
    assert opinion.messages.filter(is_answer=True).count() == 2
    assert opinion.result == "又加装了12盏。"


@pytest.mark.parametrize("end", ["discarded", "refused"])
def test_without_a_suggestion_the_office_sorts_it_anew(scene: Scene, end: str) -> None:
    opinion, draft = _raised(scene)
    if end == "discarded":
        draft_discard(actor=scene.deputy, public_id=draft.public_id)
    else:
        _submit(scene, draft)
        suggestion_refuse(
            actor=scene.cast.actor("approver"),
            public_id=draft.public_id,
            version=None,
            clause_id=RefusalClause.objects.filter(is_active=True).values_list("pk", flat=True)[0],
            reason="不属于职权范围。",
        )
    opinion.refresh_from_db()
    assert (opinion.status, opinion.suggestion, opinion.route) == (OpinionStatus.RECEIVED, None, "")
    assert opinion.deadlines.open().get().kind == "opinion_sorting"
