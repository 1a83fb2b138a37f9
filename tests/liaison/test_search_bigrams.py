"""Chinese full-text search: what is written is found again, by any part of it."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaison.search import MAX_QUERY, bigrams, excerpt, highlight, passage, query_bigrams, search_query

HAN = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=12)
MIXED = st.text(alphabet="赫山区益阳河道污染整治2026ABCxyz,。()-/:'\"&|!*\\\0 \n", max_size=60)


def found(text: str, query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_tsvector('simple', %s) @@ to_tsquery('simple', %s)", [bigrams(text), query_bigrams(query)]
        )
        row = cursor.fetchone()
    assert row is not None
    return bool(row[0])


def test_a_run_gives_its_pairs_and_its_last_character() -> None:
    assert bigrams("益阳市") == "益阳 阳市 市"


def test_words_stay_whole_and_punctuation_parts_runs() -> None:
    assert bigrams("资江(ZiJiang)、2026年!") == "资江 江 zijiang 2026 年"


def test_full_width_letters_and_digits_are_folded() -> None:
    assert bigrams("ABC123") == "abc123"


def test_a_very_long_word_is_cut() -> None:
    assert bigrams("a" * 5000) == "a" * 40


def test_nothing_to_look_for() -> None:
    assert query_bigrams(" ,。!'\\:*") == ""
    assert search_query("……") is None


def test_a_query_asks_for_each_pair_once() -> None:
    assert query_bigrams("河道 河道污染") == "'河道' & '道污' & '污染'"


def test_a_single_character_asks_for_what_begins_with_it() -> None:
    assert query_bigrams("河") == "'河':*"


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["赫", "山", "道", "河道", "污染问题", "整治 赫山", "BOD", "bo", "2026", "题"])
def test_it_is_found_by_any_part(query: str) -> None:
    assert found("赫山区河道污染问题,2026年整治:BOD超标", query)


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["染污", "沅江", "河道 沅江", "OD", "026"])
def test_it_is_not_found_by_what_is_not_there(query: str) -> None:
    assert not found("赫山区河道污染问题,2026年整治:BOD超标", query)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=HAN, middle=HAN, after=HAN)
def test_every_part_of_a_text_finds_the_text(before: str, middle: str, after: str) -> None:
    assert found(f"{before}{middle}{after}", middle)


@pytest.mark.django_db
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=MIXED, query=MIXED)
def test_whatever_is_typed_is_a_question_the_database_understands(text: str, query: str) -> None:
    if query_bigrams(query):
        found(text, query)


@settings(max_examples=80, deadline=None)
@given(text=MIXED, query=MIXED)
def test_marking_adds_nothing_but_marks_and_escapes(text: str, query: str) -> None:
    from html import unescape

    marked = highlight(text, query)
    assert unescape(marked.replace("<mark>", "").replace("</mark>", "")) == text
    assert "<" not in marked.replace("<mark>", "").replace("</mark>", "")


def test_parts_are_marked_without_regard_to_case() -> None:
    assert highlight("<b>赫山区BOD", "bod 赫山") == "&lt;b&gt;<mark>赫山</mark>区<mark>BOD</mark>"


def test_a_character_whose_folding_is_longer_moves_no_mark() -> None:
    assert highlight("…㎞赫山", "赫山") == "…㎞<mark>赫山</mark>"
    assert excerpt("㎞" * 200 + "赫山", "赫山").endswith("赫山")


def test_an_excerpt_shows_the_place() -> None:
    text = "甲" * 200 + "河道污染" + "乙" * 200
    cut = excerpt(text, "污染")
    assert "河道污染" in cut
    assert cut.startswith("…")
    assert cut.endswith("…")
    assert len(cut) == 82
    assert excerpt("短文", "没有") == "短文"


def test_only_the_beginning_of_an_endless_query_is_looked_at() -> None:
    assert query_bigrams("河" * MAX_QUERY + "尾巴") == "'河河'"


def test_a_passage_is_shown_only_for_what_the_title_does_not_hold() -> None:
    text = "沿岸约两千人取水困难，请尽快治理河道。"
    assert passage(text, "取水", title="治理河道") == text
    assert passage(text, "河道", title="治理河道") == ""
    assert passage(text, "河道 取水", title="治理河道") == text
    assert passage(text, "李代表", title="治理河道") == ""
    assert passage("一" * 200 + "取水困难", "河道 取水", title="治理河道").startswith("…")
