"""QR codes as paths of an SVG: drawn in a page without a picture, sharp at any size on paper."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import segno
from django.http import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Modules of white around a code, without which scanners do not find it.
QUIET = 4


@dataclass(frozen=True, slots=True)
class QrCode:
    """A code with its quiet zone.

    Args:
        path: the dark modules, as the ``d`` of a ``path``.
        size: width and height of the view box.
    """

    path: str
    size: int


def qr_of(text: str) -> QrCode:
    """The QR code of a text; it can still be read when a seventh of it is dirty."""
    rows = segno.make(text, error="m", micro=False).matrix
    return QrCode(path="".join(_row(row, y + QUIET) for y, row in enumerate(rows)), size=len(rows) + 2 * QUIET)


def _row(modules: Sequence[int], y: int) -> str:
    """The dark modules of a row, those in a line as one box."""
    boxes, x = [], QUIET
    for dark, run in groupby(modules):
        length = len(list(run))
        if dark:
            boxes.append(f"M{x} {y}h{length}v1h-{length}z")
        x += length
    return "".join(boxes)


def qr_response(text: str) -> HttpResponse:
    """The QR code of a text as an SVG file: black on white, for posters and cards of one's own."""
    code = qr_of(text)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {code.size} {code.size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{code.size}v{code.size}H0z"/><path d="{code.path}"/></svg>'
    )
    response = HttpResponse(svg, content_type="image/svg+xml")
    response["X-Content-Type-Options"] = "nosniff"
    return response
