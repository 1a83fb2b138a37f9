"""Machine clients (接口客户端) as the system administrator keeps them: who may connect, with which secrets."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application

from liaison import signing
from liaison.exceptions import DomainError, InvalidInput, NotFound
from liaison.models import ApiClient, ClientSecret, Organisation
from liaison.models.client import MOST_VALID_SECRETS, SecretUse
from liaison.permissions import SCOPE_PERMISSIONS, OrganisationKind, Permission
from liaison.services.audit import record_audit
from liaison.services.checks import changes, clean_model, integrity_as_input, require_version
from liaison.services.client_token import digest_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from liaison.actor import Actor

NOUN = "这个接口客户端"
#: No secret lives longer, in days.
LONGEST_LIFE = 400


def _lock(actor: Actor, public_id: UUID | str, version: int | None) -> ApiClient:
    client = (
        ApiClient.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("organisation__region", "application")
        .filter(public_id=public_id)
        .first()
    )
    if client is None:
        raise NotFound
    actor.require(Permission.CLIENT_EDIT)
    require_version(client.version, version, NOUN)
    return client


def _facts(client: ApiClient) -> dict[str, object]:
    return {
        "name": client.name,
        "organisation": client.organisation.name,
        "scopes": list(client.scopes),
        "networks": list(client.networks),
        "rate_per_minute": client.rate_per_minute,
        "note": client.note,
    }


@transaction.atomic
def client_save(
    *,
    actor: Actor,
    public_id: UUID | str,
    version: int | None,
    name: str,
    organisation: Organisation,
    scopes: Sequence[str],
    networks: Sequence[str] = (),
    rate_per_minute: int = 600,
    note: str = "",
) -> ApiClient:
    """Make or change a client. What is taken away works no more at once, also for tokens that are out.

    Args:
        public_id: of the one to change; for a new one chosen by the form, so that a form sent twice makes one.
        version: what the page showed; None for a new one.
        organisation: a hotline centre of the actor's region; its region bounds what the client may touch.
        scopes: names of ``SCOPE_PERMISSIONS``.
        networks: CIDR blocks from which it may come; none allows every address.

    Raises:
        NotFound: unknown, or not in the actor's region; also for an organisation beyond it.
        StaleVersion: changed in between.
        InvalidInput: a value is wrong, or the organisation has a client of this name.
    """
    actor.require(Permission.CLIENT_EDIT)
    if not Organisation.objects.visible_to(actor).filter(pk=organisation.pk, kind=OrganisationKind.HOTLINE).exists():
        raise NotFound
    if not scopes or set(scopes) - set(SCOPE_PERMISSIONS):
        raise InvalidInput("有内容需要更正。", fields={"scopes": "请至少选择一项权限范围。"})
    if version is None:
        already = ApiClient.objects.visible_to(actor).filter(public_id=public_id).first()
        if already is not None:
            return already
        client, before = ApiClient(public_id=public_id, version=0), {}
    else:
        client = _lock(actor, public_id, version)
        before = _facts(client)
    client.name, client.note, client.organisation = name.strip(), note.strip(), organisation
    client.scopes, client.networks, client.rate_per_minute = sorted(scopes), list(networks), rate_per_minute
    clean_model(client, exclude={"application"})
    found = changes(before, _facts(client))
    if version is not None and not found["new"]:
        return client
    client.version += 1
    with integrity_as_input():
        if version is None:
            client.application = _application(client)
            client.save(force_insert=True)
        else:
            client.save()
    record_audit(
        actor=actor,
        action="client.create" if version is None else "client.update",
        target=client,
        detail=found if before else {"new": found["new"]},
    )
    return client


def _application(client: ApiClient) -> Application:
    """The library's row: it carries the client id that the platform shows, and no secret."""
    return Application.objects.create(
        name=client.name,
        client_id=f"client-{secrets.token_hex(8)}",
        client_secret="",
        hash_client_secret=False,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )


