"""The cast: the people and offices that every test knows (house style, rule 21).

insider        市人大联工委 经办        approver   市人大联工委 审核       colleague  市人大联工委 查看
county_clerk   赫山区人大 经办          stranger   沅江市人大 经办 (neighbour county)
unit           市生态环境局 经办        other_unit 市教育局 经办
prosecutor     市检察院 经办            other_prosecutor 沅江市检察院 经办
deputy         市七届人大代表 (领衔)    cosigner   市七届人大代表       other_deputy 市七届人大代表
system_admin   security_admin   auditor (three people, rulebook section 7)       nobody (no posting)
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.test import Client

from deputies.models import Congress, CongressSettings, ElectoralUnit, Mandate, Person, ProfessionClass, Session
from deputies.models.congress import CongressLevel
from liaison.actor import Actor
from liaison.models import Organisation, Posting, Region, User
from liaison.models.region import RegionKind, RegionLevel
from liaison.permissions import OrganisationKind, Role
from liaison.selectors.actors import capacities_of

PASSWORD = "Cast-2026-pass"


@dataclass
class Cast:
    """Regions, offices and people by name; ``cast.actor("insider")``, ``cast.client("insider")``."""

    regions: dict[str, Region] = field(default_factory=dict)
    offices: dict[str, Organisation] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    mandates: dict[str, Mandate] = field(default_factory=dict)
    congresses: dict[str, Congress] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def user(self, name: str) -> User:
        return self.users[name]

    def actor(self, name: str) -> Actor:
        """The first capacity of a person, made as a request would make it. Kept: a test that changes postings or
        mandates clears ``actors``."""
        if name not in self.actors:
            self.actors[name] = capacities_of(self.users[name])[0]
        return self.actors[name]

    def client(self, name: str) -> Client:
        """A signed-in browser of that person (``anonymous`` for nobody signed in)."""
        if name not in self.clients:
            client = Client()
            if name != "anonymous":
                client.force_login(self.users[name])
            self.clients[name] = client
        return self.clients[name]

    @cached_property
    def congress(self) -> Congress:
        """益阳市第七届人民代表大会."""
        return self.congresses["city"]

    @cached_property
    def session(self) -> Session:
        return Session.objects.get(congress=self.congress, number=1)


def _region(code: str, prefix: str, name: str, level: str, kind: str, parent: Region | None) -> Region:
    full = f"{parent.full_name if parent else ''}{name}"
    return Region.objects.create(
        code=code, prefix=prefix, name=name, full_name=full, level=level, kind=kind, parent=parent
    )


def build_cast() -> Cast:
    """Make the whole cast (about forty rows, three seconds of reading, none of waiting)."""
    cast = Cast()
    province = _region("430000", "43", "湖南省", RegionLevel.PROVINCE, RegionKind.PROVINCE, None)
    city = _region("430900", "4309", "益阳市", RegionLevel.CITY, RegionKind.PREFECTURE, province)
    county = _region("430903", "430903", "赫山区", RegionLevel.COUNTY, RegionKind.COUNTY, city)
    neighbour = _region("430981", "430981", "沅江市", RegionLevel.COUNTY, RegionKind.COUNTY, city)
    town = _region("430903101", "430903101", "八字哨镇", RegionLevel.TOWNSHIP, RegionKind.TOWN, county)
    subdistrict = _region("430903001", "430903001", "赫山街道", RegionLevel.TOWNSHIP, RegionKind.SUBDISTRICT, county)
    cast.regions = {
        "province": province,
        "city": city,
        "county": county,
        "neighbour": neighbour,
        "town": town,
        "subdistrict": subdistrict,
    }
    _offices(cast)
    _staff(cast)
    _congresses(cast)
    _deputies(cast)
    return cast


def _offices(cast: Cast) -> None:
    rows: list[tuple[str, str, str, OrganisationKind, str]] = [
        ("city_office", "益阳市人大常委会", "联工委", OrganisationKind.CONGRESS, "city"),
        ("county_office", "赫山区人大常委会", "联工委", OrganisationKind.CONGRESS, "county"),
        ("neighbour_office", "沅江市人大常委会", "联工委", OrganisationKind.CONGRESS, "neighbour"),
        ("unit", "益阳市生态环境局", "", OrganisationKind.UNIT, "city"),
        ("other_unit", "益阳市教育局", "", OrganisationKind.UNIT, "city"),
        ("procuratorate", "益阳市人民检察院", "第七检察部", OrganisationKind.PROCURATORATE, "city"),
        ("other_procuratorate", "沅江市人民检察院", "第四检察部", OrganisationKind.PROCURATORATE, "neighbour"),
    ]
    for key, name, department, kind, region in rows:
        cast.offices[key] = Organisation.objects.create(
            name=name, department=department, kind=kind, region=cast.regions[region]
        )


def _user(cast: Cast, name: str, shown: str, **fields: Any) -> User:
    user = User.objects.create_user(name, PASSWORD, name=shown, email=f"{name.replace('_', '-')}@example.org", **fields)
    cast.users[name] = user
    return user


def _staff(cast: Cast) -> None:
    rows = [
        ("insider", "陈经办", "city_office", Role.HANDLER),
        ("approver", "周审核", "city_office", Role.APPROVER),
        ("colleague", "吴查看", "city_office", Role.VIEWER),
        ("county_clerk", "何区办", "county_office", Role.HANDLER),
        ("stranger", "郑外县", "neighbour_office", Role.HANDLER),
        ("unit", "刘承办", "unit", Role.HANDLER),
        ("other_unit", "蒋旁局", "other_unit", Role.HANDLER),
        ("prosecutor", "唐检察", "procuratorate", Role.HANDLER),
        ("other_prosecutor", "龙外检", "other_procuratorate", Role.HANDLER),
        ("system_admin", "谢系统", "city_office", Role.SYSTEM_ADMIN),
        ("security_admin", "曹安全", "city_office", Role.SECURITY_ADMIN),
        ("auditor", "彭审计", "city_office", Role.AUDITOR),
    ]
    for name, shown, office, role in rows:
        Posting.objects.create(user=_user(cast, name, shown), organisation=cast.offices[office], role=role)
    _user(cast, "nobody", "无岗位")


def _congresses(cast: Cast) -> None:
    rows = [
        ("city", "city", CongressLevel.CITY, 7, "益阳市第七届人民代表大会", "益阳市七届人大", "city_office"),
        ("county", "county", CongressLevel.COUNTY, 6, "赫山区第六届人民代表大会", "赫山区六届人大", "county_office"),
        (
            "neighbour",
            "neighbour",
            CongressLevel.COUNTY,
            18,
            "沅江市第十八届人民代表大会",
            "沅江市十八届人大",
            "neighbour_office",
        ),
    ]
    for key, region, level, term, name, short_name, office in rows:
        congress = Congress.objects.create(
            region=cast.regions[region],
            level=level,
            term=term,
            name=name,
            short_name=short_name,
            office=cast.offices[office],
            starts_on=dt.date(2021, 12, 1),
        )
        CongressSettings.objects.create(congress=congress)
        Session.objects.create(
            congress=congress, number=1, starts_on=dt.date(2021, 12, 27), ends_on=dt.date(2021, 12, 31)
        )
        cast.congresses[key] = congress


def _deputies(cast: Cast) -> None:
    electoral_unit = ElectoralUnit.objects.create(
        congress=cast.congresses["city"], name="赫山区代表团", region=cast.regions["county"]
    )
    rows = [
        ("deputy", "李代表", "13873700001", "YY-0701", ProfessionClass.RURAL),
        ("cosigner", "王附议", "13873700002", "YY-0702", ProfessionClass.ENTREPRENEUR),
        ("other_deputy", "张旁观", "13873700003", "YY-0703", ProfessionClass.PROFESSIONAL),
    ]
    for name, shown, phone, certificate, profession in rows:
        user = _user(cast, name, shown, phone=phone)
        person = Person.objects.create(user=user, name=shown, phone=phone, employer="益阳市某单位", post="职员")
        cast.people[name] = person
        cast.mandates[name] = Mandate.objects.create(
            person=person,
            congress=cast.congresses["city"],
            electoral_unit=electoral_unit,
            certificate_number=certificate,
            profession_class=profession,
            home_prefix=cast.regions["county"].prefix,
            started_on=dt.date(2021, 12, 27),
        )
