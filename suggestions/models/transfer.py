"""Transfers (转交检察机关的线索): a suggestion that may touch public interest, handed to the procuratorate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission
from suggestions.states import TransferStatus

if TYPE_CHECKING:
    from liaison.actor import Actor

#: States in which the procuratorate knows nothing of it.
UNSENT_STATES = (TransferStatus.MARKED, TransferStatus.REJECTED)
#: States in which the opinion is given.
OPINION_STATES = (TransferStatus.FILED, TransferStatus.DECLINED, TransferStatus.ALREADY_HANDLING)
#: States that end a transfer for good: the suggestion may be marked anew after them only when rejected.
CONVERTED_STATES = (
    TransferStatus.FILED,
    TransferStatus.RECOMMENDED,
    TransferStatus.AGENCY_ANSWERED,
    TransferStatus.RECTIFIED,
    TransferStatus.SUED,
)
#: The colour of each state's tag; blue where none is named.
_TONES = {
    TransferStatus.MARKED: "amber",
    TransferStatus.REJECTED: "grey",
    TransferStatus.NEEDS_INFO: "amber",
    TransferStatus.FILED: "green",
    TransferStatus.DECLINED: "grey",
    TransferStatus.ALREADY_HANDLING: "grey",
    TransferStatus.RECTIFIED: "green",
    TransferStatus.SUED: "accent",
    TransferStatus.CLOSED: "green",
}


class TransferOpinion(models.TextChoices):
    """What the procuratorate says (转化意见)."""

    FILE = "file", "转化立案"
    DECLINE = "decline", "不转化"
    ALREADY = "already", "已在办"
    REQUEST_INFO = "request_info", "需补充线索"


class TransferQuerySet(ScopedQuerySet["Transfer"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: their subtree; a procuratorate: what was sent to it; a deputy: what was sent from
        a suggestion that they lead or co-signed. Handling units see none (the clue may concern them)."""
        from suggestions.models.cosigner import Cosigner, CosignerStatus

        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.TRANSFER_VIEW):
            return self.filter(region_prefix__startswith=actor.region_prefix)
        sent = self.exclude(status__in=UNSENT_STATES)
        if actor.is_procuratorate and actor.can(Permission.TRANSFER_VIEW):
            return sent.filter(procuratorate_id=actor.organisation_id)
        if actor.is_deputy:
            signed = Cosigner.objects.filter(
                suggestion=OuterRef("suggestion"), person_id=actor.person_id or 0, status=CosignerStatus.CONFIRMED
            )
            return sent.filter(Q(suggestion__lead_person_id=actor.person_id) | Exists(signed))
        return self.none()


@pghistory.track(exclude=["created_at", "updated_at"])
class Transfer(PublicModel):
    """A suggestion handed to the procuratorate (转交检察机关的线索)."""

    suggestion = models.ForeignKey("suggestions.Suggestion", on_delete=models.PROTECT, related_name="transfers")
    office = models.ForeignKey("liaison.Organisation", on_delete=models.PROTECT, related_name="+")
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    procuratorate = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, related_name="transfers", verbose_name="接收检察院"
    )
    domain = models.ForeignKey("suggestions.PublicInterestDomain", on_delete=models.PROTECT, verbose_name="领域")
    place = models.CharField("地点", max_length=120)
    harmed_interest = models.TextField("受损害的公共利益", validators=[MaxLengthValidator(2000)])
    agency_concerned = models.CharField("涉及的行政机关或单位", max_length=120)
    note = models.TextField("线索说明", blank=True, validators=[MaxLengthValidator(4000)])
    status = models.CharField(
        "状态", max_length=20, choices=TransferStatus, default=TransferStatus.MARKED, editable=False
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    transferred_at = models.DateTimeField("转交时间", null=True, blank=True)
    received_at = models.DateTimeField("签收时间", null=True, blank=True)
    lead_number = models.CharField("线索编号", max_length=60, blank=True)
    opinion = models.CharField("转化意见", max_length=15, choices=TransferOpinion, blank=True)
    opinion_reason = models.TextField("意见理由", blank=True, validators=[MaxLengthValidator(4000)])
    opinion_on = models.DateField("意见日期", null=True, blank=True)
    opinion_at = models.DateTimeField("意见报送时间", null=True, blank=True)
    opinion_in_time = models.BooleanField("按期反馈", null=True, blank=True)
    case_number = models.CharField("案件编号", max_length=60, blank=True)
    converted = models.BooleanField("已转化立案", default=False)
    deadlines = GenericRelation("liaison.Deadline", related_query_name="transfer")

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = "公益诉讼线索转交"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion"], condition=~Q(status=TransferStatus.REJECTED), name="transfer_once_per_suggestion"
            ),
            models.CheckConstraint(
                condition=Q(status__in=UNSENT_STATES, transferred_at__isnull=True)
                | (~Q(status__in=UNSENT_STATES) & Q(transferred_at__isnull=False)),
                name="transfer_sent_has_time",
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True) | Q(received_at__gte=F("transferred_at")),
                name="transfer_received_after_sent",
            ),
            models.CheckConstraint(
                condition=Q(opinion__in=["", TransferOpinion.REQUEST_INFO], opinion_at__isnull=True)
                | (
                    ~Q(opinion__in=["", TransferOpinion.REQUEST_INFO])
                    & Q(opinion_at__isnull=False, opinion_on__isnull=False)
                ),
                name="transfer_opinion_has_date",
            ),
        ]
        indexes = [
            models.Index(fields=["region_prefix", "-id"], name="transfer_region"),
            models.Index(fields=["procuratorate", "status", "-id"], name="transfer_procuratorate"),
        ]

    def __str__(self) -> str:
        return f"{self.suggestion} 线索"

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return _TONES.get(TransferStatus(self.status), "blue")

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("transfers:detail", args=[self.public_id])
