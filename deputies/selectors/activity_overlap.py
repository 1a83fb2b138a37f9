"""What happens at the same time (活动时间冲突): the same deputies elsewhere or in their station, or the same place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from deputies.models import Activity, ActivityPart, Reply, RotaDay, RotaDuty, Station
from liaison.dates import cn_date, cn_datetime

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

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
            told.append(f"{named(self.deputies)}同时受邀")
        if self.same_place:
            told.append("地点相同")
        return f"{cn_datetime(self.activity.starts_at)}{title}：{'，'.join(told)}"


@dataclass(frozen=True, slots=True)
class RotaClash:
    """A reception day (接待日) at an overlapping time.

    Args:
        deputies: names of those who receive people there.
        is_seen: whether the actor may know the station.
    """

    day: RotaDay
    deputies: tuple[str, ...]
    is_seen: bool

    @property
    def text(self) -> str:
        """2026年11月25日(周三)09:00至11:30“八字哨镇代表联络站”接待日：李代表进站接待."""
        station = f"“{self.day.station.name}”" if self.is_seen else "联络站"
        return f"{cn_date(self.day.on)}{self.day.hours}{station}接待日：{named(self.deputies)}进站接待"


def named(names: Sequence[str]) -> str:
    """李代表、王附议等7名代表."""
    more = f"等{len(names)}名代表" if len(names) > MOST_NAMED else ""
    return f"{'、'.join(names[:MOST_NAMED])}{more}"


def clashes(
    actor: Actor,
    *,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    place: str,
    region_prefix: str,
    person_ids: Collection[int],
    except_id: int | None = None,
) -> list[Clash | RotaClash]:
    """Activities that overlap in time and share a deputy who has not declined, or the place in the same region; and
    reception days of these deputies at that time (five queries).

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
    activities = [
        Clash(other, tuple(shared.get(other.pk, ())), other.pk in same_place, other.pk in seen) for other in found
    ]
    return [*activities, *_receptions(actor, starts_at, ends_at, person_ids)]


def _receptions(
    actor: Actor, starts_at: dt.datetime, ends_at: dt.datetime, person_ids: Collection[int]
) -> list[RotaClash]:
    """Reception days, which are local days and hours, against moments."""
    zone = timezone.get_current_timezone()
    duties = RotaDuty.objects.filter(
        mandate__person_id__in=list(person_ids),
        rota_day__cancelled_at=None,
        rota_day__on__range=(timezone.localdate(starts_at), timezone.localdate(ends_at)),
    )
    names: dict[RotaDay, list[str]] = {}
    for duty in duties.select_related("rota_day__station", "mandate__person").order_by(
        "rota_day__on", "rota_day__starts_at", "rota_day_id", "mandate__person__name"
    ):
        day = duty.rota_day
        begins, ends = (dt.datetime.combine(day.on, at, tzinfo=zone) for at in (day.starts_at, day.ends_at))
        if begins < ends_at and ends > starts_at:
            names.setdefault(day, []).append(duty.mandate.person.name)
    stations = Station.objects.visible_to(actor).filter(pk__in={day.station_id for day in names})
    seen = set(stations.values_list("pk", flat=True)) if names else set()
    return [RotaClash(day, tuple(dict.fromkeys(who)), day.station_id in seen) for day, who in names.items()]


def clash_text(found: Collection[Clash | RotaClash]) -> str:
    """All of them in one message."""
    shown = "；".join(clash.text for clash in list(found)[:MOST_CLASHES])
    more = f"；等{len(found)}项" if len(found) > MOST_CLASHES else ""
    return f"时间有冲突：{shown}{more}。"
