"""The yearly freeze (年度归档): figures per deputy and kind, kept with a hash and never changed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from deputies.models import Congress, DutyFigure, DutyYear
from deputies.selectors.duty_scope import get_kept_congress
from deputies.selectors.duty_year import (
    before_close,
    canonical_lines,
    closable_years,
    hash_of,
    sums_of_year,
    text_of,
)
from liaison.exceptions import DomainError
from liaison.permissions import Permission
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor

BATCH = 2000


@transaction.atomic
def duty_year_close(*, actor: Actor, congress_id: UUID | str, year: int) -> DutyYear:
    """Close a calendar year of a congress. What is entered later shows beside the frozen figures.

    Args:
        congress_id: public id.
        year: past, or the running one in December.

    Raises:
        NotFound, NotAllowed: not visible, not the actor's congress, or no approver.
        DomainError: closed already (``year_closed``), or not over (``year_not_over``).
    """
    congress = get_kept_congress(actor, congress_id, Permission.DUTY_CLOSE)
    Congress.objects.unscoped(reason="found in scope").select_for_update(of=("self",)).get(pk=congress.pk)
    if DutyYear.objects.unscoped(reason="found in scope").filter(congress=congress, year=year).exists():
        raise DomainError(f"{congress.short_name}{year}年已经归档，归档的数据不能再改。", code="year_closed")
    if year not in closable_years(congress):
        message = f"{year}年还不能归档：只能归档本届任期内已经过去的年度，当年的从12月起。"
        raise DomainError(message, code="year_not_over")
    state = before_close(congress, year)
    figures = [
        DutyFigure(
            mandate_id=row["mandate_id"],
            certificate_number=row["certificate"],
            kind=row["kind"],
            activity_kind=row["activity_kind"],
            quantity=row["sum"],
        )
        for row in sums_of_year(congress, year)
    ]
    duty_year = DutyYear(
        congress=congress,
        year=year,
        deputies=state.deputies,
        figures_count=len(figures),
        open_contests=state.open_contests,
        unchecked=state.unchecked,
        closed_by_id=actor.user_id,
        closer_name=actor.name,
    )
    figures.sort(key=lambda one: (one.certificate_number, one.kind, one.activity_kind))
    # rows that may never change are written together with their hash
    duty_year.sha256 = hash_of(text_of(duty_year, figures))
    duty_year.save()
    for figure in figures:
        figure.duty_year = duty_year
    DutyFigure.objects.bulk_create(figures, batch_size=BATCH)
    if hash_of(canonical_lines(duty_year)) != duty_year.sha256:
        raise RuntimeError("the frozen rows do not give the text that was hashed")
    record_audit(
        actor=actor,
        action="duty_year.close",
        target=duty_year,
        detail={"year": year, "rows": len(figures), "sha256": duty_year.sha256},
        region_prefix=congress.region.prefix,
    )
    return duty_year
