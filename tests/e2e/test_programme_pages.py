"""Programmes, proposals and candidates: every page is accessible, on a phone and at a desk; pictures in var/e2e/."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.e2e.browsing import Visits
from tests.e2e.looking import DESKTOP_WIDTH, HEIGHT, PHONE_WIDTH, look
from tests.votes import programmes as steps
from tests.votes.people import County, build_county
from votes.models import Candidate, Programme, Proposal

pytestmark = pytest.mark.e2e


class Scene:
    """Programmes in each state up to the vote, with proposals and candidates."""

    def __init__(self, cast: Cast) -> None:
        self.county: County = build_county(cast)
        county = self.county
        self.preparing: Programme = steps.preparing(county, year=2051, call_until=steps.day(10))
        self.collecting: Programme = steps.collecting(county, year=2052, introduction="请提出最想办的一件实事。\n" * 3)
        self.proposals: list[Proposal] = [
            steps.proposed(self.collecting)[0],
            steps.proposed(self.collecting, title="老粮站修停车场", content="赶集时停车难，建议在老粮站修停车场。")[0],
            steps.proposed(self.collecting, title="村小学食堂改造", content="食堂漏雨。", place="村小学")[0],
            steps.proposed(self.collecting, title="加装路灯", content="夜里看不见路。" * 40, place="")[0],
        ]
        self.mine = steps.proposed_by(county, self.collecting, "deputy", title="农村饮水管网改造")
        steps.proposed_by(county, self.collecting, "county_unit", title="小型水库除险加固")
        steps.rejected(county, self.proposals[3])
        self.draft: Candidate = steps.candidate(county, self.collecting, name="村小学食堂改造工程")
        steps.picture(county, self.draft)
        self.screening: Programme = steps.screening(county, year=2053)
        for number in range(3):
            steps.candidate(county, self.screening, name=f"筛选出的第{number + 1}件")
        self.listed: Programme = steps.listed(county, year=2054)
        self.first: Candidate = self.listed.candidates.get(number=1)
        steps.picture(county, self.first)
        self.comment = steps.commented(county, self.first)
        self.receipt = steps.proposed(self.collecting, title="查询用的建议")[1]


@pytest.fixture(scope="module")
def scene(cast: Cast) -> Scene:
    with transaction.atomic():
        return Scene(cast)


def rounds(scene: Scene) -> dict[str, list[str]]:
    """Who → the addresses that they open."""

    def to(name: str, thing: Programme | Proposal | Candidate, *more: object) -> str:
        return reverse(name, args=[thing.public_id, *more])

    collecting, listed, first = scene.collecting, scene.listed, scene.proposals[0]
    similar = "&".join(f"one={one.public_id}" for one in scene.proposals[:2])
    return {
        "county_clerk": [
            "/projects/",
            "/projects/?year=1999",
            "/projects/new/",
            *(to("programmes:detail", one) for one in (scene.preparing, collecting, scene.screening, listed)),
            to("programmes:edit", collecting),
            to("programmes:open_call", scene.preparing),
            to("programmes:close_call", collecting),
            *(f"{to('proposals:desk', collecting)}?tab={tab}" for tab in ("received", "merged", "adopted", "rejected")),
            f"{to('proposals:desk', collecting)}?text=没有这样的",
            to("proposals:paper", collecting),
            to("proposals:import", collecting),
            f"{to('proposals:merge', collecting)}?{similar}",
            to("proposals:detail", first),
            to("proposals:detail", scene.proposals[3]),
            to("proposals:reject", first),
            to("proposals:adopt", first),
            to("proposals:reopen", scene.proposals[3]),
            to("candidates:list", collecting),
            to("candidates:new", scene.preparing).replace(str(scene.preparing.public_id), str(collecting.public_id)),
            to("candidates:order", scene.screening),
            to("candidates:detail", scene.draft),
            to("candidates:edit", scene.draft),
            to("candidates:withdraw", scene.draft),
            to("candidates:list", listed),
            to("candidates:detail", scene.first),
            to("candidates:answer", scene.first, scene.comment.public_id),
        ],
        "county_approver": [
            to("programmes:approve_list", scene.screening),
            to("programmes:reopen_call", scene.screening),
            to("programmes:reopen_list", listed),
        ],
        "deputy": [
            "/projects/",
            to("programmes:detail", collecting),
            to("programmes:detail", listed),
            "/proposals/",
            to("proposals:new", collecting),
            to("proposals:detail", scene.mine),
            to("candidates:list", listed),
            to("candidates:detail", scene.first),
        ],
        "county_unit": ["/projects/", "/proposals/", to("proposals:new", collecting)],
        "": [
            "/open/projects/",
            "/open/projects/?text=没有这样的",
            to("open_projects:programme", collecting),
            to("open_projects:programme", scene.screening),
            to("open_projects:programme", listed),
            to("open_projects:propose", collecting),
            "/open/projects/receipt/",
        ],
    }


def picture(page: Page, folder: Path, who: str, number: int) -> None:
    for width in (DESKTOP_WIDTH, PHONE_WIDTH):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.screenshot(path=folder / f"programme-{who or 'public'}-{number:02}-{width}.png", full_page=True)


@pytest.mark.parametrize("who", ["county_clerk", "county_approver", "deputy", "county_unit", ""])
def test_pages_have_no_fault(visits: Visits, scene: Scene, artifacts: Path, who: str) -> None:
    page = visits.enter(who) if who else visits.arrive()
    faults: list[str] = []
    for number, path in enumerate(rounds(scene)[who], 1):
        answer = page.goto(path)
        assert answer is not None
        if answer.status != 200:
            faults.append(f"{path}: {answer.status}")
            continue
        faults += look(page, colours_at=PHONE_WIDTH if who in {"deputy", ""} else DESKTOP_WIDTH)
        picture(page, artifacts, who, number)
    assert not faults, "\n".join(faults)


def test_everybody_proposes_on_a_phone_and_follows_it(visits: Visits, scene: Scene, artifacts: Path) -> None:
    page = visits.arrive(viewport={"width": PHONE_WIDTH, "height": HEIGHT})
    page.goto(reverse("open_projects:programme", args=[scene.collecting.public_id]))
    page.get_by_role("link", name="提项目建议").click()
    page.get_by_role("button", name="提交建议").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert not look(page, colours_at=None)
    page.get_by_label("项目名称").fill("建一个老年食堂🍚")
    page.get_by_label("建议内容").fill("<script>alert(1)</script>村里留守老人多。")
    page.get_by_role("button", name="提交建议").click()
    receipt = page.locator(".receipt-code").inner_text()
    expect(page.get_by_role("heading", level=1)).to_have_text("已收到您的建议")
    assert not look(page, colours_at=PHONE_WIDTH)
    picture(page, artifacts, "receipt", 1)
    page.goto("/open/projects/receipt/")
    page.get_by_label("回执码").fill(receipt.lower().replace("-", " "))
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("已收到，正在筛选。")).to_be_visible()
    assert not look(page, colours_at=None)
    picture(page, artifacts, "receipt", 2)


def test_paper_is_entered_and_wrong_rows_are_named(visits: Visits, scene: Scene, artifacts: Path) -> None:
    page = visits.enter("county_clerk")
    page.goto(reverse("proposals:paper", args=[scene.collecting.public_id]))
    second = page.get_by_role("region", name="第2行")
    second.get_by_label("项目名称").fill("修渠道")
    page.get_by_role("button", name="保存这一页").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("第2行")
    assert not look(page, colours_at=None)
    picture(page, artifacts, "paper", 1)
    second.get_by_label("建议内容").fill("渠道淤了。")
    page.get_by_role("button", name="保存这一页").click()
    expect(page.get_by_text("已录入1件项目建议。")).to_be_visible()
