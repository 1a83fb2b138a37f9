"""A whole secret vote in a town's congress: five phones and tablets, paper, two tellers, and whoever checks it.

Nine deputies: four vote on phones (one over a line that breaks, one who loads the page anew in the middle, one without
JavaScript), one by a slip on a tablet, two on paper; one is here and does not vote, one is absent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Page, Route, expect

from tests.cast import Cast
from tests.e2e.browsing import PHONE, Visits, docx_text, download, main, press, says
from tests.e2e.looking import DESKTOP_WIDTH, PHONE_WIDTH, look
from tests.e2e.town import CANDIDATES, NAMES, Town, build_town
from votes.models import RollEntry, Round, SealedBallot

pytestmark = pytest.mark.e2e

TITLE = "八字哨镇2027年度民生实事项目票决"
WATCHER_WORDS, COUNTER_WORDS = "七盏灯笼挂在老樟树上面呢", "一船莲子过了哑河桥头去了"
FOR, AGAINST, ABSTAIN = "赞成", "反对", "弃权"
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}


@pytest.fixture(scope="module")
def town(cast: Cast) -> Town:
    with transaction.atomic():
        return build_town(cast)


@dataclass
class Eye:
    """Looks at each kind of page once: axe-core, nothing sideways; its pictures are kept."""

    folder: Path
    faults: list[str] = field(default_factory=list)

    def at(self, page: Page, name: str, *, phone: bool = False, printed: bool = False) -> None:
        size = page.viewport_size
        self.faults += [f"{name}: {fault}" for fault in look(page, colours_at=PHONE_WIDTH if phone else DESKTOP_WIDTH)]
        for width in (PHONE_WIDTH, DESKTOP_WIDTH):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=self.folder / f"vote-{name}-{width}.png", full_page=True)
        if printed:
            page.emulate_media(media="print")
            page.set_viewport_size({"width": 794, "height": 1123})  # A4
            page.screenshot(path=self.folder / f"vote-{name}-print.png", full_page=True)
            page.emulate_media(media="screen")
        if size is not None:
            page.set_viewport_size(size)


@pytest.fixture
def eye(artifacts: Path) -> Eye:
    return Eye(artifacts)


def test_a_whole_vote_with_five_phones_and_paper(visits: Visits, town: Town, eye: Eye) -> None:
    clerk = visits.enter("town_clerk")
    round_ = set_up(clerk, eye)
    set_passphrase(visits.enter("town_watcher"), WATCHER_WORDS, eye)
    set_passphrase(visits.enter("town_counter"), COUNTER_WORDS)
    phones = [visits.enter(f"town_{number}", javascript=number != 4, **PHONE) for number in range(1, 5)]
    for page in phones:
        sign_in(page, round_, eye if page is phones[0] else None)
    slip = attend_and_print(clerk, round_, eye)
    start(clerk, round_, eye)

    receipts = [vote(phones[0], [FOR, FOR, AGAINST], eye)]
    expect(clerk.locator(".turnout > div").nth(1)).to_contain_text("1")  # the presiding page asks by itself
    receipts.append(vote_over_a_broken_line(phones[1]))
    receipts.append(vote_after_a_reload(phones[2]))
    receipts.append(vote(phones[3], [FOR, AGAINST, FOR]))
    receipts.append(vote_by_slip(visits, slip, eye))
    assert SealedBallot.objects.filter(round=round_).count() == 5
    hand_out_paper(clerk, round_, eye)
    close(clerk, round_, eye)
    too_late(phones[0], round_)

    watcher = visits.enter("town_watcher")
    enter_paper(clerk, watcher, round_, eye)
    count(clerk, round_, eye)
    sign_and_declare(clerk, watcher, visits.enter("town_counter"), round_, eye)
    check_receipts(visits, phones[0], round_, receipts, eye)
    assert not eye.faults, f"{len(eye.faults)} faults\n" + "\n".join(eye.faults)


# ── before the vote ──────────────────────────────────────────────────────────────────────────────
def set_up(page: Page, eye: Eye) -> Round:
    page.goto("/rounds/")
    eye.at(page, "empty-list")
    page.get_by_role("link", name="新建投票").first.click()
    eye.at(page, "choose")
    main(page).get_by_role("group", name="项目票决").get_by_role("link", name="建立投票").click()
    expect(page.get_by_label("应选件数")).to_have_value("2")
    page.get_by_label("投票名称").fill(TITLE)
    eye.at(page, "form")
    press(page, "建立投票")
    says(page, "代表名册9名已生成")
    page.get_by_role("link", name="指定监票人、计票人").first.click()
    page.get_by_label("监票人", exact=True).select_option(label="谭监票")
    page.get_by_label("计票人", exact=True).select_option(label="邹计票")
    eye.at(page, "tellers")
    press(page, "确定")
    says(page, "已指定监票人、计票人")
    eye.at(page, "preparing")
    return Round.objects.get(title=TITLE)


def set_passphrase(page: Page, words: str, eye: Eye | None = None) -> None:
    page.goto("/")
    main(page).get_by_role("link", name="请设置开箱口令").click()
    page.get_by_label("口令", exact=True).fill(words)
    page.get_by_label("再输一遍").fill(words)
    if eye:
        eye.at(page, "passphrase")
    press(page, "设置口令")
    says(page, "开箱口令已设置")


def sign_in(page: Page, round_: Round, eye: Eye | None = None) -> None:
    """From 待办, with the code of the hall's screen."""
    page.goto("/")
    main(page).get_by_role("link", name="会议签到").click()
    page.get_by_role("link", name="签到", exact=True).click()
    if eye:
        eye.at(page, "sign-in", phone=True)
    page.get_by_label("签到码").fill(round_.session_code)
    press(page, "签到，领取选票")
    expect(main(page)).to_contain_text("已签到，还没有开始投票")


