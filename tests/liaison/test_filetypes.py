"""What a file really is: accepted by content, refused with a reason a person understands."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.filetypes import (
    DOC,
    DOCX,
    JPEG,
    MAX_NAME_BYTES,
    OFD,
    PDF,
    PNG,
    PPT,
    PPTX,
    TEXT,
    WEBP,
    XLS,
    XLSX,
    FileType,
    UnacceptableFile,
    clean_name,
    identify,
    with_extension,
)
from tests import filemakers as make


def refused(content: bytes, name: str) -> str:
    with pytest.raises(UnacceptableFile) as caught:
        identify(io.BytesIO(content), name)
    return caught.value.reason


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (make.PDF, "答复.pdf", PDF),
        (b"\xef\xbb\xbf" + make.PDF, "答复.PDF", PDF),
        (make.ofd(), "公文.ofd", OFD),
        (make.docx(), "答复.docx", DOCX),
        (make.xlsx(), "名册.xlsx", XLSX),
        (make.pptx(), "汇报.pptx", PPTX),
        (make.ole("WordDocument"), "答复.doc", DOC),
        (make.ole("WordDocument"), "答复.wps", DOC),
        (make.ole("WordDocument", "Workbook"), "带表格.doc", DOC),
        (make.ole("WordDocument", "Workbook"), "带文档.xls", XLS),
        (make.ole("Workbook"), "名册.et", XLS),
        (make.ole("Book"), "旧表.xls", XLS),
        (make.ole("PowerPoint Document"), "汇报.dps", PPT),
        (make.jpeg(), "现场.JPG", JPEG),
        (make.jpeg(), "现场.jpeg", JPEG),
        (make.png(), "截图.png", PNG),
        (make.webp(b"VP8X"), "现场.webp", WEBP),
        (make.webp(b"VP8L"), "现场.webp", WEBP),
        (make.webp(b"VP8 "), "现场.webp", WEBP),
        ("情况说明".encode(), "说明.txt", TEXT),
        ("情况说明".encode("gb18030"), "说明.txt", TEXT),
        (b"\xef\xbb\xbf" + "情况说明".encode(), "说明.txt", TEXT),
    ],
)
def test_official_documents_and_photographs_are_taken(content: bytes, name: str, kind: FileType) -> None:
    found, extension = identify(io.BytesIO(content), name)
    assert found is kind
    assert name.lower().endswith(extension)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "空.pdf", "空的"),
        (make.EXE, "答复.pdf", "内容不是PDF文档"),
        (make.EXE, "程序.exe", "不能上传“.exe”文件"),
        (make.EXE, "答复.pdf.exe", "不能上传“.exe”文件"),
        (make.EXE, "没有扩展名", "看不出是什么文件"),
        (make.HTML, "网页.html", "不能上传“.html”文件"),
        (make.HTML, "照片.jpg", "内容不是JPG图片"),
        (make.HTML, "说明.txt", "网页或程序代码"),
        (make.SVG, "图.svg", "不能上传“.svg”文件"),
        (make.SVG, "图.png", "内容不是PNG图片"),
        (make.SVG, "图.txt", "网页或程序代码"),
        (b"#!/bin/sh\nrm -rf /\n", "说明.txt", "网页或程序代码"),
        (b"abc\0def", "说明.txt", "不是纯文本"),
        (b"\xff\xfeh\0i\0", "说明.txt", "UTF-8"),
        (b"\x80\xff\xff", "说明.txt", "UTF-8"),
        (make.PDF, "答复.docx", "扩展名是“.docx”，内容却是PDF文档"),
        (make.docx(), "答复.pdf", "扩展名是“.pdf”，内容却是Word文档(docx)"),
        (make.png(), "答复.pdf", "内容却是PNG图片"),
        (make.docx(), "答复.zip", "不能上传“.zip”文件"),
        (make.zipped("a.txt"), "材料.zip", "压缩包不能上传"),
        (make.zipped("a.txt"), "材料.docx", "压缩包不能上传"),
        (make.zipped("[Content_Types].xml", "mimetype"), "材料.docx", "压缩包不能上传"),
        (make.docx()[:60], "半截.docx", "已损坏"),
        (make.zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "宏.docx", "宏"),
        (make.ole("Catalog"), "安装包.doc", "内容不是Word"),
        (make.ole("Catalog") + "...WordDocument\0".encode("utf-16-le"), "提到它.doc", "内容不是Word"),
        (make.ole("WordDocument"), "改名.xls", "内容却是Word或WPS文档"),
        (make.ole("EncryptedPackage"), "加密.docx", "打开密码"),
        (make.jpeg()[:12], "半张.jpg", "已损坏"),
        (b"\xff\xd8\xff\xe0\x00\x10", "半张.jpg", "已损坏"),
        (b"\xff\xd8\xff\xd9\x00\x00", "空图.jpg", "已损坏"),
        (b"\xff\xd8\xff\xe0\x00\x02xx", "乱.jpg", "已损坏"),
        (b"\xff\xd8\xff\xc0\x00\x0b\x08", "断.jpg", "已损坏"),
        (b"\xff\xd8\xff", "头.jpg", "已损坏"),
        (b"\xff\xd8\xff\xe0", "段.jpg", "已损坏"),
        (b"\xff\xd8" + b"\xff\xe2\x00\x02" * 600, "长.jpg", "已损坏"),
        (make.png()[:20], "半张.png", "已损坏"),
        (make.png(0, 5), "零.png", "已损坏"),
        (make.png(60_000, 60_000), "巨图.png", "尺寸过大"),
        (make.webp()[:16], "半张.webp", "已损坏"),
        (make.webp(b"XXXX"), "怪.webp", "已损坏"),
        (make.heic(), "照片.heic", "HEIC"),
        (make.heic(), "照片.jpg", "HEIC"),
    ],
)
def test_everything_else_is_refused_with_the_reason(content: bytes, name: str, words: str) -> None:
    assert words in refused(content, name)


@pytest.mark.parametrize(("content", "extension"), [(make.png(), "png"), (make.jpeg(), "jpg"), (make.webp(), "webp")])
def test_a_photograph_named_as_another_kind_of_photograph_gets_its_right_name(content: bytes, extension: str) -> None:
    wrong = "jpg" if extension != "jpg" else "png"
    assert identify(io.BytesIO(content), f"现场.{wrong}")[1] == extension
    assert with_extension(f"现场.{wrong}", extension) == f"现场.{extension}"


def test_a_photograph_without_extension_gets_one() -> None:
    assert identify(io.BytesIO(make.jpeg()), "image")[1] == "jpg"
    assert with_extension("image", "jpg") == "image.jpg"


def test_a_zip_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liaison.filetypes.MAX_UNPACKED", 5)
    assert "解开后太大" in refused(make.docx(), "大.docx")


def test_the_stream_is_left_at_its_beginning() -> None:
    stream = io.BytesIO(make.docx())
    stream.seek(7)
    identify(stream, "a.docx")
    assert stream.tell() == 0


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/答复.pdf", "答复.pdf"),
        (r"C:\fakepath\答复.pdf", "答复.pdf"),
        ("答复\u202efdp.exe", "答复fdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ('a"b<c>|?*.pdf', "a_b_c____.pdf"),
        ("\u200b答复\x00.pdf", "答复.pdf"),
        ("  .答复 (终稿) .pdf. ", "答复 (终稿).pdf"),
        ("...", "附件"),
        ("", "附件"),
        ("文" * 200 + ".pdf", "文" * 78 + ".pdf"),
        ("短." + "长" * 100, "短." + "长" * 78),
    ],
)
def test_names_are_made_harmless(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


@given(st.text(max_size=300))
def test_a_clean_name_is_safe_whatever_was_sent(name: str) -> None:
    clean = clean_name(name)
    assert clean
    assert len(clean.encode()) <= MAX_NAME_BYTES
    assert not set(clean) & set('/\\<>:"|?*\0\r\n\t')
    assert not clean.startswith(".")
    assert clean_name(clean) == clean
