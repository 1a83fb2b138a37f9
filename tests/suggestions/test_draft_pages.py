"""Writing a suggestion on its pages: nothing lost, nothing twice, every mistake named at its field."""

from __future__ import annotations

import html
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from deputies.models import Mandate, ProfessionClass
from liaison.selectors.attachment import attachments_of
from suggestions.models import Suggestion
from suggestions.services.cosign import cosigner_invite
from suggestions.services.draft import draft_save
from suggestions.services.sorting import suggestion_return
from suggestions.states import SuggestionStatus
from tests.suggestions import steps
from tests.suggestions.pages import errors, hidden, said, text_of

if TYPE_CHECKING:
    from tests.cast import Cast

NEW, AUTOSAVE, SUBMIT = reverse("suggestions:new"), reverse("suggestions:autosave"), reverse("suggestions:submit")


def typed(**changes: Any) -> dict[str, Any]:
    """What the browser sends of a form filled in by hand."""
    values = {"client_token": str(uuid.uuid4()), "version": "", **steps.texts(**changes)}
    return {name: "" if value is None else value for name, value in values.items()}


def edit_url(suggestion: Suggestion, page: str = "edit") -> str:
    return reverse(f"suggestions:{page}", args=[suggestion.public_id])


def test_asking_for_the_form_writes_nothing(cast: Cast) -> None:
    response = cast.client("deputy").get(NEW)

    assert response.status_code == 200
    assert uuid.UUID(hidden(response)["client_token"])
    assert not Suggestion.objects.exists()


def test_two_forms_have_two_tokens(cast: Cast) -> None:
    client = cast.client("deputy")
    assert hidden(client.get(NEW))["client_token"] != hidden(client.get(NEW))["client_token"]


def test_a_new_one_is_out_of_session_unless_the_deputy_says_otherwise(cast: Cast) -> None:
    assert cast.client("deputy").get(NEW).context["form"]["kind"].value() == "recess"


def test_the_deputys_own_phone_is_filled_in(cast: Cast) -> None:
    assert cast.client("deputy").get(NEW).context["form"]["contact_phone"].value() == cast.people["deputy"].phone


def test_an_unfinished_draft_is_kept(cast: Cast) -> None:
    form = {"client_token": str(uuid.uuid4()), "title": "只有标题", "action": "save"}
    response = cast.client("deputy").post(NEW, form, follow=True)

    draft = Suggestion.objects.get()
    assert draft.title == "只有标题"
    assert draft.status == SuggestionStatus.DRAFT
    assert response.redirect_chain[-1][0] == edit_url(draft)
    assert "草稿已保存" in said(response)


def test_the_same_empty_form_sent_twice_makes_one_draft(cast: Cast) -> None:
    form = typed(action="save")
    for _ in range(2):
        cast.client("deputy").post(NEW, form)
    assert Suggestion.objects.count() == 1


def test_checking_names_each_missing_field_and_keeps_what_was_typed(cast: Cast) -> None:
    form = {"client_token": str(uuid.uuid4()), "title": "资江油烟", "proposal": "请检查。", "action": "check"}
    response = cast.client("deputy").post(NEW, form)

    assert response.status_code == 422
    assert set(errors(response)) == {"situation", "category_id"}
    assert response.context["form"]["title"].value() == "资江油烟"
    assert "请写明事由" in text_of(response)
    draft = Suggestion.objects.get()
    assert (draft.title, draft.proposal) == ("资江油烟", "请检查。")
    assert hidden(response)["version"] == str(draft.version)


def test_a_title_that_is_too_long_is_named_and_kept(cast: Cast) -> None:
    response = cast.client("deputy").post(NEW, typed(title="长" * 61, action="save"))

    assert response.status_code == 422
    assert set(errors(response)) == {"title"}
    assert "长" * 61 in response.content.decode()


def test_a_long_text_with_line_breaks_is_counted_as_the_browser_counts_it(cast: Cast) -> None:
    text = "字\r\n" * 4000
    response = cast.client("deputy").post(NEW, typed(situation=text[:-2], action="check"))
    assert response.status_code == 302


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"contact_phone": "12345"}, "contact_phone"),
        ({"publish_consent": "none"}, "publish_reason"),
        ({"category_id": "999999"}, "category_id"),
        ({"category_id": "x"}, "category_id"),
        ({"wished_unit_id": "999999"}, "wished_unit_id"),
        ({"origin": "rumour"}, "origin"),
        ({"title": "有\x00字"}, "title"),
    ],
)
def test_a_wrong_value_is_named_at_its_field(cast: Cast, changes: dict[str, str], field: str) -> None:
    response = cast.client("deputy").post(NEW, typed(action="check", **changes))
    assert response.status_code == 422
    assert set(errors(response)) == {field}


