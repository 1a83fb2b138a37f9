"""What the page of one opinion shows to staff and to the unit that handles it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from liaison.calendar import add_months
from liaison.exceptions import NotFound
from liaison.masking import mask_name, mask_phone, mask_text
from liaison.selectors.attachment import attachments_of
from liaison.selectors.calendar import work_calendar
from liaison.selectors.deadline_view import DeadlineView, deadlines_of
from liaison.selectors.timeline import timeline_of
from suggestions.models import Opinion
from suggestions.selectors.opinion_rules import opinion_rules
from suggestions.selectors.opinion_thread import Line, thread_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from uuid import UUID

    from liaison.actor import Actor
    from liaison.calendar import PeriodEnd
    from liaison.models import Attachment
    from liaison.selectors.timeline import TimelineEntry
    from suggestions.selectors.opinion_thread import Line

#: What attachments are to an opinion (as the services name them), and how the timeline calls them.
PICTURE, ANSWER = "picture", "answer"
SLOT_TITLES = {PICTURE: "反映人的照片", ANSWER: "答复材料"}


@dataclass(frozen=True, slots=True)
class OpinionRecord:
    """The parts of an opinion's page; numbers in texts are covered unless the actor's office handles it."""

    text: str
    place: str
    pictures: list[Attachment]
    answer_files: list[Attachment]
    thread: list[Line]
    deadlines: list[DeadlineView]

    @property
    def open_deadlines(self) -> list[DeadlineView]:
        return [view for view in self.deadlines if view.is_open]

    @property
    def closed_deadlines(self) -> list[DeadlineView]:
        return [view for view in self.deadlines if not view.is_open]


def get_opinion_for(actor: Actor, public_id: UUID | str) -> Opinion:
    """The one door to an opinion for staff and units: with what its page names.

    Raises:
        NotFound: no such opinion, or not visible to the actor.
    """
    opinion = (
        Opinion.objects.visible_to(actor)
        .select_related(
            "station", "category", "mandate__person", "brought_by__person", "unit", "office", "suggestion", "same_as"
        )
        .select_related("recorded_by")
        .defer("search", "station__search", "suggestion__search")
        .filter(public_id=public_id)
        .first()
    )
    if opinion is None:
        raise NotFound
    return opinion


def is_own(actor: Actor, opinion: Opinion) -> bool:
    """Whether the actor works in the office that handles it: they read what people wrote, number for number."""
    return actor.is_congress and opinion.office_id == actor.organisation_id


def shown_text(actor: Actor, opinion: Opinion, text: str) -> str:
    """A text of the opinion as this actor may read it."""
    return text if is_own(actor, opinion) else mask_text(text)


def with_contact(opinion: Opinion) -> Opinion:
    """The same opinion with ``shown_name`` and ``shown_phone``, covered."""
    opinion.__dict__["shown_name"] = mask_name(opinion.contact_name)
    opinion.__dict__["shown_phone"] = mask_phone(opinion.contact_phone)
    return opinion


def covered(opinion: Opinion, text: str) -> str:
    """A text that names the person, with name and numbers covered."""
    name = opinion.contact_name
    return mask_text(text.replace(name, mask_name(name)) if name else text)


def record_of(actor: Actor, opinion: Opinion) -> OpinionRecord:
    """The page's parts (four queries): files, thread, clocks with their changes.

    Args:
        opinion: from ``get_opinion_for``.
    """
    files = attachments_of(opinion)
    return OpinionRecord(
        text=shown_text(actor, opinion, opinion.text),
        place=shown_text(actor, opinion, opinion.place),
        pictures=[one for one in files if one.slot == PICTURE],
        answer_files=[one for one in files if one.slot == ANSWER],
        thread=thread_of(opinion, whole=is_own(actor, opinion)),
        deadlines=deadlines_of([opinion]),
    )


def members_of(actor: Actor, opinion: Opinion) -> list[Opinion]:
    """Those grouped under it, the oldest first, with ``shown``."""
    return _with_shown(actor, Opinion.objects.visible_to(actor).filter(same_as=opinion).order_by("id"))


def _with_shown(actor: Actor, opinions: Iterable[Opinion]) -> list[Opinion]:
    rows = list(opinions)
    for row in rows:
        row.__dict__["shown"] = shown_text(actor, row, row.text)
    return rows


def opinion_timeline(actor: Actor, opinion: Opinion) -> list[TimelineEntry]:
    """Everything that happened, oldest first; only the handling office sees who was told."""
    own = is_own(actor, opinion)
    urls = [opinion.get_absolute_url(), opinion.deputy_url, opinion.unit_url] if own else []
    entries = timeline_of([opinion], slot_titles=SLOT_TITLES, notice_urls=urls)
    return entries if own else [replace(entry, reason=mask_text(entry.reason)) for entry in entries]


def unit_period(opinion: Opinion, today: dt.date) -> PeriodEnd:
    """What a unit to which it is handed over today has."""
    return add_months(today, opinion_rules(opinion.office_id).unit_months, calendar=work_calendar())


def recorded_before(opinions: Iterable[Opinion]) -> set[UUID]:
    """Which of these forms have been kept already (one query)."""
    tokens = [one.client_token for one in opinions]
    known = Opinion.objects.unscoped(reason="the actor holds the forms themselves").filter(client_token__in=tokens)
    return set(known.values_list("client_token", flat=True))
