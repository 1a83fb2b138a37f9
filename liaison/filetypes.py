"""What a file really is, by its content: a short list of types that offices exchange, nothing else.

Official documents come as PDF, OFD (GB/T 33190), Word, Excel, PowerPoint or WPS, photographs as JPEG, PNG or
WebP. Archives, programs, web pages and SVG are refused, whatever their name says. Only headers and
directories are read; nothing is unpacked or decoded.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, Final


class UnacceptableFile(Exception):
    """The file cannot be taken; the text says why, in Chinese, for the person who chose it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FileType:
    """A type that is taken.

    Args:
        label: its name in messages.
        mimes: extension → MIME type; the first extension is the usual one.
        inline: whether a browser may show it in place (others are downloaded).
        is_image: a photograph, whose extension phones often get wrong.
    """

    label: str
    mimes: dict[str, str]
    inline: bool = False
    is_image: bool = False


_OOXML: Final = "application/vnd.openxmlformats-officedocument"
PDF: Final = FileType("PDF文档", {"pdf": "application/pdf"}, inline=True)
OFD: Final = FileType("OFD版式文件", {"ofd": "application/ofd"})
DOCX: Final = FileType("Word文档(docx)", {"docx": f"{_OOXML}.wordprocessingml.document"})
XLSX: Final = FileType("Excel表格(xlsx)", {"xlsx": f"{_OOXML}.spreadsheetml.sheet"})
PPTX: Final = FileType("PowerPoint演示(pptx)", {"pptx": f"{_OOXML}.presentationml.presentation"})
DOC: Final = FileType("Word或WPS文档", {"doc": "application/msword", "wps": "application/wps-office.wps"})
XLS: Final = FileType("Excel或WPS表格", {"xls": "application/vnd.ms-excel", "et": "application/wps-office.et"})
PPT: Final = FileType(
    "PowerPoint或WPS演示", {"ppt": "application/vnd.ms-powerpoint", "dps": "application/wps-office.dps"}
)
JPEG: Final = FileType(
    "JPG图片", {"jpg": "image/jpeg", "jpeg": "image/jpeg", "jfif": "image/jpeg"}, inline=True, is_image=True
)
PNG: Final = FileType("PNG图片", {"png": "image/png"}, inline=True, is_image=True)
WEBP: Final = FileType("WebP图片", {"webp": "image/webp"}, inline=True, is_image=True)
TEXT: Final = FileType("纯文本", {"txt": "text/plain; charset=utf-8"})

FILE_TYPES: Final = (PDF, OFD, DOC, DOCX, XLS, XLSX, PPT, PPTX, JPEG, PNG, WEBP, TEXT)
EXTENSIONS: Final = {extension: kind for kind in FILE_TYPES for extension in kind.mimes}
#: MIME types that are shown in place.
INLINE_MIMES: Final = frozenset(mime for kind in FILE_TYPES if kind.inline for mime in kind.mimes.values())
#: For the ``accept`` attribute of an upload field.
ACCEPT: Final = ",".join(f".{extension}" for extension in EXTENSIONS)
ACCEPTED_WORDS: Final = "PDF、OFD、Word、Excel、PPT、WPS、JPG、PNG、WebP、TXT"
ONLY_THESE: Final = f"可以上传的有：{ACCEPTED_WORDS}。"

MAX_PIXELS: Final = 200_000_000
MAX_UNPACKED: Final = 1024 * 1024 * 1024
MAX_ENTRIES: Final = 20_000
_HEAD = 4096
_CHUNK = 1024 * 1024


def identify(stream: BinaryIO, name: str) -> tuple[FileType, str]:
    """The type of a file by its content, and the extension it shall carry.

    Args:
        stream: the content, seekable; left at its beginning.
        name: the file's name, of which only the extension counts.

    A photograph named as another kind of photograph (phones and WeChat do that), and a file without
    extension, get the right extension; any other disagreement is refused.

    Raises:
        UnacceptableFile: empty, not a type that is taken, damaged, or not what its name says.
    """
    extension = extension_of(name)
    try:
        kind = _sniff(stream, extension)
    finally:
        stream.seek(0)
    if extension in kind.mimes:
        return kind, extension
    usual = next(iter(kind.mimes))
    claimed = EXTENSIONS.get(extension)
    if (not extension and kind is not TEXT) or (kind.is_image and claimed is not None and claimed.is_image):
        return kind, usual
    if claimed is None:
        raise _unknown(extension)
    raise UnacceptableFile(
        f"扩展名是“.{extension}”，内容却是{kind.label}。请用原来的软件另存后再上传，不要只改扩展名。"
    )


