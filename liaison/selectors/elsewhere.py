"""When a page is closed to somebody: whether another capacity of the same account may open it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from liaison.models.base import PublicModel
from liaison.registry import registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.urls import ResolverMatch

    from liaison.actor import Actor


def capacity_for(address: str, *, actor: Actor, capacities: Iterable[Actor]) -> Actor | None:
    """The first of the account's other capacities that may open the page; None when this one may as well.

    Args:
        address: path of one of our pages, with or without query.
        actor: the present capacity.
        capacities: all of the account's.
    """
    others = [other for other in capacities if other.key != actor.key]
    path = urlsplit(address).path
    try:
        match = resolve(path)
    except Resolver404:
        return None
    if not others or _open_to(actor, match, path):
        return None
    return next((other for other in others if _open_to(other, match, path)), None)


def _open_to(actor: Actor, match: ResolverMatch, path: str) -> bool:
    """Whether the capacity holds a permission that the page asks for, and sees the record that it is about."""
    access = getattr(match.func, "access", ())
    if not isinstance(access, str) and not any(actor.can(permission) for permission in access):
        return False
    public_id = match.kwargs.get("public_id")
    if public_id is None:
        return True
    for subject in registry.subjects.values():
        rows = subject.visible(actor)
        if issubclass(rows.model, PublicModel) and (found := rows.filter(public_id=public_id).first()) is not None:
            return path.startswith(subject.url(found))
    return False
