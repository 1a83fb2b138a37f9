"""Many at once: the same form is one opinion, numbers have no gap, and of two acts one wins."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from liaison.actor import ANONYMOUS
from suggestions.models import Opinion, OpinionMessage
from suggestions.services.opinion_answer import opinion_deputy_answer, opinion_pass_back
from suggestions.services.opinion_group import opinion_group
from suggestions.services.opinion_public import opinion_not_solved, opinion_rate
from suggestions.states import OpinionStatus
from tests.cast import build_cast
from tests.suggestions.opinions import Scene, build_scene
from tests.suggestions.test_transfer_concurrency import at_once

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db: None, settings: SettingsWrapper, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")
    scene = build_scene(build_cast())
    assert scene.clerk.organisation_id  # capacities are made before threads begin
    assert scene.deputy.mandate_ids
    return scene


def test_the_same_form_at_once_is_one_opinion_and_other_forms_leave_no_gap(scene: Scene) -> None:
    token = uuid.uuid4()
    acts = [lambda: scene.submit(token=token)] * 4 + [lambda: scene.submit("另一件")] * 4
    done, refused = at_once(acts)
    assert refused == []
    assert len({code for opinion, code in done if opinion.client_token == token}) == 1
    numbers = sorted(int(number[-4:]) for number in Opinion.objects.values_list("number", flat=True))
    assert numbers == [1, 2, 3, 4, 5]


def test_a_deputy_answers_and_passes_back_at_once(scene: Scene) -> None:
    opinion = scene.asked()
    act = {"actor": scene.deputy, "public_id": opinion.public_id, "version": opinion.version}
    done, refused = at_once(
        [lambda: opinion_deputy_answer(text="已修。", **act), lambda: opinion_pass_back(reason="不归我。", **act)]
    )
    assert (len(done), len(refused)) == (1, 1)
    opinion.refresh_from_db()
    answered = opinion.status == OpinionStatus.ANSWERED
    assert answered or opinion.status == OpinionStatus.RECEIVED
    assert OpinionMessage.objects.count() == int(answered)
    assert opinion.deadlines.open().count() == int(not answered)


def test_two_clerks_group_crosswise_and_nobody_waits_for_ever(scene: Scene) -> None:
    one, two = scene.received("甲"), scene.received("乙")

    def under(opinion: Opinion, lead: Opinion) -> Opinion:
        return opinion_group(
            actor=scene.clerk, public_id=opinion.public_id, version=None, lead_public_id=lead.public_id
        )

    done, refused = at_once([lambda: under(one, two), lambda: under(two, one)])
    assert (len(done), len(refused)) == (1, 1)
    assert Opinion.objects.leads().count() == 1


def test_a_person_rates_and_says_not_solved_on_two_devices(scene: Scene) -> None:
    opinion, code = scene.submit(to_deputy=True)
    opinion_deputy_answer(actor=scene.deputy, public_id=opinion.public_id, version=None, text="已修。")
    again = lambda: opinion_not_solved(actor=ANONYMOUS, code=code, reason="没修。")  # noqa: E731
    at_once([again, again, lambda: opinion_rate(actor=ANONYMOUS, code=code, rating="dissatisfied")])
    opinion.refresh_from_db()
    assert (opinion.status, opinion.reopened) == (OpinionStatus.RECEIVED, True)
    assert opinion.deadlines.open().count() == 1
