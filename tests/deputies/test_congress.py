"""Congresses: where one may be registered, terms, sessions, electoral units, rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from deputies.models import Congress, CongressLevel, CongressSettings, ElectoralUnit, Mandate, Session
from deputies.selectors.congress import (
    congress_list,
    congresses_to_fill,
    get_congress_for,
    region_choices,
    settings_of,
)
from deputies.services.checks import version_of
from deputies.services.congress import (
    chinese_number,
    congress_create,
    congress_edit,
    congress_settings_save,
    electoral_unit_remove,
    electoral_unit_save,
    session_save,
)
from liaison.actor import Actor, ActorKind
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import AuditEntry, Organisation, Posting
from liaison.permissions import OrganisationKind, Role
from tests.cast import Cast
from tests.deputies.factories import make_mandate

pytestmark = pytest.mark.django_db
TERM = dt.date(2021, 11, 1)


def create(cast: Cast, who: str = "insider", **values: Any) -> Congress:
    return congress_create(
        actor=cast.actor(who), **({"region_code": "430903101", "term": 20, "starts_on": TERM} | values)
    )


def provincial(cast: Cast) -> None:
    """The insider works for the province instead."""
    office = Organisation.objects.create(
        name="湖南省人大常委会", kind=OrganisationKind.CONGRESS, region=cast.regions["province"]
    )
    Posting.objects.filter(user=cast.user("insider")).update(organisation=office, role=Role.HANDLER)
    cast.actors.clear()


@pytest.mark.parametrize(("number", "text"), [(1, "一"), (10, "十"), (14, "十四"), (20, "二十"), (99, "九十九")])
def test_terms_are_counted_in_chinese(number: int, text: str) -> None:
    assert chinese_number(number) == text


def test_names_office_and_rules_come_by_themselves(cast: Cast) -> None:
    congress = create(cast, region_code="430903", term=7, starts_on=dt.date(2026, 12, 1))
    assert (congress.name, congress.short_name) == ("赫山区第七届人民代表大会", "赫山区七届人大")
    assert (congress.level, congress.office) == (CongressLevel.COUNTY, cast.offices["county_office"])
    assert CongressSettings.objects.get(congress=congress).opinion_months == 1
    assert create(cast).office is None
    assert AuditEntry.objects.filter(action="congress.create").count() == 2


def test_a_subdistrict_has_no_congress(cast: Cast) -> None:
    with pytest.raises(InvalidInput, match="赫山街道不设人民代表大会：按照地方组织法第七条，街道、统计用区") as refusal:
        create(cast, region_code="430903001")
    assert refusal.value.code == "region_without_congress"


@pytest.mark.parametrize(("kind", "level"), [("quasi", "township"), ("statistical_zone", "special")])
def test_nor_has_a_statistical_zone(cast: Cast, kind: str, level: str) -> None:
    town = cast.regions["town"]
    town.kind, town.level = kind, level
    town.save()
    with pytest.raises(InvalidInput, match="不设人民代表大会"):
        create(cast)


def test_the_national_congress_has_the_province_that_elects(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refusal:
        create(cast, region_code="430900", term=14, national=True)
    assert "national" in refusal.value.fields
    provincial(cast)
    congress = create(cast, region_code="430000", term=14, national=True)
    assert (congress.level, congress.region.name) == (CongressLevel.NATIONAL, "湖南省")
    assert (congress.name, congress.short_name) == ("第十四届全国人民代表大会", "十四届全国人大")
    assert create(cast, region_code="430000", term=14).level == CongressLevel.PROVINCE


def test_once_a_term_within_the_subtree_and_by_those_who_may(cast: Cast) -> None:
    create(cast)
    with pytest.raises(InvalidInput) as refusal:
        create(cast)
    assert refusal.value.fields == {"term": "这一届已经登记过。"}
    with pytest.raises(NotAllowed):
        create(cast, "stranger", term=21)
    with pytest.raises(NotAllowed):
        create(cast, "colleague", term=21)
    with pytest.raises(InvalidInput):
        create(cast, region_code="110000")
    with pytest.raises(InvalidInput) as refusal:
        create(cast, term=0)
    assert "term" in refusal.value.fields
    with pytest.raises(InvalidInput) as refusal:
        create(cast, term=22, ends_on=TERM)
    assert "ends_on" in refusal.value.fields


def edit(cast: Cast, who: str = "insider", **values: Any) -> Congress:
    defaults = {"name": "益阳市第七届人民代表大会", "short_name": "益阳市七届人大", "starts_on": dt.date(2021, 12, 1)}
    return congress_edit(actor=cast.actor(who), congress_id=cast.congress.public_id, **(defaults | values))


def test_a_congress_is_corrected(cast: Cast) -> None:
    Congress.objects.filter(pk=cast.congress.pk).update(office=None)
    congress = edit(cast, deputy_places=420, ends_on=dt.date(2026, 12, 1))
    assert (congress.deputy_places, congress.office) == (420, cast.offices["city_office"])
    assert AuditEntry.objects.get(action="congress.edit").detail == {
        "deputy_places": [None, 420],
        "ends_on": ["", "2026-12-01"],
    }
    with pytest.raises(InvalidInput):
        edit(cast, name=" ")
    with pytest.raises(InvalidInput):
        edit(cast, ends_on=dt.date(2021, 1, 1))
    with pytest.raises(StaleVersion):
        edit(cast, version="1")
    edit(cast, version=version_of(Congress.objects.get(pk=cast.congress.pk).updated_at))


def test_a_county_sees_the_citys_congress_and_does_not_change_it(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="上级人大"):
        edit(cast, "county_clerk")
    with pytest.raises(NotAllowed):
        edit(cast, "deputy")
    with pytest.raises(NotFound):
        congress_settings_save(actor=cast.actor("stranger"), congress_id=cast.congresses["county"].public_id)


# ── rules ─────────────────────────────────────────────────────────────────────────────────────────
def test_rules_are_set_within_the_law(cast: Cast) -> None:
    actor, congress_id = cast.actor("insider"), cast.congress.public_id
    congress_settings_save(actor=actor, congress_id=congress_id, answer_months=2, handover_working_days=5)
    rules = CongressSettings.objects.get(congress=cast.congress)
    assert (rules.answer_months, rules.handover_working_days, rules.feedback_working_days) == (2, 5, 15)
    assert AuditEntry.objects.get(action="congress.settings").detail["answer_months"] == [3, 2]
    with pytest.raises(InvalidInput) as refusal:
        congress_settings_save(actor=actor, congress_id=congress_id, answer_months=4, rework_months=0)
    assert set(refusal.value.fields) == {"answer_months", "rework_months"}


def test_a_congress_without_rules_has_the_defaults(cast: Cast) -> None:
    CongressSettings.objects.filter(congress=cast.congress).delete()
    assert settings_of(Congress.objects.get(pk=cast.congress.pk)).answer_months == 3


# ── sessions ──────────────────────────────────────────────────────────────────────────────────────
def hold(cast: Cast, number: int, starts: dt.date, ends: dt.date, session_id: int | None = None) -> Session:
    return session_save(
        actor=cast.actor("insider"),
        congress_id=cast.congress.public_id,
        number=number,
        starts_on=starts,
        ends_on=ends,
        session_id=session_id,
    )


def test_sessions_follow_one_another_within_the_term(cast: Cast) -> None:
    second = hold(cast, 2, dt.date(2023, 1, 5), dt.date(2023, 1, 8))
    hold(cast, 2, dt.date(2023, 1, 6), dt.date(2023, 1, 8), session_id=second.pk)
    Congress.objects.filter(pk=cast.congress.pk).update(ends_on=dt.date(2026, 12, 1))
    for number, starts, ends, field in (
        (3, dt.date(2024, 1, 8), dt.date(2024, 1, 5), "ends_on"),
        (1, dt.date(2021, 11, 1), dt.date(2021, 11, 5), "starts_on"),
        (3, dt.date(2026, 12, 1), dt.date(2026, 12, 5), "starts_on"),
        (3, dt.date(2023, 1, 7), dt.date(2023, 1, 9), "starts_on"),
        (2, dt.date(2024, 1, 5), dt.date(2024, 1, 8), "number"),
        (21, dt.date(2024, 1, 5), dt.date(2024, 1, 8), "number"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            hold(cast, number, starts, ends)
        assert list(refusal.value.fields) == [field]
    with pytest.raises(InvalidInput, match="有内容需要更正"):
        hold(cast, 1, dt.date(2021, 12, 27), dt.date(2023, 1, 7), session_id=cast.session.pk)
    with pytest.raises(NotFound):
        hold(cast, 3, dt.date(2024, 1, 5), dt.date(2024, 1, 8), session_id=0)


# ── electoral units ───────────────────────────────────────────────────────────────────────────────
def keep_unit(cast: Cast, name: str, region_code: str = "", unit_id: int | None = None) -> ElectoralUnit:
    return electoral_unit_save(
        actor=cast.actor("insider"),
        congress_id=cast.congress.public_id,
        name=name,
        region_code=region_code,
        unit_id=unit_id,
    )


def test_units_are_named_once_and_lie_within(cast: Cast) -> None:
    unit = keep_unit(cast, " 沅江市代表团 ", "430981")
    assert (unit.name, unit.region) == ("沅江市代表团", cast.regions["neighbour"])
    with pytest.raises(InvalidInput) as refusal:
        keep_unit(cast, "沅江市代表团")
    assert refusal.value.fields == {"name": "已有同名的选举单位。"}
    with pytest.raises(InvalidInput):
        keep_unit(cast, " ")
    with pytest.raises(InvalidInput) as refusal:
        keep_unit(cast, "外省", "430000")
    assert "region" in refusal.value.fields


def test_moving_a_unit_moves_its_deputies_to_the_other_office(cast: Cast) -> None:
    unit = cast.congress.electoral_units.get()
    keep_unit(cast, unit.name, "430981", unit_id=unit.pk)
    assert set(Mandate.objects.filter(electoral_unit=unit).values_list("home_prefix", flat=True)) == {"430981"}
    assert Mandate.objects.visible_to(cast.actor("stranger")).count() == 3
    assert not Mandate.objects.visible_to(cast.actor("county_clerk")).exists()
    keep_unit(cast, unit.name, unit_id=unit.pk)
    assert set(Mandate.objects.filter(electoral_unit=unit).values_list("home_prefix", flat=True)) == {"4309"}


def test_only_a_unit_without_deputies_is_removed(cast: Cast) -> None:
    actor, congress_id = cast.actor("insider"), cast.congress.public_id
    used = cast.congress.electoral_units.get()
    with pytest.raises(DomainError, match="不能删除"):
        electoral_unit_remove(actor=actor, congress_id=congress_id, unit_id=used.pk)
    unit = keep_unit(cast, "用不着")
    electoral_unit_remove(actor=actor, congress_id=congress_id, unit_id=unit.pk)
    assert not ElectoralUnit.objects.filter(name="用不着").exists()
    with pytest.raises(NotFound):
        electoral_unit_remove(actor=actor, congress_id=congress_id, unit_id=unit.pk)


# ── scope ─────────────────────────────────────────────────────────────────────────────────────────
def test_who_sees_which_congress(cast: Cast) -> None:
    def seen(who: str) -> set[str]:
        return {congress.short_name for congress in Congress.objects.visible_to(cast.actor(who))}

    assert seen("insider") == {"益阳市七届人大", "赫山区六届人大", "沅江市十八届人大"}
    assert seen("county_clerk") == {"益阳市七届人大", "赫山区六届人大"}
    assert seen("deputy") == {"益阳市七届人大"}
    assert seen("unit") == set()


def test_who_fills_which_congress(cast: Cast) -> None:
    def fills(who: str) -> set[str]:
        return {congress.short_name for congress in congresses_to_fill(cast.actor(who))}

    assert fills("insider") == {"益阳市七届人大", "赫山区六届人大", "沅江市十八届人大"}
    assert fills("county_clerk") == {"益阳市七届人大", "赫山区六届人大"}  # the city's by its electoral unit
    assert fills("stranger") == {"沅江市十八届人大"}


def test_a_deputy_who_was_elected_twice_is_counted_once_in_scope(cast: Cast) -> None:
    make_mandate(cast.congresses["county"], 1, person=cast.people["deputy"])
    assert Congress.objects.visible_to(cast.actor("deputy")).count() == 2


def test_a_congress_out_of_sight_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        get_congress_for(cast.actor("stranger"), cast.congresses["county"].public_id)
    assert congress_list(cast.actor("insider"), None).count() == 3


def test_who_has_no_region_has_none_to_choose_from(cast: Cast) -> None:
    assert region_choices(Actor(kind=ActorKind.STAFF, region_prefix="-")) == ([], [])
