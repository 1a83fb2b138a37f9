"""The audit (审计记录): who did what, when, from where, with which result. Never changed, never deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from liaison.clock import now
from liaison.models.base import ScopedQuerySet, append_only
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor


class AuditResult(models.TextChoices):
    """How the act ended."""

    SUCCESS = "success", "成功"
    DENIED = "denied", "被拒绝"
    FAILED = "failed", "失败"


#: ``region_prefix`` of an act that belongs to no region (a sign-in under an unknown name): every auditor sees it.
EVERY_REGION = "*"


class AuditEntryQuerySet(ScopedQuerySet["AuditEntry"]):
    def visible_to(self, actor: Actor) -> Self:
        """The auditor sees the acts of their region's subtree, nobody else sees any."""
        if actor.is_system:
            return self.all()
        if actor.can(Permission.AUDIT_VIEW):
            return self.filter(Q(region_prefix__startswith=actor.region_prefix) | Q(region_prefix=EVERY_REGION))
        return self.none()


class AuditEntry(models.Model):
    """One act. ``detail`` never holds a secret, a full phone number or a ballot's choice."""

    at = models.DateTimeField("时间", default=now)
    actor_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField("操作人", max_length=60, blank=True)
    actor_label = models.CharField("身份", max_length=160, blank=True)
    region_prefix = models.CharField("区划前缀", max_length=9, blank=True, db_collation="C")
    action = models.CharField("操作代码", max_length=60)
    target_type = models.CharField("对象类型", max_length=60, blank=True)
    target_id = models.CharField("对象编号", max_length=40, blank=True)
    target_title = models.CharField("对象", max_length=200, blank=True)
    result = models.CharField("结果", max_length=10, choices=AuditResult, default=AuditResult.SUCCESS)
    ip = models.GenericIPAddressField("地址", null=True, blank=True)
    request_id = models.CharField("请求编号", max_length=40, blank=True)
    detail = models.JSONField("详情", default=dict, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "审计记录"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["region_prefix", "-id"], name="audit_region"),
            models.Index(fields=["action", "-id"], name="audit_action"),
            models.Index(fields=["actor_user", "-id"], name="audit_actor"),
            models.Index(fields=["target_type", "target_id", "-id"], name="audit_target"),
            models.Index(fields=["-at", "-id"], name="audit_time"),
        ]
        triggers = [append_only("auditentry_append_only")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.action}"
