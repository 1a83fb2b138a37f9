"""The pages of congresses: place by place, forms, what a higher congress shows."""

from __future__ import annotations

import pytest
from django.urls import reverse

from deputies.models import Congress, CongressSettings, ElectoralUnit, Session
from tests.cast import Cast
from tests.deputies.factories import make_mandate
from tests.deputies.pages import post
from tests.suggestions.budgets import once, queries
from tests.suggestions.pages import errors, text_of

pytestmark = pytest.mark.django_db
LIST, ADD = reverse("congresses:list"), reverse("congresses:add")


def url(cast: Cast, name: str, *args: int) -> str:
    return reverse(f"congresses:{name}", args=[cast.congress.public_id, *args])


def test_the_list_goes_from_place_to_place(cast: Cast) -> None:
    text = text_of(cast.client("insider").get(LIST))
    assert "益阳市第七届人民代表大会" in text
    assert "赫山区第六届人民代表大会" in text
    page = cast.client("insider").get(LIST, {"region": "430903"})
    assert [row.short_name for row in page.context["page"].items] == ["益阳市七届人大", "赫山区六届人大"]
    empty = text_of(cast.client("insider").get(LIST, {"region": "430903001"}))
    assert "益阳市第七届" in empty  # higher congresses stand at every place
    assert [region.name for region in page.context["way"]] == ["益阳市", "赫山区"]


def test_out_of_the_subtree_one_stands_at_home(cast: Cast) -> None:
    page = cast.client("stranger").get(LIST, {"region": "430903"})
    assert page.context["here"] == cast.regions["neighbour"]
    assert [row.short_name for row in page.context["page"].items] == ["益阳市七届人大", "沅江市十八届人大"]


@pytest.mark.parametrize("congresses", [2, 20])
def test_the_price_of_the_list_does_not_grow(cast: Cast, congresses: int) -> None:
    for term in range(20, 20 + congresses):
        congress = Congress.objects.create(
            region=cast.regions["city"],
            level="city",
            term=term,
            name=f"第{term}届",
            short_name=f"{term}届",
            starts_on=cast.congress.starts_on,
        )
        make_mandate(congress, term)
    statements = queries(cast.client("insider"), LIST)
    once(statements)
    # session, user, postings, own mandates; region, its children; the page; menu and notices
    assert len(statements) <= 9, "\n".join(statements)


def test_a_congress_is_registered_step_by_step(cast: Cast) -> None:
    client = cast.client("insider")
    assert "先选择哪个地方" in text_of(client.get(ADD))
    address = f"{ADD}?region=430903101"
    response = post(client, address, {"term": "20", "starts_on": "2021-11-01"})
    congress = Congress.objects.get(region=cast.regions["town"])
    assert response["Location"] == congress.get_absolute_url()
    assert congress.name == "八字哨镇第二十届人民代表大会"
    response = post(client, address, {"term": "20", "starts_on": "2021-11-01"}, status=422)
    assert errors(response) == {"term": ["这一届已经登记过。"]}


def test_a_subdistrict_is_refused_with_the_law(cast: Cast) -> None:
    address = f"{ADD}?region=430903001"
    text = text_of(cast.client("insider").get(address))
    assert "赫山街道不设人民代表大会：按照地方组织法" in text
    response = cast.client("insider").post(address, {"term": "1", "starts_on": "2021-11-01"})
    assert response.status_code == 422
    assert "地方组织法" in text_of(response)
    assert not Congress.objects.filter(region=cast.regions["subdistrict"]).exists()


def test_the_page_of_a_congress_shows_all_and_offers_what_one_may(cast: Cast) -> None:
    text = text_of(cast.client("insider").get(url(cast, "detail")))
    for part in ("第1次会议", "赫山区代表团", "答复时限（月）", "益阳市人大常委会联工委", "修改届次", "导入名册"):
        assert part in text
    county = text_of(cast.client("county_clerk").get(url(cast, "detail")))
    assert "第1次会议" in county
    assert "修改届次" not in county
    assert "登记会议" not in county


@pytest.mark.parametrize("units", [2, 20])
def test_the_price_of_the_page_does_not_grow(cast: Cast, units: int) -> None:
    for number in range(units):
        unit = ElectoralUnit.objects.create(congress=cast.congress, name=f"{number}", region=cast.regions["county"])
        make_mandate(cast.congress, number + 1, unit=unit)
    statements = queries(cast.client("insider"), url(cast, "detail"))
    once(statements)
    # session, user, postings, own mandates; congress, sessions, units; menu and notices
    assert len(statements) <= 9, "\n".join(statements)


def test_a_congress_its_rules_sessions_and_units_are_edited(cast: Cast) -> None:
    client = cast.client("insider")
    post(client, url(cast, "edit"), {"deputy_places": "420"})
    post(client, url(cast, "settings"), {"answer_months": "2"})
    post(client, url(cast, "session_add"), {"starts_on": "2023-01-05", "ends_on": "2023-01-08"})
    unit = cast.congress.electoral_units.get()
    post(client, url(cast, "unit_edit", unit.pk), {"name": "赫山团", "region": "430903"})
    post(client, url(cast, "unit_add"), {"name": "驻军", "region": ""})
    assert Congress.objects.get(pk=cast.congress.pk).deputy_places == 420
    assert CongressSettings.objects.get(congress=cast.congress).answer_months == 2
    session = Session.objects.get(congress=cast.congress, number=2)
    post(client, url(cast, "session_edit", session.pk), {"ends_on": "2023-01-09"})
    assert {one.name for one in cast.congress.electoral_units.all()} == {"赫山团", "驻军"}
    spare = cast.congress.electoral_units.get(name="驻军")
    assert "驻军" in text_of(client.get(url(cast, "unit_remove", spare.pk)))
    assert client.post(url(cast, "unit_remove", spare.pk)).status_code == 302
    refused = client.post(url(cast, "unit_remove", unit.pk))
    assert (refused.status_code, "不能删除" in text_of(refused)) == (422, True)


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("edit", {"name": ""}, "name"),
        ("settings", {"answer_months": "9"}, "answer_months"),
        ("session_add", {"starts_on": "2023-01-05", "ends_on": "2023-01-01"}, "ends_on"),
        ("unit_add", {"name": "赫山区代表团"}, "name"),
        ("unit_add", {"name": "外省", "region": "110000"}, "region"),
    ],
)
def test_what_is_wrong_is_said_by_the_field(cast: Cast, name: str, data: dict[str, str], field: str) -> None:
    response = post(cast.client("insider"), url(cast, name), data, status=422)
    assert field in errors(response)


def test_a_stale_page_is_told(cast: Cast) -> None:
    response = post(cast.client("insider"), url(cast, "edit"), {"version": "1"}, status=409)
    assert "已被他人修改" in errors(response)[""][0]


@pytest.mark.parametrize("name", ["session_edit", "unit_edit", "unit_remove"])
def test_unknown_parts_are_not_found(cast: Cast, name: str) -> None:
    assert cast.client("insider").get(url(cast, name, 0)).status_code == 404
