"""Makes the first template of the duty file; afterwards staff edit it in WPS or Word."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from deputies.services.duty_export import TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as DocumentType

BODY_FONT, BODY_SIZE = "仿宋", 12
TITLE_FONT, TITLE_SIZE = "宋体", 20
LINE = 22
FACTS = (
    "姓名：{{ name }}　　代表证号：{{ certificate }}",
    "人民代表大会：{{ congress }}",
    "选举单位：{{ unit }}　　代表类别：{{ profession }}",
    "核对情况：{{ check }}",
)


class Command(BaseCommand):
    """``build_duty_file [--force]``: write ``deputies/sheets/duty_file.docx``."""

    help = "生成履职档案模板的初稿。已有模板不覆盖，除非加 --force。"

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
    """A4: title, facts, what is asked, sums by kind, the entries one by one."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(25)
    section.left_margin = section.right_margin = Mm(23)
    normal = document.styles["Normal"]
    normal.font.size, normal.font.name = Pt(BODY_SIZE), BODY_FONT
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FONT)
    normal.paragraph_format.line_spacing = Pt(LINE)
    normal.paragraph_format.space_after = Pt(0)
    head = _paragraph(document, "人大代表履职档案", font=TITLE_FONT, size=TITLE_SIZE, bold=True)
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.paragraph_format.line_spacing = Pt(32)
    sub = _paragraph(document, "（{{ period }}）")
    sub.alignment = WD_ALIGN_PARAGRAPH.CENTER
    sub.paragraph_format.space_after = Pt(LINE / 2)
    for text in FACTS:
        _paragraph(document, text)
    _heading(document, "一、履职要求完成情况")
    _table(document, "asked", ("要求", "已完成", "还差"), ("words", "done", "rest"), (96, 34, 34))
    _heading(document, "二、按事项合计")
    _table(document, "sums", ("事项", "现有合计", "归档时"), ("label", "now", "frozen"), (96, 34, 34))
    _heading(document, "三、履职记录")
    _table(
        document,
        "entries",
        ("序号", "日期", "事项", "内容", "数量", "备注"),
        ("place", "on", "kind", "title", "quantity", "note"),
        (12, 29, 30, 52, 15, 26),
    )
    _paragraph(document, "“已冲销”的记录不计入合计。本档案由平台依据业务事项自动汇总，不评分、不排名。", size=10)
    _paragraph(document, "{{ made_on }}").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return document


def _table(document: DocumentType, name: str, heads: Sequence[str], keys: Sequence[str], widths: Sequence[int]) -> None:
    """docxtpl repeats the row between its two tags."""
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    empty = [""] * (len(heads) - 1)
    rows = [
        list(heads),
        [f"{{%tr for row in {name} %}}", *empty],
        [f"{{{{ row.{key} }}}}" for key in keys],
        ["{%tr endfor %}", *empty],
    ]
    for place, texts in enumerate(rows):
        cells = table.rows[0].cells if place == 0 else table.add_row().cells
        for cell, text, width in zip(cells, texts, widths, strict=True):
            cell.width = Mm(width)
            _run(cell.paragraphs[0], text, size=10, bold=place == 0)
            cell.paragraphs[0].paragraph_format.line_spacing = Pt(15)


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
    run.bold = bold
    run.font.size, run.font.name = Pt(size), font
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
