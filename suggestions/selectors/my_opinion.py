"""Opinions as a deputy meets them on a phone: what waits for an answer, what lies open at the own stations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from deputies.models import Placement
from liaison.lights import Light, light_of
from liaison.masking import mask_name, mask_phone, mask_text
from suggestions.models import Opinion, Suggestion
from suggestions.states import OpinionStatus

if TYPE_CHECKING:
    import datetime as dt

    from liaison.actor import Actor
    from suggestions.models import OpinionQuerySet

#: Tabs of 群众意见, by their code in the address.
TABS = {"todo": "待我答复", "open": "联络站待分办", "all": "全部"}
#: A line of a list is so long.
EXCERPT = 60


@dataclass(frozen=True, slots=True)
class MyWaiting:
    """What waits for a deputy.

    Args:
        asked: theirs to answer; first_due: the most urgent of them.
        lying: not sorted yet, at their stations or brought by them.
    """

    asked: int
    lying: int
    first_due: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Row:
    """One opinion in a deputy's list."""

    opinion: Opinion
    excerpt: str
    place: str
    is_asked: bool
    light: Light | None


def tab_of(code: str) -> str:
    """A tab that there is; the first one for anything else."""
    return code if code in TABS else "todo"


def order_of(tab: str) -> tuple[str, ...]:
    """The most urgent or the oldest first where there is work, else the newest."""
    return {"todo": ("answer_by", "id"), "open": ("id",)}.get(tab, ("-id",))


def tabs_of(path: str, present: str, waiting: MyWaiting) -> list[dict[str, Any]]:
    """The tabs as ``partials/views.html`` draws them."""
    counts = {"todo": waiting.asked, "open": waiting.lying}
    return [
        {"label": label, "url": f"{path}?tab={code}", "count": counts.get(code), "active": code == present}
        for code, label in TABS.items()
    ]


def _asked(actor: Actor) -> Q:
    return Q(status=OpinionStatus.DEPUTY, mandate__in=actor.mandate_ids)


def my_opinions(actor: Actor, tab: str) -> OpinionQuerySet:
    """What stands in one tab of the deputy's list: each matter once, the members of a group with their lead."""
    opinions = Opinion.objects.visible_to(actor).leads().select_related("station", "mandate")
    if tab == "todo":
        return opinions.filter(_asked(actor))
    if tab == "open":
        return opinions.filter(status=OpinionStatus.RECEIVED)
    return opinions


def my_waiting(actor: Actor) -> MyWaiting:
    """What waits for the deputy (one query)."""
    asked, lying = _asked(actor), Q(status=OpinionStatus.RECEIVED)
    found = (
        Opinion.objects.visible_to(actor)
        .leads()
        .filter(asked | lying)
        .aggregate(
            asked=Count("pk", filter=asked),
            lying=Count("pk", filter=lying),
            first_due=Min("answer_by", filter=asked),
        )
    )
    return MyWaiting(**found)


def row_of(actor: Actor, opinion: Opinion) -> Row:
    """One opinion as the list shows it."""
    text = mask_text(opinion.text)
    asked = is_asked(actor, opinion)
    return Row(
        opinion=opinion,
        excerpt=text if len(text) <= EXCERPT else f"{text[:EXCERPT]}…",
        place=mask_text(opinion.place),
        is_asked=asked,
        light=light_of(timezone.localdate(opinion.answer_by) if asked and opinion.answer_by else None),
    )


def is_asked(actor: Actor, opinion: Opinion) -> bool:
    """Whether the answer is this deputy's to give."""
    return opinion.status == OpinionStatus.DEPUTY and opinion.mandate_id in actor.mandate_ids


def contact_of(opinion: Opinion) -> str:
    """Who said it, as others than the handling office read it."""
    return " ".join(part for part in (mask_name(opinion.contact_name), mask_phone(opinion.contact_phone)) if part)


def suggestion_url(actor: Actor, opinion: Opinion) -> str:
    """The page of the suggestion that came of it; "" when the deputy may not read it (at most one query)."""
    if opinion.suggestion_id is None:
        return ""
    found = Suggestion.objects.visible_to(actor).filter(pk=opinion.suggestion_id).first()
    return found.get_absolute_url() if found is not None else ""


def my_stations(actor: Actor) -> list[tuple[str, str]]:
    """The stations in which the deputy stands (one query): public id, name."""
    placements = Placement.objects.unscoped(reason="the actor's own placements").in_force()
    rows = placements.filter(mandate__in=actor.mandate_ids, station__closed_on=None)
    found = rows.order_by("station__name").values_list("station__public_id", "station__name").distinct()
    return [(str(public_id), name) for public_id, name in found]
