"""The pages of one transfer, through HTTP: mark, decide, sign for, ask, supply, opine, go on."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from suggestions.models import PublicInterestDomain, Transfer
from tests.suggestions.steps import assigned, fresh, pdf, registered, submitted
from tests.suggestions.transfers import clue, filed, marked, received, step, transferred, waiting, walk

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.cast import Cast


def url(transfer: Transfer, name: str, *more: str) -> str:
    return reverse(f"transfers:{name}", args=[transfer.public_id, *more])


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {**clue(), "procuratorate_id": cast.offices["procuratorate"].pk, **changes}


def text(response: HttpResponse) -> str:
    return response.content.decode()


# ── marking ──────────────────────────────────────────────────────────────────────────────────────
def test_a_clerk_marks_a_suggestion_from_its_page(cast: Cast) -> None:
    suggestion = assigned(cast)
    client = cast.client("insider")
    address = reverse("transfers:mark", args=[suggestion.public_id])
    page = client.get(address)
    assert page.status_code == 200
    assert suggestion.title in text(page)
    assert "益阳市人民检察院第七检察部" in text(page)
    answer = client.post(address, typed(cast), follow=True)
    transfer = Transfer.objects.get()
    assert answer.redirect_chain[-1][0] == transfer.get_absolute_url()
    assert "已请审核人审批" in text(answer)
    assert fresh(suggestion).status == "assigned"


def test_what_was_typed_stays_when_something_is_missing(cast: Cast) -> None:
    suggestion = registered(cast)
    answer = cast.client("insider").post(
        reverse("transfers:mark", args=[suggestion.public_id]), typed(cast, place="", note="照片三张")
    )
    assert answer.status_code == 422
    assert "请填写所在地点。" in text(answer)
    assert "照片三张" in text(answer)
    assert not Transfer.objects.exists()


def test_a_retired_domain_and_a_foreign_procuratorate_are_not_offered_nor_taken(cast: Cast) -> None:
    suggestion = registered(cast)
    PublicInterestDomain.objects.filter(name="反垄断").update(is_active=False)
    retired = PublicInterestDomain.objects.get(name="反垄断").pk
    answer = cast.client("insider").post(
        reverse("transfers:mark", args=[suggestion.public_id]),
        typed(cast, domain_id=retired, procuratorate_id=cast.offices["unit"].pk),
    )
    assert answer.status_code == 422
    assert text(answer).count("这个选项已不可用") >= 2


def test_a_marked_suggestion_leads_to_its_transfer(cast: Cast) -> None:
    transfer = marked(cast)
    answer = cast.client("insider").get(reverse("transfers:mark", args=[transfer.suggestion.public_id]))
    assert answer.status_code == 302
    assert answer["Location"] == transfer.get_absolute_url()


def test_the_second_of_two_clerks_is_told_who_was_first(cast: Cast) -> None:
    transfer = marked(cast)
    answer = cast.client("approver").post(
        reverse("transfers:mark", args=[transfer.suggestion.public_id]), typed(cast, place="别处")
    )
    assert answer.status_code == 422
    assert "陈经办已于" in text(answer)
    assert "别处" in text(answer)


def test_a_suggestion_without_number_cannot_be_marked(cast: Cast) -> None:
    suggestion = submitted(cast)
    answer = cast.client("insider").get(reverse("transfers:mark", args=[suggestion.public_id]))
    assert answer.status_code == 409
    assert "登记编号后才能标记公益线索" in text(answer)


def test_after_a_rejection_the_form_begins_with_what_was_typed(cast: Cast) -> None:
    transfer = step(cast, marked(cast), "reject")
    record = cast.client("insider").get(transfer.get_absolute_url())
    assert "补正后重新标记" in text(record)
    assert "属于一般行政管理事项" in text(record)
    page = cast.client("insider").get(reverse("transfers:mark", args=[transfer.suggestion.public_id]))
    assert "赫山区八字哨镇哑河段" in text(page)
    anew = marked(cast, transfer.suggestion)
    assert "补正后重新标记" not in text(cast.client("insider").get(transfer.get_absolute_url()))
    assert anew.status == "marked"


def test_a_mark_is_mended(cast: Cast) -> None:
    transfer = marked(cast)
    client = cast.client("insider")
    assert "赫山区八字哨镇哑河段" in text(client.get(url(transfer, "update")))
    answer = client.post(url(transfer, "update"), typed(cast, place="新桥河镇", version=1), follow=True)
    assert "线索已修改" in text(answer)
    transfer.refresh_from_db()
    assert transfer.place == "新桥河镇"


def test_a_stale_form_keeps_what_was_typed_and_names_who_changed_it(cast: Cast) -> None:
    transfer = marked(cast)
    step(cast, transfer, "update", "approver")
    client = cast.client("insider")
    answer = client.post(url(transfer, "update"), typed(cast, place="新桥河镇", version=1))
    assert answer.status_code == 409
    assert "周审核已于" in text(answer)
    assert "新桥河镇" in text(answer)
    # Told of the change, one may press again.
    again = client.post(url(transfer, "update"), typed(cast, place="新桥河镇", version=2))
    assert again.status_code == 302


# ── deciding ─────────────────────────────────────────────────────────────────────────────────────
def test_the_check_page_names_the_thing_and_explains_the_due_day(cast: Cast) -> None:
    transfer = marked(cast)
    page = text(cast.client("approver").get(url(transfer, "approve")))
    assert "把这件建议转交益阳市人民检察院吗？" in page
    assert transfer.suggestion.title in page
    assert "这个日期怎么来的" in page
    assert "益阳市衔接转化办法" in page


def test_the_approver_transfers_once(cast: Cast) -> None:
    transfer = marked(cast)
    client = cast.client("approver")
    answer = client.post(url(transfer, "approve"), {"version": 1}, follow=True)
    assert "已转交检察院，转交函已生成" in text(answer)
    assert "转交函-" in text(answer)
    again = client.post(url(transfer, "approve"), {"version": 1})
    assert again.status_code == 409
    assert "周审核已于" in text(again)
    assert client.get(url(transfer, "approve")).status_code == 409


def test_a_press_without_version_is_refused_in_words(cast: Cast) -> None:
    transfer = marked(cast)
    for data in ({}, {"version": "x"}):
        answer = cast.client("approver").post(url(transfer, "approve"), data)
        assert answer.status_code == 422
        assert "请刷新页面后再试" in text(answer)
    transfer.refresh_from_db()
    assert transfer.status == "marked"


def test_the_approver_rejects_with_a_reason(cast: Cast) -> None:
    transfer = marked(cast)
    client = cast.client("approver")
    assert client.get(url(transfer, "reject")).status_code == 200
    assert client.post(url(transfer, "reject"), {"version": 1, "reason": ""}).status_code == 422
    answer = client.post(url(transfer, "reject"), {"version": 1, "reason": "不涉及公益。"}, follow=True)
    assert "已决定不予转交" in text(answer)
    assert "不涉及公益。" in text(answer)


# ── the procuratorate ────────────────────────────────────────────────────────────────────────────
def test_the_procuratorate_signs_asks_and_opines(cast: Cast) -> None:
    transfer = transferred(cast)
    client = cast.client("prosecutor")
    page = text(client.get(transfer.get_absolute_url()))
    assert "签收线索" in page
    assert transfer.suggestion.situation in page
    answer = client.post(url(transfer, "receive"), {"version": 2, "lead_number": "益检线3号"}, follow=True)
    assert "已签收" in text(answer)
    assert "反馈转化意见" in text(answer)
    asked = client.post(url(transfer, "request_info"), {"version": 3, "missing": "请补充照片。"}, follow=True)
    assert "等待补充线索" in text(asked)
    office = cast.client("insider")
    supply_page = text(office.get(url(transfer, "supply")))
    assert "请补充照片。" in supply_page
    supplied = office.post(
        url(transfer, "supply"), {"version": 4, "text": "照片已附。", "uploads": [pdf("照片.pdf")]}, follow=True
    )
    assert "检察院的期限继续计算" in text(supplied)
    assert "照片.pdf" in text(supplied)
    opinion = client.post(
        url(transfer, "opine"),
        {
            "version": 5,
            "opinion": "file",
            "opinion_on": timezone.localdate().isoformat(),
            "case_number": "益检公益立12号",
            "uploads": [pdf("立案决定书.pdf")],
        },
        follow=True,
    )
    assert "意见已报送人大工作机构" in text(opinion)
    transfer.refresh_from_db()
    assert (transfer.status, transfer.version) == ("filed", 6)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"opinion": "decline", "reason": ""}, "不转化的，请写明理由"),
        ({"opinion": "file", "case_number": ""}, "转化立案的，请填写案件编号"),
        ({"opinion": ""}, "请选择转化意见"),
        ({"opinion_on": "2020-01-01"}, "意见日期不能早于转交之日"),
        ({"opinion_on": "2099-01-01"}, "意见日期不能晚于今天"),
        ({"opinion_on": "明天"}, "请按日历选择日期"),
        ({"uploads": []}, "请上传意见文件"),
    ],
)
def test_a_wrong_opinion_is_named_by_its_field(cast: Cast, data: dict[str, Any], message: str) -> None:
    transfer = received(cast)
    values = {
        "version": transfer.version,
        "opinion": "decline",
        "opinion_on": timezone.localdate().isoformat(),
        "reason": "证据不足。",
        "case_number": "",
        "uploads": [pdf()],
        **data,
    }
    answer = cast.client("prosecutor").post(url(transfer, "opine"), values)
    assert answer.status_code == 422
    assert message in text(answer)
    transfer.refresh_from_db()
    assert transfer.status == "received"


def test_later_steps_have_a_page_each(cast: Cast) -> None:
    transfer = filed(cast)
    client = cast.client("prosecutor")
    page = text(client.get(url(transfer, "progress", "recommend")))
    assert "检察建议书" in page
    missing = client.post(url(transfer, "progress", "recommend"), {"version": transfer.version, "note": "已发。"})
    assert "请上传检察建议书" in text(missing)
    for name in ("recommend", "agency_answer", "rectify", "close"):
        transfer.refresh_from_db()
        answer = client.post(
            url(transfer, "progress", name),
            {"version": transfer.version, "note": "已办理。", "uploads": [pdf(f"{name}.pdf")]},
            follow=True,
        )
        assert answer.status_code == 200
        assert "已登记" in text(answer)
    transfer.refresh_from_db()
    assert transfer.status == "closed"
    assert client.get(url(transfer, "progress", "sue")).status_code == 409


@pytest.mark.parametrize("step_name", ["nonsense", "file", "approve"])
def test_there_are_no_other_later_steps(cast: Cast, step_name: str) -> None:
    assert cast.client("prosecutor").get(url(filed(cast), "progress", step_name)).status_code == 404


# ── the record ───────────────────────────────────────────────────────────────────────────────────
WAYS: dict[str, tuple[str, ...]] = {
    "等待审核": (),
    "未予转交": ("reject",),
    "签收": ("approve",),
    "检察院正在审查": ("approve", "receive"),
    "等待补充线索": ("approve", "receive", "request_info"),
    "已转化立案": ("approve", "receive", "file"),
    "检察院不转化": ("approve", "receive", "decline"),
    "检察院已在办": ("approve", "receive", "already"),
    "已发检察建议": ("approve", "receive", "file", "recommend"),
    "行政机关已回复": ("approve", "receive", "file", "recommend", "agency_answer"),
    "已整改到位": ("approve", "receive", "file", "recommend", "agency_answer", "rectify"),
    "已提起诉讼": ("approve", "receive", "file", "recommend", "sue"),
    "线索已办结": ("approve", "receive", "already", "close"),
}


@pytest.mark.parametrize("words", WAYS)
def test_the_record_says_where_it_stands_to_everybody_who_sees_it(cast: Cast, words: str) -> None:
    transfer = walk(cast, marked(cast, cosigner="cosigner"), *WAYS[words])
    alike = ("approver", "colleague", "cosigner") if words in {"等待审核", "线索已办结"} else ()
    for who in ("insider", "prosecutor", "deputy", *alike):
        answer = cast.client(who).get(transfer.get_absolute_url())
        if Transfer.objects.visible_to(cast.actor(who)).filter(pk=transfer.pk).exists():
            assert answer.status_code == 200, who
            assert words in text(answer), who
        else:
            assert answer.status_code == 404, who


def test_the_record_shows_both_clocks_and_its_documents(cast: Cast) -> None:
    transfer = received(cast, assigned(cast))
    page = text(cast.client("insider").get(transfer.get_absolute_url()))
    assert "检察院的期限" in page
    assert "反馈转化意见" in page
    assert "承办单位的办理" in page
    assert "答复代表" in page
    assert "益阳市生态环境局" in page
    assert "转交函" in page


def test_the_timeline_is_filtered_by_kind(cast: Cast) -> None:
    transfer = transferred(cast)
    client = cast.client("insider")
    whole, documents = (client.get(transfer.get_absolute_url(), {"kind": kind}) for kind in ("", "document"))
    assert {entry.kind for entry in documents.context["timeline"]} == {"document"}
    assert len(whole.context["timeline"]) > len(documents.context["timeline"])
    odd = client.get(transfer.get_absolute_url(), {"kind": "nonsense"})
    assert odd.context["timeline"] == whole.context["timeline"]


def test_buttons_are_only_for_those_whose_step_it_is(cast: Cast) -> None:
    transfer = waiting(cast)
    assert url(transfer, "supply") in text(cast.client("insider").get(transfer.get_absolute_url()))
    for who in ("colleague", "prosecutor", "deputy"):
        assert url(transfer, "supply") not in text(cast.client(who).get(transfer.get_absolute_url())), who


# ── scope ────────────────────────────────────────────────────────────────────────────────────────
PAGES = ("detail", "update", "approve", "reject", "receive", "request_info", "supply", "opine")


def test_strangers_get_the_same_answer_as_for_a_guessed_id(cast: Cast) -> None:
    transfer = received(cast)
    guessed = Transfer(public_id=uuid.uuid4())
    for who in ("county_clerk", "stranger", "unit", "other_unit", "other_prosecutor", "other_deputy", "auditor"):
        client = cast.client(who)
        for name in PAGES:
            theirs, none = client.get(url(transfer, name)), client.get(url(guessed, name))
            assert theirs.status_code == none.status_code, (who, name)
            assert theirs.status_code in {403, 404}, (who, name)
        assert client.get(url(transfer, "detail")).status_code == 404, who


def test_the_public_is_sent_to_sign_in(cast: Cast) -> None:
    transfer = received(cast)
    client = cast.client("anonymous")
    for name in PAGES:
        answer = client.get(url(transfer, name))
        assert answer.status_code == 302, name
        assert "/accounts/login/" in answer["Location"]
    assert client.post(url(transfer, "opine"), {}).status_code == 302


def test_files_of_a_transfer_go_to_those_who_see_it_only(cast: Cast) -> None:
    transfer = filed(cast, registered(cast, cosigner="cosigner"))
    file = reverse("file", args=[transfer_file(transfer)])
    for who in ("insider", "colleague", "prosecutor", "deputy", "cosigner"):
        answer = cast.client(who).get(file)
        assert answer.status_code == 200, who
        assert answer.getvalue().startswith(b"%PDF"), who
    for who in ("unit", "stranger", "other_prosecutor", "other_deputy", "auditor"):
        assert cast.client(who).get(file).status_code == 404, who


def transfer_file(transfer: Transfer) -> uuid.UUID:
    from liaison.selectors.attachment import attachments_of

    return attachments_of(transfer, "opinion")[0].public_id


# ── the panel on the page of the suggestion ──────────────────────────────────────────────────────
def panel(cast: Cast, who: str, transfer: Transfer) -> str:
    from django.template import Context, Template

    template = Template("{% load transfer %}{% transfer_panel suggestion %}")
    return template.render(Context({"actor": cast.actor(who), "suggestion": transfer.suggestion}))


def test_the_panel_tells_each_what_they_may_know(cast: Cast) -> None:
    transfer = marked(cast, cosigner="cosigner")
    assert "待批准转交" in panel(cast, "insider", transfer)
    for who in ("deputy", "prosecutor", "unit"):
        assert panel(cast, who, transfer).strip() == "", who
    transfer = step(cast, transfer, "approve")
    for who in ("insider", "deputy", "cosigner", "prosecutor"):
        assert "反馈转化意见" in panel(cast, who, transfer), who
    assert panel(cast, "unit", transfer).strip() == ""


def test_the_panel_offers_marking_to_clerks(cast: Cast) -> None:
    suggestion = registered(cast)
    transfer = Transfer(suggestion=suggestion)
    address = reverse("transfers:mark", args=[suggestion.public_id])
    assert address in panel(cast, "insider", transfer)
    assert panel(cast, "colleague", transfer).strip() == ""
    step(cast, marked(cast, suggestion), "reject")
    again = panel(cast, "insider", transfer)
    assert "未予转交" in again
    assert "补正后重新标记" in again
