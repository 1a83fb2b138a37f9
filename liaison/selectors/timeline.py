"""One record, one timeline: acts, documents, deadlines and notices of some objects in time order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Min, Q

from liaison.dates import cn_date
from liaison.models import Attachment, DeadlineChange, Notice, StateChange
from liaison.registry import registry

if TYPE_CHECKING:
    from django.db.models import Model

#: Kinds of entries, as the filter over a timeline names them.
KINDS = {"act": "办理", "document": "文件", "deadline": "期限", "notice": "通知"}

_DEADLINE_ACTS = {
    "opened": "开始计时",
    "paused": "暂停计时",
    "resumed": "恢复计时",
    "recomputed": "日历变更，重算期限",
    "extended": "延长期限",
    "moved": "改期",
    "met": "按要求完成",
    "cancelled": "停止计时",
}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line, as ``liaison/partials/timeline_entry.html`` shows it."""

    kind: str
    at: dt.datetime
    title: str
    actor_name: str = ""
    actor_label: str = ""
    text: str = ""
    reason: str = ""
    clock: str = ""
    icon: str = ""
    files: list[Any] = field(default_factory=list)
    deadline: Any = None
    future: bool = False


def _owned_by(objects: Sequence[Model]) -> Q:
    """A condition on (content_type, object_id) for all these objects."""
    found = Q(pk__in=[])
    by_type: dict[ContentType, list[int]] = {}
    for obj in objects:
        by_type.setdefault(ContentType.objects.get_for_model(obj), []).append(obj.pk)
    for content_type, ids in by_type.items():
        found |= Q(content_type=content_type, object_id__in=ids)
    return found


def timeline_of(
    objects: Sequence[Model],
    *,
    slot_titles: dict[str, str],
    notice_urls: Iterable[str] = (),
    hidden_deadlines: Iterable[str] = (),
) -> list[TimelineEntry]:
    """Every entry of these objects, oldest first (four queries, whatever their number).

    Args:
        objects: the record and what belongs to it, as far as the actor may see it.
        slot_titles: what an attachment of a slot is called (``{"answer": "答复文件"}``).
        notice_urls: pages whose notices are shown (only for staff who may see who was told).
        hidden_deadlines: deadline kinds that the actor is not to see.
    """
    owned = _owned_by(objects)
    entries = [
        TimelineEntry(
            kind="act",
            at=change.at,
            title=change.label,
            actor_name=change.actor_name,
            actor_label=change.actor_label,
            reason=change.reason,
        )
        for change in StateChange.objects.filter(owned)
    ]
    entries += _documents(owned, slot_titles)
    entries += _deadlines(objects, set(hidden_deadlines))
    entries += _notices(list(notice_urls))
    order = {"act": 0, "document": 1, "deadline": 2, "notice": 3}
    return sorted(entries, key=lambda entry: (entry.at, order[entry.kind]))


def _documents(owned: Q, slot_titles: dict[str, str]) -> list[TimelineEntry]:
    grouped: dict[tuple[int, int, str, int | None, str], list[Attachment]] = {}
    attachments = Attachment.objects.filter(owned, removed_at__isnull=True).select_related("uploaded_by")
    for attachment in attachments.order_by("id"):
        minute = attachment.created_at.strftime("%Y%m%d%H%M")
        key = (
            attachment.content_type_id,
            attachment.object_id,
            attachment.slot,
            attachment.uploaded_by_id,
            minute,
        )
        grouped.setdefault(key, []).append(attachment)
    return [
        TimelineEntry(
            kind="document",
            at=files[0].created_at,
            title=slot_titles.get(slot, "附件"),
            actor_name=files[0].uploaded_by.name if files[0].uploaded_by else "",
            files=list(files),
        )
        for (_, _, slot, _, _), files in grouped.items()
    ]


def _deadlines(objects: Sequence[Model], hidden: set[str]) -> list[TimelineEntry]:
    owned = Q(pk__in=[])
    for obj in objects:
        owned |= Q(deadline__content_type=ContentType.objects.get_for_model(obj), deadline__object_id=obj.pk)
    changes = (
        DeadlineChange.objects.filter(owned)
        .exclude(deadline__kind__in=hidden)
        .select_related("deadline__holder", "deadline__holder_user")
    )
    entries = []
    for change in changes:
        deadline = change.deadline
        label = registry.deadline_kinds[deadline.kind].label if deadline.kind in registry.deadline_kinds else ""
        holder = deadline.holder.name if deadline.holder else str(deadline.holder_user or "")
        text = ""
        if change.new_due is not None and change.act != "met":
            text = f"到期日：{cn_date(change.new_due)}"
        entries.append(
            TimelineEntry(
                kind="deadline",
                at=change.at,
                title=f"{label}：{_DEADLINE_ACTS.get(change.act, change.act)}",
                text=text,
                reason=change.reason,
                clock=holder,
            )
        )
    return entries


def _notices(urls: list[str]) -> list[TimelineEntry]:
    if not urls:
        return []
    rows = (
        Notice.objects.filter(url__in=urls)
        .values("title")
        .annotate(at=Min("created_at"), told=Count("id"), read=Count("id", filter=Q(read_at__isnull=False)))
    )
    return [
        TimelineEntry(
            kind="notice",
            at=row["at"],
            title=f"通知：{row['title']}",
            text=f"已通知{row['told']}人，{row['read']}人已读",
        )
        for row in rows
    ]
