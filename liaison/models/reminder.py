"""Reminders (催办提醒): which thresholds a deadline kind has, and who was told which one."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models

from liaison.clock import now


class ReminderRule(models.Model):
    """The thresholds of one deadline kind; without a row the registered defaults hold."""

    kind = models.CharField("期限种类", max_length=40, primary_key=True)
    days_before = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(365)]),
        verbose_name="提前天数",
        help_text="到期前几天提醒,0表示到期当天，用逗号分开，例如 10,5,1,0。",
    )
    overdue_every = models.PositiveSmallIntegerField("超期后每隔几天提醒", default=7)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "提醒规则"

    def __str__(self) -> str:
        return self.kind


class Reminder(models.Model):
    """One threshold that one person has been told. Unique, so a scan may run twice, late or after an outage.

    ``due_on`` is part of the key: a deadline that moved is announced anew for its new day. The key's
    index serves the scan; the foreign keys have none of their own, as this table only grows.
    """

    deadline = models.ForeignKey("liaison.Deadline", on_delete=models.PROTECT, related_name="reminders", db_index=False)
    due_on = models.DateField()
    threshold = models.SmallIntegerField("阈值", help_text="到期前天数；负数为超期后天数")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    notice = models.ForeignKey(
        "liaison.Notice", on_delete=models.PROTECT, null=True, blank=True, related_name="reminders", db_index=False
    )
    created_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = "催办提醒"
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "due_on", "threshold", "recipient"], name="reminder_once_per_threshold_and_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id} {self.threshold}"
