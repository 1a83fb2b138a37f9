"""An old phone, a strict browser: the pages do their work without a line of script."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from suggestions.models import Suggestion
from suggestions.states import SuggestionStatus
from tests.e2e.browsing import PHONE, Visits, main, press, says
from tests.filemakers import png

pytestmark = pytest.mark.e2e

TITLE = "关于增设村口公交站的建议"


def test_a_deputy_writes_and_submits_without_javascript(visits: Visits, tmp_path: Path) -> None:
    photo = tmp_path / "村口.png"
    photo.write_bytes(png())
    page = visits.enter("other_deputy", javascript=False, **PHONE)
    main(page).get_by_role("link", name="写建议").first.click()
    expect(main(page)).to_contain_text("请按“保存草稿”")
    page.get_by_label("标题").fill(TITLE)
    page.get_by_label("事由").fill("八字哨镇老年人多，到最近的公交站要走三公里。")
    page.get_by_label("拍照").set_input_files(photo)
    press(page, "下一步：核对")

    # What is missing is told; what was typed and chosen stays.
    expect(page.get_by_role("alert")).to_contain_text("请写明具体建议")
    expect(page.get_by_label("标题")).to_have_value(TITLE)
    expect(page.get_by_role("link", name=photo.name)).to_be_visible()
    page.get_by_label("具体建议").fill("请交通部门在村口增设站点。")
    page.get_by_label("类别").select_option(label="城建环资")

    press(page, "邀请附议代表")
    page.get_by_label("姓名或单位").fill("王")
    press(page, "查找")
    main(page).get_by_role("button", name="王附议").click()
    says(page, "已邀请王附议")
    page.get_by_role("link", name="完成，返回").click()

    press(page, "下一步：核对")
    press(page, "提交")
    expect(page.get_by_role("heading", level=1)).to_have_text("已提交")
    suggestion = Suggestion.objects.get(title=TITLE)
    assert suggestion.status == SuggestionStatus.SUBMITTED
    page.get_by_role("link", name="查看这件建议").click()
    expect(main(page)).to_contain_text("待登记")
    expect(page.get_by_role("link", name=photo.name).first).to_be_visible()
