"""Orders of the 12345 hotline (热线工单): what the hotline sends us, its chain, and what our staff made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from liaison.models.base import PublicModel, ScopedQuerySet, append_only
from liaison.permissions import Permission
from suggestions.states_hotline import OrderState, OrderStep

if TYPE_CHECKING:
    from liaison.actor import Actor

#: States in which the hotline is done with it.
OVER = (OrderState.FINISHED, OrderState.NOT_ACCEPTED)
_TONES = {
    OrderState.FINISHED: "green",
    OrderState.CALLED_BACK: "green",
    OrderState.NOT_ACCEPTED: "grey",
    OrderState.RETURNED: "amber",
    OrderState.REOPENED: "amber",
}


class OrderKind(models.TextChoices):
    """What the person wants (诉求类型, rulebook section 5)."""

    ENQUIRY = "enquiry", "咨询"
    HELP = "help", "求助"
    COMPLAINT = "complaint", "投诉"
    TIP_OFF = "tip_off", "举报"
    ADVICE = "advice", "建议"
    PRAISE = "praise", "表扬"


class OrderChannel(models.TextChoices):
    """How the person reached the hotline (来源渠道)."""

    PHONE = "phone", "电话"
    WEB = "web", "网站"
    APP = "app", "客户端"
    WECHAT = "wechat", "微信"
    LETTER = "letter", "来信"
    VISIT = "visit", "来访"
    TRANSFERRED = "transferred", "上级或部门转来"
    DEPUTY = "deputy", "代表反映"
    OTHER = "other", "其他"


class Sequence(models.TextChoices):
    """By what the hotline's messages about one order are put in order."""

    VERSION = "version", "版本号"
    TIME = "time", "修改时间"


class HotlineOrderQuerySet(ScopedQuerySet["HotlineOrder"]):
    def visible_to(self, actor: Actor) -> Self:
        """A hotline: what it sent itself; congress staff: their subtree; nobody else."""
        if actor.is_system:
            return self.all()
        if actor.is_client and (
            actor.can(Permission.HOTLINE_ORDERS_READ) or actor.can(Permission.HOTLINE_ORDERS_WRITE)
        ):
            return self.filter(client_id=actor.client_id)
        if actor.is_congress and actor.can(Permission.HOTLINE_VIEW):
            return self.filter(region_prefix__startswith=actor.region_prefix)
        return self.none()

    def brought(self) -> Self:
        """What people told the hotline themselves; without orders that the hotline made of our own reports."""
        return self.filter(report__isnull=True)


