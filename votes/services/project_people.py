"""Whom to tell about a project, and how its acts are audited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from liaison.models import User
from liaison.models.notice import NoticeKind
from liaison.selectors.people import people_of
from liaison.services.audit import record_audit
from liaison.services.notice import notify

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

    from liaison.actor import Actor
    from liaison.permissions import Role
    from votes.models import Project, SupervisionGroup


def audit(actor: Actor, project: Project, action: str, target: Model | None = None, **detail: Any) -> None:
    """The audit row of one act on a project or something of it."""
    record_audit(
        actor=actor,
        action=action,
        target=target or project,
        title=str(target or project),
        region_prefix=project.region_prefix,
        detail=detail,
    )


def unit_people(project: Project) -> list[User]:
    """Those who work for the responsible unit; nobody while it has no account."""
    return list(people_of([project.unit_id]))


def office_people(project: Project, *, roles: Iterable[Role] | None = None) -> list[User]:
    """Those who work for the office, or those of some roles in it."""
    return list(people_of([project.office_id]) if roles is None else people_of([project.office_id], roles=roles))


def deputies_in(groups: Iterable[SupervisionGroup]) -> list[User]:
    """Members of supervision groups whose mandates are in force and who have accounts (one query)."""
    ids = [group.pk for group in groups]
    return list(
        User.objects.filter(
            is_active=True,
            person__mandates__in=_members_in_force(ids),
        ).distinct()
    )


def _members_in_force(group_ids: list[int]) -> Any:
    from deputies.models import Mandate

    members = Mandate.objects.unscoped(reason="whom to tell is no reader's choice").in_force()
    return members.filter(supervision_groups__in=group_ids)


def watchers(project: Project) -> list[User]:
    """The deputies who supervise a project."""
    return deputies_in(project.groups.all())


def tell(
    actor: Actor,
    people: Iterable[User],
    title: str,
    *,
    url: str,
    body: str = "",
    task: bool = False,
) -> None:
    """Tell some people; as something to do when ``task``, else for information."""
    notify(
        recipients=people,
        kind=NoticeKind.TASK if task else NoticeKind.PROGRESS,
        title=title,
        body=body,
        url=url,
        except_user_id=actor.user_id,
    )
