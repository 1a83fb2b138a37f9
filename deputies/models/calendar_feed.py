"""A person's calendar address (日历订阅)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from liaison.models.base import PublicModel, ScopedQuerySet

if TYPE_CHECKING:
    from liaison.actor import Actor


class CalendarFeedQuerySet(ScopedQuerySet["CalendarFeed"]):
    def visible_to(self, actor: Actor) -> Self:
        """A deputy's own."""
        if actor.is_system:
            return self.all()
        return self.filter(person_id=actor.deputy_id) if actor.is_deputy else self.none()


class CalendarFeed(PublicModel):
    """The secret address from which a deputy's phone reads their calendar. ``locator`` is the part of the address
    that finds the row, ``key_digest`` a keyed hash of the part that opens it: the address itself is not kept."""

    person = models.OneToOneField("deputies.Person", on_delete=models.PROTECT, related_name="calendar_feed")
    locator = models.CharField("地址标识", max_length=16, unique=True)
    key_digest = models.CharField("密钥摘要", max_length=64)
    renewed_at = models.DateTimeField("更换时间")

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "日历订阅"

    def __str__(self) -> str:
        return f"{self.person_id} {self.locator}"
