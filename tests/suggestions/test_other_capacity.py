"""A page that only another capacity of the same account may open: the switch is offered, and leads there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from liaison.models import AuditEntry, Notice, Posting
from liaison.models.notice import NoticeKind
from liaison.permissions import Role
from tests.suggestions import steps

if TYPE_CHECKING:
    from django.test import Client

    from suggestions.models import Suggestion
    from tests.cast import Cast

OFFER = "请切换身份查看"


@pytest.fixture
def suggestion(cast: Cast) -> Suggestion:
    return steps.registered(cast)


@pytest.fixture
def two_hats(cast: Cast) -> Client:
    """The neighbour county's clerk, who is the city's too."""
    Posting.objects.create(user=cast.user("stranger"), organisation=cast.offices["city_office"], role=Role.HANDLER)
    return cast.client("stranger")


def test_a_notice_leads_to_the_offer_and_the_switch_to_the_page(
    cast: Cast, two_hats: Client, suggestion: Suggestion
) -> None:
    address = suggestion.get_absolute_url()
    notice = Notice.objects.create(
        recipient=cast.user("stranger"), kind=NoticeKind.PROGRESS, title="建议已登记", url=address
    )
    offer = two_hats.post(f"/inbox/{notice.public_id}/open/", follow=True)
    assert offer.status_code == 404
    words = offer.content.decode()
    assert OFFER in words
    assert "请切换到“益阳市人大常委会联工委 · 经办”身份查看" in words
    assert suggestion.title not in words
    form = {"capacity": offer.context["other"].key, "next": offer.context["address"]}
    page = two_hats.post("/actor/switch/", form, follow=True)
    assert page.redirect_chain == [(address, 302)]
    assert suggestion.title in page.content.decode()


def test_a_page_for_another_role_is_offered_and_the_refusal_stays_on_record(cast: Cast, suggestion: Suggestion) -> None:
    Posting.objects.create(user=cast.user("insider"), organisation=cast.offices["city_office"], role=Role.AUDITOR)
    offer = cast.client("insider").get("/audit/?q=1")
    assert (offer.status_code, offer.context["address"]) == (403, "/audit/?q=1")
    assert OFFER in offer.content.decode()
    assert AuditEntry.objects.filter(action="access.deny").exists()


def test_without_a_capacity_that_may_there_is_no_offer(cast: Cast, two_hats: Client, suggestion: Suggestion) -> None:
    Posting.objects.filter(user=cast.user("stranger"), organisation=cast.offices["city_office"]).update(
        organisation=cast.offices["other_unit"]
    )
    for address in (suggestion.get_absolute_url(), "/nowhere/", reverse("suggestions:mine")):
        response = two_hats.get(address)
        assert response.status_code in {403, 404}
        assert OFFER not in response.content.decode()


def test_one_capacity_is_offered_nothing(cast: Cast, suggestion: Suggestion) -> None:
    response = cast.client("stranger").get(suggestion.get_absolute_url())
    assert response.status_code == 404
    assert OFFER not in response.content.decode()


def test_an_act_and_a_fragment_are_refused_as_before(two_hats: Client, suggestion: Suggestion) -> None:
    posted = two_hats.post(reverse("suggestions:register", args=[suggestion.public_id]))
    fragment = two_hats.get(suggestion.get_absolute_url(), headers={"HX-Request": "true"})
    for response in (posted, fragment):
        assert response.status_code == 404
        assert OFFER not in response.content.decode()
