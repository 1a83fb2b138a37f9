"""Stations and deputies that the desk of opinions offers for choice, scoped to the actor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deputies.models import Mandate, Placement, Station
from deputies.selectors.placement import deputies_found
from suggestions.models import Opinion

if TYPE_CHECKING:
    from liaison.actor import Actor


def desk_stations(actor: Actor) -> list[tuple[str, str]]:
    """The stations that the actor's office may record opinions for, by place: (public id, name)."""
    stations = Station.objects.visible_to(actor).in_use().order_by("region_prefix", "id")
    return [(str(public_id), name) for public_id, name in stations.values_list("public_id", "name")]


def desk_deputies(actor: Actor) -> list[tuple[str, str]]:
    """Deputies to whom opinions on the actor's desk went, by name: (public id, name)."""
    asked = Opinion.objects.visible_to(actor).filter(mandate__isnull=False).order_by().values("mandate_id")
    mandates = Mandate.objects.unscoped(reason="they stand on opinions that the actor sees").filter(pk__in=asked)
    rows = mandates.order_by("person__name", "id").values_list("public_id", "person__name", "congress__short_name")
    return [(str(public_id), f"{name}（{congress}）") for public_id, name, congress in rows]


def deputies_to_ask(actor: Actor, opinion: Opinion, words: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whom the office may ask to answer: the deputies of the opinion's station, and those found by words.

    Returns:
        (group, [(public id of the mandate, words)]), groups without deputies left out.
    """
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    known: set[str] = set()
    if opinion.station_id:
        placed = (
            Placement.objects.unscoped(reason="the deputies of a station that the actor's office answers for")
            .in_force()
            .filter(station_id=opinion.station_id)
            .select_related("mandate__person", "mandate__congress")
            .order_by("mandate__person__name", "id")
        )
        reachable_first = sorted(placed, key=lambda one: one.mandate.person.user_id is None)
        groups.append(("本站代表", [_line(one.mandate) for one in reachable_first]))
        known = {public_id for public_id, _ in groups[0][1]}
    found = [(_line(one.mandate), one.note) for one in deputies_found(actor, words)]
    others = [(line[0], f"{line[1]}{f'，{note}' if note else ''}") for line, note in found]
    groups.append(("查到的代表", [line for line in others if line[0] not in known]))
    return [group for group in groups if group[1]]


def _line(mandate: Mandate) -> tuple[str, str]:
    person = mandate.person
    work = f"，{person.employer}{person.post}" if person.employer or person.post else ""
    unreachable = "" if person.user_id else "，还没有账号"
    return str(mandate.public_id), f"{person.name}（{mandate.congress.short_name}代表{work}{unreachable}）"
