"""Reports of deputies: writing, co-authors, the way through the office, what the ledger counts."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from deputies.models import AuthorStatus, DeputyReport, DutyTotal
from deputies.services.report import report_attach, report_save, report_submit, report_withdraw
from deputies.services.report_author import author_invite, author_respond
from deputies.services.report_receive import report_accept, report_return, report_unaccept
from deputies.services.report_transfer import report_transfer_answer, report_transfer_cancel
from deputies.states import ReportStatus
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import AuditEntry, Deadline, Notice
from liaison.selectors.attachment import get_attachment_for
from tests.cast import Cast
from tests.deputies.campaigns import make_campaign
from tests.deputies.reports import (
    TEXT,
    accepted,
    draft,
    entries,
    opened,
    prepared,
    signed,
    submitted,
    transferred,
)
from tests.filemakers import docx, png

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n"


def test_the_same_form_is_one_report_and_a_stale_page_overwrites_nothing(cast: Cast) -> None:
    actor, token = cast.actor("deputy"), uuid4()
    values = {"kind": "micro", "title": "微报告", "text": "<script>alert(1)</script>😀"}
    first = report_save(actor=actor, client_token=token, values=values, version=None)
    again = report_save(actor=actor, client_token=token, values=values, version=None)
    assert (again.pk, again.version, DeputyReport.objects.count()) == (first.pk, 1, 1)
    report_save(actor=actor, client_token=token, values=values | {"title": "改过"}, version=1)
    with pytest.raises(StaleVersion):
        report_save(actor=actor, client_token=token, values=values | {"title": "旧页面"}, version=1)
    with pytest.raises(NotFound):
        report_save(actor=cast.actor("cosigner"), client_token=token, values=values, version=None)
    with pytest.raises(NotAllowed):
        report_save(actor=cast.actor("insider"), client_token=uuid4(), values=values, version=None)
    assert DeputyReport.objects.get().title == "改过"


def test_a_report_is_a_text_or_a_document_with_a_summary(cast: Cast) -> None:
    actor = cast.actor("deputy")
    report = draft(cast, title="", text="")
    with pytest.raises(InvalidInput) as refused:
        report_submit(actor=actor, public_id=report.public_id, version=None)
    assert set(refused.value.fields) == {"title", "text"}

    report = draft(cast, text="")
    report_attach(actor=actor, public_id=report.public_id, upload=SimpleUploadedFile("现场.png", png()))
    with pytest.raises(InvalidInput, match="补充") as refused:  # a picture is no report
        report_submit(actor=actor, public_id=report.public_id, version=None)
    assert set(refused.value.fields) == {"text"}
    with pytest.raises(InvalidInput, match="不能上传"):
        report_attach(actor=actor, public_id=report.public_id, upload=SimpleUploadedFile("木马.exe", b"MZ"))
    report_attach(actor=actor, public_id=report.public_id, upload=SimpleUploadedFile("报告.docx", docx()))
    with pytest.raises(InvalidInput) as refused:
        report_submit(actor=actor, public_id=report.public_id, version=None)
    assert set(refused.value.fields) == {"summary"}
    token = report.client_token
    report_save(actor=actor, client_token=token, values={"summary": "渠道要修。"}, version=None)
    done = report_submit(actor=actor, public_id=report.public_id, version=None)
    assert (done.status, done.office) == (ReportStatus.SUBMITTED, cast.offices["city_office"])
    with pytest.raises(IllegalTransition):
        report_attach(actor=actor, public_id=report.public_id, upload=SimpleUploadedFile("再来.pdf", PDF))


def test_accepting_counts_it_for_the_author_and_the_co_authors_who_confirmed(cast: Cast) -> None:
    campaign = make_campaign(cast)
    report = draft(cast, campaign=str(campaign.public_id))
    signed(cast, report)
    signed(cast, report, "other_deputy", confirm=False)
    report_submit(actor=cast.actor("deputy"), public_id=report.public_id, version=None)
    assert entries(report) == []
    done = report_accept(actor=cast.actor("insider"), public_id=report.public_id, version=None)
    assert entries(done) == [("李代表", "report", 1), ("王附议", "report", 1)]
    assert DutyTotal.objects.filter(campaign=campaign, kind="report").count() == 2
    with pytest.raises(IllegalTransition):
        report_accept(actor=cast.actor("approver"), public_id=report.public_id, version=None)
    with pytest.raises(IllegalTransition):  # the list of authors stands from now on
        author_invite(
            actor=cast.actor("deputy"),
            public_id=report.public_id,
            mandate_id=cast.mandates["other_deputy"].public_id,
        )

    back = report_unaccept(actor=cast.actor("insider"), public_id=report.public_id, reason="重复", version=None)
    assert (back.status, back.accepted_at, entries(back)) == (ReportStatus.SUBMITTED, None, [])
    assert not DutyTotal.objects.filter(campaign=campaign, quantity__gt=0).exists()
    report_accept(actor=cast.actor("insider"), public_id=report.public_id, version=None)
    assert len(entries(report)) == 2
    assert AuditEntry.objects.filter(action="report.accept").count() == 2


def test_a_co_author_answers_once_and_only_when_asked(cast: Cast) -> None:
    report = draft(cast)
    with pytest.raises(NotFound):
        author_respond(actor=cast.actor("cosigner"), public_id=report.public_id, answer="confirm")
    author_invite(
        actor=cast.actor("deputy"), public_id=report.public_id, mandate_id=cast.mandates["cosigner"].public_id
    )
    assert Notice.objects.filter(recipient=cast.users["cosigner"], title__contains="确认合作").exists()
    author_respond(actor=cast.actor("cosigner"), public_id=report.public_id, answer="confirm")
    with pytest.raises(IllegalTransition):
        author_respond(actor=cast.actor("cosigner"), public_id=report.public_id, answer="decline")
    assert report.authors.get().status == AuthorStatus.CONFIRMED
    with pytest.raises(DomainError):  # oneself
        author_invite(
            actor=cast.actor("deputy"), public_id=report.public_id, mandate_id=cast.mandates["deputy"].public_id
        )


def test_a_report_may_be_taken_back_before_acceptance_and_comes_back_with_a_reason(cast: Cast) -> None:
    report = submitted(cast)
    report_withdraw(actor=cast.actor("deputy"), public_id=report.public_id)
    report_submit(actor=cast.actor("deputy"), public_id=report.public_id, version=None)
    with pytest.raises(InvalidInput):
        report_return(actor=cast.actor("insider"), public_id=report.public_id, reason=" ", version=None)
    back = report_return(actor=cast.actor("insider"), public_id=report.public_id, reason="缺少数据", version=None)
    assert back.status == ReportStatus.RETURNED
    client = cast.client("deputy")
    assert "缺少数据" in client.get(f"/my-reports/{report.public_id}/edit/").content.decode()
    report_save(
        actor=cast.actor("deputy"), client_token=report.client_token, values={"text": TEXT + "数据"}, version=None
    )
    report_submit(actor=cast.actor("deputy"), public_id=report.public_id, version=None)
    report_accept(actor=cast.actor("insider"), public_id=report.public_id, version=None)
    with pytest.raises(IllegalTransition):
        report_withdraw(actor=cast.actor("deputy"), public_id=report.public_id)


def test_who_sees_and_who_may_accept(cast: Cast) -> None:
    report = submitted(cast)
    seen = {
        name: DeputyReport.objects.visible_to(cast.actor(name)).filter(pk=report.pk).exists()
        for name in ("deputy", "cosigner", "insider", "colleague", "county_clerk", "stranger", "unit", "prosecutor")
    }
    assert [name for name, visible in seen.items() if visible] == ["deputy", "insider", "colleague"]
    for who, error in (("colleague", NotAllowed), ("stranger", NotFound), ("deputy", NotAllowed)):
        with pytest.raises(error):
            report_accept(actor=cast.actor(who), public_id=report.public_id, version=None)
    with pytest.raises(StaleVersion):
        report_accept(actor=cast.actor("insider"), public_id=report.public_id, version=report.version - 1)
    draft(cast, title="没有交")
    assert not DeputyReport.objects.visible_to(cast.actor("insider")).filter(title="没有交").exists()


def test_each_organ_answers_by_its_clock_and_the_last_one_ends_the_transfer(cast: Cast) -> None:
    report = accepted(cast)
    sent = {one.unit_id: one for one in transferred(cast, report, "unit", "other_unit")}
    first, second = (sent[cast.offices[name].pk] for name in ("unit", "other_unit"))
    clock = Deadline.objects.get(object_id=first.pk, kind="report_transfer")
    assert (clock.holder, clock.length, clock.unit) == (cast.offices["unit"], 2, "months")
    with pytest.raises(InvalidInput, match="更正"):  # the same organ twice
        transferred(cast, report, "unit")
    with pytest.raises(NotFound):
        report_transfer_answer(actor=cast.actor("other_unit"), transfer_id=first.public_id, answer="代答")
    upload = SimpleUploadedFile("反馈.pdf", PDF)
    report_transfer_answer(
        actor=cast.actor("unit"), transfer_id=first.public_id, answer="已列入计划。", uploads=[upload]
    )
    report.refresh_from_db()
    clock.refresh_from_db()
    assert (report.status, clock.met_at is not None) == (ReportStatus.TRANSFERRED, True)
    with pytest.raises(DomainError):
        report_transfer_answer(actor=cast.actor("unit"), transfer_id=first.public_id, answer="再答")
    report_transfer_answer(actor=cast.actor("other_unit"), transfer_id=second.public_id, answer="已采纳。")
    report.refresh_from_db()
    assert report.status == ReportStatus.ANSWERED
    told = Notice.objects.filter(recipient=cast.users["deputy"], title__contains="反馈了")
    assert told.count() == 2
    page = cast.client("deputy").get(report.deputy_url).content.decode()
    assert "已列入计划。" in page
    assert "反馈.pdf" in page


def test_a_transfer_taken_back_is_no_longer_seen_and_the_report_stands_as_before(cast: Cast) -> None:
    report = accepted(cast)
    (transfer,) = transferred(cast, report)
    report_transfer_cancel(actor=cast.actor("insider"), transfer_id=transfer.public_id, reason="转错了")
    report.refresh_from_db()
    assert report.status == ReportStatus.ACCEPTED
    assert Deadline.objects.get(object_id=transfer.pk, kind="report_transfer").cancelled_at is not None
    assert cast.client("unit").get(transfer.get_absolute_url()).status_code == 404
    with pytest.raises(DomainError):
        report_unaccept(
            actor=cast.actor("insider"),
            public_id=prepared(cast, [report]).entries.get().report.public_id,
            reason="x",
            version=None,
        )


def test_a_judge_reads_the_papers_only_while_the_judging_runs(cast: Cast) -> None:
    report = accepted(cast)
    judge = cast.actor("other_deputy")
    assert not DeputyReport.objects.visible_to(judge).filter(pk=report.pk).exists()
    opened(cast, [report])
    assert DeputyReport.objects.visible_to(judge).filter(pk=report.pk).exists()
    assert cast.client("other_deputy").get(report.deputy_url).status_code == 404  # not as one of its authors


def test_who_declined_sees_neither_the_report_nor_its_files(cast: Cast) -> None:
    report = draft(cast)
    upload = SimpleUploadedFile("底稿.pdf", PDF)
    file = report_attach(actor=cast.actor("deputy"), public_id=report.public_id, upload=upload)
    author_invite(
        actor=cast.actor("deputy"), public_id=report.public_id, mandate_id=cast.mandates["other_deputy"].public_id
    )
    client = cast.client("other_deputy")
    assert client.get(report.deputy_url).status_code == 200
    assert get_attachment_for(cast.actor("other_deputy"), file.public_id) == file
    answer = client.post(f"{report.deputy_url}respond/", {"answer": "decline"}, follow=True)
    assert (answer.status_code, "已回复不参加" in answer.content.decode()) == (200, True)
    assert client.get(report.deputy_url).status_code == 404
    assert client.get(f"/files/{file.public_id}/").status_code == 404


def test_an_invitation_without_an_answer_is_not_declined(cast: Cast) -> None:
    report = draft(cast)
    fellow = cast.mandates["cosigner"].public_id
    address = f"/my-reports/{report.public_id}/respond/"
    assert cast.client("cosigner").post(address).status_code == 404  # not asked: there is nothing to answer
    author_invite(actor=cast.actor("deputy"), public_id=report.public_id, mandate_id=fellow)
    for answer in ("", "yes", "confirm "):
        with pytest.raises(InvalidInput) as refused:
            author_respond(actor=cast.actor("cosigner"), public_id=report.public_id, answer=answer)
        assert set(refused.value.fields) == {"answer"}
    page = cast.client("cosigner").post(address)
    assert page.status_code == 422
    assert "请选择“确认合作”或者“不参加”。" in page.content.decode()
    assert report.authors.get().status == AuthorStatus.INVITED
    with pytest.raises(NotFound):
        author_respond(actor=cast.actor("other_deputy"), public_id=report.public_id, answer="")
    assert cast.client("cosigner").post(address, {"answer": "decline"}).status_code == 302
    assert report.authors.get().status == AuthorStatus.DECLINED


def test_a_photograph_with_a_report_does_not_say_where_it_was_taken(cast: Cast) -> None:
    report = draft(cast)
    photo = SimpleUploadedFile("水渠.png", png() + b"GPS 28.6N 112.5E")
    kept = report_attach(actor=cast.actor("deputy"), public_id=report.public_id, upload=photo)
    with kept.file.open("rb") as stored:
        assert b"GPS" not in stored.read()
    assert kept.name == "水渠.png"
