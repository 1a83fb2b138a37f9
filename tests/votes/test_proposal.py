"""Proposals: coming in from everywhere, once each, screened, and their proposers told."""

from __future__ import annotations

import io
import uuid
import zipfile
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from liaison.actor import ANONYMOUS
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound
from liaison.models import AuditEntry, Notice
from liaison.receipts import plain_receipt
from tests.votes import programmes as steps
from tests.votes.people import County
from votes.models import Programme, Proposal
from votes.receipts import receipt_hash, receipt_of
from votes.selectors.proposal import fate_of, find_by_receipt, merged_into, similar_to
from votes.services.candidate import candidate_create, candidate_withdraw
from votes.services.proposal_entry import preview, proposals_enter, proposals_import
from votes.services.proposal_screening import (
    proposal_adopt,
    proposal_reject,
    proposal_reopen,
    proposal_unmask,
    proposals_merge,
)
from votes.services.proposal_sheet import TABLE, day_of, proposal_template, read_proposals
from votes.states import ProposalStatus

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_a_receipt_is_twelve_plain_signs() -> None:
    receipt = receipt_of(uuid.UUID(int=1))
    assert len(receipt) == 14
    assert receipt.count("-") == 2
    assert receipt == receipt_of(uuid.UUID(int=1)) != receipt_of(uuid.UUID(int=2))


def test_a_receipt_is_read_as_people_type_it() -> None:
    receipt = receipt_of(uuid.uuid4())
    assert plain_receipt(f" {receipt.lower().replace('-', ' ')} ") == receipt.replace("-", "")
    assert plain_receipt("OIL0-0000-0000") == "011000000000"
    assert receipt_hash("too short") == receipt_hash("UUUU-UUUU-UUUU") == ""


def test_the_public_proposes_and_follows_by_receipt(county: County) -> None:
    programme = steps.collecting(county)
    proposal, receipt = steps.proposed(programme)
    assert find_by_receipt(receipt) == proposal
    assert find_by_receipt(receipt_of(uuid.uuid4())) is None
    assert receipt.replace("-", "") not in str(Proposal.objects.values_list().get(pk=proposal.pk))


def test_the_same_form_twice_is_one_proposal_with_one_receipt(county: County) -> None:
    programme, key = steps.collecting(county), uuid.uuid4()
    assert steps.proposed(programme, key=key) == steps.proposed(programme, key=key)
    assert Proposal.objects.count() == 1


def test_a_used_form_with_another_text_is_not_swallowed(county: County) -> None:
    programme, key = steps.collecting(county), uuid.uuid4()
    steps.proposed(programme, key=key)
    with pytest.raises(DomainError) as error:
        steps.proposed(programme, key=key, title="另一件")
    assert error.value.code == "form_used"


def test_a_late_proposal_is_refused_but_a_repeated_one_is_answered(county: County) -> None:
    programme, key = steps.collecting(county), uuid.uuid4()
    _, receipt = steps.proposed(programme, key=key)
    Programme.objects.update(call_from=steps.day(-40), call_until=steps.day(-1))
    with pytest.raises(DomainError) as error:
        steps.proposed(programme)
    assert error.value.code == "call_closed"
    assert steps.proposed(programme, key=key)[1] == receipt


def test_before_the_call_nobody_proposes(county: County) -> None:
    programme = steps.preparing(county)
    with pytest.raises(NotFound):
        steps.proposed(programme)
    with pytest.raises(DomainError):
        steps.proposed_by(county, programme)


def test_scripts_and_emoji_are_kept_as_text(county: County) -> None:
    proposal, _ = steps.proposed(steps.collecting(county), title="<script>alert(1)</script>🚧", content="🙂" * 500)
    assert Proposal.objects.get(pk=proposal.pk).title == "<script>alert(1)</script>🚧"


def test_what_is_missing_is_said_by_the_field(county: County) -> None:
    with pytest.raises(InvalidInput) as error:
        steps.proposed(steps.collecting(county), title=" ", content="长" * 2001)
    assert set(error.value.fields) == {"title", "content"}


