"""The suggestion (代表建议、批评和意见)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.models.user import PHONE_VALIDATOR
from liaison.permissions import Permission
from suggestions.states import SuggestionStatus

if TYPE_CHECKING:
    from liaison.actor import Actor

#: States in which only the deputies see the text.
PRIVATE_STATES = (SuggestionStatus.DRAFT, SuggestionStatus.DISCARDED)

#: The colour of each state's tag; blue where none is named.
_TONES = {
    SuggestionStatus.DRAFT: "grey",
    SuggestionStatus.DISCARDED: "grey",
    SuggestionStatus.SUBMITTED: "amber",
    SuggestionStatus.RETURNED: "amber",
    SuggestionStatus.REFUSED: "grey",
    SuggestionStatus.REGISTERED: "amber",
    SuggestionStatus.ASSIGNED: "amber",
    SuggestionStatus.REWORK: "red",
    SuggestionStatus.COORDINATING: "red",
    SuggestionStatus.CLOSED: "green",
}


class SuggestionKind(models.TextChoices):
    """How a suggestion came to be (建议种类)."""

    SESSION = "session", "大会期间建议"
    RECESS = "recess", "闭会期间建议"
    MOTION = "motion", "议案转建议"
    DELEGATION = "delegation", "代表团建议"


class Origin(models.TextChoices):
    """Where its matter comes from (建议来源)."""

    PUBLIC_OPINION = "public_opinion", "群众反映"
    STATION = "station", "代表联络站接待"
    RESEARCH = "research", "专题调研"
    INSPECTION = "inspection", "集中视察"
    CAMPAIGN = "campaign", "主题活动"
    HOTLINE = "hotline", "12345热线"
    PROCURATORATE = "procuratorate", "检察机关"
    OTHER = "other", "其他"


class PublishConsent(models.TextChoices):
    """What of it may be published (公开意愿)."""

    FULL = "full", "同意全文公开"
    TITLE = "title", "仅公开标题"
    NONE = "none", "不同意公开"


class SuggestionQuerySet(ScopedQuerySet["Suggestion"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: submitted ones of their subtree; a unit: those assigned to it; a procuratorate: those
        transferred to it; a deputy: their own, and those they were asked to co-sign."""
        from suggestions.models.assignment import Assignment
        from suggestions.models.cosigner import Cosigner
        from suggestions.models.transfer import UNSENT_STATES, Transfer

        if actor.is_system:
            return self.all()
        if actor.is_deputy:
            asked = Cosigner.objects.filter(suggestion=OuterRef("pk"), person_id=actor.deputy_id)
            return self.filter(Q(lead_person_id=actor.deputy_id) | Exists(asked)).exclude(
                status=SuggestionStatus.DISCARDED
            )
        if actor.is_congress and actor.can(Permission.SUGGESTION_VIEW):
            return self.filter(region_prefix__startswith=actor.region_prefix).exclude(status__in=PRIVATE_STATES)
        if actor.is_unit and actor.can(Permission.SUGGESTION_VIEW):
            return self.filter(
                Exists(Assignment.objects.filter(suggestion=OuterRef("pk"), unit_id=actor.organisation_id))
            )
        if actor.is_procuratorate and actor.can(Permission.TRANSFER_VIEW):
            sent = Transfer.objects.filter(suggestion=OuterRef("pk"), procuratorate_id=actor.organisation_id)
            return self.filter(Exists(sent.exclude(status__in=UNSENT_STATES)))
        return self.none()


