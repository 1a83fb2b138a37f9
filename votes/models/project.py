"""Carrying out (组织实施): the elected project, its milestones, quarterly reports and changes. Money in 万元."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission
from votes.states import ChangeStatus, ProjectStatus, ReportStatus

if TYPE_CHECKING:
    from liaison.actor import Actor

_TONES = {
    ProjectStatus.FINISHED: "green",
    ProjectStatus.HANDED_OVER: "green",
    ProjectStatus.STOPPED: "grey",
}


class ProjectQuerySet(ScopedQuerySet["Project"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: their subtree; the unit: its own; a deputy: of their congress; the public: published."""
        from votes.models.programme import Programme

        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.PROGRAMME_VIEW):
            return self.filter(region_prefix__startswith=actor.region_prefix)
        if actor.is_unit:
            return self.filter(unit_id=actor.organisation_id)
        return self.filter(programme__in=Programme.objects.visible_to(actor))


@pghistory.track(exclude=["created_at", "updated_at"])
class Project(PublicModel):
    """An elected project being carried out (实施项目)."""

    programme = models.ForeignKey("votes.Programme", on_delete=models.PROTECT, related_name="projects")
    candidate = models.OneToOneField("votes.Candidate", on_delete=models.PROTECT, related_name="project")
    office = models.ForeignKey("liaison.Organisation", on_delete=models.PROTECT, related_name="+")
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    name = models.CharField("项目名称", max_length=80)
    content = models.TextField("建设内容", validators=[MaxLengthValidator(2000)])
    place = models.CharField("实施地点", max_length=120)
    investment = models.DecimalField(
        "投资额（万元）", max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    unit = models.ForeignKey(
        "liaison.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name="责任单位",
    )
    unit_name = models.CharField("责任单位名称", max_length=120)
    finish_on = models.DateField("完成时间")
    status = models.CharField(
        "状态", max_length=12, choices=ProjectStatus, default=ProjectStatus.UNDERWAY, editable=False
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    #: Of the newest report.
    percent = models.PositiveSmallIntegerField("形象进度（%）", default=0, validators=[MaxValueValidator(100)])
    money_used = models.DecimalField(
        "累计使用资金（万元）", max_digits=12, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    finished_on = models.DateField("完工日期", null=True, blank=True)
    handed_over_on = models.DateField("交付日期", null=True, blank=True)
    deadlines = GenericRelation("liaison.Deadline", related_query_name="project")

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "实施项目"
        ordering = ["programme", "candidate__number"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="project_percent"),
            models.CheckConstraint(condition=Q(money_used__gte=0), name="project_money_used"),
        ]
        indexes = [
            models.Index(fields=["region_prefix", "-id"], name="project_region"),
            models.Index(fields=["unit", "-id"], name="project_unit"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return _TONES.get(ProjectStatus(self.status), "blue")

    def get_absolute_url(self) -> str:
        return reverse("projects:detail", args=[self.public_id])


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def standing(self) -> Self:
        """Without those that were deleted."""
        return self.filter(removed_at=None)


class Milestone(models.Model):
    """One step of a project with its day (进度节点). A deleted one stays for the history of its days."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    name = models.CharField("节点", max_length=80)
    due_on = models.DateField("计划完成")
    done_on = models.DateField("实际完成", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    removed_at = models.DateTimeField("删除时间", null=True, blank=True, editable=False)
    deadlines = GenericRelation("liaison.Deadline", related_query_name="milestone")

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = "进度节点"
        ordering = ["project", "due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(done_on=None), name="milestone_done_is_not_removed"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProgressReport(PublicModel):
    """What a unit reports on one quarter (季度进展报告); its pictures are attachments in slot ``picture``."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField("年度")
    quarter = models.PositiveSmallIntegerField("季度", validators=[MinValueValidator(1), MaxValueValidator(4)])
    status = models.CharField("状态", max_length=10, choices=ReportStatus, default=ReportStatus.DUE, editable=False)
    text = models.TextField("进展情况", blank=True, validators=[MaxLengthValidator(2000)])
    percent = models.PositiveSmallIntegerField("形象进度（%）", default=0, validators=[MaxValueValidator(100)])
    money_used = models.DecimalField(
        "累计使用资金（万元）", max_digits=12, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    problems = models.TextField("困难和问题", blank=True, validators=[MaxLengthValidator(1000)])
    #: Why the percentage fell, or why more money was used than invested.
    explanation = models.TextField("情况说明", blank=True, validators=[MaxLengthValidator(500)])
    submitted_at = models.DateTimeField("报送时间", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    deadlines = GenericRelation("liaison.Deadline", related_query_name="progress_report")

    class Meta:
        verbose_name = "季度进展报告"
        ordering = ["project", "year", "quarter"]
        constraints = [
            models.UniqueConstraint(fields=["project", "year", "quarter"], name="progressreport_once_a_quarter"),
            models.CheckConstraint(
                condition=Q(status=ReportStatus.DUE, submitted_at__isnull=True)
                | Q(status=ReportStatus.SUBMITTED, submitted_at__isnull=False),
                name="progressreport_submitted_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project}{self.year}年第{self.quarter}季度进展"


class ProjectChange(PublicModel):
    """A change of content, place, money or finish date, approved by the body that decides (项目调整)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="changes")
    #: Field name → new value, as text; only ``content``, ``place``, ``investment``, ``finish_on``, or ``stop``.
    wanted = models.JSONField("调整内容")
    #: The same fields as they stood when the request was made.
    before = models.JSONField("调整前", default=dict, blank=True)
    reason = models.TextField("调整理由", validators=[MaxLengthValidator(1000)])
    status = models.CharField("状态", max_length=10, choices=ChangeStatus, default=ChangeStatus.REQUESTED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    deciding_body = models.CharField("审批机关", max_length=60, blank=True)
    decision = models.CharField("审批文号或会议", max_length=120, blank=True)
    decided_on = models.DateField("审批日期", null=True, blank=True)
    decision_note = models.TextField("审批意见", blank=True, validators=[MaxLengthValidator(1000)])

    class Meta:
        verbose_name = "项目调整"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(status=ChangeStatus.REQUESTED), name="projectchange_one_open"
            ),
            models.CheckConstraint(
                condition=Q(status=ChangeStatus.REQUESTED) | (Q(decided_on__isnull=False) & ~Q(deciding_body="")),
                name="projectchange_decided_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project}调整"

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return {ChangeStatus.REQUESTED: "amber", ChangeStatus.APPROVED: "green"}.get(ChangeStatus(self.status), "grey")
