"""The booklet (优秀报告选编): the reports that won an award as one .docx with cover, contents and page numbers.

A report that was written in the browser stands with its text. Of an uploaded .docx the paragraphs are taken over as
plain text (its tables and pictures are not); any other file is represented by the summary, with a note that the
original is kept on the portal.
"""

from __future__ import annotations

import re
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, cast
from zipfile import BadZipFile

from django.core.files import File
from django.utils import timezone
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from deputies.selectors.judging import get_judging_for
from deputies.selectors.judging_result import result_of
from deputies.selectors.report import FILE_SLOT, author_names, is_document
from liaison.exceptions import IllegalTransition
from liaison.permissions import Permission
from liaison.selectors.attachment import attachments_by_owner
from liaison.services.audit import record_audit
from liaison.services.job import job_finish, job_start

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from docx.document import Document as DocumentType

    from deputies.models import DeputyReport, JudgedReport, Judging
    from liaison.actor import Actor
    from liaison.models import Attachment, Job

BOOKLET_JOB = "judging.booklet"
#: 公文常用字体：正文仿宋三号，标题宋体。
BODY_FONT, BODY_SIZE, LINE = "仿宋", 16, 28
TITLE_FONT, TITLE_SIZE = "宋体", 20
#: What XML 1.0 cannot hold.
_NOT_XML = re.compile("[^\n\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Paragraphs taken from one uploaded document.
MOST_PARAGRAPHS = 3000


def booklet_start(*, actor: Actor, public_id: UUID | str) -> Job:
    """Have a worker make the booklet of a judging's awarded reports.

    Raises:
        NotFound: not visible to the actor.
        NotAllowed: the role may not.
        IllegalTransition: no award is given yet.
    """
    actor.require(Permission.REPORT_RECEIVE)
    judging = get_judging_for(actor, public_id)
    _awarded(judging)
    return job_start(
        actor=actor, kind=BOOKLET_JOB, title=f"编印{judging.title}选编", params={"judging": str(judging.public_id)}
    )


def booklet_make(*, actor: Actor, public_id: UUID | str, job: Job, progress: Callable[[int, int], None]) -> Job:
    """Write the booklet and finish the job with it; what a worker does.

    Args:
        progress: called with (reports done, total).

    Raises:
        NotFound, NotAllowed, IllegalTransition: as ``booklet_start``.
    """
    actor.require(Permission.REPORT_RECEIVE)
    judging = get_judging_for(actor, public_id)
    entries = _awarded(judging)
    files = attachments_by_owner([entry.report for entry in entries], FILE_SLOT)
    document = _document()
    _cover(document, judging)
    _contents(document, entries)
    for number, entry in enumerate(entries, start=1):
        _paper(document, number, entry, files.get(entry.report_id, []))
        progress(number, len(entries))
    with SpooledTemporaryFile(max_size=8 * 1024 * 1024) as out:
        document.save(out)
        out.seek(0)
        record_audit(
            actor=actor,
            action="judging.booklet",
            target=judging,
            detail={"rows": len(entries)},
            region_prefix=judging.region_prefix,
        )
        name = f"{judging.title}选编.docx"
        return job_finish(
            job=job, message=f"共{len(entries)}篇。", file=File(cast("Any", out), name=name), file_name=name
        )


def _awarded(judging: Judging) -> list[JudgedReport]:
    """The awarded papers, the best first.

    Raises:
        IllegalTransition: no award is given yet.
    """
    entries = [line.entry for line in result_of(judging) if line.entry.award]
    if not entries:
        raise IllegalTransition("还没有确定获奖报告，确定以后才能编印。")
    return entries


# ── the parts ────────────────────────────────────────────────────────────────────────────────────────
def _document() -> DocumentType:
    """An empty A4 document with our styles and page numbers at the foot."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.different_first_page_header_footer = True
    normal = document.styles["Normal"]
    _font(normal, BODY_FONT, BODY_SIZE)
    normal.paragraph_format.line_spacing = Pt(LINE)
    normal.paragraph_format.space_after = Pt(0)
    heading = document.styles["Heading 1"]
    _font(heading, TITLE_FONT, TITLE_SIZE, bold=True)
    heading.font.color.rgb = None
    heading.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    heading.paragraph_format.page_break_before = True
    heading.paragraph_format.line_spacing = Pt(36)
    heading.paragraph_format.space_after = Pt(12)
    contents = document.styles.add_style("TOC 1", WD_STYLE_TYPE.PARAGRAPH)
    contents.base_style = normal
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(foot, "PAGE", "1", size=12)
    return document


def _cover(document: DocumentType, judging: Judging) -> None:
    title = _line(document, judging.title, font=TITLE_FONT, size=32, bold=True)
    title.paragraph_format.space_before = Pt(150)
    title.paragraph_format.line_spacing = Pt(48)
    _line(document, "优秀报告选编", font=TITLE_FONT, size=26).paragraph_format.line_spacing = Pt(44)
    office = _line(document, judging.office.display)
    office.paragraph_format.space_before = Pt(260)
    today = timezone.localdate()
    _line(document, f"{today.year}年{today.month}月")


def _contents(document: DocumentType, entries: Sequence[JudgedReport]) -> None:
    """A real TOC field, so that Word and WPS fill in page numbers when it is updated; what stands in it until then
    is the list of titles and authors, each leading to its report."""
    head = _line(document, "目录", font=TITLE_FONT, size=TITLE_SIZE, bold=True)
    head.paragraph_format.page_break_before = True
    head.paragraph_format.space_after = Pt(12)
    first = document.add_paragraph(style="TOC 1")
    _mark(first, "begin")
    _instruction(first, 'TOC \\o "1-1" \\h \\z \\u')
    _mark(first, "separate")
    paragraph = first
    for number, entry in enumerate(entries, start=1):
        if number > 1:
            paragraph = document.add_paragraph(style="TOC 1")
        _link(paragraph, _bookmark(number), f"{number}. {_plain(entry.report.title)}（{author_names(entry.report)}）")
    _mark(paragraph, "end")


def _paper(document: DocumentType, number: int, entry: JudgedReport, files: Sequence[Attachment]) -> None:
    report = entry.report
    heading = document.add_paragraph(style="Heading 1")
    _bookmarked(heading, _bookmark(number), number, _plain(report.title))
    _line(document, f"{author_names(report)}（{report.mandate.congress.short_name}代表）")
    about = _line(document, f"{report.get_kind_display()}　{entry.award}", size=14)
    about.paragraph_format.space_after = Pt(LINE / 2)
    for text in _texts(report, files):
        _body(document, text)


def _texts(report: DeputyReport, files: Sequence[Attachment]) -> list[str]:
    """The paragraphs of a report: what was typed, else what an uploaded document holds, else the summary."""
    if report.text.strip():
        return _paragraphs(report.text)
    for file in files:
        if file.name.lower().endswith(".docx") and (found := _docx_paragraphs(file)):
            return found
    note = "（本篇原文为附件，请在平台查阅：" + "、".join(file.name for file in files if is_document(file)) + "）"
    return [*_paragraphs(report.summary), note]


def _docx_paragraphs(file: Attachment) -> list[str]:
    """The paragraphs of an uploaded document; none when it cannot be read."""
    try:
        with file.file.open("rb") as content:
            document = Document(BytesIO(content.read()))
        return [text for one in document.paragraphs[:MOST_PARAGRAPHS] if (text := _plain(one.text).strip())]
    except (OSError, ValueError, KeyError, SyntaxError, BadZipFile, PackageNotFoundError):  # lxml's is a SyntaxError
        return []


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in _plain(text).splitlines() if line.strip()]


def _plain(text: str) -> str:
    """The text made fit for a document."""
    return _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


# ── Word's own ways ──────────────────────────────────────────────────────────────────────────────────
def _font(style: Any, name: str, size: int, *, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold = name, Pt(size), bold
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _line(
    document: DocumentType, text: str, *, font: str = BODY_FONT, size: int = BODY_SIZE, bold: bool = False
) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(_plain(text))
    run.font.name, run.font.size, run.font.bold = font, Pt(size), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return paragraph


def _body(document: DocumentType, text: str) -> None:
    paragraph = document.add_paragraph(text)
    paragraph.paragraph_format.first_line_indent = Pt(BODY_SIZE * 2)


def _bookmark(number: int) -> str:
    return f"_Toc{number:08d}"


def _bookmarked(paragraph: Any, name: str, number: int, text: str) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    start.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    end.set(qn("w:id"), str(number))
    paragraph._p.append(start)
    paragraph.add_run(text)
    paragraph._p.append(end)


def _link(paragraph: Any, anchor: str, text: str) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), anchor)
    run = paragraph.add_run(text)
    link.append(run._r)
    paragraph._p.append(link)


def _mark(paragraph: Any, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)


def _instruction(paragraph: Any, text: str) -> None:
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {text} "
    paragraph.add_run()._r.append(instruction)


def _field(paragraph: Any, instruction: str, shown: str, *, size: int) -> None:
    _mark(paragraph, "begin")
    _instruction(paragraph, instruction)
    _mark(paragraph, "separate")
    paragraph.add_run(shown).font.size = Pt(size)
    _mark(paragraph, "end")
