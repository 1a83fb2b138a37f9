"""People, mandates and accounts: the services and their refusals."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from deputies.models import Congress, Mandate, Person
from deputies.services.account import deputy_account_open
from deputies.services.checks import integrity_as_input, version_of
from deputies.services.mandate import (
    MandateFacts,
    deputy_add,
    mandate_edit,
    mandate_end,
    mandate_grant,
    mandate_reinstate,
)
from deputies.services.person import PersonFacts, person_phone_reveal, person_save
from liaison.actor import system_actor
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import AuditEntry, User
from tests.cast import Cast
from tests.deputies.factories import make_mandate, make_person

pytestmark = pytest.mark.django_db


def facts(**values: Any) -> PersonFacts:
    return PersonFacts(**({"name": "赵新任", "phone": "13711112222", "industries": ("教育",)} | values))


def mandate_facts(**values: Any) -> MandateFacts:
    defaults = {"certificate_number": "YY-0900", "profession_class": "rural", "started_on": dt.date(2021, 12, 27)}
    return MandateFacts(**(defaults | values))


def add(cast: Cast, who: str = "insider", congress: str = "city", **values: Any) -> Mandate:
    person = values.pop("person", facts())
    return deputy_add(
        actor=cast.actor(who),
        person=person,
        congress_id=cast.congresses[congress].public_id,
        mandate=mandate_facts(**values),
    )[0]


# ── people ────────────────────────────────────────────────────────────────────────────────────────
def test_a_deputy_is_registered_with_person_and_mandate(cast: Cast) -> None:
    mandate = add(cast)
    assert (mandate.person.name, mandate.home_prefix) == ("赵新任", "4309")
    assert [tag.name for tag in mandate.person.tags.all()] == ["教育"]
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"person.create", "mandate.grant"}


def test_the_same_name_and_phone_is_the_same_person(cast: Cast) -> None:
    known = make_person(1, name="赵新任", phone="13711112222", employer="原单位")
    mandate, was_known = deputy_add(
        actor=cast.actor("insider"),
        person=facts(employer="别处"),
        congress_id=cast.congress.public_id,
        mandate=mandate_facts(),
    )
    assert (mandate.person_id, was_known) == (known.pk, True)
    known.refresh_from_db()
    assert known.employer == "原单位"


def test_the_phone_of_somebody_else_is_refused(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refusal:
        add(cast, person=facts(phone="13873700001"))
    assert refusal.value.fields == {"phone": "这个手机号码已登记在其他人名下。"}
    assert not Person.objects.filter(name="赵新任").exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"phone": "123"}, "phone"),
        ({"gender": "other"}, "gender"),
        ({"employer": "单" * 101}, "employer"),
        ({"industries": tuple(str(number) for number in range(9))}, "industries"),
        ({"expertise": ("长" * 31,)}, "expertise"),
    ],
)
def test_wrong_facts_are_said_by_field(cast: Cast, values: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        person_save(actor=cast.actor("insider"), facts=facts(**values))
    assert list(refusal.value.fields) == [field]


def test_changing_a_person_moves_name_and_phone_of_the_account(cast: Cast) -> None:
    person = cast.people["deputy"]
    person_save(
        actor=cast.actor("county_clerk"),
        person_id=person.public_id,
        facts=facts(name="李更名", phone="13711113333", birth_month=dt.date(1970, 5, 20)),
        version=version_of(person.updated_at),
    )
    person.refresh_from_db()
    user = cast.users["deputy"]
    user.refresh_from_db()
    assert (user.name, user.phone) == ("李更名", "13711113333")
    assert person.birth_month == dt.date(1970, 5, 1)
    detail = AuditEntry.objects.get(action="person.edit").detail
    assert detail["name"] == ["李代表", "李更名"]
    assert "137" not in str(detail)


def test_a_name_and_phone_of_the_accounts_own_stay(cast: Cast) -> None:
    user = cast.users["deputy"]
    user.name, user.phone = "李代表（职工）", None
    user.save()
    person_save(
        actor=cast.actor("insider"),
        person_id=cast.people["deputy"].public_id,
        facts=facts(name="李更名", phone="13711113333"),
    )
    user.refresh_from_db()
    assert (user.name, user.phone) == ("李代表（职工）", None)


def test_what_no_rule_foresees_is_not_called_an_input_error(cast: Cast) -> None:
    with pytest.raises(IntegrityError), integrity_as_input():
        Mandate.objects.filter(pk=cast.mandates["deputy"].pk).update(ended_on=dt.date(2000, 1, 1))


def test_a_phone_that_another_account_signs_in_with_is_refused(cast: Cast) -> None:
    User.objects.create_user("somebody", name="某人", phone="13711113333")
    with pytest.raises(InvalidInput, match="另一个登录账号"):
        person_save(
            actor=cast.actor("insider"),
            person_id=cast.people["deputy"].public_id,
            facts=facts(name="李代表", phone="13711113333"),
        )


def test_a_stale_form_is_told(cast: Cast) -> None:
    person = cast.people["deputy"]
    version = version_of(person.updated_at)
    person.save()
    with pytest.raises(StaleVersion):
        person_save(
            actor=cast.actor("insider"), person_id=person.public_id, facts=facts(name="李代表"), version=version
        )


def test_out_of_sight_is_not_found_and_without_permission_not_allowed(cast: Cast) -> None:
    person = cast.people["deputy"]
    with pytest.raises(NotFound):
        person_save(actor=cast.actor("stranger"), person_id=person.public_id, facts=facts())
    with pytest.raises(NotAllowed):
        person_save(actor=cast.actor("colleague"), person_id=person.public_id, facts=facts())
    with pytest.raises(NotAllowed):
        person_save(actor=cast.actor("deputy"), person_id=person.public_id, facts=facts())
    with pytest.raises(NotAllowed):
        person_save(actor=cast.actor("unit"), facts=facts())


def test_seeing_a_whole_number_is_audited(cast: Cast) -> None:
    person = cast.people["deputy"]
    assert person_phone_reveal(actor=cast.actor("insider"), person_id=person.public_id) == "13873700001"
    entry = AuditEntry.objects.get(action="person.unmask")
    assert (entry.target_title, entry.actor_name) == ("李代表", "陈经办")
    assert "138737" not in str(entry.detail)
    with pytest.raises(NotFound):
        person_phone_reveal(actor=cast.actor("stranger"), person_id=person.public_id)
    with pytest.raises(NotAllowed):
        person_phone_reveal(actor=cast.actor("colleague"), person_id=person.public_id)


# ── mandates ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"certificate_number": "x"}, "certificate_number"),
        ({"certificate_number": "YY-0701"}, "certificate_number"),
        ({"profession_class": "actor"}, "profession_class"),
        ({"started_on": dt.date(2021, 11, 30)}, "started_on"),
        ({"electoral_unit_id": 0}, "electoral_unit"),
    ],
)
def test_wrong_mandates_are_said_by_field(cast: Cast, values: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        add(cast, **values)
    assert list(refusal.value.fields) == [field]


def test_a_mandate_begins_within_the_term_and_of_age(cast: Cast) -> None:
    Congress.objects.filter(pk=cast.congress.pk).update(ends_on=dt.date(2026, 12, 1))
    with pytest.raises(InvalidInput, match="晚于本届结束日"):
        add(cast, started_on=dt.date(2027, 1, 1))
    with pytest.raises(InvalidInput, match="未满18周岁"):
        add(cast, person=facts(birth_month=dt.date(2004, 1, 1)))


def test_one_mandate_in_force_a_person_and_congress(cast: Cast) -> None:
    person = cast.people["deputy"]
    with pytest.raises(DomainError, match="不必重复登记"):
        mandate_grant(
            actor=cast.actor("insider"),
            person_id=person.public_id,
            congress_id=cast.congress.public_id,
            facts=mandate_facts(),
        )
    mandate_grant(
        actor=cast.actor("insider"),
        person_id=person.public_id,
        congress_id=cast.congresses["county"].public_id,
        facts=mandate_facts(),
    )
    assert person.mandates.in_force().count() == 2


def test_a_county_registers_for_the_city_congress_only_those_elected_from_it(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refusal:
        add(cast, "county_clerk")
    assert "electoral_unit" in refusal.value.fields
    unit = cast.congress.electoral_units.get()
    assert add(cast, "county_clerk", electoral_unit_id=unit.pk).home_prefix == "430903"
    with pytest.raises(NotFound):
        add(cast, "county_clerk", congress="neighbour")


def test_correcting_a_mandate_moves_its_home(cast: Cast) -> None:
    mandate = cast.mandates["deputy"]
    mandate_edit(
        actor=cast.actor("insider"),
        mandate_id=mandate.public_id,
        facts=mandate_facts(certificate_number="YY-0999"),
        version=version_of(mandate.updated_at),
    )
    mandate.refresh_from_db()
    assert (mandate.certificate_number, mandate.home_prefix, mandate.electoral_unit) == ("YY-0999", "4309", None)
    assert AuditEntry.objects.get(action="mandate.edit").detail["certificate_number"] == ["YY-0701", "YY-0999"]
    with pytest.raises(StaleVersion):
        mandate_edit(actor=cast.actor("insider"), mandate_id=mandate.public_id, facts=mandate_facts(), version="1")
    with pytest.raises(NotFound):
        mandate_edit(actor=cast.actor("stranger"), mandate_id=mandate.public_id, facts=mandate_facts())


def test_a_mandate_ends_once_with_day_and_reason(cast: Cast) -> None:
    mandate = cast.mandates["deputy"]
    actor, today = cast.actor("insider"), timezone.localdate()
    for ended_on, reason, field in (
        (dt.date(2021, 12, 26), "辞职被接受", "ended_on"),
        (today + dt.timedelta(days=1), "辞职被接受", "ended_on"),
        (today, "  ", "reason"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            mandate_end(actor=actor, mandate_id=mandate.public_id, ended_on=ended_on, reason=reason)
        assert list(refusal.value.fields) == [field]
    mandate_end(actor=actor, mandate_id=mandate.public_id, ended_on=today, reason="辞职被接受")
    mandate.refresh_from_db()
    assert (mandate.ended_on, mandate.end_reason) == (today, "辞职被接受")
    with pytest.raises(DomainError, match="已于"):
        mandate_end(actor=actor, mandate_id=mandate.public_id, ended_on=today, reason="辞职被接受")


def test_an_ending_noted_by_mistake_is_taken_back(cast: Cast) -> None:
    mandate, actor = cast.mandates["deputy"], cast.actor("insider")
    with pytest.raises(DomainError, match="不必恢复"):
        mandate_reinstate(actor=actor, mandate_id=mandate.public_id, reason="选错了")
    mandate_end(actor=actor, mandate_id=mandate.public_id, ended_on=timezone.localdate(), reason="去世")
    with pytest.raises(InvalidInput):
        mandate_reinstate(actor=actor, mandate_id=mandate.public_id, reason=" ")
    mandate_reinstate(actor=actor, mandate_id=mandate.public_id, reason="选错了")
    mandate.refresh_from_db()
    assert (mandate.ended_on, mandate.end_reason) == (None, "")


# ── accounts ──────────────────────────────────────────────────────────────────────────────────────
def test_an_account_is_named_by_the_certificate_and_must_change_its_password(cast: Cast) -> None:
    mandate = make_mandate(cast.congress, 5)
    opened = deputy_account_open(actor=cast.actor("insider"), person_id=mandate.person.public_id)
    user = User.objects.get(pk=opened.user.pk)
    assert (user.username, user.phone, user.name) == ("dt-00005", mandate.person.phone, mandate.person.name)
    assert user.must_change_password
    assert user.check_password(opened.password)
    mandate.person.refresh_from_db()
    assert mandate.person.user == user
    entry = AuditEntry.objects.get(action="person.account_open")
    assert entry.detail == {"username": "dt-00005", "new": True}


def test_the_demo_may_choose_the_password(cast: Cast) -> None:
    mandate = make_mandate(cast.congress, 5)
    opened = deputy_account_open(actor=system_actor(), person_id=mandate.person.public_id, password="Demo-2026-x")
    assert opened.user.check_password("Demo-2026-x")


def test_a_name_that_is_taken_gets_a_number(cast: Cast) -> None:
    User.objects.create_user("DT-00005", name="某人")
    User.objects.create_user("dt-00005.2", name="某人")
    mandate = make_mandate(cast.congress, 5)
    opened = deputy_account_open(actor=cast.actor("insider"), person_id=mandate.person.public_id)
    assert opened.user.username == "dt-00005.3"


def test_staff_who_are_deputies_keep_their_account(cast: Cast) -> None:
    staff = cast.users["colleague"]
    staff.phone = "13900000005"
    staff.save()
    mandate = make_mandate(cast.congress, 5, person=make_person(5, name="吴查看"))
    opened = deputy_account_open(actor=cast.actor("insider"), person_id=mandate.person.public_id)
    assert (opened.user, opened.password) == (staff, "")
    staff.refresh_from_db()
    assert not staff.must_change_password


def test_no_account_for_who_has_one_has_no_mandate_or_a_strange_phone(cast: Cast) -> None:
    actor = cast.actor("insider")
    with pytest.raises(DomainError, match="已有登录账号"):
        deputy_account_open(actor=actor, person_id=cast.people["deputy"].public_id)
    ended = make_mandate(cast.congress, 5, ended_on=dt.date(2024, 1, 1))
    with pytest.raises(DomainError, match="没有在任"):
        deputy_account_open(actor=actor, person_id=ended.person.public_id)
    User.objects.create_user("somebody", name="某人", phone="13900000006")
    other = make_mandate(cast.congress, 6)
    with pytest.raises(DomainError, match="另一个登录账号"):
        deputy_account_open(actor=actor, person_id=other.person.public_id)
    with pytest.raises(NotAllowed):
        deputy_account_open(actor=cast.actor("colleague"), person_id=other.person.public_id)
