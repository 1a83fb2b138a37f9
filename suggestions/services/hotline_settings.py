"""What is agreed with a hotline (对接约定)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db import transaction

from liaison.exceptions import InvalidInput, NotFound
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.checks import changes, require_version
from suggestions.models import HotlineSettings
from suggestions.selectors.hotline_settings import get_hotline_client

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from liaison.actor import Actor

_HOST = re.compile(r"(?=.{1,253}(?::\d+)?$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d{1,5})?")
_DAYS = {"reply_working_days": 60, "complex_working_days": 120, "return_working_days": 30}


@transaction.atomic
def hotline_settings_save(
    *, actor: Actor, client_public_id: UUID | str, version: int | None, values: Mapping[str, Any]
) -> HotlineSettings:
    """Keep what is agreed.

    Args:
        values: reply_working_days, complex_working_days, return_working_days, file_hosts.

    Raises:
        NotFound: no hotline's client in the actor's region.
        InvalidInput: a number of days out of range, or a host that is none.
    """
    client = get_hotline_client(actor, client_public_id)
    actor.require(Permission.CLIENT_EDIT)
    HotlineSettings.objects.get_or_create(client=client)
    found = HotlineSettings.objects.select_for_update().filter(client=client).first()
    if found is None:
        raise NotFound
    require_version(found.version, version, "对接约定")
    fields: dict[str, str] = {}
    for name, most in _DAYS.items():
        if not 1 <= int(values[name]) <= most:
            fields[name] = f"应在1到{most}之间。"
    hosts = str(values["file_hosts"]).lower().split()
    wrong = [host for host in hosts if not _HOST.fullmatch(host)]
    if wrong:
        fields["file_hosts"] = f"“{wrong[0][:60]}”不是主机名。只写主机名和端口，不写http://和路径。"
    if fields:
        raise InvalidInput("有内容需要更正。", fields=fields)
    after = {name: int(values[name]) for name in _DAYS} | {"file_hosts": "\n".join(dict.fromkeys(hosts))}
    before = {name: getattr(found, name) for name in after}
    for name, value in after.items():
        setattr(found, name, value)
    found.version += 1
    found.save()
    record_audit(
        actor=actor, action="hotline_settings.save", target=client, title=str(client), detail=changes(before, after)
    )
    return found
