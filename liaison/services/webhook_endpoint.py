"""Endpoints (推送地址) as the system administrator keeps them: where to, of what, signed with which secret."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from liaison import signing
from liaison.exceptions import DomainError, InvalidInput, NotFound
from liaison.fetching import FetchRefused, check_address
from liaison.models import ApiClient, WebhookEndpoint, WebhookSecret
from liaison.models.client import MOST_VALID_SECRETS
from liaison.models.webhook import EndpointStatus
from liaison.permissions import Permission
from liaison.registry import registry
from liaison.services.audit import record_audit
from liaison.services.checks import changes, clean_model, require_version
from liaison.services.webhook import wake_webhooks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from liaison.actor import Actor

NOUN = "这个推送地址"
#: Endpoints of one client, also those that are paused.
MOST_ENDPOINTS = 5
#: For so many hours at most the old secret signs beside the new one.
LONGEST_OVERLAP = 7 * 24
#: Bytes of a secret; the specification asks for 24 to 64.
SECRET_BYTES = 32


def _lock(actor: Actor, public_id: UUID | str, version: int | None) -> WebhookEndpoint:
    endpoint = (
        WebhookEndpoint.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .select_related("client__organisation__region")
        .filter(public_id=public_id)
        .first()
    )
    if endpoint is None:
        raise NotFound
    actor.require(Permission.CLIENT_EDIT)
    require_version(endpoint.version, version, NOUN)
    return endpoint


def _facts(endpoint: WebhookEndpoint) -> dict[str, object]:
    return {"address": endpoint.url, "types": list(endpoint.types), "note": endpoint.note}


def _checked(client: ApiClient, url: str, types: Sequence[str]) -> tuple[str, list[str]]:
    url = url.strip()
    fields: dict[str, str] = {}
    try:
        address = check_address(url, hosts=None, noun="推送地址")
        if address.scheme != "https" and not address.is_inside:
            fields["url"] = "推送地址须以https://开头。内网主机用http的，请先由运维登记到FETCH_INSIDE_HOSTS。"
    except FetchRefused as refused:
        fields["url"] = refused.reason
    known = {kind.code for kind in registry.webhook_types.values() if kind.scope in client.scopes}
    if not types or set(types) - known:
        fields["types"] = "请至少选择一种事件，并且这个客户端有相应的权限范围。"
    if fields:
        raise InvalidInput("有内容需要更正。", fields=fields)
    return url, sorted(set(types))


@transaction.atomic
def endpoint_make(
    *, actor: Actor, client_id: UUID | str, public_id: UUID, url: str, types: Sequence[str], note: str = ""
) -> tuple[WebhookEndpoint, str]:
    """Make an endpoint with its first secret.

    Args:
        client_id: public id of the client that is told.
        public_id: chosen by the form, so that a form sent twice makes one.

    Returns:
        The endpoint and its secret (``whsec_…``), which must be shown now; "" when this form had made it before.

    Raises:
        NotFound: the client is unknown, or not visible to the actor.
        DomainError: the client has ``MOST_ENDPOINTS`` already (``too_many_endpoints``).
        InvalidInput: by field.
    """
    client = ApiClient.objects.visible_to(actor).select_for_update(of=("self",)).filter(public_id=client_id).first()
    if client is None:
        raise NotFound
    actor.require(Permission.CLIENT_EDIT)
    known = client.webhooks.filter(public_id=public_id).first()
    if known is not None:
        return known, ""
    if client.webhooks.count() >= MOST_ENDPOINTS:
        raise DomainError(f"一个客户端最多{MOST_ENDPOINTS}个推送地址，请修改已有的。", code="too_many_endpoints")
    url, kinds = _checked(client, url, types)
    endpoint = WebhookEndpoint(client=client, public_id=public_id, url=url, types=kinds, note=note.strip())
    clean_model(endpoint)
    endpoint.save(force_insert=True)
    record_audit(actor=actor, action="webhook.create", target=endpoint, detail={"new": _facts(endpoint)})
    return endpoint, _new_secret(endpoint)


@transaction.atomic
def endpoint_change(
    *, actor: Actor, public_id: UUID | str, version: int | None, url: str, types: Sequence[str], note: str = ""
) -> WebhookEndpoint:
    """Change where to or of what; what waits already goes to the new address.

    Raises:
        NotFound: unknown, or not visible to the actor.
        StaleVersion: changed in between.
        InvalidInput: by field.
    """
    endpoint = _lock(actor, public_id, version)
    before = _facts(endpoint)
    endpoint.url, endpoint.types = _checked(endpoint.client, url, types)
    endpoint.note = note.strip()
    clean_model(endpoint)
    found = changes(before, _facts(endpoint))
    if found["new"]:
        _save(endpoint, "url", "types", "note")
        record_audit(actor=actor, action="webhook.update", target=endpoint, detail=found)
    return endpoint


def _save(endpoint: WebhookEndpoint, *fields: str) -> None:
    endpoint.version += 1
    endpoint.save(update_fields=[*fields, "version", "updated_at"])


@transaction.atomic
def endpoint_pause(*, actor: Actor, public_id: UUID | str, version: int | None, reason: str) -> WebhookEndpoint:
    """Send nothing until it is resumed; what happens meanwhile waits."""
    endpoint = _lock(actor, public_id, version)
    if endpoint.status == EndpointStatus.ACTIVE:
        endpoint.status, endpoint.status_reason = EndpointStatus.PAUSED, reason[:300]
        _save(endpoint, "status", "status_reason")
        record_audit(actor=actor, action="webhook.pause", target=endpoint, detail={"reason": reason})
    return endpoint


@transaction.atomic
def endpoint_resume(*, actor: Actor, public_id: UUID | str, version: int | None) -> WebhookEndpoint:
    """Send again, first what has waited; also to one that had answered 410."""
    endpoint = _lock(actor, public_id, version)
    if endpoint.status != EndpointStatus.ACTIVE:
        endpoint.status, endpoint.status_reason, endpoint.told_at = EndpointStatus.ACTIVE, "", None
        _save(endpoint, "status", "status_reason", "told_at")
        record_audit(actor=actor, action="webhook.resume", target=endpoint)
        wake_webhooks()
    return endpoint


@transaction.atomic
def endpoint_rotate(*, actor: Actor, public_id: UUID | str, overlap_hours: int) -> tuple[WebhookEndpoint, str]:
    """Make a new secret; the present one signs beside it for some hours.

    Args:
        overlap_hours: 0 ends the present one at once.

    Returns:
        The endpoint and the secret, which must be shown now.

    Raises:
        DomainError: two are valid already (``too_many_secrets``) and the present one shall not end at once.
        InvalidInput: a negative overlap, or one beyond ``LONGEST_OVERLAP``.
    """
    endpoint = _lock(actor, public_id, None)
    if not 0 <= overlap_hours <= LONGEST_OVERLAP:
        raise InvalidInput("有内容需要更正。", fields={"overlap_hours": f"最多{LONGEST_OVERLAP}小时。"})
    now = timezone.now()
    valid = endpoint.secrets.valid_at(now)
    if overlap_hours and valid.count() >= MOST_VALID_SECRETS:
        raise DomainError("已经有两个密钥同时有效。请等旧的到期，或者选择“旧密钥立即失效”。", code="too_many_secrets")
    if overlap_hours:
        valid.update(expires_at=now + dt.timedelta(hours=overlap_hours), updated_at=now)
    else:
        valid.update(expires_at=now, updated_at=now)
    value = _new_secret(endpoint)
    record_audit(
        actor=actor, action="webhook.rotate", target=endpoint, detail={"hint": _hint(value), "hours": overlap_hours}
    )
    return endpoint, value


def _new_secret(endpoint: WebhookEndpoint) -> str:
    value = f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"
    WebhookSecret.objects.create(endpoint=endpoint, hint=_hint(value), sealed=signing.seal(value))
    return value


def _hint(value: str) -> str:
    """The last four letters before the padding."""
    return value.rstrip("=")[-4:]
