"""The year's programme of livelihood projects (年度民生实事项目) of one congress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission
from votes.states import STAGE_OF, ProgrammeStatus, Stage

if TYPE_CHECKING:
    from liaison.actor import Actor

#: The colour of each state's tag; blue where none is named.
_TONES = {
    ProgrammeStatus.PREPARING: "grey",
    ProgrammeStatus.VOTING: "accent",
    ProgrammeStatus.UNDERWAY: "green",
    ProgrammeStatus.CLOSED: "grey",
}


class AppraisalScale(models.TextChoices):
    """The options of an appraisal (测评档次)."""

    THREE = "three", "满意、基本满意、不满意"
    FOUR = "four", "非常满意、满意、基本满意、不满意"


class ProgrammeQuerySet(ScopedQuerySet["Programme"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: their subtree; a deputy: the congresses they sit in; a unit: programmes of its own
        region and those with a project of its own; the public: what is published."""
        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.PROGRAMME_VIEW):
            return self.filter(region_prefix__startswith=actor.region_prefix)
        if actor.is_deputy:
            from deputies.models import Mandate

            own = Mandate.objects.unscoped(reason="the actor's own mandates").filter(pk__in=actor.mandate_ids)
            return self.filter(congress_id__in=own.values("congress_id"))
        if actor.is_unit and actor.can(Permission.PROGRAMME_VIEW):
            from votes.models.project import Project

            works = Project.objects.unscoped(reason="the unit's own projects").filter(unit_id=actor.organisation_id)
            same_place = Q(region_prefix=actor.region_prefix) & ~Q(status=ProgrammeStatus.PREPARING)
            return self.filter(same_place | Q(pk__in=works.values("programme_id")))
        return self.published()

    def published(self) -> Self:
        """What the public may follow."""
        return self.filter(is_public=True).exclude(status=ProgrammeStatus.PREPARING)


@pghistory.track(exclude=["created_at", "updated_at"])
class Programme(PublicModel):
    """One year's round of a congress: collection, vote, carrying out, appraisal (民生实事项目人大代表票决制)."""

    congress = models.ForeignKey(
        "deputies.Congress", on_delete=models.PROTECT, related_name="programmes", verbose_name="人民代表大会"
    )
    office = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, related_name="programmes", verbose_name="承办机构"
    )
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    year = models.PositiveSmallIntegerField("年度", validators=[MinValueValidator(2015), MaxValueValidator(2100)])
    session = models.ForeignKey(
        "deputies.Session",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="programmes",
        verbose_name="票决会议",
    )
    places = models.PositiveSmallIntegerField(
        "应选项目数",
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text="乡镇一般1至3件，县级一般5至10件。",
    )
    introduction = models.TextField("征集公告", blank=True, validators=[MaxLengthValidator(4000)])
    # planned dates of the four stages
    call_from = models.DateField("征集开始", null=True, blank=True)
    call_until = models.DateField("征集截止", null=True, blank=True)
    list_on = models.DateField("初定候选项目", null=True, blank=True)
    vote_on = models.DateField("会议票决", null=True, blank=True)
    finish_on = models.DateField("项目完成", null=True, blank=True)
    appraise_on = models.DateField("满意度测评", null=True, blank=True)
    # what differs by place (rulebook marks P and D)
    min_call_days = models.PositiveSmallIntegerField("征集最短天数", default=30)
    extra_percent = models.PositiveSmallIntegerField(
        "差额比例（%）",
        default=20,
        validators=[MaxValueValidator(200)],
        help_text="候选项目少于此差额时提醒；至少多1件。",
    )
    report_days = models.PositiveSmallIntegerField(
        "季报报送期限（季后天数）", default=10, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    scale = models.CharField("测评档次", max_length=5, choices=AppraisalScale, default=AppraisalScale.THREE)
    # responsible people
    leader = models.CharField("分管负责人", max_length=60, blank=True)
    contact = models.CharField("联系人", max_length=60, blank=True)
    contact_phone = models.CharField("联系电话", max_length=30, blank=True)
    is_public = models.BooleanField("向社会公开", default=True)
    status = models.CharField(
        "状态", max_length=12, choices=ProgrammeStatus, default=ProgrammeStatus.PREPARING, editable=False
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    open_places_note = models.CharField("空缺名额的决定", max_length=300, blank=True, editable=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = "年度民生实事项目"
        ordering = ["-year", "region_prefix"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "year"], name="programme_once_a_year"),
            models.CheckConstraint(condition=Q(places__gte=1), name="programme_has_places"),
            models.CheckConstraint(
                condition=Q(call_until__isnull=True) | Q(call_until__gte=F("call_from")), name="programme_call_in_order"
            ),
        ]
        indexes = [models.Index(fields=["region_prefix", "-year", "-id"], name="programme_region")]

    def __str__(self) -> str:
        return f"{self.congress.region.name}{self.year}年民生实事项目"

    @property
    def stage(self) -> Stage:
        """Which of the four stages it is in."""
        return STAGE_OF[self.status]

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return _TONES.get(ProgrammeStatus(self.status), "blue")

    def get_absolute_url(self) -> str:
        return reverse("programmes:detail", args=[self.public_id])

    def get_public_url(self) -> str:
        """The page that everybody may follow."""
        return reverse("open_projects:programme", args=[self.public_id])
