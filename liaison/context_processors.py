"""What the shell of every page needs, worked out only when a template asks for it.

Each value is lazy, so a page without the shell (sign-in, public, error) makes no query here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from liaison.actor import ANONYMOUS, Actor
from liaison.registry import MenuEntry, registry
from liaison.selectors.shell import unread_count

if TYPE_CHECKING:
    from collections.abc import Callable

TYPE_COOKIE = "liaison_type"
#: ``User.type_scale`` → class on ``<html>`` (适老化大字版).
TYPE_CLASSES = {"normal": "", "large": "type-125", "xlarge": "type-150"}


@dataclass(frozen=True, slots=True)
class ShellEntry:
    """A menu entry as drawn: with the mark of the page one is on."""

    label: str
    url: str
    icon: str
    group: str
    count: int | None
    light: str | None
    active: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """Menu, bottom bar, unread count, actor and their capacities, type size, demo mode."""
    unread = cache(lambda: unread_count(_actor(request)))
    return {
        "actor": SimpleLazyObject(lambda: _actor(request)),
        "actor_capacities": SimpleLazyObject(lambda: _capacities(request)),
        "menu": SimpleLazyObject(lambda: mark_active(registry.menu_entries(_actor(request)), request.path)),
        "bottom_bar": SimpleLazyObject(lambda: mark_active(_bottom_bar(request, unread), request.path)),
        "unread_count": SimpleLazyObject(unread),
        "type_scale": SimpleLazyObject(lambda: _type_scale(request)),
        "type_class": SimpleLazyObject(lambda: TYPE_CLASSES[_type_scale(request)]),
        "type_class_by_cookie": TYPE_CLASSES.get(request.COOKIES.get(TYPE_COOKIE, ""), ""),
        "demo_mode": settings.DEMO_MODE,
        "site_name": settings.SITE_NAME,
    }


def mark_active(entries: list[MenuEntry], path: str) -> list[ShellEntry]:
    """The entries, of which the one whose address is the longest start of ``path`` is active."""
    paths = [urlsplit(entry.url).path for entry in entries]
    fitting = [p for p in paths if p == path or (p != "/" and path.startswith(p if p.endswith("/") else f"{p}/"))]
    best = max(fitting, key=len, default=None)
    first = paths.index(best) if best is not None else -1
    return [
        ShellEntry(
            label=entry.label,
            url=entry.url,
            icon=entry.icon,
            group=entry.group,
            count=entry.count,
            light=entry.light,
            active=position == first,
        )
        for position, entry in enumerate(entries)
    ]


def _bottom_bar(request: HttpRequest, unread: Callable[[], int]) -> list[MenuEntry]:
    """The deputies' bottom bar; its entry of the inbox stands for the bell and counts what is unread."""
    inbox = reverse("inbox")
    entries = registry.bottom_bar_entries(_actor(request))
    return [replace(entry, count=unread()) if entry.url == inbox else entry for entry in entries]


def _actor(request: HttpRequest) -> Actor:
    # The middleware has not run when a request is refused very early (a wrong host name).
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    return actor


def _capacities(request: HttpRequest) -> list[Actor]:
    known: list[Actor] = getattr(request, "actor_capacities", [])
    return known


def _type_scale(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        chosen = str(user.type_scale)
    else:
        chosen = request.COOKIES.get(TYPE_COOKIE, "")
    return chosen if chosen in TYPE_CLASSES else "normal"
