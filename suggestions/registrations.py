"""What the suggestions package tells the kernel: deadline kinds, subjects, menu, audit wording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from liaison.permissions import Permission
from liaison.registry import DeadlineKind, MenuEntry, SubjectType, registry
from suggestions import (
    hotline_registrations,
    my_opinion_registrations,
    opinion_desk_registrations,
    opinion_registrations,
    suggestion_registrations,
    transfer_registrations,
)
from suggestions.models import Answer, Assignment, Suggestion, Transfer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from liaison.actor import Actor


def register() -> None:
    """Called once by ``SuggestionsConfig.ready()``."""
    suggestion_registrations.register()
    transfer_registrations.register()
    opinion_registrations.register()
    opinion_desk_registrations.register()
    my_opinion_registrations.register()
    hotline_registrations.register()
    registry.demos.append("suggestions.demo.load")
    registry.demos.append("suggestions.demo_campaign.load")
    registry.campaign_acts.append(campaign_acts)
    registry.backfills.append("suggestions.services.duty_backfill.load")
    for kind in (
        DeadlineKind("suggestion_handover", "登记交办", "收到建议后10个工作日内交办（办理规则可调整）。"),
        DeadlineKind("suggestion_answer", "答复代表", "自交办之日起3个月内答复代表（代表法、办理规则）。"),
        DeadlineKind("suggestion_rework", "重新办理答复", "代表不满意的，自退回之日起1个月内再次答复（办理规则）。"),
        DeadlineKind(
            "suggestion_feedback", "代表评价", "收到答复后15个工作日内评价（办理规则）。", thresholds=(5, 1, 0)
        ),
        DeadlineKind("answer_commitment", "兑现承诺", "B类答复承诺的解决日期。", thresholds=(30, 10, 1, 0)),
        DeadlineKind(
            "transfer_opinion",
            "反馈转化意见",
            "检察院应在一个月内提出是否转化为公益诉讼案件立案办理的意见（益阳市衔接转化办法）。",
        ),
    ):
        registry.add_deadline_kind(kind)
    registry.add_subject(
        SubjectType(
            model_label="suggestions.Suggestion",
            label="代表建议",
            visible=Suggestion.objects.visible_to,
            title=str,
            url=Suggestion.get_absolute_url,
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="suggestions.Transfer",
            label="公益诉讼线索",
            visible=Transfer.objects.visible_to,
            title=str,
            url=Transfer.get_absolute_url,
            related=("suggestion",),
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="suggestions.Answer",
            label="办理答复",
            visible=lambda actor: Answer.objects.filter(suggestion__in=Suggestion.objects.visible_to(actor)),
            title=lambda answer: str(answer.suggestion),
            url=lambda answer: answer.suggestion.get_absolute_url(),
            related=("suggestion",),
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="suggestions.Assignment",
            label="交办",
            visible=lambda actor: Assignment.objects.filter(suggestion__in=Suggestion.objects.visible_to(actor)),
            title=lambda assignment: str(assignment.suggestion),
            url=lambda assignment: assignment.suggestion.get_absolute_url(),
            related=("suggestion",),
        )
    )


def campaign_acts(actor: Actor, campaign_id: UUID) -> Iterator[MenuEntry]:
    """What a deputy raises and hears for a campaign (主题活动)."""
    if actor.can(Permission.SUGGESTION_WRITE):
        yield MenuEntry("写建议", f"{reverse('suggestions:new')}?campaign={campaign_id}", "writing")
    if actor.can(Permission.OPINION_ANSWER):
        yield MenuEntry("登记群众意见", f"{reverse('my_opinions:record')}?campaign={campaign_id}", "message-2")
