"""Organisations (机构) as the system administrator keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from liaison.exceptions import DomainError, NotFound
from liaison.models import Deadline, Organisation, Region
from liaison.permissions import OrganisationKind, Permission
from liaison.services.audit import record_audit
from liaison.services.checks import changes, clean_model, integrity_as_input, require_version

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor

NOUN = "这个机构"
_FIELDS = ("name", "short_name", "department", "kind", "region", "phone")


def _lock(actor: Actor, public_id: UUID | str, version: int | None) -> Organisation:
    organisation = (
        Organisation.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("region")
        .filter(public_id=public_id)
        .first()
    )
    if organisation is None:
        raise NotFound
    actor.require(Permission.ORGANISATION_EDIT)
    require_version(organisation.version, version, NOUN)
    return organisation


def _facts(organisation: Organisation) -> dict[str, object]:
    return {
        "name": organisation.name,
        "short_name": organisation.short_name,
        "department": organisation.department,
        "kind": OrganisationKind(organisation.kind).label,
        "region": organisation.region.full_name,
        "office_phone": organisation.phone,
    }


@transaction.atomic
def organisation_save(
    *,
    actor: Actor,
    public_id: UUID | str,
    version: int | None,
    name: str,
    kind: OrganisationKind,
    region: Region,
    short_name: str = "",
    department: str = "",
    phone: str = "",
) -> Organisation:
    """Make or change an organisation of the actor's region.

    Args:
        public_id: of the one to change; for a new one chosen by the form, so that the same form sent
            twice makes one organisation.
        version: what the page showed; None for a new one.
        kind: fixed once somebody has a posting in it, for postings depend on it.
        department: the body in it that does the liaison work (联工委、第七检察部).

    Raises:
        NotFound: unknown, or not in the actor's region; also for a region beyond it.
        StaleVersion: changed in between.
        InvalidInput: a value is wrong, or the region has such an organisation already.
    """
    actor.require(Permission.ORGANISATION_EDIT)
    if not actor.is_system and not region.prefix.startswith(actor.region_prefix):
        raise NotFound
    if version is None:
        already = Organisation.objects.visible_to(actor).filter(public_id=public_id).first()
        if already is not None:
            return already
        organisation, before = Organisation(public_id=public_id, version=0), {}
    else:
        organisation = _lock(actor, public_id, version)
        before = _facts(organisation)
        if organisation.kind != kind and organisation.postings.exists():
            raise DomainError("已有人在这个机构任职，不能改变机构类别。请新建一个机构。", code="kind_fixed")
    organisation.name, organisation.short_name = name.strip(), short_name.strip()
    organisation.department, organisation.phone = department.strip(), phone.strip()
    organisation.kind, organisation.region = kind, region
    clean_model(organisation)
    found = changes(before, _facts(organisation))
    if version is not None and not found["new"]:
        return organisation
    organisation.version += 1
    with integrity_as_input():
        if version is None:
            organisation.save(force_insert=True)
        else:
            organisation.save(update_fields=[*_FIELDS, "version", "updated_at"])
    record_audit(
        actor=actor,
        action="organisation.create" if version is None else "organisation.update",
        target=organisation,
        detail=found if before else {"new": found["new"]},
    )
    return organisation


@transaction.atomic
def organisation_deactivate(*, actor: Actor, public_id: UUID | str, version: int | None, reason: str) -> Organisation:
    """Take an organisation out of use: nothing is assigned to it any more, its postings rest.

    Raises:
        DomainError: it is one's own, or it still has work whose time is running.
    """
    organisation = _lock(actor, public_id, version)
    if not organisation.is_active:
        return organisation
    if organisation.pk == actor.organisation_id:
        raise DomainError("不能停用自己所在的机构。", code="own_organisation")
    running = Deadline.objects.open().filter(holder=organisation).count()
    if running:
        raise DomainError(
            f"{organisation.name}还有{running}件正在计时的事项，请先办结或改交其他单位，再停用。", code="work_left"
        )
    organisation.is_active = False
    organisation.version += 1
    organisation.save(update_fields=["is_active", "version", "updated_at"])
    record_audit(actor=actor, action="organisation.deactivate", target=organisation, detail={"reason": reason})
    return organisation


@transaction.atomic
def organisation_activate(*, actor: Actor, public_id: UUID | str, version: int | None) -> Organisation:
    """Use it again; its postings work again too."""
    organisation = _lock(actor, public_id, version)
    if organisation.is_active:
        return organisation
    organisation.is_active = True
    organisation.version += 1
    with integrity_as_input():
        organisation.save(update_fields=["is_active", "version", "updated_at"])
    record_audit(actor=actor, action="organisation.activate", target=organisation)
    return organisation
