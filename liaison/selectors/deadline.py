"""Reading deadlines: lights in the database, and whose they are. Pages explain them by ``deadline_view``."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from liaison.dates import cn_date
from liaison.lights import AMBER_DAYS, ORDER, RED_DAYS, Light, light_of
from liaison.models import Deadline
from liaison.models.deadline import PeriodUnit
from liaison.registry import DeadlineKind, registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import Model

    from liaison.actor import Actor

M = TypeVar("M", bound="Model")


# ── one deadline ─────────────────────────────────────────────────────────────────────────────────
def kind_of(code: str) -> DeadlineKind:
    """The registered kind; one without wording of its own when the package that registered it is gone."""
    return registry.deadline_kinds.get(code) or DeadlineKind(code, "办理期限", "")


def deadline_light(deadline: Deadline, today: dt.date | None = None) -> Light | None:
    """The light of a deadline on a day (today in Asia/Shanghai when omitted); None of a cancelled one."""
    if deadline.cancelled_at is not None:
        return None
    return light_of(deadline.due_on, today=today, paused=deadline.paused_on is not None, met_on=deadline.met_on)


def holder_name(deadline: Deadline) -> str:
    """Who must act: the organisation with the body that does the work, or the person."""
    return deadline.holder.display if deadline.holder else str(deadline.holder_user or "")


def length_text(deadline: Deadline) -> str:
    """期限3个月, 期限10个工作日, 指定日期2026年11月21日."""
    if deadline.unit == PeriodUnit.DATE:
        return f"指定日期{cn_date(deadline.fixed_on)}" if deadline.fixed_on else ""
    return f"期限{deadline.length}{PeriodUnit(deadline.unit).label}"


# ── lights in the database ───────────────────────────────────────────────────────────────────────
def light_q(code: str, today: dt.date | None = None, *, prefix: str = "") -> Q:
    """The condition under which a deadline shows this light.

    Args:
        code: one of ``lights.ORDER``.
        prefix: path to the deadline from the model that is filtered, ``"deadline__"``.

    Raises:
        LookupError: no such light.
    """
    today = today or timezone.localdate()

    def on(**conditions: object) -> Q:
        return Q(**{f"{prefix}{name}": value for name, value in conditions.items()})

    if code == "met":
        return on(met_at__isnull=False)
    is_open = on(met_at__isnull=True, cancelled_at__isnull=True)
    if code == "paused":
        return is_open & on(paused_on__isnull=False)
    red, amber = today + dt.timedelta(days=RED_DAYS), today + dt.timedelta(days=AMBER_DAYS)
    ranges = {
        "overdue": on(due_on__lt=today),
        "red": on(due_on__gte=today, due_on__lte=red),
        "amber": on(due_on__gt=red, due_on__lte=amber),
        "green": on(due_on__gt=amber),
    }
    return is_open & on(paused_on__isnull=True) & ranges[code]


def with_light(deadlines: QuerySet[Deadline], today: dt.date | None = None) -> QuerySet[Deadline]:
    """The deadlines with ``light_code``, to filter, group and count in the database; NULL when cancelled."""
    cases = [When(light_q(code, today), then=Value(code)) for code in ORDER]
    return deadlines.annotate(light_code=Case(*cases, output_field=CharField()))


def filter_light(deadlines: QuerySet[Deadline], code: str, today: dt.date | None = None) -> QuerySet[Deadline]:
    """Only the deadlines that show this light (by the index on the due day of open deadlines).

    Raises:
        LookupError: no such light.
    """
    return deadlines.filter(light_q(code, today))


def subjects_with_light(
    subjects: QuerySet[M], code: str, today: dt.date | None = None, *, kinds: Iterable[str] | None = None
) -> QuerySet[M]:
    """Only the objects of a list of which a deadline shows this light, found in the database.

    Args:
        kinds: only deadlines of these kinds count; all when omitted.
    """
    clocks = Deadline.objects.unscoped(reason="the list of subjects is scoped").filter(
        light_q(code, today),
        content_type=ContentType.objects.get_for_model(subjects.model),
        object_id=OuterRef("pk"),
    )
    return subjects.filter(Exists(clocks if kinds is None else clocks.filter(kind__in=list(kinds))))


# ── whose they are ───────────────────────────────────────────────────────────────────────────────
def open_deadlines_for(actor: Actor) -> QuerySet[Deadline]:
    """Open deadlines that the actor holds or supervises, the most urgent first."""
    return (
        Deadline.objects.visible_to(actor)
        .open()
        .select_related("holder", "holder_user", "supervisor")
        .order_by("due_on", "id")
    )


def lights_of(
    objects: Sequence[M], today: dt.date | None = None, *, kinds: Iterable[str] | None = None
) -> dict[M, Light | None]:
    """The most urgent light of each object, for a list (one query); None without an open deadline.

    Args:
        kinds: only deadlines of these kinds count; all when omitted.
    """
    wanted = Q() if kinds is None else Q(kind__in=list(kinds))
    found: dict[tuple[int, int], Light] = {}
    deadlines = Deadline.objects.unscoped(reason="a list shows lights of the rows it may show").open()
    for deadline in deadlines.filter(owned_by(objects), wanted).order_by("due_on", "id") if objects else ():
        key, light = (deadline.content_type_id, deadline.object_id), deadline_light(deadline, today)
        if light and (key not in found or ORDER.index(light.code) < ORDER.index(found[key].code)):
            found[key] = light
    return {obj: found.get((ContentType.objects.get_for_model(obj).pk, obj.pk)) for obj in objects}


def owned_by(objects: Iterable[Model]) -> Q:
    """The condition on a deadline that its subject is one of these objects, of any types."""
    by_type: dict[int, list[int]] = defaultdict(list)
    for obj in objects:
        by_type[ContentType.objects.get_for_model(obj).pk].append(obj.pk)
    owned = Q(pk__in=[])
    for content_type_id, ids in by_type.items():
        owned |= Q(content_type_id=content_type_id, object_id__in=ids)
    return owned