@pghistory.track(exclude=["created_at", "updated_at", "search"])
class Suggestion(PublicModel):
    """One matter that a deputy raises. ``version`` grows with each change: a stale page is told so."""

    client_token = models.UUIDField("表单标识", unique=True, default=uuid.uuid4, editable=False)
    congress = models.ForeignKey("deputies.Congress", on_delete=models.PROTECT, related_name="suggestions")
    session = models.ForeignKey(
        "deputies.Session", on_delete=models.PROTECT, null=True, blank=True, related_name="suggestions"
    )
    office = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name="人大工作机构"
    )
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    kind = models.CharField("种类", max_length=12, choices=SuggestionKind, default=SuggestionKind.RECESS)
    title = models.CharField("标题", max_length=60, blank=True)
    situation = models.TextField("事由", blank=True, validators=[MaxLengthValidator(8000)])
    proposal = models.TextField("具体建议", blank=True, validators=[MaxLengthValidator(8000)])
    category = models.ForeignKey(
        "suggestions.Category", on_delete=models.PROTECT, null=True, blank=True, verbose_name="类别"
    )
    lead = models.ForeignKey("deputies.Mandate", on_delete=models.PROTECT, related_name="+", verbose_name="领衔代表")
    lead_person = models.ForeignKey("deputies.Person", on_delete=models.PROTECT, related_name="suggestions")
    contact_phone = models.CharField("联系电话", max_length=11, blank=True, validators=[PHONE_VALIDATOR])
    wished_unit = models.ForeignKey(
        "liaison.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="希望的承办单位",
    )
    origin = models.CharField("来源", max_length=20, choices=Origin, default=Origin.PUBLIC_OPINION)
    campaign = models.ForeignKey(
        "deputies.Campaign",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suggestions",
        verbose_name="主题活动",
    )
    wants_talk = models.BooleanField("希望当面沟通", default=False)
    publish_consent = models.CharField("公开意愿", max_length=10, choices=PublishConsent, default=PublishConsent.FULL)
    publish_reason = models.CharField("不公开理由", max_length=200, blank=True)

    status = models.CharField(
        "状态", max_length=15, choices=SuggestionStatus, default=SuggestionStatus.DRAFT, editable=False
    )
    number = models.PositiveIntegerField("编号", null=True, blank=True, editable=False)
    number_label = models.CharField("建议编号", max_length=80, blank=True, editable=False)
    main_unit = models.ForeignKey(
        "liaison.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="主办单位",
        editable=False,
    )
    refusal_clause = models.ForeignKey(
        "suggestions.RefusalClause", on_delete=models.PROTECT, null=True, blank=True, verbose_name="不予受理情形"
    )
    round = models.PositiveSmallIntegerField("办理轮次", default=1, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True, editable=False)
    registered_at = models.DateTimeField("登记时间", null=True, blank=True, editable=False)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True, editable=False)
    search = SearchVectorField(null=True, editable=False)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = "代表建议"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "session", "number"],
                condition=Q(number__isnull=False),
                nulls_distinct=False,
                name="suggestion_number_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[*PRIVATE_STATES, SuggestionStatus.RETURNED]) | Q(submitted_at__isnull=False),
                name="suggestion_submitted_has_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        *PRIVATE_STATES,
                        SuggestionStatus.SUBMITTED,
                        SuggestionStatus.RETURNED,
                        SuggestionStatus.REFUSED,
                    ]
                )
                | Q(number__isnull=False, registered_at__isnull=False),
                name="suggestion_registered_has_number",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        SuggestionStatus.ASSIGNED,
                        SuggestionStatus.HANDLING,
                        SuggestionStatus.ANSWERED,
                        SuggestionStatus.REWORK,
                    ],
                    main_unit__isnull=False,
                )
                | ~Q(
                    status__in=[
                        SuggestionStatus.ASSIGNED,
                        SuggestionStatus.HANDLING,
                        SuggestionStatus.ANSWERED,
                        SuggestionStatus.REWORK,
                    ]
                ),
                name="suggestion_assigned_has_unit",
            ),
            models.CheckConstraint(
                condition=Q(status=SuggestionStatus.CLOSED, closed_at__isnull=False)
                | (~Q(status=SuggestionStatus.CLOSED) & Q(closed_at__isnull=True)),
                name="suggestion_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status=SuggestionStatus.REFUSED, refusal_clause__isnull=False)
                | (~Q(status=SuggestionStatus.REFUSED) & Q(refusal_clause__isnull=True)),
                name="suggestion_refused_has_clause",
            ),
        ]
        indexes = [
            models.Index(fields=["region_prefix", "-id"], name="suggestion_region"),
            # The region lies in the index, so that the counts over the desk's tabs read no row.
            models.Index(fields=["office", "status", "-id"], include=["region_prefix"], name="suggestion_desk"),
            models.Index(fields=["lead_person", "-id"], name="suggestion_lead"),
            GinIndex(fields=["search"], name="suggestion_search"),
        ]

    def __str__(self) -> str:
        return self.title or "(未填标题)"

    @property
    def short_number(self) -> str:
        """The number without the congress, for lists: 二次会议第0123号, 闭会第0007号."""
        return self.number_label.removeprefix(self.congress.short_name).removesuffix("建议")

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return _TONES.get(SuggestionStatus(self.status), "blue")

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("suggestions:detail", args=[self.public_id])
