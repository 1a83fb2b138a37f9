"""Two at once: one contest is decided once, one year is closed once, one form is one contest."""

from __future__ import annotations

import uuid

import pytest

from deputies.models import DutyContest, DutyEntry, DutyYear
from deputies.services.duty_contest import contest_accept, contest_entry
from deputies.services.duty_year import duty_year_close
from tests.cast import Cast, build_cast
from tests.deputies.duty_files import enter
from tests.votes.test_work_concurrency import twice

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_contest_and_a_freeze_pressed_by_two_at_once_happen_once(transactional_db: None) -> None:
    cast: Cast = build_cast()
    entry = enter(cast)
    deputy, clerk, approver = cast.actor("deputy"), cast.actor("insider"), cast.actor("approver")
    token = uuid.uuid4()
    done, refused = twice(
        lambda: contest_entry(actor=deputy, entry_id=entry.public_id, client_token=token, text="不是我做的。")
    )
    assert (len(done), refused, DutyContest.objects.count()) == (2, [], 1)
    contest = done[0].public_id
    done, refused = twice(lambda: contest_accept(actor=clerk, contest_id=contest, decision="属实"))
    assert (len(done), len(refused)) == (1, 1)
    assert DutyEntry.objects.filter(reverses=entry).count() == 1
    congress = cast.congress.public_id
    done, refused = twice(lambda: duty_year_close(actor=approver, congress_id=congress, year=2025))
    assert (len(done), len(refused), DutyYear.objects.count()) == (1, 1, 1)
