"""Photographs without what a camera writes beside the picture: where and when it was taken, by whom, with what.

The picture itself is not touched. Kept are the colour profile and which way up it is, else phones' pictures lie
on their side; every other note goes, also further pictures that phones append behind the first one.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from django.core.files.base import ContentFile

from liaison.filetypes import UnacceptableFile

if TYPE_CHECKING:
    from typing import Any

    from django.core.files.base import File

#: APP0 (JFIF), APP2 when it is a colour profile, APP14 (how Adobe stored the colours).
_JPEG_KEPT: Final = ((0xE0, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))
_PNG_KEPT: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT"})
_WEBP_DROPPED: Final = frozenset({b"EXIF", b"XMP "})
_DAMAGED: Final = "图片已损坏，打不开。请重新拍照或另存后再上传。"


def without_notes(upload: File[Any], mime: str) -> ContentFile[bytes]:
    """A copy of a photograph that tells nothing but what one sees on it.

    Args:
        mime: as ``check_upload`` found it.

    Raises:
        UnacceptableFile: not a photograph, or damaged.
    """
    upload.seek(0)
    data = upload.read()
    upload.seek(0)
    clean = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}.get(mime)
    if clean is None:
        raise UnacceptableFile("不是照片。请上传JPG、PNG或WebP图片。")
    try:
        return ContentFile(clean(data), name=upload.name)
    except (IndexError, struct.error, ValueError):
        raise UnacceptableFile(_DAMAGED) from None


# ── JPEG ───────────────────────────────────────────────────────────────────────────────────────────
def _jpeg(data: bytes) -> bytes:
    """Segment by segment up to the end of the first picture; between them entropy-coded data, copied as it is."""
    kept = [b"\xff\xd8"]
    orientation = 1
    place = 2
    while True:
        start = place
        while data[place] == 0xFF and data[place + 1] == 0xFF:  # padding
            place += 1
        if data[place] != 0xFF:
            raise ValueError("no marker")
        code = data[place + 1]
        if code == 0xD9:
            kept.append(b"\xff\xd9")
            break
        if 0xD0 <= code <= 0xD8 or code == 0x01:
            raise ValueError("a marker that does not belong here")
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        end = place + 2 + length
        if length < 2 or end > len(data):
            raise ValueError("a segment that is cut off")
        body = data[place + 4 : end]
        if code == 0xE1 and body.startswith(b"Exif\0\0"):
            orientation = _orientation(body[6:]) or orientation
        if not (0xE0 <= code <= 0xEF or code == 0xFE) or any(
            code == marker and body.startswith(name) for marker, name in _JPEG_KEPT
        ):
            kept.append(data[start:end])
        place = end
        if code == 0xDA:
            place = _scan_end(data, end)
            kept.append(data[end:place])
    if orientation != 1:
        kept.insert(2 if kept[1][1] == 0xE0 else 1, _upright(orientation))
    return b"".join(kept)


def _scan_end(data: bytes, place: int) -> int:
    """Where the entropy-coded data ends: at a marker that is neither a stuffed byte nor a restart."""
    while True:
        place = data.index(b"\xff", place)
        if data[place + 1] == 0x00 or 0xD0 <= data[place + 1] <= 0xD7:
            place += 2
        else:
            return place


def _orientation(tiff: bytes) -> int:
    """Which way up the camera was held (tag 0x0112 of the first directory); 0 when it does not say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 0
    try:
        (at,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, at)
        for number in range(min(count, 200)):
            tag, _kind, _count, value = struct.unpack_from(f"{order}HHIH", tiff, at + 2 + 12 * number)
            if tag == 0x0112:
                return int(value) if 1 <= value <= 8 else 0
    except struct.error:
        return 0
    return 0


def _upright(orientation: int) -> bytes:
    """An EXIF segment that says this and nothing else."""
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


# ── PNG ────────────────────────────────────────────────────────────────────────────────────────────
def _png(data: bytes) -> bytes:
    kept = [data[:8]]
    place = 8
    while True:
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if end > len(data):
            raise ValueError("a chunk that is cut off")
        if kind in _PNG_KEPT:
            kept.append(data[place:end])
        place = end
        if kind == b"IEND":
            return b"".join(kept)


# ── WebP ───────────────────────────────────────────────────────────────────────────────────────────
def _webp(data: bytes) -> bytes:
    (told,) = struct.unpack_from("<I", data, 4)
    data = data[: told + 8]
    kept = []
    place = 12
    while place + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, place)
        end = place + 8 + length + length % 2
        chunk = data[place:end]
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]  # neither EXIF nor XMP follows any more
        if kind not in _WEBP_DROPPED:
            kept.append(chunk)
        place = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body
