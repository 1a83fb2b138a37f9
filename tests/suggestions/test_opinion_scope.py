"""Who sees which opinion: by region, by unit, by deputy and station; nobody else, and the public none."""

from __future__ import annotations

import pytest
from django.utils import timezone

from deputies.models import Placement
from liaison.actor import ANONYMOUS
from liaison.masking import STAR
from liaison.selectors.actors import capacities_of
from suggestions.models import Opinion
from suggestions.opinion_registrations import hits
from suggestions.selectors.opinion import hotline_draft, similar_to
from suggestions.services.opinion_answer import opinion_deputy_answer, opinion_pass_back
from suggestions.services.opinion_suggestion import opinion_make_suggestion
from tests.cast import Cast
from tests.deputies.open_stations import make_station, place
from tests.suggestions.opinions import PHONE, Scene, build_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def _seen(scene: Scene, who: str) -> set[str]:
    actor = scene.cast.actor(who) if who != "anonymous" else ANONYMOUS
    return set(Opinion.objects.visible_to(actor).values_list("text", flat=True))


def test_each_sees_their_own_part(scene: Scene) -> None:
    """received at the station · asked of a deputy who stands nowhere · handed to the unit · another town's."""
    scene.received("待分办")
    scene.asked("cosigner", text="问王附议")
    scene.handed(text="交环境局")
    other = make_station(
        scene.cast, "沅江代表联络站", region="neighbour", office=scene.cast.offices["neighbour_office"]
    )
    Scene(scene.cast, other).received("沅江的事")
    at_station = {"待分办", "问王附议", "交环境局"}
    everything = at_station | {"沅江的事"}
    expected = {
        "insider": everything,
        "approver": everything,
        "colleague": everything,
        "county_clerk": at_station,
        "stranger": {"沅江的事"},
        "unit": {"交环境局"},
        "other_unit": set(),
        "deputy": at_station,
        "cosigner": {"问王附议"},
        "other_deputy": set(),
        "prosecutor": set(),
        "other_prosecutor": set(),
        "system_admin": set(),
        "security_admin": set(),
        "auditor": set(),
        "anonymous": set(),
    }
    assert {who: _seen(scene, who) for who in expected} == expected
    assert {who for who in scene.cast.users if capacities_of(scene.cast.user(who))} | {"anonymous"} == set(expected)


def test_a_deputy_who_left_the_station_keeps_what_they_were_asked_until_it_is_passed_back(scene: Scene) -> None:
    asked, lying = scene.asked(text="问过的"), scene.received("躺着的")
    Placement.objects.update(ended_on=timezone.localdate(), end_reason="迁居")
    assert _seen(scene, "deputy") == {"问过的"}
    opinion_deputy_answer(actor=scene.deputy, public_id=asked.public_id, version=None, text="照样答复。")
    again = scene.asked(text="又一件")
    opinion_pass_back(actor=scene.deputy, public_id=again.public_id, version=None, reason="已不在本站。")
    assert _seen(scene, "deputy") == {"问过的"}
    assert lying.is_open


def test_a_deputy_keeps_sight_of_what_they_brought_and_what_they_made_a_suggestion(scene: Scene) -> None:
    scene.recorded("cosigner", text="田间听来的", station_public_id=None)
    place(scene.station, scene.cast.mandates["other_deputy"])
    raised = scene.received("写成建议的")
    opinion_make_suggestion(actor=scene.cast.actor("other_deputy"), public_id=raised.public_id, version=None)
    Placement.objects.update(ended_on=timezone.localdate(), end_reason="迁居")
    assert _seen(scene, "cosigner") == {"田间听来的"}
    assert _seen(scene, "other_deputy") == {"写成建议的"}


def test_search_covers_numbers_and_does_not_find_by_them(scene: Scene) -> None:
    scene.received(f"路灯坏了，打我电话{PHONE}。")
    (hit,) = hits(scene.deputy, "路灯")
    assert PHONE not in hit.excerpt
    assert STAR in hit.excerpt
    assert hit.url.startswith("/opinions/mine/")
    assert hits(scene.deputy, PHONE) == []
    assert hits(scene.cast.actor("other_unit"), "路灯") == []


def test_alike_ones_of_the_same_office_are_found(scene: Scene) -> None:
    first = scene.received("高桥村村口的路灯坏了，晚上看不见路。")
    scene.received("自来水发黄有异味，烧开了有水垢。")
    second = scene.received("村口路灯坏了好几天，晚上看不见路，老人怕摔。")
    found = similar_to(scene.clerk, second)
    assert [one.pk for one, _ in found] == [first.pk]
    assert 25 <= found[0][1] <= 100


def test_the_hand_over_to_12345_says_whether_the_person_can_be_reached(scene: Scene) -> None:
    text = hotline_draft(scene.received(phone=PHONE, values={"contact_name": "老张"}))
    assert "已留联系方式" in text
    assert "老张" not in text
    assert PHONE not in text
    assert "未留联系方式" in hotline_draft(scene.received("没留电话"))
