"""Official letters (公函) as .docx: templates that staff edit in WPS or Word, filled from a context."""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from liaison.exceptions import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Where the templates lie; ``manage.py build_letters`` made the first ones.
LETTERS = Path(__file__).resolve().parent.parent / "letters"
DOCX_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

#: What XML 1.0 cannot hold. A line break becomes a new paragraph (docxtpl's ``\\a``) in the template's own style.
_NOT_XML = re.compile("[^\n\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_letter(template_name: str, context: Mapping[str, Any]) -> bytes:
    """Fill a letter.

    Args:
        template_name: file name in ``suggestions/letters``: ``transfer.docx``, ``assignment.docx``.
        context: the names that the template uses; texts may hold anything a person typed, each line
            becomes a paragraph; dates are written 2022年6月27日. A name that the template asks for and
            the context lacks is an error, never a blank in an official letter.

    Raises:
        DomainError: the template is missing, damaged or asks for an unknown name (``letter_template``).
    """
    path = LETTERS / template_name
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    out = BytesIO()
    try:
        letter = DocxTemplate(path)
        letter.render(_plain(context), environment)
        letter.save(out)
    except (OSError, TemplateError, PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise DomainError(
            f"公函模板“{path.name}”有误，未能生成公函，本次操作没有生效。请联系系统管理员修正模板后再办理。({error})",
            code="letter_template",
        ) from error
    return out.getvalue()


def _plain(value: Any) -> Any:
    """The value with every text made fit for a document."""
    if isinstance(value, str):
        return _NOT_XML.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip().replace("\n", "\a")
    if isinstance(value, dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
