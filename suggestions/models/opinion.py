"""Opinions (社情民意): what people say at a station, online or to a deputy, and what becomes of it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from liaison.models.base import PublicModel, ScopedQuerySet, append_only
from liaison.permissions import Permission
from suggestions.models.answer import Rating
from suggestions.states import OpinionStatus

if TYPE_CHECKING:
    from liaison.actor import Actor

#: People leave mobile numbers, and old people their landline.
CALLABLE = RegexValidator(r"^\+?[0-9][0-9 ()\-]{4,18}$", "请填写手机号码或带区号的座机号码，例如 0737-4221234。")
#: The states in which a matter waits for somebody.
OPEN_STATES = (
    OpinionStatus.RECEIVED,
    OpinionStatus.DEPUTY,
    OpinionStatus.UNIT,
    OpinionStatus.HOTLINE,
    OpinionStatus.SUGGESTION,
)
#: The colour of each state's tag.
_TONES = {
    OpinionStatus.RECEIVED: "amber",
    OpinionStatus.ANSWERED: "green",
    OpinionStatus.CLOSED: "grey",
}


class OpinionChannel(models.TextChoices):
    """How it came in (来源渠道)."""

    QR = "qr", "扫码"
    ONLINE = "online", "网上"
    DESK = "desk", "接待"
    PHONE = "phone", "电话"
    LETTER = "letter", "来信"
    DEPUTY = "deputy", "代表带回"
    BULK = "bulk", "批量"


class OpinionRoute(models.TextChoices):
    """Which way it went (办理方式)."""

    ON_SPOT = "on_spot", "当场答复"
    DEPUTY = "deputy", "代表答复"
    UNIT = "unit", "交办单位"
    HOTLINE = "hotline", "转12345"
    SUGGESTION = "suggestion", "转为代表建议"
    CLOSED = "closed", "说明理由办结"


class OpinionQuerySet(ScopedQuerySet["Opinion"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: their subtree; a unit: what was handed to it; a deputy: what they are asked, what they
        brought, what they made a suggestion, and what lies open at their stations. The public reads one opinion
        by its receipt code only."""
        if actor.is_system:
            return self.all()
        if actor.is_deputy and actor.can(Permission.OPINION_VIEW):
            from deputies.models import Placement

            own = Placement.objects.unscoped(reason="the actor's own placements").in_force()
            own = own.filter(mandate__person_id=actor.deputy_id)
            return self.filter(
                Q(mandate__person_id=actor.deputy_id)
                | Q(brought_by__person_id=actor.deputy_id)
                | Q(suggestion__lead_person_id=actor.deputy_id)
                | Q(station_id__in=own.values("station_id"))
            )
        if actor.is_congress and actor.can(Permission.OPINION_VIEW):
            return self.filter(region_prefix__startswith=actor.region_prefix)
        if actor.is_unit and actor.can(Permission.OPINION_VIEW):
            return self.filter(unit_id=actor.organisation_id)
        return self.none()

    def leads(self) -> Self:
        """Matters, each once: without those grouped under another."""
        return self.filter(same_as__isnull=True)


