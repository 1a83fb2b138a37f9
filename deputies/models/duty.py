"""The duty ledger (履职台账): what deputies did, entered by the events themselves, and the sums over it.

Rulebook section 4: facts and quotas, no points, no ranking, no second entry of what the system knows. The ledger is
append-only in the database; a correction is a reversing entry. ``DutyTotal`` is kept by a trigger on every insert, so a
page that compares thousands of deputies reads sums, not the ledger, and the sums cannot differ from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from deputies.models.mandate import Mandate, ProfessionClass
from liaison.models.base import PublicModel, ScopedQuerySet, append_only
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor


class ActivityKind(models.TextChoices):
    """Kinds of activities (活动类别, rulebook section 4)."""

    INSPECTION = "inspection", "集中视察"
    RESEARCH = "research", "专题调研"
    LAW_CHECK = "law_check", "执法检查"
    WORK_REVIEW = "work_review", "工作评议"
    HEAR_REPORT = "hear_report", "听取专项工作报告"
    GROUP = "group", "代表小组活动"
    VISIT = "visit", "走访"
    TALK = "talk", "座谈"
    STATION_DAY = "station_day", "进站接待"
    ATTEND_STANDING = "attend_standing", "列席常委会会议"
    STUDY = "study", "学习培训"
    LEGISLATION = "legislation", "立法调研"
    SUPERVISE = "supervise", "督办建议"


class DutyKind(models.TextChoices):
    """What an entry counts (履职事项)."""

    SESSION = "session", "出席代表大会会议"
    ACTIVITY = "activity", "参加闭会期间活动"
    RESEARCH_DAYS = "research_days", "深入基层调研"
    PEOPLE_VISITED = "people_visited", "走访群众"
    OPINION_HEARD = "opinion_heard", "听取意见建议"
    OPINION_ON_SPOT = "opinion_on_spot", "现场答复意见"
    OPINION_HANDED = "opinion_handed", "转办意见"
    SUGGESTION = "suggestion", "领衔提出建议"
    SUGGESTION_COSIGNED = "suggestion_cosigned", "附议建议"
    SUGGESTION_PLANNED = "suggestion_planned", "拟提出建议"
    PROBLEM_RAISED = "problem_raised", "反映急需解决的问题"
    PROBLEM_SOLVED = "problem_solved", "推动解决问题"
    REPORT = "report", "撰写报告"
    DEED = "deed", "办实事"
    PROJECT_INSPECTION = "project_inspection", "监督检查民生实事"
    CONTACT = "contact", "参加常委会组成人员联系活动"
    VOTER_REPORT = "voter_report", "向选民或原选举单位述职"

    @property
    def unit(self) -> str:
        """The measure word of its quantity."""
        return _UNITS.get(self, "件")


_UNITS = {
    DutyKind.SESSION: "次",
    DutyKind.ACTIVITY: "次",
    DutyKind.RESEARCH_DAYS: "天",
    DutyKind.PEOPLE_VISITED: "人",
    DutyKind.PROBLEM_RAISED: "个",
    DutyKind.PROBLEM_SOLVED: "个",
    DutyKind.REPORT: "篇",
    DutyKind.PROJECT_INSPECTION: "次",
    DutyKind.CONTACT: "次",
    DutyKind.VOTER_REPORT: "次",
}


class DutyEntryQuerySet(ScopedQuerySet["DutyEntry"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: entries of the mandates that they see; a deputy: their own."""
        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.DUTY_VIEW):
            return self.filter(mandate__in=Mandate.objects.visible_to(actor))
        if actor.is_deputy and actor.can(Permission.DUTY_VIEW):
            return self.filter(mandate__person_id=actor.deputy_id)
        return self.none()

    def standing(self) -> Self:
        """Entries that hold: neither reversed nor reversals."""
        return self.filter(reverses__isnull=True, reversal__isnull=True)


