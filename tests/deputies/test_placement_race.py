"""Two clerks, or one who presses twice: nobody is placed twice, no reception day stands twice."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from deputies.models import Placement, RotaDay
from deputies.services.placement import placement_add, placements_save
from deputies.services.rota import rota_add
from tests.cast import Cast, build_cast
from tests.deputies.open_stations import make_station, place
from tests.votes.test_work_concurrency import twice

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committed(transactional_db: None) -> Cast:
    """The cast, so that other connections see it."""
    return build_cast()


def test_pressed_twice_or_at_once_everybody_stands_in_one_station(committed: Cast) -> None:
    cast, actor = committed, committed.actor("county_clerk")
    stations = [make_station(cast), make_station(cast, "另一个站")]
    two = [str(cast.mandates[name].public_id) for name in ("deputy", "cosigner")]
    choices = dict.fromkeys(two, str(stations[0].public_id))
    done, refused = twice(lambda: placements_save(actor=actor, choices=choices))
    assert refused == []
    assert sorted((one.made, one.already) for one in done) == [(0, 2), (2, 0)]

    waiting = [station.public_id for station in stations]
    mandate = cast.mandates["other_deputy"].public_id
    done, refused = twice(lambda: placement_add(actor=actor, station_id=waiting.pop(), mandate_id=mandate))
    assert (len(done), len(refused)) == (1, 1)
    assert Placement.objects.in_force().count() == 3


def test_a_series_sent_twice_stands_once(committed: Cast) -> None:
    cast, actor = committed, committed.actor("county_clerk")
    station = make_station(cast)
    place(station, cast.mandates["deputy"])
    days = [timezone.localdate() + dt.timedelta(days=day) for day in (1, 8)]
    done, refused = twice(
        lambda: rota_add(
            actor=actor,
            station_id=station.public_id,
            dates=days,
            starts_at=dt.time(9),
            ends_at=dt.time(11),
            mandate_ids=[cast.mandates["deputy"].public_id],
        )
    )
    assert (len(done), len(refused)) == (1, 1)
    assert RotaDay.objects.count() == 2
