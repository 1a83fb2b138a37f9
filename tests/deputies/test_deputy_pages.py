"""The pages of one deputy: what is shown to whom, forms, the phone, the account."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from deputies.deputy_registrations import hits, menu, todos
from deputies.models import Mandate, Person
from deputies.selectors.mandate import get_mandate_for, mandate_search, mandates_in_force
from deputies.selectors.person import get_own_person
from liaison.exceptions import NotFound
from liaison.models import AuditEntry
from tests.cast import Cast
from tests.deputies.factories import make_mandate, make_person, previewed, roster_row
from tests.deputies.pages import post
from tests.suggestions.budgets import once, queries
from tests.suggestions.pages import errors, said, text_of

pytestmark = pytest.mark.django_db


def url(cast: Cast, name: str, who: str = "deputy") -> str:
    return reverse(f"deputies:{name}", args=[cast.people[who].public_id])


def mandate_url(cast: Cast, name: str, who: str = "deputy") -> str:
    return reverse(f"deputies:{name}", args=[cast.mandates[who].public_id])


# ── looking ───────────────────────────────────────────────────────────────────────────────────────
def test_a_deputys_page_shows_the_mandates_the_actor_sees(cast: Cast) -> None:
    person = cast.people["deputy"]
    make_mandate(cast.congresses["neighbour"], 1, person=person)
    assert "沅江市第十八届" in text_of(cast.client("insider").get(url(cast, "detail")))
    county = text_of(cast.client("county_clerk").get(url(cast, "detail")))
    assert "益阳市第七届" in county
    assert "沅江市第十八届" not in county


def test_who_is_no_deputy_has_no_page_of_their_own(cast: Cast) -> None:
    with pytest.raises(NotFound):
        get_own_person(cast.actor("insider"))


def test_a_deputy_sees_their_own_page_with_their_own_number(cast: Cast) -> None:
    client = cast.client("deputy")
    assert client.get(reverse("deputies:mine"))["Location"] == url(cast, "detail")
    text = text_of(client.get(url(cast, "detail")))
    assert "13873700001" in text
    assert "变更记录" not in text
    assert client.get(url(cast, "detail", "cosigner")).status_code == 404


def test_the_number_is_masked_and_shown_by_a_press_that_is_audited(cast: Cast) -> None:
    client = cast.client("insider")
    page = client.get(url(cast, "detail")).content.decode()
    assert "138****0001" in page
    assert "13873700001" not in page
    shown = client.post(url(cast, "phone"))
    assert "13873700001" in text_of(shown)
    assert "no-store" in shown["Cache-Control"]
    part = client.post(url(cast, "phone"), headers={"HX-Request": "true"}).content.decode()
    assert "13873700001" in part
    assert "<html" not in part
    assert AuditEntry.objects.filter(action="person.unmask").count() == 2
    assert client.get(url(cast, "phone")).status_code == 405


def test_the_history_tells_who_changed_what_with_masked_phones(cast: Cast) -> None:
    client = cast.client("insider")
    data = {"post": "书记", "phone": "13711112222", "gender": "male", "birth_month": "1970-05"}
    post(client, url(cast, "edit"), data)
    post(client, mandate_url(cast, "mandate_edit"), {"electoral_unit": ""})
    cast.people["deputy"].refresh_from_db()
    cast.people["deputy"].save()  # a change of nothing that anybody reads
    text = text_of(client.get(url(cast, "detail")))
    assert "出生年月：（空） → 1970-05" in text
    assert "选举单位：赫山区代表团 → （空）" in text
    assert "职务：职员 → 书记" in text
    assert "手机号码：138****0001 → 137****2222" in text
    assert "性别：（空） → 男" in text
    assert "陈经办" in text


def test_the_history_tells_ends_and_accounts(cast: Cast) -> None:
    mandate = make_mandate(cast.congress, 9)
    client = cast.client("insider")
    client.post(reverse("deputies:account", args=[mandate.person.public_id]))
    end = reverse("deputies:mandate_end", args=[mandate.public_id])
    post(client, end, {"ended_on": timezone.localdate().isoformat(), "reason": "去世"})
    post(client, reverse("deputies:mandate_reinstate", args=[mandate.public_id]), {"reason": "选错了"})
    titles = [entry.title for entry in client.get(mandate.person.get_absolute_url()).context["timeline"]]
    # the database's clock stands still within the test's transaction: only the order within a table is certain
    assert [title for title in titles if "资格" not in title] == ["开通登录账号", "登记个人资料"]
    assert [title[:2] for title in titles if "资格" in title] == ["恢复", "终止", "登记"]


@pytest.mark.parametrize("mandates", [1, 3])
def test_the_price_of_the_page_does_not_grow(cast: Cast, mandates: int) -> None:
    person = cast.people["deputy"]
    for number, key in enumerate(["county", "neighbour"][: mandates - 1]):
        make_mandate(cast.congresses[key], number + 1, person=person)
    statements = queries(cast.client("insider"), url(cast, "detail"))
    once(statements)
    # session, user, postings, own mandates; person, tags, mandates, two histories; menu and notices
    assert len(statements) <= 12, "\n".join(statements)


# ── changing ──────────────────────────────────────────────────────────────────────────────────────
def test_a_person_is_changed_and_the_number_kept_when_left_blank(cast: Cast) -> None:
    response = post(
        cast.client("insider"),
        url(cast, "edit"),
        {"employer": "新单位", "birth_month": "1970年5月", "industries": "教育,养蜂"},
    )
    assert response["Location"] == url(cast, "detail")
    person = Person.objects.get(pk=cast.people["deputy"].pk)
    assert (person.employer, person.phone) == ("新单位", "13873700001")
    assert sorted(tag.name for tag in person.tags.all()) == ["养蜂", "教育"]
    assert "13873700001" not in cast.client("insider").get(url(cast, "edit")).content.decode()


def test_the_number_may_be_removed(cast: Cast) -> None:
    post(cast.client("insider"), url(cast, "edit"), {"remove_phone": "on"})
    assert Person.objects.get(pk=cast.people["deputy"].pk).phone == ""
    response = post(
        cast.client("insider"),
        url(cast, "edit", "cosigner"),
        {"remove_phone": "on", "phone": "13711112222"},
        status=422,
    )
    assert "remove_phone" in errors(response)


def test_what_is_wrong_is_said_by_the_field_and_what_was_typed_stays(cast: Cast) -> None:
    data = {"phone": "13873700002", "birth_month": "去年", "employer": "新单位"}
    response = post(cast.client("insider"), url(cast, "edit"), data, status=422)
    assert "birth_month" in errors(response)
    assert "新单位" in response.content.decode()
    response = post(cast.client("insider"), url(cast, "edit"), {"phone": "13873700002"}, status=422)
    assert errors(response)["phone"] == ["这个手机号码已登记在其他人名下。"]
    response = post(cast.client("insider"), url(cast, "edit"), {"phone": "12"}, status=422)
    assert "phone" in errors(response)


def test_a_stale_page_is_told(cast: Cast) -> None:
    response = post(cast.client("insider"), url(cast, "edit"), {"version": "1", "employer": "新单位"}, status=409)
    assert "已被他人修改" in errors(response)[""][0]
    assert "新单位" in response.content.decode()


def test_a_deputy_is_added_after_choosing_the_congress(cast: Cast) -> None:
    client, address = cast.client("insider"), reverse("deputies:add")
    assert "益阳市第七届人民代表大会" in text_of(client.get(address))
    address += f"?congress={cast.congress.public_id}"
    data = {"name": "赵新任", "certificate_number": "YY-0900", "profession_class": "rural", "phone": "137 1111 2222"}
    response = post(client, address, data)
    person = Person.objects.get(name="赵新任")
    assert response["Location"] == person.get_absolute_url()
    assert (person.phone, person.mandates.get().certificate_number) == ("13711112222", "YY-0900")
    response = post(client, address, data, status=422)
    assert errors(response) != {}
    assert Person.objects.filter(name="赵新任").count() == 1


def test_a_known_person_is_told_when_added_again(cast: Cast) -> None:
    make_person(1, name="赵新任", phone="13711112222")
    address = reverse("deputies:add") + f"?congress={cast.congress.public_id}"
    data = {"name": "赵新任", "certificate_number": "YY-0900", "profession_class": "rural", "phone": "13711112222"}
    client = cast.client("insider")
    response = client.get(post(client, address, data)["Location"])
    assert "同名同号" in said(response)


@pytest.mark.parametrize("asked", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_without_a_known_congress_one_is_asked_to_choose(cast: Cast, asked: str) -> None:
    text = text_of(cast.client("insider").get(reverse("deputies:add"), {"congress": asked}))
    assert "先选择哪一届" in text


def test_a_further_mandate_is_granted(cast: Cast) -> None:
    address = url(cast, "mandate_grant") + f"?congress={cast.congresses['county'].public_id}"
    post(cast.client("insider"), address, {"certificate_number": "HS-0001", "profession_class": "rural"})
    assert cast.people["deputy"].mandates.count() == 2
    response = post(
        cast.client("insider"), address, {"certificate_number": "HS-0002", "profession_class": "rural"}, status=422
    )
    assert "不必重复登记" in errors(response)[""][0]


def test_a_county_must_choose_a_unit_for_a_higher_congress(cast: Cast) -> None:
    mandate = make_mandate(cast.congresses["county"], 1)
    address = (
        reverse("deputies:mandate_grant", args=[mandate.person.public_id]) + f"?congress={cast.congress.public_id}"
    )
    data = {"certificate_number": "YY-0900", "profession_class": "rural"}
    response = post(cast.client("county_clerk"), address, data, status=422)
    assert "electoral_unit" in errors(response)


def test_a_mandate_is_corrected_ended_and_reinstated(cast: Cast) -> None:
    client, mandate = cast.client("insider"), cast.mandates["deputy"]
    post(client, mandate_url(cast, "mandate_edit"), {"profession_class": "cadre"})
    response = post(client, mandate_url(cast, "mandate_end"), {"reason": "other"}, status=422)
    assert {"ended_on", "other_reason"} <= errors(response).keys()
    today = timezone.localdate().isoformat()
    post(client, mandate_url(cast, "mandate_end"), {"ended_on": today, "reason": "other", "other_reason": "撤销选区"})
    mandate = Mandate.objects.get(pk=mandate.pk)
    assert (mandate.profession_class, mandate.end_reason) == ("cadre", "撤销选区")
    assert "已终止" in text_of(client.get(url(cast, "detail")))
    post(client, mandate_url(cast, "mandate_reinstate"), {"reason": "登记错了"})
    assert Mandate.objects.get(pk=mandate.pk).ended_on is None


def test_the_account_is_opened_once_and_its_password_shown_once(cast: Cast) -> None:
    mandate = make_mandate(cast.congress, 5)
    client, address = cast.client("insider"), reverse("deputies:account", args=[mandate.person.public_id])
    assert "开通" in text_of(client.get(address))
    response = client.post(address)
    assert response.context["opened"].password in text_of(response)
    assert "no-store" in response["Cache-Control"]
    again = client.post(address)
    assert again.status_code == 422
    assert "已有登录账号" in text_of(again)


# ── for others ────────────────────────────────────────────────────────────────────────────────────
def test_fellow_deputies_are_found_by_name_and_nothing_else_is_told(cast: Cast) -> None:
    actor = cast.actor("deputy")
    (found,) = mandate_search(actor, "附议", cast.congress)
    assert (found.name, found.electoral_unit, found.title) == ("王附议", "赫山区代表团", "王附议（赫山区代表团）")
    assert not {"phone", "certificate_number"} & set(found.__slots__)
    assert mandate_search(actor, "李", cast.congress) == []  # never oneself
    assert mandate_search(actor, " ", cast.congress) == []
    make_mandate(cast.congresses["county"], 1, person=make_person(1, name="王县级"))
    assert mandate_search(actor, "王县级", cast.congresses["county"]) == []  # not their congress


def test_staff_find_whom_they_see_and_others_nobody(cast: Cast) -> None:
    assert [found.name for found in mandate_search(cast.actor("insider"), "代表", cast.congress)] == ["李代表"]
    assert mandate_search(cast.actor("stranger"), "代表", cast.congress) == []
    assert mandate_search(cast.actor("unit"), "代表", cast.congress) == []


def test_the_doors_to_mandates(cast: Cast) -> None:
    mandate = cast.mandates["deputy"]
    assert get_mandate_for(cast.actor("insider"), mandate.public_id) == mandate
    assert set(mandates_in_force(cast.actor("deputy"))) == {mandate}
    with pytest.raises(NotFound):
        get_mandate_for(cast.actor("stranger"), mandate.public_id)


def test_the_search_box_finds_deputies_in_scope(cast: Cast) -> None:
    (hit,) = hits(cast.actor("insider"), "附议")
    assert (hit.title, hit.kind, hit.url) == ("王附议", "代表", url(cast, "detail", "cosigner"))
    assert "益阳市七届人大" in hit.excerpt
    assert [hit.title for hit in hits(cast.actor("insider"), "yy-0703")] == ["张旁观"]
    assert hits(cast.actor("stranger"), "附议") == []
    assert hits(cast.actor("deputy"), "附议") == []


def test_menu_and_todo_are_for_those_concerned(cast: Cast) -> None:
    assert [entry.label for entry in menu(cast.actor("insider"))] == ["代表名册", "届次与选举单位", "导入名册"]
    assert [entry.label for entry in menu(cast.actor("colleague"))] == ["代表名册", "届次与选举单位"]
    assert [entry.label for entry in menu(cast.actor("deputy"))] == ["我的代表信息"]
    assert list(menu(cast.actor("unit"))) == []
    assert list(todos(cast.actor("insider"))) == []
    previewed(cast, [roster_row(1)])
    assert [item.count for item in todos(cast.actor("insider"))] == [1]
    assert list(todos(cast.actor("county_clerk"))) == []
