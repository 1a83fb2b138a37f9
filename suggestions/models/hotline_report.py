"""Reports to the 12345 hotline (转12345办理): deputies speak for people, the hotline answers by events."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from liaison.models.base import PublicModel, ScopedQuerySet, append_only
from liaison.permissions import Permission
from suggestions.models.hotline_order import OrderKind
from suggestions.states_hotline import ANSWERED_STATES, LIVE_STATES, ReportEvent, ReportStatus

if TYPE_CHECKING:
    from liaison.actor import Actor

_TONES = {
    ReportStatus.WITHDRAWN: "grey",
    ReportStatus.NOT_ACCEPTED: "grey",
    ReportStatus.RETURNED: "amber",
    ReportStatus.REOPENED: "amber",
    ReportStatus.REPLIED: "green",
    ReportStatus.CALLED_BACK: "green",
    ReportStatus.FINISHED: "green",
}


class HotlineReportQuerySet(ScopedQuerySet["HotlineReport"]):
    def visible_to(self, actor: Actor) -> Self:
        """A hotline: what goes to it; congress staff: their subtree; a deputy: what they reported, or what they
        brought or were asked to answer and their office handed over."""
        if actor.is_system:
            return self.all()
        if actor.is_client and (
            actor.can(Permission.HOTLINE_REPORTS_READ) or actor.can(Permission.HOTLINE_REPORTS_WRITE)
        ):
            return self.filter(client_id=actor.client_id)
        if actor.is_deputy and actor.can(Permission.HOTLINE_REPORT):
            return self.filter(
                Q(mandate__person_id=actor.deputy_id) | Q(opinion__brought_by__person_id=actor.deputy_id)
            )
        if actor.is_congress and actor.can(Permission.HOTLINE_VIEW):
            return self.filter(region_prefix__startswith=actor.region_prefix)
        return self.none()

    def live(self) -> Self:
        """Those on which the hotline works, or is asked to."""
        return self.filter(status__in=LIVE_STATES)


class HotlineReport(PublicModel):
    """An opinion handed to the hotline. What was said is kept as it was sent; the opinion goes on by itself.

    ``feed_no`` runs for each client and grows with every change that the hotline has to know: it reads on from
    where it stopped and misses none. ``passed_at`` is when the person was given the hotline's answer.
    """

    client = models.ForeignKey("liaison.ApiClient", on_delete=models.PROTECT, related_name="+", verbose_name="热线中心")
    opinion = models.ForeignKey(
        "suggestions.Opinion", on_delete=models.PROTECT, related_name="hotline_reports", verbose_name="社情民意"
    )
    mandate = models.ForeignKey(
        "deputies.Mandate", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="转办代表"
    )
    office = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name="办理机构"
    )
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    region_code = models.CharField("区划代码", max_length=9, editable=False)
    number = models.CharField("编号", max_length=30, editable=False)
    kind = models.CharField("诉求类型", max_length=12, choices=OrderKind)
    title = models.CharField("标题", max_length=100)
    text = models.TextField("内容", validators=[MaxLengthValidator(4000)])
    place = models.CharField("地点", max_length=100, blank=True)
    class_path = models.CharField("类别", max_length=200, blank=True)
    person_name = models.CharField("诉求人", max_length=40, blank=True)
    person_phone = models.CharField("联系电话", max_length=20, blank=True)
    is_complex = models.BooleanField("情况复杂", default=False)
    scope_note = models.CharField("属于热线受理范围的说明", max_length=300, blank=True)

    status = models.CharField(
        "状态", max_length=12, choices=ReportStatus, default=ReportStatus.SUBMITTED, editable=False
    )
    hotline_no = models.CharField("热线工单编号", max_length=64, blank=True)
    unit_name = models.CharField("承办单位", max_length=120, blank=True)
    reason = models.TextField("不予受理的理由", blank=True, validators=[MaxLengthValidator(2000)])
    result = models.TextField("办理结果", blank=True, validators=[MaxLengthValidator(2000)])
    replied_at = models.DateTimeField("反馈时间", null=True)
    passed_at = models.DateTimeField("转告群众时间", null=True)
    solved = models.BooleanField("已解决", null=True)
    solved_words = models.CharField("说明", max_length=500, blank=True)
    solved_at = models.DateTimeField("评判时间", null=True)
    reopened = models.BooleanField("曾要求重办", default=False)
    feed_no = models.BigIntegerField("变动序号", editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    deadlines = GenericRelation("liaison.Deadline", related_query_name="hotline_report")

    objects = HotlineReportQuerySet.as_manager()

    class Meta:
        verbose_name = "转12345办理"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["office", "number"], name="hotlinereport_number_once"),
            models.UniqueConstraint(fields=["client", "feed_no"], name="hotlinereport_feed_once"),
            models.UniqueConstraint(
                fields=["opinion"],
                condition=~Q(status__in=[ReportStatus.WITHDRAWN, ReportStatus.NOT_ACCEPTED]),
                name="hotlinereport_once_per_opinion",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=ANSWERED_STATES) | (~Q(result="") & Q(replied_at__isnull=False)),
                name="hotlinereport_answered_has_words",
            ),
            models.CheckConstraint(
                condition=~Q(status=ReportStatus.NOT_ACCEPTED) | ~Q(reason=""), name="hotlinereport_refused_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["region_prefix", "-id"], name="hotlinereport_region"),
            models.Index(fields=["mandate", "-id"], name="hotlinereport_mandate"),
            models.Index(fields=["client", "created_at"], name="hotlinereport_client_day"),
            models.Index(fields=["client", "hotline_no"], condition=~Q(hotline_no=""), name="hotlinereport_hotline_no"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return _TONES.get(ReportStatus(self.status), "blue")

    @property
    def has_answer(self) -> bool:
        """Whether there is something to tell the person."""
        return self.status in ANSWERED_STATES

    def get_absolute_url(self) -> str:
        return reverse("hotline:report", args=[self.public_id])

    @property
    def deputy_url(self) -> str:
        """Its page for deputies."""
        return reverse("my_hotline:detail", args=[self.public_id])


class HotlineEvent(models.Model):
    """One event of a report, as the hotline told it. ``event_id`` is the hotline's own: told twice it is one."""

    client = models.ForeignKey("liaison.ApiClient", on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(HotlineReport, on_delete=models.PROTECT, related_name="events")
    event_id = models.CharField("事件标识", max_length=64)
    kind = models.CharField("事件", max_length=12, choices=ReportEvent)
    at = models.DateTimeField("时间")
    unit_name = models.CharField("单位", max_length=120, blank=True)
    words = models.TextField("说明", blank=True, validators=[MaxLengthValidator(2000)])
    until = models.DateField("延期至", null=True)
    satisfied = models.BooleanField("回访满意", null=True)
    digest = models.CharField("内容摘要", max_length=64)
    created_at = models.DateTimeField("收到时间", auto_now_add=True)

    class Meta:
        verbose_name = "热线办理事件"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["client", "event_id"], name="hotlineevent_once")]
        triggers = [append_only("hotlineevent_append_only")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.kind}"


