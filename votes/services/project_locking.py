"""Fetching and locking a project in scope, the first step of every change of the carrying out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.exceptions import NotAllowed, NotFound, StaleVersion
from liaison.selectors.history import last_act_text
from votes.models import Project

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor
    from votes.models import Programme


def lock_project(actor: Actor, public_id: UUID | str, *, version: int | None = None) -> Project:
    """The project, locked for the rest of the transaction, with its programme, unit and office.

    Args:
        version: the version that the page showed; None when the act does not depend on what was shown.

    Raises:
        NotFound: no such project, or not visible to the actor.
        StaleVersion: somebody changed it in between; the message says who and when.
    """
    project = (
        Project.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("programme__congress__region", "office", "unit")
        .filter(public_id=public_id)
        .first()
    )
    if project is None:
        raise NotFound
    if version is not None and project.version != version:
        raise StaleVersion(f"您打开页面之后，这个项目已有变化。您填写的内容仍在下方。{last_act_text(project)}")
    return project


def touch(project: Project, *fields: str) -> None:
    """Save the named fields with the status, and let the version grow."""
    project.version += 1
    project.save(update_fields=["status", "version", "updated_at", *fields])


def must_be_office(owned: Project | Programme, actor: Actor) -> None:
    """Refuse staff of another congress office than the one that owns a project or a programme.

    Raises:
        NotAllowed: another office handles it.
    """
    if not actor.is_system and owned.office_id != actor.organisation_id:
        raise NotAllowed("这一项由其他人大机构办理，您可以查看，不能代为办理。")


def must_be_unit(project: Project, actor: Actor) -> None:
    """Refuse other units than the responsible one.

    Raises:
        NotAllowed: another unit carries the project out.
    """
    if not actor.is_system and project.unit_id != actor.organisation_id:
        raise NotAllowed("贵单位不是这个项目的责任单位。")
