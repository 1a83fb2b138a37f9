"""Co-signing on its pages: asked by name, answered by the person, listed only then."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from suggestions.models import Cosigner, Suggestion
from suggestions.models.cosigner import CosignerStatus
from suggestions.services.cosign import cosigner_invite, cosigner_respond
from tests.suggestions import steps
from tests.suggestions.pages import errors, said, text_of

if TYPE_CHECKING:
    from tests.cast import Cast


def url(suggestion: Suggestion, page: str = "cosigners") -> str:
    return reverse(f"suggestions:{page}", args=[suggestion.public_id])


def invited(cast: Cast) -> Suggestion:
    draft = steps.draft(cast)
    cosigner_invite(
        actor=cast.actor("deputy"),
        public_id=draft.public_id,
        mandate_public_ids=[cast.mandates["cosigner"].public_id],
    )
    return draft


def test_the_draft_form_leads_to_the_co_signers_and_keeps_what_was_typed(cast: Cast) -> None:
    form = {"client_token": str(uuid.uuid4()), "title": "先写标题", "action": "cosigners"}
    response = cast.client("deputy").post(reverse("suggestions:new"), form)
    assert response.url == url(Suggestion.objects.get(title="先写标题"))


def test_searching_by_a_part_of_the_name_finds_fellow_deputies(cast: Cast) -> None:
    draft = steps.draft(cast)
    page = text_of(cast.client("deputy").get(url(draft), {"q": "附"}))
    assert "王附议" in page
    assert "张旁观" not in page


def test_the_search_offers_neither_the_lead_nor_who_was_asked(cast: Cast) -> None:
    draft = invited(cast)
    response = cast.client("deputy").get(url(draft), {"q": "益阳市某单位"})
    assert [one.person.name for one in response.context["found"]] == ["张旁观"]


def test_an_empty_search_offers_nobody(cast: Cast) -> None:
    assert cast.client("deputy").get(url(steps.draft(cast)), {"q": " "}).context["found"] == []


def test_a_name_not_found_is_said_and_escaped(cast: Cast) -> None:
    response = cast.client("deputy").get(url(steps.draft(cast)), {"q": "<b>查无此人</b>"})
    assert "没有找到" in text_of(response)
    assert "<b>查无" not in response.content.decode()


def test_htmx_gets_only_the_results(cast: Cast) -> None:
    draft = steps.draft(cast)
    response = cast.client("deputy").get(url(draft), {"q": "王"}, headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert "王附议" in response.content.decode()
    assert "HX-Request" in response["Vary"]


def test_asking_and_taking_back(cast: Cast) -> None:
    draft, client = steps.draft(cast), cast.client("deputy")
    response = client.post(url(draft), {"mandates": cast.mandates["cosigner"].public_id}, follow=True)
    assert "已邀请王附议" in said(response)
    assert "待确认" in text_of(response)

    person = cast.people["cosigner"].public_id
    back = client.post(reverse("suggestions:withdraw", args=[draft.public_id, person]), follow=True)
    assert "邀请已撤回" in said(back)
    assert not Cosigner.objects.exists()


@pytest.mark.parametrize("value", ["", "nonsense", "5f0c1a52-9d5e-4d27-8a14-3f1f0b7f9e01"])
def test_asking_nobody_or_an_unknown_one_is_told(cast: Cast, value: str) -> None:
    response = cast.client("deputy").post(url(steps.draft(cast)), {"mandates": value} if value else {})
    assert response.status_code == 422
    assert errors(response)


def test_a_deputy_of_another_congress_cannot_be_asked(cast: Cast) -> None:
    draft, mandate = steps.draft(cast), cast.mandates["cosigner"]
    mandate.congress = cast.congresses["county"]
    mandate.save()
    response = cast.client("deputy").post(url(draft), {"mandates": mandate.public_id})
    assert "同一届人大" in text_of(response)


def test_the_asked_deputy_reads_and_confirms(cast: Cast) -> None:
    draft, client = invited(cast), cast.client("cosigner")

    page = client.get(url(draft, "cosign"))
    assert draft.situation in text_of(page)
    response = client.post(url(draft, "cosign"), {"answer": "confirm"}, follow=True)

    assert "已附议" in said(response)
    assert Cosigner.objects.get().status == CosignerStatus.CONFIRMED


def test_the_asked_deputy_declines(cast: Cast) -> None:
    draft = invited(cast)
    response = cast.client("cosigner").post(url(draft, "cosign"), {"answer": "decline"}, follow=True)
    assert "不附议" in said(response)


@pytest.mark.parametrize("answer", ["", "perhaps"])
def test_an_unclear_answer_is_asked_again(cast: Cast, answer: str) -> None:
    response = cast.client("cosigner").post(url(invited(cast), "cosign"), {"answer": answer})
    assert response.status_code == 422
    assert "请选择是否附议" in text_of(response)


def test_answering_twice_is_told(cast: Cast) -> None:
    draft = invited(cast)
    cosigner_respond(actor=cast.actor("cosigner"), public_id=draft.public_id, confirm=True)
    response = cast.client("cosigner").post(url(draft, "cosign"), {"answer": "decline"})
    assert response.status_code == 409
    assert "已经答复过" in text_of(response)
    assert cast.client("cosigner").get(url(draft, "cosign")).status_code == 404


def test_who_was_not_asked_finds_nothing(cast: Cast) -> None:
    draft = invited(cast)
    assert cast.client("other_deputy").get(url(draft, "cosign")).status_code == 404
    assert cast.client("deputy").get(url(draft, "cosign")).status_code == 404
    assert cast.client("other_deputy").post(url(draft, "cosign"), {"answer": "confirm"}).status_code == 404


def test_after_registration_the_list_is_closed(cast: Cast) -> None:
    done = steps.registered(cast)
    response = cast.client("deputy").get(url(done))
    assert response.status_code == 409
    assert "附议名单不能再变动" in text_of(response)
    assert cast.client("cosigner").get(url(done)).status_code == 404
