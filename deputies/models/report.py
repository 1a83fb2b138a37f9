"""Reports of deputies (代表报告): written or uploaded, received by the organiser, transferred to organs, answered."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from deputies.states import JudgingStatus, ReportStatus
from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor

#: States in which only its authors see the text.
PRIVATE_STATES = (ReportStatus.DRAFT, ReportStatus.DISCARDED)
#: States in which it counts as written (the ledger holds it).
ACCEPTED_STATES = (ReportStatus.ACCEPTED, ReportStatus.TRANSFERRED, ReportStatus.ANSWERED)
#: The colour of each state's tag; blue where none is named.
_TONES = {
    ReportStatus.DRAFT: "grey",
    ReportStatus.DISCARDED: "grey",
    ReportStatus.SUBMITTED: "amber",
    ReportStatus.RETURNED: "amber",
    ReportStatus.ACCEPTED: "green",
    ReportStatus.ANSWERED: "green",
}
MAX_TEXT = 20_000


class ReportKind(models.TextChoices):
    """Kinds of reports (报告种类)."""

    RESEARCH = "research", "调研报告"
    MICRO = "micro", "微报告"
    OPINION = "opinion", "民情报告"
    INSPECTION = "inspection", "视察报告"


class DeputyReportQuerySet(ScopedQuerySet["DeputyReport"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: submitted ones of their subtree; a deputy: those they write or were asked to sign; an organ:
        what was transferred to it; a judge: the reports of a judging while it runs."""
        from deputies.models.judging import Judge

        if actor.is_system:
            return self.all()
        if not actor.can(Permission.REPORT_VIEW):
            return self.none()
        judged = Judge.objects.filter(
            judging__entries__report=OuterRef("pk"), user_id=actor.user_id or 0, judging__status=JudgingStatus.OPEN
        )
        transfers = ReportTransfer.objects.filter(report=OuterRef("pk"), cancelled_at=None)
        if actor.is_deputy:
            asked = ReportAuthor.objects.filter(report=OuterRef("pk"), person_id=actor.deputy_id)
            asked = asked.exclude(status=AuthorStatus.DECLINED)  # who declined has no more to do with it
            return self.filter(Q(person_id=actor.deputy_id) | Exists(asked) | Exists(judged)).exclude(
                status=ReportStatus.DISCARDED
            )
        sent = Exists(transfers.filter(unit_id=actor.organisation_id)) | Exists(judged)
        if actor.is_congress:
            return self.filter(
                (Q(region_prefix__startswith=actor.region_prefix) & ~Q(status__in=PRIVATE_STATES)) | sent
            )
        return self.filter(sent) if actor.is_unit else self.none()


class DeputyReport(PublicModel):
    """One report. ``text`` is written in the browser, or the report is a file (slot ``report``); then ``summary`` says
    what is in it. ``version`` grows with each change: a stale page is told so."""

    client_token = models.UUIDField("表单标识", unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("种类", max_length=12, choices=ReportKind)
    mandate = models.ForeignKey(
        "deputies.Mandate", on_delete=models.PROTECT, related_name="reports", verbose_name="执笔代表"
    )
    person = models.ForeignKey("deputies.Person", on_delete=models.PROTECT, related_name="reports")
    office = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name="接收机构"
    )
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    campaign = models.ForeignKey(
        "deputies.Campaign",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name="主题活动",
    )
    activity = models.ForeignKey(
        "deputies.Activity",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name="代表活动",
    )
    title = models.CharField("标题", max_length=80, blank=True)
    summary = models.TextField("摘要", blank=True, validators=[MaxLengthValidator(500)])
    text = models.TextField("正文", blank=True, validators=[MaxLengthValidator(MAX_TEXT)])
    status = models.CharField("状态", max_length=12, choices=ReportStatus, default=ReportStatus.DRAFT, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField("接收时间", null=True, blank=True, editable=False)

    objects = DeputyReportQuerySet.as_manager()

    class Meta:
        verbose_name = "代表报告"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[*PRIVATE_STATES, ReportStatus.RETURNED]) | Q(submitted_at__isnull=False),
                name="deputyreport_submitted_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ACCEPTED_STATES, accepted_at__isnull=False)
                | (~Q(status__in=ACCEPTED_STATES) & Q(accepted_at=None)),
                name="deputyreport_accepted_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["region_prefix", "-id"], name="deputyreport_region"),
            models.Index(fields=["person", "-id"], name="deputyreport_person"),
            models.Index(fields=["campaign", "-id"], condition=Q(campaign__isnull=False), name="deputyreport_campaign"),
        ]

    def __str__(self) -> str:
        return self.title or "(未填标题)"

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return _TONES.get(ReportStatus(self.status), "blue")

    @property
    def is_accepted(self) -> bool:
        """Whether the organiser took it."""
        return self.status in ACCEPTED_STATES

    @property
    def receiving_offices(self) -> set[int]:
        """Who may receive it: the office of the author's congress, and the organiser of the campaign."""
        return {self.office_id} | ({self.campaign.office_id} if self.campaign is not None else set())

    def get_absolute_url(self) -> str:
        return reverse("reports:detail", args=[self.public_id])

    @property
    def deputy_url(self) -> str:
        """Its page for its authors."""
        return reverse("my_reports:detail", args=[self.public_id])


