"""Chinese full-text search without a database extension: character bigrams in a ``tsvector``.

A text is indexed as ``to_tsvector('simple', bigrams(text))``: 益阳市 gives 益阳, 阳市 and 市; letters and
digits stay whole words. A query is ``to_tsquery('simple', query_bigrams(query))``: two characters or more
ask for their bigrams, a single character for everything that begins with it (every character of a text
begins a bigram or stands alone at the end of its run, so none is missed).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join

if TYPE_CHECKING:
    from django.contrib.postgres.search import SearchQuery
    from django.utils.safestring import SafeString

#: Longest query that is looked at, in characters.
MAX_QUERY = 60
#: Longest word of letters and digits that is indexed whole.
MAX_WORD = 40
#: Han characters of every plane, with 〇 and 々.
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<word>[0-9a-z]+)")


def fold(text: str) -> str:
    """One spelling for full-width and half-width, upper and lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def _fold_in_place(text: str) -> str:
    """Folded character by character; one that would become longer (…, ㎡) stays, so that places keep their number."""
    return "".join(folded if len(folded := fold(character)) == 1 else character for character in text)


def bigrams(text: str) -> str:
    """What of a text is indexed, as words parted by spaces.

    Runs of Han characters give their overlapping pairs and, at the end, their last character alone;
    letters and digits give words of at most ``MAX_WORD``. Everything else is left out.
    """
    words: list[str] = []
    for run in _RUNS.finditer(fold(text)):
        if (han := run["han"]) is not None:
            words.extend(han[place : place + 2] for place in range(len(han)))
        else:
            words.append(run["word"][:MAX_WORD])
    return " ".join(words)


def pairs(text: str) -> frozenset[str]:
    """What of a text is compared: its bigrams and words, each once."""
    return frozenset(word for word in bigrams(text).split() if len(word) > 1)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """How far two texts say the same, 0 to 1: what both have, of that of the shorter one."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def query_bigrams(text: str) -> str:
    """A query as ``tsquery`` text (for ``SearchQuery(…, config="simple", search_type="raw")``).

    All parts must be found. A single Han character, and a word of letters or digits, match what begins
    with them. Empty when there is nothing to look for.
    """
    parts: dict[str, None] = {}
    for run in _RUNS.finditer(fold(text[:MAX_QUERY])):
        if (han := run["han"]) is None:
            parts[f"'{run['word'][:MAX_WORD]}':*"] = None
        elif len(han) == 1:
            parts[f"'{han}':*"] = None
        else:
            parts.update((f"'{han[place : place + 2]}'", None) for place in range(len(han) - 1))
    return " & ".join(parts)


def search_query(text: str) -> SearchQuery | None:
    """The expression to filter a ``SearchVectorField`` with; None when there is nothing to look for."""
    from django.contrib.postgres.search import SearchQuery

    raw = query_bigrams(text)
    return SearchQuery(raw, config="simple", search_type="raw") if raw else None


def terms(query: str) -> list[str]:
    """The parts of a query as they are marked in results, longest first."""
    found = {run.group() for run in _RUNS.finditer(fold(query[:MAX_QUERY]))}
    return sorted(found, key=lambda term: (-len(term), term))


def highlight(text: str, query: str) -> SafeString:
    """The text, escaped, with each part of the query in ``<mark>``.

    Parts are found without regard to width and case.
    """
    wanted = terms(query)
    if not wanted:
        return format_html("{}", text)
    pattern = re.compile("|".join(re.escape(term) for term in wanted))
    pieces: list[tuple[SafeString | str]] = []
    end = 0
    for match in pattern.finditer(_fold_in_place(text)):
        pieces.append((text[end : match.start()],))
        pieces.append((format_html("<mark>{}</mark>", text[match.start() : match.end()]),))
        end = match.end()
    pieces.append((text[end:],))
    return format_html_join("", "{}", pieces)


def excerpt(text: str, query: str, *, length: int = 80) -> str:
    """About ``length`` characters of the text around the first part of the query found in it."""
    text = " ".join(text.split())
    folded = _fold_in_place(text)
    places = [folded.find(term) for term in terms(query)]
    first = min((place for place in places if place >= 0), default=0)
    start = max(0, min(first - length // 4, len(text) - length))
    return f"{'…' if start else ''}{text[start : start + length]}{'…' if start + length < len(text) else ''}"


def passage(text: str, query: str, *, title: str) -> str:
    """An excerpt of the text when it holds a part of the query that the title does not; else empty."""
    folded, heading = _fold_in_place(text), _fold_in_place(title)
    missing = [term for term in terms(query) if term not in heading and term in folded]
    return excerpt(text, " ".join(missing)) if missing else ""
