"""Staff's checks of a deputy's year (核对), and what deputies contest or report as missing (异议、补报)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from deputies.models.duty import ActivityKind, DutyEntry, DutyKind
from deputies.models.mandate import Mandate
from deputies.states import ContestStatus
from liaison.models.base import PublicModel, ScopedQuerySet, append_only
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor


class DutyCheckQuerySet(ScopedQuerySet["DutyCheck"]):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever sees the deputy's duty file."""
        if not (actor.is_system or actor.can(Permission.DUTY_VIEW)):
            return self.none()
        return self.filter(mandate__in=Mandate.objects.visible_to(actor))


class DutyCheck(PublicModel):
    """Staff looked through a deputy's year and found it right, up to an entry (核对无误，截至第N条)."""

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="duty_checks")
    year = models.PositiveSmallIntegerField("年度")
    entries = models.PositiveIntegerField("核对条数")
    up_to = models.ForeignKey(DutyEntry, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="截至记录")
    note = models.CharField("核对说明", max_length=200, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    checker_name = models.CharField("核对人", max_length=60)

    objects = DutyCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "履职记录核对"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mandate", "year", "entries", "up_to"], nulls_distinct=False, name="dutycheck_once"
            )
        ]
        triggers = [append_only("dutycheck_append_only")]

    def __str__(self) -> str:
        return f"{self.year}年核对无误，截至第{self.entries}条"


class ContestOutcome(models.TextChoices):
    """How a contest that was accepted came into the ledger."""

    SOURCE = "source", "来源已更正"
    REVERSED = "reversed", "已冲销"
    ENTERED = "entered", "已补记"


class DutyContestQuerySet(ScopedQuerySet["DutyContest"]):
    def visible_to(self, actor: Actor) -> Self:
        """The deputy, and staff who see the deputy's duty file."""
        if not (actor.is_system or actor.can(Permission.DUTY_VIEW)):
            return self.none()
        return self.filter(mandate__in=Mandate.objects.visible_to(actor))


class DutyContest(PublicModel):
    """A deputy says that an entry is wrong (``entry`` is set), or that one is missing. What is said about kind, day,
    quantity and content is the entry's, or what the deputy reports."""

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="duty_contests")
    entry = models.ForeignKey(DutyEntry, on_delete=models.PROTECT, null=True, related_name="contests")
    client_token = models.UUIDField("表单标识", unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("事项", max_length=20, choices=DutyKind)
    activity_kind = models.CharField("活动类别", max_length=20, choices=ActivityKind, blank=True)
    on = models.DateField("日期")
    quantity = models.DecimalField("数量", max_digits=7, decimal_places=1, default=1)
    title = models.CharField("内容", max_length=200)
    text = models.TextField("说明", validators=[MaxLengthValidator(1000)])
    status = models.CharField("状态", max_length=10, choices=ContestStatus, default=ContestStatus.OPEN, editable=False)
    outcome = models.CharField("处理结果", max_length=10, choices=ContestOutcome, blank=True)
    decision = models.TextField("处理意见", blank=True, validators=[MaxLengthValidator(500)])
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("处理时间", null=True)
    deadlines = GenericRelation("liaison.Deadline", related_query_name="duty_contest")

    objects = DutyContestQuerySet.as_manager()

    class Meta:
        verbose_name = "履职记录异议"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(status=ContestStatus.OPEN), name="dutycontest_one_open"
            ),
            models.CheckConstraint(
                condition=Q(status=ContestStatus.OPEN, decided_at=None)
                | (~Q(status=ContestStatus.OPEN) & Q(decided_at__isnull=False)),
                name="dutycontest_decided_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status=ContestStatus.ACCEPTED) ^ Q(outcome=""), name="dutycontest_accepted_has_outcome"
            ),
            models.CheckConstraint(
                condition=Q(kind=DutyKind.ACTIVITY) ^ Q(activity_kind=""), name="dutycontest_activity_has_kind"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="dutycontest_says_something"),
        ]
        indexes = [
            models.Index(fields=["mandate", "-id"], name="dutycontest_mandate"),
            models.Index(fields=["status", "id"], condition=Q(status="open"), name="dutycontest_open"),
        ]

    def __str__(self) -> str:
        return f"{'异议' if self.entry_id else '补报'}：{self.title}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for staff."""
        return self.status == ContestStatus.OPEN

    @property
    def year(self) -> int:
        """The calendar year whose file it concerns."""
        return self.on.year

    @property
    def kind_label(self) -> str:
        """The kind in words; an activity by its own kind."""
        return self.get_activity_kind_display() if self.activity_kind else self.get_kind_display()

    @property
    def unit(self) -> str:
        """The measure word."""
        return DutyKind(self.kind).unit

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return {ContestStatus.OPEN: "amber", ContestStatus.ACCEPTED: "green"}.get(ContestStatus(self.status), "grey")

    def get_absolute_url(self) -> str:
        return reverse("duty:contest", args=[self.public_id])
