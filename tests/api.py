"""Machine clients for tests, and a caller that speaks as one."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.test import Client

from liaison import signing
from liaison.models import ApiClient, ClientSecret, Organisation
from liaison.models.client import SecretUse
from liaison.permissions import SCOPE_PERMISSIONS, OrganisationKind
from liaison.selectors.client import get_client_for
from liaison.services.client import client_save, secret_make

if TYPE_CHECKING:
    from tests.cast import Cast

TOKEN_URL = "/api/v1/oauth/token"


def hotline_centre(cast: Cast) -> Organisation:
    """益阳市12345: the organisation that the clients belong to."""
    return Organisation.objects.get_or_create(
        name="益阳市12345政务服务便民热线", kind=OrganisationKind.HOTLINE, region=cast.regions["city"]
    )[0]


def make_client(cast: Cast, name: str = "12345工单系统", **values: Any) -> ApiClient:
    """A client of the city's hotline centre with every scope, unless said otherwise; the same name is the same one."""
    public_id = uuid.uuid5(uuid.NAMESPACE_OID, name)
    known = ApiClient.objects.filter(public_id=public_id).first()
    base: dict[str, Any] = {"organisation": hotline_centre(cast), "scopes": list(SCOPE_PERMISSIONS)}
    actor = cast.actor("system_admin")
    made = known or client_save(actor=actor, public_id=public_id, version=None, name=name, **{**base, **values})
    return get_client_for(actor, made.public_id)


def make_secret(cast: Cast, client: ApiClient, use: SecretUse = SecretUse.OAUTH) -> tuple[ClientSecret, str]:
    return secret_make(actor=cast.actor("system_admin"), public_id=client.public_id, use=use, days=90)


@dataclass
class Machine:
    """Another platform: ``machine.get("/api/v1/…")`` with its token."""

    http: Client
    token: str = ""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """A request; ``body`` is bytes as they are, anything else as JSON. Header names with underscores."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        content_type = sent.pop("Content-Type", "application/json")
        return self.http.generic(method, path, data, content_type=content_type, headers=sent)

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)


def token_for(client: ApiClient, secret: str, **form: str) -> Any:
    """The answer of the token endpoint, by HTTP Basic."""
    import base64

    basic = base64.b64encode(f"{client.application.client_id}:{secret}".encode()).decode()
    return Client().post(
        TOKEN_URL,
        "&".join(f"{name}={value}" for name, value in {"grant_type": "client_credentials", **form}.items()),
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": f"Basic {basic}"},
    )


def machine(cast: Cast, name: str = "12345工单系统", **values: Any) -> Machine:
    """A platform that has a token."""
    client = make_client(cast, name, **values)
    answer = token_for(client, make_secret(cast, client)[1])
    return Machine(Client(), answer.json()["access_token"])


def signed_headers(
    client: ApiClient,
    secret: str,
    method: str,
    path: str,
    body: bytes = b"",
    *,
    algorithm: str = "HMAC-SHA256",
    nonce: str = "",
    timestamp: int | None = None,
) -> dict[str, str]:
    """What a platform without OAuth sends."""
    path, _, query = path.partition("?")
    given = {"timestamp": str(timestamp or int(time.time())), "nonce": nonce or uuid.uuid4().hex}
    text = signing.canonical_string(algorithm=algorithm, method=method, path=path, query=query, body=body, **given)
    return {
        "X-Client-Id": client.application.client_id,
        "X-Timestamp": given["timestamp"],
        "X-Nonce": given["nonce"],
        "X-Signature-Algorithm": algorithm,
        "X-Signature": signing.signature(algorithm=algorithm, secret=secret, text=text),
    }
