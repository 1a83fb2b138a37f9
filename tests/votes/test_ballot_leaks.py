"""Choices, receipts and passphrases reach no log and no error report."""

from __future__ import annotations

import logging
import sys
from typing import Any

import pytest
from django.core.signals import got_request_exception
from django.views.debug import ExceptionReporter

from tests.votes import round_steps as steps
from tests.votes.people import County
from votes import sealing
from votes.models import Round
from votes.services import ballot as ballot_service
from votes.services import count as count_service
from votes.services.roll import slips_issue

LINES = {"line_1": "against", "line_2": "abstain", "line_3": "for"}
CHOICES = ("against", "abstain", "NAF", "投反对")


@pytest.fixture
def reports() -> Any:
    """What an administrator would get by mail about each crash."""
    texts: list[str] = []

    def keep(sender: object, request: Any, **kwargs: Any) -> None:
        reporter = ExceptionReporter(request, *sys.exc_info(), is_email=True)
        texts.extend([reporter.get_traceback_text(), reporter.get_traceback_html()])

    got_request_exception.connect(keep)
    yield texts
    got_request_exception.disconnect(keep)


def crash(*args: Any, **kwargs: Any) -> None:
    raise RuntimeError("crash")


@pytest.fixture
def round_(county: County) -> Round:
    return steps.opened(county, steps.projects_round(county))


def test_a_crash_while_voting_reports_no_choice(
    county: County,
    round_: Round,
    reports: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    client = county.cast.client("deputy")
    client.raise_request_exception = False
    receipt = sealing.new_receipt()
    for name in ("record_audit", "seal_ballot", "encode"):
        with monkeypatch.context() as patch:
            patch.setattr(ballot_service, name, crash)
            answer = client.post(f"/vote/{round_.public_id}/cast/", LINES | {"receipt": receipt})
        assert answer.status_code == 500
    assert len(reports) == 6
    for text in (*reports, caplog.text):
        for secret in (receipt, sealing.plain_code(receipt), *CHOICES):
            assert secret not in text


def test_voting_logs_no_choice(county: County, round_: Round, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    receipt = sealing.new_receipt()
    answer = county.cast.client("deputy").post(f"/vote/{round_.public_id}/cast/", LINES | {"receipt": receipt})
    assert receipt in answer.content.decode()
    for secret in (receipt, sealing.plain_code(receipt), *CHOICES):
        assert secret not in caplog.text


def test_a_crash_while_counting_reports_no_passphrase_and_no_ballot(
    county: County, round_: Round, reports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps.cast_all(county, round_, [["against", "abstain", "for"]] * 6)
    steps.closed(county, round_)
    client = county.cast.client("county_clerk")
    client.raise_request_exception = False
    typed = {"scrutineer_passphrase": steps.ONE, "counter_passphrase": steps.OTHER}
    for name in ("tally", "_write_ballots", "_open_all", "teller_key_for"):
        with monkeypatch.context() as patch:
            patch.setattr(count_service, name, crash)
            answer = client.post(f"/rounds/{round_.public_id}/count/", typed)
        assert answer.status_code == 500, name
    assert len(reports) == 8
    for text in reports:
        for secret in (steps.ONE, steps.OTHER, "NAF"):
            assert secret not in text


@pytest.mark.parametrize("path", ["", "look/", "cast/"])
def test_a_crash_while_drawing_a_page_reports_no_choice(
    county: County, round_: Round, reports: list[str], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    client = county.cast.client("deputy")
    client.raise_request_exception = False
    receipt = sealing.new_receipt()
    monkeypatch.setattr("votes.views.ballot.render", crash)
    answer = client.post(f"/vote/{round_.public_id}/{path}", LINES | {"receipt": receipt})
    assert answer.status_code == 500
    for text in reports:
        for secret in (receipt, *CHOICES):
            assert secret not in text


@pytest.mark.parametrize("path", ["", "look/", "cast/"])
def test_a_crash_at_the_shared_tablet_reports_no_choice_and_no_slip(
    county: County, round_: Round, reports: list[str], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    ((_entry, code),) = slips_issue(
        actor=county.actor("county_clerk"), public_id=round_.public_id, entries=[steps.lines(round_)[8].public_id]
    )
    client = county.cast.client("anonymous")
    client.raise_request_exception = False
    receipt = sealing.new_receipt()
    if path == "cast/":
        monkeypatch.setattr(ballot_service, "record_audit", crash)
    else:
        monkeypatch.setattr("votes.views.ballot.render", crash)
        monkeypatch.setattr("votes.views.ballot_slip.render", crash)
    answer = client.post(f"/vote/slip/{path}", LINES | {"receipt": receipt, "code": code})
    assert answer.status_code == 500
    for text in reports:
        for secret in (receipt, code, sealing.plain_code(code), *CHOICES):
            assert secret not in text


def test_a_crash_while_a_passphrase_is_set_does_not_report_it(
    county: County, reports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = steps.with_tellers(county, steps.projects_round(county))
    client = county.cast.client("cosigner")
    client.raise_request_exception = False
    for name in ("votes.services.tellers.audit", "votes.sealing.teller_key", "votes.views.round_people.call"):
        with monkeypatch.context() as patch:
            patch.setattr(name, crash)
            typed = {"passphrase": steps.ONE, "again": steps.ONE}
            assert client.post(f"/rounds/{round_.public_id}/passphrase/", typed).status_code == 500, name
    assert len(reports) == 6
    for text in reports:
        assert steps.ONE not in text
