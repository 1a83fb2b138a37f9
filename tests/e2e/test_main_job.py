"""The main job, end to end: from a deputy's phone to the procuratorate's answer, each person at their own browser."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from liaison.models import Deadline
from liaison.reminding import planned_at
from liaison.selectors.calendar import work_calendar
from liaison.services.delivery import notices_deliver
from liaison.services.reminder import reminders_scan
from suggestions.models import Suggestion
from tests.cast import Cast
from tests.e2e.browsing import PHONE, Visits, docx_text, download, main, press, says
from tests.filemakers import PDF, png

pytestmark = pytest.mark.e2e

TITLE = "关于治理哑河养殖废水直排的建议"
SITUATION = "八字哨镇哑河段沿岸有三家养殖场，废水直排，下游约两千人取水困难。"
PROPOSAL = "请生态环境部门查明排污口，责令整改，并公布水质监测结果。"
PLACE = "赫山区八字哨镇哑河段"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "哑河排污口.png"
    path.write_bytes(png(40, 30))
    return path


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "盖章文件.pdf"
    path.write_bytes(PDF)
    return path


def test_from_a_deputys_phone_to_the_procuratorates_opinion(
    visits: Visits, cast: Cast, photo: Path, paper: Path
) -> None:
    deputy = visits.enter("deputy", **PHONE)
    write(deputy, photo)
    invite(deputy)
    cosigner = visits.enter("cosigner", **PHONE)
    cosign(cosigner)
    submit(deputy)
    suggestion = Suggestion.objects.get(title=TITLE)

    clerk = visits.enter("insider")
    register_and_assign(clerk)
    mark(clerk)
    approver = visits.enter("approver")
    transfer(approver)
    prosecutor = visits.enter("prosecutor")
    ask_for_more(prosecutor)
    supply(clerk, photo)
    opine(prosecutor, paper)

    unit = visits.enter("unit")
    sign(unit)
    remind(unit, cast, suggestion)
    answer(unit, paper)
    rate(deputy)

    the_transfer_goes_on(prosecutor, paper)
    timelines_tell(deputy, clerk, unit, prosecutor, suggestion)
    inboxes_tell(deputy=deputy, cosigner=cosigner, clerk=clerk, approver=approver, unit=unit, prosecutor=prosecutor)


# ── the deputy writes ────────────────────────────────────────────────────────────────────────────
def write(page: Page, photo: Path) -> None:
    """On a phone; what was typed is there again after a reload."""
    page.goto("/")
    main(page).get_by_role("link", name="写建议").click()
    page.get_by_label("标题").fill(TITLE)
    page.get_by_label("事由").fill(SITUATION)
    page.get_by_label("具体建议").fill(PROPOSAL)
    page.get_by_label("类别").select_option(label="城建环资")
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile(r"已保存 \d\d:\d\d"))
    page.reload()
    expect(page.get_by_label("标题")).to_have_value(TITLE)
    expect(page.get_by_label("事由")).to_have_value(SITUATION)
    expect(page.get_by_label("具体建议")).to_have_value(PROPOSAL)
    page.get_by_label("拍照").set_input_files(photo)
    press(page, "保存草稿")
    says(page, "草稿已保存")
    expect(page.get_by_role("link", name=photo.name)).to_be_visible()


def invite(page: Page) -> None:
    press(page, "邀请附议代表")
    page.get_by_label("姓名或单位").fill("王")
    page.get_by_role("button", name=re.compile("^邀请.*王附议$")).click()
    says(page, "已邀请王附议附议，对方确认后列入名单。")


def cosign(page: Page) -> None:
    page.goto("/")
    main(page).get_by_role("link", name="待您附议").click()
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name="阅读并答复").click()
    expect(main(page)).to_contain_text(SITUATION)
    press(page, "同意附议")
    says(page, "已附议，您的名字列入附议代表。")


def submit(page: Page) -> None:
    """Back to the draft, check the answers, and the final press."""
    page.get_by_role("link", name="完成，返回").click()
    expect(main(page)).to_contain_text("王附议（已附议）")
    press(page, "下一步：核对")
    for text in (TITLE, SITUATION, PROPOSAL, "城建环资"):
        expect(main(page)).to_contain_text(text)
    press(page, "提交")
    expect(page.get_by_role("heading", level=1)).to_have_text("已提交")
    expect(main(page)).to_contain_text("接下来")


# ── the office ───────────────────────────────────────────────────────────────────────────────────
def register_and_assign(page: Page) -> None:
    """Number, main unit, letter."""
    page.goto("/")
    main(page).get_by_role("link", name="待登记").click()
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name="登记编号").click()
    press(page, "登记编号")
    says(page, "接下来请交办")
    page.get_by_role("link", name="交办", exact=True).click()
    page.get_by_label("主办单位").select_option(label="益阳市生态环境局")
    page.get_by_label("办理要求").fill("请与代表当面沟通。")
    press(page, "交办")
    says(page, "已交益阳市生态环境局办理")
    number = Suggestion.objects.get(title=TITLE).number_label
    assert number
    letter = download(page, "交办函")
    assert letter.name.endswith(".docx")
    assert number in docx_text(letter.read_bytes())


def mark(page: Page) -> None:
    """It touches public interest: to the approver. The form's mistakes are told, what was typed stays."""
    page.get_by_role("link", name="标记公益线索").click()
    page.get_by_label("所在地点").fill(PLACE)
    press(page, "提交审核")
    expect(page.get_by_role("alert")).to_contain_text("请选择涉及的领域。")
    expect(page.get_by_label("所在地点")).to_have_value(PLACE)
    page.get_by_label("涉及领域").select_option(label="生态环境和资源保护")
    page.get_by_label("受损害的公共利益").fill("沿岸约两千人饮水受影响。")
    page.get_by_label("涉及的行政机关或单位").fill("益阳市生态环境局赫山分局")
    press(page, "提交审核")
    says(page, "已标记为公益线索")


