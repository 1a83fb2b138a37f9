"""Activities of deputies (代表活动): planned, announced, held, recorded; and deputies' own ones, confirmed by staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from deputies.models.duty import ActivityKind
from deputies.states import ActivityStatus
from liaison.clock import now
from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor

#: Slots of an activity's files.
PICTURE_SLOT = "picture"
REPORT_SLOT = "report"


class Gathering(models.TextChoices):
    """Who comes together (活动形式)."""

    SINGLE = "single", "单独组织"
    JOINT = "joint", "联组活动"
    CROSS = "cross", "跨组活动"


class ActivityQuerySet(ScopedQuerySet["Activity"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: the activities of their subtree, and announced ones of the regions above to which
        deputies of theirs are invited; a deputy: announced ones to which they are invited, and their own."""
        if actor.is_system:
            return self.all()
        from deputies.models.activity_part import ActivityPart

        parts = ActivityPart.objects.unscoped(reason="only tells which activities somebody is invited to")
        told = ~Q(status=ActivityStatus.PLANNED)
        if actor.is_congress and actor.can(Permission.ACTIVITY_VIEW):
            above = [actor.region_prefix[:length] for length in (2, 4, 6) if length < len(actor.region_prefix)]
            theirs = parts.filter(mandate__home_prefix__startswith=actor.region_prefix)
            return self.filter(
                Q(region_prefix__startswith=actor.region_prefix)
                | (told & Q(region_prefix__in=above, pk__in=theirs.values("activity_id")))
            )
        if actor.is_deputy and actor.can(Permission.ACTIVITY_VIEW):
            invited = parts.filter(person_id=actor.deputy_id)
            own = Q(own_by__person_id=actor.deputy_id)
            return self.filter(own | (told & Q(own_by=None, pk__in=invited.values("activity_id"))))
        return self.none()

    def happening(self) -> Self:
        """Activities that take up their deputies' time: not cancelled."""
        return self.exclude(status=ActivityStatus.CANCELLED)


class Activity(PublicModel):
    """One activity (代表活动). ``office`` organises it; ``groups`` and ``stations`` organise it together with the
    office. ``own_by`` is set when a deputy recorded something that they did by themselves.

    ``sequence`` counts the changes that calendars must take over (RFC 5545, 3.8.7.4). The record's figures stand in
    the parts; ``days`` is how long it really took, ``media_more`` counts pieces in the media besides the links.
    """

    kind = models.CharField("活动类别", max_length=20, choices=ActivityKind)
    gathering = models.CharField("活动形式", max_length=10, choices=Gathering, default=Gathering.SINGLE)
    title = models.CharField("名称", max_length=80)
    office = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, related_name="activities", verbose_name="组织机构"
    )
    region = models.ForeignKey("liaison.Region", on_delete=models.PROTECT, related_name="+", verbose_name="开展区域")
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    groups = models.ManyToManyField("deputies.DeputyGroup", related_name="activities", verbose_name="参与组织的小组")
    stations = models.ManyToManyField("deputies.Station", related_name="activities", verbose_name="参与组织的联络站")
    campaign = models.ForeignKey(
        "deputies.Campaign",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name="主题活动",
    )
    own_by = models.ForeignKey(
        "deputies.Mandate",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="own_activities",
        verbose_name="自行开展的代表",
    )
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")
    place = models.CharField("地点", max_length=120)
    plan = models.TextField("活动安排", blank=True, validators=[MaxLengthValidator(5000)])
    reply_by = models.DateTimeField("报名截止", null=True, blank=True)
    places = models.PositiveSmallIntegerField(
        "人数上限", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(2000)]
    )
    status = models.CharField(
        "状态", max_length=10, choices=ActivityStatus, default=ActivityStatus.PLANNED, editable=False
    )
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True)
    return_reason = models.CharField("退回原因", max_length=200, blank=True)
    correction_reason = models.CharField("更正原因", max_length=200, blank=True)
    sequence = models.PositiveSmallIntegerField("日历序号", default=0, editable=False)
    code = models.CharField("签到码", max_length=6, blank=True, editable=False)
    code_until = models.DateTimeField("签到码有效至", null=True, blank=True, editable=False)
    happened = models.TextField("开展情况", blank=True, validators=[MaxLengthValidator(10000)])
    days = models.DecimalField("实际天数", max_digits=4, decimal_places=1, null=True, blank=True)
    media_more = models.PositiveIntegerField("其他媒体报道篇数", default=0)
    media_at_least = models.BooleanField("篇数为“以上”", default=False)
    recorded_at = models.DateTimeField("记录时间", null=True, blank=True, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "代表活动"
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="activity_ends_after_start"),
            models.CheckConstraint(
                condition=Q(status=ActivityStatus.CANCELLED) ^ Q(cancel_reason=""),
                name="activity_cancelled_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status=ActivityStatus.RECORDED) | (Q(recorded_at__isnull=False) & ~Q(happened="")),
                name="activity_recorded_says_what",
            ),
            models.CheckConstraint(
                condition=Q(code="", code_until=None) | (~Q(code="") & Q(code_until__isnull=False)),
                name="activity_code_ends",
            ),
            models.CheckConstraint(condition=Q(places=None) | Q(places__gt=0), name="activity_has_places"),
        ]
        indexes = [
            models.Index(fields=["region_prefix", "-starts_at", "-id"], name="activity_region"),
            models.Index(fields=["starts_at", "ends_at"], name="activity_when"),
            models.Index(fields=["status", "ends_at"], name="activity_status"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("activities:detail", args=[self.public_id])

    @property
    def is_own(self) -> bool:
        """Whether a deputy recorded it as their own."""
        return self.own_by_id is not None

    @property
    def has_begun(self) -> bool:
        """Whether its time has come."""
        return self.starts_at <= now()

    @property
    def state_tone(self) -> str:
        """The colour of the state's tag."""
        return ActivityStatus(self.status).tone


class ActivityMedia(models.Model):
    """One report in the media (媒体报道)."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="media")
    title = models.CharField("标题", max_length=120)
    url = models.CharField(
        "网址", max_length=500, validators=[URLValidator(schemes=["https"], message="请填写以https://开头的网址。")]
    )

    class Meta:
        verbose_name = "媒体报道"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["activity", "url"], name="activitymedia_once")]

    def __str__(self) -> str:
        return self.title
