"""The first page: what waits for the actor, by when, and what is new."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from liaison.faces import ActorRequest, signed_in
from liaison.lights import urgency
from liaison.registry import registry
from liaison.selectors.dashboard import clocks_of
from liaison.selectors.inbox import latest_notices

if TYPE_CHECKING:
    from django.http import HttpResponse

    from liaison.actor import Actor
    from liaison.registry import MenuEntry

#: Places of the deputies' bottom bar that need no large button on this very page.
_HERE = frozenset({"/", "/inbox/"})


@require_safe
@signed_in
def dashboard(request: ActorRequest) -> HttpResponse:
    """我的待办: for deputies a phone page with large buttons, for staff a desk."""
    actor = request.actor
    items = registry.todo_items(actor)
    context = {
        "waiting": sorted((item for item in items if item.count), key=lambda item: urgency(item.light)),
        "nothing_waits": [item for item in items if not item.count],
        "clocks": clocks_of(actor),
        "notices": latest_notices(actor, count=3 if actor.is_deputy else 5),
        "today": timezone.localdate(),
        "buttons": _buttons(actor),
        "has_capacity": bool(request.actor_capacities),
    }
    template = "liaison/dashboard_deputy.html" if actor.is_deputy else "liaison/dashboard.html"
    return render(request, template, context)


def _buttons(actor: Actor) -> list[MenuEntry]:
    """The deputies' bottom bar once more, large, and called as the menu calls it (我的建议 for 我的)."""
    bar = [entry for entry in registry.bottom_bar_entries(actor) if entry.url not in _HERE]
    names = {entry.url: entry.label for entry in registry.menu_entries(actor)} if bar else {}
    return [replace(entry, label=names.get(entry.url, entry.label)) for entry in bar]