def _sniff(stream: BinaryIO, extension: str) -> FileType:
    stream.seek(0)
    head = stream.read(_HEAD)
    if not head:
        raise UnacceptableFile("文件是空的（0字节）。请检查后重新选择。")
    if head.lstrip(b"\xef\xbb\xbf\x00\t\r\n\x0c ").startswith(b"%PDF-"):
        return PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(stream)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole_kind(stream, extension)
    if (photograph := _photograph(head, stream)) is not None:
        return photograph
    if extension != "txt":
        raise _unknown(extension)
    _check_text(stream)
    return TEXT


def _unknown(extension: str) -> UnacceptableFile:
    if extension in EXTENSIONS:
        label = EXTENSIONS[extension].label
        return UnacceptableFile(f"内容不是{label}，可能已损坏或只是改了扩展名。请用原来的软件打开检查后再上传。")
    if extension:
        return UnacceptableFile(f"不能上传“.{extension}”文件。{ONLY_THESE}")
    return UnacceptableFile(f"看不出是什么文件。{ONLY_THESE}")


# ── zip: docx, xlsx, pptx, ofd ────────────────────────────────────────────────────────────────────
def _zip_kind(stream: BinaryIO) -> FileType:
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, struct.error, UnicodeDecodeError):
        raise UnacceptableFile("文件已损坏，打不开。请用原来的软件打开检查后再上传。") from None
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise UnacceptableFile("文件解开后太大，不能上传。")
    names = {entry.filename for entry in entries}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnacceptableFile("文件里有宏（程序），不能上传。请另存为不含宏的文档后再上传。")
    if "[Content_Types].xml" in names:
        for folder, part, kind in (("word", "document", DOCX), ("xl", "workbook", XLSX), ("ppt", "presentation", PPTX)):
            if any(re.fullmatch(rf"{folder}/{part}\d*\.xml", name) for name in names):
                return kind
    if "OFD.xml" in names:
        return OFD
    raise UnacceptableFile("压缩包不能上传。请解开后逐个上传里面的文件。")


# ── OLE: doc, xls, ppt and their WPS kin ──────────────────────────────────────────────────────────
_OLE_STREAMS: Final = (
    ("WordDocument", DOC),
    ("Workbook", XLS),
    ("Book", XLS),
    ("PowerPoint Document", PPT),
)


def _ole_kind(stream: BinaryIO, extension: str) -> FileType:
    """The main stream's name stands in the directory: 128-byte entries of UTF-16 name, its length, type 2.

    A document with another one embedded holds both names; then the extension decides.
    """
    found: set[str] = set()
    names = ["EncryptedPackage", *(name for name, _ in _OLE_STREAMS)]
    patterns = {name: f"{name}\0".encode("utf-16-le") for name in names}
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        for name, pattern in patterns.items():
            place = chunk.find(pattern)
            while place >= 0:
                if place % 128 == 0 and chunk[place + 64 : place + 67] == struct.pack("<HB", len(pattern), 2):
                    found.add(name)
                    break
                place = chunk.find(pattern, place + 2)
    if "EncryptedPackage" in found:
        raise UnacceptableFile("文件设了打开密码，别人看不到内容。请去掉密码后再上传。")
    kinds = [kind for name, kind in _OLE_STREAMS if name in found]
    if (claimed := EXTENSIONS.get(extension)) in kinds and claimed is not None:
        return claimed
    if kinds:
        return kinds[0]
    raise UnacceptableFile(f"内容不是Word、Excel、PPT或WPS文档。{ONLY_THESE}")


# ── photographs: the header only ──────────────────────────────────────────────────────────────────
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"heif", b"hevc"})


def _photograph(head: bytes, stream: BinaryIO) -> FileType | None:
    if head.startswith(b"\xff\xd8\xff"):
        _check_pixels(_jpeg_size(stream))
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        _check_pixels(_png_size(head))
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        _check_pixels(_webp_size(head))
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        raise UnacceptableFile(
            "这是HEIC格式的照片，多数办公电脑打不开。请在手机“设置→相机→格式”里选“兼容性最佳”后重拍，或转成JPG再上传。"
        )
    return None


