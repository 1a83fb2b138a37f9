"""What the API keeps so that a request sent twice is done once: answers by key, and nonces of signed requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from liaison.models.base import ScopedQuerySet

if TYPE_CHECKING:
    from liaison.actor import Actor


class IdempotencyRecordQuerySet(ScopedQuerySet["IdempotencyRecord"]):
    def visible_to(self, actor: Actor) -> Self:
        """A client's own; nobody reads another's answers."""
        return self.all() if actor.is_system else self.filter(client_id=actor.client_id or 0)


class IdempotencyRecord(models.Model):
    """The answer to a write that carried an ``Idempotency-Key``, written in the transaction of the write itself:
    either both are there or neither. Kept for 24 hours."""

    client = models.ForeignKey("liaison.ApiClient", on_delete=models.CASCADE)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = IdempotencyRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "幂等记录"
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="idempotency_record_key")]

    def __str__(self) -> str:
        return self.key


class NonceQuerySet(ScopedQuerySet["Nonce"]):
    def visible_to(self, actor: Actor) -> Self:
        """The system's only."""
        return self.all() if actor.is_system else self.none()


class Nonce(models.Model):
    """A nonce that a signed request has used; kept longer than its timestamp would be accepted."""

    client = models.ForeignKey("liaison.ApiClient", on_delete=models.CASCADE)
    value = models.CharField(max_length=64)
    seen_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = NonceQuerySet.as_manager()

    class Meta:
        verbose_name = "一次性随机数"
        constraints = [models.UniqueConstraint(fields=["client", "value"], name="nonce_once")]

    def __str__(self) -> str:
        return self.value
