"""Proposals (项目建议): what the public, deputies and departments want to see done."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from liaison.models.base import PublicModel, ScopedQuerySet
from votes.states import ProposalStatus

if TYPE_CHECKING:
    from liaison.actor import Actor


class ProposalSource(models.TextChoices):
    """Who proposed it (建议来源)."""

    PUBLIC = "public", "群众"
    DEPUTY = "deputy", "代表"
    DEPARTMENT = "department", "部门"


class ProposalChannel(models.TextChoices):
    """How it came in (征集渠道)."""

    ONLINE = "online", "网上提交"
    PAPER = "paper", "纸质录入"
    IMPORT = "import", "表格导入"


class ScreeningPoint(models.TextChoices):
    """The checklist of the screening (筛选要点, rulebook 3): each failed point is a reason against."""

    PUBLIC_BENEFIT = "public_benefit", "受益面不广，不属于普惠性、公益性项目"
    WITHIN_YEAR = "within_year", "当年不能完成"
    MONEY = "money", "资金没有落实，未列入财政预算"
    COMPETENCE = "competence", "不属于本级事权"
    CONDITIONS = "conditions", "用地、规划等前期条件不具备"
    IN_PLAN = "in_plan", "已列入其他计划或正在实施"
    NOT_A_PROJECT = "not_a_project", "不是项目建议，已转有关渠道"


class ProposalQuerySet(ScopedQuerySet["Proposal"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: of the programmes they see; a deputy or a unit: their own. (The public follows a
        proposal by its receipt code alone.)"""
        from votes.models.programme import Programme

        if actor.is_system:
            return self.all()
        if actor.is_congress:
            return self.filter(programme__in=Programme.objects.visible_to(actor))
        if actor.is_deputy:
            return self.filter(mandate_id__in=actor.mandate_ids)
        if actor.is_unit:
            return self.filter(organisation_id=actor.organisation_id)
        return self.none()


class Proposal(PublicModel):
    """One proposal. What the public wrote stays as they wrote it; staff only say what becomes of it."""

    programme = models.ForeignKey("votes.Programme", on_delete=models.PROTECT, related_name="proposals")
    source = models.CharField("来源", max_length=12, choices=ProposalSource)
    channel = models.CharField("渠道", max_length=8, choices=ProposalChannel, default=ProposalChannel.ONLINE)
    title = models.CharField("项目名称", max_length=80)
    content = models.TextField("建议内容", validators=[MaxLengthValidator(2000)])
    place = models.CharField("建设地点", max_length=120, blank=True)
    proposer_name = models.CharField("姓名", max_length=40, blank=True)
    proposer_contact = models.CharField("联系方式", max_length=60, blank=True)
    mandate = models.ForeignKey(
        "deputies.Mandate", on_delete=models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    organisation = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: One form, one proposal: the form carries the key, sending it twice finds the first.
    submission_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: SHA-256 of the receipt code, by which a proposer without account follows it.
    receipt_hash = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    received_on = models.DateField("收到日期")
    status = models.CharField("状态", max_length=10, choices=ProposalStatus, default=ProposalStatus.RECEIVED)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="并入"
    )
    candidate = models.ForeignKey(
        "votes.Candidate",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name="候选项目",
    )
    failed_points = models.JSONField("不符合的要点", default=list, blank=True)
    reason = models.CharField("说明", max_length=500, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "项目建议"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(status=ProposalStatus.MERGED) & Q(merged_into__isnull=False))
                | (~Q(status=ProposalStatus.MERGED) & Q(merged_into__isnull=True)),
                name="proposal_merged_has_target",
            ),
            models.CheckConstraint(
                condition=~Q(status=ProposalStatus.ADOPTED) | Q(candidate__isnull=False),
                name="proposal_adopted_has_candidate",
            ),
            models.CheckConstraint(
                condition=~Q(status=ProposalStatus.REJECTED) | ~Q(reason=""), name="proposal_rejected_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["programme", "status", "-id"], name="proposal_programme")]

    def __str__(self) -> str:
        return self.title

    @property
    def proposer(self) -> str:
        """Who proposed it, as staff see it."""
        if self.mandate is not None:
            return f"{self.mandate.person}代表"
        if self.organisation is not None:
            return str(self.organisation)
        return self.proposer_name or "未留姓名"

    def get_absolute_url(self) -> str:
        return reverse("proposals:detail", args=[self.public_id])
