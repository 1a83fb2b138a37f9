"""The county of the cast, ready to vote: its approver, a unit, and a congress with deputies.

The city's congress holds no such vote (rulebook 3), so the tests of this package live in 赫山区: ``county_clerk`` of
the cast handles, ``county_approver`` approves, ``county_unit`` carries out, ``deputy``, ``cosigner`` and
``other_deputy`` of the cast also sit in the county's congress.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from deputies.models import Congress, Mandate, Person, ProfessionClass, Session
from liaison.actor import Actor
from liaison.models import Organisation, Posting, User
from liaison.permissions import OrganisationKind, Role
from tests.cast import PASSWORD, Cast

NAMED = ("deputy", "cosigner", "other_deputy")


@dataclass
class County:
    """``county.congress``, ``county.mandates`` (the three of the cast first), ``county.actor("county_unit")``."""

    cast: Cast
    congress: Congress
    session: Session
    unit: Organisation
    mandates: list[Mandate]

    def actor(self, name: str) -> Actor:
        """Anybody of the cast, or ``county_approver``, ``county_unit``; deputies with the county's mandate too."""
        return self.cast.actor(name)


def build_county(cast: Cast, deputies: int = 9) -> County:
    """Make the county's congress able to vote; asked again for the same cast, give the county that was made.

    Args:
        deputies: how many sit in it, at least three.
    """
    known: County | None = vars(cast).get("county")
    if known is not None:
        return known
    region, office = cast.regions["county"], cast.offices["county_office"]
    unit = Organisation.objects.create(name="赫山区水利局", kind=OrganisationKind.UNIT, region=region)
    cast.offices["county_unit"] = unit
    for name, shown, organisation, role in (
        ("county_approver", "温区审", office, Role.APPROVER),
        ("county_unit", "罗水利", unit, Role.HANDLER),
    ):
        user = User.objects.create_user(name, PASSWORD, name=shown, email=f"{name}@example.org".replace("_", "-"))
        cast.users[name] = user
        Posting.objects.create(user=user, organisation=organisation, role=role)
    congress = cast.congresses["county"]
    people = [cast.people[name] for name in NAMED]
    people += Person.objects.bulk_create(
        Person(name=f"区代表{number}", phone=f"139737{number:05d}", employer="赫山区某村", post="村民")
        for number in range(deputies - len(people))
    )
    mandates = Mandate.objects.bulk_create(
        Mandate(
            person=person,
            congress=congress,
            certificate_number=f"HS-{number:04d}",
            profession_class=ProfessionClass.RURAL,
            home_prefix=region.prefix,
            started_on=dt.date(2021, 12, 27),
        )
        for number, person in enumerate(people, start=1)
    )
    cast.actors.clear()  # three of them act with a further mandate now
    county = County(
        cast=cast,
        congress=congress,
        session=Session.objects.get(congress=congress, number=1),
        unit=unit,
        mandates=mandates,
    )
    vars(cast)["county"] = county
    return county
