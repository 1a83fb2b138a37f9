"""The list of deputies: scope, tabs with counts, conditions in the address, paging, and a price that does not grow."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from deputies.forms.filters import MandateFilter
from deputies.models import ElectoralUnit, Mandate, ProfessionClass, Tag
from deputies.selectors.mandate import roster
from liaison.paging import keyset_page
from liaison.selectors.counts import capped_counts, count_text
from tests.cast import Cast
from tests.deputies.factories import make_mandate, make_mandates, make_person
from tests.suggestions.budgets import once, queries
from tests.suggestions.pages import text_of

pytestmark = pytest.mark.django_db
LIST = reverse("deputies:list")


def look(cast: Cast, who: str = "insider", **conditions: Any) -> HttpResponse:
    return cast.client(who).get(LIST, conditions)


def names(response: HttpResponse) -> list[str]:
    return [row.person.name for row in response.context["page"].items]


def counts(response: HttpResponse) -> dict[str, str]:
    return {tab.label: tab.count for tab in response.context["views"]}


@pytest.fixture
def people(cast: Cast) -> Cast:
    """Deputies of three congresses, one ended, one without phone."""
    make_mandate(cast.congresses["county"], 1, person=make_person(1, name="赫甲"))
    make_mandate(cast.congresses["neighbour"], 2, person=make_person(2, name="沅乙"))
    make_mandate(
        cast.congress, 3, person=make_person(3, name="止丙"), ended_on=dt.date(2024, 5, 1), end_reason="辞职被接受"
    )
    make_mandate(cast.congress, 4, person=make_person(4, name="缺丁", phone=""))
    return cast


def test_staff_see_their_subtree_and_those_elected_from_it(people: Cast) -> None:
    assert sorted(names(look(people))) == sorted(["李代表", "王附议", "张旁观", "赫甲", "沅乙", "缺丁"])
    assert sorted(names(look(people, "county_clerk"))) == sorted(["李代表", "王附议", "张旁观", "赫甲"])


def test_a_neighbour_county_sees_none_of_them(people: Cast) -> None:
    assert names(look(people, "stranger")) == ["沅乙"]
    assert counts(look(people, "stranger")) == {"全部在任": "1", "县级": "1", "未开通账号": "1", "已终止": "0"}


@pytest.mark.parametrize("code", ["\0", "4309\0", "x" * 300])
def test_a_place_that_is_no_code_counts_as_none(people: Cast, code: str) -> None:
    assert look(people, region=code).status_code == 200
    assert people.client("insider").get(reverse("congresses:list"), {"region": code}).status_code == 200


def test_conditions_do_not_widen_the_scope(people: Cast) -> None:
    city = str(people.congress.public_id)
    for conditions in (
        {"q": "赫甲"},
        {"region": "430903"},
        {"region": "430900"},
        {"congress": city},
        {"level": "city"},
        {"phone_tail": "0001"},
    ):
        assert "赫甲" not in names(look(people, "stranger", **conditions))
        assert "李代表" not in names(look(people, "stranger", **conditions))


def test_the_tabs_count_and_show_their_own(people: Cast) -> None:
    assert counts(look(people)) == {
        "全部在任": "6",
        "市级": "4",
        "县级": "2",
        "未填手机号": "1",
        "未开通账号": "3",
        "已终止": "1",
    }
    assert names(look(people, view="ended")) == ["止丙"]
    assert names(look(people, view="no_phone")) == ["缺丁"]
    assert sorted(names(look(people, view="level_county"))) == sorted(["赫甲", "沅乙"])
    assert names(look(people, view="nonsense")) == names(look(people))


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"q": "附议"}, ["王附议"]),
        ({"q": " yy-0701 "}, ["李代表"]),
        ({"phone_tail": "0003"}, ["张旁观"]),
        ({"level": "county"}, ["沅乙", "赫甲"]),
        ({"term": "18"}, ["沅乙"]),
        ({"region": "430903"}, ["张旁观", "李代表", "王附议", "赫甲"]),
        ({"unit": "赫山"}, ["张旁观", "李代表", "王附议"]),
        ({"profession": "rural"}, ["李代表"]),
        ({"q": "没有这个人"}, []),
    ],
)
def test_each_condition_narrows_the_list(people: Cast, conditions: dict[str, str], found: list[str]) -> None:
    assert sorted(names(look(people, **conditions))) == sorted(found)


def test_congress_and_tags_narrow_the_list(people: Cast) -> None:
    county = str(people.congresses["county"].public_id)
    assert names(look(people, congress=county)) == ["赫甲"]
    tag = Tag.objects.get(name="教育")
    expert = Tag.objects.get(name="法律")
    people.people["deputy"].tags.add(tag, expert)
    people.people["cosigner"].tags.add(tag)
    assert sorted(names(look(people, industry=tag.pk))) == sorted(["李代表", "王附议"])
    assert names(look(people, industry=tag.pk, expertise=expert.pk)) == ["李代表"]


@pytest.mark.parametrize(
    "conditions", [{"term": "x"}, {"region": "110000"}, {"congress": "x"}, {"phone_tail": "12345"}]
)
def test_a_condition_that_cannot_be_read_is_said_and_finds_nothing(people: Cast, conditions: dict[str, str]) -> None:
    response = look(people, **conditions)
    assert response.status_code == 200
    assert names(response) == []
    assert response.context["filter"].form.errors


def test_phones_are_masked(people: Cast) -> None:
    page = look(people).content.decode()
    assert "138****0001" in page
    assert "13873700001" not in page


def test_an_empty_list_says_why_and_offers_the_first_step(cast: Cast) -> None:
    Mandate.objects.all().delete()
    text = text_of(look(cast))
    assert "还没有登记代表" in text
    assert "导入名册" in text


def test_the_viewer_may_look_and_not_touch(people: Cast) -> None:
    text = text_of(look(people, "colleague"))
    assert "新增代表" not in text
    assert "导出当前列表" not in text


def test_pages_are_read_from_a_place_and_show_everybody_once(cast: Cast) -> None:
    Mandate.objects.all().delete()
    made = make_mandates(cast.congress, 7)
    filter_ = MandateFilter({}, queryset=roster(cast.actor("insider")), actor=cast.actor("insider"))
    seen: list[int] = []
    params: dict[str, str] = {}
    for _ in range(3):
        page = keyset_page(filter_.qs, params=params, path=LIST, order=("home_prefix", "id"), size=3)
        seen += [row.pk for row in page.items]
        params = {"after": page.next_url.partition("after=")[2]} if page.next_url else {}
    assert seen == [mandate.pk for mandate in made]


def test_the_tabs_stop_counting_at_a_thousand(cast: Cast) -> None:
    make_mandates(cast.congress, 4)
    lists = {"all": Mandate.objects.all(), "none": Mandate.objects.none()}
    assert capped_counts(lists, most=5) == {"all": 5, "none": 0}
    assert capped_counts({}) == {}
    assert (count_text(999), count_text(1000)) == ("999", "999+")


# session, user, postings, own mandates; region, its children, congresses and tags to choose from; counts of the tabs;
# the page; tags of its people; the menu's count of transfers; unread notices. No statement twice.
BUDGET = 13


@pytest.mark.parametrize("rows", [2, 20])
def test_the_price_of_the_list_does_not_grow(cast: Cast, rows: int) -> None:
    unit = ElectoralUnit.objects.create(congress=cast.congress, name="第1选区")
    tag = Tag.objects.get(name="教育")
    for number in range(1, rows + 1):
        mandate = make_mandate(cast.congress, number, unit=unit, profession_class=ProfessionClass.RURAL)
        mandate.person.tags.add(tag)
    statements = queries(cast.client("insider"), LIST)
    once(statements)
    assert len(statements) <= BUDGET, "\n".join(statements)
