"""The search page: what every package finds, by kind, marked and escaped."""

from __future__ import annotations

import pytest

from liaison.actor import Actor
from liaison.registry import SearchHit, registry
from tests.cast import Cast


@pytest.fixture(autouse=True)
def hits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Two packages that find something, and what they were asked."""
    asked: list[tuple[str, str]] = []

    def suggestions(actor: Actor, query: str) -> list[SearchHit]:
        asked.append((actor.name, query))
        return [
            SearchHit("关于治理<资江>河道污染的建议", "/s/1/", "代表建议", "第12号 · 李代表"),
            SearchHit("河道清淤", "/s/2/", "代表建议", passage="…<上游>河道淤积"),
        ]

    def transfers(actor: Actor, query: str) -> list[SearchHit]:
        return [SearchHit("资江河道", "/t/1/", "公益诉讼线索")]

    monkeypatch.setattr(registry, "searches", [suggestions, transfers])
    return asked


def results(cast: Cast, query: str, name: str = "insider") -> str:
    return cast.client(name).get("/search/", {"q": query}).content.decode()


def test_results_stand_by_kind_with_the_words_marked_and_the_rest_escaped(cast: Cast) -> None:
    html = results(cast, "河道 12")
    assert "关于治理&lt;资江&gt;<mark>河道</mark>污染的建议" in html
    assert "第<mark>12</mark>号 · 李代表" in html
    assert "…&lt;上游&gt;<mark>河道</mark>淤积" in html
    assert html.index("代表建议</h2>") < html.index("公益诉讼线索</h2>")
    assert "2条" in html
    assert 'value="河道 12"' in html


def test_every_package_is_asked_for_the_actor(cast: Cast, hits: list[tuple[str, str]]) -> None:
    results(cast, "  河道\n污染 ", name="unit")
    assert hits == [("刘承办", "河道 污染")]


@pytest.mark.parametrize("query", ["", "   ", "!?。", "\0", "河道\0"])
def test_nothing_to_look_for_asks_nobody(cast: Cast, hits: list[tuple[str, str]], query: str) -> None:
    results(cast, query)
    assert hits == []


def test_an_empty_page_offers_a_beginning(cast: Cast) -> None:
    assert "想找什么" in cast.client("insider").get("/search/").content.decode()


def test_nothing_found_says_what_to_try(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "searches", [])
    html = results(cast, "<script>河道")
    assert "没有找到" in html
    assert "<script>河道" not in html


def test_a_very_long_query_is_cut(cast: Cast, hits: list[tuple[str, str]]) -> None:
    assert cast.client("insider").get("/search/", {"q": "河" * 5000}).status_code == 200
    assert hits == [("陈经办", "河" * 60)]


def test_a_visitor_is_sent_to_sign_in(cast: Cast) -> None:
    assert cast.client("anonymous").get("/search/?q=河道").status_code == 302