def attend_and_print(page: Page, round_: Round, eye: Eye) -> str:
    """Staff tick four more, and print a slip for one of them; returns the address behind its QR code."""
    page.goto(f"{round_.get_absolute_url()}roll/")
    for name in NAMES[4:8]:
        page.get_by_label(f"选择{name}").check()
    expect(page.locator("[data-picked-count]")).to_contain_text("4")
    eye.at(page, "roll")
    press(page, "登记所选代表签到")
    says(page, "已登记4名代表的签到")
    page.goto(f"{round_.get_absolute_url()}slips/")
    page.get_by_label(f"选择{NAMES[4]}").check()
    eye.at(page, "slips")
    press(page, "生成所选代表的投票码")
    expect(page.locator(".slip")).to_have_count(1)
    expect(page.get_by_role("img", name="投票码的二维码")).to_be_visible()
    eye.at(page, "slips-print", printed=True)
    code = page.locator(".slip-code").inner_text()
    page.goto(f"{round_.get_absolute_url()}paper/sheet/")
    eye.at(page, "paper-sheet", printed=True)
    page.goto(f"{round_.get_absolute_url()}hall/")
    expect(main(page)).to_contain_text(round_.session_code)
    eye.at(page, "hall")
    return f"/vote/slip/#{code}"


def start(page: Page, round_: Round, eye: Eye) -> None:
    page.goto(round_.get_absolute_url())
    page.get_by_role("link", name="开始投票").click()
    eye.at(page, "open")
    press(page, "开始投票")
    says(page, "投票已开始")
    eye.at(page, "presiding")


# ── voting ───────────────────────────────────────────────────────────────────────────────────────
def fill(page: Page, marks: list[str]) -> None:
    for place, (mark, (name, *_)) in enumerate(zip(marks, CANDIDATES, strict=True), start=1):
        page.get_by_role("group", name=f"{place}．{name}").get_by_label(mark, exact=True).check()


