"""Pages of proposals through HTTP: the public form, receipts, deputies, paper, the sheet, the screening desk."""

from __future__ import annotations

import io
import uuid
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from liaison.limits import Limit
from tests.suggestions.budgets import queries
from tests.suggestions.pages import errors, hidden, said, text_of
from tests.votes import programmes as steps
from tests.votes.people import County
from votes import limits
from votes.models import Programme, Proposal
from votes.services.proposal_sheet import TABLE
from votes.states import ProposalStatus

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def to(name: str, thing: Any, *more: Any) -> str:
    return reverse(name, args=[thing.public_id, *more])


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def clerk(county: County) -> Client:
    return county.cast.client("county_clerk")


@pytest.fixture
def public(county: County) -> Client:
    return county.cast.client("anonymous")


def propose(client: Client, programme: Programme, **changes: Any) -> Any:
    url = to("open_projects:propose", programme)
    values = {**steps.texts(), "submission_key": str(uuid.uuid4()), **changes}
    return client.post(url, values)


def receipt_of(response: Any) -> str:
    return str(response.context["receipt"])


def test_anybody_proposes_and_follows(county: County, public: Client, clerk: Client) -> None:
    programme = steps.collecting(county)
    page = public.get(to("open_projects:propose", programme))
    assert hidden(page)["submission_key"]
    response = propose(public, programme, proposer_name="王先生", proposer_contact="13873712345")
    receipt = receipt_of(response)
    assert receipt in text_of(response)
    assert response["Cache-Control"].startswith("max-age=0")
    follow = public.post(reverse("open_projects:receipt"), {"code": receipt.lower()})
    assert "已收到，正在筛选。" in text_of(follow)
    assert "13873712345" not in follow.content.decode()
    steps.rejected(county, Proposal.objects.get())
    follow = public.post(reverse("open_projects:receipt"), {"code": receipt})
    assert "未采纳：今年财政预算没有安排。" in text_of(follow)
    assert "资金没有落实" in text_of(follow)


def test_the_same_form_twice_is_one_proposal(county: County, public: Client) -> None:
    programme, key = steps.collecting(county), str(uuid.uuid4())
    first = propose(public, programme, submission_key=key)
    again = propose(public, programme, submission_key=key)
    assert receipt_of(first) == receipt_of(again)
    assert Proposal.objects.count() == 1


def test_a_used_form_goes_on_as_another_one(county: County, public: Client) -> None:
    programme, key = steps.collecting(county), str(uuid.uuid4())
    propose(public, programme, submission_key=key)
    refused = propose(public, programme, submission_key=key, title="另一件")
    assert refused.status_code == 422
    propose(public, programme, title="另一件", submission_key=hidden(refused)["submission_key"])
    assert Proposal.objects.count() == 2


def test_what_nobody_sees_is_filled_by_robots_only(county: County, public: Client) -> None:
    response = propose(public, steps.collecting(county), website="https://spam.example")
    assert response.status_code == 422
    assert "请不要填写这一栏" in text_of(response)
    assert not Proposal.objects.exists()


