"""Answers (办理答复) and the deputies' ratings of them (代表评价)."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from liaison.models.base import PublicModel


class ResultClass(models.TextChoices):
    """How far the matter is solved (办理结果分类)."""

    A = "A", "A类：已经解决或基本解决"
    B = "B", "B类：正在解决或列入计划解决"
    C = "C", "C类：因条件限制以后解决"
    D = "D", "D类：留作参考"


@pghistory.track(exclude=["created_at", "updated_at"])
class Answer(PublicModel):
    """A unit's answer of one round; the official document is attached to it (slot ``answer``)."""

    suggestion = models.ForeignKey("suggestions.Suggestion", on_delete=models.PROTECT, related_name="answers")
    assignment = models.ForeignKey("suggestions.Assignment", on_delete=models.PROTECT, related_name="answers")
    round = models.PositiveSmallIntegerField("办理轮次")
    result_class = models.CharField("结果分类", max_length=1, choices=ResultClass)
    summary = models.TextField("答复要点")
    document_number = models.CharField("答复文号", max_length=60, blank=True)
    document_on = models.DateField("答复日期")
    promised_on = models.DateField("承诺解决日期", null=True, blank=True)
    fulfilled_at = models.DateTimeField("承诺兑现时间", null=True, blank=True)
    fulfilment = models.TextField("兑现情况", blank=True)
    contact = models.CharField("联系人及电话", max_length=60, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField("答复提交时间")
    read_at = models.DateTimeField("代表阅读时间", null=True, blank=True)

    class Meta:
        verbose_name = "办理答复"
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["suggestion", "round"], name="answer_once_per_round"),
            models.CheckConstraint(
                condition=Q(result_class="B", promised_on__isnull=False)
                | (~Q(result_class="B") & Q(promised_on__isnull=True)),
                name="answer_b_has_promise",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.suggestion_id} 第{self.round}次答复"


class Rating(models.TextChoices):
    """What a deputy thinks of it (满意度)."""

    SATISFIED = "satisfied", "满意"
    BASICALLY = "basically", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"


@pghistory.track(exclude=["created_at", "updated_at"])
class Feedback(PublicModel):
    """One deputy's rating of one answer: attitude and result apart. The lead deputy's decides the way on;
    a co-signer's counts apart."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="feedback")
    person = models.ForeignKey("deputies.Person", on_delete=models.PROTECT, related_name="+")
    is_lead = models.BooleanField("领衔代表")
    attitude = models.CharField("对办理态度", max_length=15, choices=Rating)
    result = models.CharField("对办理结果", max_length=15, choices=Rating)
    reason = models.TextField("理由和意见", blank=True)

    class Meta:
        verbose_name = "代表评价"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "person"], name="feedback_once_per_person"),
            models.CheckConstraint(
                condition=~Q(reason="") | ~(Q(attitude=Rating.DISSATISFIED) | Q(result=Rating.DISSATISFIED)),
                name="feedback_dissatisfied_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.result}"
