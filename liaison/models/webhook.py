"""Telling other platforms that something happened (事件推送): where to, what, and what became of each delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.models.client import ApiClient

if TYPE_CHECKING:
    import datetime as dt

    from liaison.actor import Actor


class EndpointStatus(models.TextChoices):
    """Whether an endpoint is delivered to.

    Paused by hand, what happens waits for it; disabled because its platform said 410, nothing is kept for it.
    """

    ACTIVE = "active", "启用"
    PAUSED = "paused", "已暂停"
    DISABLED = "disabled", "对方已停用"


class WebhookEndpointQuerySet(ScopedQuerySet["WebhookEndpoint"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the clients that the actor sees."""
        return self.filter(client__in=ApiClient.objects.visible_to(actor))

    def delivered_to(self) -> Self:
        """Those to which is sent now: active, of a client that may connect."""
        return self.filter(status=EndpointStatus.ACTIVE, client__is_active=True, client__organisation__is_active=True)


class WebhookEndpoint(PublicModel):
    """An address of another platform that is told of some types of events (推送地址)."""

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="webhooks")
    url = models.CharField("推送地址", max_length=500)
    types = ArrayField(models.CharField(max_length=60), verbose_name="事件类型", default=list)
    note = models.CharField("备注", max_length=200, blank=True)
    status = models.CharField("状态", max_length=10, choices=EndpointStatus, default=EndpointStatus.ACTIVE)
    status_reason = models.CharField("原因", max_length=300, blank=True)
    #: When the administrators were last told that deliveries were given up; null after one arrived again.
    told_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        verbose_name = "推送地址"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.url[:200]

    @property
    def is_active(self) -> bool:
        return self.status == EndpointStatus.ACTIVE

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return {EndpointStatus.ACTIVE: "green", EndpointStatus.PAUSED: "amber"}.get(EndpointStatus(self.status), "grey")


class WebhookSecretQuerySet(ScopedQuerySet["WebhookSecret"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the endpoints that the actor sees."""
        return self.filter(endpoint__in=WebhookEndpoint.objects.visible_to(actor))

    def valid_at(self, moment: dt.datetime) -> Self:
        """Those that sign now."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=moment))


class WebhookSecret(PublicModel):
    """A secret (``whsec_…``) that signs deliveries, kept encrypted. While two are valid each delivery carries two
    signatures, so that a platform changes over without a gap."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="secrets")
    hint = models.CharField("末四位", max_length=4)
    sealed = models.TextField()
    #: Null for the newest one.
    expires_at = models.DateTimeField("有效期至", null=True)

    objects = WebhookSecretQuerySet.as_manager()

    class Meta:
        verbose_name = "推送密钥"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint"], condition=Q(expires_at__isnull=True), name="webhook_secret_one_newest"
            )
        ]

    def __str__(self) -> str:
        return f"…{self.hint}"

    @property
    def is_valid(self) -> bool:
        return self.expires_at is None or self.expires_at > timezone.now()


class WebhookEvent(PublicModel):
    """Something that happened, written in the transaction of the change itself (outbox); ``public_id`` is the
    ``webhook-id`` of each of its deliveries. Holds no content: an id, and the path where it is fetched."""

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="+", db_index=False)
    type = models.CharField("事件类型", max_length=60)
    object_key = models.CharField("对象", max_length=160)
    path = models.CharField("读取地址", max_length=400)

    class Meta:
        verbose_name = "推送事件"
        ordering = ["id"]
        indexes = [models.Index(fields=["created_at"], name="webhook_event_at")]

    def __str__(self) -> str:
        return f"{self.type} {self.object_key}"

    @property
    def object_id(self) -> str:
        """The object's own id: what stands after the colon of its key."""
        return self.object_key.partition(":")[2]


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    WAITING = "waiting", "待投递"
    SENDING = "sending", "投递中"
    DELIVERED = "delivered", "已送达"
    GIVEN_UP = "given_up", "已放弃"


OPEN_STATES = (DeliveryState.WAITING, DeliveryState.SENDING)


class WebhookDeliveryQuerySet(ScopedQuerySet["WebhookDelivery"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those to the endpoints that the actor sees."""
        return self.filter(endpoint__in=WebhookEndpoint.objects.visible_to(actor))


class WebhookDelivery(PublicModel):
    """One event to one endpoint. Of one object only the first that is open is sent: the others wait behind it.

    ``next_at`` is when it is due; of one that is being sent, when its claim ends. Repeated by hand it is another row
    of the same event, at the end of the object's queue.
    """

    event = models.ForeignKey(WebhookEvent, on_delete=models.CASCADE, related_name="deliveries")
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    object_key = models.CharField("对象", max_length=160)
    state = models.CharField("状态", max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    next_at = models.DateTimeField("下次投递", null=True, default=timezone.now)
    claimed_at = models.DateTimeField(null=True, editable=False)
    settled_at = models.DateTimeField("了结时间", null=True)
    reason = models.CharField("最近一次的结果", max_length=300, blank=True)
    repeated_by = models.CharField("人工再发", max_length=100, blank=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "推送"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "endpoint"], condition=Q(repeated_by=""), name="webhook_delivery_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, next_at__isnull=False, settled_at__isnull=True)
                | (~Q(state__in=OPEN_STATES) & Q(next_at__isnull=True, settled_at__isnull=False)),
                name="webhook_delivery_open_is_due",
            ),
        ]
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="webhook_delivery_latest"),
            models.Index(
                fields=["endpoint", "next_at", "id"], condition=Q(state__in=OPEN_STATES), name="webhook_delivery_due"
            ),
            models.Index(
                fields=["endpoint", "object_key", "id"],
                condition=Q(state__in=OPEN_STATES),
                name="webhook_delivery_lane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.object_key} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def state_tone(self) -> str:
        """The colour of the status tag."""
        tones = {DeliveryState.DELIVERED: "green", DeliveryState.GIVEN_UP: "red", DeliveryState.SENDING: "blue"}
        return tones.get(DeliveryState(self.state), "amber")


class WebhookAttempt(models.Model):
    """One try of a delivery: what was sent besides the body, and what came back."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField("时间")
    url = models.CharField("推送地址", max_length=500)
    signature = models.CharField("签名", max_length=200)
    status = models.PositiveSmallIntegerField("状态码", null=True)
    answer = models.TextField("应答", blank=True)
    milliseconds = models.PositiveIntegerField("用时（毫秒）", default=0)
    error = models.CharField("没有应答的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "推送尝试"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.status or self.error}"
