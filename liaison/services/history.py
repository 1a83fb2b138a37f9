"""State history: one row a transition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType

from liaison.models import StateChange

if TYPE_CHECKING:
    from django.db.models import Model

    from liaison.actor import Actor


def record_state_change(
    *, actor: Actor, obj: Model, act: str, label: str, old: str, new: str, reason: str = ""
) -> StateChange:
    """Write the history row of one transition, in the caller's transaction."""
    change = state_change_row(actor=actor, obj=obj, act=act, label=label, old=old, new=new, reason=reason)
    change.save(force_insert=True)
    return change


def state_change_row(
    *, actor: Actor, obj: Model, act: str, label: str, old: str, new: str, reason: str = ""
) -> StateChange:
    """The history row of one transition, to be written with others."""
    return StateChange(
        content_type=ContentType.objects.get_for_model(obj),
        object_id=obj.pk,
        act=act,
        label=label,
        old=old,
        new=new,
        reason=reason,
        actor_user_id=actor.user_id,
        actor_name=actor.name,
        actor_label=actor.label,
    )
