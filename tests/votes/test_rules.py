"""The arithmetic of a vote, with the rulebook's numbers and others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from votes.rules import (
    Decision,
    decide,
    is_contested,
    majority,
    overall_rating,
    quorum,
    read_ballot,
    wanted_candidates,
)


@pytest.mark.parametrize(("deputies", "needed"), [(91, 61), (90, 60), (79, 53), (3, 2), (1, 1), (2, 2)])
def test_two_thirds_of_all_deputies_are_a_quorum(deputies: int, needed: int) -> None:
    assert quorum(deputies) == needed


@pytest.mark.parametrize(("deputies", "needed"), [(79, 40), (80, 41), (1, 1), (2, 2), (91, 46)])
def test_more_than_half_of_all_deputies_is_a_majority(deputies: int, needed: int) -> None:
    assert majority(deputies) == needed


@pytest.mark.parametrize("count", [quorum, majority])
def test_a_congress_without_deputies_decides_nothing(count: object) -> None:
    with pytest.raises(ValueError, match="nobody"):
        count(0)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("marks", "verdict"),
    [
        (["for", "for", "against"], "valid"),
        (["for", "against", "abstain"], "valid"),
        (["empty", "empty", "empty"], "valid"),
        (["for", "for", "for"], "void"),
        ([], "valid"),
    ],
)
def test_more_approvals_than_places_make_a_ballot_void(marks: list[str], verdict: str) -> None:
    assert read_ballot(marks, 2) == verdict


def test_a_mark_that_no_ballot_offers_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown"):
        read_ballot(["for", "perhaps"], 2)


@pytest.mark.parametrize(
    ("approvals", "expected"),
    [
        ({"a": 70, "b": 60, "c": 50}, Decision(("a", "b"), (), 0)),
        ({"a": 70, "b": 39, "c": 38}, Decision(("a",), (), 1)),
        ({"a": 70, "b": 60, "c": 60}, Decision(("a",), ("b", "c"), 1)),
        ({"a": 60, "b": 60, "c": 60}, Decision((), ("a", "b", "c"), 2)),
        ({"a": 60, "b": 60, "c": 50}, Decision(("a", "b"), (), 0)),
        ({"a": 39, "b": 39, "c": 0}, Decision((), (), 2)),
        ({}, Decision((), (), 2)),
    ],
)
def test_of_79_deputies_two_projects_are_chosen(approvals: dict[str, int], expected: Decision) -> None:
    assert decide(approvals, deputies=79, places=2) == expected


@pytest.mark.parametrize(("approvals", "places"), [({"a": 80}, 1), ({"a": -1}, 1), ({"a": 1}, 0)])
def test_impossible_counts_are_refused(approvals: dict[str, int], places: int) -> None:
    with pytest.raises(ValueError, match=r"approvals|place"):
        decide(approvals, deputies=79, places=places)


@st.composite
def counts(draw: st.DrawFn) -> tuple[dict[str, int], int, int]:
    deputies = draw(st.integers(1, 200))
    approvals = draw(
        st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, deputies), max_size=12)
    )
    return approvals, deputies, draw(st.integers(1, 12))


@given(counts())
def test_never_more_than_the_places_and_never_below_the_majority(case: tuple[dict[str, int], int, int]) -> None:
    approvals, deputies, places = case
    found = decide(approvals, deputies=deputies, places=places)
    assert len(found.passed) + found.open_places == places
    assert all(approvals[key] >= majority(deputies) for key in (*found.passed, *found.tied))
    assert not set(found.passed) & set(found.tied)
    if found.tied:
        assert len(found.tied) > found.open_places
        assert len({approvals[key] for key in found.tied}) == 1
    worst = min((approvals[key] for key in found.passed), default=deputies + 1)
    others = [count for key, count in approvals.items() if key not in found.passed and count >= majority(deputies)]
    assert all(count < worst for count in others) or not found.passed or found.open_places == 0 or found.tied


@given(counts(), st.randoms())
def test_the_order_of_the_counts_does_not_matter(case: tuple[dict[str, int], int, int], random: object) -> None:
    approvals, deputies, places = case
    items = list(approvals.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    assert decide(dict(items), deputies=deputies, places=places) == decide(approvals, deputies=deputies, places=places)


@pytest.mark.parametrize(
    ("counts_", "members", "text"),
    [
        ((87, 3, 0), 90, "满意"),
        ((45, 10, 20), 90, "满意"),
        ((44, 1, 45), 90, "基本满意"),
        ((44, 0, 46), 90, "不满意"),
        ((0, 0, 0), 90, "不满意"),
        ((45, 1, 45), 91, "基本满意"),
    ],
)
def test_half_of_all_members_decides_the_overall_rating(counts_: tuple[int, int, int], members: int, text: str) -> None:
    assert overall_rating(*counts_, members=members) == text


def test_more_ratings_than_members_are_refused() -> None:
    with pytest.raises(ValueError, match="ratings"):
        overall_rating(50, 40, 1, members=90)


@pytest.mark.parametrize(("places", "wanted"), [(1, 2), (2, 3), (5, 6), (9, 11), (10, 12)])
def test_one_candidate_more_and_a_fifth_more_is_wished_for(places: int, wanted: int) -> None:
    assert wanted_candidates(places, 20) == wanted


def test_as_many_candidates_as_places_is_no_contest() -> None:
    assert not is_contested(2, 2)
    assert is_contested(["a", "b", "c"], 2)
