"""Reading the state history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType

from liaison.dates import cn_datetime
from liaison.models import StateChange

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet


def history_of(obj: Model) -> QuerySet[StateChange]:
    """Every transition of an object, oldest first."""
    return StateChange.objects.filter(content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk).order_by(
        "id"
    )


def last_act_text(obj: Model) -> str:
    """Who did the last step and when, as a sentence for somebody who came second."""
    last = history_of(obj).last()
    if last is None:
        return "请刷新页面查看最新进展。"
    return f"{last.actor_name}已于{cn_datetime(last.at)}完成“{last.label}”，请刷新页面查看最新进展。"