def transfer(page: Page) -> None:
    open_transfer(page)
    page.get_by_role("link", name="核对并批准转交").click()
    expect(main(page)).to_contain_text(PLACE)
    press(page, "批准转交益阳市人民检察院")
    says(page, "已转交检察院")
    letter = download(page, "转交函")
    assert PLACE in docx_text(letter.read_bytes())


def supply(page: Page, photo: Path) -> None:
    """From the notice in the inbox straight to the page."""
    open_notice(page, "要求补充线索")
    page.get_by_role("link", name="补充线索").click()
    page.get_by_label("补充内容").fill("排污口在哑河桥下游五十米，照片附后。")
    page.get_by_label("补充材料").set_input_files(photo)
    press(page, "提交补充线索")
    says(page, "检察院的期限继续计算")


# ── the procuratorate ────────────────────────────────────────────────────────────────────────────
def ask_for_more(page: Page) -> None:
    open_transfer(page)
    page.get_by_role("link", name="签收线索").click()
    page.get_by_label("线索编号").fill("益检线〔2026〕3号")
    press(page, "签收")
    says(page, "已签收")
    page.get_by_role("link", name="要求补充线索").click()
    page.get_by_label("需要补充什么").fill("请补充排污口位置和照片。")
    press(page, "发出要求")
    says(page, "期限从今天起暂停")


def opine(page: Page, paper: Path) -> None:
    """From the running deadline on 我的待办."""
    page.goto("/")
    page.get_by_role("region", name="我单位的期限").get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name="反馈转化意见").click()
    page.get_by_label("转化立案").check()
    page.get_by_label("案件编号").fill("益检公益立〔2026〕12号")
    page.get_by_label("意见文件").set_input_files(paper)
    press(page, "报送意见")
    says(page, "意见已报送人大工作机构")
    expect(page.locator(".page-title")).to_contain_text("转化立案")


def the_transfer_goes_on(page: Page, paper: Path) -> None:
    """The suggestion is closed; the case is not."""
    open_transfer(page, tab="全部")
    expect(page.locator(".page-title")).to_contain_text("转化立案")
    page.get_by_role("link", name="登记检察建议").click()
    page.get_by_label("办理情况").fill("已向生态环境部门制发检察建议，要求两个月内回复。")
    page.get_by_label("检察建议书").set_input_files(paper)
    press(page, "登记“制发检察建议”")
    says(page, "已登记")
    expect(page.locator(".page-title")).to_contain_text("已发检察建议")


# ── the unit ─────────────────────────────────────────────────────────────────────────────────────
def sign(page: Page) -> None:
    page.goto("/")
    main(page).get_by_role("link", name="待签收").click()
    page.get_by_role("link", name=TITLE).click()
    press(page, "签收")
    says(page, "已签收，请在期限内答复代表。")


