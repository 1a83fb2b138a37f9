"""Number series (建议编号): running, never reused, without gaps by concurrency."""

from __future__ import annotations

from django.db import models


class NumberSeries(models.Model):
    """The last number given in a session of a congress; ``session`` null is the series out of session."""

    congress = models.ForeignKey("deputies.Congress", on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey("deputies.Session", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    last = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        verbose_name = "编号序列"
        constraints = [
            models.UniqueConstraint(fields=["congress", "session"], nulls_distinct=False, name="numberseries_once"),
        ]

    def __str__(self) -> str:
        return f"{self.congress_id}/{self.session_id}: {self.last}"