def test_deputies_and_departments_propose(county: County) -> None:
    programme = steps.collecting(county)
    assert steps.proposed_by(county, programme, "deputy").mandate == county.mandates[0]
    assert steps.proposed_by(county, programme, "county_unit").organisation == county.unit
    for who, error in (("county_clerk", NotAllowed), ("unit", NotFound)):
        with pytest.raises(error):
            steps.proposed_by(county, programme, who)


def entry(line: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "line": line,
        "source": "public",
        "name": "李大爷",
        "contact": "",
        "received_on": None,
        **steps.texts(),
        **changes,
    }


def enter(
    county: County, programme: Programme, *rows: dict[str, Any], batch: uuid.UUID | None = None
) -> list[Proposal]:
    return proposals_enter(
        actor=county.actor("county_clerk"),
        programme_public_id=programme.public_id,
        batch=batch or uuid.uuid4(),
        rows=rows,
    )


def test_paper_is_entered_several_at_once_and_once(county: County) -> None:
    programme, batch = steps.collecting(county), uuid.uuid4()
    rows = [
        entry(1),
        entry(3, source="deputy", name="李代表"),
        entry(4, source="deputy", name="hs-0002"),
        entry(5, source="department", name="赫山区水利局"),
        entry(6, source="department", name="区残联"),
    ]
    found = enter(county, programme, *rows, batch=batch)
    assert [str(one.proposer) for one in found] == ["李大爷", "李代表代表", "王附议代表", "赫山区水利局", "区残联"]
    assert enter(county, programme, *rows, batch=batch) == []


def test_wrong_rows_are_named_and_nothing_is_kept(county: County) -> None:
    programme = steps.collecting(county)
    with pytest.raises(InvalidInput) as error:
        enter(
            county,
            programme,
            entry(1),
            entry(2, title=""),
            entry(7, source="deputy", name="没有这人"),
            entry(8, received_on=steps.day(1)),
            entry(9, source="department", name=""),
            entry(10, source=""),
        )
    assert set(error.value.fields) == {"2-title", "7-name", "8-received_on", "9-name", "10-source"}
    assert not Proposal.objects.exists()


def test_namesakes_are_asked_for_their_number(county: County) -> None:
    programme = steps.collecting(county)
    person = county.mandates[5].person
    person.name = "李代表"
    person.save(update_fields=["name"])
    with pytest.raises(InvalidInput) as error:
        enter(county, programme, entry(1, source="deputy", name="李代表"))
    assert "HS-0001、HS-0006" in error.value.fields["1-name"]


def test_paper_that_came_too_late_or_too_early_is_refused(county: County) -> None:
    programme = steps.collecting(county)
    Programme.objects.update(call_from=steps.day(-20), call_until=steps.day(-10))
    for received_on in (steps.day(-21), steps.day(-9)):
        with pytest.raises(InvalidInput):
            enter(county, programme, entry(1, received_on=received_on))
    assert enter(county, programme, entry(1, received_on=steps.day(-10)))


def test_nothing_is_entered_outside_collection(county: County) -> None:
    with pytest.raises(DomainError):
        enter(county, steps.preparing(county), entry(1))
    with pytest.raises(InvalidInput):
        enter(county, steps.collecting(county, year=2040))


def sheet(rows: list[list[Any]], header: list[str] | None = None) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    book.active.append(["一个标题"])
    book.active.append(header or [column.header for column in TABLE.columns.values()])
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return SimpleUploadedFile("项目建议.xlsx", buffer.getvalue(), content_type=XLSX)


ROW = ["群众", "王先生", "13800000000", "修路", "村口到组里两公里。", "村口", "2026年11月1日"]


def test_a_sheet_is_read_and_imported_once(county: County) -> None:
    programme = steps.collecting(county)
    rows = read_proposals(sheet([[*ROW[:6], ""], [], ["代表", "HS-0001", "", "建桥", "建一座桥。", "", ""]]))
    assert [line for line, _ in rows] == [3, 5]
    act: dict[str, Any] = {"actor": county.actor("county_clerk"), "programme_public_id": programme.public_id}
    assert [row.verdict for row in preview(**act, rows=rows)] == ["new", "new"]
    assert len(proposals_import(**act, rows=rows)) == 2
    assert [row.verdict for row in preview(**act, rows=[*rows, rows[0]])] == ["same", "same", "same"]
    assert proposals_import(**act, rows=rows) == []