def open_ballot(page: Page) -> None:
    page.goto("/")
    main(page).get_by_role("link", name="正在投票").click()
    page.get_by_role("link", name="填写选票").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def receipt_of(page: Page) -> str:
    expect(page.locator("[data-receipt]")).to_have_text(CODE)
    return page.locator("[data-receipt]").inner_text().strip()


def vote(page: Page, marks: list[str], eye: Eye | None = None) -> str:
    open_ballot(page)
    fill(page, marks)
    if eye:
        page.get_by_text("看项目内容").first.click()
        expect(main(page)).to_contain_text("镇农业农村办公室")
        small = page.locator(".mark").evaluate_all(
            "marks => marks.map((one) => one.getBoundingClientRect())"
            ".filter((box) => Math.min(box.height, box.width) < 44).length"
        )
        assert small == 0
        fill(page, [FOR, FOR, FOR])
        expect(page.locator("[data-ballot-count]")).to_contain_text("超过应选的2项")
        press(page, "下一步：最后确认")
        expect(main(page)).to_contain_text("您赞成了3项，最多赞成2项")
        eye.at(page, "ballot-wrong", phone=True)
        fill(page, marks)
        expect(page.locator("[data-ballot-count]")).to_contain_text("已选赞成2项，最多2项；共3项，已填3项")
        eye.at(page, "ballot", phone=True)
    press(page, "下一步：最后确认")
    expect(page.locator(".look-mark")).to_have_text(marks)
    if eye:
        eye.at(page, "look", phone=True)
    press(page, "投出选票")
    expect(main(page)).to_contain_text("选票已收到")
    receipt = receipt_of(page)
    if eye:
        assert page.evaluate("Object.keys(sessionStorage).filter((name) => name.startsWith('ballot:')).length") == 0
        eye.at(page, "receipt", phone=True)
        page.goto("/vote/")
        page.get_by_role("link", name="查看").click()
        expect(main(page)).to_contain_text("您已投票")
        expect(page.locator("[data-receipt]")).to_have_text(receipt)  # this phone keeps it
        eye.at(page, "voted", phone=True)
    return receipt


def vote_over_a_broken_line(page: Page) -> str:
    """The line breaks before the ballot arrives, and again after it did, before the answer comes back."""
    tries: list[str] = []
    held: list[Route] = []  # the third try waits until the voter was seen to be told

    def break_twice(route: Route) -> None:
        tries.append(route.request.post_data or "")
        if len(tries) == 1:
            route.abort("internetdisconnected")
        elif len(tries) == 2:
            assert route.fetch().status == 200
            route.abort("connectionreset")
        else:
            held.append(route)

    open_ballot(page)
    fill(page, [FOR, FOR, ABSTAIN])
    press(page, "下一步：最后确认")
    page.route("**/cast/", break_twice)
    press(page, "投出选票")
    expect(page.locator("[data-cast-status]")).to_contain_text("正在重新发送")
    for _ in range(200):
        if held:
            break
        page.wait_for_timeout(100)
    held[0].continue_()
    expect(main(page)).to_contain_text("您的选票此前已经送达，没有重复计票。")
    receipt = receipt_of(page)
    assert len(tries) == 3
    assert len(set(tries)) == 1
    assert f"receipt={receipt}" in tries[0]
    return receipt


def vote_after_a_reload(page: Page) -> str:
    """Half filled, loaded anew; and nothing of it is left afterwards."""
    open_ballot(page)
    first = page.get_by_role("group", name=f"1．{CANDIDATES[0][0]}")
    second = page.get_by_role("group", name=f"2．{CANDIDATES[1][0]}")
    first.get_by_label(FOR, exact=True).check()
    second.get_by_label(AGAINST, exact=True).check()
    page.reload()
    expect(first.get_by_label(FOR, exact=True)).to_be_checked()
    expect(second.get_by_label(AGAINST, exact=True)).to_be_checked()
    second.get_by_role("button", name="清除本项").click()
    expect(second.get_by_label(AGAINST, exact=True)).not_to_be_checked()
    press(page, "下一步：最后确认")
    expect(main(page)).to_contain_text("还有2项没有填")
    press(page, "返回修改")
    fill(page, [FOR, FOR, AGAINST])
    press(page, "下一步：最后确认")
    press(page, "投出选票")
    expect(main(page)).to_contain_text("选票已收到")
    return receipt_of(page)


