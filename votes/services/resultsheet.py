"""The result sheet (计票报告单) as .docx: a template that staff edit in WPS or Word, filled from the counted round."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from liaison.dates import cn_date, cn_datetime
from liaison.exceptions import DomainError
from votes.selectors.ratings import conclusion_of, rate_texts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from votes.models import Round, Teller
    from votes.selectors.result import ResultSheet

#: Where the template lies; ``manage.py build_result_sheet`` made the first one.
TEMPLATE = Path(__file__).resolve().parent.parent / "sheets" / "result.docx"
DOCX_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

#: What XML 1.0 cannot hold.
_NOT_XML = re.compile("[^\n\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_result(round_: Round, sheet: ResultSheet, tellers: Sequence[Teller]) -> bytes:
    """Fill the result sheet of a counted round.

    Raises:
        DomainError: the template is missing, damaged or asks for an unknown name (``letter_template``).
    """
    out = BytesIO()
    try:
        document = DocxTemplate(TEMPLATE)
        document.render(
            _plain(context_of(round_, sheet, tellers)), SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
        )
        document.save(out)
    except (OSError, TemplateError, PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise DomainError(
            f"报告单模板“{TEMPLATE.name}”有误，未能生成。请联系系统管理员修正模板。({error})", code="letter_template"
        ) from error
    return out.getvalue()


def context_of(round_: Round, sheet: ResultSheet, tellers: Sequence[Teller]) -> dict[str, Any]:
    """The names that the template uses."""
    rates = rate_texts(round_)
    return {
        "title": round_.title,
        "congress": round_.congress.name,
        "kind": f"{round_.get_kind_display()}（第{round_.number}轮）",
        "session": str(round_.session) if round_.session else "",
        "opened_at": _when(round_.opened_at),
        "closed_at": _when(round_.closed_at),
        "counted_at": _when(round_.counted_at),
        "counted_on": cn_date(round_.counted_at) if round_.counted_at else "",
        "arithmetic": list(sheet.arithmetic),
        "lines": [
            {
                "position": line.position,
                "name": line.name,
                "counts": "，".join(f"{label}{count}" for label, count in line.counts),
                "sum": line.sum_text,
                "outcome": f"{line.outcome}，满意率{rates[line.position]}" if rates else line.outcome,
            }
            for line in sheet.lines
        ],
        "conclusion": conclusion_of(round_, sheet),
        "tellers": [
            {
                "role": teller.get_role_display(),
                "name": teller.user.name,
                "signed": f"已在平台签字，{cn_datetime(teller.signed_at)}" if teller.signed_at else "尚未在平台签字",
            }
            for teller in tellers
        ],
        "roll_hash": round_.roll_hash,
        "ballots_hash": round_.ballots_hash,
    }


def _when(moment: dt.datetime | None) -> str:
    return cn_datetime(moment) if moment else ""


def _plain(value: Any) -> Any:
    """The value with every text made fit for a document."""
    if isinstance(value, str):
        return _NOT_XML.sub("", value).replace("\n", "\a")
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
