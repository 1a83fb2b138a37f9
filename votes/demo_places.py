"""Where the demo votes: offices, units, congresses and their made-up deputies, and who acts when."""

from __future__ import annotations

import datetime as dt
import struct
import zlib
from functools import lru_cache
from typing import NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from deputies.models import Congress, CongressSettings, Mandate, Person, ProfessionClass, Session
from deputies.models.congress import CongressLevel
from liaison.actor import Actor, deputy_actor
from liaison.calendar import SHANGHAI
from liaison.demo import account
from liaison.models import Organisation, Posting, Region, User
from liaison.permissions import OrganisationKind, Role
from liaison.selectors.actors import capacities_of

_SURNAMES = "王李张刘陈杨黄周吴徐孙胡朱高林何郭罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢"
_GIVEN = ("建军", "美兰", "志明", "秋菊", "国华", "素珍", "永强", "冬梅", "新华", "玉莲", "铁山", "桂香", "明亮")


class Place(NamedTuple):
    """One congress that votes.

    Args:
        clerk, head: who handles and who approves; both are tellers of the votes in the past.
        unit: who carries the projects out.
    """

    region: Region
    congress: Congress
    office: Organisation
    clerk: Actor
    head: Actor
    unit: Organisation


def at(day: dt.date, hour: int = 10, minute: int = 0) -> dt.datetime:
    """A moment in Asia/Shanghai, never in the future."""
    return min(dt.datetime.combine(day, dt.time(hour, minute), tzinfo=SHANGHAI), timezone.now())


def actor_of(username: str, organisation: Organisation | None = None) -> Actor:
    """The capacity of an account in an organisation; the first one when none is named."""
    found = capacities_of(User.objects.get(username=username))
    return next(actor for actor in found if organisation is None or actor.organisation_id == organisation.pk)


def posted(username: str, name: str, organisation: Organisation, role: Role) -> Actor:
    """An account with its post, made when missing."""
    user = account(username, name, organisation.region)
    Posting.objects.get_or_create(user=user, organisation=organisation, role=role, ended_at=None)
    return actor_of(username, organisation)


def organisation(name: str, kind: OrganisationKind, region: Region) -> Organisation:
    """An organisation, made when missing."""
    return Organisation.objects.get_or_create(name=name, region=region, defaults={"kind": kind})[0]


def place(
    code: str,
    *,
    office: str,
    people: tuple[tuple[str, str, Role], tuple[str, str, Role]],
    unit: tuple[str, str, str],
) -> Place:
    """A place whose congress is there.

    Args:
        people: (account, name, role) of the clerk and of the head; one person may be both.
        unit: name, account and person of the unit that carries projects out.
    """
    region = Region.objects.get(code=code)
    body = organisation(office, OrganisationKind.CONGRESS, region)
    worker = organisation(unit[0], OrganisationKind.UNIT, region)
    posted(unit[1], unit[2], worker, Role.HANDLER)
    clerk, head = (posted(username, name, body, role) for username, name, role in people)
    congress = Congress.objects.select_related("region", "office").get(region=region, ends_on=None)
    return Place(region, congress, body, clerk, head, worker)


def congress(
    code: str, *, term: int, name: str, short_name: str, office: str, starts_on: dt.date, deputies: int, prefix: str
) -> Congress:
    """A congress with its deputies, made when missing; names and telephone numbers are made up.

    Args:
        prefix: of the certificate numbers.
    """
    region = Region.objects.get(code=code)
    level = CongressLevel.TOWNSHIP if len(code) == 9 else CongressLevel.COUNTY
    found, _ = Congress.objects.get_or_create(
        region=region,
        level=level,
        term=term,
        defaults={
            "name": name,
            "short_name": short_name,
            "office": organisation(office, OrganisationKind.CONGRESS, region),
            "starts_on": starts_on,
            "deputy_places": deputies,
        },
    )
    CongressSettings.objects.get_or_create(congress=found)
    if not Mandate.objects.filter(congress=found).exists():
        enlist(found, deputies, prefix=prefix, post="村民")
    return found


def enlist(found: Congress, count: int, *, prefix: str, post: str) -> list[Mandate]:
    """So many made-up people with a mandate each."""
    base = zlib.crc32(prefix.encode()) % 900
    people = Person.objects.bulk_create(
        Person(
            name=_SURNAMES[(base + index) % len(_SURNAMES)] + _GIVEN[(base + index * 5) % len(_GIVEN)],
            phone=f"136{base + 100:04d}{index:04d}",
            employer=f"{found.region.name}某单位",
            post=post,
        )
        for index in range(count)
    )
    return Mandate.objects.bulk_create(
        Mandate(
            person=person,
            congress=found,
            certificate_number=f"{prefix}{index:03d}",
            profession_class=ProfessionClass.RURAL,
            home_prefix=found.region.prefix,
            started_on=found.starts_on,
        )
        for index, person in enumerate(people, start=1)
    )


def also_deputy(username: str, found: Congress, certificate: str) -> Mandate:
    """Whoever signs in as this deputy of the demo, with a mandate in this congress as well, given when missing."""
    return Mandate.objects.get_or_create(
        person=Person.objects.get(user__username=username),
        congress=found,
        defaults={
            "certificate_number": certificate,
            "profession_class": ProfessionClass.RURAL,
            "home_prefix": found.region.prefix,
            "started_on": found.starts_on,
        },
    )[0]


def session(found: Congress, number: int, starts_on: dt.date, days: int = 2) -> Session:
    """A session, made when missing."""
    ends_on = starts_on + dt.timedelta(days=days - 1)
    defaults = {"starts_on": starts_on, "ends_on": ends_on}
    return Session.objects.get_or_create(congress=found, number=number, defaults=defaults)[0]


def voter(mandate: Mandate) -> Actor:
    """The deputy with this mandate; most of them have no account."""
    return deputy_actor(
        user_id=mandate.person.user_id,
        person_id=mandate.person_id,
        name=mandate.person.name,
        label=f"{mandate.congress.short_name}代表",
        region_prefix=mandate.home_prefix,
        mandate_ids=(mandate.pk,),
    )


# ── files ────────────────────────────────────────────────────────────────────────────────────────
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def document(name: str) -> SimpleUploadedFile:
    """A small real file for what the services require."""
    return SimpleUploadedFile(name, _PDF, content_type="application/pdf")


def photograph(name: str, tone: int = 0) -> SimpleUploadedFile:
    """A small picture of sky, a house and a road; ``tone`` makes each its own."""
    return SimpleUploadedFile(name, _drawn(tone % 4), content_type="image/png")


@lru_cache(maxsize=4)
def _drawn(tone: int) -> bytes:
    width, height = 480, 320
    sky, field = (150 + tone * 6, 190, 225), (120, 160 + tone * 4, 90)
    house, roof, road = (205, 190, 165), (160, 70, 60), (110, 110, 115)
    left = 80 + tone * 20
    rows = []
    for y in range(height):
        row = bytearray()
        for x in range(width):
            color = sky if y < 150 else field
            if y >= 230:
                color = road if abs(y - 270) > 3 or x // 30 % 2 else (235, 235, 225)
            if 130 <= y < 215 and left <= x < left + 130:
                color = house
            if 95 <= y < 130 and abs(x - left - 65) < (y - 90) * 2:
                color = roof
            row += bytes(color)
        rows.append(b"\0" + bytes(row))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(rows), 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
