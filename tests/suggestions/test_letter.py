"""Letters say what people typed, exactly, and nothing else."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from docx import Document

from liaison.exceptions import DomainError
from suggestions.services import letter
from suggestions.services.letter import LETTERS, render_letter

if TYPE_CHECKING:
    from pathlib import Path

ASSIGNMENT = {
    "office": "益阳市人大常委会",
    "department": "联工委",
    "unit": "益阳市生态环境局",
    "number": "益阳市七届人大闭会第1号",
    "title": "关于治理油烟的建议",
    "lead": "李代表",
    "congress": "益阳市第七届人民代表大会",
    "requirement": "",
    "months": 3,
    "due_on": dt.date(2026, 2, 24),
    "assigned_on": dt.date(2025, 11, 21),
}


def _paragraphs(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs]


def test_typed_text_stays_as_it_is() -> None:
    typed = "第一行 <b>&amp;\r\n{{ unit }}\x07\x0b第二行\ud800"
    lines = _paragraphs(render_letter("assignment.docx", ASSIGNMENT | {"requirement": typed}))
    assert "第一行 <b>&amp;" in lines
    assert "{{ unit }}第二行" in lines


def test_dates_are_written_in_chinese() -> None:
    lines = _paragraphs(render_letter("assignment.docx", ASSIGNMENT))
    assert lines[-1] == "2025年11月21日"
    assert any("2026年2月24日前" in line for line in lines)


def test_lists_and_mappings_are_made_fit_too() -> None:
    assert letter._plain({"names": ["甲\x00", ("乙",)], "on": dt.datetime(2026, 1, 2, 3, 4)}) == {  # noqa: DTZ001
        "names": ["甲", ["乙"]],
        "on": "2026年1月2日",
    }


def test_a_missing_name_is_an_error_and_no_blank() -> None:
    with pytest.raises(DomainError, match="unit"):
        render_letter("assignment.docx", {key: value for key, value in ASSIGNMENT.items() if key != "unit"})


@pytest.mark.parametrize("content", [None, b"", b"not a document"])
def test_a_missing_or_damaged_template_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "assignment.docx").write_bytes(content)
    monkeypatch.setattr(letter, "LETTERS", tmp_path)
    with pytest.raises(DomainError, match=r"assignment\.docx") as refused:
        render_letter("assignment.docx", ASSIGNMENT)
    assert refused.value.code == "letter_template"


def test_the_templates_are_those_that_the_command_makes(tmp_path: Path) -> None:
    call_command("build_letters", to=tmp_path, verbosity=0)
    made = {path.name for path in tmp_path.iterdir()}
    assert made == {path.name for path in LETTERS.glob("*.docx")}
    with pytest.raises(CommandError):
        call_command("build_letters", to=tmp_path)
    call_command("build_letters", to=tmp_path, force=True)
