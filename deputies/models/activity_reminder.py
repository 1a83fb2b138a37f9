"""Who was reminded of which activity (活动提醒)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from liaison.clock import now


class ActivityReminderKind(models.TextChoices):
    """Of what somebody is reminded."""

    BEGINS = "begins", "活动前一天"
    REPLY = "reply", "报名截止前一天"


class ActivityReminder(models.Model):
    """One reminder that one person has been given. Unique, so a scan may run twice, late or after an outage; ``on``
    is the day of which it reminds, so an activity that was moved is announced anew for its new day."""

    activity = models.ForeignKey("deputies.Activity", on_delete=models.PROTECT, related_name="reminders")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField("提醒", max_length=10, choices=ActivityReminderKind)
    on = models.DateField("日期")
    created_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = "活动提醒"
        constraints = [
            models.UniqueConstraint(fields=["activity", "recipient", "kind", "on"], name="activityreminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.kind} {self.on:%Y-%m-%d}"
