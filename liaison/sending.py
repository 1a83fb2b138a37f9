"""Sending a private file: streamed, never guessed at by the browser, never kept by a shared cache."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

from django.http import FileResponse
from django.http.response import HttpResponseBase

from liaison.exceptions import NotFound
from liaison.filetypes import INLINE_MIMES

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile

logger = logging.getLogger(__name__)
R = TypeVar("R", bound=HttpResponseBase)

#: The page's strict policy would keep a browser's own PDF viewer from drawing; a file needs only this.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'; frame-ancestors 'none'"


def send_file(content: FieldFile, *, name: str, mime: str) -> FileResponse:
    """The answer with a stored file; photographs and PDF are shown in place, others downloaded.

    Args:
        name: under which it is saved.
        mime: its type, as checked when it was stored.

    Raises:
        NotFound: the content is missing in the storage.
    """
    try:
        opened = content.open("rb")
    except FileNotFoundError:
        logger.exception("the content of %s is missing in the storage", content.name)
        raise NotFound("文件暂时取不到，请联系系统管理员。") from None
    response = FileResponse(opened, as_attachment=mime not in INLINE_MIMES, filename=name, content_type=mime)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = FILE_POLICY
    return keep_private(response)


def keep_private(response: R) -> R:
    """The answer, marked as one person's: asked for anew each time."""
    response["Cache-Control"] = "private, no-cache"
    return response
