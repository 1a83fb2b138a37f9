"""Deputies' tables: people, congresses, mandates, rosters."""

from deputies.models.congress import Congress, CongressLevel, CongressSettings, ElectoralUnit, Session
from deputies.models.mandate import Mandate, MandateQuerySet, ProfessionClass
from deputies.models.person import ETHNICITIES, Gender, Person, PersonQuerySet, Tag, TagKind
from deputies.models.roster import RosterImport, RosterRow, RowVerdict

__all__ = [
    "ETHNICITIES",
    "Congress",
    "CongressLevel",
    "CongressSettings",
    "ElectoralUnit",
    "Gender",
    "Mandate",
    "MandateQuerySet",
    "Person",
    "PersonQuerySet",
    "ProfessionClass",
    "RosterImport",
    "RosterRow",
    "RowVerdict",
    "Session",
    "Tag",
    "TagKind",
]
