"""Reading one's notices. Reading is no act of office: it leaves no audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from liaison.exceptions import NotFound
from liaison.models import Notice

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from liaison.actor import Actor


@transaction.atomic
def notice_read(*, actor: Actor, public_id: UUID) -> Notice:
    """Mark one notice as read; the first time counts.

    Raises:
        NotFound: no such notice in the actor's inbox.
    """
    notice = Notice.objects.visible_to(actor).select_for_update(of=("self",)).filter(public_id=public_id).first()
    if notice is None:
        raise NotFound
    if notice.read_at is None:
        notice.read_at = timezone.now()
        notice.save(update_fields=["read_at", "updated_at"])
    return notice


def notices_read_all(*, actor: Actor, until: dt.datetime) -> int:
    """Mark the unread notices that the person had before them as read.

    Args:
        until: when their page was made; what came later stays unread.

    Returns:
        How many there were.
    """
    now = timezone.now()
    return Notice.objects.visible_to(actor).unread().filter(created_at__lte=until).update(read_at=now, updated_at=now)