def test_too_many_from_one_address(county: County, public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PROPOSALS_AN_ADDRESS", Limit("test-ip", 2, 3600))
    programme = steps.collecting(county)
    assert [propose(public, programme).status_code for _ in range(3)] == [200, 200, 429]
    refused = propose(public, programme)
    assert "集镇赶集日停车难" in refused.content.decode()
    assert Proposal.objects.count() == 2


def test_too_many_for_one_programme(county: County, public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PROPOSALS_A_PROGRAMME", Limit("test-programme", 1, 3600))
    first, second = steps.collecting(county, year=2061), steps.collecting(county, year=2062)
    assert [propose(public, one).status_code for one in (first, first, second)] == [200, 429, 200]


def test_too_many_receipts_looked_for(county: County, public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RECEIPTS_AN_ADDRESS", Limit("test-receipt", 1, 600))
    url = reverse("open_projects:receipt")
    assert [public.post(url, {"code": "0000-0000-0000"}).status_code for _ in range(2)] == [422, 429]


def test_late_is_refused_with_everything_kept(county: County, public: Client) -> None:
    programme = steps.collecting(county)
    Programme.objects.update(call_from=steps.day(-40), call_until=steps.day(-1))
    response = propose(public, programme, proposer_name="王先生")
    assert response.status_code == 422
    assert "的征集已经结束" in errors(response)[""][0]
    assert "集镇赶集日停车难" in response.content.decode()
    assert "王先生" in response.content.decode()
    assert "现在不在征集期内" in text_of(public.get(to("open_projects:propose", programme)))


def test_scripts_are_shown_as_text(county: County, public: Client, clerk: Client) -> None:
    programme = steps.collecting(county)
    response = propose(
        public, programme, title="<script>alert(1)</script>🚧", content='"><img src=x onerror=alert(1)>🙂'
    )
    assert response.status_code == 200
    pages = [response, clerk.get(to("proposals:desk", programme)), clerk.get(Proposal.objects.get().get_absolute_url())]
    for page in pages:
        assert "<script>alert" not in page.content.decode()
        assert "<img src=x" not in page.content.decode()


@pytest.mark.parametrize("changes", [{"title": "\0"}, {"content": "长" * 2001}, {"submission_key": "x"}, {"title": ""}])
def test_wrong_values_are_told(county: County, public: Client, changes: dict[str, str]) -> None:
    assert propose(public, steps.collecting(county), **changes).status_code == 422
    assert not Proposal.objects.exists()


def test_unpublished_programmes_are_not_there(county: County, public: Client) -> None:
    programme = steps.preparing(county)
    assert public.get(programme.get_public_url()).status_code == 404
    assert public.get(to("open_projects:propose", programme)).status_code == 404
    hidden_one = steps.collecting(county, year=2062, is_public=False)
    assert public.get(hidden_one.get_public_url()).status_code == 404
    assert "还没有公开的民生实事项目" in text_of(public.get("/open/projects/"))


def test_the_public_finds_a_place(county: County, public: Client) -> None:
    steps.collecting(county)
    assert len(public.get("/open/projects/?text=赫山").context["rows"]) == 1
    assert len(public.get("/open/projects/?text=没有").context["rows"]) == 0


def test_deputies_propose_and_see_what_became_of_it(county: County) -> None:
    programme, deputy = steps.collecting(county), county.cast.client("deputy")
    url = to("proposals:new", programme)
    response = deputy.post(url, {**steps.texts(), **hidden(deputy.get(url))}, follow=True)
    assert "已收到您的项目建议" in said(response)
    steps.rejected(county, Proposal.objects.get())
    page = text_of(deputy.get("/proposals/"))
    assert "未采纳" in page
    assert "今年财政预算没有安排" in page
    assert county.cast.client("cosigner").get(Proposal.objects.get().get_absolute_url()).status_code == 404


def test_a_late_deputy_keeps_the_text(county: County) -> None:
    programme, deputy = steps.collecting(county), county.cast.client("deputy")
    url = to("proposals:new", programme)
    page = deputy.get(url)
    Programme.objects.update(call_from=steps.day(-40), call_until=steps.day(-1))
    response = deputy.post(url, {**steps.texts(), **hidden(page)})
    assert response.status_code == 422
    assert "集镇赶集日停车难" in response.content.decode()


def test_paper_rows_are_entered_blank_ones_ignored(county: County, clerk: Client) -> None:
    programme = steps.collecting(county)
    url = to("proposals:paper", programme)
    page = clerk.get(url)
    typed = {
        **hidden(page),
        "r2-source": "public",
        "r2-title": "修路",
        "r2-content": "村口路烂。",
        "r5-source": "deputy",
        "r5-name": "李代表",
        "r5-title": "建桥",
        "r5-content": "过河难。",
        "r7-source": "public",
    }
    assert said(clerk.post(url, typed, follow=True)) == "已录入2件项目建议。"
    assert said(clerk.post(url, typed, follow=True)) == "这一页已经录入过，没有重复登记。"
    wrong = clerk.post(url, {**typed, "batch": str(uuid.uuid4()), "r5-name": "没有这人", "r2-received_on": "x"})
    assert wrong.status_code == 422
    assert "第2行有误" in text_of(wrong)
    wrong = clerk.post(url, {**typed, "batch": str(uuid.uuid4()), "r5-name": "没有这人"})
    assert "第5行 提出人：本届人大在任代表中没有“没有这人”" in text_of(wrong)
    assert "还没有填写任何一行" in text_of(clerk.post(url, hidden(page)))
    assert Proposal.objects.count() == 2


def sheet(*rows: list[str]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    book.active.append([column.header for column in TABLE.columns.values()])
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return SimpleUploadedFile("建议.xlsx", buffer.getvalue(), content_type=XLSX)


def test_a_sheet_is_previewed_and_imported(county: County, clerk: Client) -> None:
    programme = steps.collecting(county)
    url = to("proposals:import", programme)
    rows = [["群众", "", "", f"项目{number}", "内容", "", ""] for number in range(3)]
    preview = clerk.post(url, {"upload": sheet(*rows)})
    assert "共3行：新增3，相同0，有误0" in text_of(preview)
    assert not Proposal.objects.exists()
    apply = to("proposals:apply", programme)
    token = preview.context["token"]
    assert said(clerk.post(apply, {"token": token}, follow=True)) == "已导入3件项目建议。"
    assert "3件与已有的相同" in said(clerk.post(apply, {"token": token}, follow=True))
    assert Proposal.objects.count() == 3
    wrong = clerk.post(url, {"upload": sheet(*rows, ["代表", "没有这人", "", "x", "y", "", ""])})
    assert "1行有误，还不能导入" in text_of(wrong)
    assert clerk.post(apply, {"token": wrong.context["token"]}).status_code == 422
    assert Proposal.objects.count() == 3


def test_a_preview_cannot_be_altered_or_carried_over(county: County, clerk: Client) -> None:
    programme, other = steps.collecting(county), steps.collecting(county, year=2070)
    preview = clerk.post(to("proposals:import", programme), {"upload": sheet(["群众", "", "", "甲", "乙", "", ""])})
    token = preview.context["token"]
    for url, sent in ((to("proposals:apply", programme), f"{token}x"), (to("proposals:apply", other), token)):
        response = clerk.post(url, {"token": sent})
        assert response.status_code == 422
        assert "没有导入" in text_of(response)
    assert not Proposal.objects.exists()


def test_a_wrong_file_is_told(county: County, clerk: Client) -> None:
    upload = SimpleUploadedFile("x.xlsx", b"no sheet at all", content_type=XLSX)
    response = clerk.post(to("proposals:import", steps.collecting(county)), {"upload": upload})
    assert response.status_code == 422
    assert errors(response)["upload"]


def test_the_template_is_a_sheet(county: County, clerk: Client) -> None:
    response = clerk.get(to("proposals:template", steps.collecting(county)))
    assert openpyxl.load_workbook(io.BytesIO(response.content)).active is not None


def test_the_desk_has_tabs_with_counts_and_a_search(county: County, clerk: Client) -> None:
    programme = steps.collecting(county)
    steps.proposed(programme)
    steps.rejected(county, steps.proposed(programme, title="路灯")[0])
    url = to("proposals:desk", programme)
    page = clerk.get(url)
    assert [(tab["label"], tab["count"]) for tab in page.context["views"]] == [
        ("待筛选", "1"),
        ("已合并", 0),
        ("已列入候选", 0),
        ("未采纳", "1"),
    ]
    assert len(clerk.get(f"{url}?tab=rejected&text=路灯").context["page"].items) == 1
    assert len(clerk.get(f"{url}?text=没有这样的").context["page"].items) == 0
    assert len(clerk.get(f"{url}?source=deputy").context["page"].items) == 0


def test_similar_ones_are_merged_from_the_page(county: County, clerk: Client) -> None:
    programme = steps.collecting(county)
    first, _ = steps.proposed(programme)
    second, _ = steps.proposed(programme, title="老粮站修停车场")
    assert "老粮站修停车场" in text_of(clerk.get(first.get_absolute_url()))
    url = to("proposals:merge", programme)
    ids = {"one": [str(first.public_id), str(second.public_id)]}
    assert clerk.get(url, ids).status_code == 200
    assert clerk.get(url, {"one": [str(first.public_id), "nonsense"]}).status_code == 302
    assert clerk.post(url, ids).status_code == 422
    clerk.post(url, {**ids, "target": str(first.public_id)})
    assert Proposal.objects.get(pk=second.pk).merged_into == first
    assert "并入的建议 1件" in text_of(clerk.get(first.get_absolute_url()))


def test_each_fate_through_its_page(county: County, clerk: Client) -> None:
    programme = steps.collecting(county)
    proposal, _ = steps.proposed(programme)
    url = to("proposals:reject", proposal)
    page = clerk.get(url)
    wrong = clerk.post(url, hidden(page))
    assert set(errors(wrong)) == {"points", "reason"}
    clerk.post(url, {**hidden(page), "points": ["money"], "reason": "没有资金"})
    assert clerk.get(url).status_code == 409
    stale = clerk.post(to("proposals:reopen", proposal), {"version": 1})
    assert stale.status_code == 409
    clerk.post(to("proposals:reopen", proposal), hidden(stale))
    candidate = steps.candidate(county, programme)
    url = to("proposals:adopt", proposal)
    clerk.post(url, {**hidden(clerk.get(url)), "candidate_id": candidate.pk})
    assert Proposal.objects.get().status == ProposalStatus.ADOPTED


def test_contacts_are_masked_until_asked_for(county: County, clerk: Client) -> None:
    proposal, _ = steps.proposed(steps.collecting(county))
    page = clerk.get(proposal.get_absolute_url())
    assert "13873712345" not in page.content.decode()
    assert "138****2345" in text_of(page)
    assert "13873712345" in text_of(clerk.post(to("proposals:contact", proposal)))


@pytest.mark.parametrize("tab", ["received", "rejected"])
def test_the_desk_costs_the_same_for_two_and_for_twenty(county: County, clerk: Client, tab: str) -> None:
    programme = steps.collecting(county)

    def add(count: int) -> None:
        for number in range(count):
            steps.proposed_by(county, programme, "deputy", title=f"建议{number}")
            if tab == "rejected":
                steps.rejected(county, steps.proposed(programme, title=f"另{number}")[0])

    add(2)
    pages = [f"{to('proposals:desk', programme)}?tab={tab}", programme.get_absolute_url()]
    before = [len(queries(clerk, url)) for url in pages]
    add(18)
    assert [len(queries(clerk, url)) for url in pages] == before


def test_my_list_and_one_record_cost_the_same_for_two_and_for_twenty(county: County, clerk: Client) -> None:
    programme, deputy = steps.collecting(county), county.cast.client("deputy")
    first = steps.proposed_by(county, programme)
    steps.proposed_by(county, programme)
    before = len(queries(deputy, "/proposals/")), len(queries(clerk, first.get_absolute_url()))
    for number in range(18):
        steps.proposed_by(county, programme, title=f"老粮站停车场{number}")
    after = len(queries(deputy, "/proposals/")), len(queries(clerk, first.get_absolute_url()))
    assert after == before


def test_public_pages_cost_the_same_for_two_and_for_twenty(county: County, public: Client) -> None:
    steps.collecting(county, year=2061)
    programme = steps.listed(county, year=2062)
    pages = ["/open/projects/", programme.get_public_url()]
    before = [len(queries(public, url)) for url in pages]
    for year in range(2063, 2081):
        steps.collecting(county, year=year)
    assert [len(queries(public, url)) for url in pages] == before
