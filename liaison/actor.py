"""The actor: who does something, in which capacity, in which region, with which permissions.

Made once a request by ``ActorMiddleware`` (or by a task for the system) and handed to every
service and selector as its first argument.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from liaison.exceptions import NotAllowed
from liaison.permissions import (
    DEPUTY_PERMISSIONS,
    OrganisationKind,
    Permission,
    Role,
    permissions_for,
    permissions_of_scopes,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

#: ``Actor.region_prefix`` of an account without posting or mandate: no region's code begins with it.
NO_REGION = "-"


class ActorKind(StrEnum):
    """In what capacity somebody acts."""

    ANONYMOUS = "anonymous"
    STAFF = "staff"
    DEPUTY = "deputy"
    CLIENT = "client"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in a role, a deputy, a machine client, or the system.

    Args:
        kind: the capacity.
        key: names this capacity among the person's others (``posting:<id>``, ``deputy:<person id>``,
            ``client:<id>``).
        user_id: the account behind it; None for the system, clients and the public.
        name: the person's name as shown in timelines and the audit.
        label: the capacity as shown, e.g. ``益阳市人大常委会联工委 · 经办``.
        organisation_id / organisation_kind: for staff and clients. role: for staff.
        region_prefix: the subtree that congress staff see (a ``Region.prefix``), a deputy's home; "" for the system.
        person_id, mandate_ids: for deputies.
        client_id: for machine clients, the id of their ``ApiClient`` row.
        permissions: what this capacity may do.
        ip, request_id: where the act came from, for the audit.
    """

    kind: ActorKind
    key: str = ""
    user_id: int | None = None
    name: str = ""
    label: str = ""
    organisation_id: int | None = None
    organisation_kind: OrganisationKind | None = None
    role: Role | None = None
    region_prefix: str = ""
    person_id: int | None = None
    mandate_ids: tuple[int, ...] = ()
    client_id: int | None = None
    permissions: frozenset[Permission] = field(default_factory=frozenset)
    ip: str | None = None
    request_id: str = ""

    def can(self, permission: Permission) -> bool:
        """Whether the actor holds the permission (the system holds all)."""
        return self.is_system or permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise ``NotAllowed`` unless the actor holds the permission."""
        if not self.can(permission):
            raise NotAllowed(f"您当前的身份没有“{permission.label}”的权限。如确需办理，请联系本单位系统管理员。")

    @property
    def account_id(self) -> int:
        """The account that acts, for rows that must name one.

        Raises:
            NotAllowed: the system or the public, who sign nothing.
        """
        if self.user_id is None:
            raise NotAllowed("这一步须由登录的工作人员或代表本人办理。")
        return self.user_id

    @property
    def deputy_id(self) -> int:
        """The deputy's person id, 0 for everybody else (no row has it)."""
        return self.person_id or 0

    @property
    def is_system(self) -> bool:
        return self.kind is ActorKind.SYSTEM

    @property
    def is_anonymous(self) -> bool:
        return self.kind is ActorKind.ANONYMOUS

    @property
    def is_deputy(self) -> bool:
        return self.kind is ActorKind.DEPUTY

    @property
    def is_client(self) -> bool:
        """A machine of another platform (接口客户端)."""
        return self.kind is ActorKind.CLIENT

    @property
    def is_congress(self) -> bool:
        """Staff of a congress office (人大工作机构), in any role."""
        return self.kind is ActorKind.STAFF and self.organisation_kind == OrganisationKind.CONGRESS

    @property
    def is_unit(self) -> bool:
        return self.kind is ActorKind.STAFF and self.organisation_kind == OrganisationKind.UNIT

    @property
    def is_procuratorate(self) -> bool:
        return self.kind is ActorKind.STAFF and self.organisation_kind == OrganisationKind.PROCURATORATE


ANONYMOUS = Actor(kind=ActorKind.ANONYMOUS, name="未登录访客")


def system_actor(name: str = "系统") -> Actor:
    """The portal itself: scheduled jobs, data commands, the demo."""
    return Actor(kind=ActorKind.SYSTEM, key="system", name=name, label=name)


def staff_actor(
    *,
    posting_id: int,
    user_id: int,
    name: str,
    organisation_id: int,
    organisation_name: str,
    organisation_kind: OrganisationKind,
    role: Role,
    region_prefix: str,
    ip: str | None = None,
    request_id: str = "",
) -> Actor:
    """An actor for one posting."""
    return Actor(
        kind=ActorKind.STAFF,
        key=f"posting:{posting_id}",
        user_id=user_id,
        name=name,
        label=f"{organisation_name} · {role.label}",
        organisation_id=organisation_id,
        organisation_kind=organisation_kind,
        role=role,
        region_prefix=region_prefix,
        permissions=permissions_for(organisation_kind, role),
        ip=ip,
        request_id=request_id,
    )


def deputy_actor(
    *,
    user_id: int | None,
    person_id: int,
    name: str,
    label: str,
    region_prefix: str,
    mandate_ids: tuple[int, ...],
    ip: str | None = None,
    request_id: str = "",
) -> Actor:
    """An actor for a person with at least one mandate in force (人大代表).

    Args:
        user_id: the account; None only in the demo, whose deputies mostly have none.
    """
    return Actor(
        kind=ActorKind.DEPUTY,
        key=f"deputy:{person_id}",
        user_id=user_id,
        name=name,
        label=label,
        region_prefix=region_prefix,
        person_id=person_id,
        mandate_ids=mandate_ids,
        permissions=DEPUTY_PERMISSIONS,
        ip=ip,
        request_id=request_id,
    )


def client_actor(
    *,
    client_id: int,
    name: str,
    organisation_id: int,
    organisation_name: str,
    organisation_kind: OrganisationKind,
    region_prefix: str,
    scopes: Iterable[str],
    ip: str | None = None,
    request_id: str = "",
) -> Actor:
    """An actor for a machine client (接口客户端): its organisation's region, and what its scopes permit."""
    return Actor(
        kind=ActorKind.CLIENT,
        key=f"client:{client_id}",
        name=name,
        label=f"{organisation_name} · 接口",
        organisation_id=organisation_id,
        organisation_kind=organisation_kind,
        region_prefix=region_prefix,
        client_id=client_id,
        permissions=permissions_of_scopes(scopes),
        ip=ip,
        request_id=request_id,
    )
