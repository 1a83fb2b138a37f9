"""What is agreed with a hotline, which one is there for a region, and what cannot go to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from liaison.exceptions import NotFound
from liaison.models import ApiClient
from liaison.permissions import OrganisationKind
from suggestions.models import HotlineSettings, ScopeRule

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor

#: A client that may read reports takes them.
READS_REPORTS = "hotline.reports:read"


def settings_of(client_id: int) -> HotlineSettings:
    """What is agreed, or the defaults."""
    return HotlineSettings.objects.filter(pk=client_id).first() or HotlineSettings(client_id=client_id)


def hotline_clients(actor: Actor) -> QuerySet[ApiClient]:
    """Clients of hotline centres that the actor sees."""
    found = ApiClient.objects.visible_to(actor).filter(organisation__kind=OrganisationKind.HOTLINE)
    return found.select_related("organisation__region").order_by("organisation__region__prefix", "name")


def get_hotline_client(actor: Actor, public_id: UUID | str) -> ApiClient:
    """The one door.

    Raises:
        NotFound: no such client, no hotline's, or not visible to the actor.
    """
    client = hotline_clients(actor).filter(public_id=public_id).first()
    if client is None:
        raise NotFound
    return client


def hotline_for(region_prefix: str) -> ApiClient | None:
    """The hotline that takes reports of this region: the nearest one from the region upwards (one query)."""
    above = [region_prefix[:length] for length in (2, 4, 6, 9) if length <= len(region_prefix)]
    found = ApiClient.objects.unscoped(reason="whichever hotline is there takes the region's reports").filter(
        is_active=True,
        organisation__is_active=True,
        organisation__kind=OrganisationKind.HOTLINE,
        organisation__region__prefix__in=above,
        scopes__contains=[READS_REPORTS],
    )
    clients = list(found.select_related("organisation__region"))
    return max(clients, key=lambda one: (len(one.organisation.region.prefix), -one.pk), default=None)


@dataclass(frozen=True, slots=True)
class ScopeHit:
    """A rule that a text touches, and by which words."""

    rule: ScopeRule
    words: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What the writer is told."""
        found = "、".join(f"“{word}”" for word in self.words)
        return f"{self.rule.name}：文中有{found}。{self.rule.reason}{self.rule.instead}"


def scope_hits(text: str) -> list[ScopeHit]:
    """Which rules a text touches, in their order (one query)."""
    hits = []
    for rule in ScopeRule.objects.filter(is_active=True):
        words = tuple(word for word in rule.words.split() if word in text)
        if words:
            hits.append(ScopeHit(rule, words[:3]))
    return hits


def all_scope_rules() -> list[ScopeRule]:
    """Those out of use too, for the page on which they are kept."""
    return list(ScopeRule.objects.all())


def get_scope_rule(code: str) -> ScopeRule:
    """One rule.

    Raises:
        NotFound: no such rule.
    """
    rule = ScopeRule.objects.filter(code=code).first()
    if rule is None:
        raise NotFound
    return rule


def scope_rules() -> list[ScopeRule]:
    """All rules in use, for the page that explains them."""
    return list(ScopeRule.objects.filter(is_active=True))
