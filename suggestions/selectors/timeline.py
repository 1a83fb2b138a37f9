"""The timeline of a suggestion: its own way, its answers, and the transfer beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.selectors.timeline import TimelineEntry, timeline_of
from suggestions.models import Transfer

if TYPE_CHECKING:
    from django.db.models import Model

    from liaison.actor import Actor
    from suggestions.models import Suggestion

SLOT_TITLES = {
    "material": "建议附件",
    "letter": "交办函",
    "answer": "答复文件",
    "fulfilment": "兑现材料",
    "transfer_letter": "转交函",
    "supply": "补充线索材料",
    "opinion": "意见文书",
    "progress": "案件文书",
}


def suggestion_timeline(actor: Actor, suggestion: Suggestion) -> list[TimelineEntry]:
    """Everything that the actor may know of a suggestion, oldest first.

    Handling units do not see the transfer; only the congress office sees who was told.
    """
    objects: list[Model] = [suggestion, *suggestion.assignments.all(), *suggestion.answers.all()]
    transfers = list(Transfer.objects.visible_to(actor).filter(suggestion=suggestion))
    urls = [suggestion.get_absolute_url(), *(transfer.get_absolute_url() for transfer in transfers)]
    return timeline_of(
        [*objects, *transfers],
        slot_titles=SLOT_TITLES,
        notice_urls=urls if actor.is_congress else (),
    )
