"""Drawing by lot that anybody can repeat (履职评议对象随机抽取), pure: no database, no clock, no chance.

Each member of a class gets the SHA-256 of ``seed|class|member|n``, where ``n`` tells members of the same name
apart (1 for the first). The members stand in the order of these numbers, and the first so many are drawn. The
list is fixed before the seed is known, so nobody can choose either to suit the other.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: Between the parts of a line.
SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One member of a class in the order of the draw.

    Args:
        digest: SHA-256 of the seed and ``line``, in hexadecimal.
        line: ``class|member|n``, as in the published list.
        member: as in the list that was fixed.
    """

    digest: str
    line: str
    member: str


def lines_of(name: str, members: Sequence[str]) -> list[tuple[str, str]]:
    """The published lines of a class with the member each stands for, in the order of their characters.

    Args:
        name: of the class.
        members: in any order; the same member may stand in it twice.
    """
    found = []
    for member, count in sorted(Counter(members).items()):
        found += [(SEPARATOR.join((name, member, str(number))), member) for number in range(1, count + 1)]
    return found


def ranked(name: str, members: Sequence[str], seed: str) -> list[Ticket]:
    """All members of a class in the order in which they are drawn."""
    return sorted(
        (
            Ticket(hashlib.sha256(f"{seed}{SEPARATOR}{line}".encode()).hexdigest(), line, member)
            for line, member in lines_of(name, members)
        ),
        key=lambda ticket: (ticket.digest, ticket.line),
    )


def draw(classes: Mapping[str, Sequence[str]], take: Mapping[str, int], seed: str) -> dict[str, tuple[str, ...]]:
    """Who is drawn, class by class, in the order drawn.

    Args:
        classes: name of each class → its members, in any order.
        take: name of each class → how many of it.
        seed: what was read out after the list was fixed.

    Raises:
        ValueError: no seed, a class in one of the two only, or more to take than there are.
    """
    if not seed:
        raise ValueError("a draw needs a seed")
    if set(classes) != set(take):
        raise ValueError(f"classes {sorted(classes)}, but numbers for {sorted(take)}")
    for name, number in take.items():
        if not 0 <= number <= len(classes[name]):
            raise ValueError(f"{name}: {number} of {len(classes[name])}")
    return {
        name: tuple(ticket.member for ticket in ranked(name, members, seed)[: take[name]])
        for name, members in classes.items()
    }


def list_text(classes: Mapping[str, Sequence[str]], take: Mapping[str, int]) -> str:
    """The list as it is published: a head line a class, then its lines; its SHA-256 is what is fixed."""
    rows = []
    for name, members in classes.items():
        rows.append(f"# {name}：{len(members)}人，抽取{take[name]}人")
        rows += [line for line, _ in lines_of(name, members)]
    return "\n".join(rows) + "\n"


def list_digest(text: str) -> str:
    """The SHA-256 of the published list, as ``sha256sum`` prints it."""
    return hashlib.sha256(text.encode()).hexdigest()
