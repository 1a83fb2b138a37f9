"""One's own notices, with how each was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.models import Notice

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liaison.actor import Actor

#: As the index ``notice_inbox`` has them.
NEWEST_FIRST = ("-created_at", "-id")


def inbox_of(actor: Actor, *, kind: str = "", unread: bool = False) -> QuerySet[Notice]:
    """The actor's notices with their deliveries, newest first.

    Args:
        kind: a ``NoticeKind``; all kinds when empty.
        unread: only what was not yet opened.
    """
    notices = Notice.objects.visible_to(actor).prefetch_related("deliveries").order_by(*NEWEST_FIRST)
    if kind:
        notices = notices.filter(kind=kind)
    return notices.unread() if unread else notices


def latest_notices(actor: Actor, *, count: int = 5) -> list[Notice]:
    """The newest notices, for the first page (one query)."""
    return list(Notice.objects.visible_to(actor).order_by(*NEWEST_FIRST)[:count])
