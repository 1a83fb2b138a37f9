"""What the sandbox needs in the portal, made by the portal's own services: a client with its secret, an endpoint for
webhooks, and for the fault run a deputy at a station. `python -m tests.sandbox.stage [--cast]` prints it as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from liaison.actor import Actor
    from liaison.models import ApiClient

#: Requests a minute: the sandbox is not about the limit.
RATE = 1_000_000


def prepare(*, with_cast: bool) -> dict[str, Any]:
    """The client's names and secrets, and the user names of who acts on the portal's side."""
    actor, client, people = _of_the_cast() if with_cast else _of_the_demo()
    return {
        "client_id": client.application.client_id,
        "secret": _secret(actor, client),
        "webhook_secret": _endpoint(actor, client),
        "people": people,
        "centre": client.organisation.name,
    }


def _fresh_database() -> None:
    """The database that the settings name, made anew as a copy of a migrated one."""
    import psycopg
    from django.conf import settings
    from psycopg import sql

    from tests import database

    default = settings.DATABASES["default"]
    default["TEST"] = {}
    database.prepare()
    with psycopg.connect(
        host=default["HOST"], port=default["PORT"], user=default["USER"], dbname="postgres", autocommit=True
    ) as connection:
        name, template = sql.Identifier(default["NAME"]), sql.Identifier(default["TEST"]["TEMPLATE"])
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, template))


def _of_the_cast() -> tuple[Actor, ApiClient, dict[str, str]]:
    from tests.api import make_client
    from tests.cast import build_cast
    from tests.suggestions.opinions import build_scene

    cast = build_cast()
    build_scene(cast)
    return cast.actor("system_admin"), make_client(cast, rate_per_minute=RATE), {"deputy": "deputy", "clerk": "insider"}


def _of_the_demo() -> tuple[Actor, ApiClient, dict[str, str]]:
    from liaison.models import User
    from liaison.selectors.actors import capacities_of
    from liaison.services.client import client_save
    from suggestions.selectors.hotline_settings import hotline_for

    actor = capacities_of(User.objects.get(username="demo_system"))[0]
    client = hotline_for("430903")
    if client is None:
        raise SystemExit("the demo has no hotline")
    client = client_save(
        actor=actor,
        public_id=client.public_id,
        version=client.version,
        name=client.name,
        organisation=client.organisation,
        scopes=client.scopes,
        networks=client.networks,
        rate_per_minute=RATE,
        note=client.note,
    )
    return actor, client, {"deputy": "demo_deputy", "clerk": "demo_clerk"}


def _secret(actor: Actor, client: ApiClient) -> str:
    """A new one; those of earlier starts are revoked."""
    from django.utils import timezone

    from liaison.models.client import SecretUse
    from liaison.services.client import secret_make, secret_revoke

    for old in client.secrets.filter(use=SecretUse.OAUTH).valid_at(timezone.now()):
        secret_revoke(actor=actor, public_id=old.public_id, reason="沙箱重新启动")
    return secret_make(actor=actor, public_id=client.public_id, use=SecretUse.OAUTH, days=30)[1]


def _endpoint(actor: Actor, client: ApiClient) -> str:
    """The secret that signs what is sent to settings.WEBHOOKS_TO, every type of event."""
    from django.conf import settings

    from liaison.registry import registry
    from liaison.services.webhook_endpoint import endpoint_change, endpoint_make, endpoint_resume, endpoint_rotate

    public_id = uuid.uuid5(client.public_id, "sandbox")
    types = [kind.code for kind in registry.webhook_types.values() if kind.scope in client.scopes]
    known = client.webhooks.filter(public_id=public_id).first()
    if known is None:
        return endpoint_make(
            actor=actor, client_id=client.public_id, public_id=public_id, url=settings.WEBHOOKS_TO, types=types
        )[1]
    changed = endpoint_change(
        actor=actor, public_id=public_id, version=known.version, url=settings.WEBHOOKS_TO, types=types
    )
    endpoint_resume(actor=actor, public_id=public_id, version=changed.version)
    return endpoint_rotate(actor=actor, public_id=public_id, overlap_hours=0)[1]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.sandbox.settings")
    import django

    django.setup()
    from liaison.embedded import start_if_configured

    start_if_configured()
    if "--cast" in sys.argv:
        _fresh_database()
    print(json.dumps(prepare(with_cast="--cast" in sys.argv)))


if __name__ == "__main__":
    main()
