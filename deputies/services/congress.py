"""Congresses by term, their sessions and electoral units, and what differs by place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from deputies.models import Congress, CongressLevel, CongressSettings, ElectoralUnit, Mandate, Session
from deputies.services.checks import clean_model, integrity_as_input, require_fresh, require_text
from deputies.services.mandate import home_prefix_of, within
from deputies.services.tracking import acting
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.models import Organisation, Region
from liaison.models.region import RegionLevel
from liaison.permissions import OrganisationKind, Permission
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from liaison.actor import Actor

LEVEL_OF_REGION = {
    RegionLevel.PROVINCE: CongressLevel.PROVINCE,
    RegionLevel.CITY: CongressLevel.CITY,
    RegionLevel.COUNTY: CongressLevel.COUNTY,
    RegionLevel.TOWNSHIP: CongressLevel.TOWNSHIP,
}
SETTING_FIELDS = (
    "handover_working_days",
    "answer_months",
    "feedback_working_days",
    "rework_months",
    "opinion_months",
    "opinion_sorting_working_days",
    "opinion_deputy_hours",
    "opinion_unit_months",
    "activity_record_working_days",
    "contact_opinion_months",
    "voter_reports_per_term",
)
#: Field → (least, most). The law's three months for an answer are the most; a place may set less.
SETTING_LIMITS = {
    "handover_working_days": (1, 60),
    "answer_months": (1, 3),
    "feedback_working_days": (1, 90),
    "rework_months": (1, 3),
    "opinion_months": (1, 3),
    "opinion_sorting_working_days": (1, 10),
    "opinion_deputy_hours": (1, 72),
    "opinion_unit_months": (1, 3),
    "activity_record_working_days": (1, 60),
    "contact_opinion_months": (1, 12),
    "voter_reports_per_term": (1, 5),
}
NO_CONGRESS = "{name}不设人民代表大会：按照地方组织法第七条，街道、统计用区和类似乡级单位没有本级人民代表大会。"
_DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """1 → 一, 14 → 十四, 40 → 四十: for names of terms and sessions (1 to 99)."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def congress_names(region: Region, *, national: bool, term: int) -> tuple[str, str]:
    """Name and short name of a congress as they are usually written."""
    number = chinese_number(term)
    if national:
        return f"第{number}届全国人民代表大会", f"{number}届全国人大"
    return f"{region.name}第{number}届人民代表大会", f"{region.name}{number}届人大"


