"""Work for Celery leaves after the commit, once, and never stops the act when the broker is away."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from liaison.queue import enqueue_on_commit

if TYPE_CHECKING:
    from pytest_django import DjangoCaptureOnCommitCallbacks

TASK = "liaison.tasks.deliver_notices"


@pytest.mark.django_db
def test_the_same_call_is_made_once(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    with patch(f"{TASK}.delay") as delay, django_capture_on_commit_callbacks(execute=True):
        enqueue_on_commit(TASK)
        enqueue_on_commit(TASK)
    assert delay.call_count == 1


@pytest.mark.django_db
def test_a_call_of_a_rolled_back_part_does_not_swallow_the_outer_one(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with patch(f"{TASK}.delay") as delay, django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            enqueue_on_commit(TASK)
            transaction.set_rollback(True)
        enqueue_on_commit(TASK)
    assert delay.call_count == 1


@pytest.mark.django_db
def test_a_broker_that_is_away_does_not_stop_the_act(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with (
        patch(f"{TASK}.delay", side_effect=ConnectionError),
        django_capture_on_commit_callbacks(execute=True) as callbacks,
    ):
        enqueue_on_commit(TASK)
    assert len(callbacks) == 1


@pytest.mark.parametrize("entry", settings.CELERY_BEAT_SCHEDULE.values(), ids=lambda entry: str(entry["task"]))
def test_every_beat_entry_names_a_task(entry: dict[str, object]) -> None:
    task = import_string(str(entry["task"]))
    assert task.name == entry["task"]
