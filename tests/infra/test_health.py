"""The probes tell whether the process is alive and whether the portal is ready; people get a 503 page."""

from __future__ import annotations

import socket
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from liaison.celery import app
from liaison.models import Heartbeat
from liaison.selectors import health
from liaison.views.away import is_database_away


@pytest.fixture
def database_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: DatabaseWrapper) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(DatabaseWrapper, "ensure_connection", refuse)


def beat_seen(*, minutes_ago: float) -> None:
    seen_at = timezone.now() - timedelta(minutes=minutes_ago)
    Heartbeat.objects.update_or_create(name=health.HEARTBEAT, defaults={"seen_at": seen_at})


def test_healthz_needs_nothing_but_the_process(client: Client) -> None:
    answer = client.get("/healthz", headers={"host": "10.0.0.7:8000"})
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


@pytest.mark.django_db
def test_readyz_is_200_when_database_broker_and_beat_are_there(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    beat_seen(minutes_ago=1)
    with django_assert_max_num_queries(2):  # SELECT 1, the heartbeat
        answer = client.get("/readyz", headers={"host": "10.0.0.7:8000"})
    assert answer.status_code == 200
    assert {name: part["ok"] for name, part in answer.json()["parts"].items()} == {
        "database": True,
        "broker": True,
        "beat": True,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("minutes_ago", [None, 6])
def test_readyz_is_503_when_the_beat_was_not_seen_lately(client: Client, minutes_ago: float | None) -> None:
    if minutes_ago is not None:
        beat_seen(minutes_ago=minutes_ago)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["beat"]["ok"] is False
    assert answer.json()["parts"]["database"]["ok"] is True


@pytest.mark.django_db
def test_readyz_is_503_when_the_broker_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    beat_seen(minutes_ago=1)
    with socket.socket() as taken:  # a port where nobody listens
        taken.bind(("127.0.0.1", 0))
        broker = f"redis://127.0.0.1:{taken.getsockname()[1]}/0"
        monkeypatch.setattr(app.conf, "broker_url", broker)
        monkeypatch.setattr(app.conf, "broker_write_url", broker)
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["broker"]["ok"] is False


@pytest.mark.django_db
def test_readyz_says_so_when_the_database_is_away(client: Client, database_away: None) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == {"ok": False, "detail": "OperationalError"}
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/accounts/login/"])
def test_people_get_a_503_page_when_the_database_is_away(
    client: Client, database_away: None, settings: Settings, path: str
) -> None:
    client.raise_request_exception = False
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    answer = client.get(path)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "数据库" in answer.content.decode()


@pytest.mark.django_db
def test_machines_get_a_problem_document_when_the_database_is_away(
    client: Client, database_away: None, settings: Settings
) -> None:
    client.raise_request_exception = False
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    answer = client.get("/", headers={"accept": "application/json"})
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "database_away"


def caused_by(sqlstate: str | None) -> OperationalError:
    """Django's error with the driver's below it, as Django chains them."""
    cause: Any = RuntimeError("driver")
    cause.sqlstate = sqlstate
    error = OperationalError("x")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("sqlstate", [None, "08006", "57P01", "57P03", "53300"])
def test_a_lost_connection_counts_as_database_away(sqlstate: str | None) -> None:
    assert is_database_away(caused_by(sqlstate))


@pytest.mark.parametrize("error", [caused_by("40P01"), caused_by("57014"), ValueError("x"), None])
def test_a_deadlock_a_timeout_or_a_mistake_of_ours_does_not(error: BaseException | None) -> None:
    assert not is_database_away(error)
