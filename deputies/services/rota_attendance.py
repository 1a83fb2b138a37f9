"""Who came on a reception day (登记到站): by list, with the number of people received, and the ledger with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import ActivityKind, DutyKind, RotaAttendance, RotaDay, RotaVisit
from deputies.models.rota_attendance import MOST_PEOPLE
from deputies.selectors.rota_attendance import may_have_come
from deputies.services.duty import DutyFact, duty_set
from liaison.exceptions import DomainError, InvalidInput, NotFound, StaleVersion
from liaison.permissions import Permission
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from liaison.actor import Actor


@transaction.atomic
def rota_attend(
    *, actor: Actor, rota_id: UUID | str, version: int | None, visits: Mapping[str, int | None]
) -> RotaAttendance:
    """Record who came, and how many people each received; saved again it corrects (nobody at all is possible).

    Args:
        rota_id: public id of the day.
        version: as the page showed it, 0 when nothing was recorded; None when it does not matter.
        visits: public id of the mandate → people received.

    Raises:
        NotFound, NotAllowed: as elsewhere.
        DomainError: the day was cancelled, or lies ahead.
        StaleVersion: somebody recorded it meanwhile.
        InvalidInput: somebody who does not belong there, or a number that cannot be; messages by field.
    """
    found = RotaDay.objects.visible_to(actor).select_for_update(of=("self",)).select_related("station")
    day = found.filter(public_id=rota_id).first()
    if day is None:
        raise NotFound
    actor.require(Permission.STATION_EDIT)
    if day.cancelled_at is not None:
        raise DomainError("这个接待日已经取消，不能登记到站。", code="rota_cancelled")
    if day.on > timezone.localdate():
        raise DomainError("这个接待日还没有到，接待之后再登记。", code="rota_ahead")
    record = RotaAttendance.objects.unscoped(reason="the day was found in scope").filter(rota_day=day).first()
    if version is not None and version != (record.version if record else 0):
        raise StaleVersion("您打开页面之后，这个接待日已由他人登记。您填写的仍在下方，请核对后再保存。")
    known = {str(one.public_id): one for one in may_have_come(day)}
    _check(known.keys(), visits)
    if record is None:
        record = RotaAttendance.objects.create(rota_day=day, recorded_by_id=actor.user_id)
    else:
        record.version += 1
        record.recorded_by_id = actor.user_id
        record.save(update_fields=["version", "recorded_by", "updated_at"])
        record.visits.all().delete()
    RotaVisit.objects.bulk_create(
        RotaVisit(attendance=record, mandate=known[public_id], people=people or 0)
        for public_id, people in visits.items()
    )
    record_audit(
        actor=actor,
        action="rota.attend",
        target=day,
        detail={
            "deputies": [known[public_id].person.name for public_id in visits],
            "people": sum(people or 0 for people in visits.values()),
        },
        region_prefix=day.station.region_prefix,
    )
    rota_duty(actor, record)
    return record


def rota_duty(actor: Actor, record: RotaAttendance) -> None:
    """Let the ledger say who came and how many people they received."""
    day = record.rota_day
    title = f"{day.station.name}接待群众"
    facts = []
    for visit in record.visits.order_by("id"):
        came = DutyFact(
            mandate_id=visit.mandate_id,
            kind=DutyKind.ACTIVITY,
            activity_kind=ActivityKind.STATION_DAY,
            on=day.on,
            title=title,
        )
        facts.append(came)
        if visit.people:
            facts.append(replace(came, kind=DutyKind.PEOPLE_VISITED, activity_kind="", quantity=visit.people))
    duty_set(actor=actor, source=day, facts=facts, reason="到站登记已更正")


def _check(known: object, visits: Mapping[str, int | None]) -> None:
    fields = {}
    for public_id, people in visits.items():
        if public_id not in known:  # type: ignore[operator]
            fields["visits"] = "只能登记编入本站或者当天接待的代表。"
        elif people is not None and not 0 <= people <= MOST_PEOPLE:
            fields[f"people-{public_id}"] = f"接待人数应为0至{MOST_PEOPLE}。"
    if fields:
        raise InvalidInput("有内容没有填好，没有保存。", fields=fields)
