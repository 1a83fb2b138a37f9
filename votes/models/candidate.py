"""Candidate projects (候选项目), and what deputies say about them before the vote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.core.validators import MaxLengthValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from liaison.models.base import PublicModel, ScopedQuerySet
from votes.states import CandidateStatus

if TYPE_CHECKING:
    from liaison.actor import Actor

#: The slot of a candidate's pictures.
PICTURE_SLOT = "picture"
_TONES = {
    CandidateStatus.DRAFT: "grey",
    CandidateStatus.WITHDRAWN: "grey",
    CandidateStatus.ELECTED: "green",
    CandidateStatus.NOT_ELECTED: "grey",
}


class CandidateQuerySet(ScopedQuerySet["Candidate"]):
    def visible_to(self, actor: Actor) -> Self:
        """Of the programmes that the actor sees; only congress staff see drafts and what was withdrawn."""
        from votes.models.programme import Programme

        found = self.filter(programme__in=Programme.objects.visible_to(actor))
        if actor.is_system or actor.is_congress:
            return found
        return found.filter(status__in=PUBLISHED_STATES)


PUBLISHED_STATES = (CandidateStatus.LISTED, CandidateStatus.ELECTED, CandidateStatus.NOT_ELECTED)


@pghistory.track(exclude=["created_at", "updated_at"])
class Candidate(PublicModel):
    """One project that may be put to the vote; money in 万元."""

    programme = models.ForeignKey("votes.Programme", on_delete=models.PROTECT, related_name="candidates")
    number = models.PositiveSmallIntegerField("序号", validators=[MinValueValidator(1)])
    name = models.CharField("项目名称", max_length=80)
    content = models.TextField("建设内容", validators=[MaxLengthValidator(2000)])
    place = models.CharField("实施地点", max_length=120)
    investment = models.DecimalField(
        "投资额（万元）", max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    money_source = models.CharField("资金来源", max_length=120)
    unit = models.ForeignKey(
        "liaison.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="candidates",
        verbose_name="责任单位",
    )
    unit_name = models.CharField("责任单位名称", max_length=120, help_text="责任单位还没有开通账号时只填名称。")
    finish_on = models.DateField("完成时间")
    status = models.CharField("状态", max_length=12, choices=CandidateStatus, default=CandidateStatus.DRAFT)
    withdrawn_reason = models.CharField("撤下原因", max_length=300, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = "候选项目"
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="candidate_number_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(investment__gte=0), name="candidate_investment"),
            models.CheckConstraint(condition=~Q(money_source=""), name="candidate_has_money_source"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return _TONES.get(CandidateStatus(self.status), "blue")

    def get_absolute_url(self) -> str:
        return reverse("candidates:detail", args=[self.public_id])


class CandidateComment(PublicModel):
    """What a deputy says about a candidate before the list is approved (代表审议意见)."""

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="comments")
    mandate = models.ForeignKey("deputies.Mandate", on_delete=models.PROTECT, related_name="+")
    text = models.TextField("意见", validators=[MaxLengthValidator(1000)])
    answer = models.TextField("处理情况", blank=True, validators=[MaxLengthValidator(1000)])

    class Meta:
        verbose_name = "审议意见"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.mandate.person}：{self.text[:20]}"
