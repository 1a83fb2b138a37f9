"""Reading mandates: the roster, one mandate, and looking up fellow deputies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from deputies.models import CongressLevel, Mandate
from liaison.exceptions import NotFound
from liaison.permissions import Permission
from liaison.selectors.counts import capped_counts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from deputies.models import Congress, MandateQuerySet
    from liaison.actor import Actor

MOST_FOUND = 20


def get_mandate_for(actor: Actor, public_id: UUID | str) -> Mandate:
    """One mandate with person, congress and electoral unit.

    Raises:
        NotFound: no such mandate, or not visible to the actor.
    """
    mandate = _with_names(Mandate.objects.visible_to(actor)).filter(public_id=public_id).first()
    if mandate is None:
        raise NotFound
    return mandate


def mandates_in_force(actor: Actor) -> MandateQuerySet:
    """The mandates that the actor sees and that count now, with the names that lists show."""
    return _with_names(Mandate.objects.visible_to(actor).in_force())


def roster(actor: Actor) -> MandateQuerySet:
    """Every mandate that the actor sees, in force or ended, as the list of deputies shows them."""
    return _with_names(Mandate.objects.visible_to(actor)).prefetch_related("person__tags")


def _with_names(mandates: MandateQuerySet) -> MandateQuerySet:
    return mandates.select_related("person", "congress", "electoral_unit")


#: The saved views of the list (常用视图): key → label and condition, in the order of the tabs.
ROSTER_VIEWS: Mapping[str, tuple[str, Q]] = {
    "in_force": ("全部在任", Q(ended_on=None)),
    **{
        f"level_{level.value}": (str(level.label), Q(ended_on=None, congress__level=level))
        for level in (
            CongressLevel.NATIONAL,
            CongressLevel.PROVINCE,
            CongressLevel.CITY,
            CongressLevel.COUNTY,
            CongressLevel.TOWNSHIP,
        )
    },
    "no_phone": ("未填手机号", Q(ended_on=None, person__phone="")),
    "no_account": ("未开通账号", Q(ended_on=None, person__user=None)),
    "ended": ("已终止", Q(ended_on__isnull=False)),
}


def roster_counts(actor: Actor) -> dict[str, int]:
    """How many mandates stand in each saved view, each counted up to a thousand (one query)."""
    mandates = Mandate.objects.visible_to(actor)
    return capped_counts({key: mandates.filter(condition) for key, (_label, condition) in ROSTER_VIEWS.items()})


@dataclass(frozen=True, slots=True)
class FoundMandate:
    """What one deputy may see of another when looking for co-signers: no phone, no certificate number."""

    public_id: str
    name: str
    congress: str
    electoral_unit: str

    @property
    def title(self) -> str:
        """One line to choose from: 李代表（赫山区代表团）."""
        return f"{self.name}（{self.electoral_unit}）" if self.electoral_unit else self.name


def mandate_search(actor: Actor, q: str, congress: Congress, *, most: int = MOST_FOUND) -> list[FoundMandate]:
    """Deputies in force of a congress by part of their name (one query; nothing for an empty ``q``).

    A deputy finds fellow deputies of a congress in which they have a mandate, never themselves; staff
    find those they see in the list; others nobody.

    Args:
        most: at most so many, by name.
    """
    q = q.strip()
    if not q:
        return []
    if actor.is_deputy:
        everybody = Mandate.objects.unscoped(reason="fellow deputies of the actor's own congress")
        own = everybody.in_force().filter(pk__in=actor.mandate_ids)
        mandates = everybody.filter(congress_id__in=own.values("congress_id")).exclude(person_id=actor.person_id or 0)
    elif actor.is_system or actor.can(Permission.DEPUTY_VIEW):
        mandates = Mandate.objects.visible_to(actor)
    else:
        return []
    found = mandates.in_force().filter(congress=congress, person__name__contains=q)
    return [
        FoundMandate(public_id=str(public_id), name=name, congress=congress.short_name, electoral_unit=unit or "")
        for public_id, name, unit in found.order_by("person__name", "id").values_list(
            "public_id", "person__name", "electoral_unit__name"
        )[:most]
    ]


def search_deputies(actor: Actor, q: str, *, most: int = 8) -> list[Mandate]:
    """Deputies by part of their name or by their certificate number, for the search box (one query)."""
    if not actor.can(Permission.DEPUTY_VIEW) or len(q.strip()) < 1:
        return []
    q = q.strip()
    condition = Q(person__name__contains=q) | Q(certificate_number__iexact=q)
    return list(mandates_in_force(actor).filter(condition).order_by("home_prefix", "id")[:most])
