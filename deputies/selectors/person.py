"""Reading people: one person with what the actor may see of them, and their history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deputies.models import Mandate, Person, Tag, TagKind
from liaison.exceptions import NotFound

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import Model, QuerySet

    from liaison.actor import Actor


def get_person_for(actor: Actor, public_id: UUID | str) -> Person:
    """One person with account and tags.

    Raises:
        NotFound: no such person, or not visible to the actor.
    """
    people = Person.objects.visible_to(actor).select_related("user").prefetch_related("tags")
    person = people.filter(public_id=public_id).first()
    if person is None:
        raise NotFound
    return person


def get_own_person(actor: Actor) -> Person:
    """The person behind a deputy's account.

    Raises:
        NotFound: the actor is no deputy.
    """
    person = Person.objects.visible_to(actor).filter(pk=actor.person_id or 0).first() if actor.is_deputy else None
    if person is None:
        raise NotFound
    return person


def mandates_of(actor: Actor, person: Person) -> list[Mandate]:
    """The person's mandates at all levels as far as the actor sees them: those in force first, newest first."""
    mandates = Mandate.objects.visible_to(actor).filter(person=person)
    mandates = mandates.select_related("congress__region", "electoral_unit").order_by("-started_on", "-id")
    return sorted(mandates, key=lambda mandate: mandate.ended_on is not None)


def all_tags() -> list[Tag]:
    """Every tag of both kinds (one query)."""
    return list(Tag.objects.all())


def tag_names(kind: TagKind) -> list[str]:
    """Every tag of a kind, for suggestions while typing."""
    return list(Tag.objects.filter(kind=kind).values_list("name", flat=True))


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One entry of the field history, as the timeline shows it."""

    at: dt.datetime
    title: str
    actor_name: str
    actor_label: str
    text: str
    kind: str = "note"
    icon: str = "history"


#: Fields that nobody reads in a history.
_SILENT = frozenset({"id", "public_id", "home_prefix", "user_id", "person_id", "congress_id"})
MOST_CHANGES = 100


def person_history(person: Person, mandates: Iterable[Mandate]) -> list[FieldChange]:
    """What changed in the person and in these mandates, newest first (at most ``MOST_CHANGES`` each; two queries).

    The rows are written by a database trigger; who did it stands in their context. Of a phone number only
    the last four digits are shown.
    """
    shown = {mandate.pk: mandate for mandate in mandates}
    entries: list[FieldChange] = []
    tables: list[tuple[str, Any, list[int]]] = [("个人资料", Person, [person.pk]), ("代表资格", Mandate, list(shown))]
    for noun, model, pks in tables:
        events: QuerySet[Any] = model.pgh_event_model.objects.filter(pgh_obj_id__in=pks)
        rows = list(events.select_related("pgh_context").order_by("pgh_obj_id", "-pgh_id")[: MOST_CHANGES + 1])
        for event, earlier in zip(rows, [*rows[1:], None], strict=True):
            before = earlier if earlier is not None and earlier.pgh_obj_id == event.pgh_obj_id else None
            entry = _entry(noun, model, event, before, shown)
            if entry is not None:
                entries.append(entry)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _entry(noun: str, model: type[Model], event: Any, before: Any, shown: dict[int, Mandate]) -> FieldChange | None:
    metadata = event.pgh_context.metadata if event.pgh_context else {}
    title = f"登记{noun}"
    lines: list[str] = []
    if model is Mandate:
        mandate = shown[event.pgh_obj_id]
        noun = f"{mandate.congress.short_name}代表资格"
        title = f"登记{noun}"
    if event.pgh_label != "insert":
        if before is None:
            return None
        lines = _changed_lines(model, event, before)
        if model is Person and before.user_id is None and event.user_id is not None:
            title = "开通登录账号"
        elif not lines:
            return None
        else:
            title = f"修改{noun}"
        if model is Mandate and before.ended_on != event.ended_on:
            title = f"{'终止' if event.ended_on else '恢复'}{noun}"
    return FieldChange(
        at=event.pgh_created_at,
        title=title,
        actor_name=str(metadata.get("name", "")),
        actor_label=str(metadata.get("label", "")),
        text="\n".join(lines),
    )


def _changed_lines(model: type[Model], event: Any, before: Any) -> list[str]:
    lines = []
    for column in model._meta.concrete_fields:
        name = column.attname
        if name in _SILENT or not hasattr(event, name):
            continue
        old, new = getattr(before, name), getattr(event, name)
        if old != new:
            label = str(column.verbose_name)
            lines.append(f"{label}：{_told(column, before)} → {_told(column, event)}")
    return lines


def _told(column: Any, event: Any) -> str:
    value = getattr(event, column.attname)
    if value in (None, ""):
        return "（空）"
    if column.name == "phone":
        return f"{value[:3]}****{value[-4:]}"
    if column.name == "birth_month":
        return f"{value:%Y-%m}"
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if column.is_relation:
        return str(getattr(event, column.name))
    return str(value)
