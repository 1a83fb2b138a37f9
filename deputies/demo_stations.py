"""The demo's liaison stations: two in the towns of 赫山区 with boards, a studio, the online general station, a rota
for the coming weeks, a professional group. Real places; addresses, hours and telephone numbers are made up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from deputies.models import (
    ContactKind,
    DeputyGroup,
    GroupKind,
    GroupMembership,
    GroupRole,
    Mandate,
    Placement,
    PublicProfile,
    RotaDay,
    Station,
    StationKind,
)
from deputies.services.profile import ProfileFacts, profile_save
from deputies.services.rota import rota_add
from deputies.services.station import StationFacts, station_create, station_hours_save, station_publish
from liaison.actor import system_actor
from liaison.clock import moved_to
from liaison.demo import DEMO_COUNTY
from liaison.models import Organisation, Region

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from liaison.actor import Actor

OPENED = dt.date(2022, 6, 1)
MADE_UP = "地址、电话和开放时间为演示虚构。"
MORNING, NOON = dt.time(9), dt.time(11, 30)
AFTERNOON, EVENING = dt.time(14, 30), dt.time(17)
#: Reception days are planned so many weeks ahead, and anew when fewer than half of them are left.
WEEKS = 6

BAZISHAO, QUANJIAOHE = "八字哨镇人大代表联络站", "泉交河镇人大代表联络站"
STUDIO, ONLINE = "高桥村代表工作室", "赫山区代表联络线上总站"

#: (region, kind, name, address, east, north, telephone, introduction)
_STATIONS = (
    ("430903101", StationKind.STATION, BAZISHAO, "八字哨镇人民政府院内一楼", "112.473", "28.602", "0737-4220001",
     "五级人大代表在这里听取群众意见，就地解答，解决不了的转交有关单位办理。"),
    ("430903103", StationKind.STATION, QUANJIAOHE, "泉交河镇便民服务中心二楼", "112.548", "28.524", "0737-4220002",
     "每周四上午有代表接待，其余时间由工作人员登记。"),
    ("430903101", StationKind.STUDIO, STUDIO, "八字哨镇高桥村村部", "112.481", "28.611", "",
     "种植业方面的代表在村里设的工作室，农忙时节到田间接待。"),
    (DEMO_COUNTY, StationKind.ONLINE, ONLINE, "", None, None, "0737-4220000",
     "不方便到联络站的，可以在这里查到全区的联络站、代表和接待安排。"),
)  # fmt: skip
_HOURS = {
    BAZISHAO: [(day, MORNING, NOON) for day in range(1, 6)] + [(3, AFTERNOON, EVENING)],
    QUANJIAOHE: [(day, MORNING, NOON) for day in (1, 4)],
    STUDIO: [(6, MORNING, NOON)],
}
#: Certificate numbers by station; the first of the towns is the deputy of the sign-in page, with two mandates.
_PLACED = {
    BAZISHAO: ("YY07001", "BZ20900", "GJ14001", "HN14001", *(f"HS0600{n}" for n in range(1, 5)),
               *(f"BZ20{n:03d}" for n in range(1, 15))),
    QUANJIAOHE: ("YY07002", "HN14002", "YY07005", *(f"HS06{n:03d}" for n in range(5, 13))),
    STUDIO: ("BZ20002", "HS06001"),
}  # fmt: skip
#: Who receives people on which day of the week.
_ROTA = ((BAZISHAO, 3, ("YY07001", "HS06002")), (QUANJIAOHE, 4, ("YY07002", "HS06006")), (STUDIO, 6, ("BZ20002",)))
_HIDDEN = "BZ20005"
_PROFILES = {
    "YY07001": ProfileFacts(
        introduction="关心农田水利、饮水安全和村道建设。每周三上午在联络站。",
        contact_kind=ContactKind.PHONE,
        contact="0737-4220001",
    ),
    "YY07002": ProfileFacts(
        introduction="关心中小企业和职工权益。", contact_kind=ContactKind.EMAIL, contact="daibiao@example.org"
    ),
    "HS06002": ProfileFacts(hide_unit=True, hide_post=True),
    _HIDDEN: ProfileFacts(is_hidden=True),
}
_GROUP = ("农业农村专业代表小组", "农业农村")
_MEMBERS = ("YY07001", "HS06001", "HS06002", "BZ20002", "HN14001")


def load(say: Callable[[str], None]) -> None:
    """Make the stations and what belongs to them; what is there stays as it is."""
    actor = system_actor("演示")
    with moved_to(timezone.make_aware(dt.datetime.combine(OPENED, MORNING))):
        for row in _STATIONS:
            _station(actor, *row)
    for name, certificates in _PLACED.items():
        _place(Station.objects.get(name=name), certificates)
    for certificate, facts in _PROFILES.items():
        person = _mandate(certificate).person
        if not PublicProfile.objects.filter(person=person).exists():
            profile_save(actor=actor, person_id=person.public_id, facts=facts)
    for name, weekday, certificates in _ROTA:
        _rota(actor, Station.objects.get(name=name), weekday, certificates)
    _group()
    say(f"代表联络站 {Station.objects.count()} 个，进站代表 {Placement.objects.count()} 人次")


def _mandate(certificate: str) -> Mandate:
    return Mandate.objects.select_related("person").get(certificate_number=certificate)


def _station(
    actor: Actor, code: str, kind: str, name: str, address: str, east: str | None, north: str | None,
    phone: str, introduction: str,
) -> None:  # fmt: skip
    if Station.objects.filter(name=name).exists():
        return
    facts = StationFacts(
        name=name,
        opened_on=OPENED,
        address=address,
        longitude=Decimal(east) if east else None,
        latitude=Decimal(north) if north else None,
        phone=phone,
        introduction=f"{introduction}\n（{MADE_UP}）",
    )
    station = station_create(actor=actor, region_code=code, kind=kind, facts=facts)
    if name in _HOURS:
        station_hours_save(actor=actor, station_id=station.public_id, hours=_HOURS[name])
    station_publish(actor=actor, station_id=station.public_id, is_published=True)


def _place(station: Station, certificates: Iterable[str]) -> None:
    if station.placements.exists():
        return
    for certificate in certificates:
        Placement.objects.create(
            station=station, mandate=_mandate(certificate), kind=station.kind, started_on=station.opened_on
        )


def _rota(actor: Actor, station: Station, weekday: int, certificates: Iterable[str]) -> None:
    """The same day of each week to come, unless enough of them are planned."""
    today = timezone.localdate()
    if RotaDay.objects.filter(station=station, on__gt=today + dt.timedelta(weeks=WEEKS // 2)).exists():
        return
    planned = set(RotaDay.objects.filter(station=station).values_list("on", flat=True))
    first = today + dt.timedelta(days=(weekday - 1 - today.weekday()) % 7)
    days = [first + dt.timedelta(weeks=week) for week in range(WEEKS)]
    rota_add(
        actor=actor,
        station_id=station.public_id,
        dates=[day for day in days if day not in planned],
        starts_at=MORNING,
        ends_at=NOON,
        mandate_ids=[_mandate(certificate).public_id for certificate in certificates],
    )


def _group() -> None:
    name, field = _GROUP
    county = Region.objects.get(code=DEMO_COUNTY)
    group, is_new = DeputyGroup.objects.get_or_create(
        name=name,
        region=county,
        defaults={
            "kind": GroupKind.PROFESSIONAL,
            "field_name": field,
            "region_prefix": county.prefix,
            "office": Organisation.objects.get(name="赫山区人大常委会"),
            "station": Station.objects.get(name=BAZISHAO),
            "founded_on": OPENED,
        },
    )
    if not is_new:
        return
    for certificate in _MEMBERS:
        GroupMembership.objects.create(
            group=group,
            mandate=_mandate(certificate),
            role=GroupRole.LEADER if certificate == _MEMBERS[0] else GroupRole.MEMBER,
            started_on=OPENED,
        )
