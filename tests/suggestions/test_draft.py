"""Writing: nothing typed is lost, the same form is one suggestion, nobody else's draft can be touched."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotFound, StaleVersion
from liaison.models import AuditEntry, Deadline, Notice, StateChange
from suggestions.models import Suggestion
from suggestions.services.draft import draft_attach, draft_detach, draft_discard, draft_save, suggestion_submit
from suggestions.states import SuggestionStatus
from tests.suggestions.steps import draft, fresh, pdf, submitted, texts

if TYPE_CHECKING:
    from tests.cast import Cast


def test_an_incomplete_text_is_kept_as_a_draft(cast: Cast) -> None:
    suggestion = draft_save(
        actor=cast.actor("deputy"), client_token=uuid.uuid4(), values={"title": "只有标题"}, version=None
    )
    assert fresh(suggestion).status == "draft"
    assert fresh(suggestion).congress == cast.congress
    assert fresh(suggestion).office == cast.offices["city_office"]


def test_the_same_form_sent_twice_makes_one_suggestion(cast: Cast) -> None:
    token = uuid.uuid4()
    actor = cast.actor("deputy")
    suggestion_submit(actor=actor, client_token=token, values=texts(), version=None)
    with pytest.raises(IllegalTransition) as refused:
        suggestion_submit(actor=actor, client_token=token, values=texts(), version=None)
    assert refused.value.code == "already_submitted"
    assert Suggestion.objects.count() == 1


def test_submitting_tells_the_office_and_starts_its_clock(cast: Cast) -> None:
    suggestion = submitted(cast)
    deadline = Deadline.objects.get(kind="suggestion_handover")
    assert (deadline.holder, deadline.unit, deadline.length) == (cast.offices["city_office"], "working_days", 10)
    told = set(Notice.objects.filter(url=suggestion.get_absolute_url()).values_list("recipient__username", flat=True))
    assert told == {"insider", "approver"}
    assert StateChange.objects.filter(act="submit").count() == 1
    assert AuditEntry.objects.filter(action="suggestion.submit").count() == 1


@pytest.mark.parametrize("field", ["title", "situation", "proposal", "category_id"])
def test_a_missing_field_is_named(cast: Cast, field: str) -> None:
    empty = None if field == "category_id" else "  "
    with pytest.raises(InvalidInput) as refused:
        suggestion_submit(
            actor=cast.actor("deputy"), client_token=uuid.uuid4(), values=texts(**{field: empty}), version=None
        )
    assert set(refused.value.fields) == {field}
    assert not Deadline.objects.exists()


def test_not_publishing_needs_a_reason(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refused:
        submitted(cast, publish_consent="none")
    assert set(refused.value.fields) == {"publish_reason"}


def test_an_over_long_text_and_a_wrong_phone_are_named(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refused:
        submitted(cast, situation="长" * 8001, contact_phone="12345")
    assert set(refused.value.fields) == {"situation", "contact_phone"}


def test_a_draft_changed_on_another_device_is_told(cast: Cast) -> None:
    suggestion = draft(cast)
    actor = cast.actor("deputy")
    draft_save(actor=actor, client_token=suggestion.client_token, values={"title": "手机上改的"}, version=1)
    with pytest.raises(StaleVersion):
        draft_save(actor=actor, client_token=suggestion.client_token, values={"title": "电脑上改的"}, version=1)
    assert fresh(suggestion).title == "手机上改的"


def test_what_is_kept_already_ages_no_page(cast: Cast) -> None:
    """A save whose answer was lost, or one sent while the page was being left, comes behind the form it was in."""
    suggestion = draft(cast)
    actor, token = cast.actor("deputy"), suggestion.client_token
    values = {"title": "手机上改的", "lead_id": suggestion.lead_id}
    shown = draft_save(actor=actor, client_token=token, values=values, version=1)
    for late in (None, 1, shown.version):
        draft_save(actor=actor, client_token=token, values=values, version=late)
    assert fresh(suggestion).version == shown.version
    done = suggestion_submit(actor=actor, client_token=token, values=values, version=shown.version)
    assert done.status == SuggestionStatus.SUBMITTED


def test_nobody_else_sees_or_changes_a_draft(cast: Cast) -> None:
    suggestion = draft(cast)
    for name in ("insider", "approver", "other_deputy", "unit", "prosecutor", "stranger", "auditor"):
        assert not Suggestion.objects.visible_to(cast.actor(name)).exists(), name
    with pytest.raises(NotFound):
        draft_save(actor=cast.actor("other_deputy"), client_token=suggestion.client_token, values=texts(), version=None)
    with pytest.raises(NotFound):
        draft_attach(actor=cast.actor("other_deputy"), public_id=suggestion.public_id, upload=pdf())


def test_staff_cannot_write_suggestions(cast: Cast) -> None:
    with pytest.raises(DomainError):
        draft(cast, "insider")


def test_files_come_and_go_until_submission(cast: Cast) -> None:
    suggestion = draft(cast)
    actor = cast.actor("deputy")
    attachment = draft_attach(actor=actor, public_id=suggestion.public_id, upload=pdf("现场.pdf"))
    draft_detach(actor=actor, public_id=suggestion.public_id, attachment_public_id=attachment.public_id)
    attachment.refresh_from_db()
    assert attachment.removed_at is not None
    suggestion_submit(actor=actor, client_token=suggestion.client_token, values={}, version=None)
    with pytest.raises(IllegalTransition):
        draft_attach(actor=actor, public_id=suggestion.public_id, upload=pdf())


def test_a_discarded_draft_is_gone_for_its_writer_too(cast: Cast) -> None:
    suggestion = draft(cast)
    draft_discard(actor=cast.actor("deputy"), public_id=suggestion.public_id)
    assert not Suggestion.objects.visible_to(cast.actor("deputy")).exists()
    assert fresh(suggestion).status == "discarded"
