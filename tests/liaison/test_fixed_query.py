"""Queries whose SQL is written once a process."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liaison.models import Organisation, Posting
from liaison.selectors.actors import staff_capacities
from liaison.selectors.fixed import FixedQuery
from tests.cast import Cast

REASON = "the test looks at everybody's"


def postings(user_id: int) -> list[tuple[int]]:
    rows = Posting.objects.unscoped(reason=REASON).in_force().filter(user_id=user_id).order_by("id")
    return list(rows.values_list("id"))


def test_it_answers_as_the_query_does_for_every_number(cast: Cast) -> None:
    fixed = FixedQuery(
        lambda user_id: (
            Posting.objects.unscoped(reason=REASON).in_force().filter(user_id=user_id).order_by("id").values_list("id")
        )
    )
    users = list(Posting.objects.unscoped(reason=REASON).values_list("user_id", flat=True))
    assert len(set(users)) > 3
    for user_id in [*users, 0]:
        assert fixed(user_id) == postings(user_id)


def test_the_sql_is_written_once(cast: Cast) -> None:
    written = []

    def make(region_id: int) -> object:
        written.append(region_id)
        return Organisation.objects.unscoped(reason=REASON).filter(region_id=region_id).values_list("id")

    fixed = FixedQuery(make)  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as asked:
        fixed(1)
        fixed(2)
    assert len(written) == 1
    assert len(asked) == 2


@pytest.mark.parametrize("times", [0, 2])
def test_a_query_with_another_number_of_numbers_is_refused(cast: Cast, times: int) -> None:
    def make(number: int) -> object:
        rows = Organisation.objects.unscoped(reason=REASON)
        for _ in range(times):
            rows = rows.filter(pk=number)
        return rows.values_list("id")

    with pytest.raises(LookupError):
        FixedQuery(make)(1)  # type: ignore[arg-type]


def test_a_posting_that_ends_counts_no_more_at_once(cast: Cast) -> None:
    posting = Posting.objects.unscoped(reason=REASON).in_force().order_by("id")[0]
    keys = {actor.key for actor in staff_capacities(posting.user)}
    assert f"posting:{posting.pk}" in keys
    organisation = posting.organisation
    organisation.is_active = False
    organisation.save()
    assert f"posting:{posting.pk}" not in {actor.key for actor in staff_capacities(posting.user)}
