"""Both sides count a day: the same is seen by digest, what differs is named, mended, and gone at the next telling."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from django.utils import timezone

from suggestions.digests import canonical_digest, group_digest
from suggestions.models import HotlineOrder, Reconciliation, ReconciliationDifference
from suggestions.selectors.reconciliation import figures_of
from suggestions.services.reconciliation import reconciliation_repair
from tests.cast import Cast
from tests.suggestions.budgets import statements
from tests.suggestions.hotline import ORDERS, REPORTS, Hotline, make_hotline, order, reported
from tests.suggestions.opinions import Scene, build_scene
from tests.suggestions.reconciling import ADDRESS, Theirs, report_digest, same_as_ours

pytestmark = pytest.mark.django_db

OTHER = group_digest([("another", "content")])


@pytest.fixture
def hotline(cast: Cast) -> Hotline:
    return make_hotline(cast)


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


@pytest.fixture
def today() -> dt.date:
    return timezone.localdate()


def test_a_day_ends_at_midnight_in_beijing(hotline: Hotline) -> None:
    for number, at in (
        ("EVE", "2026-11-19T23:59:59.999999+08:00"),
        ("FIRST", "2026-11-20T00:00:00+08:00"),
        ("LAST", "2026-11-20T15:59:59Z"),
        ("NEXT", "2026-11-20T16:00:00Z"),
    ):
        hotline.told(number, accepted_at=at)
    theirs = same_as_ours(hotline, dt.date(2026, 11, 20))
    assert theirs.orders.keys() == {"FIRST", "LAST"}
    found = theirs.get()
    assert found["orders"]["ours"] == theirs.body()["orders"]["groups"]
    assert (found["state"], found["orders"]["theirs"], found["orders"]["is_same"]) == ("waiting", None, None)
    assert theirs.put()["state"] == "agreed"


def test_the_same_figures_agree_whether_items_come_or_not(hotline: Hotline, scene: Scene, today: dt.date) -> None:
    hotline.told("A-1")
    hotline.told("A-2", state="signed")
    reported(hotline, scene)
    theirs = same_as_ours(hotline, today)
    for items in (False, True):
        told = theirs.put(items=items)
        assert (told["outcome"], told["state"], told["differences"], told["agreed_at"] is not None) == (
            "stored", "agreed", [], True,
        )  # fmt: skip
        assert (told["orders"]["is_same"], told["reports"]["is_same"]) == (True, True)
    kept = Reconciliation.objects.get()
    assert kept.agreed == kept.theirs


def test_differences_of_each_sort_are_named(hotline: Hotline, scene: Scene, today: dt.date) -> None:
    for number in ("SAME", "STATE", "CONTENT", "OURS"):
        hotline.told(number)
    ours_only, other = reported(hotline, scene), reported(hotline, scene)
    theirs = same_as_ours(hotline, today)
    theirs.orders |= {"STATE": ("signed", OTHER), "CONTENT": ("accepted", OTHER), "THEIRS": ("accepted", OTHER)}
    del theirs.orders["OURS"]
    del theirs.reports[str(ours_only.public_id)]
    theirs.reports[str(other.public_id)] = ("accepted", OTHER)
    told = theirs.put()
    assert {(one["kind"], one["number"]): one["problem"] for one in told["differences"]} == {
        ("orders", "CONTENT"): "other_content",
        ("orders", "OURS"): "missing_there",
        ("orders", "STATE"): "other_state",
        ("orders", "THEIRS"): "missing_here",
        ("reports", str(ours_only.public_id)): "missing_there",
        ("reports", str(other.public_id)): "other_state",
    }
    assert (told["state"], told["differences_total"], told["wanted"]) == ("differs", 6, [])
    stranger = next(one for one in told["differences"] if one["number"] == "THEIRS")
    assert (stranger["ours"], stranger["theirs"]["state"]) == (None, "accepted")


def test_a_report_that_we_never_made_is_named_and_cannot_be_mended_by_a_press(
    hotline: Hotline, cast: Cast, today: dt.date
) -> None:
    theirs = Theirs(hotline, today, reports={"6f0e8c52-3b1d-4d0b-9a53-0f3c2a4d5e6f": ("submitted", OTHER)})
    assert [one["problem"] for one in theirs.put()["differences"]] == ["missing_here"]
    day = Reconciliation.objects.get()
    done = reconciliation_repair(actor=cast.actor("insider"), public_id=day.public_id)
    assert (done.orders, done.reports, theirs.get()["state"]) == (0, 0, "differs")


def test_an_order_that_moved_to_another_day_is_other_content_on_both(hotline: Hotline) -> None:
    hotline.told("MOVED", accepted_at="2026-11-19T10:00:00+08:00")
    theirs = Theirs(hotline, dt.date(2026, 11, 20), orders={"MOVED": ("accepted", OTHER)})
    assert [one["problem"] for one in theirs.put()["differences"]] == ["other_content"]


def test_only_groups_agree_or_ask_for_the_items_of_those_that_differ(hotline: Hotline, today: dt.date) -> None:
    for number in ("A-1", "A-2", "A-3"):
        hotline.told(number, state="signed" if number == "A-3" else "accepted")
    theirs = same_as_ours(hotline, today)
    theirs.orders["A-2"] = ("accepted", OTHER)
    told = theirs.put(items=False)
    assert (told["state"], told["differences"], told["items_wanted"]) == (
        "differs", [], {"orders": ["accepted"], "reports": []},
    )  # fmt: skip
    body = theirs.body()
    body["orders"]["items"] = [one for one in body["orders"]["items"] if one["state"] == "accepted"]
    answer = hotline.send("PUT", f"{ADDRESS}/{today}", body).json()
    assert [one["number"] for one in answer["differences"]] == ["A-2"]
    assert answer["items_wanted"] == {"orders": [], "reports": []}


def test_late_changes_are_counted_live_and_leave_what_was_agreed(hotline: Hotline, today: dt.date) -> None:
    hotline.told("A-1")
    theirs = same_as_ours(hotline, today)
    agreed = theirs.put()["orders"]["ours"]
    hotline.told("A-1", version=2, state="finished")
    hotline.told("A-2")
    found = theirs.get()
    assert (found["state"], found["orders"]["is_same"], found["differences"]) == ("agreed", False, [])
    assert [one["state"] for one in found["orders"]["ours"]] == ["accepted", "finished"]
    assert Reconciliation.objects.get().agreed == {"orders": agreed, "reports": []}
    assert same_as_ours(hotline, today).put()["orders"]["is_same"] is True


def test_what_changed_after_the_hotline_counted_is_no_difference(hotline: Hotline, today: dt.date) -> None:
    hotline.told("A-1")
    hotline.told("LOST-THERE")
    counted = same_as_ours(hotline, today)
    del counted.orders["LOST-THERE"]
    taken_at = timezone.now()
    hotline.told("A-1", version=2, state="signed")
    hotline.told("NEW")
    told = counted.put(taken_at=taken_at.isoformat())
    assert [one["number"] for one in told["differences"]] == ["LOST-THERE"]
    # figures counted earlier than those that stand change nothing
    late = Theirs(hotline, today).put(taken_at=(taken_at - dt.timedelta(minutes=1)).isoformat())
    assert (late["outcome"], late["differences"]) == ("stale", told["differences"])


def test_a_repair_asks_for_orders_tells_reports_anew_and_the_next_telling_empties_the_list(
    hotline: Hotline, scene: Scene, cast: Cast, today: dt.date
) -> None:
    hotline.told("A-1")
    report, quiet = reported(hotline, scene), reported(hotline, scene)
    theirs = same_as_ours(hotline, today)
    newer = order(version=2, state="signed", title="热线改过的标题")
    theirs.orders |= {"A-1": ("signed", OTHER), "LOST": ("accepted", OTHER)}
    del theirs.reports[str(report.public_id)]
    theirs.put()
    cursor = hotline.send("GET", REPORTS).json()["cursor"]
    day = Reconciliation.objects.get()

    done = reconciliation_repair(actor=cast.actor("insider"), public_id=day.public_id)
    assert (done.orders, done.reports) == (2, 1)
    again = reconciliation_repair(actor=cast.actor("approver"), public_id=day.public_id)  # pressed by two people
    assert (again.orders, again.reports) == (0, 0)
    assert [one["number"] for one in theirs.get()["wanted"]] == ["A-1", "LOST"]
    news = hotline.send("GET", f"{REPORTS}?cursor={cursor}").json()["items"]
    assert [one["id"] for one in news] == [str(report.public_id)]
    report.refresh_from_db()
    assert (report.version, quiet.feed_no < report.feed_no) == (1, True)  # its content is as it was

    assert hotline.send("PUT", f"{ORDERS}/A-1", newer).status_code == 200
    assert hotline.send("PUT", f"{ORDERS}/LOST", order()).status_code == 201
    found = theirs.get()
    assert (found["wanted"], [one["kind"] for one in found["differences"]], found["state"]) == (
        [], ["reports"], "differs",
    )  # fmt: skip
    told = same_as_ours(hotline, today).put()
    assert (told["state"], told["differences"], told["wanted"]) == ("agreed", [], [])


def test_what_still_differs_at_the_next_telling_stays_asked_for_and_may_be_asked_again(
    hotline: Hotline, cast: Cast, today: dt.date
) -> None:
    theirs = Theirs(hotline, today, orders={"LOST": ("accepted", OTHER)})
    theirs.put()
    day = Reconciliation.objects.get()
    assert reconciliation_repair(actor=cast.actor("insider"), public_id=day.public_id).orders == 1
    assert [one["number"] for one in theirs.put()["wanted"]] == ["LOST"]
    assert reconciliation_repair(actor=cast.actor("insider"), public_id=day.public_id).orders == 1


def test_once_all_is_mended_the_day_waits_for_the_hotlines_word(hotline: Hotline, today: dt.date) -> None:
    theirs = Theirs(hotline, today, orders={"LOST": ("accepted", OTHER)})
    assert theirs.put()["state"] == "differs"
    hotline.told("LOST")
    assert theirs.get()["state"] == "repaired"


def test_each_hotline_has_its_own_figures(hotline: Hotline, cast: Cast, today: dt.date) -> None:
    other = make_hotline(cast, name="旁的平台", scopes=("hotline.orders:read", "hotline.orders:write"))
    hotline.told("A-1")
    theirs = same_as_ours(hotline, today)
    theirs.put()
    found = Theirs(other, today).get()
    assert (found["state"], found["orders"]["ours"], found["reports"]) == ("waiting", [], None)
    # the same number at two hotlines is two orders
    answer = other.send("PUT", f"{ADDRESS}/{today}", {"orders": theirs.body()["orders"]}).json()
    assert [one["problem"] for one in answer["differences"]] == ["missing_here"]
    assert theirs.get()["state"] == "agreed"


def test_who_may_not_read_reports_cannot_tell_of_them(cast: Cast, today: dt.date) -> None:
    other = make_hotline(cast, scopes=("hotline.orders:read", "hotline.orders:write"))
    answer = other.send("PUT", f"{ADDRESS}/{today}", {"reports": {"groups": []}})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    reader = make_hotline(cast, name="只读", scopes=("hotline.orders:read",))
    assert reader.send("PUT", f"{ADDRESS}/{today}", {"orders": {"groups": []}}).json()["code"] == "insufficient_scope"


@pytest.mark.parametrize(
    ("date", "code"),
    [("2026-13-01", "invalid"), ("20261120", "invalid"), ("yesterday", "invalid"), ("1889-01-01", "invalid")],
)
def test_a_day_that_is_none_is_refused(hotline: Hotline, date: str, code: str) -> None:
    for method, body in (("GET", None), ("PUT", {"orders": {"groups": []}})):
        answer = hotline.send(method, f"{ADDRESS}/{date}", body)
        assert (answer.status_code, [(one["pointer"], one["code"]) for one in answer.json()["errors"]]) == (
            400, [("/path/date", code)],
        )  # fmt: skip


def test_a_day_to_come_is_refused(hotline: Hotline, today: dt.date) -> None:
    tomorrow = today + dt.timedelta(days=1)
    for method, body in (("GET", None), ("PUT", {"orders": {"groups": []}})):
        answer = hotline.send(method, f"{ADDRESS}/{tomorrow}", body)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "out_of_range")
    assert not Reconciliation.objects.exists()


def test_figures_that_do_not_fit_are_told_by_their_place(hotline: Hotline, today: dt.date) -> None:
    item = {"number": "A-1", "state": "accepted", "digest": OTHER}
    right = group_digest([("A-1", OTHER)])
    groups = [{"state": "accepted", "count": 1, "digest": right}]
    for side, pointer, code in (
        ({"groups": [{**groups[0], "count": 2}], "items": [item]}, "/orders/groups/0/count", "not_the_items"),
        ({"groups": [{**groups[0], "digest": OTHER}], "items": [item]}, "/orders/groups/0/digest", "not_the_items"),
        ({"groups": groups * 2}, "/orders/groups/1/state", "duplicate"),
        ({"groups": [], "items": [item]}, "/orders/items/0/state", "no_group"),
        ({"groups": [{**groups[0], "digest": "XYZ"}]}, "/orders/groups/0/digest", "invalid"),
        ({"groups": [{**groups[0], "state": "lost"}]}, "/orders/groups/0/state", "invalid_choice"),
        ({"items": [item]}, "/orders/groups", "required"),
    ):
        answer = hotline.send("PUT", f"{ADDRESS}/{today}", {"orders": side})
        assert answer.status_code == 400
        assert (pointer, code) in {(one["pointer"], one["code"]) for one in answer.json()["errors"]}
    assert [one["code"] for one in hotline.send("PUT", f"{ADDRESS}/{today}", {}).json()["errors"]] == ["required"]
    early = {"orders": {"groups": []}, "taken_at": "2020-01-01T00:00:00Z"}
    assert hotline.send("PUT", f"{ADDRESS}/{today}", early).json()["errors"][0]["pointer"] == "/taken_at"
    assert not Reconciliation.objects.exists()


def test_too_many_items_are_refused(hotline: Hotline, today: dt.date, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [{"number": f"A{place}", "state": "accepted", "digest": OTHER} for place in range(20_001)]
    lines = [(one["number"], OTHER) for one in items]
    groups = [{"state": "accepted", "count": len(items), "digest": group_digest(lines)}]
    answer = hotline.send("PUT", f"{ADDRESS}/{today}", {"orders": {"groups": groups, "items": items}})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/orders/items")


def test_more_differences_than_are_named_are_counted(
    hotline: Hotline, today: dt.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("suggestions.services.reconciliation.MOST_NAMED", 2)
    theirs = Theirs(hotline, today, orders={f"LOST-{place}": ("accepted", OTHER) for place in range(5)})
    told = theirs.put()
    assert (told["differences_total"], [one["number"] for one in told["differences"]]) == (5, ["LOST-0", "LOST-1"])
    hotline.told("LOST-0")
    hotline.told("LOST-1")
    found = theirs.get()
    assert (found["state"], found["differences_total"], found["differences"]) == ("differs", 3, [])


def test_the_database_and_python_count_the_same_digests(hotline: Hotline, scene: Scene, today: dt.date) -> None:
    for number in ("b-2", "B-1", "a.1", "Z_9", "10", "9"):
        hotline.told(number)
    report = hotline.lead(reported(hotline, scene), "accepted", "dispatched", "signed")
    hotline.tell(report, "replied", words='路灯“已修好”。\n"OK"\\\t/ 好🙂', hotline_no="热线/7")
    report.refresh_from_db()
    lines = [(one.order_no, one.digest) for one in HotlineOrder.objects.all()]
    assert figures_of(hotline.client.pk, today) == {
        "orders": {"accepted": (6, group_digest(lines))},
        "reports": {"replied": (1, group_digest([(str(report.public_id), report_digest(report))]))},
    }
    assert same_as_ours(hotline, today).put()["state"] == "agreed"


def test_a_telling_costs_the_same_queries_for_two_and_for_two_hundred(hotline: Hotline, today: dt.date) -> None:
    counts = []
    for many in (2, 200):
        orders = {f"LOST-{place}": ("accepted", OTHER) for place in range(many)}
        theirs = Theirs(hotline, today, orders=orders)
        theirs.put()
        counts.append((len(statements(lambda t=theirs: t.put())), len(statements(theirs.get))))  # type: ignore[misc]
    assert counts[0] == counts[1]
    assert ReconciliationDifference.objects.count() == 200


def test_the_worked_example_of_the_documentation_is_right() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text()
    told, lines = re.findall(r"```text\n(.*?)```", text.split("<!-- reconciliation example -->")[1], re.DOTALL)[:2]
    items = [json.loads(line) for line in told.splitlines()]
    digests = [(one["id"], canonical_digest(one)) for one in items]
    assert lines == "".join(f"{number}:{digest}\n" for number, digest in digests)
    assert f'{{"state": "accepted", "count": {len(items)}, "digest": "{group_digest(digests)}"}}' in text
    assert [line for line in told.splitlines() if "\\u" in line or ": " in line] == []


def test_an_orders_digest_is_that_of_the_documented_members(hotline: Hotline) -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text()
    row = next(line for line in text.splitlines() if line.startswith("| 工单 | `accepted_at`"))
    accepted = "2026-11-20T09:10:00+08:00"
    shown = hotline.put(accepted_at=accepted, due_at="2026-11-27T18:00:00.5+08:00").json()
    said = hotline.send("GET", f"{ORDERS}/A-1").json()
    flat = {name: said[name] for name in re.findall(r"`(\w+)`", row) if name in said and name != "null"}
    flat |= {
        "person_name": said["person"]["name"],
        "person_phone": said["person"]["phone"],
        "class_code": said["class"]["code"],
        "class_path": "/".join(said["class"]["path"]),
        "accepted_at": "2026-11-20T01:10:00.000000Z",
        "due_at": "2026-11-27T10:00:00.500000Z",
    }
    assert set(re.findall(r"`(\w+)`", row)) - {"null"} == flat.keys()
    assert shown["digest"] == canonical_digest(flat)
