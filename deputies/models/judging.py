"""Judging of reports (报告评选): judges score papers apart by named criteria.

It judges papers, not deputies: nothing is summed over a deputy, here or elsewhere (rulebook section 4: no points,
no ranking).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from deputies.states import JudgingStatus
from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor

#: The colour of each state's tag.
_TONES = {JudgingStatus.DRAFT: "grey", JudgingStatus.OPEN: "amber", JudgingStatus.PUBLISHED: "green"}


class JudgingQuerySet(ScopedQuerySet["Judging"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: judgings of their subtree; a judge: the one they judge, from its opening on."""
        if actor.is_system:
            return self.all()
        if not actor.can(Permission.REPORT_VIEW):
            return self.none()
        judges = Exists(Judge.objects.filter(judging=OuterRef("pk"), user_id=actor.user_id or 0))
        invited = judges & ~Q(status=JudgingStatus.DRAFT)
        if actor.is_congress:
            return self.filter(Q(region_prefix__startswith=actor.region_prefix) | invited)
        return self.filter(invited)


class Judging(PublicModel):
    """One judging of chosen reports. ``drop_extremes``: with five judges or more on a paper, the highest and the lowest
    score are left out."""

    office = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name="组织机构"
    )
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    title = models.CharField("名称", max_length=80)
    campaign = models.ForeignKey(
        "deputies.Campaign",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="judgings",
        verbose_name="主题活动",
    )
    starts_on = models.DateField("评分开始")
    ends_on = models.DateField("评分结束")
    drop_extremes = models.BooleanField("去掉最高分和最低分", default=True)
    status = models.CharField("状态", max_length=10, choices=JudgingStatus, default=JudgingStatus.DRAFT, editable=False)
    closed_at = models.DateTimeField("截止时间", null=True, blank=True, editable=False)
    close_reason = models.CharField("提前截止原因", max_length=200, blank=True, editable=False)
    published_at = models.DateTimeField("公布时间", null=True, blank=True, editable=False)

    objects = JudgingQuerySet.as_manager()

    class Meta:
        verbose_name = "报告评选"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["office", "title"], name="judging_title_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="judging_ends_after_start"),
            models.CheckConstraint(
                condition=Q(status__in=[JudgingStatus.DRAFT, JudgingStatus.OPEN], closed_at=None)
                | Q(status__in=[JudgingStatus.CLOSED, JudgingStatus.PUBLISHED], closed_at__isnull=False),
                name="judging_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status=JudgingStatus.PUBLISHED) ^ Q(published_at=None), name="judging_published_has_time"
            ),
        ]
        indexes = [models.Index(fields=["region_prefix", "-id"], name="judging_region")]

    def __str__(self) -> str:
        return self.title

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return _TONES.get(JudgingStatus(self.status), "blue")

    def get_absolute_url(self) -> str:
        return reverse("judgings:detail", args=[self.public_id])

    @property
    def is_overdue(self) -> bool:
        """Scoring was not closed, but its last day is over: nobody scores until the organiser extends it."""
        return self.status == JudgingStatus.OPEN and self.ends_on < timezone.localdate()

    @property
    def takes_scores(self) -> bool:
        """Whether judges may score today."""
        return self.status == JudgingStatus.OPEN and self.starts_on <= timezone.localdate() <= self.ends_on


class JudgingCriterion(models.Model):
    """One criterion (评分标准) with its highest score; the sum of all maxima is the full score."""

    judging = models.ForeignKey(Judging, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("评分标准", max_length=30)
    maximum = models.DecimalField(
        "最高分",
        max_digits=4,
        decimal_places=1,
        validators=[MinValueValidator(Decimal(1), "至少1分。"), MaxValueValidator(Decimal(100), "至多100分。")],
    )

    class Meta:
        verbose_name = "评分标准"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["judging", "name"], name="judgingcriterion_once"),
            models.UniqueConstraint(fields=["judging", "position"], name="judgingcriterion_in_order"),
            models.CheckConstraint(condition=Q(maximum__gt=0, maximum__lte=100), name="judgingcriterion_bounds"),
        ]

    def __str__(self) -> str:
        return self.name


class JudgedReport(PublicModel):
    """A report in a judging (参评报告). ``award`` is what staff gave it on the result page."""

    judging = models.ForeignKey(Judging, on_delete=models.PROTECT, related_name="entries")
    report = models.ForeignKey("deputies.DeputyReport", on_delete=models.PROTECT, related_name="entries")
    position = models.PositiveSmallIntegerField("顺序")
    award = models.CharField("奖项", max_length=20, blank=True)

    class Meta:
        verbose_name = "参评报告"
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["judging", "report"], name="judgedreport_once")]

    def __str__(self) -> str:
        return f"{self.judging_id} {self.report_id}"


class Judge(PublicModel):
    """A judge (评委): a named account. What they score counts once they submit."""

    judging = models.ForeignKey(Judging, on_delete=models.CASCADE, related_name="judges")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="评委")
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)

    class Meta:
        verbose_name = "评委"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["judging", "user"], name="judge_once")]

    def __str__(self) -> str:
        return f"{self.judging_id} {self.user_id}"


class JudgeScore(models.Model):
    """What one judge gave one report by one criterion."""

    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="scores")
    entry = models.ForeignKey(JudgedReport, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(JudgingCriterion, on_delete=models.CASCADE, related_name="+")
    points = models.DecimalField("得分", max_digits=4, decimal_places=1)

    class Meta:
        verbose_name = "评分"
        constraints = [
            models.UniqueConstraint(fields=["judge", "entry", "criterion"], name="judgescore_once"),
            models.CheckConstraint(condition=Q(points__gte=0, points__lte=100), name="judgescore_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.judge_id} {self.entry_id}: {self.points}"
