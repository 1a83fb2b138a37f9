"""Many events at once: those of different reports do not wait for each other, and one id is one event."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction
from django.utils import timezone

from liaison.exceptions import DomainError
from suggestions.models import HotlineEvent
from suggestions.serializers.hotline_report import parse_event
from suggestions.services.hotline_event import report_event
from suggestions.services.hotline_feed import lock_feed
from tests.cast import build_cast
from tests.suggestions.hotline import make_hotline, reported
from tests.suggestions.opinions import build_scene
from tests.suggestions.test_transfer_concurrency import at_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from suggestions.models import HotlineReport
    from suggestions.services.hotline_event import Told

pytestmark = pytest.mark.django_db(transaction=True)
Tell = "Callable[[HotlineReport, str], Callable[[], Told]]"


@pytest.fixture
def two(transactional_db: None) -> tuple[HotlineReport, HotlineReport, Tell]:
    """Two reports, and how an event of one is told."""
    cast = build_cast()
    scene, hotline = build_scene(cast), make_hotline(cast)
    actor, at = hotline.actor, timezone.now().isoformat()

    def tell(report: HotlineReport, event_id: str) -> Callable[[], Told]:
        values = parse_event({"event_id": event_id, "kind": "accepted", "at": at})

        def act() -> Told:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '10s'")  # who waits for the feed fails, and the test does not hang
            return report_event(actor=actor, public_id=report.public_id, values=values)

        return act

    return reported(hotline, scene), reported(hotline, scene), tell


def test_an_event_does_not_wait_for_the_clients_place_in_the_feed(
    two: tuple[HotlineReport, HotlineReport, Tell],
) -> None:
    report, _, tell = two
    with transaction.atomic():  # as somebody who is just handing over another report
        lock_feed(report.client_id)
        done, refused = at_once([tell(report, "e-1")])
    assert ([one.is_new for one in done], refused) == ([True], [])


def test_one_id_told_of_two_reports_at_once_is_one_event(two: tuple[HotlineReport, HotlineReport, Tell]) -> None:
    first, second, tell = two
    done, refused = at_once([tell(first, "e-1"), tell(second, "e-1")])
    assert (len(done), HotlineEvent.objects.count()) == (1, 1)
    (error,) = refused
    assert isinstance(error, DomainError)
    assert error.code == "event_id_reused"
    other = second if done[0].report == first else first
    other.refresh_from_db()
    assert other.status == "submitted"
