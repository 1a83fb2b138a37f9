"""The demo's campaigns: the four of the newsletters at their real organisers and dates, and one that runs now.
Real places and figures; the people are made up."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

from deputies.campaign_templates import CAPITAL_2022, GROUPS_2020, RURAL_2021, VISITS_2021, QuotaFacts
from deputies.models import (
    Campaign,
    Congress,
    CongressSettings,
    DutyKind,
    ElectoralUnit,
    Mandate,
    Person,
    ProfessionClass,
)
from deputies.models.congress import CongressLevel
from deputies.services.campaign import CampaignFacts, campaign_create, campaign_end, campaign_start
from deputies.services.campaign_region import PlanFacts, campaign_join
from deputies.services.quota import campaign_quota_add, congress_quotas_hunan
from liaison.actor import system_actor
from liaison.calendar import SHANGHAI
from liaison.clock import moved_to
from liaison.models import Organisation, Region, User
from liaison.permissions import OrganisationKind
from liaison.selectors.actors import capacities_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from deputies.campaign_templates import CampaignTemplate
    from liaison.actor import Actor

PROVINCE, CHANGSHA, YIYANG = "湖南省人大常委会", "长沙市人大常委会", "益阳市人大常委会"
#: What the newsletters' deputies of Changsha are for: a handful in each of two terms.
CHANGSHA_DEPUTIES = 6
_CHANGSHA = (
    (15, "长沙市第十五届人民代表大会", "长沙市十五届人大", dt.date(2016, 12, 26), dt.date(2021, 12, 31), "CS15"),
    (16, "长沙市第十六届人民代表大会", "长沙市十六届人大", dt.date(2022, 1, 4), None, "CS16"),
)
_PROFESSIONS = (
    ProfessionClass.ENTREPRENEUR,
    ProfessionClass.RURAL,
    ProfessionClass.PROFESSIONAL,
    ProfessionClass.CADRE,
    ProfessionClass.OTHER,
    ProfessionClass.RURAL,
)


class _Seed(NamedTuple):
    """A campaign of a newsletter: who organised it, and when it was begun and ended (None: it runs)."""

    template: CampaignTemplate
    office: str
    starts_on: dt.date
    ends_on: dt.date
    is_over: bool = True


#: Days of the month are proposals where the newsletter gives the month only (3月中旬, 4月至10月, 近日).
SEEDS = (
    _Seed(GROUPS_2020, PROVINCE, dt.date(2020, 4, 1), dt.date(2020, 10, 31)),
    _Seed(VISITS_2021, CHANGSHA, dt.date(2021, 3, 15), dt.date(2021, 4, 15)),
    _Seed(RURAL_2021, YIYANG, dt.date(2021, 3, 2), dt.date(2021, 12, 31)),
    _Seed(CAPITAL_2022, CHANGSHA, dt.date(2022, 5, 25), dt.date(2026, 12, 31), is_over=False),
)
#: The campaign that runs now, made up.
NOW_TITLE = "“进站听民声、用心办实事”主题活动"
MADE_UP = "本活动为演示虚构。"

#: 湖南省第十三届人民代表大会, in office until the fourteenth met.
PROVINCE_13 = ("湖南省第十三届人民代表大会", "省十三届人大", dt.date(2018, 1, 25), dt.date(2023, 1, 12))
#: 32名在职省级领导干部代表 (newsletter 27 of 2020); the newsletter does not say where each was elected.
CADRES_2020 = 32


def seed_2020_mandates() -> list[Mandate]:
    """The 32 leading-cadre deputies of the province's thirteenth congress, in a fixed order; made when missing.

    They are spread over the cities of the province, as the newsletter tells of groups all over it.
    """
    province = Region.objects.get(code="430000")
    name, short_name, starts_on, ends_on = PROVINCE_13
    congress, _ = Congress.objects.get_or_create(
        region=province,
        level=CongressLevel.PROVINCE,
        term=13,
        defaults={
            "name": name,
            "short_name": short_name,
            "office": _office(PROVINCE, province),
            "starts_on": starts_on,
            "ends_on": ends_on,
        },
    )
    CongressSettings.objects.get_or_create(congress=congress)
    standing = congress.mandates.select_related("congress", "person").filter(profession_class=ProfessionClass.CADRE)
    found = list(standing.order_by("id"))
    if found:
        return found
    cities = list(Region.objects.filter(parent=province).order_by("prefix")) or [province]
    units = [ElectoralUnit(congress=congress, name=f"{city.name}代表团", region=city) for city in cities]
    units = ElectoralUnit.objects.bulk_create(units)
    people = Person.objects.bulk_create(
        Person(
            name=f"省代表{number:02d}",
            phone=f"139013{number:05d}",
            employer="湖南省省级机关",
            post="省级领导干部",
        )
        for number in range(1, CADRES_2020 + 1)
    )
    Mandate.objects.bulk_create(
        Mandate(
            person=person,
            congress=congress,
            electoral_unit=units[place % len(units)],
            certificate_number=f"HN13{place + 1:03d}",
            profession_class=ProfessionClass.CADRE,
            home_prefix=cities[place % len(cities)].prefix,
            started_on=starts_on,
            ended_on=ends_on,
            end_reason="任期届满",
        )
        for place, person in enumerate(people)
    )
    return list(standing.order_by("id"))


def load(say: Callable[[str], None]) -> None:
    """Make the campaigns and whom they need; what is there stays as it is."""
    seed_2020_mandates()
    _changsha()
    for seed in SEEDS:
        _seed(seed)
    _now()
    say(f"主题活动 {Campaign.objects.count()} 项")


def campaign_of(template: CampaignTemplate) -> Campaign:
    """The newsletter's campaign that was made from this template."""
    return Campaign.objects.select_related("region", "office").get(template=template.code, office__name__in=_OFFICES)


