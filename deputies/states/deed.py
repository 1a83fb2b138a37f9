"""Where a practical deed stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from liaison.exceptions import NotAllowed
from liaison.permissions import Permission
from liaison.transitions import Transition, TransitionTable

if TYPE_CHECKING:
    from deputies.models import Deed
    from liaison.actor import Actor


class DeedStatus(models.TextChoices):
    """Where a practical deed (办实事) stands."""

    WAITING = "waiting", "待核实"
    CONFIRMED = "confirmed", "已核实"
    DENIED = "denied", "群众反映不属实"
    REJECTED = "rejected", "不予认定"
    WITHDRAWN = "withdrawn", "已撤回"


D = DeedStatus


def _is_doer(deed: Deed, actor: Actor) -> None:
    if not actor.is_system and deed.mandate.person_id != actor.person_id:
        raise NotAllowed("只有办这件实事的代表可以办理这一步。")


def _checks(deed: Deed, actor: Actor) -> None:
    if not actor.is_system and deed.office_id != actor.organisation_id:
        raise NotAllowed("这件实事由其他人大工作机构核实，您可以查看，不能代为办理。")


def _by_receipt(deed: Deed, actor: Actor) -> None:
    """The person helped has no account; ``deed_testify`` has looked at the secret of their receipt."""
    if not actor.is_anonymous:
        raise NotAllowed("这一步由受益群众本人办理。")


DEED_TRANSITIONS = TransitionTable(
    DeedStatus,
    [
        Transition(
            "affirm", "受益群众确认属实", frozenset({D.WAITING}), D.CONFIRMED, Permission.DEED_CONFIRM, _by_receipt
        ),
        Transition("deny", "受益群众说不属实", frozenset({D.WAITING}), D.DENIED, Permission.DEED_CONFIRM, _by_receipt),
        Transition(
            "confirm", "核实属实", frozenset({D.WAITING, D.DENIED}), D.CONFIRMED, Permission.DEED_CONFIRM, _checks
        ),
        Transition(
            "reject",
            "不予认定",
            frozenset({D.WAITING, D.DENIED, D.CONFIRMED}),
            D.REJECTED,
            Permission.DEED_CONFIRM,
            _checks,
        ),
        Transition(
            "withdraw",
            "撤回",
            frozenset({D.WAITING, D.DENIED, D.CONFIRMED}),
            D.WITHDRAWN,
            Permission.DEED_WRITE,
            _is_doer,
        ),
    ],
)
