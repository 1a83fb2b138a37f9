"""A QR code drawn as a path holds every dark module, and no other."""

from __future__ import annotations

import re

import segno

from liaison.qr import QUIET, qr_of


def test_the_path_draws_the_modules_within_their_quiet_zone() -> None:
    text = "https://example.gov.cn/open/stations/e81d5f82-a966-4db8-a463-e702659240a3/"
    code = qr_of(text)
    drawn = {
        (int(x) + step, int(y))
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", code.path)
        for step in range(int(length))
    }
    rows = segno.make(text, error="m", micro=False).matrix
    assert drawn == {(x + QUIET, y + QUIET) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}
    assert code.size == len(rows) + 2 * QUIET
