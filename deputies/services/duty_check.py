"""Staff confirm a deputy's year (核对无误，截至第N条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import DutyCheck, DutyTotal, Mandate
from deputies.selectors.duty_file import last_check, ledger_of
from deputies.selectors.duty_scope import get_file_mandate, require_keeps
from liaison.exceptions import DomainError, InvalidInput, StaleVersion
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor


@transaction.atomic
def duty_check(*, actor: Actor, mandate_id: UUID | str, year: int, seen: str | None, note: str = "") -> DutyCheck:
    """Confirm the entries of a deputy's year as far as they reach now.

    Args:
        mandate_id: public id.
        seen: ``Ledger.token`` of the page, so that nobody confirms what they have not seen; None when it does not
            matter.

    Returns:
        The check; pressed twice, or with nothing new since, the one that stands.

    Raises:
        NotFound, NotAllowed: not visible, or another congress's.
        StaleVersion: something was entered meanwhile.
        DomainError: there is nothing to check, or the year lies ahead.
    """
    mandate = get_file_mandate(actor, mandate_id)
    require_keeps(actor, mandate.congress)
    if year > timezone.localdate().year:
        raise DomainError("这一年还没有到。", code="year_ahead")
    if len(note.strip()) > 200:
        raise InvalidInput("核对说明太长。", fields={"note": "最多200字，请精简。"})
    Mandate.objects.unscoped(reason="found in scope").select_for_update(of=("self",)).get(pk=mandate.pk)
    # whoever is entering something into this year's sums now is waited for
    list(DutyTotal.objects.select_for_update().filter(mandate=mandate, year=year).order_by("pk"))
    ledger = ledger_of(mandate, year)
    if not ledger.entries:
        raise DomainError("这一年还没有履职记录，不用核对。", code="nothing_to_check")
    last = last_check(mandate, year)
    if last is not None and (last.entries, last.up_to_id) == (ledger.entries, ledger.last_id):
        return last
    if seen is not None and seen != ledger.token:
        raise StaleVersion("您打开页面之后，又有新的履职记录入账。请核对最新的记录，再确认。")
    check = DutyCheck.objects.create(
        mandate=mandate,
        year=year,
        entries=ledger.entries,
        up_to_id=ledger.last_id,
        note=note.strip(),
        checked_by_id=actor.user_id,
        checker_name=actor.name,
    )
    record_audit(
        actor=actor,
        action="duty.check",
        target=mandate.person,
        detail={"year": year, "entries": ledger.entries},
        region_prefix=mandate.home_prefix,
    )
    return check
