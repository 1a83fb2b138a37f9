"""The roll of a session (会议出席登记): all deputies of the congress at once, and what the ledger says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import DutyKind, Presence, Session, SessionAttendance, SessionRoll
from deputies.selectors.duty_scope import get_kept_congress
from deputies.selectors.session_attendance import deputies_at, roll_lines
from deputies.services.duty import DutyFact, duty_set
from liaison.exceptions import DomainError, InvalidInput, NotFound, StaleVersion
from liaison.paging import is_storable
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from liaison.actor import Actor

MOST_NOTE = 100


@transaction.atomic
def session_roll_save(
    *,
    actor: Actor,
    congress_id: UUID | str,
    session_id: int,
    version: int | None,
    lines: Mapping[str, tuple[str, str]],
) -> SessionRoll:
    """Record who came to a session, all deputies or none; saved again it corrects, and the ledger with it.

    Args:
        congress_id: public id.
        session_id: database id, as in the session's address.
        version: of the roll as the page showed it, 0 when there was none; None when it does not matter.
        lines: public id of the mandate → (``Presence``, note), one for every deputy of the congress.

    Raises:
        NotFound, NotAllowed: no such session, or not kept by the actor.
        DomainError: it has not begun (``session_ahead``).
        StaleVersion: somebody saved it meanwhile.
        InvalidInput: a deputy is missing, or a line cannot be; ``fields`` holds ``presence-<public id>`` → what.
    """
    congress = get_kept_congress(actor, congress_id)
    session = Session.objects.select_for_update().filter(congress=congress, pk=session_id).first()
    if session is None:
        raise NotFound
    session.congress = congress
    if session.starts_on > timezone.localdate():
        raise DomainError("这次会议还没有召开，开幕以后再登记。", code="session_ahead")
    roll = SessionRoll.objects.unscoped(reason="the session was found in scope").filter(session=session).first()
    if version is not None and version != (roll.version if roll else 0):
        raise StaleVersion("您打开页面之后，这次会议的出席情况已由他人登记。您选择的仍在下方，请核对后再保存。")
    deputies = list(deputies_at(session))
    _check({str(one.public_id): one.person.name for one in deputies}, lines)
    if roll is None:
        roll = SessionRoll.objects.create(session=session, recorded_by_id=actor.user_id)
    else:
        roll.version += 1
        roll.recorded_by_id = actor.user_id
        roll.save(update_fields=["version", "recorded_by", "updated_at"])
    before = roll_lines(roll)
    new, changed = [], []
    for mandate in deputies:
        presence, note = lines[str(mandate.public_id)]
        line = before.pop(mandate.pk, None)
        if line is None:
            new.append(SessionAttendance(roll=roll, mandate=mandate, presence=presence, note=note.strip()))
        elif (line.presence, line.note) != (presence, note.strip()):
            line.presence, line.note = presence, note.strip()
            changed.append(line)
    SessionAttendance.objects.filter(pk__in=[line.pk for line in before.values()]).delete()
    SessionAttendance.objects.bulk_create(new)
    SessionAttendance.objects.bulk_update(changed, ["presence", "note"])
    counts = {one.label: sum(presence == one for presence, _ in lines.values()) for one in Presence}
    record_audit(
        actor=actor,
        action="session.roll",
        target=congress,
        title=str(session),
        detail={"attendance": "，".join(f"{label}{count}人" for label, count in counts.items())},
        region_prefix=congress.region.prefix,
    )
    session_duty(actor, roll)
    return roll


def session_duty(actor: Actor, roll: SessionRoll) -> None:
    """Let the ledger say who was present."""
    session = roll.session
    present = roll.lines.filter(presence=Presence.PRESENT).order_by("mandate_id")
    duty_set(
        actor=actor,
        source=roll,
        facts=[
            DutyFact(mandate_id=pk, kind=DutyKind.SESSION, on=session.starts_on, title=str(session))
            for pk in present.values_list("mandate_id", flat=True)
        ],
        reason="会议出席情况已更正",
    )


def _check(names: Mapping[str, str], lines: Mapping[str, tuple[str, str]]) -> None:
    fields: dict[str, str] = {}
    for public_id, name in names.items():
        presence, note = lines.get(public_id, ("", ""))
        if presence not in Presence.values:
            fields[f"presence-{public_id}"] = f"请选择{name}的出席情况。"
        elif len(note.strip()) > MOST_NOTE:
            fields[f"note-{public_id}"] = f"{name}的说明最多{MOST_NOTE}字，现在有{len(note.strip())}字。"
        elif not is_storable(note):
            fields[f"note-{public_id}"] = f"{name}的说明里有无法保存的字符，请重新输入。"
    if fields:
        raise InvalidInput(f"有{len(fields)}名代表没有填好，全部没有保存。您选择的仍在下方。", fields=fields)
