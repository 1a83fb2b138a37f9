"""What votes put into the menu, 我的待办 and the search; and the printed result."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from liaison.actor import ANONYMOUS
from liaison.exceptions import DomainError
from liaison.registry import registry
from tests.votes import round_steps as steps
from tests.votes.people import County
from tests.votes.round_steps import AGAINST, FOR
from votes.selectors import presiding
from votes.selectors.result import result_sheet
from votes.selectors.round import tellers_of
from votes.selectors.voting import own_votes, votes_waiting
from votes.services import resultsheet
from votes.services.resultsheet import render_result


def todo(county: County, name: str) -> dict[str, int]:
    return {item.label: item.count for item in registry.todo_items(county.actor(name))}


def test_what_waits_follows_the_vote(county: County) -> None:
    round_ = steps.projects_round(county)
    assert todo(county, "deputy")["会议签到"] == 1
    steps.tellers_set(
        actor=county.actor("county_clerk"),
        public_id=round_.public_id,
        scrutineer_id=county.cast.user("county_approver").pk,
        counter_id=county.cast.user("cosigner").pk,
    )
    assert todo(county, "county_approver")["请设置开箱口令"] == 1
    assert todo(county, "cosigner")["请设置开箱口令"] == 1
    steps.opened(county, round_)
    assert "请设置开箱口令" not in todo(county, "cosigner")
    assert todo(county, "deputy")["正在投票"] == 1
    assert todo(county, "county_clerk")["正在投票"] == 1
    assert "正在投票" not in todo(county, "unit")
    entries = {entry.label: entry.count for entry in registry.menu_entries(county.actor("deputy"))}
    assert entries["投票"] == 1
    steps.closed(county, round_)
    assert todo(county, "deputy")["正在投票"] == 0
    assert todo(county, "county_clerk")["待开箱计票"] == 1
    steps.count(county, round_)
    assert todo(county, "county_clerk")["待宣布结果"] == 1
    assert todo(county, "cosigner")["请核对结果并签字"] == 1


def test_every_act_on_a_vote_has_its_words() -> None:
    for code in ("round.open", "ballot.cast", "teller.sign", "paper.enter", "roll.slips"):
        assert registry.audit_labels[code]


def words_of(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("word/document.xml").decode()


def test_the_result_sheet_prints_the_arithmetic(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county, title="票决<&>“甲”"))
    steps.cast_all(county, round_, [[FOR, FOR, AGAINST]] * 9)
    counted = steps.counted(county, round_)
    sheet = result_sheet(counted)
    assert sheet is not None
    text = words_of(render_result(counted, sheet, tellers_of(counted)))
    for wanted in ("票决&lt;&amp;&gt;", "法定人数", "赞成9＋反对0", "共2件通过", "尚未在平台签字", counted.roll_hash):
        assert wanted in text
    assert "{{" not in text
    steps.declared(county, counted)
    assert "已在平台签字" in words_of(render_result(steps.fresh(counted), sheet, tellers_of(counted)))


def test_a_damaged_template_is_told(county: County, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    steps.cast_all(county, round_, [[FOR, FOR, AGAINST]] * 9)
    counted = steps.counted(county, round_)
    sheet = result_sheet(counted)
    assert sheet is not None
    monkeypatch.setattr(resultsheet, "TEMPLATE", tmp_path / "none.docx")
    with pytest.raises(DomainError, match="报告单模板"):
        render_result(counted, sheet, [])


def test_the_template_is_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "result.docx"
    call_command("build_result_sheet", to=path, verbosity=0)
    made = path.read_bytes()
    assert made[:2] == b"PK"
    with pytest.raises(CommandError, match="已存在"):
        call_command("build_result_sheet", to=path)
    call_command("build_result_sheet", to=path, force=True)


def test_conditions_narrow_the_list_and_nobody_else_has_votes(county: County) -> None:
    round_ = steps.projects_round(county)
    clerk = county.actor("county_clerk")
    year = round_.created_at.year
    for conditions, found in (
        (presiding.Conditions(text="民生", year=year), 1),
        (presiding.Conditions(text="评议"), 0),
        (presiding.Conditions(year=year - 3), 0),
        (presiding.Conditions(region=presiding.EVERYWHERE, kind="projects"), 1),
    ):
        assert presiding.desk_rounds(clerk, presiding.TABS[0], conditions).count() == found
    assert presiding.desk_rounds(county.actor("insider"), presiding.TABS[0], presiding.Conditions()).count() == 0
    assert presiding.search_rounds(clerk, "民", limit=10) == []
    assert presiding.teller_work(ANONYMOUS) == []
    assert own_votes(clerk) == []
    assert votes_waiting(clerk) == (0, 0)