@transaction.atomic
def congress_create(
    *,
    actor: Actor,
    region_code: str,
    term: int,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    national: bool = False,
    name: str = "",
    short_name: str = "",
    deputy_places: int | None = None,
) -> Congress:
    """Register a congress for a term, with its rules at their defaults.

    Args:
        region_code: where it sits; for the national congress the province that elects the deputies.
        term: 届次, from 1.
        name, short_name: made from region and term when empty.
        deputy_places: number of seats (代表名额), None when not known.

    Raises:
        NotAllowed: the role may not, or the region lies outside the actor's subtree.
        InvalidInput: no such region, or a region without congress (地方组织法), a wrong term or day.
    """
    actor.require(Permission.DEPUTY_EDIT)
    region = Region.objects.visible_to(actor).filter(code=region_code).first()
    if region is None:
        raise InvalidInput("没有这个区划。", fields={"region": "没有这个区划，请重新选择。"})
    if not within(actor, region.prefix):
        raise NotAllowed("只能登记本地及以下的届次。")
    if not region.has_congress:
        message = NO_CONGRESS.format(name=region.name)
        raise InvalidInput(message, fields={"region": message}, code="region_without_congress")
    level = LEVEL_OF_REGION[RegionLevel(region.level)]
    if national:
        if level != CongressLevel.PROVINCE:
            message = "全国人大代表由省级人民代表大会选举，请选择省级区划。"
            raise InvalidInput(message, fields={"national": message})
        level = CongressLevel.NATIONAL
    usual_name, usual_short = congress_names(region, national=national, term=term)
    congress = Congress(
        region=region,
        level=level,
        term=term,
        name=name.strip() or usual_name,
        short_name=short_name.strip() or usual_short,
        office=_office_of(region),
        deputy_places=deputy_places,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    _check_congress(congress)
    with integrity_as_input():
        congress.save()
    CongressSettings.objects.create(congress=congress)
    record_audit(actor=actor, action="congress.create", target=congress, region_prefix=region.prefix)
    return congress


@transaction.atomic
def congress_edit(
    *,
    actor: Actor,
    congress_id: UUID | str,
    name: str,
    short_name: str,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    deputy_places: int | None = None,
    version: str = "",
) -> Congress:
    """Correct a congress; region, level and term stay, numbers and mandates hang on them.

    Raises:
        NotFound, NotAllowed, StaleVersion, InvalidInput: as elsewhere.
    """
    congress = lock_congress(actor, congress_id)
    require_fresh(congress.updated_at, version)
    before = _told(congress)
    congress.name = require_text(name, field="name", message="请填写名称。")
    congress.short_name = require_text(short_name, field="short_name", message="请填写简称。")
    congress.starts_on, congress.ends_on, congress.deputy_places = starts_on, ends_on, deputy_places
    if congress.office_id is None:
        congress.office = _office_of(congress.region)
    _check_congress(congress)
    congress.save(update_fields=["name", "short_name", "starts_on", "ends_on", "deputy_places", "office", "updated_at"])
    _audit_edit(actor, "congress.edit", congress, before, _told(congress))
    return congress


@transaction.atomic
def congress_settings_save(*, actor: Actor, congress_id: UUID | str, **values: int) -> CongressSettings:
    """Set the rules of a congress (``SETTING_FIELDS``); open deadlines keep the rule they were opened by.

    Raises:
        NotFound, NotAllowed: as elsewhere.
        InvalidInput: outside ``SETTING_LIMITS``.
    """
    congress = lock_congress(actor, congress_id)
    rules, _made = CongressSettings.objects.select_for_update().get_or_create(congress=congress)
    before = {field: getattr(rules, field) for field in SETTING_FIELDS}
    wrong: dict[str, str] = {}
    for field in SETTING_FIELDS:
        least, most = SETTING_LIMITS[field]
        value = values.get(field, before[field])
        if not least <= value <= most:
            wrong[field] = f"请填写{least}到{most}之间的数。"
        setattr(rules, field, value)
    if wrong:
        raise InvalidInput("有内容需要更正。", fields=wrong)
    rules.save(update_fields=list(SETTING_FIELDS))
    _audit_edit(
        actor, "congress.settings", congress, before, {field: getattr(rules, field) for field in SETTING_FIELDS}
    )
    return rules


@transaction.atomic
def session_save(
    *,
    actor: Actor,
    congress_id: UUID | str,
    number: int,
    starts_on: dt.date,
    ends_on: dt.date,
    session_id: int | None = None,
) -> Session:
    """Register a session (次会议), or correct its days.

    Raises:
        NotFound: no such congress or session.
        InvalidInput: outside the term, before the session before it, after the session after it, number taken.
    """
    congress = lock_congress(actor, congress_id)
    others = list(congress.sessions.all())
    session = Session(congress=congress) if session_id is None else _one(others, session_id)
    others = [other for other in others if other.pk != session.pk]
    before = {"starts_on": str(session.starts_on or ""), "ends_on": str(session.ends_on or "")}
    session.number, session.starts_on, session.ends_on = number, starts_on, ends_on
    clean_model(session, exclude=["congress"])
    if ends_on < starts_on:
        raise InvalidInput("有内容需要更正。", fields={"ends_on": "闭幕日期不能早于开幕日期。"})
    if starts_on < congress.starts_on or (congress.ends_on is not None and ends_on > congress.ends_on):
        raise InvalidInput("有内容需要更正。", fields={"starts_on": "会议不在本届任期之内。"})
    for other in others:
        if other.number < number and other.ends_on >= starts_on:
            raise InvalidInput("有内容需要更正。", fields={"starts_on": f"第{other.number}次会议此时尚未闭幕。"})
        if other.number > number and other.starts_on <= ends_on:
            raise InvalidInput("有内容需要更正。", fields={"ends_on": f"第{other.number}次会议此时已经开幕。"})
    with integrity_as_input():
        session.save()
    after = {"number": number, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    _audit_edit(actor, "session.edit" if session_id else "session.create", congress, before, after)
    return session


@transaction.atomic
def electoral_unit_save(
    *, actor: Actor, congress_id: UUID | str, name: str, region_code: str = "", unit_id: int | None = None
) -> ElectoralUnit:
    """Register an electoral unit (选举单位、选区), or change its name or place.

    Args:
        region_code: the division it stands for, within the congress's region; "" for none. Its office then
            sees the deputies elected there: a new place moves their mandates with it.

    Raises:
        NotFound: no such congress or unit.
        InvalidInput: a name that is taken, a place outside the congress's region.
    """
    congress = lock_congress(actor, congress_id)
    unit = ElectoralUnit(congress=congress) if unit_id is None else _one(congress.electoral_units.all(), unit_id)
    before = {"name": unit.name, "region": str(unit.region or "")}
    unit.name = require_text(name, field="name", message="请填写选举单位名称。")
    unit.region = _region_within(congress, region_code) if region_code else None
    clean_model(unit, exclude=["congress", "region"])
    with acting(actor), integrity_as_input():
        unit.save()
        home = home_prefix_of(congress, unit)
        moved = Mandate.objects.unscoped(reason="a unit's mandates move with it").filter(electoral_unit=unit)
        moved.exclude(home_prefix=home).update(home_prefix=home)
    after = {"name": unit.name, "region": str(unit.region or "")}
    _audit_edit(actor, "electoral_unit.edit" if unit_id else "electoral_unit.create", congress, before, after)
    return unit


@transaction.atomic
def electoral_unit_remove(*, actor: Actor, congress_id: UUID | str, unit_id: int) -> None:
    """Remove an electoral unit that was never used.

    Raises:
        NotFound: no such congress or unit.
        DomainError: deputies were elected there.
    """
    congress = lock_congress(actor, congress_id)
    unit = _one(congress.electoral_units.select_for_update(of=("self",)), unit_id)
    if Mandate.objects.unscoped(reason="used by anybody").filter(electoral_unit=unit).exists():
        raise DomainError(f"“{unit.name}”已有代表，不能删除；可以修改名称。", code="unit_in_use")
    name = unit.name
    unit.delete()
    record_audit(actor=actor, action="electoral_unit.remove", target=congress, detail={"name": name})


def lock_congress(actor: Actor, public_id: UUID | str) -> Congress:
    """The congress, locked for the rest of the transaction, by somebody who may change it.

    Raises:
        NotFound: no such congress, or not visible to the actor.
        NotAllowed: the role may not, or the congress is a higher one that the actor only sees.
    """
    congress = (
        Congress.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("region")
        .filter(public_id=public_id)
        .first()
    )
    if congress is None:
        raise NotFound
    actor.require(Permission.DEPUTY_EDIT)
    if not within(actor, congress.region.prefix):
        raise NotAllowed(f"{congress.name}由上级人大维护，您可以查看，不能修改。")
    return congress


def _one(rows: Any, pk: int) -> Any:
    for row in rows:
        if row.pk == pk:
            return row
    raise NotFound


def _office_of(region: Region) -> Organisation | None:
    offices = Organisation.objects.unscoped(reason="one congress office a region").active()
    return offices.filter(region=region, kind=OrganisationKind.CONGRESS).first()


def _region_within(congress: Congress, code: str) -> Region:
    region = Region.objects.subtree(congress.region.prefix).filter(code=code, is_active=True).first()
    if region is None:
        message = f"请选择{congress.region.name}之内的区划。"
        raise InvalidInput(message, fields={"region": message})
    return region


def _check_congress(congress: Congress) -> None:
    clean_model(congress, exclude=["region", "office"])
    if congress.ends_on is not None and congress.ends_on <= congress.starts_on:
        raise InvalidInput("有内容需要更正。", fields={"ends_on": "任期结束必须晚于任期开始。"})


def _told(congress: Congress) -> dict[str, Any]:
    return {
        "name": congress.name,
        "short_name": congress.short_name,
        "starts_on": congress.starts_on.isoformat(),
        "ends_on": congress.ends_on.isoformat() if congress.ends_on else "",
        "deputy_places": congress.deputy_places,
    }


def _audit_edit(actor: Actor, action: str, congress: Congress, before: dict[str, Any], after: dict[str, Any]) -> None:
    detail = {key: [before.get(key), new] for key, new in after.items() if before.get(key) != new}
    record_audit(actor=actor, action=action, target=congress, detail=detail, region_prefix=congress.region.prefix)