def vote_by_slip(visits: Visits, address: str, eye: Eye) -> str:
    """On a tablet without an account; the code stands behind # and reaches no server's log."""
    page = visits.arrive(**TABLET)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    code = address.partition("#")[2]
    expect(page.get_by_label("投票码")).to_have_value(code)
    eye.at(page, "slip-enter", phone=True)
    press(page, "领取选票")
    fill(page, [FOR, FOR, AGAINST])
    eye.at(page, "slip-ballot", phone=True)
    press(page, "下一步：最后确认")
    press(page, "投出选票")
    expect(main(page)).to_contain_text("选票已收到")
    receipt = receipt_of(page)
    eye.at(page, "slip-receipt", phone=True)
    page.get_by_role("link", name="已记下，清空屏幕").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("请把平板交给下一位代表")
    eye.at(page, "slip-done", phone=True)
    assert receipt not in page.content()
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    assert not any(code in url.partition("#")[0] for url in asked)
    page.goto(address)
    press(page, "领取选票")
    expect(main(page)).to_contain_text("这张投票码已经投过票")
    return receipt


def hand_out_paper(page: Page, round_: Round, eye: Eye) -> None:
    page.goto(f"{round_.get_absolute_url()}paper/")
    for name in NAMES[5:7]:
        page.get_by_label(f"选择{name}").check()
    eye.at(page, "paper")
    press(page, "登记发出")
    says(page, "已登记发出2张纸质票")


def close(page: Page, round_: Round, eye: Eye) -> None:
    page.goto(round_.get_absolute_url())
    expect(page.locator(".turnout")).to_contain_text("7 / 8名")
    page.get_by_role("link", name="截止投票").click()
    expect(main(page)).to_contain_text("还有1名没有投票")
    eye.at(page, "close")
    press(page, "截止投票")
    says(page, "投票已截止")


def too_late(page: Page, round_: Round) -> None:
    page.goto(f"/vote/{round_.public_id}/")
    expect(main(page)).to_contain_text("您已投票")
    expect(page.locator("input[type=radio]")).to_have_count(0)


# ── counting ─────────────────────────────────────────────────────────────────────────────────────
def write(page: Page, marks: dict[int, tuple[int, int, int]]) -> None:
    """Two paper ballots: for, against, abstained, by line."""
    page.get_by_label("收回纸质票").fill("2")
    page.get_by_label("其中废票").fill("0")
    for place, counts in marks.items():
        name = CANDIDATES[place - 1][0]
        for label, number in zip((FOR, AGAINST, ABSTAIN, "未填"), (*counts, 0), strict=True):
            page.get_by_label(f"{name}：{label}").fill(str(number))


def enter_paper(clerk: Page, watcher: Page, round_: Round, eye: Eye) -> None:
    """Two people enter apart; one misread a ballot, both look again, one mends it."""
    right = {1: (2, 0, 0), 2: (2, 0, 0), 3: (0, 2, 0)}
    clerk.goto(round_.get_absolute_url())
    main(clerk).locator(".actionbox").get_by_role("link", name="录入纸质票").click()
    clerk.get_by_role("link", name="录入第1份").click()
    eye.at(clerk, "paper-enter")
    write(clerk, right)
    press(clerk, "保存第1份")
    says(clerk, "第1份录入已保存")
    watcher.goto(f"{round_.get_absolute_url()}paper/")
    watcher.get_by_role("link", name="录入第2份").click()
    write(watcher, right | {3: (0, 1, 1)})
    press(watcher, "保存第2份")
    expect(main(watcher)).to_contain_text("两份录入有2处不一致")
    eye.at(watcher, "paper-differences")
    watcher.get_by_role("link", name="核对后重新录入第2份").click()
    expect(watcher.get_by_label(f"{CANDIDATES[2][0]}：{ABSTAIN}")).to_have_value("1")
    write(watcher, right)
    press(watcher, "保存第2份")
    expect(main(watcher)).to_contain_text("两份录入完全一致，可以开箱计票。")


