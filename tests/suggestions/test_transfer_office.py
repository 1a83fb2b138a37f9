"""The office's side: a clerk marks, an approver decides, a letter and a clock go with it."""

from __future__ import annotations

import io
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document

from deputies.models import CongressSettings
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import AuditEntry, Deadline, Organisation, StateChange
from liaison.permissions import OrganisationKind
from liaison.selectors.attachment import attachments_of
from suggestions.models import PublicInterestDomain, Transfer
from suggestions.selectors.transfer import live_transfer, may_mark, receivers_for, transfers_of
from suggestions.services.letter import render_letter
from suggestions.services.sorting import suggestion_refuse
from suggestions.services.transfer import transfer_mark, transfer_update
from tests.suggestions.steps import assigned, closed, draft, registered, submitted
from tests.suggestions.transfers import clue, marked, step, transferred

if TYPE_CHECKING:
    from tests.cast import Cast


def test_marking_keeps_what_the_clerk_typed_and_leaves_the_suggestion_alone(cast: Cast) -> None:
    suggestion = assigned(cast)
    transfer = marked(cast, suggestion)
    assert transfer.status == "marked"
    assert transfer.procuratorate == cast.offices["procuratorate"]
    assert transfer.office == cast.offices["city_office"]
    assert transfer.marked_by == cast.user("insider")
    assert transfer.place == "赫山区八字哨镇哑河段"
    before = suggestion.version
    suggestion.refresh_from_db()
    assert (suggestion.status, suggestion.version) == ("assigned", before)
    history = StateChange.objects.get(act="mark")
    assert (history.old, history.new, history.actor_name) == ("", "marked", "陈经办")
    assert AuditEntry.objects.filter(action="transfer.mark", actor_name="陈经办").count() == 1


def test_a_closed_suggestion_may_still_be_marked(cast: Cast) -> None:
    assert marked(cast, closed(cast)).status == "marked"


@pytest.mark.parametrize("make", [draft, submitted])
def test_a_suggestion_without_number_cannot_be_marked(cast: Cast, make: Any) -> None:
    suggestion = make(cast)
    with pytest.raises((IllegalTransition, NotFound)):
        marked(cast, suggestion)
    assert not may_mark(cast.actor("insider"), suggestion)
    assert not Transfer.objects.exists()


def test_a_refused_suggestion_cannot_be_marked(cast: Cast) -> None:
    suggestion = submitted(cast)
    suggestion_refuse(
        actor=cast.actor("approver"), public_id=suggestion.public_id, version=None, clause_id=1, reason="没有具体内容。"
    )
    with pytest.raises(IllegalTransition) as refused:
        marked(cast, suggestion)
    assert refused.value.code == "not_markable"


@pytest.mark.parametrize("who", ["colleague", "unit", "deputy", "prosecutor"])
def test_only_the_clerks_of_the_office_mark(cast: Cast, who: str) -> None:
    suggestion = assigned(cast)
    with pytest.raises((NotAllowed, NotFound)):
        transfer_mark(actor=cast.actor(who), suggestion_public_id=suggestion.public_id, values=clue())
    assert not may_mark(cast.actor(who), suggestion)


@pytest.mark.parametrize("who", ["county_clerk", "stranger", "auditor"])
def test_an_office_that_does_not_see_the_suggestion_is_told_it_is_not_there(cast: Cast, who: str) -> None:
    suggestion = registered(cast)
    with pytest.raises(NotFound):
        transfer_mark(actor=cast.actor(who), suggestion_public_id=suggestion.public_id, values=clue())


