"""Deputies in stations: one by one, moved, ended, and many at once from the proposal."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from deputies.models import ElectoralUnit, Mandate, Placement, StationKind
from deputies.selectors.placement import NO_UNIT, deputies_found, propose
from deputies.services.placement import placement_add, placement_end, placement_move, placements_save
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.models import AuditEntry, Notice, Region
from tests.cast import Cast
from tests.deputies.factories import make_mandate
from tests.deputies.open_stations import make_station, place, rota

pytestmark = pytest.mark.django_db


def second_town(cast: Cast) -> Region:
    county = cast.regions["county"]
    cast.regions["second"] = Region.objects.create(
        code="430903105",
        prefix="430903105",
        name="泉交河镇",
        full_name=f"{county.full_name}泉交河镇",
        level="township",
        kind="town",
        parent=county,
    )
    return cast.regions["second"]


def town_mandates(cast: Cast, region: str, count: int, *, start: int) -> list[Mandate]:
    """Deputies of the county's congress elected in a town."""
    place_ = cast.regions[region]
    unit = ElectoralUnit.objects.create(congress=cast.congresses["county"], name=f"{place_.name}选区", region=place_)
    return [make_mandate(cast.congresses["county"], number, unit=unit) for number in range(start, start + count)]


def test_a_deputy_is_placed_once_with_a_studio_besides(cast: Cast) -> None:
    actor, mandate = cast.actor("county_clerk"), cast.mandates["deputy"]
    station, other = make_station(cast), make_station(cast, "另一个站")
    studio = make_station(cast, "李代表工作室", kind=StationKind.STUDIO)
    for where in (station, studio):
        placement_add(actor=actor, station_id=where.public_id, mandate_id=mandate.public_id)
    for where, said in ((station, "已经编入这里"), (studio, "已经编入这里"), (other, "只编入一个代表联络站")):
        with pytest.raises(DomainError, match=said):
            placement_add(actor=actor, station_id=where.public_id, mandate_id=mandate.public_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        place(other, mandate)
    assert {notice.title for notice in Notice.objects.all()} == {"您已编入八字哨镇代表联络站", "您已编入李代表工作室"}


def test_who_and_what_cannot_be_placed(cast: Cast) -> None:
    station, mandate = make_station(cast), cast.mandates["deputy"]
    ids = {"station_id": station.public_id, "mandate_id": mandate.public_id}
    for who, refused in (("colleague", NotAllowed), ("deputy", NotAllowed)):
        with pytest.raises(refused):
            placement_add(actor=cast.actor(who), **ids)
    far = make_mandate(cast.congresses["neighbour"], 50)
    with pytest.raises(NotFound):
        placement_add(actor=cast.actor("county_clerk"), station_id=station.public_id, mandate_id=far.public_id)
    online = make_station(cast, "线上总站", region="county", kind=StationKind.ONLINE)
    with pytest.raises(DomainError, match="不单独编入"):
        placement_add(actor=cast.actor("insider"), station_id=online.public_id, mandate_id=mandate.public_id)
    with pytest.raises(InvalidInput):
        placement_add(actor=cast.actor("insider"), **ids, started_on=dt.date(2020, 1, 1))
    Mandate.objects.filter(pk=mandate.pk).update(ended_on=timezone.localdate(), end_reason="辞职")
    with pytest.raises(DomainError, match="终止"):
        placement_add(actor=cast.actor("insider"), **ids)
    assert not Placement.objects.exists()


def test_moving_ends_the_old_placement_and_clears_the_rota_there(cast: Cast) -> None:
    actor, mandate = cast.actor("county_clerk"), cast.mandates["deputy"]
    old, new = make_station(cast), make_station(cast, "新站")
    placement = place(old, mandate)
    coming, past = rota(old, mandate), rota(old, mandate, days=-3)
    with pytest.raises(DomainError, match="另一个同类"):
        placement_move(actor=actor, placement_id=placement.public_id, station_id=old.public_id)
    moved, dropped = placement_move(actor=actor, placement_id=placement.public_id, station_id=new.public_id)
    placement.refresh_from_db()
    assert (placement.end_reason, moved.station, dropped) == ("调整到新站", new, 1)
    assert not coming.duties.exists()
    assert past.duties.exists()
    with pytest.raises(DomainError, match="已经离站"):
        placement_move(actor=actor, placement_id=placement.public_id, station_id=new.public_id)


def test_leaving_needs_a_day_and_a_reason(cast: Cast) -> None:
    actor = cast.actor("county_clerk")
    placement = place(make_station(cast), cast.mandates["deputy"])
    today = timezone.localdate()
    for day, reason in ((today + dt.timedelta(days=1), "调走"), (dt.date(2020, 1, 1), "调走"), (today, " ")):
        with pytest.raises(InvalidInput):
            placement_end(actor=actor, placement_id=placement.public_id, ended_on=day, reason=reason)
    placement_end(actor=actor, placement_id=placement.public_id, ended_on=today, reason="调走")
    assert not Placement.objects.in_force().exists()
    placement_add(actor=actor, station_id=placement.station.public_id, mandate_id=placement.mandate.public_id)


def test_the_proposal_takes_the_own_town_then_the_county_with_the_fewest(cast: Cast) -> None:
    second_town(cast)
    first, second = make_station(cast), make_station(cast, "泉交河镇代表联络站", region="second")
    here, there = town_mandates(cast, "town", 3, start=100), town_mandates(cast, "second", 1, start=200)
    no_unit = make_mandate(cast.congresses["county"], 300)
    plan = propose(cast.actor("county_clerk"), cast.regions["county"])
    proposed = {proposal.mandate: proposal.station for group in plan.groups for proposal in group.proposals}
    # the three of the city stand for the whole county: they even out what the towns' own deputies leave
    city = [cast.mandates[name] for name in ("deputy", "cosigner", "other_deputy")]
    assert [proposed[mandate] for mandate in city] == [second, second, first]
    assert {proposed[mandate] for mandate in here} == {first}
    assert proposed[there[0]] == second
    assert [(one.mandate, one.reason) for one in plan.open] == [(no_unit, NO_UNIT)]
    assert not plan.more


def test_the_other_mandate_of_the_same_person_goes_to_the_same_station(cast: Cast) -> None:
    second_town(cast)
    make_station(cast)
    second = make_station(cast, "泉交河镇代表联络站", region="second")
    place(second, cast.mandates["deputy"])
    (mandate,) = town_mandates(cast, "town", 1, start=100)
    Mandate.objects.filter(pk=mandate.pk).update(person=cast.people["deputy"])
    plan = propose(cast.actor("county_clerk"), cast.regions["county"])
    found = {proposal.mandate: proposal for group in plan.groups for proposal in group.proposals}
    assert (found[mandate].station, found[mandate].reason) == (second, "本人以另一届次编入这个站")


def test_without_a_station_in_the_county_nobody_is_proposed(cast: Cast) -> None:
    make_station(cast, "沅江的站", region="neighbour")
    studio = make_station(cast, "工作室", kind=StationKind.STUDIO)
    make_station(cast, "撤了", is_published=False, closed_on=timezone.localdate(), close_reason="撤并")
    plan = propose(cast.actor("insider"), cast.regions["county"])
    assert (plan.groups, plan.stations, len(plan.open)) == ([], [], 3)
    assert "赫山区还没有" in plan.open[0].reason
    place(studio, cast.mandates["deputy"])
    assert len(propose(cast.actor("insider"), cast.regions["county"]).open) == 3  # a studio is besides a station


def test_a_bulk_is_saved_whole_and_makes_nothing_twice(cast: Cast) -> None:
    actor, station, other = cast.actor("county_clerk"), make_station(cast), make_station(cast, "另一个站")
    choices = {str(mandate.public_id): str(station.public_id) for mandate in cast.mandates.values()}
    done = placements_save(actor=actor, choices=choices)
    assert (done.made, done.already) == (3, 0)
    again = placements_save(actor=actor, choices=choices)
    assert (again.made, again.already) == (0, 3)
    assert Placement.objects.count() == Notice.objects.count() == 3
    assert AuditEntry.objects.get(action="placement.bulk").detail == {"deputies": ["李代表", "王附议", "张旁观"]}
    late = make_mandate(cast.congresses["county"], 400)
    clash = {
        str(late.public_id): str(other.public_id),
        str(cast.mandates["deputy"].public_id): str(other.public_id),
    }
    with pytest.raises(DomainError, match=r"没有保存任何安排：李代表（八字哨镇代表联络站）"):
        placements_save(actor=actor, choices=clash)
    assert Placement.objects.count() == 3


def test_a_bulk_keeps_to_what_the_actor_sees(cast: Cast) -> None:
    station, far = make_station(cast), make_station(cast, "沅江的站", region="neighbour", is_published=False)
    mandate, stranger = cast.mandates["deputy"], make_mandate(cast.congresses["neighbour"], 50)
    actor = cast.actor("county_clerk")
    for who, where in ((mandate, far), (stranger, station)):
        with pytest.raises(NotFound):
            placements_save(actor=actor, choices={str(who.public_id): str(where.public_id)})
    with pytest.raises(NotAllowed):
        placements_save(actor=cast.actor("deputy"), choices={str(mandate.public_id): str(station.public_id)})
    assert not Placement.objects.exists()


def test_looking_for_a_deputy_says_where_they_are(cast: Cast) -> None:
    place(make_station(cast), cast.mandates["deputy"])
    actor = cast.actor("county_clerk")
    assert [(one.mandate.person.name, one.note) for one in deputies_found(actor, "代表")] == [
        ("李代表", "八字哨镇代表联络站")
    ]
    assert [one.note for one in deputies_found(actor, "YY-0702")] == [""]
    assert (
        deputies_found(actor, " ")
        == deputies_found(actor, "李\0")
        == deputies_found(cast.actor("stranger"), "李代表")
        == []
    )
