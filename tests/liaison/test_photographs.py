"""Photographs lose what the camera wrote beside the picture, and keep the picture."""

from __future__ import annotations

import struct
import zlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from liaison.filetypes import UnacceptableFile
from liaison.photographs import without_notes
from tests import filemakers

SECRET = b"GPS 28.5701N 112.3551E"
#: Entropy-coded data with a stuffed byte and a restart marker in it.
SCAN = b"\x12\xff\x00\x34\xff\xd0\x56"


def segment(code: int, body: bytes) -> bytes:
    return bytes([0xFF, code]) + struct.pack(">H", len(body) + 2) + body


def exif(order: str, orientation: int) -> bytes:
    mark = {"<": b"II*\0", ">": b"MM\0*"}[order]
    tiff = mark + struct.pack(f"{order}IHHHIHH", 8, 1, 0x0112, 3, 1, orientation, 0)
    return b"Exif\0\0" + tiff + SECRET


def phone_jpeg(order: str = ">", orientation: int = 6) -> bytes:
    """As a phone writes it: EXIF, XMP, a colour profile, a remark, two scans, and another picture behind the first."""
    parts = (
        segment(0xE0, b"JFIF\0\1\1" + bytes(7)),
        segment(0xE1, exif(order, orientation)),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET),
        segment(0xE2, b"ICC_PROFILE\0profile"),
        segment(0xE2, b"MPF\0" + SECRET),
        segment(0xED, b"Photoshop 3.0\0" + SECRET),
        segment(0xFE, SECRET),
        segment(0xC2, struct.pack(">BHHB", 8, 3, 4, 1) + b"\1\x11\0"),
        segment(0xDA, b"\1\1\0\0\0\0"),
        SCAN,
        segment(0xC4, b"table"),
        segment(0xDA, b"\1\1\0\0\0\0"),
        SCAN,
    )
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xd9" + b"\xff\xd8" + segment(0xE1, SECRET) + b"\xff\xd9"


def cleaned(data: bytes, mime: str) -> bytes:
    return without_notes(ContentFile(data, name="门口.jpg"), mime).read()


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_jpeg_keeps_picture_profile_and_which_way_up_it_is(order: str) -> None:
    clean = cleaned(phone_jpeg(order), "image/jpeg")
    assert SECRET not in clean
    assert clean.count(SCAN) == 2
    assert b"ICC_PROFILE\0profile" in clean
    assert clean.endswith(b"\xff\xd9")
    assert clean.count(b"\xff\xd9") == 1
    assert clean[20:24] == b"\xff\xe1\x00\x22"  # right behind JFIF
    assert struct.unpack(">H", clean[48:50]) == (6,)
    assert cleaned(clean, "image/jpeg") == clean


def test_a_jpeg_that_stands_upright_needs_no_word_about_it() -> None:
    assert b"Exif" not in cleaned(phone_jpeg(orientation=1), "image/jpeg")
    assert b"Exif" not in cleaned(phone_jpeg(orientation=999), "image/jpeg")


@pytest.mark.parametrize(
    "tiff",
    [b"", b"XX*\0", b"MM\0*\0\0\xff\xff\0\0", b"MM\0*" + struct.pack(">IH", 8, 9), b"MM\0*" + struct.pack(">IH", 8, 0)],
)
def test_notes_that_make_no_sense_go_all_the_same(tiff: bytes) -> None:
    plain = filemakers.jpeg()
    assert b"Exif" not in cleaned(plain[:2] + segment(0xE1, b"Exif\0\0" + tiff) + plain[2:], "image/jpeg")


def test_a_png_keeps_only_what_draws_it() -> None:
    plain = filemakers.png()
    remark = struct.pack(">I4s", len(SECRET), b"tEXt") + SECRET + struct.pack(">I", zlib.crc32(b"tEXt" + SECRET))
    noted = plain[:33] + remark + remark.replace(b"tEXt", b"eXIf") + plain[33:] + SECRET
    assert cleaned(noted, "image/png") == plain


def test_a_webp_loses_its_notes_and_says_so_in_its_header() -> None:
    picture = b"VP8 " + struct.pack("<I", 5) + b"image\0"
    head = b"VP8X" + struct.pack("<I", 10) + bytes([0x2C]) + bytes(9)
    notes = b"EXIF" + struct.pack("<I", len(SECRET)) + SECRET + b"XMP " + struct.pack("<I", len(SECRET)) + SECRET
    body = b"WEBP" + head + picture + notes
    clean = cleaned(b"RIFF" + struct.pack("<I", len(body)) + body + SECRET, "image/webp")
    assert SECRET not in clean
    assert picture in clean
    assert clean[20] == 0x20
    assert struct.unpack("<I", clean[4:8]) == (len(clean) - 8,)


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (b"\xff\xd8\xff\xe1\x7f\xff", "image/jpeg"),
        (b"\xff\xd8\xff\xda\x00\x02 no end", "image/jpeg"),
        (b"\xff\xd8 text", "image/jpeg"),
        (b"\xff\xd8\xff\xd3", "image/jpeg"),
        (filemakers.png()[:40], "image/png"),
        (b"\x89PNG\r\n\x1a\n\x7f\xff\xff\xffIHDR", "image/png"),
        (b"RIFF", "image/webp"),
        (filemakers.PDF, "application/pdf"),
    ],
)
def test_what_is_damaged_is_refused(data: bytes, mime: str) -> None:
    with pytest.raises(UnacceptableFile):
        without_notes(SimpleUploadedFile("照片", data), mime)
