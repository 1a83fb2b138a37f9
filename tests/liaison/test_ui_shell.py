"""The shell's context: lazy, the right entry active, the type size; the style guide and the error pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from liaison.actor import ANONYMOUS, Actor, staff_actor
from liaison.context_processors import TYPE_COOKIE, mark_active, shell
from liaison.permissions import OrganisationKind, Role
from liaison.registry import MenuEntry, registry


def entries(*urls: str) -> list[MenuEntry]:
    return [MenuEntry(label=url, url=url, icon="list") for url in urls]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "/"),
        ("/suggestions/", "/suggestions/"),
        ("/suggestions/desk/", "/suggestions/desk/"),
        ("/suggestions/desk/7/", "/suggestions/desk/"),
        ("/suggestions-old/", None),
        ("/inbox/", None),
    ],
)
def test_the_entry_whose_address_fits_longest_is_active(path: str, expected: str | None) -> None:
    marked = mark_active(entries("/", "/suggestions/", "/suggestions/desk/?view=new", "/suggestions/"), path)
    active = [entry.url.partition("?")[0] for entry in marked if entry.active]
    assert active == ([expected] if expected else [])


def request_of(actor: Actor | None = None, **cookies: str) -> HttpRequest:
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    if actor is not None:
        request.actor = actor  # type: ignore[attr-defined]
        request.actor_capacities = [actor]  # type: ignore[attr-defined]
    return request


def clerk() -> Actor:
    return staff_actor(
        posting_id=1,
        user_id=1,
        name="李敏",
        organisation_id=1,
        organisation_name="益阳市人大联工委",
        organisation_kind=OrganisationKind.CONGRESS,
        role=Role.HANDLER,
        region_prefix="4309",
    )


def test_a_request_that_was_refused_early_has_an_anonymous_shell() -> None:
    context = shell(request_of())
    assert context["actor"] == ANONYMOUS
    assert list(context["actor_capacities"]) == []
    assert context["unread_count"] == 0
    assert str(context["type_class"]) == ""


@pytest.mark.parametrize(
    ("chosen", "expected"), [("large", "type-125"), ("xlarge", "type-150"), ("normal", ""), ("huge", "")]
)
def test_before_sign_in_the_cookie_holds_the_type_size(chosen: str, expected: str) -> None:
    context = shell(request_of(**{TYPE_COOKIE: chosen}))
    assert context["type_class"] == expected
    assert context["type_class_by_cookie"] == expected


def test_after_sign_in_the_account_holds_the_type_size() -> None:
    class Account:
        is_authenticated = True
        type_scale = "large"

    request = request_of(clerk(), **{TYPE_COOKIE: "xlarge"})
    request.user = Account()  # type: ignore[assignment]
    assert shell(request)["type_class"] == "type-125"


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "413.html"])
def test_an_error_page_asks_neither_menu_nor_database(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*args: Any) -> Any:
        raise AssertionError("an error page must not ask")

    for asked in ("unread_count", "_actor", "_capacities", "_type_scale"):
        monkeypatch.setattr(f"liaison.context_processors.{asked}", forbidden)
    html = render_to_string(name, request=request_of(clerk(), **{TYPE_COOKIE: "large"}))
    assert "type-125" in html
    assert "<h1>" in html


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_the_pages_for_a_broken_portal_need_no_context(name: str) -> None:
    html = render_to_string(name)
    assert "<h1>" in html
    assert "人大代表联络履职平台" in html


def test_the_shell_names_the_person_and_shows_the_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    class Account:
        is_authenticated = True
        type_scale = "normal"

    monkeypatch.setattr("liaison.context_processors.unread_count", lambda actor: 120)
    monkeypatch.setattr(registry, "menus", [lambda actor: entries("/desk/")])
    monkeypatch.setattr(registry, "bottom_bars", [])
    request = request_of(clerk())
    request.user = Account()  # type: ignore[assignment]
    html = render_to_string("liaison/base.html", request=request)
    assert "李敏" in html
    assert "99+" in html
    assert 'href="#main"' in html
    assert 'name="csrfmiddlewaretoken"' in html
    assert 'href="/desk/"' in html
    assert "退出登录" in html
