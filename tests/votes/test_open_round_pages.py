"""Results for everybody: the arithmetic, receipts, the ballots to count again."""

from __future__ import annotations

import csv
import hashlib
import io

import pytest
from django.test import Client
from django.urls import reverse

from tests.suggestions.pages import errors, text_of
from tests.votes import round_steps as steps
from tests.votes.people import County
from tests.votes.round_steps import AGAINST, FOR
from votes.models import Round


def url(page: str, round_: Round) -> str:
    return reverse(f"open_rounds:{page}", args=[round_.public_id])


@pytest.fixture
def declared(county: County) -> tuple[Round, list[str]]:
    """A declared vote of nine, and the receipts."""
    round_ = steps.opened(county, steps.projects_round(county))
    done = steps.cast_all(county, round_, [[FOR, FOR, AGAINST]] * 6 + [[FOR, AGAINST, FOR]] * 3)
    steps.counted(county, round_)
    return steps.declared(county, round_), [result.receipt for _, result in done]


def test_everybody_reads_the_result_with_its_arithmetic(declared: tuple[Round, list[str]]) -> None:
    round_, _ = declared
    answer = Client().get(url("detail", round_))
    text = text_of(answer)
    assert "项目1、项目2，共2件通过。" in text
    assert "通过须获全体代表过半数赞成：9÷2取整加1＝5票" in text
    assert round_.ballots_hash in text
    assert round_.roll_hash in text
    assert 'data-chart="chart-result"' in answer.content.decode()
    assert round_.title in text_of(Client().get(reverse("open_rounds:list")))


def test_a_receipt_is_counted_or_not(declared: tuple[Round, list[str]]) -> None:
    round_, receipts = declared
    for typed in (receipts[0], receipts[8].lower().replace("-", "")):
        answer = Client().post(url("detail", round_), {"receipt": typed})
        assert "这张选票已经计入" in text_of(answer)
    assert "没有找到这个回执" in text_of(Client().post(url("detail", round_), {"receipt": "0000-0000-0000-0000"}))
    short = Client().post(url("detail", round_), {"receipt": "12"})
    assert short.status_code == 422
    assert errors(short) == {"receipt": ["回执是16位字母和数字，请核对后重新输入。"]}


def test_anybody_recounts_as_the_page_describes(declared: tuple[Round, list[str]]) -> None:
    round_, _ = declared
    answer = Client().get(url("ballots", round_))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["选票编号", "存储内容", "有效", "项目1", "项目2", "项目3"]
    assert sum(row[3] == "赞成" for row in rows[1:]) == 9
    assert sum(row[4] == "赞成" for row in rows[1:]) == 6
    text = "".join(f"{row[0]} {row[1]} {row[2]}\n" for row in rows[1:])
    assert hashlib.sha256(text.encode()).hexdigest() == round_.ballots_hash
    assert "全部一致" in text_of(Client().get(url("verify", round_)))


def test_a_changed_result_is_found(declared: tuple[Round, list[str]]) -> None:
    round_, _ = declared
    result = dict(round_.result or {})
    result["valid"] = 8
    Round.objects.filter(pk=round_.pk).update(result=result)
    assert "重新计算的结果与公布的结果不一致。" in text_of(Client().get(url("verify", round_)))


def test_before_the_declaration_nothing_is_public(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    steps.cast_all(county, round_, [[FOR, FOR, AGAINST]] * 9)
    for step in (lambda: None, lambda: steps.closed(county, round_), lambda: steps.count(county, round_)):
        step()
        for page in ("detail", "verify", "ballots"):
            assert Client().get(url(page, round_)).status_code == 404
            assert county.cast.client("deputy").get(url(page, round_)).status_code == 404
    assert "还没有公开的投票结果" in text_of(Client().get(reverse("open_rounds:list")))


def test_an_internal_result_is_for_those_of_the_roll(county: County) -> None:
    round_ = steps.opened(county, steps.appraisal(county, is_public=False))
    steps.cast_all(county, round_, [["satisfied", "basically"]] * 8 + [["satisfied", "abstain"]])
    steps.counted(county, round_)
    steps.declared(county, round_)
    assert Client().get(url("detail", round_)).status_code == 404
    text = text_of(county.cast.client("deputy").get(url("detail", round_)))
    assert "满意率9÷9＝100.0%" in text
    assert "区水利局：满意，满意率100.0%（9/9）；区教育局：基本满意，满意率0.0%（0/9）。" in text
    assert "满意率0÷9＝0.0%" in text
    assert county.cast.client("stranger").get(url("detail", round_)).status_code == 404
