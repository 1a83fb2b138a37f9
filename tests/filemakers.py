"""Small files of every kind, made by hand: real ones, damaged ones, and ones that pretend."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EXE = b"MZ\x90\x00" + bytes(200)
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def png(width: int = 3, height: int = 2) -> bytes:
    """A PNG of this size (grey)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x80" * min(width, 8) for _ in range(min(height, 8)))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def jpeg(width: int = 4, height: int = 3) -> bytes:
    """The segments of a JPEG up to its frame header, with a camera's EXIF segment before it."""
    exif = b"Exif\0\0" + b"\xff\xc0 not a frame" * 3
    return (
        b"\xff\xd8"
        + b"\xff\xe1"
        + struct.pack(">H", len(exif) + 2)
        + exif
        + b"\xff\xff\xc0"
        + struct.pack(">HBHH", 11, 8, height, width)
        + b"\x01\x01\x11\x00"
        + b"\xff\xd9"
    )


def webp(kind: bytes = b"VP8X", width: int = 5, height: int = 4) -> bytes:
    """The header of a WebP of one of its three kinds."""
    if kind == b"VP8X":
        body = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    elif kind == b"VP8L":
        body = b"\x2f" + ((width - 1) | (height - 1) << 14).to_bytes(4, "little") + bytes(5)
    else:
        body = bytes(3) + b"\x9d\x01\x2a" + struct.pack("<HH", width, height)
    return b"RIFF" + struct.pack("<I", 12 + len(body)) + b"WEBP" + kind + struct.pack("<I", len(body)) + body


def zipped(*names: str, content: bytes = b"<x/>") -> bytes:
    """A zip with these entries."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return target.getvalue()


def docx() -> bytes:
    return zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml")


def xlsx() -> bytes:
    return zipped("[Content_Types].xml", "xl/workbook.xml")


def pptx() -> bytes:
    return zipped("[Content_Types].xml", "ppt/presentation.xml")


def ofd() -> bytes:
    return zipped("OFD.xml", "Doc_0/Document.xml")


def ole(*streams: str) -> bytes:
    """An OLE file whose directory names these streams."""

    def entry(name: str, kind: int) -> bytes:
        raw = f"{name}\0".encode("utf-16-le")
        return raw.ljust(64, b"\0") + struct.pack("<HB", len(raw), kind) + bytes(61)

    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0")
    return head + entry("Root Entry", 5) + b"".join(entry(name, 2) for name in streams)


def heic() -> bytes:
    return b"\x00\x00\x00\x18ftypheic" + bytes(20)
