"""Echo guard: what came from the other side is never sent back to it as something new."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from liaison.exceptions import DomainError
from suggestions.models import HotlineOrder, Opinion
from suggestions.selectors.hotline_order import unlinked_count
from suggestions.services.hotline_link import order_link_opinion, order_make_opinion, order_unlink
from suggestions.services.hotline_report import opinion_report
from tests.cast import Cast
from tests.suggestions.hotline import REPORT, REPORTS, Hotline, make_hotline, reported
from tests.suggestions.opinions import Scene, build_scene
from tests.suggestions.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotline(cast: Cast) -> Hotline:
    return make_hotline(cast)


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def _made(scene: Scene, order: HotlineOrder) -> Opinion:
    values = {"channel": "phone", "text": order.text, "station_public_id": scene.station.public_id}
    linked, _ = order_make_opinion(
        actor=scene.clerk, public_id=order.public_id, version=None, client_token=uuid.uuid4(), values=values
    )
    assert linked.opinion is not None
    return linked.opinion


def test_an_opinion_of_an_order_points_back_to_it_and_is_not_offered_to_the_hotline(
    cast: Cast, scene: Scene, hotline: Hotline
) -> None:
    order = hotline.told()
    opinion = _made(scene, order)
    page = cast.client("insider").get(opinion.get_absolute_url()).content.decode()
    assert order.get_absolute_url() in page
    assert reverse("opinions:hotline", args=[opinion.public_id]) not in page
    phone = cast.client("deputy").get(reverse("my_opinions:detail", args=[opinion.public_id])).content.decode()
    assert reverse("my_hotline:from_opinion", args=[opinion.public_id]) not in phone
    with pytest.raises(DomainError, match="A-1") as echo:
        opinion_report(actor=scene.deputy, public_id=opinion.public_id, version=None, values=REPORT)
    assert echo.value.code == "came_from_hotline"
    assert hotline.send("GET", REPORTS).json()["items"] == []


def test_the_tie_between_an_order_and_its_own_opinion_is_not_undone(cast: Cast, scene: Scene, hotline: Hotline) -> None:
    order, other = hotline.told(), scene.received("另一件事。")
    opinion = _made(scene, order)
    for act in (
        lambda: order_unlink(actor=scene.clerk, public_id=order.public_id, version=None, target="opinion"),
        lambda: order_link_opinion(actor=scene.clerk, public_id=order.public_id, version=None, number=other.number),
    ):
        with pytest.raises(DomainError) as tied:
            act()
        assert tied.value.code == "made_of_order"
    assert "取消关联" not in text_of(cast.client("insider").get(order.get_absolute_url()))
    assert HotlineOrder.objects.get().opinion == opinion


def test_a_link_that_was_set_by_hand_may_be_taken_off(scene: Scene, hotline: Hotline) -> None:
    order, opinion = hotline.told(), scene.received()
    order_link_opinion(actor=scene.clerk, public_id=order.public_id, version=None, number=opinion.number)
    order_unlink(actor=scene.clerk, public_id=order.public_id, version=None, target="opinion")
    assert opinion_report(actor=scene.deputy, public_id=opinion.public_id, version=None, values=REPORT).number


def test_an_order_made_of_our_report_stays_so_and_is_nothing_new(scene: Scene, hotline: Hotline) -> None:
    report = reported(hotline, scene)
    made = hotline.told("OURS-1", report_id=str(report.public_id).upper())
    hotline.told("OURS-1", version=2, state="signed")  # the hotline names it once only
    made.refresh_from_db()
    assert (made.report, made.sequence) == (report, 2)
    assert not HotlineOrder.objects.brought().exists()
    assert unlinked_count(scene.clerk) == 0
    with pytest.raises(DomainError) as own:
        order_link_opinion(actor=scene.clerk, public_id=made.public_id, version=None, number=report.opinion.number)
    assert own.value.code == "own_report"


def test_an_order_whose_number_an_event_named_is_known_as_ours_whichever_comes_first(
    scene: Scene, hotline: Hotline
) -> None:
    early, late = reported(hotline, scene), reported(hotline, scene)
    hotline.told("FIRST")
    assert hotline.tell(early, "accepted", hotline_no="FIRST").status_code == 201
    assert hotline.tell(late, "accepted", hotline_no="SECOND").status_code == 201
    hotline.told("SECOND")
    found = dict(HotlineOrder.objects.values_list("order_no", "report_id"))
    assert found == {"FIRST": early.pk, "SECOND": late.pk}


def test_the_number_of_another_hotlines_report_means_nothing(cast: Cast, scene: Scene, hotline: Hotline) -> None:
    hotline.tell(reported(hotline, scene), "accepted", hotline_no="SAME")
    other = make_hotline(cast, name="旁的平台")
    assert other.told("SAME").report is None


def test_the_hotlines_own_events_are_no_news_for_it_and_ours_are(scene: Scene, hotline: Hotline) -> None:
    report = reported(hotline, scene)
    cursor = hotline.send("GET", REPORTS).json()["cursor"]
    hotline.lead(report, "accepted", "dispatched", "signed", "replied", "called_back", "finished", "reopened")
    other = reported(hotline, scene)
    before = other.feed_no
    hotline.tell(other, "not_accepted", words="不属于受理范围。")  # our own opinion goes back to be sorted
    news = hotline.send("GET", f"{REPORTS}?cursor={cursor}").json()["items"]
    assert [one["id"] for one in news] == [str(other.public_id)]  # as it was made, once
    other.refresh_from_db()
    assert other.feed_no == before
