"""Co-signers (附议代表): asked by the lead deputy, listed only once they confirm."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class CosignerStatus(models.TextChoices):
    """What an asked deputy said."""

    INVITED = "invited", "待确认"
    CONFIRMED = "confirmed", "已附议"
    DECLINED = "declined", "未附议"


class Cosigner(models.Model):
    """One deputy asked to co-sign one suggestion."""

    suggestion = models.ForeignKey("suggestions.Suggestion", on_delete=models.CASCADE, related_name="cosigners")
    mandate = models.ForeignKey("deputies.Mandate", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("deputies.Person", on_delete=models.PROTECT, related_name="cosigned")
    status = models.CharField("状态", max_length=10, choices=CosignerStatus, default=CosignerStatus.INVITED)
    invited_at = models.DateTimeField("邀请时间", auto_now_add=True)
    responded_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = "附议代表"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["suggestion", "person"], name="cosigner_once"),
            models.CheckConstraint(
                condition=Q(status=CosignerStatus.INVITED, responded_at__isnull=True)
                | (~Q(status=CosignerStatus.INVITED) & Q(responded_at__isnull=False)),
                name="cosigner_answered_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.status}"
