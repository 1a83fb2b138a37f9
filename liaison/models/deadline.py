"""Deadlines (期限): one clock that somebody holds on an object, by the rulebook's section 6."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from liaison.clock import now
from liaison.models.base import PublicModel, ScopedQuerySet, append_only

if TYPE_CHECKING:
    from liaison.actor import Actor


class PeriodUnit(models.TextChoices):
    """What the length of a period counts."""

    MONTHS = "months", "个月"
    WORKING_DAYS = "working_days", "个工作日"
    DAYS = "days", "日"
    DATE = "date", "指定日期"


class DeadlineQuerySet(ScopedQuerySet["Deadline"]):
    def visible_to(self, actor: Actor) -> Self:
        """Deadlines that the actor holds or supervises. (A record page shows all its clocks
        through the record's own visibility.)"""
        if actor.is_system:
            return self.all()
        mine = Q(holder_user_id=actor.user_id) if actor.user_id and actor.is_deputy else Q(pk__isnull=True)
        if actor.organisation_id is not None:
            mine |= Q(holder_id=actor.organisation_id) | Q(supervisor_id=actor.organisation_id)
        return self.filter(mine)

    def open(self) -> Self:
        """Clocks that are still running or paused."""
        return self.filter(met_at__isnull=True, cancelled_at__isnull=True)

    def running(self) -> Self:
        """Open clocks that are not paused."""
        return self.open().filter(paused_on__isnull=True)


class Deadline(PublicModel):
    """A period opened on a subject, held by an organisation or a person.

    ``nominal_due`` is the day that the bare rule gives, ``due_on`` the day that counts after days
    off and pauses. It is overdue from 00:00 (Asia/Shanghai) of the day after ``due_on``.
    ``calendar_version`` says by which state of the holiday table it was computed, so that one opened
    while the table changed is found and computed again.
    """

    kind = models.CharField("种类", max_length=40)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    holder = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="held_deadlines"
    )
    holder_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="held_deadlines"
    )
    supervisor = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="supervised_deadlines"
    )
    unit = models.CharField("单位", max_length=15, choices=PeriodUnit)
    length = models.PositiveSmallIntegerField("长度", null=True, blank=True)
    starts_on = models.DateField("起始日")
    fixed_on = models.DateField("指定日期", null=True, blank=True)
    nominal_due = models.DateField("名义到期日")
    due_on = models.DateField("到期日")
    provisional = models.BooleanField("暂定", default=False)
    steps = models.JSONField("推算过程", default=list, blank=True)
    paused_on = models.DateField("暂停自", null=True, blank=True)
    paused_days = models.PositiveSmallIntegerField("累计暂停天数", default=0)
    calendar_version = models.PositiveIntegerField("工作日历版本", default=0, editable=False)
    met_at = models.DateTimeField("完成时间", null=True, blank=True)
    cancelled_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = "期限"
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                condition=Q(met_at__isnull=True, cancelled_at__isnull=True),
                name="deadline_open_due",
            ),
            models.Index(fields=["content_type", "object_id"], name="deadline_subject"),
            models.Index(
                fields=["holder", "due_on"],
                condition=Q(met_at__isnull=True, cancelled_at__isnull=True),
                name="deadline_open_holder",
            ),
            models.Index(
                fields=["calendar_version", "id"],
                condition=Q(met_at__isnull=True, cancelled_at__isnull=True),
                name="deadline_open_calendar",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(holder__isnull=False) | Q(holder_user__isnull=False), name="deadline_has_holder"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("nominal_due")) & Q(nominal_due__gte=F("starts_on")),
                name="deadline_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(met_at__isnull=True) | Q(cancelled_at__isnull=True), name="deadline_met_or_cancelled"
            ),
            models.CheckConstraint(
                condition=Q(unit=PeriodUnit.DATE, length__isnull=True, fixed_on__isnull=False)
                | (~Q(unit=PeriodUnit.DATE) & Q(length__gte=1, fixed_on__isnull=True)),
                name="deadline_length_fits_unit",
            ),
            models.UniqueConstraint(
                fields=["kind", "content_type", "object_id"],
                condition=Q(met_at__isnull=True, cancelled_at__isnull=True),
                name="deadline_one_open_per_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"

    @property
    def is_open(self) -> bool:
        return self.met_at is None and self.cancelled_at is None

    @property
    def met_on(self) -> dt.date | None:
        """The day in Asia/Shanghai on which it was met."""
        return timezone.localtime(self.met_at).date() if self.met_at else None

    @property
    def met_in_time(self) -> bool | None:
        """None while open; else whether it was met by 24:00 of the due day."""
        met_on = self.met_on
        return None if met_on is None else met_on <= self.due_on


class DeadlineChange(models.Model):
    """What happened to a deadline: opened, paused, resumed, recomputed, extended, met, cancelled.

    ``on`` is the day from which it counts: of a pause, the day of pausing or of resuming.
    """

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="changes")
    act = models.CharField("动作", max_length=20)
    old_due = models.DateField("原到期日", null=True, blank=True)
    new_due = models.DateField("新到期日", null=True, blank=True)
    on = models.DateField("生效日", null=True, blank=True)
    reason = models.TextField("原因", blank=True)
    actor_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField("操作人", max_length=60)
    at = models.DateTimeField("时间", default=now)

    class Meta:
        verbose_name = "期限变更"
        ordering = ["id"]
        triggers = [append_only("deadlinechange_append_only")]

    def __str__(self) -> str:
        return f"{self.act} {self.old_due}→{self.new_due}"
