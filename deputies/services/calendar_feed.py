"""A deputy's secret calendar address (日历订阅地址): made, renewed, stopped."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import CalendarFeed
from deputies.selectors.calendar_feed import LOCATOR_LENGTH, key_digest
from liaison.exceptions import NotAllowed
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    from liaison.actor import Actor


@transaction.atomic
def feed_renew(*, actor: Actor) -> str:
    """A new address; the old one stops at once. The answer is the only time that it is known: a keyed hash is kept.

    Returns:
        the secret part of the address.

    Raises:
        NotAllowed: no deputy.
    """
    person_id = _person(actor)
    secret = secrets.token_hex(LOCATOR_LENGTH // 2) + secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        person_id=person_id,
        defaults={
            "locator": secret[:LOCATOR_LENGTH],
            "key_digest": key_digest(secret[LOCATOR_LENGTH:]),
            "renewed_at": timezone.now(),
        },
    )
    record_audit(actor=actor, action="calendar_feed.renew")
    return secret


@transaction.atomic
def feed_stop(*, actor: Actor) -> None:
    """No address opens the calendar any more."""
    if CalendarFeed.objects.visible_to(actor).filter(person_id=_person(actor)).delete()[0]:
        record_audit(actor=actor, action="calendar_feed.stop")


def _person(actor: Actor) -> int:
    if not actor.is_deputy or actor.person_id is None:
        raise NotAllowed("日历订阅由代表本人设置。")
    return actor.person_id