class Opinion(PublicModel):
    """One thing that somebody said. ``receipt_digest`` is a keyed hash: the receipt code itself is kept nowhere.

    One grouped under another (``same_as``) goes its way: state, route and answer follow the lead's.
    ``tell_since`` is set while a person who left a number waits to be phoned.
    """

    number = models.CharField("编号", max_length=20, editable=False)
    channel = models.CharField("来源渠道", max_length=10, choices=OpinionChannel)
    station = models.ForeignKey(
        "deputies.Station", on_delete=models.PROTECT, null=True, related_name="opinions", verbose_name="代表联络站"
    )
    mandate = models.ForeignKey(
        "deputies.Mandate", on_delete=models.PROTECT, null=True, related_name="opinions", verbose_name="答复代表"
    )
    brought_by = models.ForeignKey(
        "deputies.Mandate", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="带回的代表"
    )
    office = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, related_name="opinions", verbose_name="办理机构"
    )
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    text = models.TextField("反映内容", validators=[MaxLengthValidator(2000)])
    place = models.CharField("地点", max_length=100, blank=True)
    category = models.ForeignKey(
        "suggestions.Category", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="类别"
    )
    campaign = models.ForeignKey(
        "deputies.Campaign",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name="主题活动",
    )
    contact_name = models.CharField("姓名", max_length=40, blank=True)
    contact_phone = models.CharField("联系电话", max_length=20, blank=True, validators=[CALLABLE])
    client_token = models.UUIDField("表单标识", unique=True, default=uuid.uuid4, editable=False)
    receipt_digest = models.CharField("回执码摘要", max_length=64, unique=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    same_as = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="members", verbose_name="归入"
    )

    status = models.CharField(
        "状态", max_length=12, choices=OpinionStatus, default=OpinionStatus.RECEIVED, editable=False
    )
    route = models.CharField("办理方式", max_length=12, choices=OpinionRoute, blank=True, editable=False)
    result = models.TextField("答复", blank=True, validators=[MaxLengthValidator(2000)])
    answer_by = models.DateTimeField("承诺答复时间", null=True)
    unit = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="承办单位"
    )
    requirement = models.TextField("办理要求", blank=True, validators=[MaxLengthValidator(500)])
    hotline_text = models.TextField("转办文本", blank=True, validators=[MaxLengthValidator(4000)])
    suggestion = models.ForeignKey(
        "suggestions.Suggestion", on_delete=models.PROTECT, null=True, related_name="opinions", verbose_name="代表建议"
    )
    reopened = models.BooleanField("曾反映未解决", default=False)
    rating = models.CharField("评价", max_length=15, choices=Rating, blank=True)
    rating_words = models.CharField("评价说明", max_length=300, blank=True)
    rated_at = models.DateTimeField("评价时间", null=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    tell_since = models.DateTimeField("待告知自", null=True)
    told_at = models.DateTimeField("告知时间", null=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    search = SearchVectorField("检索", null=True, editable=False)
    deadlines = GenericRelation("liaison.Deadline", related_query_name="opinion")

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "社情民意"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["office", "number"], name="opinion_number_once"),
            models.CheckConstraint(condition=Q(same_as=None) | ~Q(same_as=F("id")), name="opinion_not_under_itself"),
            models.CheckConstraint(
                condition=~Q(same_as=None)
                | ~Q(status=OpinionStatus.DEPUTY)
                | Q(mandate__isnull=False, answer_by__isnull=False),
                name="opinion_asked_has_deputy",
            ),
            models.CheckConstraint(
                condition=~Q(same_as=None) | ~Q(status=OpinionStatus.UNIT) | Q(unit__isnull=False),
                name="opinion_handed_has_unit",
            ),
            models.CheckConstraint(
                condition=~Q(same_as=None) | ~Q(status=OpinionStatus.SUGGESTION) | Q(suggestion__isnull=False),
                name="opinion_raised_has_suggestion",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[OpinionStatus.ANSWERED, OpinionStatus.CLOSED]) | ~Q(result=""),
                name="opinion_ended_has_words",
            ),
            models.CheckConstraint(
                condition=Q(rating="", rated_at=None) | (~Q(rating="") & Q(rated_at__isnull=False)),
                name="opinion_rated_has_time",
            ),
            models.CheckConstraint(condition=Q(tell_since=None) | ~Q(contact_phone=""), name="opinion_told_by_phone"),
        ]
        indexes = [
            models.Index(fields=["region_prefix", "-id"], name="opinion_region"),
            models.Index(fields=["office", "status", "-id"], name="opinion_desk"),
            models.Index(fields=["unit", "-id"], condition=Q(unit__isnull=False), name="opinion_unit"),
            models.Index(fields=["office", "tell_since"], condition=Q(tell_since__isnull=False), name="opinion_tell"),
            GinIndex(fields=["search"], name="opinion_search"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return _TONES.get(OpinionStatus(self.status), "blue")

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return self.status in OPEN_STATES

    def get_absolute_url(self) -> str:
        return reverse("opinions:detail", args=[self.public_id])

    @property
    def deputy_url(self) -> str:
        """Its page for deputies."""
        return reverse("my_opinions:detail", args=[self.public_id])

    @property
    def unit_url(self) -> str:
        """Its page for the unit that handles it."""
        return reverse("handed_opinions:detail", args=[self.public_id])


class OpinionSide(models.TextChoices):
    """Who speaks in the thread."""

    PERSON = "person", "反映人"
    OFFICE = "office", "人大工作机构"
    DEPUTY = "deputy", "代表"
    UNIT = "unit", "承办单位"


class OpinionMessage(models.Model):
    """One text between the person and those who handle the opinion. ``author`` is what the person may read."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="messages")
    side = models.CharField("一方", max_length=8, choices=OpinionSide)
    author = models.CharField("署名", max_length=80)
    author_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    is_answer = models.BooleanField("正式答复", default=False)
    text = models.TextField("内容", validators=[MaxLengthValidator(2000)])
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "社情民意往来"
        ordering = ["id"]
        triggers = [append_only("opinionmessage_append_only")]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.side}"


class OpinionSeries(models.Model):
    """The last number that an office gave in a year."""

    office = models.ForeignKey("liaison.Organisation", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    last = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        verbose_name = "社情民意编号序列"
        constraints = [models.UniqueConstraint(fields=["office", "year"], name="opinionseries_once")]

    def __str__(self) -> str:
        return f"{self.office_id}/{self.year}: {self.last}"
