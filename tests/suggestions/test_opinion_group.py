"""The same matter from many people: one leads, its answers reach all, and each may go its own way again."""

from __future__ import annotations

import pytest

from liaison.actor import ANONYMOUS
from liaison.exceptions import DomainError, InvalidInput, NotAllowed
from liaison.selectors.history import history_of
from suggestions.models import Opinion, OpinionRoute
from suggestions.services.opinion import opinion_recall
from suggestions.services.opinion_answer import opinion_answer, opinion_take, opinion_unit_answer
from suggestions.services.opinion_group import opinion_group, opinion_ungroup
from suggestions.services.opinion_public import opinion_not_solved
from suggestions.states import OpinionStatus
from tests.cast import Cast
from tests.suggestions.opinions import PHONE, Scene, build_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def _group(scene: Scene, opinion: Opinion, lead: Opinion) -> Opinion:
    return opinion_group(actor=scene.clerk, public_id=opinion.public_id, version=None, lead_public_id=lead.public_id)


def test_the_lead_s_way_and_answer_reach_all(scene: Scene) -> None:
    lead, (member, code) = scene.received("路灯坏了"), scene.submit("村口灯不亮", phone=PHONE)
    _group(scene, member, lead)
    assert not member.deadlines.open().exists()
    with pytest.raises(DomainError):
        opinion_answer(actor=scene.clerk, public_id=member.public_id, version=None, text="单独答复")
    with pytest.raises(DomainError):
        opinion_take(actor=scene.deputy, public_id=member.public_id, version=None)
    scene.hand_over(lead.public_id)
    member.refresh_from_db()
    assert (member.status, member.unit) == (OpinionStatus.UNIT, None)
    unit = scene.cast.actor("unit")
    assert list(Opinion.objects.visible_to(unit)) == [lead]
    opinion_unit_answer(actor=unit, public_id=lead.public_id, version=None, text="已换灯。")
    member.refresh_from_db()
    assert (member.status, member.route, member.result) == (OpinionStatus.ANSWERED, OpinionRoute.UNIT, "已换灯。")
    assert member.tell_since is not None
    message = member.messages.get()
    assert (message.author, message.is_answer) == ("益阳市生态环境局", True)
    assert [one.act for one in history_of(member)] == ["receive", "follow", "follow", "follow"]
    alone = opinion_not_solved(actor=ANONYMOUS, code=code, reason="我门口的还是不亮。")
    lead.refresh_from_db()
    assert (alone.same_as, alone.status, lead.status) == (None, OpinionStatus.RECEIVED, OpinionStatus.ANSWERED)
    assert alone.deadlines.open().get().kind == "opinion_sorting"


def test_grouped_under_an_answered_one_it_is_answered_at_once(scene: Scene) -> None:
    lead, late = scene.received("路灯坏了"), scene.received("灯坏了", phone=PHONE)
    opinion_answer(actor=scene.clerk, public_id=lead.public_id, version=None, text="明天修。")
    _group(scene, late, lead)
    late.refresh_from_db()
    assert (late.status, late.result, late.messages.get().text) == (OpinionStatus.ANSWERED, "明天修。", "明天修。")
    assert late.tell_since is not None


def test_it_goes_its_own_way_again(scene: Scene) -> None:
    lead, member = scene.handed(), scene.received()
    _group(scene, member, lead)
    own = opinion_ungroup(actor=scene.clerk, public_id=member.public_id, version=None)
    assert (own.status, own.same_as, own.route) == (OpinionStatus.RECEIVED, None, "")
    assert own.deadlines.open().get().kind == "opinion_sorting"
    opinion_recall(actor=scene.clerk, public_id=lead.public_id, version=None, reason="不归贵局")
    own.refresh_from_db()
    assert [one.act for one in history_of(own)] == ["receive", "follow", "ungroup"]
    with pytest.raises(DomainError):
        opinion_ungroup(actor=scene.clerk, public_id=member.public_id, version=None)


def test_groups_are_one_deep_and_stay_in_one_office(scene: Scene) -> None:
    lead, member, third = scene.received(), scene.received(), scene.received()
    _group(scene, member, lead)
    for one, under in ((lead, third), (third, member), (third, third), (scene.handed(), lead)):
        with pytest.raises(DomainError):
            _group(scene, one, under)
    with pytest.raises(NotAllowed):
        opinion_group(
            actor=scene.cast.actor("county_clerk"),
            public_id=third.public_id,
            version=None,
            lead_public_id=lead.public_id,
        )
    with pytest.raises(InvalidInput):
        opinion_group(
            actor=scene.clerk,
            public_id=third.public_id,
            version=None,
            lead_public_id="00000000-0000-4000-8000-000000000000",
        )
