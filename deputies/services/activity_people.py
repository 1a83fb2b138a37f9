"""Activities locked, their deputies and office told, their acts audited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deputies.models import Activity, ActivityPart
from deputies.states import of_own_office
from liaison.exceptions import DomainError, NotAllowed, NotFound
from liaison.models import User
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.selectors.people import people_of
from liaison.services.audit import record_audit
from liaison.services.notice import notify

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from deputies.selectors.activity_overlap import Clash, RotaClash
    from liaison.actor import Actor


#: What the person says by going on all the same.
ACCEPTED = "已经核对，时间冲突不影响"


class Overlap(DomainError):
    """Something else is on at that time; the person may go on after having read what (``accept_overlap``)."""

    code = "activity_overlap"

    def __init__(self, text: str, clashes: list[Clash | RotaClash]) -> None:
        message = f"{text}仍要继续的，请勾选“{ACCEPTED}”，再次提交。"
        super().__init__(message, fields={"accept_overlap": message})
        self.clashes = clashes


def lock_activity(actor: Actor, public_id: UUID | str) -> Activity:
    """The activity, locked for the rest of the transaction.

    Raises:
        NotFound: no such activity, or not visible to the actor.
    """
    found = Activity.objects.visible_to(actor).select_for_update(of=("self",))
    activity = found.select_related("region", "office", "own_by__person").filter(public_id=public_id).first()
    if activity is None:
        raise NotFound
    return activity


def lock_organised(actor: Actor, public_id: UUID | str) -> Activity:
    """The same, by somebody who organises it.

    Raises:
        NotFound: no such activity, or not visible to the actor.
        NotAllowed: the role may not, or another office organises it.
    """
    activity = lock_activity(actor, public_id)
    actor.require(Permission.ACTIVITY_EDIT)
    if not of_own_office(actor, activity.office_id):
        raise NotAllowed(f"这次活动由{activity.office}组织，您可以查看，不能代为办理。")
    return activity


def tell_parts(
    *, actor: Actor, activity: Activity, parts: Iterable[ActivityPart], title: str, body: str = "", task: bool = False
) -> None:
    """A notice to these invited deputies, those who have an account."""
    people = User.objects.filter(person__in=[part.person_id for part in parts], is_active=True)
    notify(
        recipients=people,
        kind=NoticeKind.TASK if task else NoticeKind.PROGRESS,
        title=title,
        body=body,
        url=activity.get_absolute_url(),
        except_user_id=actor.user_id,
    )


def tell_office(*, actor: Actor, activity: Activity, title: str, body: str = "") -> None:
    """A notice to those who organise activities in the office."""
    notify(
        recipients=people_of([activity.office_id]),
        kind=NoticeKind.TASK,
        title=title,
        body=body,
        url=activity.get_absolute_url(),
        except_user_id=actor.user_id,
    )


def audit(actor: Actor, action: str, activity: Activity, **detail: Any) -> None:
    """The audit row of one act."""
    record_audit(
        actor=actor, action=action, target=activity, detail=detail or None, region_prefix=activity.region_prefix
    )