@pytest.mark.parametrize("field", ["place", "harmed_interest", "agency_concerned", "domain_id"])
def test_a_missing_field_is_named(cast: Cast, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        marked(cast, **{field: None if field == "domain_id" else " "})
    assert set(refused.value.fields) == {field}
    assert not Transfer.objects.exists()


def test_over_long_texts_and_foreign_choices_are_named(cast: Cast) -> None:
    PublicInterestDomain.objects.filter(name="反垄断").update(is_active=False)
    retired = PublicInterestDomain.objects.get(name="反垄断").pk
    with pytest.raises(InvalidInput) as refused:
        marked(
            cast,
            place="长" * 121,
            harmed_interest="长" * 2001,
            domain_id=retired,
            procuratorate_id=cast.offices["unit"].pk,
        )
    assert set(refused.value.fields) == {"place", "harmed_interest", "domain_id", "procuratorate_id"}


def test_the_procuratorate_may_be_one_below_but_is_the_own_region_by_default(cast: Cast) -> None:
    offices = cast.offices
    assert receivers_for(offices["city_office"]) == [offices["procuratorate"], offices["other_procuratorate"]]
    assert marked(cast, procuratorate_id=offices["other_procuratorate"].pk).procuratorate.name == "沅江市人民检察院"


def test_a_region_without_procuratorate_uses_the_one_above(cast: Cast) -> None:
    town = Organisation.objects.create(
        name="八字哨镇人大主席团", kind=OrganisationKind.CONGRESS, region=cast.regions["town"]
    )
    assert receivers_for(town) == [cast.offices["procuratorate"]]
    assert receivers_for(cast.offices["county_office"]) == [cast.offices["procuratorate"]]


def test_without_any_procuratorate_the_clerk_is_told(cast: Cast) -> None:
    Organisation.objects.filter(kind=OrganisationKind.PROCURATORATE).update(is_active=False)
    with pytest.raises(DomainError) as refused:
        marked(cast)
    assert refused.value.code == "no_procuratorate"


def test_the_same_form_sent_twice_makes_one_transfer(cast: Cast) -> None:
    suggestion = registered(cast)
    assert marked(cast, suggestion) == marked(cast, suggestion)
    assert Transfer.objects.count() == 1
    assert StateChange.objects.filter(act="mark").count() == 1


def test_a_second_mark_is_told_who_was_first(cast: Cast) -> None:
    suggestion = registered(cast)
    marked(cast, suggestion)
    with pytest.raises(DomainError) as refused:
        transfer_mark(
            actor=cast.actor("approver"), suggestion_public_id=suggestion.public_id, values=clue(place="另一处")
        )
    assert refused.value.code == "already_marked"
    assert "陈经办已于" in refused.value.message
    assert Transfer.objects.count() == 1


def test_a_marked_clue_may_be_mended_until_it_is_decided(cast: Cast) -> None:
    transfer = marked(cast)
    mended = transfer_update(
        actor=cast.actor("insider"), public_id=transfer.public_id, version=1, values=clue(place="新桥河镇")
    )
    assert (mended.place, mended.version) == ("新桥河镇", 2)
    assert AuditEntry.objects.get(action="transfer.update").detail["changed"] == ["place"]
    with pytest.raises(StaleVersion) as stale:
        transfer_update(actor=cast.actor("approver"), public_id=transfer.public_id, version=1, values=clue())
    assert "陈经办已于" in stale.value.message
    step(cast, transfer, "approve")
    with pytest.raises(IllegalTransition):
        step(cast, transfer, "update")


def test_a_rejected_clue_may_be_marked_anew(cast: Cast) -> None:
    suggestion = registered(cast)
    rejected = step(cast, marked(cast, suggestion), "reject")
    assert rejected.status == "rejected"
    assert StateChange.objects.get(act="reject").reason == "属于一般行政管理事项。"
    anew = marked(cast, suggestion)
    assert anew != rejected
    assert transfers_of(cast.actor("insider"), suggestion) == [anew, rejected]
    assert live_transfer(transfers_of(cast.actor("insider"), suggestion)) == anew


def test_rejecting_needs_a_reason(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refused:
        step(cast, marked(cast), "reject", reason="  ")
    assert set(refused.value.fields) == {"reason"}


def test_approving_starts_the_month_and_writes_the_letter(cast: Cast) -> None:
    transfer = transferred(cast)
    assert transfer.status == "transferred"
    assert transfer.transferred_at is not None
    deadline = Deadline.objects.get(kind="transfer_opinion")
    assert (deadline.holder, deadline.supervisor) == (cast.offices["procuratorate"], cast.offices["city_office"])
    assert (deadline.unit, deadline.length, deadline.subject) == ("months", 1, transfer)
    letters = attachments_of(transfer, "transfer_letter")
    assert [letter.name for letter in letters] == [f"转交函-{transfer.suggestion.number_label}.docx"]
    with letters[0].file.open() as file:
        text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(file.read())).paragraphs)
    due = deadline.due_on
    for words in ("益阳市人民检察院：", transfer.suggestion.title, "李代表", f"{due.year}年{due.month}月{due.day}日前"):
        assert words in text
    assert "养殖废水直排哑河" in text


def test_the_length_of_the_period_is_a_setting_of_the_congress(cast: Cast) -> None:
    CongressSettings.objects.update(opinion_months=2)
    transferred(cast)
    assert Deadline.objects.get(kind="transfer_opinion").length == 2


def test_a_congress_without_settings_has_the_usual_month(cast: Cast) -> None:
    transfer = marked(cast)
    CongressSettings.objects.all().delete()
    step(cast, transfer, "approve")
    assert Deadline.objects.get(kind="transfer_opinion").length == 1


def test_a_damaged_letter_template_stops_the_approval_whole(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    transfer = marked(cast)
    monkeypatch.setattr("suggestions.services.transfer.render_letter", lambda *_: render_letter("gone.docx", {}))
    with pytest.raises(DomainError) as refused:
        step(cast, transfer, "approve")
    assert refused.value.code == "letter_template"
    transfer.refresh_from_db()
    assert transfer.status == "marked"
    assert not Deadline.objects.filter(kind="transfer_opinion").exists()


def test_an_unknown_transfer_is_not_there(cast: Cast) -> None:
    transfer = Transfer(public_id=uuid.uuid4(), pk=0)
    with pytest.raises(NotFound):
        step(cast, transfer, "approve")