def test_the_folded_part_opens_when_something_in_it_is_wrong(cast: Cast) -> None:
    response = cast.client("deputy").post(NEW, typed(contact_phone="12345", action="check"))
    assert response.context["form"].details_open


def test_a_wished_unit_of_another_region_cannot_be_chosen(cast: Cast) -> None:
    unit = cast.offices["unit"]
    unit.region = cast.regions["neighbour"]
    unit.save()
    response = cast.client("deputy").post(NEW, typed(wished_unit_id=unit.pk, action="save"))
    assert set(errors(response)) == {"wished_unit_id"}


# ── autosave ─────────────────────────────────────────────────────────────────────────────────────
def test_autosave_answers_with_time_and_version(cast: Cast) -> None:
    form = {"client_token": str(uuid.uuid4()), "title": "写到一半"}
    first = cast.client("deputy").post(AUTOSAVE, form).json()
    second = cast.client("deputy").post(AUTOSAVE, form | {"title": "写到一大半", "version": first["version"]}).json()

    draft = Suggestion.objects.get()
    assert draft.title == "写到一大半"
    assert second == {"saved_at": second["saved_at"], "version": draft.version, "url": edit_url(draft)}
    assert len(first["saved_at"]) == 5


def test_autosave_of_a_stale_page_is_told_and_overwrites_nothing(cast: Cast) -> None:
    draft = steps.draft(cast)
    form = typed(client_token=str(draft.client_token), title="另一台设备")
    response = cast.client("deputy").post(AUTOSAVE, form | {"version": draft.version + 5})

    assert response.status_code == 409
    assert "另一个页面或设备" in response.json()["message"]
    assert response.json()["url"] == edit_url(draft)
    draft.refresh_from_db()
    assert draft.title != "另一台设备"


def test_autosave_after_submitting_is_told(cast: Cast) -> None:
    done = steps.submitted(cast)
    response = cast.client("deputy").post(AUTOSAVE, typed(client_token=str(done.client_token)))
    assert response.status_code == 409
    assert response.json()["url"] == done.get_absolute_url()


def test_autosave_of_what_cannot_be_kept_says_why(cast: Cast) -> None:
    response = cast.client("deputy").post(AUTOSAVE, typed(title="长" * 61))
    assert response.status_code == 422
    assert "没有自动保存" in response.json()["message"]


def test_autosave_with_a_strangers_token_is_not_found(cast: Cast) -> None:
    draft = steps.draft(cast)
    response = cast.client("other_deputy").post(AUTOSAVE, typed(client_token=str(draft.client_token)))
    assert response.status_code == 404
    assert response.json()["url"] == reverse("suggestions:mine")


# ── stale pages ──────────────────────────────────────────────────────────────────────────────────
def test_a_stale_page_is_told_keeps_the_text_and_can_be_saved_knowingly(cast: Cast) -> None:
    draft = steps.draft(cast)
    client = cast.client("deputy")
    form = typed(client_token=str(draft.client_token), title="手机上新写的", version=1, action="save")
    client.post(edit_url(draft), form | {"title": "电脑上先改的"})

    told = client.post(edit_url(draft), form)

    assert told.status_code == 409
    assert "另一个页面或设备" in text_of(told)
    assert told.context["form"]["title"].value() == "手机上新写的"
    again = client.post(edit_url(draft), form | {"version": hidden(told)["version"]})
    assert again.status_code == 302
    draft.refresh_from_db()
    assert draft.title == "手机上新写的"


# ── files ────────────────────────────────────────────────────────────────────────────────────────
def test_files_are_kept_with_the_draft_and_can_be_taken_off(cast: Cast) -> None:
    client = cast.client("deputy")
    client.post(NEW, typed(action="save", documents=[steps.pdf("一.pdf"), steps.pdf("二.pdf")]))
    draft = Suggestion.objects.get()
    files = attachments_of(draft, "material")
    assert [file.name for file in files] == ["一.pdf"]  # the same content twice is one file

    form = typed(client_token=str(draft.client_token), title="又改了标题", action=f"remove:{files[0].public_id}")
    response = client.post(edit_url(draft), form, follow=True)

    assert attachments_of(draft, "material") == []
    assert response.context["form"]["title"].value() == "又改了标题"


def test_a_file_of_a_disguised_type_is_refused_by_name_and_the_text_stays(cast: Cast) -> None:
    trojan = SimpleUploadedFile("现场.jpg", b"MZ\x90\x00 not a picture", content_type="image/jpeg")
    response = cast.client("deputy").post(NEW, typed(action="check", photos=[trojan]))

    assert response.status_code == 422
    assert set(errors(response)) == {"photos"}
    assert "现场.jpg" in text_of(response)
    draft = Suggestion.objects.get()
    assert draft.title == steps.texts()["title"]
    assert attachments_of(draft) == []


