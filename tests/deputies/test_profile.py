"""What a deputy lets everybody see: chosen on a phone, or by staff with the deputy's consent."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from deputies.models import ContactKind, PublicProfile
from deputies.services.profile import MAX_PHOTO_BYTES, ProfileFacts, profile_save
from liaison.exceptions import InvalidInput, NotAllowed, NotFound
from liaison.models import Attachment, AuditEntry
from tests.cast import Cast
from tests.deputies import open_stations as made
from tests.filemakers import PDF, jpeg, png
from tests.liaison.test_photographs import SECRET, phone_jpeg
from tests.suggestions.pages import errors, hidden, said, text_of

MINE = "/profiles/mine/"


def save(cast: Cast, who: str = "deputy", *, of: str = "deputy", photo: Any = None, **facts: Any) -> PublicProfile:
    remove = facts.pop("remove_photo", False)
    return profile_save(
        actor=cast.actor(who),
        person_id=cast.people[of].public_id,
        facts=ProfileFacts(**facts),
        photo=photo,
        remove_photo=remove,
    )


def test_a_deputy_chooses_on_the_page_and_sees_what_everybody_sees(cast: Cast) -> None:
    client = cast.client("deputy")
    shown = client.get(MINE)
    assert "群众现在还看不到" in text_of(shown)
    data = {**hidden(shown), "introduction": "关心水利。", "contact_kind": "email", "contact": "li@example.org"}
    sent = client.post(MINE, {**data, "photo": SimpleUploadedFile("我.jpg", phone_jpeg()), "hide_post": "on"})
    assert sent.status_code == 302
    profile = PublicProfile.objects.get()
    assert (profile.person, profile.contact, profile.hide_post) == (cast.people["deputy"], "li@example.org", True)
    assert profile.photo is not None
    assert SECRET not in profile.photo.file.read()
    profile.photo.file.close()
    made.place(made.make_station(cast), cast.mandates["deputy"])
    again = client.get(MINE)
    assert said(again) == "已保存公开信息。"
    assert reverse("open_deputies:detail", args=[cast.people["deputy"].public_id]) in again.content.decode()
    assert "公开中" in text_of(again)


def test_hiding_altogether_is_said_and_ends_the_page(cast: Cast) -> None:
    made.place(made.make_station(cast), cast.mandates["deputy"])
    client = cast.client("deputy")
    data = {**hidden(client.get(MINE)), "contact_kind": "none", "is_hidden": "on"}
    answer = client.post(MINE, data, follow=True)
    assert "公开页面和展板上都不再出现" in said(answer)
    assert "完全不公开" in text_of(answer)
    assert client.get(reverse("open_deputies:detail", args=[cast.people["deputy"].public_id])).status_code == 404


def test_staff_fill_it_in_only_with_the_deputy_s_consent(cast: Cast) -> None:
    client = cast.client("county_clerk")
    url = reverse("profiles:edit", args=[cast.people["deputy"].public_id])
    data = {**hidden(client.get(url)), "contact_kind": "phone", "contact": "0737-4220001"}
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert errors(refused) == {"agreed": ["请先征得本人同意，再勾选保存。"]}
    assert client.post(url, {**data, "agreed": "on"}).status_code == 302
    assert PublicProfile.objects.get().contact_kind == ContactKind.PHONE


def test_who_opened_the_form_before_somebody_else_saved_is_told(cast: Cast) -> None:
    client = cast.client("deputy")
    first = {**hidden(client.get(MINE)), "contact_kind": "none", "introduction": "甲"}
    save(cast, "county_clerk", introduction="乙")
    assert client.post(MINE, first).status_code == 409
    later = {**hidden(client.get(MINE)), "contact_kind": "none", "introduction": "丙"}
    assert client.post(MINE, later).status_code == 302
    assert client.post(MINE, later).status_code == 409
    assert PublicProfile.objects.get().introduction == "丙"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"contact_kind": "phone"}, "contact"),
        ({"contact_kind": "phone", "contact": "请打村部"}, "contact"),
        ({"contact_kind": "phone", "contact": "123"}, "contact"),
        ({"contact_kind": "email", "contact": "li@"}, "contact"),
        ({"contact_kind": "wechat", "contact": "li"}, "contact_kind"),
        ({"introduction": "电话13873700001。"}, "introduction"),
        ({"introduction": "身份证43090319680301123X"}, "introduction"),
        ({"introduction": "字" * 301}, "introduction"),
        ({"photo": SimpleUploadedFile("a.pdf", PDF)}, "photo"),
        ({"photo": SimpleUploadedFile("a.jpg", jpeg()[:-2])}, "photo"),
        ({"photo": SimpleUploadedFile("a.png", png() + bytes(MAX_PHOTO_BYTES))}, "photo"),
    ],
)
def test_what_cannot_be_shown_is_refused_at_its_field(cast: Cast, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        save(cast, **facts)
    assert set(refused.value.fields) == {field}
    assert not PublicProfile.objects.exists()
    assert not Attachment.objects.exists()


def test_a_contact_that_is_not_chosen_is_not_kept(cast: Cast) -> None:
    assert save(cast, contact_kind="none", contact="0737-4220001").contact == ""


def test_a_new_photograph_replaces_the_old_one_and_it_can_be_taken_off(cast: Cast) -> None:
    first = save(cast, photo=SimpleUploadedFile("一.png", png())).photo
    assert first is not None
    assert save(cast, photo=SimpleUploadedFile("一.png", png())).photo == first
    second = save(cast, photo=SimpleUploadedFile("二.jpg", jpeg())).photo
    first.refresh_from_db()
    assert first.removed_at is not None
    assert second is not None
    assert save(cast, introduction="只改简介").photo == second
    assert save(cast, remove_photo=True).photo is None
    assert save(cast, remove_photo=True).photo is None
    assert Attachment.objects.filter(removed_at=None).count() == 0


def test_both_a_new_photograph_and_taking_it_off_is_asked_again(cast: Cast) -> None:
    save(cast, photo=SimpleUploadedFile("一.png", png()))
    client = cast.client("deputy")
    data = {**hidden(client.get(MINE)), "contact_kind": "none", "remove_photo": "on"}
    sent = client.post(MINE, {**data, "photo": SimpleUploadedFile("二.jpg", jpeg())})
    assert errors(sent) == {"remove_photo": ["选了新照片，就不必勾选删除。"]}


def test_the_audit_tells_what_changed_but_not_the_words(cast: Cast) -> None:
    save(cast, contact_kind="phone", contact="0737-4220001", introduction="关心水利")
    save(cast, "county_clerk", hide_post=True, is_hidden=True, photo=SimpleUploadedFile("一.png", png()))
    first, second = AuditEntry.objects.filter(action="profile.edit").order_by("id")
    assert first.detail == {
        "introduction": "changed",
        "contact_kind": ["不公开联系方式", "电话"],
        "contact": "changed",
    }
    assert second.detail["is_hidden"] == second.detail["hide_post"] == ["否", "是"]
    assert second.detail["photo"] == second.detail["introduction"] == "changed"
    assert "4220001" not in str([first.detail, second.detail])


def test_only_the_deputy_and_staff_who_keep_stations_there_may(cast: Cast) -> None:
    for who, error in (
        ("other_deputy", NotFound),
        ("stranger", NotFound),
        ("unit", NotFound),
        ("auditor", NotFound),
        ("colleague", NotAllowed),
    ):
        with pytest.raises(error):
            save(cast, who, introduction="改")
    assert save(cast, "county_clerk", introduction="改").introduction == "改"
