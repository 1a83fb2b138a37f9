"""Title and page of what a deadline is about, through what upper packages registered."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType

from liaison.actor import system_actor
from liaison.registry import registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison.actor import Actor
    from liaison.models import Deadline

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """How a subject is named and where it is read."""

    title: str
    url: str


def subject_lines(deadlines: Iterable[Deadline], *, actor: Actor | None = None) -> dict[int, SubjectLine]:
    """Deadline id → line (one query for each type of subject).

    Args:
        actor: only subjects that they may see; the system's sight when omitted.

    A subject whose type is not registered, or whose title or page fails, is logged and left out: one faulty
    subject must not keep everybody else from being told.
    """
    by_type: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for deadline in deadlines:
        by_type[deadline.content_type_id][deadline.object_id].append(deadline.pk)
    actor = actor or system_actor()
    lines: dict[int, SubjectLine] = {}
    for content_type_id, deadline_ids in by_type.items():
        content_type = ContentType.objects.get_for_id(content_type_id)
        subject = registry.subjects.get(f"{content_type.app_label}.{content_type.model}")
        if subject is None:
            logger.error("no subject registered for %s; its deadlines are named without title", content_type)
            continue
        found = subject.visible(actor).filter(pk__in=deadline_ids.keys())
        for obj in found.select_related(*subject.related) if subject.related else found:
            try:
                line = SubjectLine(subject.title(obj), subject.url(obj))
            except Exception:
                logger.exception("title or page of %s %s failed", content_type, obj.pk)
                continue
            lines.update(dict.fromkeys(deadline_ids[obj.pk], line))
    return lines
