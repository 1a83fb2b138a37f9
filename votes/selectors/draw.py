"""Reading draws by lot (评议对象抽取), and checking that a result follows from its list and its seed."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deputies.models import Congress
from liaison.exceptions import NotFound
from liaison.permissions import Permission
from votes.draw import list_digest, list_text, ranked
from votes.models import Draw

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor
    from votes.draw import Ticket


def draw_list(actor: Actor, *, view: str = "all") -> QuerySet[Draw]:
    """The draws that the actor may see, newest first.

    Args:
        view: ``drafting``, ``fixed`` or ``drawn`` for one state; anything else for all.
    """
    found = Draw.objects.visible_to(actor).select_related("congress", "office", "round")
    if view == "drafting":
        return found.filter(fixed_at__isnull=True)
    if view == "fixed":
        return found.filter(fixed_at__isnull=False, drawn_at__isnull=True)
    if view == "drawn":
        return found.filter(drawn_at__isnull=False)
    return found


def get_draw_for(actor: Actor, public_id: UUID | str) -> Draw:
    """One draw.

    Raises:
        NotFound: no such draw, or not visible to the actor.
    """
    found = Draw.objects.visible_to(actor).select_related("congress__region", "office", "round")
    draw = found.filter(public_id=public_id).first()
    if draw is None:
        raise NotFound
    return draw


def get_published_draw(public_id: UUID | str) -> Draw:
    """One draw as everybody may see it.

    Raises:
        NotFound: no such draw, not public, or its list is not fixed yet.
    """
    found = Draw.objects.all().published().select_related("congress__region", "office", "round")
    draw = found.filter(public_id=public_id).first()
    if draw is None:
        raise NotFound
    return draw


def congresses_to_draw_for(actor: Actor) -> QuerySet[Congress]:
    """The congresses whose office the actor works in, terms in force first."""
    own = Congress.objects.visible_to(actor).filter(office_id=actor.organisation_id or 0)
    return own.select_related("region").order_by("-starts_on", "id")


def may_change(actor: Actor, draw: Draw) -> bool:
    """Whether the actor handles this draw, as opposed to reading it."""
    return actor.is_system or (actor.can(Permission.PROGRAMME_EDIT) and draw.office_id == actor.organisation_id)


# ── the list and the arithmetic ──────────────────────────────────────────────────────────────────
def member_label(member: dict[str, str]) -> str:
    """A member as the list names them: name and post."""
    return " ".join(part for part in (member["name"], member.get("post", "")) if part)


def classes_of(draw: Draw) -> dict[str, list[str]]:
    """Name of each class → its members, as ``votes.draw`` takes them."""
    return {one["name"]: [member_label(member) for member in one["members"]] for one in draw.classes}


def take_of(draw: Draw) -> dict[str, int]:
    """Name of each class → how many are drawn."""
    return {one["name"]: one["take"] for one in draw.classes}


def text_of(draw: Draw) -> str:
    """The list as it is published."""
    return list_text(classes_of(draw), take_of(draw))


def digest_of(draw: Draw) -> str:
    """The SHA-256 of the list as it stands; of a fixed one it must equal ``list_hash``."""
    return list_digest(text_of(draw))


@dataclass(frozen=True, slots=True)
class ClassView:
    """One class on a page: its members, and after the draw their order."""

    name: str
    take: int
    members: Sequence[dict[str, str]]
    tickets: Sequence[tuple[int, Ticket, bool]] = ()


def class_views(draw: Draw) -> list[ClassView]:
    """The classes of a draw; once drawn, each with (place, ticket, whether drawn) in the order of the draw."""
    views = []
    for one in draw.classes:
        tickets: list[tuple[int, Ticket, bool]] = []
        if draw.is_drawn:
            members = [member_label(member) for member in one["members"]]
            order = enumerate(ranked(one["name"], members, draw.seed), start=1)
            tickets = [(place, ticket, place <= one["take"]) for place, ticket in order]
        views.append(ClassView(one["name"], one["take"], one["members"], tickets))
    return views


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was computed again.

    Args:
        what: in words.
        stored, again: what stands in the database, and what comes out now.
    """

    what: str
    stored: str
    again: str

    @property
    def agrees(self) -> bool:
        return self.stored == self.again


def checks_of(draw: Draw) -> list[Check]:
    """The digest of the list and the drawn of each class, computed again from what is stored."""
    checks = [Check("名单摘要", draw.list_hash, digest_of(draw))]
    if draw.is_drawn:
        stored: dict[str, list[str]] = {}
        for row in draw.drawn:
            stored.setdefault(row["class"], []).append(row["member"])
        for view in class_views(draw):
            again = [ticket.member for _, ticket, drawn in view.tickets if drawn]
            checks.append(Check(f"{view.name}抽取结果", "、".join(stored.get(view.name, [])), "、".join(again)))
    return checks


#: What the list is called when it is downloaded, and in the recipe.
LIST_NAME = "名单.txt"


def recipe_of(draw: Draw) -> list[str]:
    """How anybody repeats it: lines for a shell, in the folder to which the list was downloaded."""
    line = r'''printf '%s %s\n' "$(printf '%s' "$SEED|$l" | sha256sum | cut -c1-64)" "$l"'''
    pick = rf"""pick() {{ awk -F'|' -v c="$1" '$1==c' {LIST_NAME} | while IFS= read -r l; do {line}; done"""
    pick += """ | LC_ALL=C sort | head -n "$2"; }"""
    return [
        f"sha256sum {LIST_NAME}",
        f"SEED={shlex.quote(draw.seed)}",
        pick,
        *(f"pick {shlex.quote(one['name'])} {one['take']}" for one in draw.classes),
    ]
