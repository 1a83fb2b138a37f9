"""Supervision (监督): groups of deputies, and their inspections of projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from liaison.models.base import PublicModel, ScopedQuerySet
from votes.states import InspectionStatus

if TYPE_CHECKING:
    from liaison.actor import Actor
    from liaison.models import Organisation

_TONES = {
    InspectionStatus.DEMANDED: "amber",
    InspectionStatus.ANSWERED: "blue",
    InspectionStatus.CHECKED: "green",
}


class SupervisionGroup(PublicModel):
    """A group of deputies that follows some projects of a programme (监督小组)."""

    programme = models.ForeignKey("votes.Programme", on_delete=models.PROTECT, related_name="groups")
    name = models.CharField("名称", max_length=60)
    head = models.ForeignKey("deputies.Mandate", on_delete=models.PROTECT, related_name="+", verbose_name="组长")
    members = models.ManyToManyField("deputies.Mandate", related_name="supervision_groups", verbose_name="成员")
    projects = models.ManyToManyField("votes.Project", related_name="groups", verbose_name="监督项目")

    class Meta:
        verbose_name = "监督小组"
        ordering = ["programme", "id"]
        constraints = [models.UniqueConstraint(fields=["programme", "name"], name="supervisiongroup_once")]

    def __str__(self) -> str:
        return self.name


class InspectionQuerySet(ScopedQuerySet["Inspection"]):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever may see the project, except the public."""
        from votes.models.project import Project

        if actor.is_anonymous:
            return self.none()
        return self.filter(project__in=Project.objects.visible_to(actor))


class Inspection(PublicModel):
    """One inspection (监督检查): findings, demands, the unit's answer and the check. Pictures are attachments."""

    project = models.ForeignKey("votes.Project", on_delete=models.PROTECT, related_name="inspections")
    group = models.ForeignKey(SupervisionGroup, on_delete=models.PROTECT, related_name="inspections")
    inspected_on = models.DateField("检查日期")
    findings = models.TextField("检查情况", validators=[MaxLengthValidator(2000)])
    demands = models.TextField("整改要求", blank=True, validators=[MaxLengthValidator(1000)])
    answer_by = models.DateField("答复期限", null=True, blank=True)
    status = models.CharField("状态", max_length=10, choices=InspectionStatus, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField("整改情况", blank=True, validators=[MaxLengthValidator(2000)])
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    check_note = models.TextField("核查意见", blank=True, validators=[MaxLengthValidator(1000)])
    checked_on = models.DateField("核查日期", null=True, blank=True)
    deadlines = GenericRelation("liaison.Deadline", related_query_name="inspection")

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = "监督检查"
        ordering = ["-inspected_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(demands="", status=InspectionStatus.RECORDED)
                | (~Q(demands="") & ~Q(status=InspectionStatus.RECORDED) & Q(answer_by__isnull=False)),
                name="inspection_demand_has_term",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project}监督检查"

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return _TONES.get(InspectionStatus(self.status), "grey")

    @property
    def unit_id(self) -> int | None:
        """The unit that must answer, for the transition table's guard."""
        return self.project.unit_id

    @property
    def office(self) -> Organisation:
        return self.project.office

    def get_absolute_url(self) -> str:
        return reverse("inspections:detail", args=[self.public_id])
