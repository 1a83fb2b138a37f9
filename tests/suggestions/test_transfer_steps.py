"""Every step of a transfer: legal from its states for those whose step it is, refused for everybody else."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from liaison.actor import system_actor
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import Attachment, AuditEntry, StateChange
from liaison.selectors.attachment import attachments_of
from suggestions.models import Transfer
from suggestions.selectors.transfer import get_transfer_for
from suggestions.states import TRANSFER_TRANSITIONS, TransferStatus
from tests.suggestions.steps import answered, closed, fresh, pdf, rate
from tests.suggestions.transfers import STEPS, filed, marked, received, step, transferred, waiting, walk

if TYPE_CHECKING:
    from tests.cast import Cast

#: How to reach each state by legal steps.
WAYS: dict[str, tuple[str, ...]] = {
    "marked": (),
    "rejected": ("reject",),
    "transferred": ("approve",),
    "received": ("approve", "receive"),
    "needs_info": ("approve", "receive", "request_info"),
    "filed": ("approve", "receive", "file"),
    "declined": ("approve", "receive", "decline"),
    "already_handling": ("approve", "receive", "already"),
    "recommended": ("approve", "receive", "file", "recommend"),
    "agency_answered": ("approve", "receive", "file", "recommend", "agency_answer"),
    "rectified": ("approve", "receive", "file", "recommend", "agency_answer", "rectify"),
    "sued": ("approve", "receive", "file", "recommend", "sue"),
    "closed": ("approve", "receive", "already", "close"),
}
#: Everybody of the cast who is not the one whose step it is, and how they are refused.
OFFICE = {"insider", "approver", "colleague"}
EVERYBODY = (
    "insider",
    "approver",
    "colleague",
    "county_clerk",
    "stranger",
    "unit",
    "other_unit",
    "prosecutor",
    "other_prosecutor",
    "deputy",
    "cosigner",
    "other_deputy",
    "system_admin",
    "security_admin",
    "auditor",
)
MAY = {
    "update": {"insider", "approver"},
    "approve": {"approver"},
    "reject": {"approver"},
    "supply": {"insider", "approver"},
}


def test_the_table_and_the_ways_name_every_state_and_step() -> None:
    assert set(WAYS) == set(TransferStatus.values)
    assert set(STEPS) == {transition.name for transition in TRANSFER_TRANSITIONS.rows()}


@pytest.mark.parametrize("status", WAYS)
def test_from_each_state_exactly_the_legal_steps_go_on(cast: Cast, status: str) -> None:
    transfer = walk(cast, marked(cast), *WAYS[status])
    assert transfer.status == status
    for transition in TRANSFER_TRANSITIONS.rows():
        if status in transition.sources:
            continue
        before = StateChange.objects.count()
        with pytest.raises((IllegalTransition, NotFound)):
            step(cast, transfer, transition.name)
        transfer.refresh_from_db()
        assert (transfer.status, StateChange.objects.count()) == (status, before)


@pytest.mark.parametrize("name", STEPS)
def test_only_those_whose_step_it_is_may_take_it(cast: Cast, name: str) -> None:
    source = sorted(TRANSFER_TRANSITIONS[name].sources)[0]
    transfer = walk(cast, marked(cast, cosigner="cosigner"), *WAYS[source])
    allowed = MAY.get(name, {"prosecutor"})
    for who in EVERYBODY:
        if who in allowed:
            continue
        with pytest.raises((NotAllowed, NotFound)) as refused:
            step(cast, transfer, name, who)
        seen = Transfer.objects.visible_to(cast.actor(who)).filter(pk=transfer.pk).exists()
        assert isinstance(refused.value, NotAllowed if seen else NotFound), who
    transfer.refresh_from_db()
    assert transfer.status == source
    done = step(cast, transfer, name, sorted(allowed)[0])
    assert done.status == TRANSFER_TRANSITIONS[name].target
    assert done.version == transfer.version + 1
    change = StateChange.objects.last()
    assert change is not None
    assert (change.act, change.old, change.new) == (name, source, done.status)


@pytest.mark.parametrize("name", STEPS)
def test_a_page_opened_before_a_change_is_told_who_and_when(cast: Cast, name: str) -> None:
    source = sorted(TRANSFER_TRANSITIONS[name].sources)[0]
    transfer = walk(cast, marked(cast), *WAYS[source])
    entries = AuditEntry.objects.count()
    with pytest.raises(StaleVersion) as stale:
        step(cast, transfer, name, version=transfer.version + 1)
    assert "已于" in stale.value.message
    transfer.refresh_from_db()
    assert transfer.status == source
    assert AuditEntry.objects.count() == entries


def test_signing_keeps_the_lead_number(cast: Cast) -> None:
    transfer = received(cast)
    assert transfer.lead_number == "益检线〔2026〕3号"
    assert transfer.received_at is not None
    with pytest.raises(IllegalTransition) as refused:
        step(cast, transfer, "receive")
    assert "唐检察已于" in refused.value.message


def test_signing_without_a_number_is_enough(cast: Cast) -> None:
    assert step(cast, transferred(cast), "receive", lead_number=" ").lead_number == ""


def test_a_number_that_is_too_long_is_named(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refused:
        step(cast, transferred(cast), "receive", lead_number="号" * 61)
    assert set(refused.value.fields) == {"lead_number"}


@pytest.mark.parametrize(
    ("name", "field", "wrong"),
    [
        ("request_info", "missing", " "),
        ("request_info", "missing", "字" * 4001),
        ("supply", "text", ""),
        ("decline", "reason", " "),
        ("decline", "uploads", []),
        ("decline", "opinion_on", None),
        ("file", "case_number", ""),
        ("file", "opinion", "nonsense"),
        ("file", "opinion", "request_info"),
        ("recommend", "note", " "),
        ("recommend", "uploads", []),
        ("recommend", "step", "file"),
        ("close", "note", ""),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_changes(
    cast: Cast, name: str, field: str, wrong: object
) -> None:
    source = sorted(TRANSFER_TRANSITIONS[name].sources)[0]
    transfer = walk(cast, marked(cast), *WAYS[source])
    files = Attachment.objects.count()
    with pytest.raises(InvalidInput) as refused:
        step(cast, transfer, name, **{field: wrong})
    assert set(refused.value.fields) == {field}
    transfer.refresh_from_db()
    assert transfer.status == source
    assert Attachment.objects.count() == files


def test_an_opinion_is_not_dated_before_the_transfer_nor_after_today(cast: Cast) -> None:
    transfer = received(cast)
    today = timezone.localdate()
    for day in (today - dt.timedelta(days=1), today + dt.timedelta(days=1)):
        with pytest.raises(InvalidInput) as refused:
            step(cast, transfer, "decline", opinion_on=day)
        assert set(refused.value.fields) == {"opinion_on"}


def test_a_disguised_file_is_refused_whole(cast: Cast) -> None:
    transfer = received(cast)
    with pytest.raises(DomainError) as refused:
        step(cast, transfer, "decline", uploads=[pdf(), SimpleUploadedFile("意见书.pdf", b"MZ\x90\x00program")])
    assert set(refused.value.fields) == {"uploads"}
    transfer.refresh_from_db()
    assert transfer.status == "received"
    assert not attachments_of(transfer, "opinion")


def test_a_filed_case_is_converted_and_keeps_its_documents(cast: Cast) -> None:
    transfer = filed(cast)
    assert (transfer.opinion, transfer.converted, transfer.opinion_in_time) == ("file", True, True)
    assert transfer.case_number == "益检公益立〔2026〕12号"
    assert [file.name for file in attachments_of(transfer, "opinion")] == ["意见书.pdf"]
    done = walk(cast, transfer, "recommend", "agency_answer", "rectify", "close")
    assert (done.status, done.converted) == ("closed", True)
    assert len(attachments_of(done, "progress")) == 1


@pytest.mark.parametrize(("name", "reason"), [("decline", "经审查，不符合立案条件。"), ("already", "")])
def test_other_opinions_do_not_count_as_converted(cast: Cast, name: str, reason: str) -> None:
    transfer = step(cast, received(cast), name)
    assert (transfer.opinion, transfer.opinion_reason, transfer.converted) == (name, reason, False)


def test_what_is_missing_is_asked_and_supplied(cast: Cast) -> None:
    transfer = waiting(cast)
    assert (transfer.status, transfer.opinion) == ("needs_info", "request_info")
    supplied = step(cast, transfer, "supply")
    assert (supplied.status, supplied.opinion) == ("received", "")
    assert [file.name for file in attachments_of(supplied, "supply")] == ["照片.pdf"]
    again = walk(cast, supplied, "request_info", "supply", "file")
    assert again.status == "filed"


def test_an_opinion_on_a_closed_clue_is_refused(cast: Cast) -> None:
    transfer = walk(cast, received(cast), "already", "close")
    with pytest.raises(IllegalTransition):
        step(cast, transfer, "decline")


def test_closing_the_suggestion_leaves_the_transfer_open_and_the_other_way_round(cast: Cast) -> None:
    suggestion = answered(cast)
    transfer = received(cast, suggestion)
    rate(cast, fresh(suggestion))
    assert fresh(suggestion).status == "closed"
    transfer.refresh_from_db()
    assert transfer.status == "received"
    assert step(cast, transfer, "already").status == "already_handling"

    other = answered(cast, who="deputy", title="关于另一件事的建议")
    ended = walk(cast, received(cast, other), "already", "close")
    assert ended.status == "closed"
    assert fresh(other).status == "answered"
    assert marked(cast, closed(cast, title="关于第三件事的建议")).status == "marked"


def test_the_door_tells_nothing_apart(cast: Cast) -> None:
    transfer = marked(cast)
    for who in ("prosecutor", "deputy", "unit", "stranger", "auditor"):
        with pytest.raises(NotFound):
            get_transfer_for(cast.actor(who), transfer.public_id)
    assert get_transfer_for(cast.actor("colleague"), transfer.public_id) == transfer


def test_an_office_above_looks_on_but_does_not_act_for_another(cast: Cast) -> None:
    transfer = marked(cast)
    Transfer.objects.filter(pk=transfer.pk).update(
        office=cast.offices["county_office"], region_prefix=cast.regions["county"].prefix
    )
    for name in ("update", "approve", "reject"):
        with pytest.raises(NotAllowed, match="其他人大工作机构"):
            step(cast, transfer, name, "approver")
    transfer.refresh_from_db()
    assert transfer.status == "marked"
    assert not TRANSFER_TRANSITIONS.available(transfer, cast.actor("approver"))


def test_the_table_itself_refuses_another_procuratorate(cast: Cast) -> None:
    transfer = transferred(cast)
    with pytest.raises(NotAllowed, match="其他检察院"):
        TRANSFER_TRANSITIONS.check(transfer, "receive", cast.actor("other_prosecutor"))
    assert TRANSFER_TRANSITIONS.check(transfer, "receive", system_actor()).target == "received"


def test_the_system_sees_every_transfer_by_its_title(cast: Cast) -> None:
    transfer = marked(cast)
    assert [str(one) for one in Transfer.objects.visible_to(system_actor())] == [str(transfer)]
    assert transfer.suggestion.title in str(transfer)
