"""What an inspection says about its deputies for the duty ledger (履职台账). Nothing about any vote ever goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deputies.models import DutyKind
from deputies.services.duty import DutyFact, duty_set

if TYPE_CHECKING:
    from liaison.actor import Actor
    from votes.models import Inspection


def inspection_duty(actor: Actor, inspection: Inspection) -> None:
    """Enter a recorded inspection for the deputies of its group."""
    duty_set(actor=actor, source=inspection, facts=facts_of(inspection))


def facts_of(inspection: Inspection) -> list[DutyFact]:
    """One for the head and each member of the supervision group, on the day of the inspection."""
    group = inspection.group
    mandate_ids = {group.head_id, *group.members.values_list("pk", flat=True)}
    return [
        DutyFact(
            mandate_id=mandate_id,
            kind=DutyKind.PROJECT_INSPECTION,
            on=inspection.inspected_on,
            title=f"监督检查民生实事项目：{inspection.project.name}",
        )
        for mandate_id in sorted(mandate_ids)
    ]
