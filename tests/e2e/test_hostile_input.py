"""Input that means harm, or comes twice, or is too large: shown as text, taken once, refused with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from suggestions.models import Suggestion
from suggestions.states import SuggestionStatus
from tests.cast import Cast
from tests.e2e.browsing import PHONE, Visits, docx_text, download, main, press, says
from tests.filemakers import png
from tests.suggestions import steps

pytestmark = pytest.mark.e2e

#: Whatever of this ran would show as a dialog, or as a refusal in the console; both fail the test (Visits.trouble).
SCRIPT = "<script>alert(1)</script>"
TITLE = f"{SCRIPT}😀🧑‍🌾'\"{{{{7*7}}}}"
TEXT = f"{SCRIPT}<img src=x onerror=alert(2)>\n😀 </textarea></p><svg onload=alert(3)> {{% now %}} &amp; ©"
FILE = "img src=x onerror=alert(5)😀"  # what of a file's name between < and > is kept
LINE = "<b onmouseover=alert(4)>😀</b>"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / f"<{FILE}>.png"
    path.write_bytes(png())
    return path


@pytest.fixture
def huge(tmp_path: Path) -> Path:
    """30 MB that begin like a picture."""
    path = tmp_path / "现场录像.png"
    with path.open("wb") as file:
        file.write(png())
        file.truncate(30 * 1024 * 1024)
    return path


def test_markup_and_emoji_are_shown_as_text_everywhere(visits: Visits, cast: Cast, photo: Path) -> None:
    deputy = visits.enter("deputy", **PHONE)
    deputy.goto("/suggestions/new/")
    deputy.get_by_label("标题").fill(TITLE)
    deputy.get_by_label("事由").fill(TEXT)
    deputy.get_by_label("具体建议").fill(TEXT)
    deputy.get_by_label("类别").select_option(label="城建环资")
    deputy.get_by_label("拍照").set_input_files(photo)
    expect(deputy.locator("[data-filelist]").first).to_contain_text(photo.name)
    deputy.get_by_text("更多选项").click()
    deputy.get_by_label("公开意愿").select_option(index=1)
    deputy.get_by_label("不公开全文的理由").fill(LINE)
    press(deputy, "下一步：核对")
    shows(deputy, TITLE, TEXT, LINE, FILE)
    press(deputy, "提交")
    shows(deputy, TITLE)
    suggestion = Suggestion.objects.get(title=TITLE)
    assert (suggestion.situation, suggestion.publish_reason) == (TEXT, LINE)
    for path in ("/", "/suggestions/mine/", suggestion.get_absolute_url()):
        deputy.goto(path)
        if path != "/":
            shows(deputy, TITLE)

    clerk = visits.enter("insider")
    for path in ("/inbox/", "/suggestions/?q=<script>", "/search/?q=<script>alert(1)"):
        clerk.goto(path)
        shows(clerk, TITLE)
    clerk.goto(suggestion.get_absolute_url())
    shows(clerk, TITLE, TEXT, LINE, FILE)
    clerk.get_by_role("link", name="登记编号").click()
    press(clerk, "登记编号")
    clerk.get_by_role("link", name="交办", exact=True).click()
    clerk.get_by_label("主办单位").select_option(label="益阳市生态环境局")
    clerk.get_by_label("办理要求").fill(TEXT)
    press(clerk, "交办")
    shows(clerk, TEXT)
    assert SCRIPT in docx_text(download(clerk, "交办函").read_bytes())
    clerk.get_by_role("link", name="标记公益线索").click()
    clerk.get_by_label("涉及领域").select_option(index=1)
    clerk.get_by_label("所在地点").fill(LINE)
    clerk.get_by_label("受损害的公共利益").fill(TEXT)
    clerk.get_by_label("涉及的行政机关或单位").fill(LINE)
    clerk.get_by_label("线索说明").fill(TEXT)
    press(clerk, "提交审核")
    shows(clerk, TITLE, LINE, TEXT)

    approver = visits.enter("approver")
    approver.goto("/transfers/")
    shows(approver, TITLE, LINE)
    approver.get_by_role("link", name=TITLE).click()
    approver.get_by_role("link", name="核对并批准转交").click()
    shows(approver, TITLE, LINE, TEXT)
    press(approver, "批准转交益阳市人民检察院")
    assert SCRIPT in docx_text(download(approver, "转交函").read_bytes())


def test_a_file_of_30_mb_is_refused_before_it_travels(visits: Visits, huge: Path) -> None:
    page = visits.enter("deputy", **PHONE)
    page.goto("/suggestions/new/")
    page.get_by_label("标题").fill("关于修复水渠的建议")
    page.get_by_label("拍照").set_input_files(huge)
    expect(page.locator(".file-bad")).to_contain_text("超过上限 20.0 MB，请压缩或换一个文件。")
    press(page, "保存草稿")
    expect(page.get_by_label("拍照")).to_be_focused()
    expect(page.get_by_label("标题")).to_have_value("关于修复水渠的建议")


def test_a_file_of_30_mb_is_refused_by_the_server_too(visits: Visits, huge: Path) -> None:
    page = visits.enter("deputy", javascript=False, **PHONE)
    page.goto("/suggestions/new/")
    page.get_by_label("标题").fill("关于修复灌溉水渠的建议")
    page.get_by_label("拍照").set_input_files(huge)
    press(page, "保存草稿")
    expect(page.get_by_role("alert")).to_contain_text(huge.name)
    expect(page.get_by_role("alert")).to_contain_text("20 MB")
    expect(page.get_by_label("标题")).to_have_value("关于修复灌溉水渠的建议")


def test_the_same_form_sent_twice_makes_one_suggestion(visits: Visits, cast: Cast) -> None:
    draft = steps.draft(cast, title="关于同一件事的建议")
    before = Suggestion.objects.count()
    page = visits.enter("deputy", **PHONE)
    page.goto(f"{draft.get_absolute_url()}check/")
    second = page.context.new_page()
    second.goto(f"{draft.get_absolute_url()}check/")
    main(page).get_by_role("button", name="提交", exact=True).dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("已提交")
    press(second, "提交")
    expect(second.get_by_role("heading", level=1)).to_have_text("已提交")
    says(second, "")
    assert Suggestion.objects.count() == before
    assert steps.fresh(draft).status == SuggestionStatus.SUBMITTED


def shows(page: Page, *texts: str) -> None:
    """Each text stands on the page as it was typed, letter by letter, and made no element."""
    seen = " ".join(main(page).text_content().split())  # type: ignore[union-attr]
    for text in texts:
        assert " ".join(text.split()) in seen, f"{page.url}: {text!r} is not shown as typed"
    assert page.locator("main [onerror], main [onload], main [onmouseover], main script:not([type])").count() == 0