class HotlineFeed(models.Model):
    """The last ``feed_no`` given to a client. Its row lock makes numbers and commits come in one order."""

    client = models.OneToOneField("liaison.ApiClient", on_delete=models.PROTECT, primary_key=True, related_name="+")
    last = models.BigIntegerField("已用到", default=0)

    class Meta:
        verbose_name = "热线变动序号"

    def __str__(self) -> str:
        return f"{self.client_id}: {self.last}"


class HotlineSettings(models.Model):
    """What is agreed with one hotline (对接约定); a client without a row has the defaults (rulebook section 5)."""

    client = models.OneToOneField(
        "liaison.ApiClient", on_delete=models.PROTECT, primary_key=True, related_name="hotline_settings"
    )
    reply_working_days = models.PositiveSmallIntegerField("代表专席办理时限（工作日）", default=5)
    complex_working_days = models.PositiveSmallIntegerField("情况复杂的办理时限（工作日）", default=10)
    return_working_days = models.PositiveSmallIntegerField("退单时限（工作日）", default=1)
    file_hosts = models.TextField("允许取附件的主机", blank=True, validators=[MaxLengthValidator(2000)])
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "热线对接约定"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    reply_working_days__range=(1, 60),
                    complex_working_days__range=(1, 120),
                    return_working_days__range=(1, 30),
                ),
                name="hotlinesettings_days_in_range",
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_id}"

    @property
    def hosts(self) -> frozenset[str]:
        """Hosts (``files.example.gov.cn`` or with a port) from which attachments may be fetched."""
        return frozenset(self.file_hosts.lower().split())


class ScopeRule(models.Model):
    """A ground on which something cannot go to the hotline (不属于热线受理范围), shown with its reason.

    ``words`` are looked for in the text, one a line; a hit asks the writer, who may say why it belongs to the
    hotline all the same (a street may be named after a court).
    """

    code = models.SlugField("代码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=60)
    reason = models.CharField("理由", max_length=200)
    instead = models.CharField("应走的渠道", max_length=200)
    words = models.TextField("关键词", blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    is_active = models.BooleanField("在用", default=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "热线受理范围规则"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def words_text(self) -> str:
        """The words in one line."""
        return "、".join(self.words.split())


def complex_or_not(settings: HotlineSettings, *, is_complex: bool) -> int:
    """Working days that the unit has from signing (签收)."""
    return settings.complex_working_days if is_complex else settings.reply_working_days


#: How far the hotline's clock may run before ours.
CLOCK_SKEW = dt.timedelta(minutes=5)
