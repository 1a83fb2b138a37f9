"""Where a contact with deputies stands, and what was said at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from deputies.states.office import of_own_office
from liaison.exceptions import NotAllowed
from liaison.permissions import Permission
from liaison.transitions import Transition, TransitionTable

if TYPE_CHECKING:
    from deputies.models import Contact, ContactOpinion
    from liaison.actor import Actor


class ContactStatus(models.TextChoices):
    """Where a contact (联系活动) stands."""

    PLANNED = "planned", "已安排"
    HELD = "held", "已开展，待记录"
    RECORDED = "recorded", "已记录"
    CANCELLED = "cancelled", "已取消"


def own_contact(contact: Contact, actor: Actor) -> None:
    """Raise ``NotAllowed`` for any office but the one that organises the contact."""
    if not of_own_office(actor, contact.office_id):
        raise NotAllowed(f"这次联系活动由{contact.office}组织，您可以查看，不能代为办理。")


CS = ContactStatus
CONTACT_TRANSITIONS = TransitionTable(
    ContactStatus,
    [
        Transition("hold", "登记到场", frozenset({CS.PLANNED}), CS.HELD, Permission.CONTACT_EDIT, own_contact),
        Transition("record", "完成记录", frozenset({CS.HELD}), CS.RECORDED, Permission.CONTACT_EDIT, own_contact),
        Transition("reopen", "更正记录", frozenset({CS.RECORDED}), CS.HELD, Permission.CONTACT_EDIT, own_contact),
        Transition("cancel", "取消活动", frozenset({CS.PLANNED}), CS.CANCELLED, Permission.CONTACT_EDIT, own_contact),
    ],
)


class ContactOpinionStatus(models.TextChoices):
    """What became of an opinion raised at a contact (意见建议处理)."""

    RAISED = "raised", "待处理"
    ADOPTED = "adopted", "已采纳吸收"
    ASSIGNED = "assigned", "已交办"
    ANSWERED = "answered", "单位已反馈"
    TOLD = "told", "已反馈代表"


def _own_opinion(opinion: ContactOpinion, actor: Actor) -> None:
    own_contact(opinion.contact, actor)


CO = ContactOpinionStatus
CONTACT_OPINION_TRANSITIONS = TransitionTable(
    ContactOpinionStatus,
    [
        Transition("adopt", "采纳吸收", frozenset({CO.RAISED}), CO.ADOPTED, Permission.CONTACT_EDIT, _own_opinion),
        Transition("assign", "交办", frozenset({CO.RAISED}), CO.ASSIGNED, Permission.CONTACT_EDIT, _own_opinion),
        Transition("answer", "反馈办理情况", frozenset({CO.ASSIGNED}), CO.ANSWERED, Permission.CONTACT_ANSWER),
        Transition("give_back", "退回", frozenset({CO.ASSIGNED}), CO.RAISED, Permission.CONTACT_ANSWER),
        Transition(
            "tell", "反馈代表", frozenset({CO.ADOPTED, CO.ANSWERED}), CO.TOLD, Permission.CONTACT_EDIT, _own_opinion
        ),
    ],
)
