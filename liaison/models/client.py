"""Machine clients (接口客户端): other platforms that talk to the portal by its API."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from liaison.models.base import PublicModel, ScopedQuerySet

if TYPE_CHECKING:
    from liaison.actor import Actor

#: Two secrets of one use may be valid together, so that a platform changes over without a gap.
MOST_VALID_SECRETS = 2


class SecretUse(models.TextChoices):
    """What a secret is for (密钥用途)."""

    OAUTH = "oauth", "换取令牌（OAuth 2.0）"
    SIGNING = "signing", "请求签名（HMAC）"


class ApiClientQuerySet(ScopedQuerySet["ApiClient"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff see those of organisations in their subtree; nobody else any."""
        if actor.is_system:
            return self.all()
        if actor.is_congress:
            return self.filter(organisation__region__prefix__startswith=actor.region_prefix)
        return self.none()


class ApiClient(PublicModel):
    """One machine client. ``application`` is django-oauth-toolkit's row, which carries the public client id; what
    that library would keep of secrets is unused: secrets are rows of ``ClientSecret``."""

    application = models.OneToOneField(
        "oauth2_provider.Application", on_delete=models.PROTECT, related_name="api_client", editable=False
    )
    name = models.CharField("名称", max_length=60)
    organisation = models.ForeignKey("liaison.Organisation", on_delete=models.PROTECT, verbose_name="所属机构")
    scopes = ArrayField(models.CharField(max_length=60), verbose_name="权限范围", default=list)
    networks = ArrayField(models.CharField(max_length=49), verbose_name="允许的来源地址", default=list, blank=True)
    rate_per_minute = models.PositiveIntegerField("每分钟请求上限", default=600)
    note = models.CharField("备注", max_length=200, blank=True)
    is_active = models.BooleanField("启用", default=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    last_used_at = models.DateTimeField("最近调用", null=True, editable=False)
    last_used_ip = models.GenericIPAddressField("最近来源地址", null=True, editable=False)

    objects = ApiClientQuerySet.as_manager()

    class Meta:
        verbose_name = "接口客户端"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="api_client_unique_in_organisation"),
            models.CheckConstraint(condition=Q(rate_per_minute__gte=1), name="api_client_rate_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class ClientSecretQuerySet(ScopedQuerySet["ClientSecret"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the clients that the actor sees."""
        return self.filter(client__in=ApiClient.objects.visible_to(actor))

    def valid_at(self, moment: dt.datetime) -> Self:
        """Neither revoked nor run out."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=moment)


class ClientSecret(PublicModel):
    """One secret of a client, shown once when it is made.

    One that buys tokens is kept as its SHA-256: it is 256 random bits, so no slow hash is needed to protect it.
    One that signs must be read to check a signature, and is kept encrypted with the portal's secret key.
    """

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="secrets")
    use = models.CharField("用途", max_length=10, choices=SecretUse)
    hint = models.CharField("末四位", max_length=4)
    digest = models.CharField(max_length=64, blank=True)
    sealed = models.TextField(blank=True)
    expires_at = models.DateTimeField("有效期至")
    revoked_at = models.DateTimeField("吊销时间", null=True)
    last_used_at = models.DateTimeField("最近使用", null=True)

    objects = ClientSecretQuerySet.as_manager()

    class Meta:
        verbose_name = "接口密钥"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(use=SecretUse.OAUTH, sealed="") & ~Q(digest="")
                | Q(use=SecretUse.SIGNING, digest="") & ~Q(sealed=""),
                name="client_secret_kept_as_its_use_needs",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_use_display()} …{self.hint}"

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


class ClientErrorQuerySet(ScopedQuerySet["ClientError"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the clients that the actor sees."""
        return self.filter(client__in=ApiClient.objects.visible_to(actor))


class ClientError(models.Model):
    """A request of a client that was refused or failed, for the administrator's page; kept for 30 days."""

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="errors")
    at = models.DateTimeField("时间", auto_now_add=True)
    method = models.CharField("方法", max_length=10)
    path = models.CharField("地址", max_length=300)
    status = models.PositiveSmallIntegerField("状态码")
    code = models.CharField("错误代码", max_length=60)
    detail = models.CharField("说明", max_length=500, blank=True)
    ip = models.GenericIPAddressField("来源地址", null=True)
    request_id = models.CharField("请求编号", max_length=64, blank=True)

    objects = ClientErrorQuerySet.as_manager()

    class Meta:
        verbose_name = "接口错误"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["client", "-id"], name="client_error_latest"),
            models.Index(fields=["at"], name="client_error_at"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"
