"""Orders of the hotline: told twice, late or by the thousand, none is lost, none doubled, and faults have places."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from suggestions.models import HotlineOrder, HotlineOrderStep
from suggestions.serializers.hotline_order import check_item
from suggestions.services.hotline_order import Put, orders_batch
from tests.cast import Cast
from tests.suggestions.budgets import statements
from tests.suggestions.hotline import ORDERS, Hotline, make_hotline, order

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotline(cast: Cast) -> Hotline:
    return make_hotline(cast)


def test_the_same_order_told_twice_is_one_and_a_newer_one_replaces_it(hotline: Hotline) -> None:
    at = timezone.now().isoformat()
    first = hotline.put(accepted_at=at)
    assert (first.status_code, first.json()["outcome"], first.json()["new_steps"]) == (201, "created", 1)
    again = hotline.put(accepted_at=at)
    assert (again.status_code, again.json()["outcome"], again["ETag"]) == (200, "unchanged", '"1"')
    newer = hotline.put(accepted_at=at, version=2, state="dispatched", unit="赫山区城管局")
    assert (newer.json()["outcome"], newer["ETag"]) == ("updated", '"2"')
    found = HotlineOrder.objects.get()
    assert (found.state, found.unit_name, found.sequence, found.steps.count()) == ("dispatched", "赫山区城管局", 2, 1)


def test_a_late_message_changes_nothing_and_brings_only_its_steps(hotline: Hotline) -> None:
    hotline.told(version=5, state="finished", steps=[])
    late = hotline.put(version=3, state="signed", title="旧标题")
    assert (late.status_code, late.json()["outcome"], late.json()["new_steps"]) == (200, "stale", 1)
    found = hotline.send("GET", f"{ORDERS}/A-1").json()
    assert (found["state"], found["version"], [step["step_id"] for step in found["steps"]]) == ("finished", 5, ["s1"])


def test_messages_may_be_put_in_order_by_their_time_but_not_by_both(hotline: Hotline) -> None:
    old, new = "2026-11-20T09:00:00+08:00", "2026-11-20T02:00:00Z"  # an hour later, in another zone
    assert hotline.put(version=None, updated_at=new).status_code == 201
    assert hotline.put(version=None, updated_at=old, state="signed").json()["outcome"] == "stale"
    mixed = hotline.put(version=9)
    assert (mixed.status_code, mixed.json()["code"]) == (422, "sequence_changed")
    none = hotline.put("A-2", version=None)
    assert [one["pointer"] for one in none.json()["errors"]] == ["/version"]


def test_a_version_is_used_for_one_content_only(hotline: Hotline) -> None:
    hotline.told()
    other = hotline.put(title="换了标题")
    assert (other.status_code, other.json()["code"]) == (409, "version_reused")
    assert HotlineOrder.objects.get().title == "夜宵摊油烟扰民"


def test_a_changed_etag_stops_the_message(hotline: Hotline) -> None:
    hotline.told()
    refused = hotline.send("PUT", f"{ORDERS}/A-1", order(version=2), **{"If-Match": '"7"'})
    assert (refused.status_code, refused.json()["code"]) == (412, "precondition_failed")
    assert hotline.send("PUT", f"{ORDERS}/A-1", order(version=2), **{"If-Match": '"1"'}).status_code == 200
    assert hotline.send("GET", f"{ORDERS}/A-1", **{"If-None-Match": '"2"'}).status_code == 304


def test_every_fault_is_told_with_its_place(hotline: Hotline) -> None:
    wrong = order(
        colour="red",
        kind="shout",
        accepted_at="2026-11-20T09:00:00",
        title="x" * 201,
        text=12,
        person={"name": "张", "phone": "abc", "id_card": "4309"},
        steps=[{"step_id": "1", "kind": "accepted", "at": "yesterday"}],
    )
    answer = hotline.send("PUT", f"{ORDERS}/A-1", wrong)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert {one["pointer"]: one["code"] for one in answer.json()["errors"]} == {
        "/accepted_at": "no_zone",
        "/colour": "unknown_field",
        "/kind": "invalid_choice",
        "/person/id_card": "unknown_field",
        "/person/phone": "invalid",
        "/steps/0/at": "invalid",
        "/text": "wrong_type",
        "/title": "max_length",
    }
    assert not HotlineOrder.objects.exists()


def test_a_region_must_be_known_and_the_hotlines_own(cast: Cast) -> None:
    county = make_hotline(cast, cast.regions["county"])
    for code, problem in (("999999", "unknown_region"), ("430981", "region_out_of_scope")):
        answer = county.put(region_code=code)
        assert (answer.status_code, answer.json()["code"]) == (400, problem)
        assert answer.json()["errors"][0]["pointer"] == "/region_code"


def test_a_hotline_sees_its_own_orders_only_and_needs_the_scope(cast: Cast, hotline: Hotline) -> None:
    hotline.told()
    other = make_hotline(cast, name="旁的平台", scopes=("hotline.orders:read",))
    assert other.send("GET", f"{ORDERS}/A-1").status_code == 404
    assert other.send("GET", ORDERS).json()["items"] == []
    assert other.put().json()["code"] == "insufficient_scope"


def test_a_batch_keeps_the_good_names_the_bad_and_answers_each(hotline: Hotline) -> None:
    hotline.told("B-1", version=4)
    items = [
        {"order_no": "B-1", **order(version=2)},
        {"order_no": "B-2", **order()},
        {"order_no": "B-3", **order(region_code="430999")},
        {"order_no": "B 4", **order()},
        "nonsense",
        {"order_no": "B-2", **order(version=2, state="signed")},
    ]
    answer = hotline.send("POST", f"{ORDERS}/batch", {"orders": items}).json()
    assert (answer["stored"], answer["refused"]) == (3, 3)
    assert [one["outcome"] for one in answer["items"]] == [
        "stale", "stale", "refused", "refused", "refused", "created",
    ]  # fmt: skip
    problems = [one["problem"] for one in answer["items"] if one["outcome"] == "refused"]
    assert [(one["code"], one["errors"][0]["pointer"]) for one in problems] == [
        ("unknown_region", "/orders/2/region_code"),
        ("invalid_input", "/orders/3/order_no"),
        ("invalid_input", "/orders/4"),
    ]
    assert {one.order_no: one.state for one in HotlineOrder.objects.all()} == {"B-1": "accepted", "B-2": "signed"}


def test_a_batch_costs_the_same_queries_for_two_and_for_two_hundred(hotline: Hotline) -> None:
    def batch(count: int, mark: str) -> list[str]:
        puts = []
        for number in range(count):
            values, problems = check_item({"order_no": f"{mark}-{number}", **order()})
            assert not problems
            puts.append(Put(values.pop("order_no"), values))
        return statements(lambda: orders_batch(actor=hotline.actor, puts=puts))

    assert len(batch(2, "C")) == len(batch(200, "D")) <= 7


def test_the_list_is_read_on_from_a_cursor_and_narrowed(hotline: Hotline) -> None:
    for number in range(5):
        hotline.told(f"L-{number}", state="finished" if number % 2 else "accepted")
    first = hotline.send("GET", f"{ORDERS}?limit=2").json()
    assert [one["order_no"] for one in first["items"]] == ["L-0", "L-1"]
    rest = hotline.send("GET", first["next"].split("testserver")[-1]).json()
    assert [one["order_no"] for one in rest["items"]] == ["L-2", "L-3"]
    done = hotline.send("GET", f"{ORDERS}?state=finished").json()
    assert [one["order_no"] for one in done["items"]] == ["L-1", "L-3"]
    assert hotline.send("GET", f"{ORDERS}?colour=red").json()["errors"][0]["pointer"] == "/query/colour"


def test_the_chain_is_append_only_also_in_the_database(hotline: Hotline) -> None:
    hotline.told()
    hotline.told(version=2, steps=[{"step_id": "s1", "kind": "finished", "at": timezone.now().isoformat()}])
    step = HotlineOrderStep.objects.get()
    assert step.kind == "accepted"  # what was told first stands
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        HotlineOrderStep.objects.filter(pk=step.pk).update(words="改")
