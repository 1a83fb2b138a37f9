"""Writing a judged roster: everything in bulk, in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils import timezone

from deputies.models import ElectoralUnit, Mandate, Person
from deputies.services.mandate import home_prefix_of
from deputies.services.roster.judge import MANDATE_KEYS, PERSON_KEYS, TAG_KINDS, Judged
from deputies.services.tag import tags_named
from liaison.models import User

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from deputies.models import Congress
    from deputies.services.roster.standing import Standing

T = TypeVar("T")
BATCH = 500
PERSON_COLUMNS = [*PERSON_KEYS, "updated_at"]
MANDATE_COLUMNS = ["electoral_unit", "home_prefix", "profession_class", "started_on", "updated_at"]


def write_roster(
    congress: Congress, judged: Sequence[Judged], standing: Standing, *, progress: Callable[[int], None]
) -> None:
    """Do what the verdicts say; rows that are the same or wrong are left alone.

    Args:
        judged: by ``judge`` under the locks of ``read_standing(lock=True)``.
        progress: called with the number of rows done.

    A few hundred statements for ten thousand rows; the history rows are written by trigger.
    """
    units = _units(congress, judged, standing)
    idle = len(judged) - sum(1 for one in judged if one.mandate is None or one.changes)
    progress(idle)
    people_changed = [one for one in judged if one.person is not None and one.changes.keys() & set(PERSON_KEYS)]
    _change_people(people_changed, standing)
    done = idle
    mandates_changed = [one for one in judged if one.mandate is not None and one.changes.keys() & set(MANDATE_KEYS)]
    for part in _parts(mandates_changed):
        _change_mandates(part, units)
    _set_tags([one for one in judged if one.mandate is not None])
    done += sum(1 for one in judged if one.mandate is not None and one.changes)
    progress(done)
    for part in _parts([one for one in judged if one.mandate is None]):
        _add_people(part)
        _add_mandates(congress, part, units)
        _set_tags(part)
        done += len(part)
        progress(done)


def _parts(rows: Sequence[T]) -> Iterator[list[T]]:
    for start in range(0, len(rows), BATCH):
        yield list(rows[start : start + BATCH])


def _units(congress: Congress, judged: Iterable[Judged], standing: Standing) -> dict[str, ElectoralUnit]:
    """The units by name, made where missing."""
    units = dict(standing.units)
    names = dict.fromkeys(name for one in judged if (name := one.row.values.get("electoral_unit")))
    missing = [ElectoralUnit(congress=congress, name=name) for name in names if name not in units]
    for unit in ElectoralUnit.objects.bulk_create(missing):
        units[unit.name] = unit
    return units


def _change_people(changed: list[Judged], standing: Standing) -> None:
    """New values of people who are known; phones that change hands are first let go."""
    handed_on = [
        owner.pk for one in changed if (owner := standing.people_by_phone.get(one.changes.get("phone", ""))) is not None
    ]
    if handed_on:
        Person.objects.filter(pk__in=handed_on).update(phone="")
    _change_accounts(changed)
    now = timezone.now()
    people = []
    for one in changed:
        person = one.person
        assert person is not None  # noqa: S101  (the caller chose them so)
        for key in PERSON_KEYS:
            if key in one.changes:
                setattr(person, key, _person_value(key, one.changes[key]))
        person.updated_at = now
        people.append(person)
    for part in _parts(people):
        # An upsert on the key is one statement a batch; ``bulk_update`` would write a CASE a field and row.
        Person.objects.bulk_create(part, update_conflicts=True, unique_fields=["id"], update_fields=PERSON_COLUMNS)


def _change_accounts(changed: list[Judged]) -> None:
    """Name and sign-in phone of an account follow the person's, where they were the same before."""
    moved = {
        one.person.user_id: (one.person, one.changes)
        for one in changed
        if one.person is not None and one.person.user_id is not None and {"name", "phone"} & one.changes.keys()
    }
    if not moved:
        return
    users = list(User.objects.select_for_update().filter(pk__in=moved).order_by("pk"))
    with_phone = []
    for user in users:
        person, changes = moved[user.pk]
        if user.name == person.name:
            user.name = changes.get("name", user.name)
        if "phone" in changes and (user.phone or "") == person.phone:
            user.phone = changes["phone"]
            with_phone.append(user.pk)
    User.objects.filter(pk__in=with_phone).update(phone=None)
    User.objects.bulk_update(users, ["name", "phone"], batch_size=BATCH)


def _change_mandates(part: list[Judged], units: dict[str, ElectoralUnit]) -> None:
    now = timezone.now()
    mandates = []
    for one in part:
        mandate = one.mandate
        assert mandate is not None  # noqa: S101  (the caller chose them so)
        if "electoral_unit" in one.changes:
            mandate.electoral_unit = units[one.changes["electoral_unit"]]
            mandate.home_prefix = home_prefix_of(mandate.congress, mandate.electoral_unit)
        mandate.profession_class = one.changes.get("profession_class", mandate.profession_class)
        if "started_on" in one.changes:
            mandate.started_on = dt.date.fromisoformat(one.changes["started_on"])
        mandate.updated_at = now
        mandates.append(mandate)
    Mandate.objects.bulk_create(mandates, update_conflicts=True, unique_fields=["id"], update_fields=MANDATE_COLUMNS)


def _add_people(part: list[Judged]) -> None:
    new = [one for one in part if one.person is None]
    people = [
        Person(**{key: _person_value(key, one.row.values[key]) for key in PERSON_KEYS if key in one.row.values})
        for one in new
    ]
    for one, person in zip(new, Person.objects.bulk_create(people), strict=True):
        one.person = person
        one.changes = {key: one.row.values[key] for key in TAG_KINDS if key in one.row.values}


def _add_mandates(congress: Congress, part: list[Judged], units: dict[str, ElectoralUnit]) -> None:
    mandates = []
    for one in part:
        values = one.row.values
        unit = units.get(values.get("electoral_unit", ""))
        mandates.append(
            Mandate(
                person=one.person,
                congress=congress,
                electoral_unit=unit,
                certificate_number=values["certificate"],
                profession_class=values["profession_class"],
                home_prefix=home_prefix_of(congress, unit),
                started_on=dt.date.fromisoformat(values["started_on"])
                if "started_on" in values
                else congress.starts_on,
            )
        )
    Mandate.objects.bulk_create(mandates)


def _set_tags(judged: Sequence[Judged]) -> None:
    """The tags of each kind that a row names replace those of that kind."""
    named = [one for one in judged if one.person is not None and one.changes.keys() & TAG_KINDS.keys()]
    pairs = {(kind, name) for one in named for key, kind in TAG_KINDS.items() for name in one.changes.get(key, ())}
    tags = tags_named(pairs)
    through = Person.tags.through
    links = []
    for key, kind in TAG_KINDS.items():
        people = [one for one in named if key in one.changes]
        for part in _parts(people):
            through.objects.filter(person_id__in=[_pk(one) for one in part], tag__kind=kind).delete()
        links += [
            through(person_id=_pk(one), tag_id=tags[kind, name].pk) for one in people for name in one.changes[key]
        ]
    through.objects.bulk_create(links, batch_size=BATCH * 4, ignore_conflicts=True)


def _pk(one: Judged) -> int:
    assert one.person is not None  # noqa: S101  (the caller chose them so)
    return one.person.pk


def _person_value(key: str, value: Any) -> Any:
    return dt.date.fromisoformat(f"{value}-01") if key == "birth_month" else value
