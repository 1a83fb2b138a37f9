"""What happens at the same time: the same deputies, or the same place (活动时间冲突)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deputies.models import Activity, ActivityPart, Reply
from liaison.dates import cn_datetime

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from liaison.actor import Actor

#: So many names are told of one other activity.
MOST_NAMED = 5
MOST_CLASHES = 5


@dataclass(frozen=True, slots=True)
class Clash:
    """One other activity at an overlapping time.

    Args:
        deputies: names of those who are asked to both.
        is_seen: whether the actor may know its title.
    """

    activity: Activity
    deputies: tuple[str, ...]
    same_place: bool
    is_seen: bool

    @property
    def text(self) -> str:
        """2026年11月22日09:00“清溪河巡查”：李代表、王附议等7名代表同时受邀，地点相同."""
        title = f"“{self.activity.title}”" if self.is_seen else "其他地方组织的活动"
        told = []
        if self.deputies:
            shown = "、".join(self.deputies[:MOST_NAMED])
            more = f"等{len(self.deputies)}名代表" if len(self.deputies) > MOST_NAMED else ""
            told.append(f"{shown}{more}同时受邀")
        if self.same_place:
            told.append("地点相同")
        return f"{cn_datetime(self.activity.starts_at)}{title}：{'，'.join(told)}"


def clashes(
    actor: Actor,
    *,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    place: str,
    region_prefix: str,
    person_ids: Collection[int],
    except_id: int | None = None,
) -> list[Clash]:
    """Activities that overlap in time and share a deputy who has not declined, or the place in the same region
    (three queries).

    Args:
        person_ids: database ids of those who take part; empty for a question about the place alone.
        except_id: the activity that is asked about.
    """
    others = Activity.objects.unscoped(reason="a deputy's time is taken, whoever organises it").happening()
    others = others.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    if except_id is not None:
        others = others.exclude(pk=except_id)
    shared: dict[int, list[str]] = {}
    parts = ActivityPart.objects.unscoped(reason="a deputy's time is taken, whoever organises it")
    for part in (
        parts.filter(activity__in=others, person_id__in=list(person_ids))
        .exclude(reply=Reply.NOT_GOING)
        .select_related("person")
        .order_by("person__name")
    ):
        shared.setdefault(part.activity_id, []).append(part.person.name)
    here = others.filter(region_prefix=region_prefix, place=place.strip(), own_by=None).values_list("pk", flat=True)
    same_place = set(here)
    found = others.filter(pk__in=same_place | set(shared)).order_by("starts_at", "id")
    seen = set(Activity.objects.visible_to(actor).filter(pk__in=found.values("pk")).values_list("pk", flat=True))
    return [Clash(other, tuple(shared.get(other.pk, ())), other.pk in same_place, other.pk in seen) for other in found]


def clash_text(found: Collection[Clash]) -> str:
    """All of them in one message."""
    shown = "；".join(clash.text for clash in list(found)[:MOST_CLASHES])
    more = f"；等{len(found)}项" if len(found) > MOST_CLASHES else ""
    return f"时间有冲突：{shown}{more}。"
