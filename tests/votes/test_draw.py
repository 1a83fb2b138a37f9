"""The draw itself: exact numbers, subsets, whatever the order of the list, and the same again with the same seed."""

from __future__ import annotations

import hashlib
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from votes.draw import draw, lines_of, list_digest, list_text, ranked

NAMES = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6), max_size=12
)
CLASSES = st.dictionaries(st.sampled_from(["法官", "检察官", "政府组成人员"]), NAMES, min_size=1)
SEEDS = st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable())


@st.composite
def lists(make: st.DrawFn) -> tuple[dict[str, list[str]], dict[str, int]]:
    classes = make(CLASSES)
    return classes, {name: make(st.integers(0, len(members))) for name, members in classes.items()}


@given(lists(), SEEDS)
def test_exactly_so_many_are_drawn_and_only_who_stands_on_the_list(
    given_list: tuple[dict[str, list[str]], dict[str, int]], seed: str
) -> None:
    classes, take = given_list
    found = draw(classes, take, seed)
    assert {name: len(members) for name, members in found.items()} == take
    for name, members in found.items():
        assert not Counter(members) - Counter(classes[name])


@given(lists(), SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_the_list_does_not_matter(
    given_list: tuple[dict[str, list[str]], dict[str, int]], seed: str, chance: random.Random
) -> None:
    classes, take = given_list
    other = {}
    for name in reversed(list(classes)):
        other[name] = list(classes[name])
        chance.shuffle(other[name])
    assert draw(other, take, seed) == draw(classes, take, seed)


@given(lists(), SEEDS)
def test_the_same_seed_draws_the_same(given_list: tuple[dict[str, list[str]], dict[str, int]], seed: str) -> None:
    classes, take = given_list
    assert draw(classes, take, seed) == draw(classes, take, seed)


@given(st.lists(st.integers(1, 10**6), min_size=3, max_size=30, unique=True), SEEDS)
def test_to_draw_one_more_keeps_those_before(members: list[int], seed: str) -> None:
    names = [str(number) for number in members]
    few = draw({"法官": names}, {"法官": 2}, seed)["法官"]
    assert draw({"法官": names}, {"法官": 3}, seed)["法官"][:2] == few


def test_another_seed_draws_others() -> None:
    members = [f"法官{number}" for number in range(200)]
    one = draw({"法官": members}, {"法官": 20}, "2026年6月1日 03 11 19")["法官"]
    other = draw({"法官": members}, {"法官": 20}, "2026年6月1日 03 11 20")["法官"]
    assert set(one) != set(other)


def test_it_can_be_repeated_by_hand() -> None:
    names = ["张三 一级法官", "李四 二级法官", "王五 三级法官"]
    by_hand = sorted(names, key=lambda name: hashlib.sha256(f"8341|法官|{name}|1".encode()).hexdigest())
    assert list(draw({"法官": names}, {"法官": 2}, "8341")["法官"]) == by_hand[:2]


def test_everybody_is_drawn_about_as_often() -> None:
    """500 seeds, 3 of 10: each about 150 times (five standard deviations are 51)."""
    members = [f"检察官{number}" for number in range(10)]
    counts = Counter(name for seed in range(500) for name in draw({"检": members}, {"检": 3}, str(seed))["检"])
    assert set(counts) == set(members)
    assert all(99 < count < 201 for count in counts.values()), counts


def test_two_of_the_same_name_have_each_a_ticket() -> None:
    tickets = ranked("法官", ["张三", "李四", "张三"], "7")
    assert len({ticket.digest for ticket in tickets}) == 3
    assert [line for line, _ in lines_of("法官", ["张三", "李四", "张三"])] == [
        "法官|张三|1",
        "法官|张三|2",
        "法官|李四|1",
    ]


def test_the_published_list_and_its_digest() -> None:
    text = list_text({"法官": ["李四", "张三"], "检察官": ["王五"]}, {"法官": 1, "检察官": 1})
    assert text == "# 法官：2人，抽取1人\n法官|张三|1\n法官|李四|1\n# 检察官：1人，抽取1人\n检察官|王五|1\n"
    assert list_digest(text) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("classes", "take", "seed"),
    [
        ({"法官": ["张三"]}, {"法官": 1}, ""),
        ({"法官": ["张三"]}, {"法官": 2}, "1"),
        ({"法官": ["张三"]}, {"法官": -1}, "1"),
        ({"法官": ["张三"]}, {"检察官": 1}, "1"),
        ({"法官": ["张三"], "检察官": ["李四"]}, {"法官": 1}, "1"),
    ],
)
def test_what_cannot_be_drawn(classes: dict[str, list[str]], take: dict[str, int], seed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        draw(classes, take, seed)
