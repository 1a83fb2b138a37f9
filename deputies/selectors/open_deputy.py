"""What everybody sees of a deputy. Faces get an ``OpenDeputy`` and never the person: what is not in it is not shown.

Rulebook section 4: only name, level, unit, post, station, and the contact they chose. Nobody who hid themselves,
whose mandate ended or who stands in no published station is seen anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deputies.models import CongressLevel, ContactKind, Mandate, Placement
from liaison.exceptions import NotFound
from liaison.filetypes import INLINE_MIMES

if TYPE_CHECKING:
    from uuid import UUID

    from deputies.models import Person, PlacementQuerySet, PublicProfile, Station
    from liaison.models import Attachment

#: What a browser shows in place.
PICTURE_MIMES = frozenset(mime for mime in INLINE_MIMES if mime.startswith("image/"))

#: Above the deputies of one level, from the nation down.
LEVEL_TITLES: dict[str, str] = {
    CongressLevel.NATIONAL: "全国人大代表",
    CongressLevel.PROVINCE: "省人大代表",
    CongressLevel.CITY: "市人大代表",
    CongressLevel.COUNTY: "县（市、区）人大代表",
    CongressLevel.TOWNSHIP: "乡镇人大代表",
}
_LEVELS = list(LEVEL_TITLES)


@dataclass(frozen=True, slots=True)
class OpenDeputy:
    """A deputy as everybody sees them.

    Args:
        public_id: of the person: the address of their page.
        level: the highest level at which they are placed here.
        titles: of which congresses they are a deputy, the highest first.
        unit, post: "" when hidden, or not known.
        contact_label, contact: what they chose; "" for nothing.
    """

    public_id: UUID
    name: str
    level: str
    titles: tuple[str, ...]
    unit: str = ""
    post: str = ""
    introduction: str = ""
    contact_label: str = ""
    contact: str = ""
    has_photo: bool = False

    @property
    def initial(self) -> str:
        """What stands where the photograph would."""
        return self.name[:1]

    @property
    def work(self) -> str:
        """Unit and post in one."""
        return f"{self.unit}{self.post}"

    @property
    def title(self) -> str:
        return "、".join(self.titles)


@dataclass(frozen=True, slots=True)
class DeputyPage:
    """A deputy's public page."""

    deputy: OpenDeputy
    stations: list[Station]


def shown_placements() -> PlacementQuerySet:
    """Placements of which the public may know: of mandates in force, in published stations, of nobody hidden."""
    return _of_nobody_hidden().filter(station__is_published=True, station__closed_on__isnull=True)


def _of_nobody_hidden() -> PlacementQuerySet:
    placements = Placement.objects.unscoped(reason="what a deputy lets everybody see, on a page or on a board")
    placements = placements.in_force().exclude(mandate__person__public_profile__is_hidden=True)
    return placements.select_related("mandate__person__public_profile__photo", "mandate__congress__region")


def deputies_of(station: Station) -> list[OpenDeputy]:
    """The deputies of a station as its page and its board show them, by level and name (one query)."""
    return open_deputies(placement.mandate for placement in _of_nobody_hidden().filter(station=station))


def hidden_count(station: Station) -> int:
    """How many deputies of a station chose not to be shown: for those who hang up the board."""
    placements = Placement.objects.unscoped(reason="a number, for the staff of the station").in_force()
    hidden = placements.filter(station=station, mandate__person__public_profile__is_hidden=True)
    return hidden.values("mandate__person_id").distinct().count()


def open_deputies(mandates: Iterable[Mandate]) -> list[OpenDeputy]:
    """Each person once, with all of these mandates, by level and name."""
    by_person: dict[int, list[Mandate]] = {}
    for mandate in mandates:
        known = by_person.setdefault(mandate.person_id, [])
        if mandate not in known:
            known.append(mandate)
    cards = [_card(sorted(found, key=_rank)) for found in by_person.values()]
    return sorted(cards, key=lambda card: (_LEVELS.index(card.level), card.name))


def _rank(mandate: Mandate) -> int:
    return _LEVELS.index(mandate.congress.level)


def _card(mandates: list[Mandate]) -> OpenDeputy:
    """The one place where it is decided what is shown."""
    person = mandates[0].person
    profile: PublicProfile | None = getattr(person, "public_profile", None)
    titles = tuple(dict.fromkeys(_title(mandate) for mandate in mandates))
    if profile is None:
        return OpenDeputy(
            public_id=person.public_id,
            name=person.name,
            level=mandates[0].congress.level,
            titles=titles,
            unit=person.employer,
            post=person.post,
        )
    chosen = profile.contact_kind != ContactKind.NONE
    return OpenDeputy(
        public_id=person.public_id,
        name=person.name,
        level=mandates[0].congress.level,
        titles=titles,
        unit="" if profile.hide_unit else person.employer,
        post="" if profile.hide_post else person.post,
        introduction=profile.introduction,
        contact_label=str(ContactKind(profile.contact_kind).label) if chosen else "",
        contact=profile.contact if chosen else "",
        has_photo=_photo(profile) is not None,
    )


def _title(mandate: Mandate) -> str:
    if mandate.congress.level == CongressLevel.NATIONAL:
        return LEVEL_TITLES[CongressLevel.NATIONAL]
    return f"{mandate.congress.region.name}人大代表"


def _photo(profile: PublicProfile) -> Attachment | None:
    photo = profile.photo
    if photo is None or profile.hide_photo or photo.removed_at is not None or photo.mime not in PICTURE_MIMES:
        return None
    return photo


def get_open_deputy(public_id: UUID) -> DeputyPage:
    """A deputy with the published stations they stand in (one query).

    Raises:
        NotFound: nobody, hidden, no mandate in force, or in no published station: the same answer for all.
    """
    placements = list(
        shown_placements()
        .filter(mandate__person__public_id=public_id)
        .select_related("station__region")
        .order_by("kind", "id")
    )
    if not placements:
        raise NotFound
    (deputy,) = open_deputies(placement.mandate for placement in placements)
    return DeputyPage(
        deputy=deputy, stations=list({placement.station_id: placement.station for placement in placements}.values())
    )


def get_open_photo(public_id: UUID) -> Attachment:
    """The photograph of a deputy who is shown and shows it.

    Raises:
        NotFound: anything else, whatever it is.
    """
    placement = shown_placements().filter(mandate__person__public_id=public_id).order_by("id").first()
    profile = getattr(placement.mandate.person, "public_profile", None) if placement else None
    photo = _photo(profile) if profile else None
    if photo is None:
        raise NotFound
    return photo


def is_shown(person: Person) -> bool:
    """Whether everybody can open the person's page."""
    return shown_placements().filter(mandate__person=person).exists()
