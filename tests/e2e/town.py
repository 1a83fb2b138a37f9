"""八字哨镇: a congress of nine with an office and accounts of its own, and an approved list of candidates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from deputies.models import Congress, CongressSettings, Mandate, Person, ProfessionClass, Session
from deputies.models.congress import CongressLevel
from liaison.models import Organisation, Posting, User
from liaison.permissions import OrganisationKind, Role
from tests.cast import PASSWORD
from votes.models import Candidate, Programme
from votes.states import CandidateStatus, ProgrammeStatus

if TYPE_CHECKING:
    from tests.cast import Cast

STAFF = (
    ("town_clerk", "孟主持", Role.HANDLER),
    ("town_watcher", "谭监票", Role.APPROVER),
    ("town_counter", "邹计票", Role.HANDLER),
)
NAMES = ("曹一", "陈二", "邓三", "冯四", "龚五", "胡六", "贾七", "康八", "李九")
CANDIDATES = (
    ("农村安全饮水提质工程", "新建水源井两口，铺设主管网12公里，覆盖三个村。", "裕民村、新街社区、金家堤村", 320),
    ("镇敬老院适老化改造", "加装电梯一部，改造卫生间26间，配置护理床。", "镇敬老院", 180),
    ("农村公路安防设施", "安装防护栏8公里，增设警示标志60处。", "全镇县乡道", 96),
)


@dataclass(frozen=True)
class Town:
    """Accounts: ``town_clerk``, ``town_watcher``, ``town_counter``; ``town_1`` to ``town_9`` are deputies."""

    congress: Congress
    programme: Programme


def build_town(cast: Cast) -> Town:
    """Make it, beside the offices and people of the cast."""
    region = cast.regions["town"]
    office = Organisation.objects.create(name="八字哨镇人大主席团", kind=OrganisationKind.CONGRESS, region=region)
    for name, shown, role in STAFF:
        Posting.objects.create(user=_user(name, shown), organisation=office, role=role)
    congress = Congress.objects.create(
        region=region,
        level=CongressLevel.TOWNSHIP,
        term=6,
        name="八字哨镇第六届人民代表大会",
        short_name="八字哨镇六届人大",
        office=office,
        starts_on=dt.date(2021, 12, 1),
    )
    CongressSettings.objects.create(congress=congress)
    day = timezone.localdate() - dt.timedelta(days=1)
    session = Session.objects.create(congress=congress, number=9, starts_on=day, ends_on=day + dt.timedelta(days=3))
    for number, shown in enumerate(NAMES, start=1):
        person = Person.objects.create(
            user=_user(f"town_{number}", shown), name=shown, phone=f"1397370900{number}", employer="裕民村", post="村民"
        )
        Mandate.objects.create(
            person=person,
            congress=congress,
            certificate_number=f"BZS-{number:04d}",
            profession_class=ProfessionClass.RURAL,
            home_prefix=region.prefix,
            started_on=dt.date(2021, 12, 1),
        )
    programme = Programme.objects.create(
        congress=congress,
        office=office,
        region_prefix=region.prefix,
        year=2027,
        session=session,
        places=2,
        status=ProgrammeStatus.LISTED,
    )
    for number, (name, content, place, investment) in enumerate(CANDIDATES, start=1):
        Candidate.objects.create(
            programme=programme,
            number=number,
            name=name,
            content=content,
            place=place,
            investment=investment,
            money_source="镇财政和上级补助",
            unit_name="镇农业农村办公室",
            finish_on=dt.date(2027, 11, 30),
            status=CandidateStatus.LISTED,
        )
    return Town(congress, programme)


def _user(name: str, shown: str) -> User:
    return User.objects.create_user(name, PASSWORD, name=shown, email=f"{name.replace('_', '-')}@example.org")
