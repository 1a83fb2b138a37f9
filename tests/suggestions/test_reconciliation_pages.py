"""Pages of the reconciliation and of the scope rules, and the daily closing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from liaison.models import ApiClient, AuditEntry
from suggestions.models import Reconciliation, ReconciliationDifference, ScopeRule
from suggestions.selectors.hotline_settings import scope_hits
from suggestions.tasks import close_reconciliations
from tests.cast import Cast
from tests.suggestions.budgets import queries
from tests.suggestions.hotline import Hotline, make_hotline, reported
from tests.suggestions.opinions import build_scene
from tests.suggestions.pages import errors, text_of
from tests.suggestions.reconciling import Theirs, differing_day, same_as_ours

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotline(cast: Cast) -> Hotline:
    return make_hotline(cast)


def test_a_day_names_its_differences_with_links_and_is_mended_after_asking(cast: Cast, hotline: Hotline) -> None:
    order = hotline.told("OURS-1")
    report = reported(hotline, build_scene(cast))
    day = differing_day(hotline)
    client, url = cast.client("insider"), reverse("hotline:reconciliation", args=[day.public_id])
    page = client.get(url).content.decode()
    for part in ("LOST-1", order.get_absolute_url(), report.get_absolute_url(), report.number, "平台没有", "热线没有"):
        assert part in page
    asks = reverse("hotline:reconciliation_repair", args=[day.public_id])
    assert "不改动" in text_of(client.get(asks))
    assert not ReconciliationDifference.objects.filter(asked_at__isnull=False).exists()
    done = text_of(client.post(asks, follow=True))
    assert "请热线重新报送工单2件，再发给热线转办单1件" in done
    assert "不用再按" in text_of(cast.client("approver").post(asks, follow=True))
    (entry,) = AuditEntry.objects.filter(action="reconciliation.repair")
    assert entry.detail == {"orders": 2, "reports": 1}
    assert Reconciliation.objects.get().repaired_by.startswith("益阳市")


def test_the_administrator_sees_numbers_without_links_to_what_is_not_theirs(cast: Cast, hotline: Hotline) -> None:
    order = hotline.told("OURS-1")
    day = differing_day(hotline)
    page = cast.client("system_admin").get(reverse("hotline:reconciliation", args=[day.public_id])).content.decode()
    assert "OURS-1" in page
    assert order.get_absolute_url() not in page
    assert "一键补齐" in page


def test_a_day_costs_the_same_queries_for_two_and_for_forty_differences(cast: Cast, hotline: Hotline) -> None:
    day = differing_day(hotline)
    url, counts = reverse("hotline:reconciliation", args=[day.public_id]), []
    for numbers in (range(2), range(2, 40)):
        for number in numbers:
            hotline.told(f"OURS-{number}")
        differing_day(hotline)
        counts.append(len(queries(cast.client("insider"), url)))
    assert counts[0] == counts[1]


def test_the_list_shows_each_days_state_and_costs_the_same(cast: Cast, hotline: Hotline) -> None:
    today = timezone.localdate()
    hotline.told("A-1")
    same_as_ours(hotline, today).put()
    client, url = cast.client("insider"), reverse("hotline:reconciliations")
    few = len(queries(client, url))
    for back in range(1, 12):
        theirs = Theirs(hotline, today - dt.timedelta(days=back))
        if back % 2:
            theirs.orders["LOST"] = ("accepted", "0" * 64)
        theirs.put()
    Reconciliation.objects.create(client=hotline.client, day=today - dt.timedelta(days=20))
    assert len(queries(client, url)) == few
    assert "两边一致" in text_of(client.get(url))
    assert len(client.get(f"{url}?tab=differs").context["page"].items) == 6
    (waiting,) = client.get(f"{url}?tab=waiting").context["page"].items
    assert waiting.shown_state == "待热线报数"
    assert "有差异的热线对账" in text_of(client.get(reverse("dashboard")))


def test_days_are_closed_once_after_midnight_and_made_up_for_after_an_outage(hotline: Hotline) -> None:
    made = dt.datetime(2026, 11, 16, 9, tzinfo=timezone.get_current_timezone())
    ApiClient.objects.update(created_at=made)
    hotline.told("A-1", accepted_at="2026-11-19T23:59:59+08:00")
    hotline.told("A-2", accepted_at="2026-11-20T00:00:00+08:00")
    with travel("2026-11-19T23:59:59+08:00", tick=False):
        close_reconciliations()
    days = Reconciliation.objects.order_by("day").values_list("day", flat=True)
    assert [day.day for day in days] == [16, 17, 18]
    with travel("2026-11-21T00:00:01+08:00", tick=False):
        close_reconciliations()
        close_reconciliations()
    assert [day.day for day in days.all()] == [16, 17, 18, 19, 20]
    closed = {day.day.day: day.ours or {} for day in Reconciliation.objects.all()}
    assert [[group["count"] for group in closed[day]["orders"]] for day in (18, 19, 20)] == [[], [1], [1]]
    ApiClient.objects.update(is_active=False)
    with travel("2026-11-22T00:00:01+08:00", tick=False):
        close_reconciliations()
    assert Reconciliation.objects.count() == 5


RULE = {
    "version": 1,
    "name": "供电",
    "reason": "供电抢修由供电公司负责。",
    "instead": "请拨打95598。",
    "words": "停电\n跳闸 停电",
    "is_active": "on",
}


def test_scope_rules_are_kept_put_in_order_and_switched_off(cast: Cast) -> None:
    client, listing = cast.client("approver"), reverse("hotline:scope_rules")
    assert client.post(reverse("hotline:scope_rule_new"), RULE).status_code == 302
    rule = ScopeRule.objects.get(name="供电")
    assert (rule.words, rule.position) == ("停电\n跳闸", ScopeRule.objects.count())
    (hit,) = scope_hits("今晚又停电了")
    assert hit.rule == rule
    url = reverse("hotline:scope_rule", args=[rule.code])
    stale = client.post(url, RULE | {"version": 7})
    assert stale.status_code == 409
    assert "太短" in errors(client.post(url, RULE | {"words": "电"}))["words"][0]
    assert client.post(url, {**RULE, "is_active": ""}).status_code == 302
    assert scope_hits("今晚又停电了") == []
    client.post(reverse("hotline:scope_rule_move", args=[rule.code, "up"]))
    assert ScopeRule.objects.order_by("-position")[1] == rule
    first = ScopeRule.objects.order_by("position")[0]
    client.post(reverse("hotline:scope_rule_move", args=[first.code, "up"]))  # stays where it is
    assert ScopeRule.objects.order_by("position")[0] == first
    page = text_of(client.get(listing))
    assert page.index("供电") < page.index(ScopeRule.objects.order_by("-position")[0].name)
    assert "停用" in page
    actions = list(AuditEntry.objects.filter(action__startswith="scope_rule").order_by("pk"))
    assert [one.action for one in actions] == ["scope_rule.save", "scope_rule.save", "scope_rule.move"]
    assert actions[1].detail["new"] == {"is_active": False}
    assert "新增规则" not in text_of(cast.client("insider").get(listing))