@transaction.atomic
def client_deactivate(*, actor: Actor, public_id: UUID | str, version: int | None, reason: str) -> ApiClient:
    """Shut it out at once: its tokens are withdrawn, its signatures refused."""
    client = _lock(actor, public_id, version)
    if client.is_active:
        _switch(actor, client, to=False, reason=reason)
        AccessToken.objects.filter(application=client.application).delete()
    return client


@transaction.atomic
def client_activate(*, actor: Actor, public_id: UUID | str, version: int | None) -> ApiClient:
    """Let it in again, with the secrets that are still valid."""
    client = _lock(actor, public_id, version)
    if not client.is_active:
        _switch(actor, client, to=True)
    return client


def _switch(actor: Actor, client: ApiClient, *, to: bool, reason: str = "") -> None:
    client.is_active = to
    client.version += 1
    client.save(update_fields=["is_active", "version", "updated_at"])
    detail = {"reason": reason} if reason else None
    record_audit(actor=actor, action="client.activate" if to else "client.deactivate", target=client, detail=detail)


@transaction.atomic
def secret_make(
    *, actor: Actor, public_id: UUID | str, use: SecretUse, days: int, version: int | None = None
) -> tuple[ClientSecret, str]:
    """Make a secret of a client.

    Args:
        public_id: of the client.
        days: how long it is valid.

    Returns:
        The row and the secret itself, which is nowhere else and must be shown now.

    Raises:
        DomainError: two secrets of this use are valid already (``too_many_secrets``).
        InvalidInput: a validity of no day, or of more than ``LONGEST_LIFE``.
    """
    client = _lock(actor, public_id, version)
    if not 1 <= days <= LONGEST_LIFE:
        raise InvalidInput("有内容需要更正。", fields={"days": f"有效期须为1至{LONGEST_LIFE}天。"})
    now = timezone.now()
    if client.secrets.filter(use=use).valid_at(now).count() >= MOST_VALID_SECRETS:
        raise DomainError(
            f"同一用途最多有{MOST_VALID_SECRETS}个有效密钥。请先吊销一个已经换下的，再生成新的。",
            code="too_many_secrets",
        )
    value = f"lsk_{secrets.token_urlsafe(32)}"
    secret = ClientSecret.objects.create(
        client=client,
        use=use,
        hint=value[-4:],
        digest=digest_of(value) if use == SecretUse.OAUTH else "",
        sealed=signing.seal(value) if use == SecretUse.SIGNING else "",
        expires_at=now + dt.timedelta(days=days),
    )
    _audit_secret(actor, "client_secret.create", secret, {"days": days})
    return secret, value


@transaction.atomic
def secret_revoke(*, actor: Actor, public_id: UUID | str, reason: str) -> ClientSecret:
    """Withdraw a secret at once. With one that buys tokens go all tokens of the client: a platform that has
    changed over to its other secret simply gets a new one."""
    secret = (
        ClientSecret.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("client__application")
        .filter(public_id=public_id)
        .first()
    )
    if secret is None:
        raise NotFound
    actor.require(Permission.CLIENT_EDIT)
    if secret.revoked_at is not None:
        return secret
    secret.revoked_at = timezone.now()
    secret.save(update_fields=["revoked_at", "updated_at"])
    if secret.use == SecretUse.OAUTH:
        AccessToken.objects.filter(application=secret.client.application).delete()
    _audit_secret(actor, "client_secret.revoke", secret, {"reason": reason})
    return secret


@transaction.atomic
def client_try(*, actor: Actor, client: ApiClient, address: str, status: int) -> None:
    """Audit that an administrator read an address of the API as this client."""
    actor.require(Permission.CLIENT_EDIT)
    record_audit(actor=actor, action="client.try", target=client, detail={"address": address, "status": status})


def _audit_secret(actor: Actor, action: str, secret: ClientSecret, detail: dict[str, object]) -> None:
    facts = {"use": secret.get_use_display(), "hint": secret.hint, **detail}
    record_audit(actor=actor, action=action, target=secret.client, detail=facts)
