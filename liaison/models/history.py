"""State history (状态历史): one row a transition, written in the same transaction."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from liaison.clock import now
from liaison.models.base import append_only


class StateChange(models.Model):
    """Who took an object from one state to another, when and why. Append-only by trigger."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    act = models.CharField("动作代码", max_length=40)
    label = models.CharField("动作", max_length=60)
    old = models.CharField("原状态", max_length=30, blank=True)
    new = models.CharField("新状态", max_length=30)
    reason = models.TextField("理由", blank=True)
    actor_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField("办理人", max_length=60)
    actor_label = models.CharField("身份", max_length=160, blank=True)
    at = models.DateTimeField("时间", default=now)

    class Meta:
        verbose_name = "状态历史"
        ordering = ["id"]
        indexes = [models.Index(fields=["content_type", "object_id", "id"], name="statechange_subject")]
        triggers = [append_only("statechange_append_only")]

    def __str__(self) -> str:
        return f"{self.label} {self.old}→{self.new}"
