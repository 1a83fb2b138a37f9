"""Two workers, or two colleagues, at once: each quarter is opened once, each report is taken once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.db import connection

from liaison.exceptions import DomainError
from liaison.models import Deadline
from tests.cast import build_cast
from tests.votes import works
from tests.votes.people import County, build_county
from votes.models import ProgressReport
from votes.services.report import reports_catch_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committed(transactional_db: None, settings: SettingsWrapper, tmp_path_factory: pytest.TempPathFactory) -> County:
    """The county, so that other connections see it."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")
    return build_county(build_cast())


def twice(act: Callable[[], Any]) -> tuple[list[Any], list[DomainError]]:
    """The same act in two threads with their own connections, starting together; results and refusals."""
    barrier = threading.Barrier(2)
    done: list[Any] = []
    refused: list[DomainError] = []

    def run() -> None:
        try:
            barrier.wait(timeout=20)
            done.append(act())
        except DomainError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(done) + len(refused) == 2
    return done, refused


def test_two_beats_open_each_quarter_once(committed: County) -> None:
    with time_machine.travel("2026-08-10T02:00:00Z", tick=True):
        works.started(committed, 3)
    with time_machine.travel("2026-11-10T02:00:00Z", tick=True):
        done, refused = twice(reports_catch_up)
    assert refused == []
    assert sum(done) == 3
    assert ProgressReport.objects.filter(quarter=4).count() == 3
    clocks = Deadline.objects.unscoped(reason="test").open().filter(kind="progress_report")
    assert clocks.count() == 6


def test_the_same_report_sent_twice_is_taken_once(committed: County) -> None:
    project = works.project(committed)
    report = works.due_report(project)
    done, refused = twice(lambda: works.report_at(committed, project, report))
    assert len(done) == 1
    assert "不能再" in refused[0].message
    report.refresh_from_db()
    assert report.status == "submitted"
