"""The search box: what every package finds, by kind, with the words marked."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from liaison.registry import registry
from liaison.search import highlight, query_bigrams

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from liaison.actor import Actor
    from liaison.registry import SearchHit


@dataclass(frozen=True, slots=True)
class ShownHit:
    """One result as drawn."""

    title: SafeString
    url: str
    excerpt: SafeString
    passage: SafeString


@dataclass(frozen=True, slots=True)
class HitGroup:
    """The results of one kind, in the order of their package."""

    kind: str
    hits: list[ShownHit]


def search_all(actor: Actor, query: str) -> list[HitGroup]:
    """What the actor may see and the words fit; nothing for a query without letters or digits."""
    if not query_bigrams(query):
        return []
    return [
        HitGroup(kind, [_shown(hit, query) for hit in hits])
        for kind, hits in groupby(registry.search(actor, query), key=lambda hit: hit.kind)
    ]


def _shown(hit: SearchHit, query: str) -> ShownHit:
    return ShownHit(
        title=highlight(hit.title, query),
        url=hit.url,
        excerpt=highlight(hit.excerpt, query),
        passage=highlight(hit.passage, query),
    )
