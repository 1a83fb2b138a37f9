"""Makes the first template of the result sheet; afterwards staff edit it in WPS or Word."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from votes.services.resultsheet import TEMPLATE

if TYPE_CHECKING:
    from docx.document import Document as DocumentType

BODY_FONT, BODY_SIZE = "仿宋", 14
TITLE_FONT, TITLE_SIZE = "宋体", 20
LINE = 24
FACTS = (
    ("会议", "{{ congress }}{{ session }}"),
    ("投票种类", "{{ kind }}"),
    ("投票时间", "{{ opened_at }}至{{ closed_at }}"),
    ("计票时间", "{{ counted_at }}"),
)


class Command(BaseCommand):
    """``build_result_sheet [--force]``: write ``votes/sheets/result.docx``."""

    help = "生成计票报告单模板的初稿。已有模板不覆盖，除非加 --force。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="覆盖已有模板（工作人员的修改会丢失）")
        parser.add_argument("--to", type=Path, default=TEMPLATE, help="文件")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["to"]
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not options["force"]:
            raise CommandError(f"{path.name} 已存在。确需覆盖请加 --force。")
        build().save(str(path))
        self.stdout.write(f"已生成 {path.name}")


def build() -> DocumentType:
    """One A4 sheet: title, facts, arithmetic line by line, a row for each line of the ballot, signatures, hashes."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(28), Mm(25)
    section.left_margin, section.right_margin = Mm(25), Mm(22)
    normal = document.styles["Normal"]
    normal.font.size, normal.font.name = Pt(BODY_SIZE), BODY_FONT
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FONT)
    normal.paragraph_format.line_spacing = Pt(LINE)
    normal.paragraph_format.space_after = Pt(0)

    head = _paragraph(document, "{{ title }}", font=TITLE_FONT, size=TITLE_SIZE, bold=True)
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.paragraph_format.line_spacing = Pt(32)
    sub = _paragraph(document, "计票报告单", font=TITLE_FONT, size=TITLE_SIZE, bold=True)
    sub.alignment = WD_ALIGN_PARAGRAPH.CENTER
    sub.paragraph_format.line_spacing = Pt(32)
    sub.paragraph_format.space_after = Pt(LINE / 2)
    for label, value in FACTS:
        _paragraph(document, f"{label}：{value}")
    _heading(document, "一、计票过程")
    for text in ("{%p for text in arithmetic %}", "{{ text }}", "{%p endfor %}"):
        _paragraph(document, text)
    _heading(document, "二、各项得票")
    _table(document)
    _heading(document, "三、结果")
    _paragraph(document, "{{ conclusion }}")
    _heading(document, "四、签字")
    for text in (
        "{%p for teller in tellers %}",
        "{{ teller.role }}：{{ teller.name }}（{{ teller.signed }}）　签名：________________",
        "{%p endfor %}",
    ):
        _paragraph(document, text)
    _paragraph(document, "{{ counted_on }}").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _heading(document, "附：核对用摘要（SHA-256）")
    _paragraph(document, "名册：{{ roll_hash }}", size=10)
    _paragraph(document, "选票：{{ ballots_hash }}", size=10)
    return document


def _table(document: DocumentType) -> None:
    """A row for each line of the ballot; docxtpl repeats the row between its two tags."""
    table = document.add_table(rows=1, cols=4, style="Table Grid")
    rows = [
        ("序号", "事项", "得票", "结果"),
        ("{%tr for line in lines %}", "", "", ""),
        ("{{ line.position }}", "{{ line.name }}", "{{ line.sum }}", "{{ line.outcome }}"),
        ("{%tr endfor %}", "", "", ""),
    ]
    widths = (Mm(14), Mm(42), Mm(77), Mm(30))
    for place, texts in enumerate(rows):
        cells = table.rows[0].cells if place == 0 else table.add_row().cells
        for cell, text, width in zip(cells, texts, widths, strict=True):
            cell.width = width
            _run(cell.paragraphs[0], text, size=11, bold=place == 0)
            cell.paragraphs[0].paragraph_format.line_spacing = Pt(17)


def _heading(document: DocumentType, text: str) -> None:
    paragraph = _paragraph(document, text, bold=True)
    paragraph.paragraph_format.space_before = Pt(LINE / 2)
    paragraph.paragraph_format.keep_with_next = True


def _paragraph(
    document: DocumentType, text: str, *, font: str = BODY_FONT, size: int = BODY_SIZE, bold: bool = False
) -> Any:
    paragraph = document.add_paragraph()
    _run(paragraph, text, font=font, size=size, bold=bold)
    return paragraph


def _run(paragraph: Any, text: str, *, font: str = BODY_FONT, size: int = BODY_SIZE, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = font, Pt(size), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
