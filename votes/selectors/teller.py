"""Who may be a teller (监票人、计票人) of a round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from deputies.models import Mandate
from liaison.models import User
from liaison.permissions import Role

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from votes.models import Round


def eligible_tellers(round_: Round) -> QuerySet[User]:
    """Accounts that may be appointed: staff of the office that holds the vote, and deputies of the congress."""
    mandates = Mandate.objects.unscoped(reason="tellers are proposed among the deputies of the congress")
    deputies = mandates.in_force().filter(congress_id=round_.congress_id, person__user__isnull=False)
    staff = Q(
        postings__organisation_id=round_.office_id,
        postings__ended_at__isnull=True,
        postings__role__in=[Role.HANDLER, Role.APPROVER, Role.VIEWER],
    )
    return (
        User.objects.filter(staff | Q(pk__in=deputies.values("person__user_id")), is_active=True)
        .distinct()
        .order_by("name", "id")
    )


def teller_choices(round_: Round) -> list[tuple[int, str]]:
    """(account id, name) for the form."""
    return list(eligible_tellers(round_).values_list("id", "name"))
