"""Reading suggestions: the door, the desks with their tabs, similar ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Count, DateField, F, Min, OuterRef, Prefetch, QuerySet, Subquery

from liaison.exceptions import NotFound
from liaison.lights import light_of
from liaison.models import Deadline
from liaison.search import query_bigrams
from suggestions.models import Answer, Assignment, Suggestion
from suggestions.selectors.wording import subject_of

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from liaison.actor import Actor

#: Deadline kinds whose holder is working on the suggestion itself; the desk shows the nearest of them.
DESK_DEADLINES = ("suggestion_handover", "suggestion_answer", "suggestion_rework", "suggestion_feedback")


def get_suggestion_for(actor: Actor, public_id: UUID | str) -> Suggestion:
    """The one door to a suggestion: with what its page shows.

    Raises:
        NotFound: no such suggestion, or not visible to the actor.
    """
    suggestion = (
        Suggestion.objects.visible_to(actor)
        .select_related(
            "congress__settings",
            "session",
            "office",
            "category",
            "lead__congress",
            "lead_person",
            "wished_unit",
            "campaign",
            "main_unit",
            "refusal_clause",
        )
        .prefetch_related(
            "cosigners__person",
            Prefetch("assignments", Assignment.objects.select_related("unit", "assigned_by", "signed_by")),
            Prefetch(
                "answers",
                Answer.objects.select_related("assignment__unit", "answered_by").prefetch_related("feedback__person"),
            ),
        )
        .filter(public_id=public_id)
        .first()
    )
    if suggestion is None:
        raise NotFound
    return suggestion


def open_due(kinds: tuple[str, ...] = DESK_DEADLINES) -> Subquery:
    """The nearest open due day of a suggestion, as an annotation."""
    deadlines = (
        Deadline.objects.open()
        .filter(content_type=ContentType.objects.get_for_model(Suggestion), object_id=OuterRef("pk"), kind__in=kinds)
        .order_by()
        .values("object_id")
        .annotate(first=Min("due_on"))
        .values("first")
    )
    return Subquery(deadlines, output_field=DateField())


def due_of(suggestion: Suggestion) -> dt.date | None:
    """``due_on`` of a row that was annotated with ``open_due``."""
    due_on: dt.date | None = suggestion.__dict__.get("due_on")
    return due_on


def with_lights(rows: list[Suggestion]) -> list[Suggestion]:
    """The same rows, each with ``light`` for its ``due_on``."""
    for row in rows:
        row.__dict__["light"] = light_of(due_of(row))
    return rows


def desk(actor: Actor) -> QuerySet[Suggestion]:
    """The suggestions on an actor's desk, newest first, with what a row shows and ``due_on``."""
    return (
        Suggestion.objects.visible_to(actor)
        .select_related("category", "lead_person", "main_unit", "congress", "office")
        .annotate(due_on=open_due())
        .defer("situation", "proposal", "search")
    )


def status_counts(actor: Actor) -> dict[str, int]:
    """Suggestions by status in the actor's scope (one grouped query over an index)."""
    rows = Suggestion.objects.visible_to(actor).order_by().values("status").annotate(count=Count("pk"))
    return {row["status"]: row["count"] for row in rows}


def similar_to(actor: Actor, suggestion: Suggestion, *, limit: int = 5) -> list[Suggestion]:
    """Earlier registered suggestions on the same subject, best first, with their answers (rulebook section 1)."""
    words = query_bigrams(subject_of(suggestion.title)).replace(" & ", " | ")
    if not words:
        return []
    query = SearchQuery(words, config="simple", search_type="raw")
    return list(
        Suggestion.objects.visible_to(actor)
        .filter(search=query, number__isnull=False)
        .exclude(pk=suggestion.pk)
        .annotate(rank=SearchRank(F("search"), query))
        .filter(rank__gte=0.1)
        .select_related("main_unit", "category", "congress")
        .prefetch_related("answers")
        .order_by("-rank", "-id")[:limit]
    )
