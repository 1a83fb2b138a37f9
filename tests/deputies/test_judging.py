"""Judging of reports: apart, within bounds, without one's own papers, exact means, ties, awards, the booklet."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from docx import Document

from deputies.models import DutyEntry, JudgeScore, Judging
from deputies.selectors.judging import judges_found
from deputies.selectors.judging_result import result_of
from deputies.services.judging import judging_create, judging_edit, judging_open
from deputies.services.judging_booklet import booklet_make, booklet_start
from deputies.services.judging_result import judging_award, judging_publish
from deputies.services.judging_score import judging_close, judging_extend, score_save, scores_submit
from deputies.services.report import report_attach, report_submit
from deputies.services.report_receive import report_accept
from deputies.states import JudgingStatus
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import AuditEntry, Job, Notice
from liaison.models.job import JobStatus
from tests.cast import Cast
from tests.deputies.reports import JUDGES, accepted, draft, facts, opened, prepared, score, scored, signed, submitted

pytestmark = pytest.mark.django_db


def papers(cast: Cast, count: int = 3) -> list[Any]:
    return [accepted(cast, title=f"第{number}篇") for number in range(1, count + 1)]


def test_what_staff_prepare_is_checked_by_field(cast: Cast) -> None:
    actor = cast.actor("insider")
    for values, field in (
        ({"title": " "}, "title"),
        ({"criteria": []}, "criteria"),
        ({"criteria": [("同名", Decimal(50)), ("同名", Decimal(50))]}, "criteria"),
        ({"criteria": [("太多", Decimal(500))]}, "criteria"),
        ({"ends_on": dt.date(2020, 1, 1)}, "ends_on"),
    ):
        with pytest.raises(InvalidInput) as refused:
            judging_create(actor=actor, facts=facts(**values))
        assert set(refused.value.fields) == {field}, values
    judging = judging_create(actor=actor, facts=facts())
    with pytest.raises(InvalidInput, match="同名"):
        judging_create(actor=actor, facts=facts())
    with pytest.raises(NotAllowed):
        judging_create(actor=cast.actor("colleague"), facts=facts(title="别的"))
    with pytest.raises(DomainError, match="参评报告"):
        judging_open(actor=actor, public_id=judging.public_id)
    with pytest.raises(NotFound):
        judging_edit(actor=cast.actor("stranger"), public_id=judging.public_id, facts=facts(title="外县"))


def test_only_accepted_reports_take_part_and_only_named_accounts_judge(cast: Cast) -> None:
    waiting = submitted(cast)
    with pytest.raises(InvalidInput):
        prepared(cast, [waiting], ())
    judging = prepared(cast, papers(cast, 1), ("insider", "approver"), title="两名评委")
    with pytest.raises(DomainError, match="至少3名"):
        judging_open(actor=cast.actor("insider"), public_id=judging.public_id)
    found = [user.name for user, _ in judges_found(cast.actor("insider"), judging, "张旁观")]
    assert found == ["张旁观"]
    assert judges_found(cast.actor("insider"), judging, "唐检察") == []  # a procuratorate sees no reports
    assert judges_found(cast.actor("insider"), judging, "陈经办") == []  # named already


def test_scores_stay_within_the_bounds_and_are_said_by_field(cast: Cast) -> None:
    report = papers(cast, 1)[0]
    judging = opened(cast, [report])
    criteria = list(judging.criteria.values_list("pk", flat=True))
    entry = judging.entries.get()
    for points in (Decimal(61), Decimal(-1), Decimal("10.3")):
        with pytest.raises(InvalidInput) as refused:
            score_save(
                actor=cast.actor("approver"),
                judging_id=judging.public_id,
                entry_id=entry.public_id,
                points={criteria[0]: points, criteria[1]: Decimal(40)},
            )
        assert set(refused.value.fields) == {f"criterion_{criteria[0]}"}
    assert not JudgeScore.objects.exists()  # nothing half-written
    judge = judging.judges.get(user=cast.users["approver"])
    with pytest.raises(IntegrityError), transaction.atomic():
        JudgeScore.objects.create(judge=judge, entry=entry, criterion_id=criteria[0], points=Decimal(101))
    client = cast.client("approver")
    url = f"/my-judgings/{judging.public_id}/{entry.public_id}/"
    answer = client.post(url, {f"criterion_{criteria[0]}": "六十", f"criterion_{criteria[1]}": "39.5"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "0到60之间" in page
    assert "39.5" in page  # what was typed stays
    assert client.post(url, {f"criterion_{criteria[0]}": "55", f"criterion_{criteria[1]}": "39.5"}).status_code == 302
    assert sum(JudgeScore.objects.values_list("points", flat=True)) == Decimal("94.5")


def test_a_judge_skips_their_own_paper(cast: Cast) -> None:
    own = accepted(cast, "other_deputy", title="评委自己的")
    joint = draft(cast, title="评委合作的")
    signed(cast, joint, "other_deputy")
    report_submit(actor=cast.actor("deputy"), public_id=joint.public_id, version=None)
    report_accept(actor=cast.actor("insider"), public_id=joint.public_id, version=None)
    other = accepted(cast, title="别人的")
    judging = opened(cast, [own, joint, other])
    for paper in (own, joint):
        with pytest.raises(DomainError, match="跳过"):
            score(cast, judging, "other_deputy", paper, 50, 30)
    judging = scored(
        cast,
        judging,
        {
            "insider": [(50, 30), (50, 31), (50, 32)],
            "approver": [(50, 30), (50, 30), (50, 30)],
            "other_deputy": [(), (), (60, 40)],
        },
    )
    assert {line.entry.report.title: len(line.sums) for line in result_of(judging)} == {
        "评委自己的": 2,
        "评委合作的": 2,
        "别人的": 3,
    }


def test_nobody_sees_others_scores_before_the_end(cast: Cast) -> None:
    report = papers(cast, 1)[0]
    judging = opened(cast, [report])
    score(cast, judging, "approver", report, "57.5", 39)
    scores_submit(actor=cast.actor("approver"), judging_id=judging.public_id)
    entry = judging.entries.get()
    for who, url in (
        ("insider", f"/my-judgings/{judging.public_id}/{entry.public_id}/"),
        ("insider", judging.get_absolute_url()),
        ("other_deputy", f"/my-judgings/{judging.public_id}/"),
        ("colleague", judging.get_absolute_url()),
    ):
        page = cast.client(who).get(url).content.decode()
        assert "57.5" not in page, url
        assert "96.5" not in page, url
    assert "96.5" in cast.client("approver").get(f"/my-judgings/{judging.public_id}/").content.decode()
    assert not AuditEntry.objects.filter(action="judging.score", detail__icontains="57.5").exists()


def test_it_closes_with_the_last_judge_and_refuses_what_comes_after(cast: Cast) -> None:
    report = papers(cast, 1)[0]
    judging = opened(cast, [report])
    with pytest.raises(DomainError, match="没有评完"):
        scores_submit(actor=cast.actor("insider"), judging_id=judging.public_id)
    judging = scored(cast, judging, {"insider": [(50, 30)], "approver": [(55, 30)]})
    with pytest.raises(IllegalTransition):  # submitted once and for all
        score(cast, judging, "insider", report, 60, 40)
    assert judging.status == JudgingStatus.OPEN
    judging = scored(cast, judging, {"other_deputy": [(60, 30)]})
    assert (judging.status, judging.closed_at is not None) == (JudgingStatus.CLOSED, True)
    with pytest.raises(IllegalTransition):
        score(cast, judging, "other_deputy", report, 1, 1)
    with pytest.raises(NotFound):
        score(cast, judging, "cosigner", report, 1, 1)


def test_an_approver_closes_early_for_a_reason_and_what_was_not_submitted_does_not_count(cast: Cast) -> None:
    report = papers(cast, 1)[0]
    judging = opened(cast, [report])
    with pytest.raises(NotAllowed):
        judging_close(actor=cast.actor("insider"), public_id=judging.public_id, reason="急用")
    with pytest.raises(DomainError, match="还没有评委提交"):
        judging_close(actor=cast.actor("approver"), public_id=judging.public_id, reason="急用")
    score(cast, judging, "other_deputy", report, 10, 10)
    judging = scored(cast, judging, {"insider": [(50, 30)]})
    with pytest.raises(InvalidInput):
        judging_close(actor=cast.actor("approver"), public_id=judging.public_id, reason=" ")
    judging = judging_close(actor=cast.actor("approver"), public_id=judging.public_id, reason="评委出差")
    (line,) = result_of(judging)
    assert (line.mean, line.arithmetic) == (Fraction(80), "80（1名评委）")


def test_after_the_last_day_nobody_scores_until_the_organiser_extends(cast: Cast) -> None:
    report = papers(cast, 1)[0]
    judging = opened(cast, [report])
    score(cast, judging, "approver", report, 50, 30)
    today = timezone.localdate()
    Judging.objects.filter(pk=judging.pk).update(starts_on=today, ends_on=today)
    score(cast, judging, "approver", report, 51, 30)  # the last day counts
    past = today - dt.timedelta(days=1)
    Judging.objects.filter(pk=judging.pk).update(starts_on=past, ends_on=past)
    with pytest.raises(IllegalTransition, match="结束"):
        score(cast, judging, "approver", report, 52, 30)
    with pytest.raises(IllegalTransition, match="结束"):
        scores_submit(actor=cast.actor("approver"), judging_id=judging.public_id)
    with pytest.raises(DomainError, match="延长"):  # nothing was submitted: there is no result to close with
        judging_close(actor=cast.actor("approver"), public_id=judging.public_id, reason="评分期满")
    mine = cast.client("other_deputy").get(f"/my-judgings/{judging.public_id}/").content.decode()
    assert "组织机构可以延长" in mine
    assert "评分期已过" in cast.client("insider").get(judging.get_absolute_url()).content.decode()
    for wrong in (past, past - dt.timedelta(days=3)):
        with pytest.raises(InvalidInput):
            judging_extend(actor=cast.actor("insider"), public_id=judging.public_id, ends_on=wrong)
    address = f"{judging.get_absolute_url()}extend/"
    later = today + dt.timedelta(days=3)
    assert cast.client("insider").post(address, {"ends_on": later.isoformat()}).status_code == 302
    assert Notice.objects.filter(recipient=cast.users["other_deputy"], title__contains="评分延长到").exists()
    score(cast, judging, "approver", report, 52, 30)
    scores_submit(actor=cast.actor("approver"), judging_id=judging.public_id)
    with pytest.raises(StaleVersion):
        judging_extend(
            actor=cast.actor("insider"), public_id=judging.public_id, ends_on=later + dt.timedelta(days=1), version="1"
        )
    with pytest.raises(NotFound):
        judging_extend(actor=cast.actor("stranger"), public_id=judging.public_id, ends_on=later)


def test_means_are_exact_ties_are_ties_and_extremes_are_left_out_from_five_on(cast: Cast) -> None:
    three = papers(cast, 3)
    judging = opened(cast, three)
    rows = {"insider": [(50, 30), (60, 20), (40, 30)], "approver": [(50, 31), (60, 21), (40, 30)]}
    judging = scored(cast, judging, rows | {"other_deputy": [(50, 32), (60, 22), (40, 31)]})
    lines = result_of(judging)
    assert [(line.place, line.tied, line.mean_text) for line in lines] == [
        (1, True, "81.00"),
        (1, True, "81.00"),
        (3, False, "70.33"),
    ]
    assert lines[2].mean == Fraction(211, 3)
    assert lines[2].arithmetic == "(71 + 70 + 70) ÷ 3 = 70.33"

    judges = (*JUDGES, "county_clerk", "unit")
    judging = opened(cast, three[:1], judges, title="五名评委")
    totals = zip(judges, (10, 50, 51, 53, 60), strict=True)
    judging = scored(cast, judging, {who: [(points, 0)] for who, points in totals})
    (line,) = result_of(judging)
    assert line.dropped == (Decimal(60), Decimal(10))
    assert line.arithmetic == "(53 + 51 + 50) ÷ 3 = 51.33；去掉最高60、最低10"
    Judging.objects.filter(pk=judging.pk).update(drop_extremes=False)
    judging.refresh_from_db()
    assert result_of(judging)[0].mean_text == "44.80"


def test_an_award_never_parts_a_tie_and_publishing_tells_the_authors(cast: Cast) -> None:
    judging = opened(cast, papers(cast, 3))
    judging = scored(cast, judging, {who: [(50, 30), (50, 30), (60, 40)] for who in JUDGES})
    actor = cast.actor("insider")
    before = DutyEntry.objects.unscoped(reason="tests").count()
    with pytest.raises(DomainError, match="确定获奖"):
        judging_publish(actor=actor, public_id=judging.public_id)
    with pytest.raises(InvalidInput) as refused:
        judging_award(actor=actor, public_id=judging.public_id, awards=[("优秀报告", 2)])
    assert refused.value.fields == {"count_1": "第2至3篇得分相同，要么都列入，要么都不列入：篇数请填1或3。"}
    judging_award(actor=actor, public_id=judging.public_id, awards=[("一等奖", 1), ("二等奖", 2)])
    assert sorted(judging.entries.values_list("award", flat=True)) == ["一等奖", "二等奖", "二等奖"]
    shown = cast.client("insider").get(judging.get_absolute_url()).context["form"]
    assert [shown[name].value() for name in ("award_1", "count_1", "award_2", "count_2")] == ["一等奖", 1, "二等奖", 2]
    judging_publish(actor=actor, public_id=judging.public_id)
    assert Notice.objects.filter(recipient=cast.users["deputy"], title__contains="一等奖").count() == 1
    with pytest.raises(IllegalTransition):
        judging_award(actor=actor, public_id=judging.public_id, awards=[("一等奖", 3)])
    assert DutyEntry.objects.unscoped(reason="tests").count() == before  # papers are judged, nobody's duty counts more
    page = cast.client("deputy").get(judging.entries.get(award="一等奖").report.deputy_url).content.decode()
    assert "一等奖" in page


def _job(job: Job) -> Job:
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, attempts=1, started_at=now, beat_at=now)
    return Job.objects.get(pk=job.pk)


def test_the_booklet_has_cover_contents_and_every_awarded_report_on_a_new_page(cast: Cast) -> None:
    written = accepted(cast, title="写在网页上的<b>", text="第一段\n第二段\x0b😀")
    word = Document()
    word.add_paragraph("来自Word的段落")
    content = io.BytesIO()
    word.save(content)
    uploads = []
    for title, name, data in (
        ("上传的Word", "报告.docx", content.getvalue()),
        ("上传的PDF", "报告.pdf", b"%PDF-1.7\n"),
    ):
        report = draft(cast, title=title, text="", summary="摘要里的话")
        upload = SimpleUploadedFile(name, data)
        report_attach(actor=cast.actor("deputy"), public_id=report.public_id, upload=upload)
        report_submit(actor=cast.actor("deputy"), public_id=report.public_id, version=None)
        uploads.append(report_accept(actor=cast.actor("insider"), public_id=report.public_id, version=None))
    judging = opened(cast, [written, *uploads])
    judging = scored(cast, judging, {who: [(60, 40), (50, 40), (40, 40)] for who in JUDGES})
    actor = cast.actor("insider")
    with pytest.raises(IllegalTransition):
        booklet_start(actor=actor, public_id=judging.public_id)
    judging_award(actor=actor, public_id=judging.public_id, awards=[("优秀报告", 3)])
    told: list[tuple[int, int]] = []
    job = _job(booklet_start(actor=actor, public_id=judging.public_id))
    done = booklet_make(actor=actor, public_id=judging.public_id, job=job, progress=lambda *part: told.append(part))
    assert told[-1] == (3, 3)
    assert done.file_name == "微报告评选选编.docx"
    with done.file.open("rb") as file:
        data = file.read()
    document = Document(io.BytesIO(data))
    texts = [paragraph.text for paragraph in document.paragraphs]
    headings = [one for one in document.paragraphs if one.style is not None and one.style.name == "Heading 1"]
    assert [one.text for one in headings] == ["写在网页上的<b>", "上传的Word", "上传的PDF"]
    assert document.styles["Heading 1"].paragraph_format.page_break_before
    assert {"微报告评选", "优秀报告选编", "第二段😀", "来自Word的段落", "摘要里的话"} <= set(texts)
    assert any("附件" in text and "报告.pdf" in text for text in texts)
    xml = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    assert 'TOC \\o "1-1"' in xml  # a real field …
    contents = [text for text in texts if text.startswith(("1.", "2.", "3."))]
    assert contents[0] == "1. 写在网页上的<b>（李代表）"  # … filled already, for who does not update it
