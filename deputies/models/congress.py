"""Congresses (人民代表大会) by term (届), their sessions (次会议), electoral units and settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from liaison.models import Organisation
from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import OrganisationKind

if TYPE_CHECKING:
    from liaison.actor import Actor


def office_above(prefix: str) -> Organisation | None:
    """The congress office of a region, else the nearest above it; None when there is none up to the province."""
    above = [prefix[:length] for length in (2, 4, 6, 9) if length <= len(prefix)]
    offices = Organisation.objects.unscoped(reason="one congress office a region").active()
    found = offices.filter(kind=OrganisationKind.CONGRESS, region__prefix__in=above)
    return found.order_by("-region__prefix").first()


class CongressLevel(models.TextChoices):
    """The five levels of deputies (五级代表)."""

    NATIONAL = "national", "全国"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级"
    TOWNSHIP = "township", "乡级"


class CongressQuerySet(ScopedQuerySet["Congress"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff see the congresses of their subtree and those above it that hold deputies there;
        deputies their own; others none."""
        if actor.is_system:
            return self.all()
        if actor.is_congress:
            above = [actor.region_prefix[:length] for length in (2, 4, 6) if length < len(actor.region_prefix)]
            return self.filter(
                Q(region__prefix__startswith=actor.region_prefix)
                | Q(region__prefix__in=above)
                | Q(level=CongressLevel.NATIONAL)
            )
        if actor.is_deputy:
            from deputies.models.mandate import Mandate

            own = Mandate.objects.unscoped(reason="the actor's own mandates").filter(pk__in=actor.mandate_ids)
            return self.filter(pk__in=own.values("congress_id"))
        return self.none()


class Congress(PublicModel):
    """One congress in one term: 益阳市第七届人民代表大会. For national deputies the region is the province
    that elected them."""

    region = models.ForeignKey("liaison.Region", on_delete=models.PROTECT, related_name="congresses")
    level = models.CharField("层级", max_length=10, choices=CongressLevel)
    term = models.PositiveSmallIntegerField("届次", validators=[MinValueValidator(1), MaxValueValidator(99)])
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=40, help_text="用于建议编号，例如“益阳市七届人大”。")
    office = models.ForeignKey(
        "liaison.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="congresses",
        verbose_name="工作机构",
    )
    deputy_places = models.PositiveIntegerField("代表名额", null=True, blank=True)
    starts_on = models.DateField("任期开始")
    ends_on = models.DateField("任期结束", null=True, blank=True)

    objects = CongressQuerySet.as_manager()

    class Meta:
        verbose_name = "人民代表大会"
        ordering = ["region__prefix", "-term"]
        constraints = [
            models.UniqueConstraint(fields=["region", "level", "term"], name="congress_once_per_term"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="congress_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("congresses:detail", args=[self.public_id])

    def is_kept_by(self, actor: Actor) -> bool:
        """Whether the actor's office keeps what this congress's deputies do: its own office, or where that does not
        use the portal the nearest above (one query then). Every other office sees it at most."""
        if actor.is_system:
            return True
        keeper = self.office_id
        if keeper is None and (found := office_above(self.region.prefix)) is not None:
            keeper = found.pk
        return actor.is_congress and keeper is not None and keeper == actor.organisation_id


class Session(models.Model):
    """One session (次会议) of a congress."""

    congress = models.ForeignKey(Congress, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField("次", validators=[MinValueValidator(1), MaxValueValidator(20)])
    starts_on = models.DateField("开幕日期")
    ends_on = models.DateField("闭幕日期")

    class Meta:
        verbose_name = "会议"
        ordering = ["congress", "number"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "number"], name="session_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="session_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.congress.short_name}第{self.number}次会议"


class CongressSettings(models.Model):
    """What differs by place (rulebook marks P and D): one row a congress, never constants in a flow."""

    congress = models.OneToOneField(Congress, on_delete=models.CASCADE, primary_key=True, related_name="settings")
    handover_working_days = models.PositiveSmallIntegerField("交办时限（工作日）", default=10)
    answer_months = models.PositiveSmallIntegerField("答复时限（月）", default=3)
    feedback_working_days = models.PositiveSmallIntegerField("代表评价时限（工作日）", default=15)
    rework_months = models.PositiveSmallIntegerField("重新办理时限（月）", default=1)
    opinion_months = models.PositiveSmallIntegerField("检察机关反馈意见时限（月）", default=1)
    opinion_sorting_working_days = models.PositiveSmallIntegerField("社情民意分办时限（工作日）", default=2)
    opinion_deputy_hours = models.PositiveSmallIntegerField("代表答复群众时限（小时）", default=24)
    opinion_unit_months = models.PositiveSmallIntegerField("单位答复群众时限（月）", default=1)
    activity_record_working_days = models.PositiveSmallIntegerField("活动记录时限（工作日）", default=10)
    contact_opinion_months = models.PositiveSmallIntegerField("联系代表意见反馈时限（月）", default=3)
    voter_reports_per_term = models.PositiveSmallIntegerField("每届述职次数", default=1)

    class Meta:
        verbose_name = "办理规则"

    def __str__(self) -> str:
        return f"{self.congress}办理规则"


class ElectoralUnit(models.Model):
    """An electoral unit or constituency (选举单位、选区) of a congress."""

    congress = models.ForeignKey(Congress, on_delete=models.PROTECT, related_name="electoral_units")
    name = models.CharField("名称", max_length=100)
    region = models.ForeignKey("liaison.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "选举单位"
        ordering = ["congress", "name"]
        constraints = [models.UniqueConstraint(fields=["congress", "name"], name="electoralunit_once")]

    def __str__(self) -> str:
        return self.name
