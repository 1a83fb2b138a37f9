"""Deputies' tables: people, congresses, mandates, rosters; stations, placements, groups and public profiles."""

from deputies.models.congress import Congress, CongressLevel, CongressSettings, ElectoralUnit, Session
from deputies.models.group import DeputyGroup, GroupKind, GroupMembership, GroupRole
from deputies.models.mandate import Mandate, MandateQuerySet, ProfessionClass
from deputies.models.person import ETHNICITIES, Gender, Person, PersonQuerySet, Tag, TagKind
from deputies.models.placement import Placement, PlacementQuerySet
from deputies.models.profile import ContactKind, PublicProfile
from deputies.models.roster import RosterImport, RosterRow, RowVerdict
from deputies.models.station import OpeningHours, RotaDay, RotaDuty, Station, StationKind, StationQuerySet, Weekday

__all__ = [
    "ETHNICITIES",
    "Congress",
    "CongressLevel",
    "CongressSettings",
    "ContactKind",
    "DeputyGroup",
    "ElectoralUnit",
    "Gender",
    "GroupKind",
    "GroupMembership",
    "GroupRole",
    "Mandate",
    "MandateQuerySet",
    "OpeningHours",
    "Person",
    "PersonQuerySet",
    "Placement",
    "PlacementQuerySet",
    "ProfessionClass",
    "PublicProfile",
    "RosterImport",
    "RosterRow",
    "RotaDay",
    "RotaDuty",
    "RowVerdict",
    "Session",
    "Station",
    "StationKind",
    "StationQuerySet",
    "Tag",
    "TagKind",
    "Weekday",
]
