"""Reception days: one, a series, what is in the way, and their cancelling."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from deputies.models import Mandate, RotaDay, Station, StationKind
from deputies.selectors.rota import eligible_mandates, eligible_people, rota_of, rota_of_person, rota_plan, series_of
from deputies.services.checks import version_of
from deputies.services.rota import rota_add, rota_cancel, rota_edit
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import Notice
from tests.cast import Cast
from tests.deputies.factories import make_mandate
from tests.deputies.open_stations import make_station, place, rota

pytestmark = pytest.mark.django_db
T = dt.time


def added(cast: Cast, station: Station, *days: dt.date, who: str = "county_clerk", **values: Any) -> list[RotaDay]:
    given: dict[str, Any] = {
        "starts_at": T(9),
        "ends_at": T(11, 30),
        "mandate_ids": [cast.mandates["deputy"].public_id],
    } | values
    return rota_add(actor=cast.actor(who), station_id=station.public_id, dates=days, **given)


@pytest.fixture
def station(cast: Cast) -> Station:
    found = make_station(cast)
    place(found, cast.mandates["deputy"])
    return found


def soon(days: int = 1) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def test_a_series_is_put_on_the_rota_and_told_once(cast: Cast, station: Station) -> None:
    made = added(cast, station, soon(1), soon(8), soon(15), note="讲解医保政策")
    assert [day.on for day in rota_of(station)] == [day.on for day in made]
    assert [duty.mandate for duty in rota_of(station)[0].duties.all()] == [cast.mandates["deputy"]]
    notice = Notice.objects.get()
    assert notice.recipient == cast.user("deputy")
    assert "八字哨镇代表联络站" in notice.title
    assert [day.on for day in rota_of_person(cast.actor("deputy"))] == [soon(1), soon(8), soon(15)]
    assert rota_of_person(cast.actor("cosigner")) == []


def test_what_cannot_be_put_on_the_rota_leaves_nothing_behind(cast: Cast, station: Station) -> None:
    stranger = place(make_station(cast, "别处"), cast.mandates["cosigner"]).mandate
    wrong: list[tuple[list[dt.date], dict[str, Any]]] = [
        ([soon(-1)], {}),
        ([], {}),
        ([soon(day) for day in range(1, 62)], {}),
        ([soon()], {"ends_at": T(9)}),
        ([soon()], {"mandate_ids": []}),
        ([soon()], {"mandate_ids": [stranger.public_id]}),
    ]
    for days, values in wrong:
        with pytest.raises(InvalidInput):
            added(cast, station, *days, **values)
    assert not RotaDay.objects.exists()
    added(cast, station, soon())
    with pytest.raises(InvalidInput, match="已经排了接待"):
        added(cast, station, soon(2), soon(), starts_at=T(11))
    added(cast, station, soon(), starts_at=T(14), ends_at=T(17))
    assert RotaDay.objects.count() == 2


def test_a_day_is_moved_and_each_deputy_told_what_is_new_for_them(cast: Cast, station: Station) -> None:
    place(station, cast.mandates["cosigner"])
    day, other = added(cast, station, soon(1), soon(2))
    both = [cast.mandates["deputy"].public_id, cast.mandates["cosigner"].public_id]
    values: dict[str, Any] = {"starts_at": T(14), "ends_at": T(16), "mandate_ids": both, "note": "讲解医保"}
    act = {"actor": cast.actor("county_clerk"), "rota_id": day.public_id}
    shown = version_of(day.updated_at)
    moved = rota_edit(on=soon(2), version=shown, **act, **values)
    assert (moved.on, moved.hours, moved.note) == (soon(2), "14:00至16:00", "讲解医保")
    told = {notice.recipient: notice.title for notice in Notice.objects.order_by("id")}
    assert "有变化" in told[cast.user("deputy")]
    assert "请您到" in told[cast.user("cosigner")]
    with pytest.raises(StaleVersion):
        rota_edit(on=soon(3), version=shown, **act, **values)
    with pytest.raises(InvalidInput, match="已经排了接待"):
        rota_edit(on=other.on, **act, **values | {"starts_at": T(11)})
    rota_edit(on=soon(2), **act, **values | {"mandate_ids": both[1:]})
    assert "改由其他代表" in Notice.objects.filter(recipient=cast.user("deputy")).latest("id").title
    assert [duty.mandate_id for duty in moved.duties.all()] == [cast.mandates["cosigner"].pk]
    page = cast.client("county_clerk").get(f"/stations/rota/{day.public_id}/edit/")
    assert 'value="14:00"' in page.content.decode()
    rota_cancel(actor=cast.actor("county_clerk"), rota_id=day.public_id, reason="下大雪")
    with pytest.raises(DomainError, match="已经取消"):
        rota_edit(on=soon(2), **act, **values)


def test_who_may(cast: Cast, station: Station) -> None:
    for who, refused in (("colleague", NotAllowed), ("deputy", NotAllowed), ("stranger", NotFound)):
        with pytest.raises(refused):
            added(cast, station, soon(), who=who)
    station.is_published = False
    station.save()
    with pytest.raises(NotFound):
        added(cast, station, soon(), who="other_deputy")


def test_the_preview_names_days_off_taken_days_and_busy_deputies(cast: Cast, station: Station) -> None:
    series = series_of(dt.date(2030, 1, 2), dt.date(2030, 1, 20))  # three Wednesdays
    assert [day.isoweekday() for day in series] == [3, 3, 3]
    weekend = dt.date(2030, 1, 5)
    RotaDay.objects.create(station=station, on=series[0], starts_at=T(10), ends_at=T(12))
    studio = make_station(cast, "工作室", kind=StationKind.STUDIO)
    place(studio, cast.mandates["deputy"])
    busy = RotaDay.objects.create(station=studio, on=series[1], starts_at=T(11), ends_at=T(12))
    busy.duties.create(mandate=cast.mandates["deputy"])
    plan = rota_plan(
        station,
        dates=[*series, weekend],
        starts_at=T(9),
        ends_at=T(11, 30),
        mandates=[cast.mandates["deputy"]],
        skip_off=True,
    )
    assert [(day.taken, day.off, day.chosen) for day in plan] == [
        ("10:00至12:00已排接待", "", False),
        ("", "", True),
        ("", "", True),
        ("", "休息日", False),
    ]
    assert plan[1].busy == ("李代表同一时段在工作室接待（11:00至12:00）",)
    kept = rota_plan(station, dates=[weekend], starts_at=T(9), ends_at=T(10), mandates=[], skip_off=False)
    assert kept[0].chosen


def test_cancelling_gives_the_reason_and_frees_the_hour(cast: Cast, station: Station) -> None:
    (day,) = added(cast, station, soon())
    actor = cast.actor("county_clerk")
    with pytest.raises(InvalidInput):
        rota_cancel(actor=actor, rota_id=day.public_id, reason="")
    rota_cancel(actor=actor, rota_id=day.public_id, reason="大雪")
    assert rota_of(station) == []
    assert [row.cancel_reason for row in rota_of_person(cast.actor("deputy"))] == ["大雪"]
    assert [notice.title[-5:] for notice in Notice.objects.order_by("id")][-1] == "接待已取消"
    with pytest.raises(DomainError, match="已经取消"):
        rota_cancel(actor=actor, rota_id=day.public_id, reason="大雪")
    added(cast, station, soon())
    past = rota(station, cast.mandates["deputy"], days=-2)
    with pytest.raises(DomainError, match="已经过去"):
        rota_cancel(actor=actor, rota_id=past.public_id, reason="错")


def test_an_online_station_may_have_every_deputy_of_its_region(cast: Cast, station: Station) -> None:
    online = make_station(cast, "赫山区线上总站", region="county", kind=StationKind.ONLINE)
    far = make_station(cast, "沅江的站", region="neighbour")
    place(far, cast.mandates["cosigner"])
    assert list(eligible_mandates(online)) == [cast.mandates["deputy"]]
    Mandate.objects.filter(pk=cast.mandates["deputy"].pk).update(ended_on=timezone.localdate(), end_reason="辞职")
    assert not eligible_mandates(online).exists()


def test_somebody_with_two_mandates_is_offered_and_receives_once(cast: Cast, station: Station) -> None:
    second = make_mandate(cast.congresses["county"], 1, person=cast.people["deputy"])
    place(station, second)
    first = cast.mandates["deputy"]
    assert list(eligible_people(station)) == [first]
    (day,) = added(cast, station, soon(), mandate_ids=[first.public_id, second.public_id])
    assert day.duties.count() == 1