class AuthorStatus(models.TextChoices):
    """What an asked co-author said."""

    INVITED = "invited", "待确认"
    CONFIRMED = "confirmed", "已确认"
    DECLINED = "declined", "未参加"


class ReportAuthor(PublicModel):
    """A co-author (合作代表): listed only once they confirm."""

    report = models.ForeignKey(DeputyReport, on_delete=models.CASCADE, related_name="authors")
    mandate = models.ForeignKey("deputies.Mandate", on_delete=models.PROTECT, related_name="+", verbose_name="合作代表")
    person = models.ForeignKey("deputies.Person", on_delete=models.PROTECT, related_name="+")
    status = models.CharField("状态", max_length=10, choices=AuthorStatus, default=AuthorStatus.INVITED)
    responded_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = "合作代表"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "person"], name="reportauthor_once"),
            models.CheckConstraint(
                condition=Q(status=AuthorStatus.INVITED, responded_at=None)
                | (~Q(status=AuthorStatus.INVITED) & Q(responded_at__isnull=False)),
                name="reportauthor_answered_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.person_id}"


class ReportTransferQuerySet(ScopedQuerySet["ReportTransfer"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: transfers of reports of their subtree, and what came to their own office; an organ: what came
        to it; a deputy: transfers of the reports that they signed."""
        if actor.is_system:
            return self.all()
        if not actor.can(Permission.REPORT_VIEW):
            return self.none()
        own = Q(unit_id=actor.organisation_id, cancelled_at=None)
        if actor.is_deputy:
            signed = ReportAuthor.objects.filter(
                report=OuterRef("report"), person_id=actor.deputy_id, status=AuthorStatus.CONFIRMED
            )
            return self.filter(Q(report__person_id=actor.deputy_id) | Exists(signed))
        if actor.is_congress:
            return self.filter(Q(report__region_prefix__startswith=actor.region_prefix) | own)
        return self.filter(own) if actor.is_unit else self.none()


class ReportTransfer(PublicModel):
    """A report handed to one organ (转送): what it is asked, until when, and what it answered."""

    report = models.ForeignKey(DeputyReport, on_delete=models.PROTECT, related_name="transfers")
    unit = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name="转送机关"
    )
    requirement = models.TextField("办理要求", validators=[MaxLengthValidator(500)])
    transferred_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="转送人"
    )
    answer = models.TextField("反馈意见", blank=True, validators=[MaxLengthValidator(5000)])
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="反馈人"
    )
    answered_at = models.DateTimeField("反馈时间", null=True)
    cancelled_at = models.DateTimeField("撤回时间", null=True)
    cancel_reason = models.CharField("撤回原因", max_length=200, blank=True)
    deadlines = GenericRelation("liaison.Deadline", related_query_name="report_transfer")

    objects = ReportTransferQuerySet.as_manager()

    class Meta:
        verbose_name = "代表报告转送"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "unit"], condition=Q(cancelled_at=None), name="reporttransfer_once"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="reporttransfer_answered_has_words",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancel_reason="")
                | (Q(cancelled_at__isnull=False, answered_at=None) & ~Q(cancel_reason="")),
                name="reporttransfer_cancelled_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["unit", "-id"], name="reporttransfer_unit")]

    def __str__(self) -> str:
        return str(self.report)

    @property
    def is_open(self) -> bool:
        """Whether the organ still has to answer."""
        return self.answered_at is None and self.cancelled_at is None

    def get_absolute_url(self) -> str:
        return reverse("report_transfers:detail", args=[self.public_id])
