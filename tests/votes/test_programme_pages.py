"""Pages of programmes and candidates through HTTP: the desk, the plan, each step, who sees what."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from liaison.models import Notice
from tests import filemakers
from tests.suggestions.budgets import queries
from tests.suggestions.pages import errors, hidden, said, text_of
from tests.votes import programmes as steps
from tests.votes.people import County
from votes.models import Candidate, CandidateComment, Programme, Round, RoundKind
from votes.states import CandidateStatus, ProgrammeStatus, RoundStatus


def to(name: str, thing: Any, *more: Any) -> str:
    return reverse(name, args=[thing.public_id, *more])


@pytest.fixture
def clerk(county: County) -> Client:
    return county.cast.client("county_clerk")


def sent(county: County, **changes: Any) -> dict[str, Any]:
    """The form of the plan as a browser sends it."""
    values = {
        **steps.plan(),
        "region_code": county.cast.regions["county"].code,
        "year": 2061,
        "min_call_days": 30,
        "extra_percent": 20,
        "report_days": 10,
        "scale": "three",
        "is_public": "on",
        **changes,
    }
    return {name: value if value is not None else "" for name, value in values.items()}


def test_the_year_is_set_up_and_changed(county: County, clerk: Client) -> None:
    response = clerk.post("/projects/new/", sent(county), follow=True)
    assert "年度安排已建立" in said(response)
    assert "县级一般选5至10件，您填了2件" in said(response)
    programme = Programme.objects.get()
    page = clerk.get(to("programmes:edit", programme))
    response = clerk.post(
        to("programmes:edit", programme), {**sent(county, places=6), **hidden(page), "session_id": ""}, follow=True
    )
    assert said(response) == "年度安排已修改，相应的期限已同步调整。"
    assert Programme.objects.get().places == 6


def test_a_subdistrict_is_refused_on_the_page(county: County, clerk: Client) -> None:
    response = clerk.post("/projects/new/", sent(county, region_code=county.cast.regions["subdistrict"].code))
    assert response.status_code == 422
    assert "街道不设人民代表大会（地方组织法）" in errors(response)["region_code"][0]
    assert "欢迎提出明年的民生实事项目建议。" in response.content.decode()


def test_dates_out_of_order_are_said_by_the_field(county: County, clerk: Client) -> None:
    response = clerk.post("/projects/new/", sent(county, vote_on=steps.day(3)))
    assert list(errors(response)) == ["vote_on"]


def test_a_stale_plan_is_told_and_goes_on(county: County, clerk: Client) -> None:
    programme = steps.collecting(county)
    response = clerk.post(to("programmes:edit", programme), {**sent(county), "version": 1, "session_id": ""})
    assert response.status_code == 409
    assert hidden(response)["version"] == str(programme.version)


def test_the_next_action_stands_first(county: County, clerk: Client) -> None:
    programme = steps.preparing(county)
    assert "核对年度安排，开始征集" in text_of(clerk.get(programme.get_absolute_url()))
    page = clerk.get(to("programmes:open_call", programme))
    clerk.post(to("programmes:open_call", programme), hidden(page))
    steps.proposed(programme)
    assert "正在征集，1件建议待筛选" in text_of(clerk.get(programme.get_absolute_url()))


def test_a_short_call_is_warned_of_and_confirmed(county: County, clerk: Client) -> None:
    programme = steps.preparing(county, call_until=steps.day(5))
    url = to("programmes:open_call", programme)
    page = clerk.get(url)
    assert "征集期只有6天，少于规定的30天" in text_of(page)
    assert clerk.post(url, hidden(page)).status_code == 422
    clerk.post(url, {**hidden(page), "confirm_short": "on"})
    assert Programme.objects.get().status == ProgrammeStatus.COLLECTING


def test_the_call_ends_and_begins_again(county: County, clerk: Client) -> None:
    programme = steps.collecting(county)
    url = to("programmes:close_call", programme)
    assert list(errors(clerk.post(url, hidden(clerk.get(url))))) == ["reason"]
    clerk.post(url, {**hidden(clerk.get(url)), "reason": "改期"})
    approver = county.cast.client("county_approver")
    url = to("programmes:reopen_call", programme)
    response = approver.post(url, {**hidden(approver.get(url)), "reason": "太少", "call_until": steps.day(-2)})
    assert "不能早于今天" in errors(response)["call_until"][0]
    approver.post(url, {**hidden(approver.get(url)), "reason": "太少", "call_until": steps.day(20)})
    assert Programme.objects.get().status == ProgrammeStatus.COLLECTING


def test_a_step_that_is_over_is_told(county: County, clerk: Client) -> None:
    assert clerk.get(to("programmes:open_call", steps.collecting(county))).status_code == 409


def test_the_approver_fixes_the_list_and_sends_it_back(county: County) -> None:
    approver, programme = county.cast.client("county_approver"), steps.screening(county)
    url = to("programmes:approve_list", programme)
    for number in (1, 2):
        steps.candidate(county, programme, name=f"项目{number}")
    page = approver.get(url)
    assert "至少要有3件" in text_of(page)
    assert "审定候选项目</button>" not in page.content.decode()
    steps.candidate(county, programme, name="项目3")
    approver.post(url, hidden(approver.get(url)))
    assert set(Candidate.objects.values_list("status", flat=True)) == {CandidateStatus.LISTED}
    url = to("programmes:reopen_list", programme)
    approver.post(url, {**hidden(approver.get(url)), "reason": "资金有变"})
    assert Programme.objects.get().status == ProgrammeStatus.SCREENING


def test_few_candidates_are_confirmed_on_the_page(county: County) -> None:
    approver, programme = county.cast.client("county_approver"), steps.screening(county, places=10)
    for number in range(11):
        steps.candidate(county, programme, name=f"项目{number}")
    url = to("programmes:approve_list", programme)
    page = approver.get(url)
    assert "宜有候选项目12件以上" in text_of(page)
    assert approver.post(url, hidden(page)).status_code == 422
    assert approver.post(url, {**hidden(page), "confirm_few": "on"}).status_code == 302


def test_the_list_is_filtered_by_the_address(county: County, clerk: Client) -> None:
    steps.preparing(county, year=2061)
    steps.collecting(county, year=2062)
    assert len(clerk.get("/projects/?year=2061").context["page"].items) == 1
    assert len(clerk.get("/projects/?status=collecting").context["page"].items) == 1
    assert len(clerk.get(f"/projects/?region={county.cast.regions['town'].prefix}").context["page"].items) == 0
    assert len(clerk.get("/projects/?year=nonsense&status=x").context["page"].items) == 2


def test_deputies_see_the_call_not_the_plan_before_it(county: County) -> None:
    deputy, programme = county.cast.client("deputy"), steps.collecting(county)
    page = text_of(deputy.get(programme.get_absolute_url()))
    assert "提项目建议" in page
    assert "规则设置" not in page
    unit = county.cast.client("county_unit")
    assert unit.get(programme.get_absolute_url()).status_code == 200


def candidate_form(programme: Programme, **changes: Any) -> dict[str, Any]:
    return {**steps.details(programme), "unit_id": "", **changes}


def test_a_candidate_is_drafted_out_of_a_proposal(county: County, clerk: Client) -> None:
    programme = steps.collecting(county)
    proposal, _ = steps.proposed(programme)
    url = f"{to('candidates:new', programme)}?proposal={proposal.public_id}"
    assert 'value="集镇老粮站建公共停车场"' in clerk.get(url).content.decode()
    response = clerk.post(url, candidate_form(programme, money_source=""))
    assert response.status_code == 422
    assert "没有落实资金来源的，不能列为候选项目" in errors(response)["money_source"][0]
    clerk.post(url, {**candidate_form(programme), "uploads": [steps.upload()]})
    candidate = Candidate.objects.get()
    assert candidate.proposals.get() == proposal
    page = clerk.get(candidate.get_absolute_url())
    assert "来自这些建议" in text_of(page)
    assert page.content.decode().count("<img") == 1


def test_a_candidate_is_changed_withdrawn_and_restored(county: County, clerk: Client) -> None:
    programme = steps.screening(county)
    candidate = steps.candidate(county, programme)
    url = to("candidates:edit", candidate)
    clerk.post(url, {**candidate_form(programme, name="新名"), **hidden(clerk.get(url))})
    assert Candidate.objects.get().name == "新名"
    url = to("candidates:withdraw", candidate)
    clerk.post(url, {**hidden(clerk.get(url)), "reason": "用地"})
    url = to("candidates:restore", candidate)
    clerk.post(url, hidden(clerk.get(url)))
    assert Candidate.objects.get().status == CandidateStatus.DRAFT


def test_numbers_are_typed_anew(county: County, clerk: Client) -> None:
    programme = steps.screening(county)
    first, second = (steps.candidate(county, programme, name=name) for name in ("甲", "乙"))
    url = to("candidates:order", programme)
    assert clerk.post(url, {str(first.pk): "", str(second.pk): 1}).status_code == 422
    clerk.post(url, {str(first.pk): 2, str(second.pk): 1})
    assert list(programme.candidates.order_by("number")) == [second, first]


def test_deputies_comment_and_the_office_answers(county: County, clerk: Client) -> None:
    candidate = steps.listed(county).candidates.get(number=1)
    deputy = county.cast.client("deputy")
    response = deputy.post(to("candidates:comment", candidate), {"text": ""})
    assert response.status_code == 422
    deputy.post(to("candidates:comment", candidate), {"text": "多建充电桩<b>"})
    comment = CandidateComment.objects.get()
    assert "多建充电桩&lt;b&gt;" in clerk.get(candidate.get_absolute_url()).content.decode()
    clerk.post(to("candidates:answer", candidate, comment.public_id), {"answer": "已增加。"})
    assert "已增加。" in text_of(deputy.get(candidate.get_absolute_url()))
    assert Notice.objects.filter(recipient=county.cast.user("deputy"), title__contains="处理情况").exists()
    assert clerk.get(to("candidates:answer", candidate, uuid.uuid4())).status_code == 404


def test_pictures_of_published_candidates_are_public(county: County) -> None:
    candidate = steps.listed(county).candidates.get(number=1)
    picture = steps.picture(county, candidate)
    nobody = county.cast.client("anonymous")
    url = reverse("open_projects:picture", args=[picture.public_id])
    response = nobody.get(url)
    assert b"".join(response.streaming_content) == filemakers.png()  # type: ignore[attr-defined]
    assert nobody.get(url, headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert url in nobody.get(candidate.programme.get_public_url()).content.decode()
    Candidate.objects.update(status=CandidateStatus.DRAFT)
    assert nobody.get(url).status_code == 404


@pytest.mark.parametrize("who", ["county_clerk", "deputy"])
def test_lists_cost_the_same_for_two_and_for_twenty(county: County, who: str) -> None:
    client = county.cast.client(who)
    listed = steps.listed(county, year=2060, count=3)
    steps.collecting(county, year=2061)
    pages = ["/projects/", to("candidates:list", listed), to("programmes:detail", listed)]
    before = [len(queries(client, url)) for url in pages]
    for year in range(2062, 2080):
        steps.preparing(county, year=year)
    Programme.objects.exclude(pk=listed.pk).update(status=ProgrammeStatus.COLLECTING)
    Programme.objects.filter(pk=listed.pk).update(status=ProgrammeStatus.SCREENING)
    listed.refresh_from_db()
    for number in range(17):
        steps.candidate(county, listed, name=f"再加{number}")
    Candidate.objects.update(status=CandidateStatus.LISTED)
    Programme.objects.filter(pk=listed.pk).update(status=ProgrammeStatus.LISTED)
    for number in range(4, 12):
        steps.commented(county, Candidate.objects.get(programme=listed, number=number))
    assert [len(queries(client, url)) for url in pages] == before


def test_search_finds_programmes_candidates_and_proposals(county: County, clerk: Client) -> None:
    programme = steps.collecting(county)
    steps.proposed(programme)
    steps.candidate(county, programme)
    found = text_of(clerk.get("/search/?q=停车场")).replace(" ", "")  # what was found stands in marks of its own
    assert "集镇公共停车场建设" in found
    assert "集镇老粮站建公共停车场" in found
    assert str(programme) in text_of(clerk.get("/search/?q=赫山区")).replace(" ", "")


def test_the_office_is_told_what_waits(county: County, clerk: Client) -> None:
    programme = steps.collecting(county)
    steps.proposed(programme)
    page = text_of(clerk.get("/"))
    assert "待筛选的项目建议" in page
    assert "正在征集民生实事项目" in text_of(county.cast.client("deputy").get("/"))


def action_of(county: County, who: str, programme: Programme) -> Any:
    return county.cast.client(who).get(programme.get_absolute_url()).context["action"]


@pytest.mark.parametrize("status", list(ProgrammeStatus))
@pytest.mark.parametrize("who", ["county_clerk", "county_approver", "colleague", "insider", "deputy", "county_unit"])
def test_every_state_has_its_page_for_everybody(county: County, who: str, status: ProgrammeStatus) -> None:
    programme = steps.listed(county)
    Programme.objects.filter(pk=programme.pk).update(status=status)
    response = county.cast.client(who).get(programme.get_absolute_url())
    if who == "county_unit" and status == ProgrammeStatus.PREPARING:
        assert response.status_code == 404
        return
    box = response.context["action"]
    assert box.title
    client = county.cast.client(who)
    for act in [box.primary, *box.others]:
        if act is not None and not act.url.startswith("#"):
            assert client.get(act.url).status_code in {200, 302, 409, 422}, act


def test_after_the_list_comes_the_vote(county: County) -> None:
    programme = steps.listed(county)
    assert action_of(county, "county_clerk", programme).primary.label == "建立票决"
    Programme.objects.update(status=ProgrammeStatus.VOTING)
    assert action_of(county, "deputy", programme).primary.label == "去投票"
    Programme.objects.update(status=ProgrammeStatus.UNDERWAY)
    assert action_of(county, "county_clerk", programme).primary.label == "查看实施项目"


def test_a_declared_vote_is_no_longer_going_on(county: County) -> None:
    programme = steps.listed(county)
    Programme.objects.update(status=ProgrammeStatus.VOTING)
    scope: dict[str, Any] = {
        "congress": county.congress,
        "office": programme.office,
        "region_prefix": programme.region_prefix,
    }
    done: dict[str, Any] = {"status": RoundStatus.DECLARED, "opened_at": timezone.now(), "declared_at": timezone.now()}
    Round.objects.create(**scope, programme=programme, kind=RoundKind.PROJECTS, places=2, **done)
    assert action_of(county, "county_clerk", programme).title == "票决结果已宣布"


def test_a_year_already_appraised_is_offered_its_end_and_no_second_appraisal(county: County) -> None:
    programme = steps.listed(county)
    Programme.objects.update(status=ProgrammeStatus.APPRAISING)
    page, again = programme.get_absolute_url(), "建立满意度测评"
    approver = county.cast.client("county_approver")
    assert again in text_of(approver.get(page))
    Round.objects.create(
        congress=county.congress,
        office=programme.office,
        region_prefix=programme.region_prefix,
        programme=programme,
        kind=RoundKind.APPRAISAL,
        status=RoundStatus.DECLARED,
        opened_at=timezone.now(),
        declared_at=timezone.now(),
    )
    assert again not in text_of(approver.get(page))
    assert to("programmes:close", programme) in approver.get(page).content.decode()


def test_a_year_ends_only_after_its_appraisal(county: County) -> None:
    programme = steps.listed(county)
    Programme.objects.update(status=ProgrammeStatus.APPRAISING)
    approver, url = county.cast.client("county_approver"), to("programmes:close", programme)
    page = approver.get(url)
    assert "满意度测评的结果宣布以后才能结束" in text_of(page)
    refused = approver.post(url, hidden(page))
    assert refused.status_code == 422
    assert "还没有宣布" in errors(refused)[""][0]