def test_one_wrong_row_stops_the_import(county: County) -> None:
    programme = steps.collecting(county)
    rows = read_proposals(sheet([[*ROW[:6], ""], ["居民", *ROW[1:6], ""], [*ROW[:6], "昨天"]]))
    act: dict[str, Any] = {"actor": county.actor("county_clerk"), "programme_public_id": programme.public_id}
    judged = preview(**act, rows=rows)
    assert [row.verdict for row in judged] == ["new", "wrong", "wrong"]
    assert "来源" in judged[1].problems["source"]
    with pytest.raises(InvalidInput):
        proposals_import(**act, rows=rows)
    assert not Proposal.objects.exists()


def test_the_template_can_be_filled(county: County) -> None:
    book = openpyxl.load_workbook(io.BytesIO(proposal_template(steps.collecting(county))))
    book.active.append([*ROW[:6], ""])
    buffer = io.BytesIO()
    book.save(buffer)
    rows = read_proposals(SimpleUploadedFile("x.xlsx", buffer.getvalue(), content_type=XLSX))
    assert [values["title"] for _, values in rows] == ["修路"]


def test_a_small_file_that_unpacks_to_much_is_not_read(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = sheet([[*ROW[:6], ""]]), io.BytesIO()
    with zipfile.ZipFile(small) as given, zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in given.namelist():
            packed.writestr(name, given.read(name))
        packed.writestr("xl/sharedStrings.xml", b"<si><t>a</t></si>" * 1_000_000)
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *_args, **_kwargs: pytest.fail("it was read"))
    with pytest.raises(InvalidInput, match="解开后太大"):
        read_proposals(SimpleUploadedFile("x.xlsx", large.getvalue(), content_type=XLSX))


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (lambda: sheet([]), "没有项目建议"),
        (lambda: sheet([ROW], header=["甲", "乙"]), "没有找到表头"),
        (lambda: sheet([ROW] * 501), "超过500行"),
        (lambda: SimpleUploadedFile("x.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf"), ".xlsx"),
    ],
)
def test_a_sheet_that_cannot_be_taken_says_why(db: None, upload: Any, words: str) -> None:
    with pytest.raises(InvalidInput) as error:
        read_proposals(upload())
    assert words in error.value.fields["upload"]


def test_days_are_read_as_people_type_them() -> None:
    assert str(day_of("2026.3.1")) == str(day_of("2026年3月1日")) == "2026-03-01"
    assert day_of("") is None
    assert day_of("2026-13-01") == "2026-13-01"


def test_similar_ones_stand_beside(county: County) -> None:
    programme = steps.collecting(county)
    proposal, _ = steps.proposed(programme)
    alike, _ = steps.proposed(programme, title="老粮站修建停车场", content="赶集停车难，请在老粮站建停车场。")
    steps.proposed(programme, title="村小学食堂改造", content="食堂漏雨，孩子吃饭不便。", place="村小学")
    found = similar_to(county.actor("county_clerk"), proposal)
    assert [one.proposal for one in found] == [alike]


def test_merging_keeps_who_proposed_it_and_tells_them(county: County) -> None:
    programme, clerk = steps.collecting(county), county.actor("county_clerk")
    target, receipt = steps.proposed(programme)
    mine = steps.proposed_by(county, programme)
    other, other_receipt = steps.proposed(programme, title="停车场")
    proposals_merge(actor=clerk, target_public_id=other.public_id, public_ids=[mine.public_id])
    proposals_merge(actor=clerk, target_public_id=target.public_id, public_ids=[other.public_id])
    assert {one.pk for one in merged_into(clerk, target)} == {mine.pk, other.pk}
    assert Notice.objects.filter(recipient=county.cast.user("deputy"), title__contains="合并").exists()
    proposal_reject(actor=clerk, public_id=target.public_id, version=None, points=["money"], reason="资金未落实")
    fate = fate_of(find_by_receipt(other_receipt))  # type: ignore[arg-type]
    assert (fate.root, fate.points) == (
        Proposal.objects.get(pk=target.pk),
        ["资金没有落实，未列入财政预算"],
    )
    assert find_by_receipt(receipt) == target


