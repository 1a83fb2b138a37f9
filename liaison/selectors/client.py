"""Reading machine clients: whom a token or a client id belongs to, and the administrator's pages."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from oauth2_provider.models import AccessToken

from liaison.exceptions import NotFound
from liaison.models import ApiClient, ClientError, ClientSecret
from liaison.models.client import SecretUse
from liaison.permissions import OrganisationKind
from liaison.selectors.fixed import FixedQuery

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor

#: How many of the latest errors the administrator's page shows.
LATEST_ERRORS = 20


@dataclass(frozen=True, slots=True)
class Caller:
    """The client behind a request, as one query reads it."""

    client_id: int
    public_client_id: str
    name: str
    organisation_id: int
    organisation_name: str
    organisation_kind: OrganisationKind
    region_prefix: str
    is_active: bool
    scopes: frozenset[str]
    networks: tuple[str, ...]
    rate_per_minute: int
    last_used_at: dt.datetime | None


_COLUMNS = (
    "id",
    "application__client_id",
    "name",
    "organisation_id",
    "organisation__name",
    "organisation__kind",
    "organisation__region__prefix",
    "is_active",
    "organisation__is_active",
    "scopes",
    "networks",
    "rate_per_minute",
    "last_used_at",
)
_BY_TOKEN = FixedQuery(
    lambda checksum: AccessToken.objects.filter(token_checksum=checksum).values_list(
        "expires", "scope", *(f"application__api_client__{name}" for name in _COLUMNS)
    ),
    mark="-",
)
_BY_CLIENT_ID = FixedQuery(
    lambda client_id: (
        ApiClient.objects.unscoped(reason="the caller, before any actor exists")
        .filter(application__client_id=client_id)
        .values_list(*_COLUMNS)
    ),
    mark="-",
)


def _caller(row: tuple[object, ...], scopes: frozenset[str] | None = None) -> Caller:
    client_id, public_id, name, office, office_name, kind, prefix, active, office_active, own, networks, rate, used = (
        row
    )
    held = frozenset(own)  # type: ignore[call-overload]
    return Caller(
        client_id=client_id,  # type: ignore[arg-type]
        public_client_id=str(public_id),
        name=str(name),
        organisation_id=office,  # type: ignore[arg-type]
        organisation_name=str(office_name),
        organisation_kind=OrganisationKind(str(kind)),
        region_prefix=str(prefix),
        is_active=bool(active and office_active),
        scopes=held if scopes is None else held & scopes,
        networks=tuple(networks),  # type: ignore[arg-type]
        rate_per_minute=rate,  # type: ignore[arg-type]
        last_used_at=used,  # type: ignore[arg-type]
    )


def caller_by_token(token: str) -> Caller | None:
    """The client of an access token that has not run out, with the scopes that both token and client hold (one query).

    None for a token that is unknown, has run out or was withdrawn.
    """
    rows = _BY_TOKEN(hashlib.sha256(token.encode()).hexdigest())
    if not rows or rows[0][0] <= timezone.now() or rows[0][2] is None:
        return None
    return _caller(rows[0][2:], frozenset(rows[0][1].split()))


def caller_by_client_id(client_id: str) -> Caller | None:
    """The client with this public client id; None for an unknown one."""
    rows = _BY_CLIENT_ID(client_id)
    return _caller(rows[0]) if rows else None


def signing_secrets(client_id: int) -> list[tuple[int, str]]:
    """Id and sealed value of the signing secrets in force, newest first."""
    return list(
        ClientSecret.objects.unscoped(reason="checked before any actor exists")
        .filter(client_id=client_id, use=SecretUse.SIGNING)
        .valid_at(timezone.now())
        .values_list("id", "sealed")
    )


def client_list(actor: Actor, *, view: str = "active", q: str = "") -> QuerySet[ApiClient]:
    """Clients of the actor's region, by name."""
    found = ApiClient.objects.visible_to(actor).filter(is_active=view != "inactive").select_related("organisation")
    return found.filter(name__icontains=q) if q else found


def get_client_for(actor: Actor, public_id: UUID | str) -> ApiClient:
    """One client.

    Raises:
        NotFound: unknown, or not visible to the actor.
    """
    found = ApiClient.objects.visible_to(actor).select_related("organisation__region", "application")
    client = found.filter(public_id=public_id).first()
    if client is None:
        raise NotFound
    return client


def get_secret_for(actor: Actor, public_id: UUID | str) -> ClientSecret:
    """One secret (never its value).

    Raises:
        NotFound: unknown, or not visible to the actor.
    """
    found = ClientSecret.objects.visible_to(actor).select_related("client__application")
    secret = found.filter(public_id=public_id).first()
    if secret is None:
        raise NotFound
    return secret


def secrets_of(client: ApiClient) -> list[ClientSecret]:
    """Its secrets, newest first, also those that no longer work."""
    return list(client.secrets.all()[:20])


def errors_of(client: ApiClient) -> list[ClientError]:
    """Its latest errors, newest first."""
    return list(client.errors.all()[:LATEST_ERRORS])
