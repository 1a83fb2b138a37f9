"""Makes the first templates of the official letters; afterwards staff edit them in WPS or Word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from suggestions.services.letter import LETTERS

#: 公文常用字体：正文仿宋三号，标题宋体二号加粗。A machine without 仿宋_GB2312 falls back to its own 仿宋.
BODY_FONT, BODY_SIZE = "仿宋", 16
TITLE_FONT, TITLE_SIZE = "宋体", 22
LINE = 28

#: Template name → (title, addressee, paragraphs, facts, last line, signing day). The names in braces are what
#: the services hand over (``transfer_approve``, ``suggestion_assign``).
TEMPLATES: dict[str, tuple[str, str, list[str], list[tuple[str, str]], str, str]] = {
    "transfer": (
        "关于转交代表建议涉公益诉讼线索的函",
        "{{ procuratorate }}：",
        [
            "{{ congress }}代表{{ lead }}提出的《{{ title }}》（{{ number }}），经梳理，"
            "可能涉及国家利益或者社会公共利益。现将有关线索转交你院。",
            "请你院于{{ due_on }}前（自{{ transferred_on }}转交之日起{{ months }}个月内），提出是否转化为"
            "公益诉讼案件立案办理的意见，并报送我单位。转交期间，该件代表建议仍由承办单位依法办理。",
            "线索情况如下：",
        ],
        [
            ("涉及领域", "{{ domain }}"),
            ("所在地点", "{{ place }}"),
            ("受损害的公共利益", "{{ harmed_interest }}"),
            ("涉及的行政机关或单位", "{{ agency_concerned }}"),
            ("线索说明", "{{ note or '无' }}"),
        ],
        "附件：代表建议原文及材料（在平台查阅）",
        "{{ transferred_on }}",
    ),
    "assignment": (
        "关于交办代表建议的函",
        "{{ unit }}：",
        [
            "{{ congress }}代表{{ lead }}提出的《{{ title }}》（{{ number }}），现交你单位主办。",
            "请你单位于{{ due_on }}前（自{{ assigned_on }}交办之日起{{ months }}个月内）答复代表。"
            "答复前应当与代表沟通，答复应当加盖公章，注明办理结果分类和联系人、电话。"
            "对交办有异议的，请在期限内书面说明理由退回，不得自行转办。",
        ],
        [("办理要求", "{{ requirement or '请认真研究，按期办理。' }}")],
        "附件：代表建议原文及材料（在平台查阅）",
        "{{ assigned_on }}",
    ),
}


class Command(BaseCommand):
    """``build_letters [--force]``: write ``suggestions/letters/*.docx``."""

    help = "生成公函模板的初稿。已有模板不覆盖，除非加 --force。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="覆盖已有模板（工作人员的修改会丢失）")
        parser.add_argument("--to", type=Path, default=LETTERS, help="目录")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["to"]
        folder.mkdir(parents=True, exist_ok=True)
        for name, parts in TEMPLATES.items():
            path = folder / f"{name}.docx"
            if path.exists() and not options["force"]:
                raise CommandError(f"{path.name} 已存在。确需覆盖请加 --force。")
            build(*parts).save(str(path))
            self.stdout.write(f"已生成 {path.name}")


def build(
    title: str, addressee: str, paragraphs: list[str], facts: list[tuple[str, str]], enclosed: str, signed_on: str
) -> DocumentType:
    """One letter: A4 with the margins of GB/T 9704, title, addressee, text, facts, signature and date."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    normal = document.styles["Normal"]
    normal.font.size = Pt(BODY_SIZE)
    normal.font.name = BODY_FONT
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FONT)
    normal.paragraph_format.line_spacing = Pt(LINE)
    normal.paragraph_format.space_after = Pt(0)

    head = _paragraph(document, title, indent=False, font=TITLE_FONT, size=TITLE_SIZE, bold=True)
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.paragraph_format.line_spacing = Pt(36)
    head.paragraph_format.space_after = Pt(LINE)
    _paragraph(document, addressee, indent=False)
    for text in paragraphs:
        _paragraph(document, text)
    for label, value in facts:
        _paragraph(document, f"{label}：", bold=True).paragraph_format.keep_with_next = True
        _paragraph(document, value)
    _paragraph(document, enclosed)
    for number, text in enumerate(("{{ office }}{{ department }}", signed_on)):
        line = _paragraph(document, text, indent=False)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.right_indent = Pt(BODY_SIZE * 2)
        line.paragraph_format.space_before = Pt(LINE * 2 if number == 0 else 0)
        line.paragraph_format.keep_with_next = number == 0
    return document


def _paragraph(
    document: DocumentType,
    text: str,
    *,
    indent: bool = True,
    font: str = BODY_FONT,
    size: int = BODY_SIZE,
    bold: bool = False,
) -> Any:
    paragraph = document.add_paragraph()
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(size * 2)
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = font, Pt(size), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return paragraph