def test_what_cannot_be_merged(county: County) -> None:
    programme, clerk = steps.collecting(county), county.actor("county_clerk")
    one, _ = steps.proposed(programme)
    two, _ = steps.proposed(programme, title="二")
    with pytest.raises(InvalidInput):
        proposals_merge(actor=clerk, target_public_id=one.public_id, public_ids=[one.public_id])
    other_year, _ = steps.proposed(steps.collecting(county, year=2050))
    with pytest.raises(DomainError):
        proposals_merge(actor=clerk, target_public_id=one.public_id, public_ids=[other_year.public_id])
    proposal_reject(actor=clerk, public_id=two.public_id, version=None, points=["money"], reason="没有资金")
    with pytest.raises(DomainError):
        proposals_merge(actor=clerk, target_public_id=two.public_id, public_ids=[one.public_id])
    with pytest.raises(IllegalTransition):
        proposals_merge(actor=clerk, target_public_id=one.public_id, public_ids=[two.public_id])


def test_rejecting_needs_a_point_and_a_reason(county: County) -> None:
    proposal = steps.proposed_by(county, steps.collecting(county), "county_unit")
    act: dict[str, Any] = {
        "actor": county.actor("county_clerk"),
        "public_id": proposal.public_id,
        "version": proposal.version,
    }
    with pytest.raises(InvalidInput) as error:
        proposal_reject(**act, points=["nonsense"], reason=" ")
    assert set(error.value.fields) == {"points", "reason"}
    done = proposal_reject(**act, points=["money", "public_benefit"], reason="今年没有预算")
    assert done.failed_points == ["public_benefit", "money"]
    assert Notice.objects.filter(recipient=county.cast.user("county_unit"), body__contains="今年没有预算").exists()


def test_adopting_makes_or_joins_a_candidate_and_can_be_taken_back(county: County) -> None:
    programme, clerk = steps.collecting(county), county.actor("county_clerk")
    one, receipt = steps.proposed(programme)
    two, _ = steps.proposed(programme, title="二")
    candidate = candidate_create(
        actor=clerk,
        programme_public_id=programme.public_id,
        values=steps.details(programme),
        proposal_public_id=one.public_id,
    )
    proposal_adopt(actor=clerk, public_id=two.public_id, version=None, candidate_id=candidate.pk)
    assert candidate.proposals.filter(status=ProposalStatus.ADOPTED).count() == 2
    assert fate_of(find_by_receipt(receipt)).candidate is None  # type: ignore[arg-type]  # not published yet
    assert proposal_reopen(actor=clerk, public_id=two.public_id, version=None).candidate is None
    candidate_withdraw(actor=clerk, public_id=candidate.public_id, version=None, reason="用地未落实")
    assert Proposal.objects.filter(status=ProposalStatus.RECEIVED).count() == 2


def test_adopting_into_another_years_candidate_is_refused(county: County) -> None:
    clerk = county.actor("county_clerk")
    proposal, _ = steps.proposed(steps.collecting(county))
    other = steps.candidate(county, steps.collecting(county, year=2050))
    with pytest.raises(InvalidInput):
        proposal_adopt(actor=clerk, public_id=proposal.public_id, version=None, candidate_id=other.pk)


def test_after_the_vote_begins_nothing_is_screened(county: County) -> None:
    proposal, _ = steps.proposed(steps.collecting(county))
    Programme.objects.update(status="voting")
    with pytest.raises(DomainError):
        proposal_reject(
            actor=county.actor("county_clerk"),
            public_id=proposal.public_id,
            version=None,
            points=["money"],
            reason="x",
        )


def test_who_looks_at_a_contact_is_noted(county: County) -> None:
    proposal, _ = steps.proposed(steps.collecting(county))
    with pytest.raises(NotAllowed):
        proposal_unmask(actor=county.actor("insider"), public_id=proposal.public_id)
    proposal_unmask(actor=county.actor("county_clerk"), public_id=proposal.public_id)
    entry = AuditEntry.objects.get(action="proposal.unmask")
    assert "13873712345" not in str(entry.detail)


def test_the_public_act_is_audited_without_a_name(county: County) -> None:
    steps.proposed(steps.collecting(county))
    entry = AuditEntry.objects.get(action="proposal.submit")
    assert entry.actor_name == ANONYMOUS.name