class HotlineOrder(PublicModel):
    """One order (工单) as the hotline last told it.

    ``sequence`` is the hotline's version number, or its time of change in microseconds: an older message never
    overwrites a newer one. ``digest`` is over what was told, so that both sides can compare. ``report`` is set when
    the order was made of a report of ours (echo guard): it is not taken for something new. ``opinion_made``: the
    opinion was written down from this order, so it stays linked and never goes back to the hotline.
    """

    client = models.ForeignKey(
        "liaison.ApiClient", on_delete=models.PROTECT, related_name="+", verbose_name="热线中心", editable=False
    )
    order_no = models.CharField("工单编号", max_length=64)
    sequence_by = models.CharField("先后依据", max_length=8, choices=Sequence)
    sequence = models.BigIntegerField("先后")
    digest = models.CharField("内容摘要", max_length=64)
    kind = models.CharField("诉求类型", max_length=12, choices=OrderKind)
    channel = models.CharField("来源渠道", max_length=12, choices=OrderChannel)
    person_name = models.CharField("诉求人", max_length=40, blank=True)
    person_phone = models.CharField("联系电话", max_length=40, blank=True)
    region = models.ForeignKey("liaison.Region", on_delete=models.PROTECT, related_name="+", verbose_name="事发区划")
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    place = models.CharField("事发地点", max_length=200, blank=True)
    class_code = models.CharField("分类代码", max_length=40, blank=True)
    class_path = models.CharField("分类", max_length=200, blank=True)
    class_top = models.CharField("一级分类", max_length=60, blank=True)
    title = models.CharField("标题", max_length=200)
    text = models.TextField("内容", validators=[MaxLengthValidator(5000)])
    accepted_at = models.DateTimeField("受理时间")
    unit_name = models.CharField("承办单位", max_length=120, blank=True)
    sign_by = models.DateTimeField("签收时限", null=True)
    due_at = models.DateTimeField("办理时限", null=True)
    state = models.CharField("状态", max_length=12, choices=OrderState)
    result = models.TextField("办理结果", blank=True, validators=[MaxLengthValidator(5000)])
    report = models.ForeignKey(
        "suggestions.HotlineReport",
        on_delete=models.PROTECT,
        null=True,
        related_name="orders",
        verbose_name="本平台的转办单",
    )

    station = models.ForeignKey(
        "deputies.Station", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="代表联络站"
    )
    opinion = models.ForeignKey(
        "suggestions.Opinion",
        on_delete=models.PROTECT,
        null=True,
        related_name="hotline_orders",
        verbose_name="社情民意",
    )
    opinion_made = models.BooleanField("社情民意由本工单登记", default=False)
    suggestion = models.ForeignKey(
        "suggestions.Suggestion",
        on_delete=models.PROTECT,
        null=True,
        related_name="hotline_orders",
        verbose_name="代表建议",
    )
    reply = models.TextField("人大回复", blank=True, validators=[MaxLengthValidator(2000)])
    reply_by = models.CharField("回复机构", max_length=100, blank=True)
    replied_at = models.DateTimeField("回复时间", null=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    search = SearchVectorField("检索", null=True, editable=False)

    objects = HotlineOrderQuerySet.as_manager()

    class Meta:
        verbose_name = "热线工单"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["client", "order_no"], name="hotlineorder_once"),
            models.CheckConstraint(
                condition=Q(reply="", replied_at=None) | (~Q(reply="") & Q(replied_at__isnull=False)),
                name="hotlineorder_reply_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["region_prefix", "-accepted_at", "-id"], name="hotlineorder_region"),
            models.Index(fields=["client", "accepted_at"], name="hotlineorder_client_day"),
            GinIndex(fields=["search"], name="hotlineorder_search"),
        ]

    def __str__(self) -> str:
        return self.order_no

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return _TONES.get(OrderState(self.state), "blue")

    def get_absolute_url(self) -> str:
        return reverse("hotline:order", args=[self.public_id])


class HotlineOrderStep(models.Model):
    """One step of an order's chain, as the hotline told it; ``step_id`` is the hotline's own, told twice it is one."""

    order = models.ForeignKey(HotlineOrder, on_delete=models.PROTECT, related_name="steps")
    step_id = models.CharField("环节标识", max_length=64)
    kind = models.CharField("环节", max_length=12, choices=OrderStep)
    at = models.DateTimeField("时间")
    unit_name = models.CharField("单位", max_length=120, blank=True)
    words = models.TextField("说明", blank=True, validators=[MaxLengthValidator(2000)])
    created_at = models.DateTimeField("收到时间", auto_now_add=True)

    class Meta:
        verbose_name = "热线工单环节"
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["order", "step_id"], name="hotlineorderstep_once")]
        triggers = [append_only("hotlineorderstep_append_only")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"


class FetchState(models.TextChoices):
    """How far the fetching of an attachment is."""

    WAITING = "waiting", "待取"
    DONE = "done", "已取到"
    FAILED = "failed", "没有取到"


class HotlineFetch(PublicModel):
    """An attachment that the hotline named by its address; a worker fetches it. Told twice it is one."""

    order = models.ForeignKey(HotlineOrder, on_delete=models.PROTECT, related_name="fetches")
    url = models.CharField("地址", max_length=1000)
    name = models.CharField("文件名", max_length=200, blank=True)
    state = models.CharField("状态", max_length=8, choices=FetchState, default=FetchState.WAITING)
    reason = models.CharField("原因", max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    next_at = models.DateTimeField("下次", null=True)
    attachment = models.ForeignKey("liaison.Attachment", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "热线工单附件"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["order", "url"], name="hotlinefetch_once")]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state=FetchState.WAITING), name="hotlinefetch_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"
