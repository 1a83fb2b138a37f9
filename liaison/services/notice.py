"""Telling people: a row in the inbox, and an outbox row for each other channel they have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from liaison.models import Delivery, Notice, User
from liaison.models.notice import Channel, NoticeKind
from liaison.queue import enqueue_on_commit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def notify(
    *,
    recipients: Iterable[User],
    kind: NoticeKind,
    title: str,
    body: str = "",
    url: str = "",
    except_user_id: int | None = None,
) -> list[Notice]:
    """Tell some people something, in the caller's transaction; mail goes out after the commit.

    Args:
        recipients: people, each told once however often named; inactive accounts are passed over.
        kind: why they are told.
        title: one line, whole in itself (at most 200 characters, cut beyond).
        url: path of the page to open, ``/suggestions/…``.
        except_user_id: the person who did it, who need not be told.

    Two bulk inserts, whatever the number of people.
    """
    people = {person.pk: person for person in recipients if person.is_active and person.pk != except_user_id}
    return notify_each(
        Message(recipient=person, kind=kind, title=title, body=body, url=url) for person in people.values()
    )


@dataclass(frozen=True, slots=True)
class Message:
    """One text for one person."""

    recipient: User
    kind: NoticeKind
    title: str
    body: str = ""
    url: str = ""


def notice_ids(count: int) -> list[int]:
    """Numbers for notices to come, for a caller that must name them before it writes them; unused ones are lost."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Notice._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def notify_each(messages: Iterable[Message], *, ids: Sequence[int] | None = None, wake: bool = True) -> list[Notice]:
    """Tell each person their own text, in the caller's transaction: two bulk inserts for all together.

    Args:
        messages: inactive accounts must have been left out.
        ids: numbers from ``notice_ids``, one a message; the database gives them when omitted.
        wake: ask for delivery after the commit; a caller of many batches asks once, at its end.

    Returns:
        The notices, in the order of the messages.
    """
    notices = Notice.objects.bulk_create(
        [
            Notice(
                pk=ids[place] if ids else None,
                recipient=message.recipient,
                kind=message.kind,
                title=message.title[:200],
                body=message.body,
                url=message.url,
            )
            for place, message in enumerate(messages)
        ]
    )
    deliveries = [
        Delivery(notice=notice, channel=Channel.EMAIL, address=notice.recipient.email)
        for notice in notices
        if notice.recipient.email
    ]
    if deliveries:
        Delivery.objects.bulk_create(deliveries)
        if wake:
            wake_delivery()
    return notices


def wake_delivery() -> None:
    """Have the outbox looked at after the commit; without it the beat does within a minute."""
    enqueue_on_commit("liaison.tasks.deliver_notices")
