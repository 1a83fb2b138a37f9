"""Industry and expertise tags (行业、专长标签): named freely, kept once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deputies.models import Tag, TagKind
from liaison.exceptions import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deputies.models import Person

MAX_TAGS = 8
MAX_TAG_LENGTH = 30


def clean_tag_names(names: Iterable[str], *, field: str) -> tuple[str, ...]:
    """Names without outer blanks, each once, in the order given.

    Raises:
        InvalidInput: more than ``MAX_TAGS``, or one longer than ``MAX_TAG_LENGTH`` characters.
    """
    found = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
    if len(found) > MAX_TAGS:
        raise InvalidInput("标签过多。", fields={field: f"最多填写{MAX_TAGS}个，现在有{len(found)}个。"})
    for name in found:
        if len(name) > MAX_TAG_LENGTH:
            raise InvalidInput("标签过长。", fields={field: f"“{name[:10]}…”超过{MAX_TAG_LENGTH}个字。"})
    return found


def tags_named(wanted: Iterable[tuple[TagKind, str]]) -> dict[tuple[TagKind, str], Tag]:
    """The tags with these kinds and names, made where missing (at most three queries)."""
    pairs = set(wanted)
    if not pairs:
        return {}
    found = _tags(pairs)
    missing = sorted(pairs - found.keys())
    if missing:
        Tag.objects.bulk_create([Tag(kind=kind, name=name) for kind, name in missing], ignore_conflicts=True)
        found |= _tags(set(missing))
    return found


def _tags(pairs: set[tuple[TagKind, str]]) -> dict[tuple[TagKind, str], Tag]:
    tags = Tag.objects.filter(name__in={name for _kind, name in pairs})
    return {(TagKind(tag.kind), tag.name): tag for tag in tags if (TagKind(tag.kind), tag.name) in pairs}


def set_tags(person: Person, *, industries: Iterable[str], expertise: Iterable[str]) -> tuple[list[str], list[str]]:
    """Give a person exactly these tags.

    Returns:
        The names before and after, sorted, for the audit.
    """
    wanted = [(TagKind.INDUSTRY, name) for name in industries] + [(TagKind.EXPERTISE, name) for name in expertise]
    before = sorted(tag.name for tag in person.tags.all())
    person.tags.set(tags_named(wanted).values())
    return before, sorted(name for _kind, name in wanted)
