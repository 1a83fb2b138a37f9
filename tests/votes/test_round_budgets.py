"""Query budgets of the pages of votes: the same number of queries whatever the number of rows."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from tests.suggestions.budgets import queries
from tests.votes import round_steps as steps
from tests.votes.people import County
from tests.votes.round_steps import AGAINST, FOR
from votes.models import Round
from votes.services.roll import roll_prepare


def grow(county: County, deputies: int) -> None:
    """So many more deputies in the congress."""
    from tests.deputies.factories import make_mandate

    for number in range(deputies):
        make_mandate(county.congress, 200 + number)


def test_the_list_of_rounds(county: County) -> None:
    client, url = county.cast.client("county_clerk"), reverse("rounds:list")
    steps.appraisal(county)
    few = len(queries(client, url))
    for _ in range(6):
        steps.appraisal(county)
    assert len(queries(client, url)) == few
    # session and user, posting, the shell's counts, tabs, the page of rounds
    assert few <= 22


def test_the_presiding_page_and_its_poll(county: County) -> None:
    client = county.cast.client("county_clerk")
    round_ = steps.projects_round(county)
    pages = {
        name: reverse(f"rounds:{name}", args=[round_.public_id])
        for name in ("detail", "turnout", "roll", "slips", "paper", "hall")
    }
    few = {name: len(queries(client, url)) for name, url in pages.items()}
    grow(county, 20)
    roll_prepare(actor=county.actor("county_clerk"), public_id=round_.public_id)
    assert {name: len(queries(client, url)) for name, url in pages.items()} == few
    # the poll: session, user, posting, the round, the turnout (once a person looks on, every three seconds)
    assert few["turnout"] <= 7


def test_a_deputys_list_and_ballot(county: County) -> None:
    client, url = county.cast.client("deputy"), reverse("ballots:list")
    round_ = steps.opened(county, steps.projects_round(county))
    few = len(queries(client, url))
    ballot = reverse("ballots:ballot", args=[round_.public_id])
    ballot_few = len(queries(client, ballot))
    for _ in range(4):
        steps.opened(county, steps.appraisal(county, *(f"对象{number}" for number in range(12))))
    assert len(queries(client, url)) == few
    longer = reverse("ballots:ballot", args=[Round.objects.latest("id").public_id])
    assert len(queries(client, longer)) == ballot_few
    # two thousand phones ask it in a minute: session, user, posting, mandate, the line on the roll, the ballot's lines
    assert ballot_few <= 6


def test_the_public_result(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    steps.cast_all(county, round_, [[FOR, FOR, AGAINST]] * 9)
    steps.counted(county, round_)
    steps.declared(county, round_)
    # published round, tellers, receipts
    assert len(queries(Client(), reverse("open_rounds:detail", args=[round_.public_id]))) <= 5
    assert len(queries(Client(), reverse("open_rounds:list"))) <= 2