#: Every insert adds to the sums, in the same statement: they cannot drift from the ledger.
_ADD_UP = """
INSERT INTO deputies_dutytotal (mandate_id, year, kind, activity_kind, campaign_id, quantity)
VALUES (NEW.mandate_id, EXTRACT(YEAR FROM NEW."on"), NEW.kind, NEW.activity_kind, NEW.campaign_id, NEW.quantity)
ON CONFLICT (mandate_id, year, kind, activity_kind, campaign_id)
DO UPDATE SET quantity = deputies_dutytotal.quantity + EXCLUDED.quantity;
RETURN NULL;
"""


class DutyEntry(PublicModel):
    """One fact about one deputy. ``source`` is the event from which it came; ``quantity`` is in the kind's unit
    (half days are possible), negative in a reversing entry."""

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="duty_entries", verbose_name="代表")
    kind = models.CharField("事项", max_length=20, choices=DutyKind)
    activity_kind = models.CharField("活动类别", max_length=20, choices=ActivityKind, blank=True)
    on = models.DateField("日期")
    quantity = models.DecimalField("数量", max_digits=7, decimal_places=1)
    title = models.CharField("内容", max_length=200)
    campaign = models.ForeignKey(
        "deputies.Campaign",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="duty_entries",
        verbose_name="主题活动",
    )
    source_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    source_id = models.BigIntegerField("来源")
    source = GenericForeignKey("source_type", "source_id")
    revision = models.PositiveSmallIntegerField("次", default=1, editable=False)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversal", verbose_name="冲销"
    )
    reason = models.CharField("冲销原因", max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = DutyEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "履职记录"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_type", "source_id", "mandate", "kind", "activity_kind", "revision"],
                condition=Q(reverses=None),
                name="dutyentry_never_twice",
            ),
            models.CheckConstraint(
                condition=Q(reverses=None, quantity__gt=0, reason="")
                | (Q(reverses__isnull=False, quantity__lt=0) & ~Q(reason="")),
                name="dutyentry_reversed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(kind=DutyKind.ACTIVITY) ^ Q(activity_kind=""), name="dutyentry_activity_has_kind"
            ),
        ]
        indexes = [
            models.Index(fields=["mandate", "-on", "-id"], name="dutyentry_file"),
            models.Index(
                fields=["campaign", "-on", "-id"], condition=Q(campaign__isnull=False), name="dutyentry_campaign"
            ),
            # A report of several authors is entered for each of them and is one on the scoreboard.
            models.Index(
                fields=["campaign", "source_id"],
                condition=Q(kind=DutyKind.REPORT, campaign__isnull=False),
                name="dutyentry_report",
            ),
        ]
        triggers = [
            append_only("dutyentry_append_only"),
            pgtrigger.Trigger(name="dutyentry_add_up", operation=pgtrigger.Insert, when=pgtrigger.After, func=_ADD_UP),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%Y-%m-%d}"

    @property
    def kind_label(self) -> str:
        """The kind in words; an activity by its own kind."""
        return self.get_activity_kind_display() if self.activity_kind else self.get_kind_display()

    @property
    def unit(self) -> str:
        """The measure word."""
        return DutyKind(self.kind).unit


class DutyTotal(models.Model):
    """The sum over the ledger of one deputy, year, kind and campaign; written by the trigger only."""

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="duty_totals")
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("事项", max_length=20, choices=DutyKind)
    activity_kind = models.CharField("活动类别", max_length=20, choices=ActivityKind, blank=True)
    campaign = models.ForeignKey(
        "deputies.Campaign", on_delete=models.PROTECT, null=True, blank=True, related_name="duty_totals"
    )
    quantity = models.DecimalField("数量", max_digits=9, decimal_places=1)

    class Meta:
        verbose_name = "履职合计"
        constraints = [
            models.UniqueConstraint(
                fields=["mandate", "year", "kind", "activity_kind", "campaign"],
                nulls_distinct=False,
                name="dutytotal_once",
            )
        ]
        indexes = [
            models.Index(fields=["campaign", "kind"], condition=Q(campaign__isnull=False), name="dutytotal_campaign")
        ]

    def __str__(self) -> str:
        return f"{self.mandate_id} {self.year} {self.kind}: {self.quantity}"


