"""The month of the procuratorate: computed by the rulebook, paused while something is missing, met by the opinion."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
import time_machine

from liaison.calendar import SHANGHAI
from liaison.models import Deadline
from liaison.selectors.deadline_view import deadlines_of
from suggestions.selectors.transfer import opinion_period
from tests.suggestions.transfers import marked, received, step, transferred, walk

if TYPE_CHECKING:
    from suggestions.models import Transfer
    from tests.cast import Cast


def at(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> time_machine.travel:
    return time_machine.travel(dt.datetime(year, month, day, hour, minute, tzinfo=SHANGHAI), tick=False)


def clock(transfer: Transfer) -> Deadline:
    return Deadline.objects.get(kind="transfer_opinion", object_id=transfer.pk)


@pytest.mark.parametrize(
    ("sent", "nominal", "due"),
    [
        # The rulebook's example: the day of the 益阳 rule, 25 June 2022 is a Saturday.
        ((2022, 5, 25), dt.date(2022, 6, 25), dt.date(2022, 6, 27)),
        ((2025, 1, 31), dt.date(2025, 2, 28), dt.date(2025, 2, 28)),
        ((2024, 1, 31), dt.date(2024, 2, 29), dt.date(2024, 2, 29)),
        # 3 May lies in the holidays of 2026; the 4th and 5th too.
        ((2026, 4, 3), dt.date(2026, 5, 3), dt.date(2026, 5, 6)),
        # A make-up Saturday is a working day: 2022-05-07.
        ((2022, 4, 7), dt.date(2022, 5, 7), dt.date(2022, 5, 7)),
    ],
)
def test_the_month_ends_as_the_rulebook_says(
    cast: Cast, sent: tuple[int, int, int], nominal: dt.date, due: dt.date
) -> None:
    with at(*sent):
        transfer = transferred(cast)
        deadline = clock(transfer)
        assert (deadline.starts_on, deadline.nominal_due, deadline.due_on) == (dt.date(*sent), nominal, due)


def test_the_day_of_transfer_is_that_of_shanghai(cast: Cast) -> None:
    with time_machine.travel(dt.datetime(2022, 5, 24, 17, 30, tzinfo=ZoneInfo("UTC")), tick=False):
        transfer = transferred(cast)
    assert clock(transfer).starts_on == dt.date(2022, 5, 25)


def test_the_preview_is_what_the_approval_opens(cast: Cast) -> None:
    with at(2022, 5, 25):
        transfer = marked(cast)
        expected = opinion_period(transfer, dt.date(2022, 5, 25))
        step(cast, transfer, "approve")
        assert (expected.nominal_due, expected.due_on) == (clock(transfer).nominal_due, clock(transfer).due_on)


def test_an_opinion_at_the_last_minute_is_in_time_and_a_minute_later_it_is_not(cast: Cast) -> None:
    with at(2022, 5, 25):
        first = received(cast)
        second = received(cast)
    with at(2022, 6, 27, 23, 59):
        assert step(cast, first, "file").opinion_in_time is True
    with at(2022, 6, 28, 0, 0):
        # The document's own date does not save it: what counts is the day of reporting.
        late = step(cast, second, "decline", opinion_on=dt.date(2022, 6, 20))
    assert late.opinion_in_time is False
    assert clock(first).met_in_time is True
    assert clock(second).met_in_time is False


def test_the_pause_moves_the_end_by_its_days_and_is_shown(cast: Cast) -> None:
    with at(2022, 5, 25):
        transfer = received(cast)
    with at(2022, 6, 6):
        step(cast, transfer, "request_info")
    with at(2022, 7, 30):
        # Long past the first day, but the clock stands still.
        assert clock(transfer).paused_on == dt.date(2022, 6, 6)
        view = deadlines_of([transfer])[0]
        assert view.light is not None
        assert view.light.code == "paused"
    with at(2022, 6, 16):
        step(cast, transfer, "supply")
    deadline = clock(transfer)
    # 25 June and ten days of pause: 5 July, a Tuesday.
    assert (deadline.paused_on, deadline.paused_days) == (None, 10)
    assert (deadline.nominal_due, deadline.due_on) == (dt.date(2022, 7, 5), dt.date(2022, 7, 5))
    pauses = deadlines_of([transfer])[0].pauses
    assert [(pause.from_on, pause.until_on) for pause in pauses] == [(dt.date(2022, 6, 6), dt.date(2022, 6, 16))]


def test_two_pauses_add_up_and_a_pause_within_a_day_costs_nothing(cast: Cast) -> None:
    with at(2025, 1, 31):
        transfer = received(cast)
    with at(2025, 2, 10):
        walk(cast, transfer, "request_info", "supply")
        assert clock(transfer).due_on == dt.date(2025, 2, 28)
        step(cast, transfer, "request_info")
    with at(2025, 2, 13):
        walk(cast, transfer, "supply", "request_info")
    with at(2025, 2, 17):
        step(cast, transfer, "supply")
    # 28 February and seven days.
    assert clock(transfer).due_on == dt.date(2025, 3, 7)
    with at(2025, 3, 7, 18):
        assert step(cast, transfer, "file").opinion_in_time is True


def test_asking_after_the_end_does_not_make_a_late_opinion_punctual(cast: Cast) -> None:
    with at(2022, 5, 25):
        transfer = received(cast)
    with at(2022, 7, 4):
        step(cast, transfer, "request_info")
    with at(2022, 7, 11):
        step(cast, transfer, "supply")
        assert step(cast, transfer, "file").opinion_in_time is False


def test_later_steps_leave_the_met_clock_alone(cast: Cast) -> None:
    transfer = walk(cast, received(cast), "file")
    met_at = clock(transfer).met_at
    walk(cast, transfer, "recommend", "agency_answer", "rectify", "close")
    assert clock(transfer).met_at == met_at
