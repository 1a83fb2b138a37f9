"""Where a campaign stands."""

from __future__ import annotations

from django.db import models

from liaison.permissions import Permission
from liaison.transitions import Transition, TransitionTable


class CampaignStatus(models.TextChoices):
    """Where a campaign (主题活动) stands."""

    DRAFT = "draft", "筹备"
    RUNNING = "running", "进行中"
    ENDED = "ended", "已结束"


CAMPAIGN_TRANSITIONS = TransitionTable(
    CampaignStatus,
    [
        Transition(
            "start", "启动", frozenset({CampaignStatus.DRAFT}), CampaignStatus.RUNNING, Permission.CAMPAIGN_EDIT
        ),
        Transition("end", "结束", frozenset({CampaignStatus.RUNNING}), CampaignStatus.ENDED, Permission.CAMPAIGN_EDIT),
    ],
)