def test_an_empty_file_is_refused(cast: Cast) -> None:
    empty = SimpleUploadedFile("空.pdf", b"", content_type="application/pdf")
    response = cast.client("deputy").post(NEW, typed(action="save", documents=[empty]))
    assert set(errors(response)) == {"documents"}


@pytest.mark.parametrize("action", ["remove:nonsense", "remove:5f0c1a52-9d5e-4d27-8a14-3f1f0b7f9e01"])
def test_taking_off_an_unknown_file_is_not_found(cast: Cast, action: str) -> None:
    draft = steps.draft(cast)
    form = typed(client_token=str(draft.client_token), action=action)
    assert cast.client("deputy").post(edit_url(draft), form).status_code == 404


# ── checking and submitting ──────────────────────────────────────────────────────────────────────
def test_the_whole_way_from_the_empty_form_to_the_confirmation(cast: Cast) -> None:
    client = cast.client("deputy")
    form = typed(action="check", wants_talk="on", publish_consent="title", publish_reason="涉及商户")
    checking = client.post(NEW, form, follow=True)

    assert "还没有提交" in text_of(checking)
    assert steps.texts()["situation"] in text_of(checking)
    done = client.post(SUBMIT, hidden(checking), follow=True)

    suggestion = Suggestion.objects.get()
    assert suggestion.status == SuggestionStatus.SUBMITTED
    assert (suggestion.wants_talk, suggestion.publish_reason) == (True, "涉及商户")
    assert done.redirect_chain == [(edit_url(suggestion, "submitted"), 302)]
    assert "接下来" in text_of(done)


def test_the_final_press_twice_makes_one_suggestion_and_says_so(cast: Cast) -> None:
    client = cast.client("deputy")
    sent = hidden(client.post(NEW, typed(action="check"), follow=True))
    client.post(SUBMIT, sent)
    second = client.post(SUBMIT, sent, follow=True)

    suggestion = Suggestion.objects.get()
    assert second.redirect_chain == [(edit_url(suggestion, "submitted"), 302)]
    assert "已经提交" in said(second)


def test_a_complete_form_may_be_submitted_in_one_go(cast: Cast) -> None:
    response = cast.client("deputy").post(SUBMIT, typed())
    suggestion = Suggestion.objects.get()
    assert response.url == edit_url(suggestion, "submitted")


def test_submitting_a_form_that_lacks_something_leads_back_to_it(cast: Cast) -> None:
    response = cast.client("deputy").post(SUBMIT, typed(proposal=" "))
    assert response.status_code == 422
    assert set(errors(response)) == {"proposal"}
    assert not Suggestion.objects.exists()


def test_submitting_with_a_strangers_token_is_not_found(cast: Cast) -> None:
    draft = steps.draft(cast)
    response = cast.client("other_deputy").post(SUBMIT, typed(client_token=str(draft.client_token)))
    assert response.status_code == 404


def test_checking_an_unfinished_draft_leads_back_to_what_is_missing(cast: Cast) -> None:
    draft = steps.draft(cast, proposal="")
    response = cast.client("deputy").get(edit_url(draft, "check"))
    assert set(errors(response)) == {"proposal"}


def test_several_matters_raise_a_warning_that_does_not_stop(cast: Cast) -> None:
    situation = "一、路灯不亮,夜间行走不便。\n二、自来水浑浊,老人反映强烈。"
    response = cast.client("deputy").post(
        NEW, typed(title="关于两个问题的建议", situation=situation, action="check"), follow=True
    )
    assert "一事一议" in text_of(response)
    assert cast.client("deputy").post(SUBMIT, hidden(response)).status_code == 302


def test_a_submitted_one_cannot_be_edited(cast: Cast) -> None:
    done = steps.submitted(cast)
    for page in ("edit", "check", "discard"):
        response = cast.client("deputy").get(edit_url(done, page))
        assert response.status_code == 409, page
        assert "已经提交" in text_of(response)


def test_the_confirmation_is_only_for_what_is_submitted(cast: Cast) -> None:
    draft = steps.draft(cast)
    assert cast.client("deputy").get(edit_url(draft, "submitted")).status_code == 404


# ── returned ─────────────────────────────────────────────────────────────────────────────────────
def test_a_returned_one_shows_the_reason_on_top_and_is_submitted_again(cast: Cast) -> None:
    done = steps.submitted(cast)
    suggestion_return(actor=cast.actor("insider"), public_id=done.public_id, version=None, reason="请附一张现场照片。")
    client = cast.client("deputy")

    page = client.get(edit_url(done))
    assert "退回理由 请附一张现场照片。" in text_of(page)
    form = typed(action="check", **{name: hidden(page)[name] for name in ("client_token", "version")})
    checking = client.post(edit_url(done), form, follow=True)
    client.post(SUBMIT, hidden(checking))

    done.refresh_from_db()
    assert done.status == SuggestionStatus.SUBMITTED


