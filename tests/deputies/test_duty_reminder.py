"""November's word: once to each deputy who is behind, once to each office; late, twice or after an outage."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.conf import settings

from deputies.models import DutyReminder
from deputies.tasks import remind_duty
from liaison.models import Notice
from tests.deputies.duty_files import enter, quota

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def run(month: int, day: int, year: int = 2026) -> tuple[int, int]:
    with time_machine.travel(dt.datetime(year, month, day, 4, tzinfo=dt.UTC), tick=False):
        return remind_duty()


def told(cast: Cast, who: str) -> list[str]:
    return list(Notice.objects.filter(recipient=cast.user(who), kind="reminder").values_list("body", flat=True))


def test_whoever_is_behind_is_told_once_in_november_and_the_office_once(cast: Cast) -> None:
    quota(cast, 2)
    enter(cast, on=dt.date(2026, 3, 1))
    enter(cast, who="cosigner", on=dt.date(2026, 3, 1), quantity=2)
    assert run(10, 31) == (0, 0)
    assert run(11, 1) == (2, 1)
    assert [run(11, 1), run(11, 8), run(12, 20)] == [(0, 0)] * 3
    (words,) = told(cast, "deputy")
    assert "每年办实事不少于2件（还差1件）" in words
    assert told(cast, "cosigner") == []
    assert len(told(cast, "insider")) == len(told(cast, "approver")) == 1
    assert told(cast, "colleague") == []
    assert run(1, 5, year=2027) == (0, 0)


def test_after_an_outage_it_is_told_up_to_the_last_day_of_the_year(cast: Cast) -> None:
    quota(cast)
    assert run(12, 31) == (3, 1)
    assert run(11, 2, year=2027) == (3, 1)


def test_who_gets_an_account_later_is_still_told_and_nobody_else_again(cast: Cast) -> None:
    quota(cast)
    person = cast.people["deputy"]
    user, person.user = person.user, None
    person.save(update_fields=["user"])
    assert run(11, 3) == (2, 1)
    person.user = user
    person.save(update_fields=["user"])
    assert run(11, 4) == (1, 0)
    assert DutyReminder.objects.filter(year=2026).count() == 3


def test_the_beat_asks_for_it_every_day() -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["remind-duty"]
    assert (entry["task"], entry["schedule"]) == ("deputies.tasks.remind_duty", dt.timedelta(hours=24))
