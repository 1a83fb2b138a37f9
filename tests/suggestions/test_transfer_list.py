"""The list by light: tabs with counts, filters in the address, pages, and one query budget."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.urls import reverse

from liaison.calendar import SHANGHAI
from liaison.models import Organisation
from liaison.permissions import OrganisationKind
from liaison.registry import registry
from suggestions.models import PublicInterestDomain, Transfer
from suggestions.selectors.transfer_desk import Waiting, waiting_for
from suggestions.transfer_registrations import todos
from tests.suggestions.budgets import queries
from tests.suggestions.steps import registered
from tests.suggestions.transfers import marked, received, step, transferred, waiting, walk

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.cast import Cast

LIST = "/transfers/"
#: A Monday without holidays around it.
TODAY = dt.date(2026, 6, 15)


def at(day: dt.date, hour: int = 10) -> time_machine.travel:
    return time_machine.travel(dt.datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI), tick=False)


@pytest.fixture
def lights(cast: Cast) -> dict[str, Transfer]:
    """One transfer of each light as of TODAY, and one that is only marked."""
    found = {}
    # Day of transfer → due day: 29 May → 29 June, 21 May → 22 June (the 21st is a Sunday),
    # 16 May → 16 June, 12 May → 12 June.
    for code, day in {
        "green": dt.date(2026, 5, 29),
        "amber": dt.date(2026, 5, 21),
        "red": dt.date(2026, 5, 16),
        "overdue": dt.date(2026, 5, 12),
        "paused": dt.date(2026, 5, 12),
        "met": dt.date(2026, 5, 12),
    }.items():
        with at(day):
            transfer = transferred(cast, registered(cast, title=f"关于{code}的建议"))
            if code == "paused":
                walk(cast, transfer, "receive", "request_info")
            if code == "met":
                walk(cast, transfer, "receive", "decline")
            found[code] = transfer
    with at(TODAY):
        found["marked"] = marked(cast, registered(cast, title="关于marked的建议"))
    return found


def get(cast: Cast, who: str = "insider", **params: Any) -> HttpResponse:
    cast.clients.clear()  # days may have gone by: sign in anew
    return cast.client(who).get(LIST, params)


def titles(response: Any) -> list[str]:
    return [row.transfer.suggestion.title for row in response.context["rows"]]


def counts(response: Any) -> dict[str, int]:
    return {view["label"]: int(view["count"]) for view in response.context["views"]}


def test_each_tab_holds_its_light_and_says_how_many(cast: Cast, lights: dict[str, Transfer]) -> None:
    with at(TODAY):
        whole = get(cast)
        assert counts(whole) == {
            "全部": 7,
            "待批准转交": 1,
            "正常": 1,
            "临期": 1,
            "紧急": 1,
            "超期": 1,
            "暂停": 1,
            "已反馈": 1,
        }
        for code in ("green", "amber", "red", "overdue", "paused", "met"):
            page = get(cast, view=code)
            assert titles(page) == [f"关于{code}的建议"]
            assert page.context["rows"][0].light.code == code
        assert titles(get(cast, view="approve")) == ["关于marked的建议"]
        assert len(titles(whole)) == 7
        text = whole.content.decode()
    for words in ("已超3天", "明天到期", "还剩7天", "还剩14天", "2026年6月12日(周五)"):
        assert words in text, words


def test_the_day_after_the_due_day_the_light_turns(cast: Cast, lights: dict[str, Transfer]) -> None:
    with at(dt.date(2026, 6, 16), 23):
        assert counts(get(cast))["超期"] == 1
    with at(dt.date(2026, 6, 17), 0):
        assert counts(get(cast))["超期"] == 2


def test_urgent_work_stands_first_in_a_tab(cast: Cast) -> None:
    with at(dt.date(2026, 5, 29)):
        transferred(cast, registered(cast, title="后到期的建议"))
    with at(dt.date(2026, 5, 26)):
        transferred(cast, registered(cast, title="先到期的建议"))
    with at(dt.date(2026, 5, 28)):
        transferred(cast, registered(cast, title="同日到期的建议"))
    with at(TODAY):
        # 28 June is a Sunday, so both end on the 29th; the one transferred first stands first.
        assert titles(get(cast, view="green")) == ["先到期的建议", "后到期的建议", "同日到期的建议"]


def test_a_procuratorate_begins_with_what_it_has_to_sign_for(cast: Cast, lights: dict[str, Transfer]) -> None:
    with at(TODAY):
        page = get(cast, "prosecutor")
        assert page.context["views"][0]["label"] == "待签收"
        assert page.context["tab"].code == "receive"
        # The overdue one first; what is only marked is not theirs to see.
        assert titles(page) == [f"关于{code}的建议" for code in ("overdue", "red", "amber", "green")]
        assert len(titles(get(cast, "prosecutor", view="all"))) == 6
        assert counts(page)["全部"] == 6


def test_the_filters_stand_in_the_address(cast: Cast, lights: dict[str, Transfer]) -> None:
    domain = PublicInterestDomain.objects.get(name="安全生产")
    with at(dt.date(2025, 3, 3)):
        old = transferred(cast, registered(cast, title="去年的建议"), domain_id=domain.pk)
        other = transferred(
            cast, registered(cast, title="沅江的建议"), procuratorate_id=cast.offices["other_procuratorate"].pk
        )
    with at(TODAY):
        assert set(titles(get(cast, year=2025))) == {"去年的建议", "沅江的建议"}
        assert titles(get(cast, domain_id=domain.pk)) == ["去年的建议"]
        assert titles(get(cast, procuratorate_id=other.procuratorate_id)) == ["沅江的建议"]
        assert titles(get(cast, year=2025, domain_id=domain.pk, view="overdue")) == ["去年的建议"]
        assert counts(get(cast, year=2025))["全部"] == 2
        tab = next(view for view in get(cast, year=2025).context["views"] if view["label"] == "超期")
        assert "year=2025" in tab["url"]
        assert "view=overdue" in tab["url"]
        # What is not offered asks for nothing.
        for wrong in ({"year": "x"}, {"domain_id": "9999"}, {"region": "9999"}, {"view": "nonsense"}):
            assert len(titles(get(cast, **wrong))) == 9
    assert old.domain == domain


def test_the_region_filter_reaches_the_offices_below(cast: Cast) -> None:
    transfer = transferred(cast)
    county = cast.offices["county_office"]
    below = transferred(cast, registered(cast, title="区里的建议"))
    Transfer.objects.filter(pk=below.pk).update(office=county, region_prefix="430903")
    assert titles(get(cast)) == [transfer.suggestion.title]
    assert len(titles(get(cast, region="all"))) == 2
    assert titles(get(cast, region="430903")) == ["区里的建议"]
    assert titles(get(cast, region="430981")) == []
    assert titles(get(cast, "county_clerk")) == ["区里的建议"]
    assert "region" not in get(cast, "county_clerk").context["filter_form"].fields
    assert titles(get(cast, "stranger")) == []
    assert titles(get(cast, "stranger", region="430903")) == []


def test_those_without_the_permission_have_no_list(cast: Cast) -> None:
    for who in ("unit", "deputy", "auditor", "system_admin", "nobody"):
        assert get(cast, who).status_code == 403, who
    assert get(cast, "anonymous").status_code == 302


@pytest.mark.parametrize(("who", "words"), [("insider", "标记公益线索"), ("prosecutor", "这一类没有线索")])
def test_an_empty_list_says_why(cast: Cast, who: str, words: str) -> None:
    assert words in get(cast, who).content.decode()
    assert "还没有转交给本院的线索" in get(cast, "prosecutor", view="all").content.decode()


#: What a list page may cost: session, user, postings, activity of the session · domains, regions, procuratorates ·
#: rows · counts of the tabs · menu, bell.
BUDGETS = (("insider", LIST, 16), ("insider", f"{LIST}?view=overdue", 16), ("prosecutor", LIST, 13))


def test_a_page_costs_the_same_with_two_rows_and_with_twenty(cast: Cast) -> None:
    with at(dt.date(2026, 5, 4)):
        for _ in range(2):
            transferred(cast)
    with at(TODAY):
        few = [queries(cast.client(who), address) for who, address, _ in BUDGETS]
    with at(dt.date(2026, 5, 4)):
        for _ in range(18):
            transferred(cast)
    with at(TODAY):
        for statements, (who, address, budget) in zip(few, BUDGETS, strict=True):
            many = queries(cast.client(who), address)
            assert len(statements) == len(many) <= budget, "\n".join(many)
        assert len(cast.client("insider").get(LIST).context["rows"]) == 20


def test_a_record_costs_the_same_with_a_short_and_a_long_history(cast: Cast) -> None:
    transfer = received(cast)
    address = transfer.get_absolute_url()
    few = queries(cast.client("insider"), address)
    walk(cast, transfer, *["request_info", "supply"] * 5)
    many = queries(cast.client("insider"), address)
    assert len(few) == len(many), "\n".join(many)
    # session, user, postings, activity · transfer, clocks + changes, materials, documents, last act ·
    # suggestion + cosigners, people, assignments, answers · transfers, acts, files, clock changes, notices · menu, bell
    assert len(many) <= 26, "\n".join(many)


def test_the_next_page_goes_on_where_the_first_ended(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liaison.paging.PAGE_SIZE", 2)
    with at(dt.date(2026, 5, 4)):
        for number in range(3):
            transferred(cast, registered(cast, title=f"第{number}件"))
    from suggestions.selectors.transfer_desk import Conditions, desk_transfers, tab_of

    with at(TODAY):
        rows = desk_transfers(cast.actor("insider"), tab_of(cast.actor("insider"), "overdue"), Conditions())
        from liaison.paging import keyset_page

        first = keyset_page(rows, params={}, path=LIST, order=("due_on", "id"), nullable=("due_on",), size=2)
        assert len(first.items) == 2
        assert first.next_url
        from urllib.parse import parse_qsl, urlsplit

        second = keyset_page(
            rows,
            params=dict(parse_qsl(urlsplit(first.next_url).query)),
            path=LIST,
            order=("due_on", "id"),
            nullable=("due_on",),
            size=2,
        )
        assert [row.suggestion.title for row in second.items] == ["第2件"]


# ── what waits for whom ──────────────────────────────────────────────────────────────────────────
def todo(cast: Cast, who: str) -> dict[str, tuple[int, str | None]]:
    return {item.label: (item.count, item.light) for item in todos(cast.actor(who))}


def test_the_to_do_list_says_whose_turn_it_is(cast: Cast, lights: dict[str, Transfer]) -> None:
    with at(TODAY):
        assert todo(cast, "approver") == {
            "待批准转交": (1, None),
            "待补充线索": (1, None),
            "意见将到期": (3, "overdue"),
        }
        assert todo(cast, "insider") == {"待补充线索": (1, None), "意见将到期": (3, "overdue")}
        assert todo(cast, "prosecutor") == {"待签收线索": (4, None), "意见将到期": (3, "overdue")}
        assert todo(cast, "colleague") == {"意见将到期": (3, "overdue")}
        for who in ("unit", "deputy", "auditor", "other_prosecutor"):
            assert not [count for count, _ in todo(cast, who).values() if count], who
        assert waiting_for(cast.actor("approver")).total == 2
        assert waiting_for(cast.actor("deputy")) == waiting_for(cast.actor("unit")) == Waiting()


def test_the_menu_leads_to_the_list_with_what_waits(cast: Cast) -> None:
    waiting(cast)
    entry = next(one for one in registry.menu_entries(cast.actor("insider")) if one.url == LIST)
    assert (entry.label, entry.count) == ("公益诉讼转交", 1)
    assert not [one for one in registry.menu_entries(cast.actor("unit")) if one.url == LIST]
    step(cast, waiting(cast), "supply")
    assert next(one for one in registry.menu_entries(cast.actor("prosecutor")) if one.url == LIST).count is None


def test_another_office_of_the_same_region_is_not_ours(cast: Cast) -> None:
    received(cast)
    Organisation.objects.create(name="资阳区人大常委会", kind=OrganisationKind.CONGRESS, region=cast.regions["town"])
    assert not any(count for count, _ in todo(cast, "county_clerk").values())


def test_the_search_box_finds_what_one_may_see(cast: Cast) -> None:
    transfer = received(cast, registered(cast, title="关于整治哑河养殖废水的建议"))

    def found(who: str, words: str) -> list[str]:
        return [hit.url for hit in registry.search(cast.actor(who), words) if hit.url.startswith(LIST)]

    for words in ("养殖废水", "益检线〔2026〕3号"):
        assert found("insider", words) == [transfer.get_absolute_url()], words
        assert found("prosecutor", words) == [transfer.get_absolute_url()], words
        for who in ("stranger", "unit", "other_prosecutor", "auditor"):
            assert found(who, words) == [], who
    assert found("insider", "   ") == []
    assert found("insider", "没有的事") == []


def test_every_act_has_its_words_in_the_audit(cast: Cast) -> None:
    walk(cast, waiting(cast), "supply", "file", "recommend", "agency_answer", "rectify", "close")
    step(cast, marked(cast, registered(cast)), "reject")
    from liaison.models import AuditEntry

    actions = set(AuditEntry.objects.filter(action__startswith="transfer.").values_list("action", flat=True))
    assert len(actions) >= 11
    assert actions <= set(registry.audit_labels)
    assert reverse("transfers:desk") == LIST
