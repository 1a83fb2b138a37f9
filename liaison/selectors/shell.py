"""The few reads that every page's shell makes."""

from __future__ import annotations

from liaison.actor import Actor
from liaison.models import Notice

MOST = 100


def unread_count(actor: Actor) -> int:
    """Unread notices of the actor's account, counted up to 100 (the bell then shows 99+)."""
    if actor.user_id is None:
        return 0
    return Notice.objects.visible_to(actor).unread()[:MOST].count()
