"""What most tables share: an unguessable public id, and a queryset that starts at ``visible_to``."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from liaison.actor import Actor


M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    """A queryset whose readers say for whom they read."""

    def visible_to(self, actor: Actor) -> Self:
        """Only the rows that the actor may see. Every face starts here."""
        raise NotImplementedError

    def unscoped(self, *, reason: str) -> Self:
        """All rows, for a reader that is no person (``reason`` is for the code's reader)."""
        if not reason:
            raise ValueError("an unscoped read needs a reason")
        return self.all()


class PublicModel(models.Model):
    """A row with an address of its own: ``public_id`` in URLs, never the serial id."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        abstract = True


def append_only(name: str) -> Any:
    """A trigger that refuses UPDATE and DELETE on a table, also from SQL."""
    import pgtrigger

    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)
