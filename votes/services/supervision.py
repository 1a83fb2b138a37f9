"""Supervision groups (监督小组): which deputies follow which projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from deputies.models import Mandate
from liaison.exceptions import DomainError, InvalidInput, NotFound
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from votes.models import Programme, SupervisionGroup
from votes.services.project_input import clean
from votes.services.project_locking import must_be_office
from votes.services.project_people import deputies_in, tell
from votes.states import ProgrammeStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from liaison.actor import Actor


@transaction.atomic
def group_save(
    *,
    actor: Actor,
    programme_public_id: UUID,
    name: str,
    head: UUID | None,
    members: Sequence[UUID],
    projects: Sequence[UUID],
    public_id: UUID | None = None,
) -> SupervisionGroup:
    """Make a supervision group, or change its people and projects.

    Args:
        head: the mandate of its head, who is a member too.
        members, projects: public ids; mandates in force of the programme's congress, projects of the programme.
        public_id: of the group that is changed; None makes a new one.

    Raises:
        InvalidInput: something is missing, or somebody is no deputy of this congress any more; by field.
        DomainError: the work has not begun (``not_underway``).
    """
    programme = (
        Programme.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .filter(public_id=programme_public_id)
        .first()
    )
    if programme is None:
        raise NotFound
    actor.require(Permission.PROGRAMME_EDIT)
    must_be_office(programme, actor)
    if programme.status not in {ProgrammeStatus.UNDERWAY, ProgrammeStatus.APPRAISING}:
        raise DomainError("转入组织实施以后才能设置监督小组。", code="not_underway")
    group = SupervisionGroup(programme=programme)
    if public_id is not None:
        found = programme.groups.filter(public_id=public_id).first()
        if found is None:
            raise NotFound
        group = found
    known = {member.pk for member in group.members.all()} if group.pk else set()
    head_row, people = _people(programme, head, members, known=known)
    chosen = list(programme.projects.filter(public_id__in=projects))
    fields: dict[str, str] = {}
    group.name = name.strip()
    if not group.name:
        fields["name"] = "请填写小组名称。"
    elif programme.groups.filter(name=group.name).exclude(pk=group.pk).exists():
        fields["name"] = "已经有同名的小组。"
    if head_row is None:
        fields["head"] = "请选择组长。"
    if len(people) < len({*members, *([head] if head else [])}):
        fields["members"] = "有成员已不是本届人大的在任代表，请重新选择。"
    if not chosen or len(chosen) < len(set(projects)):
        fields["projects"] = "请选择监督的项目。"
    if fields:
        raise InvalidInput("小组还没有填好。", fields=fields)
    group.head = head_row  # type: ignore[assignment]
    clean(group, "小组还没有填好。", skip=("programme", "head"))
    group.save()
    group.members.set(people)
    group.projects.set(chosen)
    record_audit(
        actor=actor,
        action="group.update" if public_id else "group.create",
        target=group,
        region_prefix=programme.region_prefix,
        detail={"members": len(people), "projects": [project.name for project in chosen]},
    )
    fresh = {mandate.person_id for mandate in people if mandate.pk not in known}
    tell(
        actor,
        [user for user in deputies_in([group]) if user.person.pk in fresh],
        f"您参加{group.name}，监督：{'、'.join(project.name for project in chosen)}",
        url="/works/mine/",
        task=True,
    )
    return group


def _people(
    programme: Programme, head: UUID | None, members: Sequence[UUID], *, known: set[int]
) -> tuple[Mandate | None, list[Mandate]]:
    """The head and everybody, each once. Whoever left office since may stay in a group, but not come into it."""
    wanted = {*members, *([head] if head else [])}
    found = Mandate.objects.unscoped(reason="a group is made of the congress's own deputies").filter(
        congress_id=programme.congress_id, public_id__in=wanted
    )
    people = [one for one in found.select_related("person") if one.ended_on is None or one.pk in known]
    return next((one for one in people if one.public_id == head and one.ended_on is None), None), people
