"""A deputy makes an opinion a suggestion (转为代表建议): a prefilled draft, linked both ways."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from django.db import transaction

from liaison.masking import mask_text
from suggestions.models import Opinion, OpinionRoute, Suggestion
from suggestions.models.suggestion import Origin
from suggestions.services.draft import draft_save
from suggestions.services.opinion_core import lock_opinion, take_step, tell_office
from suggestions.services.opinion_people import own_mandate
from suggestions.states import OPINION_TRANSITIONS, OpinionStatus

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor

MOST_TITLE = 60
_SENTENCE_END = re.compile(r"[。！？!?；;\n]")


@transaction.atomic
def opinion_make_suggestion(*, actor: Actor, public_id: UUID, version: int | None) -> Suggestion:
    """Begin a suggestion from an opinion; pressed twice, it gives the same draft.

    Returns:
        The draft, to be written on; nobody but the deputy sees it until it is submitted.
    """
    opinion = lock_opinion(actor, public_id)
    made = opinion.suggestion
    if opinion.status == OpinionStatus.SUGGESTION and made is not None and made.lead_person_id == actor.deputy_id:
        return made
    opinion = lock_opinion(actor, public_id, version=version)
    OPINION_TRANSITIONS.check(opinion, "make_suggestion", actor)
    mandate = own_mandate(actor, opinion)
    suggestion = draft_save(
        actor=actor,
        client_token=uuid.uuid4(),
        values={
            "lead_id": mandate.pk,
            "title": suggested_title(opinion),
            "situation": suggested_situation(opinion),
            "category_id": opinion.category_id,
            "origin": Origin.PUBLIC_OPINION,
        },
        version=None,
    )
    take_step(
        actor,
        opinion,
        "make_suggestion",
        mandate=mandate,
        suggestion=suggestion,
        route=OpinionRoute.SUGGESTION,
        answer_by=None,
    )
    tell_office(actor, opinion, f"{actor.name}代表将其转为代表建议")
    return suggestion


def suggested_title(opinion: Opinion) -> str:
    """关于“…”的建议, from the first sentence."""
    first = _SENTENCE_END.split(mask_text(opinion.text), maxsplit=1)[0].strip()
    frame = "关于“{}”的建议"
    room = MOST_TITLE - len(frame.format(""))
    return frame.format(first if len(first) <= room else f"{first[: room - 1]}…")


def suggested_situation(opinion: Opinion) -> str:
    """What was said, numbers covered, with place and number of the opinion."""
    place = f"地点：{mask_text(opinion.place)}。\n" if opinion.place else ""
    return f"群众反映（{opinion.number}）：\n{mask_text(opinion.text)}\n{place}"
