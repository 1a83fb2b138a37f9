"""The yearly freeze: by an approver, once, kept with a hash that anybody can compute; corrections show beside it."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from io import StringIO
from typing import TYPE_CHECKING

import pgtrigger
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse

from deputies.models import DutyFigure, DutyKind, DutyYear
from deputies.selectors.duty_file import Period, kind_sums
from deputies.selectors.duty_year import canonical_lines, closable_years, corrections_since, hash_of
from deputies.services.duty import duty_clear
from deputies.services.duty_check import duty_check
from deputies.services.duty_year import duty_year_close
from liaison.exceptions import DomainError, NotAllowed, StaleVersion
from tests.deputies.duty_files import SYSTEM, contested, enter

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def close(cast: Cast, year: int = 2025, who: str = "approver") -> DutyYear:
    return duty_year_close(actor=cast.actor(who), congress_id=cast.congress.public_id, year=year)


def test_the_figures_are_frozen_with_a_hash_and_a_later_correction_stands_beside_them(cast: Cast) -> None:
    entry = enter(cast)
    enter(cast, "走访", kind=DutyKind.PEOPLE_VISITED, quantity=12, who="cosigner")
    enter(cast, "明年的", on=dt.date(2026, 2, 1))
    done = close(cast)
    mandate = cast.mandates["deputy"]
    text = f"duty-year|{cast.congress.public_id}|2025|3|2\nYY-0701|deed||1.0\nYY-0702|people_visited||12.0\n"
    assert done.sha256 == hashlib.sha256(text.encode()).hexdigest() == hash_of(canonical_lines(done))
    client = cast.client("insider")
    streamed = client.get(reverse("duty:year_text", args=[done.public_id]))
    assert b"".join(streamed) == text.encode()  # type: ignore[arg-type]
    assert corrections_since(done) == []

    duty_clear(actor=SYSTEM, source=entry.source, reason="不属实")
    (row,) = corrections_since(done)
    assert (row.mandate, row.frozen, row.now, row.difference) == (mandate, 1, 0, -1)
    (line,) = kind_sums(mandate, Period(2025))
    assert (line.frozen, line.now) == (1, 0)
    page = client.get(reverse("duty:year", args=[done.public_id])).content.decode()
    assert "校验一致" in page
    assert "减少1件" in client.get(reverse("duty:file", args=[mandate.public_id, "2025"])).content.decode()
    assert hash_of(canonical_lines(done)) == done.sha256


def test_the_list_is_narrowed_by_year_level_and_region(cast: Cast) -> None:
    close(cast)
    close(cast, 2024)
    duty_year_close(actor=SYSTEM, congress_id=cast.congresses["county"].public_id, year=2025)
    client, url = cast.client("approver"), reverse("duty:years")

    def shown(**asked: str) -> list[tuple[str, int]]:
        return [(one.congress.level, one.year) for one in client.get(url, asked).context["page"].items]

    assert shown() == [("city", 2025), ("county", 2025), ("city", 2024)]
    assert shown(year="2025") == [("city", 2025), ("county", 2025)]
    assert shown(level="city") == [("city", 2025), ("city", 2024)]
    assert shown(region="430903") == [("county", 2025)]
    assert shown(year="1900") == []
    page = client.get(url, {"level": "city"}).context
    assert {congress.level for congress, _years in page["open_years"]} == {"city"}
    page = client.get(url, {"level": "county"}).context
    assert page["open_years"] == []  # the county's own office closes them


def test_nobody_changes_what_is_frozen_and_a_forgery_shows(cast: Cast) -> None:
    enter(cast)
    done = close(cast)
    call_command("duty_verify", stdout=StringIO())
    for act in (lambda: DutyFigure.objects.update(quantity=9), lambda: DutyYear.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with pgtrigger.ignore("deputies.DutyFigure:dutyfigure_append_only"):  # somebody with the database's password
        DutyFigure.objects.update(quantity=Decimal(9))
    page = cast.client("insider").get(reverse("duty:year", args=[done.public_id])).content.decode()
    assert "校验不一致" in page
    with pytest.raises(CommandError):
        call_command("duty_verify", stdout=StringIO())


def test_a_year_is_closed_once_when_over_and_by_an_approver_of_the_congress(cast: Cast) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 30, 4, tzinfo=dt.UTC), tick=False):
        assert closable_years(cast.congress)[0] == 2025
        with pytest.raises(DomainError) as early:
            close(cast, 2026)
        assert early.value.code == "year_not_over"
    with time_machine.travel(dt.datetime(2026, 12, 1, 4, tzinfo=dt.UTC), tick=False):
        assert closable_years(cast.congress)[0] == 2026
    with pytest.raises(NotAllowed):
        close(cast, who="insider")
    close(cast)
    with pytest.raises(DomainError) as twice:
        close(cast)
    assert twice.value.code == "year_closed"


def test_the_page_before_it_names_what_is_open(cast: Cast) -> None:
    entry = enter(cast)
    enter(cast, "走访", kind=DutyKind.PEOPLE_VISITED, quantity=12, who="cosigner")
    contested(cast, entry)
    mandate = cast.mandates["cosigner"].public_id
    duty_check(actor=cast.actor("insider"), mandate_id=mandate, year=2025, seen=None)
    url = reverse("duty:year_close", args=[cast.congress.public_id, 2025])
    state = cast.client("approver").get(url).context["state"]
    assert (state.open_contests, state.unchecked, state.figures, state.deputies) == (1, 1, 2, 3)


def test_a_check_says_how_far_it_reached_and_what_came_after_is_marked(cast: Cast) -> None:
    enter(cast)
    mandate = cast.mandates["deputy"]
    clerk = cast.actor("insider")
    url = reverse("duty:file", args=[mandate.public_id, "2025"])
    page = cast.client("insider").get(url)
    assert "核对无误，截至第1条" in page.content.decode()
    seen = page.context["state"].ledger.token
    enter(cast, "第二件", on=dt.date(2025, 6, 1))
    with pytest.raises(StaleVersion):
        duty_check(actor=clerk, mandate_id=mandate.public_id, year=2025, seen=seen)
    check = duty_check(actor=clerk, mandate_id=mandate.public_id, year=2025, seen=None)
    assert (check.entries, duty_check(actor=clerk, mandate_id=mandate.public_id, year=2025, seen=None)) == (2, check)
    assert "核对后新增" not in cast.client("insider").get(url).content.decode()
    enter(cast, "第三件", on=dt.date(2025, 7, 1))
    assert "核对后新增" in cast.client("deputy").get(url).content.decode()
    with pytest.raises(DatabaseError), transaction.atomic():
        type(check).objects.update(note="改了")
    with pytest.raises(NotAllowed):
        duty_check(actor=cast.actor("county_clerk"), mandate_id=mandate.public_id, year=2025, seen=None)
