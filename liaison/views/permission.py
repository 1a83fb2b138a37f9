"""``/system/permissions/``: which role may do what, read from the one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from liaison.faces import ActorRequest, requires
from liaison.permissions import DEPUTY_PERMISSIONS, ROLE_PERMISSIONS, OrganisationKind, Permission, Role

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@requires(Permission.USER_EDIT, Permission.POSTING_EDIT, Permission.AUDIT_VIEW)
def table(request: ActorRequest) -> HttpResponse:
    """Role × permission, one table a kind of organisation. Read only: it is part of the program."""
    groups = []
    for kind in OrganisationKind:
        roles = [role for role in Role if ROLE_PERMISSIONS.get((kind, role))]
        if roles:
            groups.append(_group(kind.label, [(role.label, ROLE_PERMISSIONS[kind, role]) for role in roles]))
    groups.append(_group("人大代表", [("代表", DEPUTY_PERMISSIONS)]))
    return render(request, "liaison/permission_table.html", {"groups": groups})


def _group(label: str, columns: list[tuple[str, frozenset[Permission]]]) -> dict[str, object]:
    held = [permission for permission in Permission if any(permission in granted for _, granted in columns)]
    return {
        "label": label,
        "roles": [name for name, _ in columns],
        "rows": [(permission.label, [permission in granted for _, granted in columns]) for permission in held],
    }
