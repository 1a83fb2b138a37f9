"""Heartbeats: the last time the scheduled jobs were seen at work."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """Written by a task that the beat sends and a worker runs, so it proves both."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = "心跳"

    def __str__(self) -> str:
        return f"{self.name} {self.seen_at:%Y-%m-%d %H:%M}"
