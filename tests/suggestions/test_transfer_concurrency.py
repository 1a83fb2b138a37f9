"""Two people at once: one wins, the other is told who and when, and nothing is done twice."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from liaison.exceptions import DomainError
from liaison.models import Deadline, StateChange
from suggestions.models import Category, PublicInterestDomain, RefusalClause, Transfer
from tests.cast import build_cast
from tests.suggestions.steps import registered
from tests.suggestions.transfers import clue, marked, received, step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_django.fixtures import SettingsWrapper

    from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db: None, settings: SettingsWrapper, tmp_path_factory: pytest.TempPathFactory) -> Cast:
    """The cast, committed; with the reference data that an earlier test's flush may have taken away."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")
    Category.objects.get_or_create(name="城建环资")
    PublicInterestDomain.objects.get_or_create(name="生态环境和资源保护")
    RefusalClause.objects.get_or_create(name="没有具体内容")
    return build_cast()


def at_once(acts: Sequence[Callable[[], Any]]) -> tuple[list[Any], list[DomainError]]:
    """Run each act in a thread with its own connection, all starting together; results and refusals."""
    barrier = threading.Barrier(len(acts))
    done: list[Any] = []
    refused: list[DomainError] = []

    def run(act: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=20)
            done.append(act())
        except DomainError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(done) + len(refused) == len(acts)
    return done, refused


def test_two_clerks_mark_at_once(people: Cast) -> None:
    suggestion = registered(people)
    values = {who: clue(place=f"{who}写的地点") for who in ("insider", "approver")}

    def mark(who: str) -> Transfer:
        from suggestions.services.transfer import transfer_mark

        return transfer_mark(actor=people.actor(who), suggestion_public_id=suggestion.public_id, values=values[who])

    done, refused = at_once([lambda: mark("insider"), lambda: mark("approver")])
    assert (len(done), len(refused)) == (1, 1)
    assert refused[0].code == "already_marked"
    assert f"{done[0].marked_by.name}已于" in refused[0].message
    assert Transfer.objects.count() == 1


def test_two_presses_of_approve_make_one_transfer_and_one_clock(people: Cast) -> None:
    transfer = marked(people)
    done, refused = at_once([lambda: step(people, transfer, "approve", version=1)] * 3)
    assert (len(done), len(refused)) == (1, 2)
    assert all("周审核已于" in error.message for error in refused)
    assert Deadline.objects.filter(kind="transfer_opinion").count() == 1
    assert StateChange.objects.filter(act="approve").count() == 1


def test_approving_and_rejecting_at_once(people: Cast) -> None:
    transfer = marked(people)
    done, refused = at_once([lambda: step(people, transfer, "approve"), lambda: step(people, transfer, "reject")])
    assert (len(done), len(refused)) == (1, 1)
    transfer.refresh_from_db()
    assert transfer.status == done[0].status
    assert Deadline.objects.filter(kind="transfer_opinion").count() == (1 if transfer.status == "transferred" else 0)


def test_an_opinion_and_a_question_at_once(people: Cast) -> None:
    transfer = received(people)
    names = ("file", "decline", "request_info")
    done, refused = at_once([lambda name=name: step(people, transfer, name, version=3) for name in names])  # type: ignore[misc]
    assert (len(done), len(refused)) == (1, 2)
    assert all("唐检察已于" in error.message for error in refused)
    assert StateChange.objects.filter(act__in=names).count() == 1
