"""Reconciliation with a hotline (对账): one row a client and day, and what differed when the hotline last told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission
from suggestions.states_hotline import OrderState, ReportStatus

if TYPE_CHECKING:
    from liaison.actor import Actor


class ReconciledKind(models.TextChoices):
    """What is counted."""

    ORDERS = "orders", "热线工单"
    REPORTS = "reports", "转办单"


_TONES = {"waiting": "grey", "agreed": "green", "differs": "amber", "repaired": "blue"}


class ReconciliationState(models.TextChoices):
    """Where a day stands; it follows from the rows and is stored nowhere."""

    WAITING = "waiting", "待热线报数"
    AGREED = "agreed", "两边一致"
    DIFFERS = "differs", "有差异"
    REPAIRED = "repaired", "差异已处理，待热线确认"

    @property
    def tone(self) -> str:
        """The colour of its tag."""
        return _TONES[self.value]


class DifferenceKind(models.TextChoices):
    """How one item differs."""

    MISSING_HERE = "missing_here", "平台没有"
    MISSING_THERE = "missing_there", "热线没有"
    OTHER_STATE = "other_state", "状态不同"
    OTHER_CONTENT = "other_content", "内容不同"


class ReconciliationQuerySet(ScopedQuerySet["Reconciliation"]):
    def visible_to(self, actor: Actor) -> Self:
        """A hotline: its own; congress staff with the hotline or the clients in hand: those of their subtree."""
        if actor.is_system:
            return self.all()
        if actor.is_client and actor.can(Permission.HOTLINE_ORDERS_READ):
            return self.filter(client_id=actor.client_id)
        if actor.is_congress and (actor.can(Permission.HOTLINE_VIEW) or actor.can(Permission.CLIENT_EDIT)):
            return self.filter(client__organisation__region__prefix__startswith=actor.region_prefix)
        return self.none()


class Reconciliation(PublicModel):
    """One day's figures of both sides. The day is the Beijing day of an order's 受理 or of a report's making.

    ``ours`` is what stood here when the day was closed; the present figures are always counted anew. ``theirs`` is
    what the hotline told last, counted on its side at ``taken_at``. ``agreed`` and ``agreed_at`` keep what both
    sides last agreed on. ``items_wanted`` names the groups that differ and whose items the hotline has not told.
    ``difference_count`` counts what differed when it told; so many as are named are ``ReconciliationDifference``.
    """

    client = models.ForeignKey("liaison.ApiClient", on_delete=models.PROTECT, related_name="+", verbose_name="热线中心")
    day = models.DateField("日期")
    ours = models.JSONField("关账时的数", null=True)
    closed_at = models.DateTimeField("关账时间", null=True)
    theirs = models.JSONField("热线的数", null=True)
    taken_at = models.DateTimeField("热线统计时间", null=True)
    told_at = models.DateTimeField("热线报数时间", null=True)
    items_wanted = models.JSONField("待热线逐件报送", default=dict)
    difference_count = models.PositiveIntegerField("差异件数", default=0)
    agreed = models.JSONField("一致时的数", null=True)
    agreed_at = models.DateTimeField("一致时间", null=True)
    repaired_at = models.DateTimeField("补齐时间", null=True)
    repaired_by = models.CharField("补齐人", max_length=120, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ReconciliationQuerySet.as_manager()

    class Meta:
        verbose_name = "热线对账"
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["client", "day"], name="reconciliation_once"),
            models.CheckConstraint(
                condition=Q(theirs__isnull=True, taken_at=None, told_at=None)
                | (Q(theirs__isnull=False) & Q(taken_at__isnull=False) & Q(told_at__isnull=False)),
                name="reconciliation_told_has_time",
            ),
            models.CheckConstraint(
                condition=Q(ours__isnull=True, closed_at=None) | (Q(ours__isnull=False) & Q(closed_at__isnull=False)),
                name="reconciliation_closed_has_figures",
            ),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True, agreed_at=None)
                | (Q(agreed__isnull=False) & Q(agreed_at__isnull=False)),
                name="reconciliation_agreed_has_figures",
            ),
        ]
        indexes = [models.Index(fields=["-day", "-id"], name="reconciliation_latest")]

    def __str__(self) -> str:
        return f"{self.day.isoformat()}对账"

    def state_with(self, open_count: int) -> ReconciliationState:
        """The state, given how many of its differences still stand."""
        if self.theirs is None:
            return ReconciliationState.WAITING
        if open_count or self.items_wanted:
            return ReconciliationState.DIFFERS
        return ReconciliationState.REPAIRED if self.difference_count else ReconciliationState.AGREED


class ReconciliationDifference(models.Model):
    """One item that differed when the hotline told its figures. It stands while ours is still what it was then:
    ``order`` or ``report`` with ``our_digest``, or nothing. ``asked_at``: somebody pressed 一键补齐."""

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="differences")
    kind = models.CharField("类别", max_length=8, choices=ReconciledKind)
    number = models.CharField("编号", max_length=64)
    problem = models.CharField("差异", max_length=16, choices=DifferenceKind)
    order = models.ForeignKey("suggestions.HotlineOrder", on_delete=models.PROTECT, null=True, related_name="+")
    report = models.ForeignKey("suggestions.HotlineReport", on_delete=models.PROTECT, null=True, related_name="+")
    our_state = models.CharField("平台状态", max_length=12, blank=True)
    our_digest = models.CharField("平台摘要", max_length=64, blank=True)
    their_state = models.CharField("热线状态", max_length=12, blank=True)
    their_digest = models.CharField("热线摘要", max_length=64, blank=True)
    their_version = models.BigIntegerField("热线版本", null=True)
    asked_at = models.DateTimeField("补齐时间", null=True)

    class Meta:
        verbose_name = "对账差异"
        ordering = ["kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["reconciliation", "kind", "number"], name="reconciliationdifference_once"),
            models.CheckConstraint(
                condition=~Q(problem=DifferenceKind.MISSING_HERE) | Q(order=None, report=None, our_digest=""),
                name="reconciliationdifference_missing_here",
            ),
            models.CheckConstraint(
                condition=Q(problem=DifferenceKind.MISSING_HERE)
                | Q(kind=ReconciledKind.ORDERS, order__isnull=False)
                | Q(kind=ReconciledKind.REPORTS, report__isnull=False),
                name="reconciliationdifference_has_ours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.problem}"

    @property
    def shown_number(self) -> str:
        """What people know it by: a report has a number besides its id."""
        return self.report.number if self.report is not None else self.number

    @property
    def is_ours_to_mend(self) -> bool:
        """Whether 一键补齐 does something; a report that we never made is for people to look into."""
        return self.kind == ReconciledKind.ORDERS or self.report_id is not None

    @property
    def our_state_label(self) -> str:
        """Ours in words; "" when it is missing here."""
        return state_label(self.kind, self.our_state)

    @property
    def their_state_label(self) -> str:
        """Theirs in words; "" when it is missing there."""
        return state_label(self.kind, self.their_state)


def states_of(kind: str) -> type[models.TextChoices]:
    """The states by which a kind is counted."""
    return OrderState if kind == ReconciledKind.ORDERS else ReportStatus


def state_label(kind: str, state: str) -> str:
    """A state in words."""
    return str(dict[Any, Any](states_of(kind).choices).get(state, state))
