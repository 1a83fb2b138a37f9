"""Deputies' reports to voters or to the body that elected them (述职): the meeting, the text, questions, the appraisal.

Source: 代表法 (deputies report on their work to their voters or electoral unit); Hunan 2023, eighth way: each deputy at
least once a term.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from deputies.models.mandate import Mandate
from deputies.states import VoterMeetingStatus, VoterReportStatus
from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor

#: Kind in the key of the appraisals asked for here.
APPRAISAL = "voter_meeting"
_MEETING_TONES = {
    VoterMeetingStatus.PLANNED: "blue",
    VoterMeetingStatus.HELD: "amber",
    VoterMeetingStatus.CLOSED: "green",
    VoterMeetingStatus.CANCELLED: "grey",
}
_TONES = {
    VoterReportStatus.DRAFT: "amber",
    VoterReportStatus.SUBMITTED: "blue",
    VoterReportStatus.DELIVERED: "green",
    VoterReportStatus.WITHDRAWN: "grey",
}


class VoterMeetingQuerySet(ScopedQuerySet["VoterMeeting"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: their subtree; a deputy: meetings at which they report."""
        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.VOTER_REPORT_VIEW):
            return self.filter(region_prefix__startswith=actor.region_prefix)
        if actor.is_deputy and actor.can(Permission.VOTER_REPORT_VIEW):
            own = VoterReport.objects.unscoped(reason="the actor's own reports").filter(
                mandate__person_id=actor.deputy_id
            )
            return self.filter(pk__in=own.values("meeting_id"))
        return self.none()


class VoterMeeting(PublicModel):
    """A meeting of voters, or of the electing body, at which deputies report. ``raters`` rate them on paper, each
    with one ballot; ``appraisal_url`` is the page of the count."""

    congress = models.ForeignKey("deputies.Congress", on_delete=models.PROTECT, related_name="voter_meetings")
    office = models.ForeignKey("liaison.Organisation", on_delete=models.PROTECT, related_name="voter_meetings")
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    electoral_unit = models.ForeignKey(
        "deputies.ElectoralUnit", on_delete=models.PROTECT, null=True, blank=True, verbose_name="选区、选举单位"
    )
    station = models.ForeignKey(
        "deputies.Station", on_delete=models.PROTECT, null=True, blank=True, verbose_name="代表联络站"
    )
    title = models.CharField("名称", max_length=80)
    on = models.DateField("日期")
    starts_at = models.TimeField("时间", null=True, blank=True)
    place = models.CharField("地点", max_length=100)
    status = models.CharField(
        "状态", max_length=10, choices=VoterMeetingStatus, default=VoterMeetingStatus.PLANNED, editable=False
    )
    voters = models.PositiveIntegerField("到会选民", null=True, blank=True)
    representatives = models.PositiveIntegerField("到会选民代表", null=True, blank=True)
    minutes = models.TextField("会议情况", blank=True, validators=[MaxLengthValidator(4000)])
    appraisal_url = models.CharField("测评", max_length=200, blank=True, editable=False)
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True)

    objects = VoterMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "述职会议"
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=VoterMeetingStatus.CANCELLED) ^ Q(cancel_reason=""),
                name="votermeeting_cancelled_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[VoterMeetingStatus.HELD, VoterMeetingStatus.CLOSED])
                | Q(voters__isnull=False, representatives__isnull=False),
                name="votermeeting_held_has_numbers",
            ),
        ]
        indexes = [models.Index(fields=["region_prefix", "-on", "-id"], name="votermeeting_region")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("voter_meetings:detail", args=[self.public_id])

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return _MEETING_TONES[VoterMeetingStatus(self.status)]

    @property
    def appraisal_key(self) -> str:
        """Under which its appraisal is asked for (``registry.appraisal_done``)."""
        return f"{APPRAISAL}:{self.public_id}"

    @property
    def is_ahead(self) -> bool:
        """Whether its day is still to come."""
        return self.on > timezone.localdate()

    @property
    def present(self) -> int:
        """How many came, voters and their representatives together."""
        return (self.voters or 0) + (self.representatives or 0)


class VoterReportQuerySet(ScopedQuerySet["VoterReport"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: their subtree; a deputy: their own."""
        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.VOTER_REPORT_VIEW):
            return self.filter(meeting__region_prefix__startswith=actor.region_prefix)
        if actor.is_deputy and actor.can(Permission.VOTER_REPORT_VIEW):
            return self.filter(mandate__person_id=actor.deputy_id)
        return self.none()


class VoterReport(PublicModel):
    """One deputy's report at one meeting. ``result`` is the appraisal: counts by rating, 满意 and valid ballots
    (numerator and denominator of the rate), the overall rating and the printed arithmetic."""

    meeting = models.ForeignKey(VoterMeeting, on_delete=models.PROTECT, related_name="reports")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="voter_reports")
    status = models.CharField(
        "状态", max_length=10, choices=VoterReportStatus, default=VoterReportStatus.DRAFT, editable=False
    )
    text = models.TextField("述职报告", blank=True, validators=[MaxLengthValidator(20000)])
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True, editable=False)
    return_reason = models.CharField("退回意见", max_length=300, blank=True, editable=False)
    result = models.JSONField("测评结果", null=True, blank=True, editable=False)

    objects = VoterReportQuerySet.as_manager()

    class Meta:
        verbose_name = "代表述职"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "mandate"], name="voterreport_once"),
            models.UniqueConstraint(
                fields=["mandate"],
                condition=Q(status__in=[VoterReportStatus.DRAFT, VoterReportStatus.SUBMITTED]),
                name="voterreport_one_coming",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mandate_id} {self.meeting_id}"

    def get_absolute_url(self) -> str:
        return reverse("voter_reports:detail", args=[self.public_id])

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return _TONES[VoterReportStatus(self.status)]


class VoterQuestion(PublicModel):
    """What a voter asked at the meeting, and the deputy's answer."""

    report = models.ForeignKey(VoterReport, on_delete=models.PROTECT, related_name="questions")
    asked_by = models.CharField("提问人", max_length=40, blank=True)
    text = models.CharField("问题", max_length=500)
    answer = models.TextField("代表回答", blank=True, validators=[MaxLengthValidator(2000)])

    class Meta:
        verbose_name = "选民提问"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:30]