def campaign_now() -> Campaign:
    """The campaign that runs now in 益阳市."""
    return Campaign.objects.select_related("region", "office").get(title=NOW_TITLE)


_OFFICES = (PROVINCE, CHANGSHA, YIYANG)


def _office(name: str, region: Region) -> Organisation:
    defaults = {"kind": OrganisationKind.CONGRESS, "department": "联工委" if name == CHANGSHA else ""}
    return Organisation.objects.get_or_create(name=name, region=region, defaults=defaults)[0]


def _changsha() -> None:
    city = Region.objects.filter(code="430100").first()
    if city is None:  # a small map, as some tests have
        return
    office = _office(CHANGSHA, city)
    for term, name, short_name, starts_on, ends_on, prefix in _CHANGSHA:
        congress, is_new = Congress.objects.get_or_create(
            region=city,
            level=CongressLevel.CITY,
            term=term,
            defaults={
                "name": name,
                "short_name": short_name,
                "office": office,
                "starts_on": starts_on,
                "ends_on": ends_on,
            },
        )
        if not is_new:
            continue
        CongressSettings.objects.get_or_create(congress=congress)
        people = Person.objects.bulk_create(
            Person(
                name=f"长沙代表{term}{number:02d}",
                phone=f"139010{term}{number:03d}",
                employer="长沙市某单位",
                post="职工",
            )
            for number in range(1, CHANGSHA_DEPUTIES + 1)
        )
        Mandate.objects.bulk_create(
            Mandate(
                person=person,
                congress=congress,
                certificate_number=f"{prefix}{place + 1:03d}",
                profession_class=_PROFESSIONS[place % len(_PROFESSIONS)],
                home_prefix=city.prefix,
                started_on=starts_on,
                ended_on=ends_on,
                end_reason="任期届满" if ends_on else "",
            )
            for place, person in enumerate(people)
        )


def _seed(seed: _Seed) -> None:
    template = seed.template
    office = Organisation.objects.select_related("region").filter(name=seed.office).first()
    if office is None or Campaign.objects.filter(office=office, title=template.title).exists():
        return
    actor = system_actor("演示")
    facts = CampaignFacts(
        title=template.title,
        theme=template.theme,
        levels=template.levels,
        audience=template.audience,
        starts_on=seed.starts_on,
        ends_on=seed.ends_on,
        topics=template.topics,
        purpose=template.purpose,
    )
    with moved_to(_at(seed.starts_on)):
        campaign = campaign_create(actor=actor, facts=facts, template=template.code, office=office)
        campaign_start(actor=actor, campaign_id=campaign.public_id)
    if seed.is_over:
        with moved_to(_at(seed.ends_on)):
            campaign_end(actor=actor, campaign_id=campaign.public_id)


def _now() -> None:
    """Of this year, with requirements of which the deputy of the sign-in page has done a part; one county joined."""
    clerk = _staff("demo_clerk")
    year = timezone.localdate().year
    if clerk is None or Campaign.objects.filter(title=NOW_TITLE).exists():
        return
    facts = CampaignFacts(
        title=NOW_TITLE,
        theme="密切联系人民群众，推动解决急难愁盼",
        levels=(CongressLevel.CITY, CongressLevel.COUNTY, CongressLevel.TOWNSHIP),
        starts_on=dt.date(year, 1, 5),
        ends_on=dt.date(year, 12, 31),
        topics="农田水利和饮水安全\n村道和公共交通\n看病就医和养老\n校园周边安全",
        purpose=f"市县乡三级代表进联络站听取意见，深入村组走访，为群众办实事、解难题。{MADE_UP}",
    )
    with moved_to(_at(facts.starts_on)):
        campaign = campaign_create(actor=clerk, facts=facts)
        for quota in (
            QuotaFacts(DutyKind.OPINION_HEARD, "2"),
            QuotaFacts(DutyKind.PEOPLE_VISITED, "15"),
            QuotaFacts(DutyKind.SUGGESTION, "1", "提出或者拟提出建议不少于1件", or_kind=DutyKind.SUGGESTION_PLANNED),
            QuotaFacts(DutyKind.DEED, "1", "办实事或者推动解决问题不少于1件", or_kind=DutyKind.PROBLEM_SOLVED),
        ):
            campaign_quota_add(actor=clerk, campaign_id=campaign.public_id, facts=quota)
        campaign_start(actor=system_actor("演示"), campaign_id=campaign.public_id)
        county = _staff("demo_county")
        if county is not None:
            plan = PlanFacts(
                plan="每名代表每季度进站一次；各代表小组结合春耕、防汛、秋收组织走访；问题按周汇总，区联工委统一转办。",
                contact="区人大常委会联工委 0737-4220000",
                starts_on=dt.date(year, 2, 1),
                ends_on=dt.date(year, 11, 30),
            )
            campaign_join(actor=county, campaign_id=campaign.public_id, facts=plan)
        congress = Congress.objects.filter(short_name="益阳市七届人大").first()
        if congress is not None:
            congress_quotas_hunan(actor=clerk, congress_id=congress.public_id)


def _staff(username: str) -> Actor | None:
    user = User.objects.filter(username=username).first()
    return capacities_of(user)[0] if user else None


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9, 30), tzinfo=SHANGHAI)