def _check_pixels(size: tuple[int, int] | None) -> None:
    if size is None or min(size) < 1:
        raise UnacceptableFile("图片已损坏，打不开。请重新拍照或另存后再上传。")
    if size[0] * size[1] > MAX_PIXELS:
        raise UnacceptableFile(f"图片尺寸过大（{size[0]}×{size[1]}）。请缩小后再上传。")


def _png_size(head: bytes) -> tuple[int, int] | None:
    if len(head) < 33 or head[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def _webp_size(head: bytes) -> tuple[int, int] | None:
    if len(head) < 30:
        return None
    if head[12:16] == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if head[12:16] == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg_size(stream: BinaryIO) -> tuple[int, int] | None:
    """Walk the segments up to the frame header (SOF), which holds the size."""
    stream.seek(2)
    for _ in range(500):
        marker = stream.read(2)
        while marker[:1] == b"\xff" and marker[1:] == b"\xff":  # padding
            marker = b"\xff" + stream.read(1)
        if len(marker) < 2 or marker[0] != 0xFF:
            return None
        code = marker[1]
        length_bytes = stream.read(2)
        if len(length_bytes) < 2:
            return None
        length = int.from_bytes(length_bytes, "big")
        if 0xC0 <= code <= 0xCF and code not in {0xC4, 0xC8, 0xCC}:
            frame = stream.read(5)
            if len(frame) < 5:
                return None
            height, width = struct.unpack(">HH", frame[1:])
            return width, height
        if code in {0xD8, 0xD9, 0xDA} or length < 2:
            return None
        stream.seek(length - 2, 1)
    return None


# ── plain text ────────────────────────────────────────────────────────────────────────────────────
_MARKUP = re.compile(rb"\s*(?:<!doctype|<html|<head|<body|<svg|<script|<\?xml|<\?php|#!)", re.IGNORECASE)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


def _check_text(stream: BinaryIO) -> None:
    stream.seek(0)
    data = stream.read()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnacceptableFile("文本文件的编码不受支持。请另存为UTF-8编码后再上传。")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if _CONTROLS.search(data):
        raise UnacceptableFile("内容不是纯文本，可能只是改了扩展名。请用原来的软件打开检查后再上传。")
    if _MARKUP.match(data):
        raise UnacceptableFile("内容是网页或程序代码，不能上传。")
    for encoding in ("utf-8", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return
    raise UnacceptableFile("文本文件的编码不受支持。请另存为UTF-8编码后再上传。")


# ── names ─────────────────────────────────────────────────────────────────────────────────────────
#: A name longer than this in UTF-8 cannot be stored by the file systems of most office computers.
MAX_NAME_BYTES: Final = 240
_FORBIDDEN = re.compile(r'[<>:"|?*]')


def extension_of(name: str) -> str:
    """The extension in small letters, without the dot; "" when there is none."""
    return PurePosixPath(clean_name(name)).suffix.lower().lstrip(".")


def clean_name(name: str) -> str:
    """A file name as it may be shown and stored on any office computer.

    Without folders, without control and direction characters (a name written right to left can hide its
    extension), at most ``MAX_NAME_BYTES`` long with its extension kept.
    """
    name = unicodedata.normalize("NFC", name)
    name = "".join(character for character in name if unicodedata.category(character)[0] != "C" or character == " ")
    name = re.split(r"[/\\]", name)[-1]
    name = _FORBIDDEN.sub("_", " ".join(name.split())).strip(" .")
    if not name:
        return "附件"
    suffix = PurePosixPath(name).suffix
    if len(suffix.encode()) > 20:
        suffix = ""
    stem = name.removesuffix(suffix) if suffix else name
    room = MAX_NAME_BYTES - len(suffix.encode())
    return f"{stem.encode()[:room].decode(errors='ignore').rstrip() or '附件'}{suffix}"


def with_extension(name: str, extension: str) -> str:
    """The cleaned name, carrying this extension (its own spelling, ``JPG``, is kept when it is the same)."""
    name = clean_name(name)
    suffix = PurePosixPath(name).suffix
    if suffix.lower().lstrip(".") == extension:
        return name
    stem = name.removesuffix(suffix) if suffix.lower().lstrip(".") in EXTENSIONS else name
    return clean_name(f"{stem}.{extension}")
