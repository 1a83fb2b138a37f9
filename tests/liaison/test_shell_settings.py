"""What a person sets from the shell: the capacity they act in, the size of the type."""

from __future__ import annotations

import pytest
from django.test import Client

from deputies.models import Person
from liaison.models import AuditEntry, Posting, User
from liaison.permissions import Role
from tests.cast import Cast

SWITCH, TYPE = "/actor/switch/", "/preferences/type/"


@pytest.fixture
def two_capacities(cast: Cast) -> Cast:
    """The clerk is an approver of the county too."""
    Posting.objects.create(user=cast.user("insider"), organisation=cast.offices["county_office"], role=Role.APPROVER)
    return cast


def acting_as(browser: Client) -> str:
    return str(browser.get("/accounts/sessions/").wsgi_request.actor.label)


def test_the_first_posting_acts_until_another_is_chosen(two_capacities: Cast) -> None:
    browser = two_capacities.client("insider")
    assert acting_as(browser) == "益阳市人大常委会联工委 · 经办"
    other = browser.get("/accounts/sessions/").wsgi_request.actor_capacities[1]
    assert browser.post(SWITCH, {"capacity": other.key})["Location"] == "/"
    assert acting_as(browser) == "赫山区人大常委会联工委 · 审核"
    entry = AuditEntry.objects.get(action="account.switch")
    assert entry.detail == {"old": "益阳市人大常委会联工委 · 经办", "new": "赫山区人大常委会联工委 · 审核"}


def test_a_posting_that_ended_falls_back_to_the_first(two_capacities: Cast) -> None:
    browser = two_capacities.client("insider")
    posting = Posting.objects.get(user=two_capacities.user("insider"), role=Role.APPROVER)
    browser.post(SWITCH, {"capacity": f"posting:{posting.pk}"})
    Posting.objects.filter(pk=posting.pk).update(ended_at="2099-01-01T00:00:00Z")
    assert acting_as(browser) == "益阳市人大常委会联工委 · 经办"


@pytest.mark.parametrize("whose", ["approver", "deputy"])
def test_somebody_elses_capacity_is_not_found(cast: Cast, whose: str) -> None:
    browser = cast.client("insider")
    posting = Posting.objects.filter(user=cast.user(whose)).first()
    key = f"posting:{posting.pk}" if posting else f"deputy:{Person.objects.get(user=cast.user(whose)).pk}"
    assert browser.post(SWITCH, {"capacity": key}).status_code == 404
    assert acting_as(browser) == "益阳市人大常委会联工委 · 经办"


def test_a_deputy_with_a_posting_may_be_either(cast: Cast) -> None:
    Posting.objects.create(user=cast.user("deputy"), organisation=cast.offices["unit"], role=Role.VIEWER)
    browser = cast.client("deputy")
    labels = [actor.label for actor in browser.get("/accounts/sessions/").wsgi_request.actor_capacities]
    assert labels == ["益阳市生态环境局 · 查看", "益阳市七届人大代表"]


def test_signing_in_begins_with_the_first_capacity(two_capacities: Cast) -> None:
    browser = two_capacities.client("insider")
    other = browser.get("/accounts/sessions/").wsgi_request.actor_capacities[1]
    browser.post(SWITCH, {"capacity": other.key})
    browser.post("/accounts/logout/")
    browser.force_login(two_capacities.user("insider"))
    assert acting_as(browser) == "益阳市人大常委会联工委 · 经办"


@pytest.mark.parametrize(("scale", "html_class"), [("large", "type-125"), ("xlarge", "type-150")])
def test_the_type_size_is_kept_with_the_account(cast: Cast, scale: str, html_class: str) -> None:
    browser = cast.client("deputy")
    response = browser.post(TYPE, {"type_scale": scale, "next": "/accounts/sessions/?x=1"})
    assert response["Location"] == "/accounts/sessions/?x=1"
    assert User.objects.get(username="deputy").type_scale == scale
    assert html_class in browser.get("/accounts/sessions/").content.decode().split("<head>")[0]


def test_before_signing_in_a_cookie_keeps_it(cast: Cast) -> None:
    browser = Client()
    response = browser.post(TYPE, {"type_scale": "large", "next": "/accounts/login/"})
    assert response.cookies["liaison_type"].value == "large"
    assert "type-125" in browser.get("/accounts/login/").content.decode().split("<head>")[0]


def test_an_unknown_size_is_refused(cast: Cast) -> None:
    assert cast.client("deputy").post(TYPE, {"type_scale": "huge"}).status_code == 400
    assert User.objects.get(username="deputy").type_scale == "normal"


def test_a_foreign_address_is_no_page_to_come_back_to(cast: Cast) -> None:
    response = cast.client("deputy").post(TYPE, {"type_scale": "large", "next": "//evil.example/"})
    assert response["Location"] == "/"
