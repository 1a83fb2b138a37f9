"""Numbers that tell who somebody is are covered in texts; what is counted, dated or numbered is not."""

from __future__ import annotations

import string
import time

from hypothesis import given
from hypothesis import strategies as st

from liaison.masking import STAR, mask_name, mask_phone, mask_text

COVERED = {
    "我的身份证430903197001011234。": f"我的身份证430{STAR * 13}34。",
    "43090319700101123x号": f"430{STAR * 13}3x号",
    "老身份证 430903700101123": f"老身份证 430{STAR * 10}23",
    "电话13973712345找我": f"电话139{STAR * 6}45找我",
    "１３９７３７１２３４５": f"１３９{STAR * 6}４５",
    "139-7371-2345": f"139-{STAR * 4}-{STAR * 2}45",
    "139 7371 2345": f"139 {STAR * 4} {STAR * 2}45",
    "+86 13973712345": f"+86 1{STAR * 8}45",
    "座机0737-4221234": f"座机073{STAR}-{STAR * 5}34",
    "打4221234": f"打422{STAR * 2}34",
    "卡号6222 0212 3456 7890 123": f"卡号622{STAR} {STAR * 4} {STAR * 4} {STAR * 4} {STAR}23",
    "一三九七三七一二三四五": f"一三九{STAR * 6}四五",
}


STAYS = (
    "2026年11月21日",
    "2026-11-21 09:00",
    "20261121",
    "2024-2026年",
    "投入12345678元",
    "影响3500000人",
    "意见2026-0012",
    "第0123号建议",
    "110、119和120",
    "面积1,200,000平方米",
    "一二三四五",
    "<script>alert(1)</script>😀",
    "",
)


def test_numbers_of_people_are_covered() -> None:
    assert {text: mask_text(text) for text in COVERED} == COVERED


def test_what_is_counted_or_dated_stays() -> None:
    assert tuple(mask_text(text) for text in STAYS) == STAYS


@given(
    st.text(max_size=60),
    st.sampled_from(["13973712345", "430903197001011234", "43090319700101123X", "0737-4221234"]),
    st.text(max_size=60),
)
def test_no_whole_number_survives_whatever_stands_around_it(before: str, number: str, after: str) -> None:
    shown = mask_text(f"{before}，{number}。{after}")
    assert number not in shown
    assert len(shown) == len(before) + len(number) + len(after) + 2
    assert mask_text(shown) == shown


@given(st.text(alphabet=string.ascii_letters + "，。、！路灯坏了半个月", max_size=80))
def test_a_text_without_digits_stays(text: str) -> None:
    assert mask_text(text) == text


def test_a_text_made_to_be_slow_is_not() -> None:
    before = time.perf_counter()
    mask_text("1 " * 1000 + "x" + "-" * 1000 + "一 " * 1000)
    assert time.perf_counter() - before < 1


def test_contacts_are_covered_in_lists() -> None:
    assert mask_phone("13973712345") == f"139{STAR * 6}45"
    assert mask_phone("0737-4221234") == f"073{STAR}-{STAR * 5}34"
    assert mask_phone("") == ""
    assert mask_name("欧阳明") == f"欧{STAR * 2}"