class QuotaPeriod(models.TextChoices):
    """Over what a quota runs."""

    YEAR = "year", "每年"
    TERM = "term", "本届"
    CAMPAIGN = "campaign", "活动期间"


class QuotaAudience(models.TextChoices):
    """For whom a quota is."""

    ALL = "all", "全体代表"
    CADRE = "cadre", "领导干部代表"
    GRASSROOTS = "grassroots", "基层代表"

    def includes(self, profession_class: str) -> bool:
        """Whether it is for a deputy of this class (基层代表: everybody who is no leading cadre)."""
        if self is QuotaAudience.ALL:
            return True
        return (profession_class == ProfessionClass.CADRE) == (self is QuotaAudience.CADRE)


class DutyQuotaQuerySet(ScopedQuerySet["DutyQuota"]):
    def visible_to(self, actor: Actor) -> Self:
        """The requirements of the congresses and campaigns that the actor sees."""
        from deputies.models.campaign import Campaign
        from deputies.models.congress import Congress

        if actor.is_system:
            return self.all()
        if not actor.can(Permission.CAMPAIGN_VIEW):
            return self.none()
        return self.filter(
            Q(congress__in=Congress.objects.visible_to(actor)) | Q(campaign__in=Campaign.objects.visible_to(actor))
        )


class DutyQuota(PublicModel):
    """A requirement per deputy (履职要求): at least so much of a kind in a year, a term or a campaign.

    It belongs to a congress or to a campaign. ``activity_kinds`` narrows ``activity`` to some kinds; empty means any.
    What is entered under ``or_kind`` counts as well (办实事或者推动解决问题).
    """

    congress = models.ForeignKey(
        "deputies.Congress", on_delete=models.PROTECT, null=True, blank=True, related_name="duty_quotas"
    )
    campaign = models.ForeignKey(
        "deputies.Campaign", on_delete=models.PROTECT, null=True, blank=True, related_name="quotas"
    )
    period = models.CharField("周期", max_length=10, choices=QuotaPeriod)
    audience = models.CharField("适用", max_length=12, choices=QuotaAudience, default=QuotaAudience.ALL)
    kind = models.CharField("事项", max_length=20, choices=DutyKind)
    or_kind = models.CharField("或者", max_length=20, choices=DutyKind, blank=True)
    activity_kinds = ArrayField(models.CharField(max_length=20, choices=ActivityKind), default=list, blank=True)
    minimum = models.DecimalField(
        "最低数量", max_digits=5, decimal_places=1, validators=[MinValueValidator(0.5, "至少为0.5。")]
    )
    words = models.CharField("要求", max_length=60, help_text="例如“走访群众不少于15人”。")
    basis = models.CharField("依据", max_length=200, blank=True)
    ended_on = models.DateField("停止日期", null=True, blank=True)
    end_reason = models.CharField("停止原因", max_length=200, blank=True)

    objects = DutyQuotaQuerySet.as_manager()

    class Meta:
        verbose_name = "履职要求"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(congress__isnull=False, campaign=None, period__in=[QuotaPeriod.YEAR, QuotaPeriod.TERM])
                    | Q(congress=None, campaign__isnull=False)
                ),
                name="dutyquota_of_one",
            ),
            models.CheckConstraint(condition=Q(minimum__gt=0), name="dutyquota_asks_something"),
            models.CheckConstraint(
                condition=Q(ended_on=None, end_reason="") | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
                name="dutyquota_ended_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def kinds(self) -> list[str]:
        """The kinds that count."""
        return [self.kind, self.or_kind] if self.or_kind else [self.kind]

    @property
    def unit(self) -> str:
        """The measure word."""
        return DutyKind(self.kind).unit
