"""The pages of stations and groups as staff and deputies use them, and what they cost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from deputies.models import CongressLevel, DeputyGroup, GroupMembership, OpeningHours, Placement, RotaDay, Station
from tests.cast import Cast
from tests.deputies.factories import make_mandate
from tests.deputies.open_stations import hours, make_station, place, rota
from tests.deputies.pages import post
from tests.suggestions.budgets import once, queries
from tests.suggestions.pages import errors, text_of

pytestmark = pytest.mark.django_db
LIST, NEW, BULK, MINE = (reverse(f"stations:{name}") for name in ("list", "new", "bulk", "mine"))


def test_a_station_from_nothing_to_the_public(cast: Cast) -> None:
    client = cast.client("county_clerk")
    assert "还没有联络站" in text_of(client.get(LIST))
    response = post(client, f"{NEW}?region=430903101", {"name": "八字哨镇代表联络站", "address": "镇政府院内"})
    station = Station.objects.get()
    assert response["Location"] == station.get_absolute_url()
    page = text_of(client.get(station.get_absolute_url()))
    assert "公开前最好补上：开放时间、编入的代表、地图位置、公开电话" in page
    post(
        client,
        reverse("stations:hours", args=[station.public_id]),
        {"am_3_from": "09:00", "am_3_until": "11:30", "pm_3_from": "14:30", "pm_3_until": "17:00"},
    )
    assert OpeningHours.objects.count() == 2
    wrong = {"am_1_from": "09:00"}
    answer = post(client, reverse("stations:hours", args=[station.public_id]), wrong, status=422)
    assert errors(answer) == {"am_1_until": ["周一上午的开始和结束要一起填写。"]}
    client.post(reverse("stations:publish", args=[station.public_id]), {"shown": "1"})
    edit = reverse("stations:edit", args=[station.public_id])
    post(client, edit, {"longitude": "112.379120", "latitude": "28.575980"})
    wrong = {"longitude": "28.575980", "latitude": "112.379120"}
    assert "经度应在73到136之间" in errors(post(client, edit, wrong, status=422))["longitude"][0]
    page = text_of(client.get(station.get_absolute_url()))
    assert "已公开" in page
    assert "东经112.379120" in page


def test_the_list_is_narrowed_by_place_kind_state_and_words(cast: Cast) -> None:
    town = make_station(cast)
    studio = make_station(cast, "王附议工作室", region="county", kind="studio", is_published=False)
    far = make_station(cast, "沅江的站", region="neighbour")
    place(town, cast.mandates["deputy"])
    client = cast.client("insider")
    for query, found in (
        ({}, [studio, town, far]),
        ({"region": "430903"}, [studio, town]),
        ({"kind": "studio"}, [studio]),
        ({"state": "unpublished"}, [studio]),
        ({"q": "李代"}, [town]),
        ({"q": "没有"}, []),
        ({"region": "430903", "state": "published"}, [town]),
    ):
        assert client.get(LIST, query).context["page"].items == found, query
    assert "没有符合条件" in text_of(client.get(LIST, {"state": "wrong"}))
    assert cast.client("stranger").get(LIST).context["page"].items == [far]


def test_a_series_is_previewed_and_then_saved(cast: Cast) -> None:
    station = make_station(cast)
    client, address = cast.client("county_clerk"), reverse("stations:rota_add", args=[station.public_id])
    assert "还没有可以接待的代表" in text_of(client.get(address))
    place(station, cast.mandates["deputy"])
    first = timezone.localdate() + dt.timedelta(days=7)
    data = {
        "on": first.isoformat(),
        "until": (first + dt.timedelta(days=14)).isoformat(),
        "starts_at": "09:00",
        "ends_at": "11:30",
        "mandates": [str(cast.mandates["deputy"].public_id)],
        "note": "",
    }
    preview = client.post(address, data)
    assert [day.on for day, _chosen in preview.context["plan"]] == [
        first + dt.timedelta(weeks=week) for week in range(3)
    ]
    assert not RotaDay.objects.exists()
    nothing = client.post(address, data | {"days_shown": "1"})
    assert (nothing.status_code, "没有选中任何一天" in text_of(nothing)) == (422, True)
    assert client.post(address, data | {"days_shown": "1", "back": "1"}).status_code == 200
    chosen = [first.isoformat(), "broken"]
    assert client.post(address, data | {"days_shown": "1", "days": chosen}).status_code == 302
    day = RotaDay.objects.get()
    assert "李代表" in text_of(client.get(station.get_absolute_url()))
    too_long = data | {"until": (first + dt.timedelta(weeks=60)).isoformat()}
    assert "最多排60天" in errors(client.post(address, too_long))["until"][0]
    post(client, reverse("stations:rota_cancel", args=[day.public_id]), {"reason": "大雪"})
    assert "还没有安排" in text_of(client.get(station.get_absolute_url()))


def test_a_deputy_is_looked_up_placed_moved_and_leaves(cast: Cast) -> None:
    station, other = make_station(cast), make_station(cast, "另一个站")
    client, mandate = cast.client("county_clerk"), cast.mandates["deputy"]
    address = reverse("stations:place", args=[station.public_id])
    assert "王附议" in text_of(client.get(address, {"q": "附议"}))
    for sent, status in ((mandate.public_id, 302), (mandate.public_id, 422), ("broken", 404)):
        assert client.post(address, {"mandate": str(sent)}).status_code == status
    assert "请在原站调整" in text_of(client.get(reverse("stations:place", args=[other.public_id]), {"q": "李代表"}))
    first = Placement.objects.get()
    post(client, reverse("stations:move", args=[first.public_id]), {"station": str(other.public_id)})
    second = Placement.objects.in_force().get()
    assert second.station == other
    post(client, reverse("stations:end", args=[second.public_id]), {"reason": "调离"})
    assert not Placement.objects.in_force().exists()


def test_the_bulk_page_proposes_is_corrected_by_hand_and_saved(cast: Cast) -> None:
    client = cast.client("county_clerk")
    assert "请先选择县（市、区）" in text_of(cast.client("insider").get(BULK))
    station, other = make_station(cast), make_station(cast, "另一个站")
    page = client.get(BULK)
    assert page.context["plan"].count == 3
    names = ("deputy", "cosigner", "other_deputy")
    ids = [str(cast.mandates[name].public_id) for name in names]
    sent = {
        f"place-{ids[0]}": str(other.public_id),
        f"place-{ids[1]}": str(station.public_id),
        f"place-{ids[2]}": "",
    }
    for _time in range(2):
        assert client.post(BULK, sent).status_code == 302
    assert {row.mandate: row.station for row in Placement.objects.all()} == {
        cast.mandates["deputy"]: other,
        cast.mandates["cosigner"]: station,
    }
    clash = client.post(BULK, {f"place-{ids[0]}": str(station.public_id), f"place-{ids[2]}": str(station.public_id)})
    assert (clash.status_code, "没有保存任何安排" in text_of(clash)) == (409, True)
    assert client.post(BULK, {"place-broken": str(station.public_id)}).status_code == 409
    assert Placement.objects.count() == 2


def test_closing_says_first_what_ends(cast: Cast) -> None:
    station = make_station(cast)
    place(station, cast.mandates["deputy"])
    rota(station, cast.mandates["deputy"])
    client, address = cast.client("county_clerk"), reverse("stations:close", args=[station.public_id])
    assert "1名代表离站，取消1个未到的接待日" in text_of(client.get(address))
    assert errors(post(client, address, {"reason": ""}, status=422)) == {"reason": ["请填写原因。"]}
    post(client, address, {"reason": "撤并"})
    page = text_of(client.get(station.get_absolute_url()))
    assert "已撤销" in page
    assert "排接待日" not in page
    for name in ("edit", "hours", "place", "rota_add", "close"):
        assert client.get(reverse(f"stations:{name}", args=[station.public_id])).status_code == 422


def test_a_deputy_sees_their_station_days_and_groups(cast: Cast) -> None:
    client = cast.client("deputy")
    assert "您还没有编入联络站" in text_of(client.get(MINE))
    station = make_station(cast)
    place(station, cast.mandates["deputy"])
    hours(station, 3)
    day = rota(station, cast.mandates["deputy"])
    rota(station, cast.mandates["cosigner"], days=5)
    page = text_of(client.get(MINE))
    for words in ("八字哨镇代表联络站", "周三09:00至11:30", f"{day.on.month}月{day.on.day}日"):
        assert words in page
    assert [one.pk for one in client.get(MINE).context["days"]] == [day.pk]
    page = text_of(client.get(station.get_absolute_url()))
    assert "王附议" in page  # who else receives people there
    assert "修改" not in page


def test_groups_are_kept_on_their_pages(cast: Cast) -> None:
    client = cast.client("county_clerk")
    new = {"kind": "professional", "name": "农业专业代表小组", "field_name": ""}
    address = reverse("groups:new")
    assert "专业领域" in errors(post(client, address, new, status=422))["field_name"][0]
    post(client, address, new | {"field_name": "农业"})
    group = DeputyGroup.objects.get()
    page = group.get_absolute_url()
    assert "李代表" in text_of(client.get(page, {"q": "李代表"}))
    join = reverse("groups:member", args=[group.public_id])
    for name, status in (("deputy", 302), ("deputy", 422), ("cosigner", 302)):
        assert client.post(join, {"mandate": str(cast.mandates[name].public_id)}).status_code == status
    member = GroupMembership.objects.get(mandate=cast.mandates["deputy"])
    post(client, reverse("groups:member_role", args=[group.public_id, member.public_id]), {"role": "leader"})
    assert client.get(reverse("groups:list"), {"q": "李代", "kind": "professional"}).context["page"].items == [group]
    other = GroupMembership.objects.get(mandate=cast.mandates["cosigner"])
    client.post(reverse("groups:member_remove", args=[group.public_id, other.public_id]))
    assert "成员（1名）" in text_of(cast.client("deputy").get(page))
    post(client, reverse("groups:edit", args=[group.public_id]), {"name": "农业组"})
    post(client, reverse("groups:dissolve", args=[group.public_id]), {"reason": "换届"})
    assert client.get(reverse("groups:list"), {"state": "dissolved"}).context["page"].items == [group]
    assert client.get(reverse("groups:edit", args=[group.public_id])).status_code == 422


@pytest.mark.parametrize("rows", [2, 20])
def test_the_price_of_the_pages_does_not_grow(cast: Cast, rows: int) -> None:
    stations = [make_station(cast, f"第{number}站") for number in range(rows)]
    for number in range(rows):
        level = "city" if number % 2 else "county"
        mandate = make_mandate(cast.congresses[level], number)
        place(stations[0], mandate)
        rota(stations[0], mandate, cast.mandates["deputy"], days=number + 1)
        make_mandate(cast.congresses["county"], 500 + number)
    place(stations[1], cast.mandates["deputy"])
    client = cast.client("county_clerk")
    # session, user, postings, mandates; menu and notices: 6. Then
    for who, url, most in (
        (client, LIST, 9),  # regions, below, the page
        (client, stations[0].get_absolute_url(), 12),  # station, levels, hours, days, duties
        (client, BULK, 12),  # regions, below, mandates, stations, placements
        (cast.client("deputy"), MINE, 13),  # placements, hours, days, duties, groups
    ):
        asked = queries(who, url)
        once(asked)
        assert len(asked) <= most, "\n".join(asked)
    assert CongressLevel.CITY in {row.mandate.congress.level for row in Placement.objects.all()}