# ── deleting ─────────────────────────────────────────────────────────────────────────────────────
def test_a_draft_is_deleted_after_being_asked_once(cast: Cast) -> None:
    draft = steps.draft(cast)
    client = cast.client("deputy")

    assert str(draft) in text_of(client.get(edit_url(draft, "discard")))
    draft.refresh_from_db()
    assert draft.status == SuggestionStatus.DRAFT
    response = client.post(edit_url(draft, "discard"), follow=True)

    draft.refresh_from_db()
    assert draft.status == SuggestionStatus.DISCARDED
    assert "已删除" in said(response)
    assert client.get(edit_url(draft)).status_code == 404


# ── who may ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("page", ["edit", "check", "discard", "cosigners", "submitted"])
@pytest.mark.parametrize("who", ["other_deputy", "cosigner"])
def test_others_drafts_are_not_found(cast: Cast, page: str, who: str) -> None:
    draft = steps.draft(cast)
    assert cast.client(who).get(edit_url(draft, page)).status_code == 404


@pytest.mark.parametrize("who", ["insider", "unit", "prosecutor", "auditor", "nobody"])
def test_staff_do_not_write(cast: Cast, who: str) -> None:
    assert cast.client(who).get(NEW).status_code == 403
    assert cast.client(who).post(NEW, typed(action="save")).status_code == 403
    assert cast.client(who).post(SUBMIT, typed()).status_code == 403
    assert not Suggestion.objects.exists()


def test_emoji_and_script_are_shown_as_typed(cast: Cast) -> None:
    title = "修路😀<script>alert(1)</script>"
    response = cast.client("deputy").post(NEW, typed(title=title, situation=title, action="check"), follow=True)

    body = response.content.decode()
    assert "<script>alert" not in body
    assert title in html.unescape(body)


# ── a deputy of two congresses ───────────────────────────────────────────────────────────────────
@pytest.fixture
def county_mandate(cast: Cast) -> Mandate:
    """The deputy sits in the county's congress too."""
    return Mandate.objects.create(
        person=cast.people["deputy"],
        congress=cast.congresses["county"],
        certificate_number="HS-0601",
        profession_class=ProfessionClass.RURAL,
        home_prefix=cast.regions["county"].prefix,
        started_on=cast.mandates["deputy"].started_on,
    )


def test_a_draft_may_still_go_to_the_other_congress(cast: Cast, county_mandate: Mandate) -> None:
    draft = steps.draft(cast)
    assert draft.congress == cast.congresses["county"]
    page = cast.client("deputy").get(edit_url(draft))
    assert page.context["form"]["lead_id"].value() == county_mandate.pk

    form = typed(client_token=str(draft.client_token), version=draft.version, lead_id=cast.mandates["deputy"].pk)
    response = cast.client("deputy").post(edit_url(draft), form | {"action": "check"}, follow=True)

    draft.refresh_from_db()
    assert (draft.lead, draft.congress) == (cast.mandates["deputy"], cast.congress)
    assert (draft.office, draft.region_prefix) == (cast.offices["city_office"], cast.regions["city"].prefix)
    assert "益阳市第七届人民代表大会代表" in text_of(response)


def test_a_session_of_the_congress_left_behind_is_not_kept(cast: Cast, county_mandate: Mandate) -> None:
    values = steps.texts(lead_id=cast.mandates["deputy"].pk, session_id=cast.session.pk)
    token = uuid.uuid4()
    draft_save(actor=cast.actor("deputy"), client_token=token, values=values, version=None)
    moved = draft_save(
        actor=cast.actor("deputy"), client_token=token, values={"lead_id": county_mandate.pk}, version=None
    )
    assert (moved.congress, moved.session_id) == (cast.congresses["county"], None)


def test_once_somebody_is_asked_the_congress_stays(cast: Cast, county_mandate: Mandate) -> None:
    draft = steps.draft(cast, lead_id=cast.mandates["deputy"].pk)
    cosigner_invite(
        actor=cast.actor("deputy"),
        public_id=draft.public_id,
        mandate_public_ids=[cast.mandates["cosigner"].public_id],
    )
    client = cast.client("deputy")
    assert "lead_id" not in client.get(edit_url(draft)).context["form"].fields
    check = text_of(client.get(edit_url(draft, "check")))
    assert "王附议（待确认）" in check
    form = typed(client_token=str(draft.client_token), lead_id=county_mandate.pk)
    answer = client.post(AUTOSAVE, form)
    assert answer.status_code == 400
    assert "不能改换代表身份" in answer.json()["message"]
    draft.refresh_from_db()
    assert draft.lead == cast.mandates["deputy"]
