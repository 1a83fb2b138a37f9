"""Changes of a project in words: old → new, and which body decides."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from deputies.models.congress import CongressLevel
from liaison.dates import cn_date
from liaison.exceptions import NotFound

if TYPE_CHECKING:
    from uuid import UUID

    from votes.models import Programme, Project, ProjectChange

#: Key of ``ProjectChange.wanted`` for the end of a project.
STOP = "stop"
#: What of a project may be changed.
FIELD_NAMES = {
    "content": "建设内容",
    "place": "实施地点",
    "investment": "投资额",
    "finish_on": "完成时间",
}


def amount_text(value: Any) -> str:
    """An amount of 万元 without needless zeros: 320, 320.5."""
    number = Decimal(str(value or 0))
    return f"{number.normalize():f}"


def value_text(name: str, value: Any) -> str:
    """A value of a project's field as people read it."""
    if name == "investment":
        return f"{amount_text(value)}万元"
    if name == "finish_on" and value:
        return cn_date(value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)))
    return str(value)


def change_lines(change: ProjectChange) -> list[str]:
    """One line a field: 投资额：320万元 → 350万元."""
    if STOP in change.wanted:
        return ["终止项目"]
    return [
        f"{label}：{value_text(name, change.before.get(name, ''))} → {value_text(name, change.wanted[name])}"
        for name, label in FIELD_NAMES.items()
        if name in change.wanted
    ]


def deciding_body(programme: Programme) -> str:
    """Who decides by level: the presidium in a township, the standing committee above (rulebook section 3)."""
    congress = programme.congress
    if congress.level == CongressLevel.TOWNSHIP:
        return f"{congress.region.name}人民代表大会主席团"
    return f"{congress.region.name}人民代表大会常务委员会"


def get_change_of(project: Project, public_id: UUID) -> ProjectChange:
    """A change of a project that the actor was shown.

    Raises:
        NotFound: the project has no such change.
    """
    change = project.changes.select_related("requested_by").filter(public_id=public_id).first()
    if change is None:
        raise NotFound
    change.project = project
    return change
