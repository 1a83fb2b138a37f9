"""The ways of an opinion: on the spot, by a deputy, by a unit, to 12345, closed with a reason; clocks and notices."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import AuditEntry, Notice
from liaison.selectors.history import history_of
from suggestions.models import OpinionRoute, OpinionSide
from suggestions.services.opinion import (
    opinion_assign_deputy,
    opinion_categorise,
    opinion_close,
    opinion_contact,
    opinion_hand_over,
    opinion_prepare_hotline,
    opinion_recall,
    opinion_reopen,
)
from suggestions.services.opinion_answer import (
    opinion_answer,
    opinion_deputy_answer,
    opinion_pass_back,
    opinion_reply,
    opinion_take,
    opinion_unit_answer,
)
from suggestions.states import OPINION_TRANSITIONS, OpinionStatus
from tests.cast import Cast
from tests.suggestions.opinions import PHONE, Scene, build_scene
from tests.suggestions.steps import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def _clocks(opinion: object) -> dict[str, str]:
    return {
        one.kind: "met" if one.met_at else "cancelled" if one.cancelled_at else "open"
        for one in opinion.deadlines.order_by("id")  # type: ignore[attr-defined]
    }


def test_on_the_spot(scene: Scene) -> None:
    opinion = scene.received()
    done = opinion_answer(actor=scene.clerk, public_id=opinion.public_id, version=1, text=" 明天来修。 ")
    assert (done.status, done.route, done.result) == (OpinionStatus.ANSWERED, OpinionRoute.ON_SPOT, "明天来修。")
    message = done.messages.get()
    assert (message.side, message.is_answer) == (OpinionSide.OFFICE, True)
    assert "陈经办" not in message.author  # the person reads the office, never the clerk's name
    assert _clocks(done) == {"opinion_sorting": "met"}
    assert [one.act for one in history_of(done)] == ["receive", "answer"]
    assert AuditEntry.objects.filter(action="opinion.answer").exists()
    with pytest.raises(IllegalTransition):
        opinion_answer(actor=scene.clerk, public_id=opinion.public_id, version=None, text="再答一次")


def test_by_a_deputy_within_24_hours(scene: Scene) -> None:
    opinion = scene.asked()
    assert opinion.answer_by is not None
    assert _clocks(opinion) == {"opinion_sorting": "met", "opinion_deputy": "open"}
    clock = opinion.deadlines.get(kind="opinion_deputy")
    assert (clock.unit, clock.length) == ("days", 1)
    assert Notice.objects.filter(recipient=scene.cast.user("deputy"), url=opinion.deputy_url).exists()
    done = opinion_deputy_answer(actor=scene.deputy, public_id=opinion.public_id, version=2, text="电工明天到。")
    assert (done.route, done.messages.get().author) == (OpinionRoute.DEPUTY, "李代表代表")
    assert _clocks(done)["opinion_deputy"] == "met"
    assert Notice.objects.filter(recipient=scene.cast.user("insider"), title__contains="已答复").exists()


def test_a_deputy_passes_it_back_and_another_is_asked(scene: Scene) -> None:
    opinion = scene.asked()
    with pytest.raises(InvalidInput):
        opinion_pass_back(actor=scene.deputy, public_id=opinion.public_id, version=None, reason=" ")
    back = opinion_pass_back(actor=scene.deputy, public_id=opinion.public_id, version=None, reason="我不住在这个镇。")
    assert (back.status, back.mandate, back.answer_by) == (OpinionStatus.RECEIVED, None, None)
    assert _clocks(back) == {"opinion_sorting": "open", "opinion_deputy": "cancelled"}
    other = opinion_assign_deputy(
        actor=scene.clerk,
        public_id=opinion.public_id,
        version=None,
        mandate_public_id=scene.cast.mandates["cosigner"].public_id,
    )
    assert other.mandate == scene.cast.mandates["cosigner"]
    with pytest.raises(NotAllowed):
        opinion_deputy_answer(actor=scene.deputy, public_id=opinion.public_id, version=None, text="我来答")


def test_whoever_is_asked_can_sign_in_and_holds_a_mandate(scene: Scene) -> None:
    opinion = scene.received()
    mandate = scene.cast.mandates["cosigner"]
    for change in ({"is_active": False}, {"ended_on": timezone.localdate()}):
        if "is_active" in change:
            scene.cast.user("cosigner").__class__.objects.filter(username="cosigner").update(**change)
        else:
            mandate.__class__.objects.filter(pk=mandate.pk).update(**change)
        with pytest.raises(InvalidInput) as refused:
            opinion_assign_deputy(
                actor=scene.clerk, public_id=opinion.public_id, version=None, mandate_public_id=mandate.public_id
            )
        assert set(refused.value.fields) == {"mandate_public_id"}


def test_a_deputy_of_the_station_takes_it(scene: Scene) -> None:
    opinion = scene.received()
    with pytest.raises(NotFound):  # stands in no station
        opinion_take(actor=scene.cast.actor("cosigner"), public_id=opinion.public_id, version=None)
    taken = opinion_take(actor=scene.deputy, public_id=opinion.public_id, version=None)
    assert (taken.status, taken.mandate) == (OpinionStatus.DEPUTY, scene.cast.mandates["deputy"])


def test_a_unit_has_one_month_and_answers_with_papers(scene: Scene) -> None:
    opinion = scene.handed(phone=PHONE)
    clock = opinion.deadlines.get(kind="opinion_unit")
    assert (clock.unit, clock.length, clock.holder) == ("months", 1, scene.cast.offices["unit"])
    assert clock.nominal_due >= timezone.localdate() + dt.timedelta(days=28)
    unit = scene.cast.actor("unit")
    done = opinion_unit_answer(
        actor=unit, public_id=opinion.public_id, version=None, text="已更换路灯12盏。", uploads=[pdf()]
    )
    assert (done.route, done.messages.get().author) == (OpinionRoute.UNIT, "益阳市生态环境局")
    assert done.tell_since is not None
    assert _clocks(done)["opinion_unit"] == "met"
    with pytest.raises(NotFound):
        opinion_unit_answer(
            actor=scene.cast.actor("other_unit"), public_id=opinion.public_id, version=None, text="旁局答复"
        )


def test_to_12345_prepared_and_answered_when_the_hotline_phones(scene: Scene) -> None:
    opinion = scene.received()
    ready = opinion_prepare_hotline(actor=scene.clerk, public_id=opinion.public_id, version=None, text="请派单。")
    assert (ready.status, ready.hotline_text) == (OpinionStatus.HOTLINE, "请派单。")
    assert ready.messages.count() == 0
    back = opinion_recall(actor=scene.clerk, public_id=opinion.public_id, version=None, reason="热线不受理")
    assert (back.status, back.route) == (OpinionStatus.RECEIVED, "")
    opinion_prepare_hotline(actor=scene.clerk, public_id=opinion.public_id, version=None, text="再请派单。")
    done = opinion_answer(actor=scene.clerk, public_id=opinion.public_id, version=None, text="热线回复：已派单修复。")
    assert done.route == OpinionRoute.HOTLINE


def test_closed_with_a_reason_that_the_person_reads(scene: Scene) -> None:
    opinion = scene.received(phone=PHONE)
    with pytest.raises(InvalidInput):
        opinion_close(actor=scene.clerk, public_id=opinion.public_id, version=None, reason="")
    done = opinion_close(
        actor=scene.clerk, public_id=opinion.public_id, version=None, reason="属于诉讼事项，请向法院提出。"
    )
    assert (done.status, done.route, done.result) == (
        OpinionStatus.CLOSED,
        OpinionRoute.CLOSED,
        "属于诉讼事项，请向法院提出。",
    )
    assert done.messages.get().text == done.result
    assert done.tell_since is not None


def test_the_office_takes_it_back_from_whoever_has_it(scene: Scene) -> None:
    asked, handed = scene.asked(), scene.handed()
    for opinion, who in ((asked, "deputy"), (handed, "unit")):
        back = opinion_recall(actor=scene.clerk, public_id=opinion.public_id, version=None, reason="情况变化")
        assert back.status == OpinionStatus.RECEIVED
        assert Notice.objects.filter(recipient=scene.cast.user(who), title__contains="收回").exists()
        assert back.deadlines.open().get().kind == "opinion_sorting"


def test_staff_open_it_again_for_somebody_who_phones(scene: Scene) -> None:
    opinion = scene.received()
    opinion_answer(actor=scene.clerk, public_id=opinion.public_id, version=None, text="已修。")
    again = opinion_reopen(actor=scene.clerk, public_id=opinion.public_id, version=None, reason="来电说又坏了")
    assert (again.status, again.reopened) == (OpinionStatus.RECEIVED, True)
    with pytest.raises(DomainError):
        OPINION_TRANSITIONS.check(
            opinion_answer(actor=scene.clerk, public_id=opinion.public_id, version=None, text="再修。"),
            "reopen",
            scene.clerk,
        )


def test_who_handles_it_speaks_with_the_person_and_others_do_not(scene: Scene) -> None:
    opinion = scene.handed()
    words = opinion_reply(
        actor=scene.cast.actor("unit"), public_id=opinion.public_id, version=None, text="请问几号杆？"
    )
    assert (words.side, words.is_answer) == (OpinionSide.UNIT, False)
    said = [
        opinion_reply(actor=scene.clerk, public_id=opinion.public_id, version=None, text="已催办。") for _ in range(2)
    ]
    assert said[0] == said[1]  # pressed twice, said once
    for who in ("county_clerk", "colleague", "deputy"):  # below, looking on, at the station but not asked
        with pytest.raises(NotAllowed):
            opinion_reply(actor=scene.cast.actor(who), public_id=opinion.public_id, version=None, text="插话")


def test_only_the_own_office_sorts_and_what_is_stale_is_said(scene: Scene) -> None:
    opinion = scene.received()
    with pytest.raises(NotAllowed):  # the county's office sees it, the city's handles it
        opinion_answer(actor=scene.cast.actor("county_clerk"), public_id=opinion.public_id, version=None, text="代答")
    with pytest.raises(NotFound):
        opinion_answer(actor=scene.cast.actor("stranger"), public_id=opinion.public_id, version=None, text="外县")
    opinion_answer(actor=scene.clerk, public_id=opinion.public_id, version=1, text="已修。")
    with pytest.raises(StaleVersion):
        opinion_close(actor=scene.clerk, public_id=opinion.public_id, version=1)
    with pytest.raises(InvalidInput):
        opinion_hand_over(
            actor=scene.clerk,
            public_id=scene.received().public_id,
            version=None,
            unit_public_id=scene.cast.offices["procuratorate"].public_id,
        )


def test_a_contact_is_shown_by_a_logged_press_to_who_needs_it(scene: Scene) -> None:
    opinion = scene.asked(phone=PHONE)
    assert opinion_contact(actor=scene.deputy, public_id=opinion.public_id)[1] == PHONE
    assert opinion_contact(actor=scene.clerk, public_id=opinion.public_id)[1] == PHONE
    looks = AuditEntry.objects.filter(action="opinion.unmask")
    assert looks.count() == 2
    assert PHONE not in str(list(looks.values()))
    handed = scene.handed(phone=PHONE)
    for who in ("county_clerk", "colleague", "unit", "deputy"):
        with pytest.raises(NotAllowed):
            opinion_contact(actor=scene.cast.actor(who), public_id=handed.public_id)


def test_a_category_is_given_by_the_office(scene: Scene) -> None:
    from suggestions.models import Category

    category = Category.objects.get(name="城建环资")
    opinion = scene.received()
    done = opinion_categorise(actor=scene.clerk, public_id=opinion.public_id, version=None, category_id=category.pk)
    assert done.category == category
    with pytest.raises(InvalidInput):
        opinion_categorise(actor=scene.clerk, public_id=opinion.public_id, version=None, category_id=10**6)
