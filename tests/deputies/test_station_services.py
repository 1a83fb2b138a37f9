"""Setting up stations, correcting them, their hours, and what ends when one is closed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from deputies.models import DeputyGroup, Placement, Station, StationKind
from deputies.selectors.station import by_words, station_list, week_of
from deputies.services.station import (
    StationFacts,
    station_close,
    station_create,
    station_edit,
    station_hours_save,
    station_publish,
)
from liaison.actor import ANONYMOUS, Actor
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import AuditEntry, Notice
from tests.cast import Cast
from tests.deputies.open_stations import hours, make_station, place, rota

pytestmark = pytest.mark.django_db
T = dt.time


def facts(**values: Any) -> StationFacts:
    given = {"name": "八字哨镇代表联络站", "address": "镇政府院内一楼", "opened_on": dt.date(2022, 6, 1)} | values
    return StationFacts(**given)


def created(actor: Actor, region: str = "430903101", kind: str = "station", **values: Any) -> Station:
    return station_create(actor=actor, region_code=region, kind=kind, facts=facts(**values))


def test_a_new_station_is_kept_by_the_nearest_office_and_not_yet_public(cast: Cast) -> None:
    station = created(cast.actor("insider"))
    assert (station.office, station.region_prefix) == (cast.offices["county_office"], "430903101")
    assert not station.is_published
    assert list(Station.objects.visible_to(ANONYMOUS)) == []
    station_publish(actor=cast.actor("county_clerk"), station_id=station.public_id, is_published=True)
    assert list(Station.objects.visible_to(ANONYMOUS)) == [station]
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "station.create",
        "station.publish",
    ]


def test_only_handlers_of_the_subtree_set_up(cast: Cast) -> None:
    for who in ("colleague", "deputy", "stranger"):
        with pytest.raises(NotAllowed):
            created(cast.actor(who))
    station = make_station(cast)
    with pytest.raises(NotFound):
        station_edit(actor=cast.actor("stranger"), station_id=station.public_id, facts=facts())
    with pytest.raises(NotAllowed):
        station_edit(actor=cast.actor("deputy"), station_id=station.public_id, facts=facts())


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "  "}, "name"),
        ({"address": ""}, "address"),
        ({"longitude": Decimal("112.5")}, "latitude"),
        ({"latitude": Decimal("28.5")}, "longitude"),
        ({"longitude": Decimal("28.5"), "latitude": Decimal("112.5")}, "longitude"),
        ({"opened_on": dt.date(2999, 1, 1)}, "opened_on"),
        ({"introduction": "字" * 1001}, "introduction"),
    ],
)
def test_what_cannot_be_is_refused_by_field(cast: Cast, values: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        created(cast.actor("insider"), **values)
    assert field in refused.value.fields
    assert not Station.objects.exists()


def test_a_region_has_one_online_station_at_a_time_and_needs_no_address(cast: Cast) -> None:
    actor = cast.actor("insider")
    first = created(actor, "430903", "online", name="赫山区线上总站", address="")
    with pytest.raises(InvalidInput, match="一地只设一个"):
        created(actor, "430903", "online", name="又一个", address="")
    station_close(actor=actor, station_id=first.public_id, reason="重建")
    created(actor, "430903", "online", name="赫山区线上总站", address="")
    created(actor)
    with pytest.raises(InvalidInput, match="同名"):
        created(actor)


@pytest.mark.parametrize(
    "values",
    [
        {"longitude": Decimal("112.5")},
        {"longitude": Decimal("28.5"), "latitude": Decimal("112.5")},
        {"address": ""},
        {"closed_on": dt.date(2023, 1, 1), "close_reason": "合并"},  # closed, and still public
        {"close_reason": "合并"},
    ],
)
def test_the_database_repeats_it(cast: Cast, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_station(cast, **values)


def test_a_correction_is_audited_found_by_its_words_and_refused_when_stale(cast: Cast) -> None:
    actor = cast.actor("county_clerk")
    station = created(actor)
    old = station.updated_at
    station_edit(actor=actor, station_id=station.public_id, facts=facts(address="老粮站对面"))
    entry = AuditEntry.objects.get(action="station.edit")
    assert entry.detail == {"address": ["镇政府院内一楼", "老粮站对面"]}
    with pytest.raises(StaleVersion):
        station_edit(
            actor=actor,
            station_id=station.public_id,
            facts=facts(),
            version=str(int(old.timestamp() * 1_000_000)),
        )
    place(station, cast.mandates["deputy"])
    for words, found in (("粮站", 1), ("八字哨", 1), ("赫山区八字哨", 1), ("李代表", 1), ("院内", 0), ("王附议", 0)):
        assert by_words(station_list(actor), words).count() == found, words


def test_hours_are_saved_together_or_not_at_all(cast: Cast) -> None:
    actor, station = cast.actor("county_clerk"), make_station(cast)
    station_hours_save(
        actor=actor,
        station_id=station.public_id,
        hours=[(3, T(14, 30), T(17)), (1, T(9), T(11, 30)), (3, T(9), T(11, 30))],
    )
    shown = [(day.weekday, day.hours) for day in week_of(station) if day.hours]
    assert shown == [("周一", "09:00至11:30"), ("周三", "09:00至11:30、14:30至17:00")]
    for wrong, said in (
        ([(1, T(9), T(11)), (1, T(10), T(12))], "重叠"),
        ([(1, T(11), T(9))], "晚于"),
        ([(1, T(hour), T(hour, 30)) for hour in range(8, 13)], "最多"),
    ):
        with pytest.raises(InvalidInput, match=said):
            station_hours_save(actor=actor, station_id=station.public_id, hours=wrong)
    assert station.hours.count() == 3
    station_hours_save(actor=actor, station_id=station.public_id, hours=[])
    assert week_of(station) == []


def test_closing_ends_what_hangs_on_the_station_and_tells_the_deputies(cast: Cast) -> None:
    station, other = make_station(cast), make_station(cast, "泉交河镇代表联络站")
    placed = place(station, cast.mandates["deputy"])
    elsewhere = place(other, cast.mandates["cosigner"])
    coming, past = rota(station, cast.mandates["deputy"]), rota(station, cast.mandates["deputy"], days=-1)
    group = DeputyGroup.objects.create(
        kind="group",
        name="第一小组",
        region=station.region,
        region_prefix=station.region_prefix,
        office=station.office,
        station=station,
        founded_on=station.opened_on,
    )
    with pytest.raises(InvalidInput):
        station_close(actor=cast.actor("county_clerk"), station_id=station.public_id, reason=" ")
    station_close(actor=cast.actor("county_clerk"), station_id=station.public_id, reason="撤并")
    for row in (placed, elsewhere, coming, past, group, station):
        row.refresh_from_db()
    assert (placed.ended_on, elsewhere.ended_on) == (timezone.localdate(), None)
    assert (coming.cancel_reason, past.cancelled_at) == ("联络站撤销", None)
    assert (group.station, station.is_published) == (None, False)
    assert list(Station.objects.visible_to(ANONYMOUS)) == [other]
    assert [notice.recipient for notice in Notice.objects.all()] == [cast.user("deputy")]
    with pytest.raises(DomainError, match="已撤销"):
        station_publish(actor=cast.actor("county_clerk"), station_id=station.public_id, is_published=True)


def test_who_sees_which_stations(cast: Cast) -> None:
    public = make_station(cast)
    draft = make_station(cast, "草稿", is_published=False)
    own = make_station(cast, "本人的站", is_published=False)
    place(own, cast.mandates["deputy"])
    Placement.objects.filter(station=own).update(kind=StationKind.STATION)
    seen = {
        "insider": {public, draft, own},
        "county_clerk": {public, draft, own},
        "stranger": set(),
        "deputy": {public, own},
        "other_deputy": {public},
        "unit": {public},
    }
    for who, stations in seen.items():
        assert set(Station.objects.visible_to(cast.actor(who))) == stations, who
    hours(public, 1)
    assert set(Station.objects.visible_to(ANONYMOUS)) == {public}