def remind(page: Page, cast: Cast, suggestion: Suggestion) -> None:
    """When the tenth day before is reached: one notice in the inbox and one mail, however often the scan runs."""
    deadline = Deadline.objects.unscoped(reason="a test moves the clock").get(
        object_id=suggestion.pk, kind="suggestion_answer"
    )
    moment = planned_at(deadline.due_on, 10, work_calendar())
    for minutes in (5, 15, 25):
        reminders_scan(now=moment + dt.timedelta(minutes=minutes))
    notices_deliver()
    notices_deliver()
    address = cast.user("unit").email
    mails = [one.subject for one in mail.outbox if address in one.to[0] and TITLE in one.subject]
    assert len([subject for subject in mails if "：答复代表——" in subject]) == 1, mails

    page.goto("/inbox/")
    reminder = page.get_by_role("button", name=re.compile(f"还剩.*天：答复代表——{TITLE}"))
    expect(reminder).to_have_count(1)
    reminder.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def answer(page: Page, paper: Path) -> None:
    page.get_by_role("link", name="答复代表", exact=True).click()
    page.get_by_label("正式答复文件").set_input_files(paper)
    page.get_by_label("A类：已经解决或基本解决").check()
    page.get_by_label("答复要点").fill("三个排污口已封堵，水质恢复到三类，监测结果每月公布。")
    page.get_by_label("答复文号").fill("益环函〔2026〕18号")
    press(page, "提交答复")
    says(page, "代表收到通知后评价")


# ── the deputy again ─────────────────────────────────────────────────────────────────────────────
def rate(page: Page) -> None:
    page.goto("/")
    main(page).get_by_role("link", name="待您评价").click()
    page.get_by_role("link", name=TITLE).click()
    press(page, "阅读答复并评价")
    expect(main(page)).to_contain_text("三个排污口已封堵")
    page.get_by_role("group", name="对办理态度").get_by_label("满意", exact=True).check()
    page.get_by_role("group", name="对办理结果").get_by_label("满意", exact=True).check()
    press(page, "提交评价")
    says(page, "谢谢您的评价，这件建议已办结。")
    expect(page.locator(".page-title")).to_contain_text("已办结")


# ── what everybody can read afterwards ───────────────────────────────────────────────────────────
OWN_WAY = ["提交", "登记编号", "交办", "签收", "答复", "评价"]
TRANSFER = ["批准转交", "要求补充线索", "补充线索", "转化立案", "制发检察建议"]


def timelines_tell(deputy: Page, clerk: Page, unit: Page, prosecutor: Page, suggestion: Suggestion) -> None:
    """Everybody sees the suggestion's way; the handling unit knows nothing of the transfer."""
    for page in (deputy, clerk, unit, prosecutor):
        page.goto(suggestion.get_absolute_url())
        titles = page.locator(".timeline .entry-title").all_text_contents()
        assert in_order(OWN_WAY, titles), titles
        assert in_order(TRANSFER, titles) is (page is not unit), titles
        if page is unit:
            assert "检察" not in page.content()
        if page is clerk:
            assert any(title.startswith("通知：") for title in titles)
            page.get_by_role("link", name=re.compile("^文件")).click()
            expect(page.locator(".timeline .entry-title").first).to_be_visible()
            kinds = page.locator(".timeline > li").evaluate_all("rows => rows.map((row) => row.className)")
            assert all("entry-document" in kind for kind in kinds)


TOLD = {
    "deputy": [
        "王附议代表已附议",
        "建议已登记",
        "建议已交办",
        "已转交",
        "要求补充线索",
        "“转化立案”",
        "已签收",
        "已答复",
    ],
    "cosigner": ["邀请您附议", "建议已登记", "已转交", "“转化立案”", "已答复", "建议已办结"],
    "clerk": ["收到新建议", "已签收线索", "要求补充线索", "“转化立案”", "已答复", "建议已办结"],
    "approver": ["请审批是否转交益阳市人民检察院"],
    "unit": ["请签收代表建议", "还剩", "建议已办结"],
    "prosecutor": ["收到转交线索", "线索已补充"],
}


def inboxes_tell(**pages: Page) -> None:
    """Everybody was told what concerns them, oldest first; the unit nothing of the transfer."""
    for name, page in pages.items():
        page.goto("/inbox/")
        titles = page.locator(".notice-open").all_text_contents()[::-1]
        assert in_order(TOLD[name], [title for title in titles if TITLE in title]), (name, titles)
        assert name != "unit" or "检察" not in "".join(titles)


# ── small steps ──────────────────────────────────────────────────────────────────────────────────
def open_transfer(page: Page, tab: str = "") -> None:
    page.goto("/transfers/")
    if tab:
        page.locator(".views").get_by_role("link", name=re.compile(f"^{tab}")).click()
    page.get_by_role("link", name=TITLE).click()


def open_notice(page: Page, words: str) -> None:
    page.goto("/inbox/")
    page.get_by_role("button", name=re.compile(words)).first.click()


def in_order(wanted: list[str], titles: list[str]) -> bool:
    """Whether the titles hold all that is wanted, one after the other."""
    rest = iter(titles)
    return all(any(word in title for title in rest) for word in wanted)
