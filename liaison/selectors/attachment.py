"""Which files an object has, and whether somebody may read one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType

from liaison.exceptions import NotFound
from liaison.models import Attachment
from liaison.registry import registry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import Model

    from liaison.actor import Actor


def attachments_of(obj: Model, slot: str | None = None) -> list[Attachment]:
    """The files of an object, oldest first (one query). Who may see the object may see them."""
    return attachments_by_owner([obj], slot).get(obj.pk, [])


def attachments_by_owner(objects: Iterable[Model], slot: str | None = None) -> dict[int, list[Attachment]]:
    """The files of several objects of one model, by the object's key (one query for all)."""
    objects = list(objects)
    if not objects:
        return {}
    found = Attachment.objects.filter(
        content_type=ContentType.objects.get_for_model(objects[0]),
        object_id__in=[obj.pk for obj in objects],
        removed_at=None,
    ).order_by("id")
    if slot is not None:
        found = found.filter(slot=slot)
    by_owner: dict[int, list[Attachment]] = defaultdict(list)
    for attachment in found:
        by_owner[attachment.object_id].append(attachment)
    return by_owner


def get_attachment_for(actor: Actor, public_id: UUID) -> Attachment:
    """A file, if the actor may see the object that owns it.

    Raises:
        NotFound: no such file, removed, or its owner is not visible to the actor: the same answer for all.
    """
    attachment = Attachment.objects.select_related("content_type").filter(public_id=public_id, removed_at=None).first()
    if attachment is None:
        raise NotFound
    owner = attachment.content_type
    try:
        subject = registry.subject_for(f"{owner.app_label}.{owner.model}")
    except LookupError:
        raise NotFound from None
    if not subject.visible(actor).filter(pk=attachment.object_id).exists():
        raise NotFound
    return attachment
