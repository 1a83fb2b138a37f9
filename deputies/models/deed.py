"""Practical deeds (办实事) and problems solved (推动解决实际问题): what a deputy did for whom, and who confirms it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from deputies.states import DeedStatus
from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.models.user import PHONE_VALIDATOR
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor

#: The colour of each state's tag.
_TONES = {
    DeedStatus.WAITING: "amber",
    DeedStatus.CONFIRMED: "green",
    DeedStatus.DENIED: "red",
}


class DeedKind(models.TextChoices):
    """What it was; the values are the ledger's kinds (``DutyKind``)."""

    DEED = "deed", "办实事"
    PROBLEM_SOLVED = "problem_solved", "推动解决实际问题"


class DeedCheck(models.TextChoices):
    """How it was confirmed (核实方式)."""

    HELPED = "helped", "受益群众确认"
    ON_SITE = "on_site", "现场核实"
    PHONE = "phone", "电话核实"
    PAPERS = "papers", "材料核实"


#: How staff may have checked.
STAFF_CHECKS = (DeedCheck.ON_SITE, DeedCheck.PHONE, DeedCheck.PAPERS)


class DeedQuerySet(ScopedQuerySet["Deed"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: deeds of their subtree; a deputy: their own. The person helped reads one by its receipt
        only."""
        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.REPORT_VIEW):
            return self.filter(region_prefix__startswith=actor.region_prefix)
        if actor.is_deputy and actor.can(Permission.DEED_WRITE):
            return self.filter(mandate__person_id=actor.deputy_id)
        return self.none()


class Deed(PublicModel):
    """One deed. ``receipt_digest`` is a keyed hash of the secret in the receipt's address: the address itself is kept
    nowhere. ``helped_words`` is what the person helped wrote, once."""

    client_token = models.UUIDField("表单标识", unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("类别", max_length=15, choices=DeedKind, default=DeedKind.DEED)
    mandate = models.ForeignKey("deputies.Mandate", on_delete=models.PROTECT, related_name="deeds", verbose_name="代表")
    office = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name="核实机构"
    )
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    campaign = models.ForeignKey(
        "deputies.Campaign",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deeds",
        verbose_name="主题活动",
    )
    title = models.CharField("办了什么事", max_length=60)
    text = models.TextField("具体情况", blank=True, validators=[MaxLengthValidator(2000)])
    for_whom = models.CharField("为谁办的", max_length=60)
    helped_phone = models.CharField("受益人电话", max_length=11, blank=True, validators=[PHONE_VALIDATOR])
    place = models.CharField("地点", max_length=100, blank=True)
    on = models.DateField("日期")
    given = models.CharField("投入的资金、物资或劳动", max_length=100, blank=True)
    status = models.CharField("状态", max_length=10, choices=DeedStatus, default=DeedStatus.WAITING, editable=False)
    checked_by_way = models.CharField("核实方式", max_length=10, choices=DeedCheck, blank=True, editable=False)
    check_words = models.CharField("核实说明", max_length=300, blank=True, editable=False)
    checked_at = models.DateTimeField("核实时间", null=True, blank=True, editable=False)
    receipt_digest = models.CharField("确认码摘要", max_length=64, blank=True, editable=False)
    helped_says = models.BooleanField("受益人说属实", null=True, editable=False)
    helped_words = models.CharField("受益人的话", max_length=300, blank=True, editable=False)
    helped_at = models.DateTimeField("受益人答复时间", null=True, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )

    objects = DeedQuerySet.as_manager()

    class Meta:
        verbose_name = "办实事"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["receipt_digest"], condition=~Q(receipt_digest=""), name="deed_receipt_once"
            ),
            models.CheckConstraint(
                condition=(Q(status=DeedStatus.CONFIRMED, checked_at__isnull=False) & ~Q(checked_by_way=""))
                | (~Q(status=DeedStatus.CONFIRMED) & Q(checked_by_way="", checked_at=None)),
                name="deed_confirmed_somehow",
            ),
            models.CheckConstraint(
                condition=Q(helped_says=None, helped_at=None) | Q(helped_says__isnull=False, helped_at__isnull=False),
                name="deed_helped_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=DeedStatus.DENIED) | Q(helped_says=False), name="deed_denied_by_the_helped"
            ),
        ]
        indexes = [
            models.Index(fields=["region_prefix", "-id"], name="deed_region"),
            models.Index(fields=["mandate", "-id"], name="deed_mandate"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return _TONES.get(DeedStatus(self.status), "grey")

    def get_absolute_url(self) -> str:
        return reverse("deeds:detail", args=[self.public_id])

    @property
    def deputy_url(self) -> str:
        """Its page for the deputy."""
        return reverse("my_deeds:detail", args=[self.public_id])
