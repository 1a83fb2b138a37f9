"""What is registered already, as far as a roster's rows touch it: read in a dozen queries, whatever the rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deputies.models import Congress, ElectoralUnit, Mandate, Person, Tag, TagKind
from liaison.models import User

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deputies.services.roster.cells import ParsedRow
    from liaison.actor import Actor

_REASON = "a certificate number and a phone are unique in the whole portal; what is shown of others stays in scope"


@dataclass(slots=True)
class Standing:
    """The registered side of a comparison.

    Args:
        mandates: by certificate number, in any congress.
        people_by_phone: by phone, in any place.
        people_by_name: by name, as far as the actor sees them.
        visible: ids of the people that the actor sees, of those above.
        in_force: person id → certificate number of their mandate in force in this congress.
        units: by name.
        users_by_phone: sign-in phone → account id.
        tags: person id → their tags.
        known_tags: every tag of the names in the rows.
    """

    actor: Actor
    congress: Congress
    mandates: dict[str, Mandate] = field(default_factory=dict)
    people_by_phone: dict[str, Person] = field(default_factory=dict)
    people_by_name: dict[str, list[Person]] = field(default_factory=dict)
    visible: set[int] = field(default_factory=set)
    in_force: dict[int, str] = field(default_factory=dict)
    units: dict[str, ElectoralUnit] = field(default_factory=dict)
    users_by_phone: dict[str, int] = field(default_factory=dict)
    tags: dict[int, set[tuple[TagKind, str]]] = field(default_factory=dict)
    known_tags: set[tuple[TagKind, str]] = field(default_factory=set)


def read_standing(actor: Actor, congress: Congress, rows: Sequence[ParsedRow], *, lock: bool = False) -> Standing:
    """Read what the rows touch.

    Args:
        lock: hold the people and mandates until the transaction ends, so that what was judged stays true.
    """
    standing = Standing(actor=actor, congress=congress)
    certificates = {row.values["certificate"] for row in rows if "certificate" in row.values}
    phones = {row.values["phone"] for row in rows if "phone" in row.values}
    names = {row.values["name"] for row in rows if "name" in row.values}
    _read_mandates(standing, certificates, lock=lock)
    _read_people(standing, phones, names, lock=lock)
    units = ElectoralUnit.objects.filter(congress=congress).select_related("region")
    standing.units = {unit.name: unit for unit in units}
    accounts = User.objects.unscoped(reason=_REASON).filter(phone__in=phones)
    standing.users_by_phone = {str(phone): pk for phone, pk in accounts.values_list("phone", "pk")}
    _read_tags(standing, rows)
    return standing


def _read_mandates(standing: Standing, certificates: set[str], *, lock: bool) -> None:
    mandates = Mandate.objects.unscoped(reason=_REASON).filter(certificate_number__in=certificates)
    mandates = mandates.select_related("person", "congress__region", "electoral_unit__region").order_by("pk")
    if lock:
        mandates = mandates.select_for_update(of=("self", "person"), no_key=True)
    standing.mandates = {mandate.certificate_number: mandate for mandate in mandates}


def _read_people(standing: Standing, phones: set[str], names: set[str], *, lock: bool) -> None:
    everybody = Person.objects.unscoped(reason=_REASON)
    if lock:
        everybody = everybody.select_for_update(of=("self",), no_key=True)
    standing.people_by_phone = {person.phone: person for person in everybody.filter(phone__in=phones).order_by("pk")}
    seen = Person.objects.visible_to(standing.actor)
    namesakes = seen.filter(name__in=names).order_by("pk")
    for person in namesakes.select_for_update(of=("self",), no_key=True) if lock else namesakes:
        standing.people_by_name.setdefault(person.name, []).append(person)
        standing.visible.add(person.pk)
    others = {person.pk for person in standing.people_by_phone.values()}
    others |= {mandate.person_id for mandate in standing.mandates.values()}
    standing.visible |= set(seen.filter(pk__in=others - standing.visible).values_list("pk", flat=True))
    involved = others | standing.visible
    in_force = Mandate.objects.unscoped(reason=_REASON).in_force().filter(congress=standing.congress)
    pairs = in_force.filter(person_id__in=involved).values_list("person_id", "certificate_number")
    standing.in_force = dict(pairs)


def _read_tags(standing: Standing, rows: Sequence[ParsedRow]) -> None:
    people = {mandate.person_id for mandate in standing.mandates.values()}
    people |= {person.pk for person in standing.people_by_phone.values()} | standing.visible
    through = Person.tags.through.objects.filter(person_id__in=people)
    for person_id, kind, name in through.values_list("person_id", "tag__kind", "tag__name"):
        standing.tags.setdefault(person_id, set()).add((TagKind(kind), name))
    names = {name for row in rows for key in ("industries", "expertise") for name in row.values.get(key, ())}
    for kind, name in Tag.objects.filter(name__in=names).values_list("kind", "name"):
        standing.known_tags.add((TagKind(kind), name))
