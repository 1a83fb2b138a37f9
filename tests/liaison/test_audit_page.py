"""The auditor's page: own region only, filters in the address, keyset pages, old and new values in words."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from liaison.actor import Actor, system_actor
from liaison.models import AuditEntry, Posting, User
from liaison.models.audit import AuditResult
from liaison.permissions import Role
from liaison.registry import registry
from liaison.services.audit import record_audit
from tests.cast import PASSWORD, Cast

LIST = "/audit/"
NOON = dt.datetime(2026, 4, 3, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture
def trail(cast: Cast) -> Cast:
    """One act a day by different people."""
    acts: list[tuple[int, Actor, str, AuditResult]] = [
        (1, cast.actor("insider"), "user.create", AuditResult.SUCCESS),
        (2, cast.actor("county_clerk"), "user.update", AuditResult.FAILED),
        (3, cast.actor("stranger"), "posting.grant", AuditResult.DENIED),
    ]
    for day, actor, action, result in acts:
        with time_machine.travel(NOON.replace(day=day), tick=False):
            record_audit(actor=actor, action=action, target=cast.user("deputy"), result=result)
    return cast


def shown(cast: Cast, query: str = "", name: str = "auditor") -> list[str]:
    page = cast.client(name).get(f"{LIST}?{query}")
    assert page.status_code == 200
    return [entry.action for entry in page.context["page"].items]


def test_newest_first_in_chinese(trail: Cast) -> None:
    assert shown(trail) == ["posting.grant", "user.update", "user.create"]
    page = trail.client("auditor").get(LIST).content.decode()
    for words in ("新建账号", "分配岗位", "陈经办", "益阳市人大常委会联工委 · 经办", "被拒绝", "李代表", "用户"):
        assert words in page


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ("since=2026-04-02", ["posting.grant", "user.update"]),
        ("until=2026-04-02", ["user.update", "user.create"]),
        ("since=2026-04-02&until=2026-04-02", ["user.update"]),
        ("action=user.create", ["user.create"]),
        ("result=denied", ["posting.grant"]),
        ("person=经办", ["user.create"]),
        ("person=INSIDER", ["user.create"]),
        ("target=李代", ["posting.grant", "user.update", "user.create"]),
        ("target=没有这个", []),
        ("since=2026-04-03&until=2026-04-01", ["posting.grant", "user.update", "user.create"]),
        ("since=2026-13-99", ["posting.grant", "user.update", "user.create"]),
        ("action=nonsense", ["posting.grant", "user.update", "user.create"]),
    ],
)
def test_the_filters(trail: Cast, query: str, actions: list[str]) -> None:
    assert shown(trail, query) == actions


def test_the_public_id_of_the_target_finds_its_history(trail: Cast) -> None:
    assert len(shown(trail, f"target={trail.user('deputy').public_id}")) == 3
    assert shown(trail, f"target={trail.user('insider').public_id}") == []


def test_a_wrong_range_is_said_at_the_field(trail: Cast) -> None:
    page = trail.client("auditor").get(f"{LIST}?since=2026-04-03&until=2026-04-01").content.decode()
    assert "不能早于开始日期。" in page


def test_a_county_auditor_sees_the_county(trail: Cast) -> None:
    user = User.objects.create_user("county_auditor", PASSWORD, name="区审计")
    Posting.objects.create(user=user, organisation=trail.offices["county_office"], role=Role.AUDITOR)
    trail.users["county_auditor"] = user
    assert shown(trail, name="county_auditor") == ["user.update"]
    foreign = AuditEntry.objects.get(action="user.create")
    assert trail.client("county_auditor").get(f"{LIST}{foreign.pk}/").status_code == 404


def test_acts_of_the_system_belong_to_no_region(trail: Cast) -> None:
    record_audit(actor=system_actor(), action="region.load")
    assert "region.load" not in shown(trail)


@pytest.mark.parametrize("name", ["system_admin", "security_admin", "insider", "deputy", "unit", "nobody"])
def test_nobody_else_reads_the_audit(trail: Cast, name: str) -> None:
    entry = AuditEntry.objects.get(action="user.create")
    for path in (LIST, f"{LIST}{entry.pk}/"):
        assert trail.client(name).get(path).status_code == 403


def test_pages_go_on_and_back_and_keep_the_filter(cast: Cast) -> None:
    for _ in range(120):
        record_audit(actor=cast.actor("insider"), action="user.update")
    browser = cast.client("auditor")
    first = browser.get(f"{LIST}?action=user.update").context["page"]
    second = browser.get(first.next_url).context["page"]
    third = browser.get(second.next_url).context["page"]
    assert "action=user.update" in first.next_url
    assert [len(page.items) for page in (first, second, third)] == [50, 50, 20]
    assert third.next_url == ""
    back = browser.get(third.previous_url).context["page"]
    assert [entry.pk for entry in back.items] == [entry.pk for entry in second.items]


def test_the_detail_shows_old_and_new_values_in_words(cast: Cast) -> None:
    entry = record_audit(
        actor=cast.actor("insider"),
        action="user.update",
        target=cast.user("deputy"),
        detail={
            "old": {"name": "李代", "phone": "138"},
            "new": {"name": "李代表", "phone": "139"},
            "means": "password+totp",
        },
    )
    page = cast.client("auditor").get(f"{LIST}{entry.pk}/").content.decode()
    for words in ("修改账号资料", "姓名或名称", "李代", "李代表", "***", "密码+身份验证器", "insider"):
        assert words in page
    assert "139" not in page


@pytest.mark.parametrize(
    "detail",
    [
        {},
        {"old": "甲", "new": None},
        {"reason": "", "count": 3, "flag": True, "list": ["totp", "x"], "deep": {"name": "甲"}},
        {"new": {"name": "甲"}},
    ],
)
def test_any_detail_can_be_shown(cast: Cast, detail: dict[str, object]) -> None:
    entry = record_audit(actor=cast.actor("insider"), action="not.registered", detail=detail)
    assert cast.client("auditor").get(f"{LIST}{entry.pk}/").status_code == 200


def test_an_unknown_row_is_not_found(cast: Cast) -> None:
    assert cast.client("auditor").get(f"{LIST}999999999/").status_code == 404


def test_every_action_code_is_a_noun_and_a_verb_with_chinese_words() -> None:
    for code, label in registry.audit_labels.items():
        noun, _, verb = code.partition(".")
        assert noun, code
        assert verb, code
        assert any("一" <= char <= "鿿" for char in label), code


@pytest.mark.parametrize("rows", [2, 20])
def test_the_query_budget_of_the_list(cast: Cast, rows: int, django_assert_max_num_queries) -> None:
    for _ in range(rows):
        record_audit(actor=cast.actor("insider"), action="user.update", target=cast.user("deputy"))
    browser = cast.client("auditor")
    browser.get(LIST)
    # session, user, postings, mandates 4; the page 1; inbox 1
    with django_assert_max_num_queries(6):
        browser.get(LIST)
