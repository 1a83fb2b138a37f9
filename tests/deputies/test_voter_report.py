"""Reports to voters (述职): planned, written, held; secret ballots on paper counted by two; coverage of the term."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from deputies.models import DutyEntry, DutyKind, VoterMeeting, VoterReport
from deputies.selectors.voter_report import draft_text, report_coverage
from deputies.services.duty import DutyFact, duty_set
from deputies.services.voter_meeting import (
    MeetingFacts,
    voter_meeting_add,
    voter_meeting_cancel,
    voter_meeting_hold,
    voter_meeting_plan,
    voter_meetings_plan,
)
from deputies.services.voter_meeting_appraisal import voter_meeting_appraise
from deputies.services.voter_report import (
    voter_question_answer,
    voter_report_give_back,
    voter_report_save,
    voter_report_submit,
)
from deputies.states import VoterMeetingStatus, VoterReportStatus
from liaison.actor import system_actor
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.models import Notice
from tests.deputies import contacts
from tests.deputies.factories import make_mandates
from tests.filemakers import png
from votes.models import Round
from votes.selectors.round import recount
from votes.services.gathering import gathering_count, gathering_drop, gathering_hand_out
from votes.services.paper import paper_enter
from votes.services.roll import roll_prepare
from votes.services.round import round_annul
from votes.services.round_result import round_declare
from votes.states import RoundStatus

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def _values(satisfied: int, basically: int, dissatisfied: int, *, void: int = 0, returned: int | None = None) -> Any:
    marks = {"satisfied": satisfied, "basically": basically, "dissatisfied": dissatisfied, "abstain": 0, "empty": 0}
    valid = satisfied + basically + dissatisfied
    return {"returned": valid + void if returned is None else returned, "void": void, "lines": [marks]}


def _enter(cast: Cast, round_: Round, who: str, counter: int, values: Any) -> None:
    paper_enter(actor=cast.actor(who), public_id=round_.public_id, counter=counter, values=values)


def _handed_out(cast: Cast, meeting: VoterMeeting) -> Round:
    round_ = contacts.ballot(cast, meeting)
    return gathering_hand_out(actor=cast.actor("insider"), public_id=round_.public_id, raters=50, issued=50)


def test_the_text_begins_with_the_term_s_facts_and_the_draft_is_the_deputy_s_own(cast: Cast) -> None:
    report = contacts.meeting(cast).reports.get()
    fact = DutyFact(mandate_id=report.mandate_id, kind=DutyKind.DEED, on=dt.date(2023, 5, 1), title="修路", quantity=3)
    duty_set(actor=system_actor(), source=cast.congress, facts=[fact])
    assert "办实事3件" in draft_text(report.mandate)
    voter_report_save(actor=cast.actor("deputy"), report_id=report.public_id, text="还没写完的话")
    seen = cast.client("insider").get(report.get_absolute_url()).content.decode()
    assert "还没写完的话" not in seen
    assert "还没写完的话" in cast.client("deputy").get(report.get_absolute_url()).content.decode()
    with pytest.raises(NotAllowed):
        voter_report_save(actor=cast.actor("insider"), report_id=report.public_id, text="替写")


def test_a_text_is_written_or_uploaded_given_back_with_words_and_sent_again(cast: Cast) -> None:
    report = contacts.meeting(cast).reports.get()
    deputy, clerk = cast.actor("deputy"), cast.actor("insider")
    with pytest.raises(InvalidInput, match="填写述职报告"):
        voter_report_submit(actor=deputy, report_id=report.public_id, text="  ")
    upload = SimpleUploadedFile("报告.png", png())
    report = voter_report_submit(actor=deputy, report_id=report.public_id, text="", upload=upload)
    assert report.status == VoterReportStatus.SUBMITTED
    assert Notice.objects.filter(recipient=cast.user("insider"), title__contains="提交了述职报告").exists()
    with pytest.raises(DomainError):
        voter_report_save(actor=deputy, report_id=report.public_id, text="改")
    voter_report_give_back(actor=clerk, report_id=report.public_id, reason="请补充办实事情况")
    again = voter_report_submit(actor=deputy, report_id=report.public_id, text="已补充")
    assert (again.status, again.return_reason) == (VoterReportStatus.SUBMITTED, "")


def test_holding_enters_the_ledger_for_who_reported_and_not_for_who_did_not(cast: Cast) -> None:
    meeting = contacts.meeting(cast, "deputy", "cosigner")
    given = meeting.reports.get(mandate=cast.mandates["deputy"])
    held = voter_meeting_hold(
        actor=cast.actor("insider"), meeting_id=meeting.public_id, voters=30, representatives=0,
        delivered=[given.public_id],
    )  # fmt: skip
    assert held.status == VoterMeetingStatus.HELD
    entry = DutyEntry.objects.get(kind=DutyKind.VOTER_REPORT)
    assert (entry.mandate, entry.on) == (cast.mandates["deputy"], meeting.on)
    missed = meeting.reports.get(mandate=cast.mandates["cosigner"])
    assert missed.status == VoterReportStatus.WITHDRAWN
    question = contacts.asked(cast, VoterReport.objects.get(pk=given.pk))
    with pytest.raises(NotFound):
        voter_question_answer(actor=cast.actor("cosigner"), question_id=question.public_id, answer="不是我")
    answered = voter_question_answer(actor=cast.actor("deputy"), question_id=question.public_id, answer="下月动工")
    assert answered.answer == "下月动工"


def test_a_meeting_to_come_or_without_anybody_cannot_be_held(cast: Cast) -> None:
    facts = MeetingFacts(on=timezone.localdate() + dt.timedelta(days=1), place="村部")
    who = [cast.mandates["deputy"].public_id]
    actor = cast.actor("insider")
    meeting = voter_meeting_plan(actor=actor, congress_id=cast.congress.public_id, facts=facts, deputies=who)
    nobody: dict[str, Any] = {"voters": 0, "representatives": 0, "delivered": []}
    with pytest.raises(DomainError, match="当天起可以登记") as early:
        voter_meeting_hold(actor=actor, meeting_id=meeting.public_id, **nobody)
    assert not early.value.fields  # of the day, not of a number that was typed
    with time_machine.travel(timezone.now() + dt.timedelta(days=1)), pytest.raises(InvalidInput) as refused:
        voter_meeting_hold(actor=actor, meeting_id=meeting.public_id, **nobody)
    assert set(refused.value.fields) == {"voters", "delivered"}
    elsewhere = MeetingFacts(on=facts.on, place="学校", title="另一次")
    with pytest.raises(InvalidInput, match="已安排了另一次"):
        voter_meeting_plan(actor=actor, congress_id=cast.congress.public_id, facts=elsewhere, deputies=who)
    voter_meeting_cancel(actor=actor, meeting_id=meeting.public_id, reason="防汛")
    assert voter_meeting_plan(actor=actor, congress_id=cast.congress.public_id, facts=facts, deputies=who).pk


def test_the_same_meeting_stands_once_and_a_place_has_one_meeting_at_a_time(cast: Cast) -> None:
    client, url = cast.client("insider"), reverse("voter_meetings:new")
    sent = {"on": timezone.localdate().isoformat(), "place": "村部", "starts_at": "09:00"}
    assert [client.post(url, sent).status_code for _time in range(2)] == [302, 422]
    assert client.post(url, sent | {"title": "另一个名称"}).status_code == 422
    assert client.post(url, sent | {"starts_at": "14:30"}).status_code == 302
    first = VoterMeeting.objects.earliest("pk")
    args = [first.public_id]
    assert client.post(reverse("voter_meetings:edit", args=args), sent | {"starts_at": "14:30"}).status_code == 422
    voter_meeting_cancel(actor=cast.actor("insider"), meeting_id=first.public_id, reason="防汛")
    assert client.post(url, sent).status_code == 302


def test_a_ballot_that_is_not_out_goes_with_its_meeting_and_one_that_is_out_holds_it(cast: Cast) -> None:
    meeting = contacts.meeting(cast)
    round_ = contacts.ballot(cast, meeting)
    page = cast.client("insider").get(meeting.get_absolute_url()).content.decode()
    assert "取消会议" in page
    assert "名单不能再变" in page
    voter_meeting_cancel(actor=cast.actor("insider"), meeting_id=meeting.public_id, reason="防汛")
    meeting.refresh_from_db()
    assert (meeting.status, meeting.appraisal_url) == (VoterMeetingStatus.CANCELLED, "")
    round_.refresh_from_db()
    assert (round_.status, round_.void_reason) == (RoundStatus.VOID, "述职会议取消：防汛")
    other = contacts.meeting(cast)
    out = _handed_out(cast, other)
    with pytest.raises(DomainError, match="先打开满意度测评"):
        voter_meeting_cancel(actor=cast.actor("insider"), meeting_id=other.public_id, reason="防汛")
    out.refresh_from_db()
    assert out.status == RoundStatus.CLOSED
    gone = f"voter_meeting:{meeting.public_id}"
    with pytest.raises(NotFound):
        gathering_drop(cast.actor("insider"), gone, "没有了")


def test_the_ballot_of_a_meeting_is_headed_as_an_appraisal_without_rounds(cast: Cast) -> None:
    meeting = contacts.meeting(cast)
    asked = cast.client("insider").get(reverse("voter_meetings:appraise", args=[meeting.public_id])).content.decode()
    assert meeting.title in asked
    assert "其中1名还没有提交述职报告" in asked
    url = reverse("rounds:paper_sheet", args=[contacts.ballot(cast, meeting).public_id])
    sheet = cast.client("insider").get(url).content.decode()
    assert "满意度测评票" in sheet
    assert "第1轮" not in sheet
    assert "选票" not in sheet


def test_the_declared_appraisal_closes_the_meeting_with_rate_and_arithmetic(cast: Cast) -> None:
    meeting = contacts.meeting_held(cast)
    round_ = _handed_out(cast, meeting)
    values = _values(44, 3, 1, void=1)
    _enter(cast, round_, "insider", 1, values)
    _enter(cast, round_, "approver", 2, values)
    gathering_count(actor=cast.actor("insider"), public_id=round_.public_id)
    assert meeting.reports.get().result is None  # nothing before it is declared
    round_ = round_declare(actor=cast.actor("approver"), public_id=round_.public_id)
    result = meeting.reports.get().result
    assert result is not None
    assert (result["numerator"], result["denominator"], result["overall"]) == (44, 48, "满意")
    assert "满意率44÷48＝91.7%" in result["text"]
    assert "收回选票49张；49≤50，测评有效。" in result["arithmetic"]
    meeting.refresh_from_db()
    assert meeting.status == VoterMeetingStatus.CLOSED
    assert recount(round_).agrees
    page = cast.client("deputy").get(meeting.reports.get().get_absolute_url()).content.decode()
    assert "91.7%" in page


def test_two_people_count_separately_and_must_agree(cast: Cast) -> None:
    round_ = _handed_out(cast, contacts.meeting_held(cast))
    _enter(cast, round_, "insider", 1, _values(40, 5, 5))
    with pytest.raises(DomainError, match="两人分别录入"):
        _enter(cast, round_, "insider", 2, _values(40, 5, 5))
    _enter(cast, round_, "approver", 2, _values(41, 4, 5))
    with pytest.raises(DomainError, match="不一致"):
        gathering_count(actor=cast.actor("insider"), public_id=round_.public_id)
    page = cast.client("insider").get(round_.get_absolute_url()).content.decode()
    assert "40" in page
    assert "41" in page
    _enter(cast, round_, "approver", 2, _values(40, 5, 5))
    counted = gathering_count(actor=cast.actor("insider"), public_id=round_.public_id)
    assert counted.status == RoundStatus.COUNTED


def test_more_ballots_back_than_out_make_the_appraisal_void_and_another_may_be_made(cast: Cast) -> None:
    meeting = contacts.meeting_held(cast)
    round_ = contacts.ballot(cast, meeting)
    with pytest.raises(InvalidInput) as refused:
        gathering_hand_out(actor=cast.actor("insider"), public_id=round_.public_id, raters=10, issued=11)
    assert "每人至多一张" in refused.value.fields["issued"]
    gathering_hand_out(actor=cast.actor("insider"), public_id=round_.public_id, raters=10, issued=10)
    for number, who in enumerate(("insider", "approver"), start=1):
        _enter(cast, round_, who, number, _values(11, 0, 0))
    done = gathering_count(actor=cast.actor("insider"), public_id=round_.public_id)
    assert (done.status, done.result) == (RoundStatus.VOID, None)
    meeting.refresh_from_db()
    assert (meeting.status, meeting.appraisal_url) == (VoterMeetingStatus.HELD, "")
    voter_meeting_appraise(actor=cast.actor("insider"), meeting_id=meeting.public_id)
    again = Round.objects.filter(asked_by=round_.asked_by).exclude(pk=round_.pk).get()
    assert again.status == RoundStatus.PREPARING


def test_the_ballot_fixes_who_reports_and_has_no_roll(cast: Cast) -> None:
    meeting = contacts.meeting(cast)
    round_ = contacts.ballot(cast, meeting)
    actor = cast.actor("insider")
    with pytest.raises(DomainError, match="名单不能再变"):
        voter_meeting_add(actor=actor, meeting_id=meeting.public_id, deputies=[cast.mandates["cosigner"].public_id])
    with pytest.raises(DomainError, match="没有名册"):
        roll_prepare(actor=actor, public_id=round_.public_id)
    assert not round_.roll.exists()
    gathering_hand_out(actor=actor, public_id=round_.public_id, raters=5, issued=5)
    for number, who in enumerate(("insider", "approver"), start=1):
        _enter(cast, round_, who, number, _values(5, 0, 0))
    gathering_count(actor=actor, public_id=round_.public_id)
    with pytest.raises(DomainError, match="先在述职会议里登记召开情况"):
        round_declare(actor=actor, public_id=round_.public_id)
    round_annul(actor=actor, public_id=round_.public_id, reason="会议改期")
    meeting.refresh_from_db()
    assert meeting.appraisal_url == ""


def test_who_has_not_reported_in_the_term_is_a_gap_and_gaps_are_planned_by_unit(cast: Cast) -> None:
    contacts.meeting_held(cast)
    free = make_mandates(cast.congress, 2)
    found = report_coverage(cast.congress)
    assert (found.total, found.covered, found.unplanned) == (5, 1, 4)
    ids = [str(gap.mandate.public_id) for gap in found.gaps]
    today = timezone.localdate()
    made = voter_meetings_plan(
        actor=cast.actor("insider"), congress_id=cast.congress.public_id, deputies=ids, on=today, place="文化站"
    )
    assert sorted(meeting.reports.count() for meeting in made) == [2, 2]  # one of the unit, one of those without
    assert report_coverage(cast.congress).unplanned == 0
    assert len(free) == 2
    page = cast.client("insider").get(reverse("voter_reports:coverage"))
    assert page.status_code == 200
    assert "距届满还有" in page.content.decode()


def test_the_pages_lead_from_plan_to_result(cast: Cast) -> None:
    client = cast.client("insider")
    today = timezone.localdate().isoformat()
    assert client.post(reverse("voter_meetings:new"), {"on": today, "place": ""}).status_code == 422
    assert client.post(reverse("voter_meetings:new"), {"on": today, "place": "村部"}).status_code == 302
    meeting = VoterMeeting.objects.get()
    args = [meeting.public_id]
    client.post(reverse("voter_meetings:add", args=args), {"mandate": str(cast.mandates["deputy"].public_id)})
    assert client.post(reverse("voter_meetings:appraise", args=args)).status_code == 302
    report = meeting.reports.get()
    written = cast.client("deputy").post(reverse("voter_reports:write", args=[report.public_id]), {"text": "履职报告"})
    assert written.status_code == 302
    sent = {"voters": 8, "representatives": 2, "delivered": [str(report.public_id)]}
    assert client.post(reverse("voter_meetings:hold", args=args), sent | {"voters": "x"}).status_code == 422
    assert client.post(reverse("voter_meetings:hold", args=args), sent).status_code == 302
    round_ = Round.objects.get()
    place = [round_.public_id]
    assert client.post(reverse("gatherings:hand_out", args=place), {"raters": 10, "issued": 11}).status_code == 422
    client.post(reverse("gatherings:hand_out", args=place), {"raters": 10, "issued": 10})
    for number, who in enumerate(("insider", "approver"), start=1):
        _enter(cast, round_, who, number, _values(8, 2, 0))
    assert client.post(reverse("gatherings:count", args=place)).status_code == 302
    assert client.post(reverse("rounds:declare", args=place)).status_code == 302
    shown = client.get(reverse("gatherings:detail", args=place)).content.decode()
    assert "8÷10＝80.0%" in shown
    assert "8÷10＝80.0%" in client.get(meeting.get_absolute_url()).content.decode()
    assert client.get(reverse("rounds:detail", args=place)).status_code == 302