def count(page: Page, round_: Round, eye: Eye) -> None:
    page.goto(round_.get_absolute_url())
    main(page).locator(".actionbox").get_by_role("link", name="开箱计票").click()
    page.get_by_label("监票人口令").fill(WATCHER_WORDS)
    page.get_by_label("计票人口令").fill("记错了的一句话没关系")
    press(page, "开箱计票")
    expect(main(page)).to_contain_text("计票人的开箱口令不对，还可以再试4次。")
    eye.at(page, "count-wrong")
    page.get_by_label("监票人口令").fill(WATCHER_WORDS)
    page.get_by_label("计票人口令").fill(COUNTER_WORDS)
    press(page, "开箱计票")
    says(page, "计票完成")
    expect(main(page)).to_contain_text("发出选票：电子票6张＋纸质票2张＝8张。")
    expect(main(page)).to_contain_text("赞成7＋反对0＋弃权0＋未投1＝发出8")


def sign_and_declare(clerk: Page, watcher: Page, counter: Page, round_: Round, eye: Eye) -> None:
    for page in (watcher, counter):
        page.goto("/")
        main(page).get_by_role("link", name="请核对结果并签字").click()
        if page is watcher:
            eye.at(page, "result-sign")
        press(page, "核对无误，签字")
        says(page, "身份签字")
    clerk.goto(round_.get_absolute_url())
    clerk.get_by_role("link", name="宣布结果").click()
    eye.at(clerk, "declare")
    press(clerk, "宣布结果")
    says(clerk, "结果已宣布")
    eye.at(clerk, "result", printed=True)
    text = docx_text(download(clerk, "下载计票报告单").read_bytes())
    for words in (TITLE, "赞成7＋反对0＋弃权0＋未投1＝发出8", "谭监票（已在平台签字", "共2件通过"):
        assert words in text, words
    clerk.goto(round_.get_absolute_url())
    eye.at(clerk, "declared")
    clerk.goto("/rounds/")
    eye.at(clerk, "list")


def check_receipts(visits: Visits, phone: Page, round_: Round, receipts: list[str], eye: Eye) -> None:
    """Anybody checks that a ballot was counted; nobody learns what it said."""
    phone.goto("/vote/")
    phone.get_by_role("link", name=TITLE).click()
    phone.get_by_role("link", name="看投票结果，核对回执").click()
    expect(main(phone)).to_contain_text("农村安全饮水提质工程、镇敬老院适老化改造，共2件通过。")
    page = visits.arrive()
    page.goto("/open/rounds/")
    eye.at(page, "open-list")
    page.get_by_role("link", name=TITLE).click()
    for receipt in receipts:
        page.get_by_label("回执", exact=True).fill(receipt)
        press(page, "核对是否计入")
        expect(main(page)).to_contain_text("这张选票已经计入")
    eye.at(page, "open")
    page.get_by_label("回执", exact=True).fill("0000-0000-0000-0000")
    press(page, "核对是否计入")
    expect(main(page)).to_contain_text("没有找到这个回执")
    ballots = download(page, "下载选票").read_text(encoding="utf-8-sig")
    assert len(ballots.splitlines()) == 6
    page.get_by_role("link", name="重新计票并比对").click()
    expect(main(page)).to_contain_text("全部一致")
    eye.at(page, "recount")
    assert set(RollEntry.objects.filter(round=round_).values_list("receipt_check", flat=True)) == {""}
