"""Machine clients: tokens for secrets, what is withdrawn works no more at once, from where and how often."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken

from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.models import AuditEntry, ClientSecret
from liaison.models.client import SecretUse
from liaison.services.client import client_deactivate, client_save, secret_make, secret_revoke
from tests.api import TOKEN_URL, Machine, machine, make_client, make_secret, signed_headers, token_for
from tests.cast import Cast

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

WHOAMI = "/api/v1/whoami"


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_secret_buys_a_token_with_the_clients_scopes(cast: Cast) -> None:
    client = make_client(cast, scopes=["hotline.orders:read", "hotline.orders:write"])
    _, secret = make_secret(cast, client)
    answer = token_for(client, secret)
    assert answer.json()["expires_in"] == 3600
    assert answer["Cache-Control"] == "no-store"
    told = Machine(Client(), answer.json()["access_token"]).get(WHOAMI).json()
    assert told["scopes"] == ["hotline.orders:read", "hotline.orders:write"]
    assert told["region_prefix"] == "4309"
    narrow = token_for(client, secret, scope="hotline.orders:read").json()
    assert narrow["scope"] == "hotline.orders:read"
    assert code(token_for(client, secret, scope="hotline.reports:read")) == (400, "invalid_scope")


def test_neither_secret_nor_token_is_kept_in_clear(cast: Cast) -> None:
    client = make_client(cast)
    row, secret = make_secret(cast, client)
    signing, other = make_secret(cast, client, SecretUse.SIGNING)
    token = token_for(client, secret).json()["access_token"]
    assert secret not in (row.digest, row.sealed)
    assert other not in signing.sealed
    assert AccessToken.objects.get().token == ""
    assert token not in str(AccessToken.objects.values())
    assert secret not in str(list(AuditEntry.objects.values()))


def test_the_token_endpoint_explains_its_refusals(cast: Cast) -> None:
    client = make_client(cast)
    _, secret = make_secret(cast, client)
    wrong = token_for(client, "lsk_wrong")
    assert (wrong.json()["error"], code(wrong)) == ("invalid_client", (401, "invalid_client"))
    assert (client.errors.get().code, client.errors.get().request_id) == ("invalid_client", wrong["X-Request-ID"])
    assert code(token_for(client, secret, grant_type="password")) == (400, "unsupported_grant_type")
    assert code(Client().post(TOKEN_URL, {"grant_type": "client_credentials"})) == (415, "unsupported_media_type")
    assert code(Client().get(TOKEN_URL)) == (405, "method_not_allowed")
    form = f"grant_type=client_credentials&client_id={client.application.client_id}&client_secret={secret}"
    body = Client().post(TOKEN_URL, form, content_type="application/x-www-form-urlencoded")
    assert body.status_code == 200


def test_two_secrets_are_valid_at_a_time_and_no_more(cast: Cast) -> None:
    client = make_client(cast)
    (old, first), (_, second) = make_secret(cast, client), make_secret(cast, client)
    assert token_for(client, first).status_code == token_for(client, second).status_code == 200
    with pytest.raises(DomainError, match="最多有2个"):
        make_secret(cast, client)
    secret_revoke(actor=cast.actor("system_admin"), public_id=old.public_id, reason="已换")
    assert code(token_for(client, first)) == (401, "invalid_client")
    make_secret(cast, client)


def test_a_withdrawn_secret_takes_its_tokens_with_it(cast: Cast) -> None:
    hotline = machine(cast)
    secret_revoke(actor=cast.actor("system_admin"), public_id=ClientSecret.objects.get().public_id, reason="泄露")
    assert code(hotline.get(WHOAMI)) == (401, "invalid_token")


def test_a_disabled_client_is_out_at_once(cast: Cast) -> None:
    client = make_client(cast)
    _, signing = make_secret(cast, client, SecretUse.SIGNING)
    hotline = machine(cast)
    client_deactivate(actor=cast.actor("system_admin"), public_id=client.public_id, version=None, reason="停用")
    assert hotline.get(WHOAMI).status_code == 401
    headers = signed_headers(client, signing, "GET", WHOAMI)
    assert code(Client().get(WHOAMI, headers=headers)) == (401, "client_disabled")


def test_a_scope_taken_away_is_gone_from_tokens_that_are_out(cast: Cast) -> None:
    hotline = machine(cast)
    client = make_client(cast)
    client_save(
        actor=cast.actor("system_admin"),
        public_id=client.public_id,
        version=client.version,
        name=client.name,
        organisation=client.organisation,
        scopes=["hotline.reports:read"],
    )
    assert hotline.get(WHOAMI).json()["scopes"] == ["hotline.reports:read"]


def test_tokens_end_with_their_time_and_with_the_life_of_their_secret(cast: Cast) -> None:
    client = make_client(cast)
    row, secret = make_secret(cast, client)
    ClientSecret.objects.filter(pk=row.pk).update(expires_at=timezone.now() + dt.timedelta(minutes=10))
    answer = token_for(client, secret).json()
    assert answer["expires_in"] <= 600
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11), tick=False):
        assert code(Machine(Client(), answer["access_token"]).get(WHOAMI)) == (401, "invalid_token")
        assert code(token_for(client, secret)) == (401, "invalid_client")


def test_only_from_its_addresses_as_the_trusted_proxy_saw_them(cast: Cast, settings: SettingsWrapper) -> None:
    client = make_client(cast)
    _, secret = make_secret(cast, client)
    hotline = machine(cast)
    settings.TRUSTED_PROXIES = 1
    client.networks = ["203.0.113.0/24", "2001:db8::/32"]
    client.save()
    assert hotline.get(WHOAMI, X_Forwarded_For="203.0.113.9, 198.51.100.1").status_code == 403
    assert hotline.get(WHOAMI, X_Forwarded_For="198.51.100.1, 203.0.113.9").status_code == 200
    assert hotline.get(WHOAMI, X_Forwarded_For="2001:db8::7").status_code == 200
    assert code(hotline.get(WHOAMI)) == (403, "address_not_allowed")
    assert code(token_for(client, secret)) == (403, "address_not_allowed")
    assert AccessToken.objects.count() == 1


def test_how_often_is_told_and_too_often_is_refused(cast: Cast) -> None:
    hotline = machine(cast, rate_per_minute=2)
    with time_machine.travel(time.time() // 60 * 60 + 20, tick=False):
        first, second, third = (hotline.get(WHOAMI) for _ in range(3))
        hotline.get(WHOAMI)
    assert first["RateLimit-Policy"] == '"client";q=2;w=60'
    assert [answer["RateLimit"] for answer in (first, second, third)] == [
        '"client";r=1;t=40',
        '"client";r=0;t=40',
        '"client";r=0;t=40',
    ]
    assert code(third) == (429, "rate_limited")
    assert third["Retry-After"] == "40"
    assert make_client(cast).errors.count() == 1


def test_while_the_cache_is_away_nobody_is_counted_and_nobody_held_up(cast: Cast, settings: SettingsWrapper) -> None:
    client = make_client(cast, rate_per_minute=1)
    _, secret = make_secret(cast, client)
    nobody_listens = "redis://127.0.0.1:1/0"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": nobody_listens}
    }
    answer = token_for(client, secret)
    assert answer.status_code == 200
    hotline = Machine(Client(), answer.json()["access_token"])
    first, second = hotline.get(WHOAMI), hotline.get(WHOAMI)
    assert [one.status_code for one in (first, second)] == [200, 200]
    assert (first["RateLimit-Policy"], "RateLimit" in first) == ('"client";q=1;w=60', False)


# ── signed requests ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("algorithm", ["HMAC-SHA256", "HMAC-SM3"])
def test_a_signed_request_is_as_good_as_a_token_but_only_once(cast: Cast, algorithm: str) -> None:
    client = make_client(cast)
    _, secret = make_secret(cast, client, SecretUse.SIGNING)
    path = f"{WHOAMI}?a=1&b=%E4%B8%AD"
    headers = signed_headers(client, secret, "GET", path, algorithm=algorithm)
    assert Client().get(path, headers=headers).json()["name"] == client.name
    assert code(Client().get(path, headers=headers)) == (401, "nonce_used")
    assert code(Client().get(f"{WHOAMI}?a=2", headers=headers)) == (401, "invalid_signature")


def test_what_is_wrong_with_a_signature_is_told_and_uses_up_no_nonce(cast: Cast) -> None:
    client = make_client(cast)
    (_, secret), (_, oauth) = make_secret(cast, client, SecretUse.SIGNING), make_secret(cast, client)
    good = signed_headers(client, secret, "GET", WHOAMI)
    wrong = {
        "invalid_signature": [
            {**good, "X-Signature": "0" * 64},
            {**good, "X-Nonce": "short"},
            {**good, "X-Timestamp": "yesterday"},
            {**good, "X-Client-Id": "client-nobody"},
            signed_headers(client, oauth, "GET", WHOAMI),
            signed_headers(client, secret, "POST", WHOAMI),
            signed_headers(client, secret, "GET", WHOAMI, b"{}"),
        ],
        "unknown_algorithm": [{**good, "X-Signature-Algorithm": "none"}],
        "clock_skew": [signed_headers(client, secret, "GET", WHOAMI, timestamp=int(time.time()) + 900)],
        "not_authenticated": [{}],
    }
    for expected, tried in wrong.items():
        for headers in tried:
            assert code(Client().get(WHOAMI, headers=headers)) == (401, expected), headers
    assert Client().get(WHOAMI, headers=good).status_code == 200


def test_sm3_is_the_standards_sm3() -> None:
    """GB/T 32905-2016, appendix A.1: the digest of "abc"."""
    from liaison.signing import ALGORITHMS

    digest = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert ALGORITHMS["HMAC-SM3"].digest(b"abc") == digest


# ── who keeps them ───────────────────────────────────────────────────────────────────────────────────
def test_clients_are_kept_within_the_region_and_for_hotline_centres_only(cast: Cast) -> None:
    client = make_client(cast)
    with pytest.raises(NotFound):
        secret_make(actor=cast.actor("stranger"), public_id=client.public_id, use=SecretUse.OAUTH, days=90)
    with pytest.raises(NotAllowed):
        secret_make(actor=cast.actor("insider"), public_id=client.public_id, use=SecretUse.OAUTH, days=90)
    with pytest.raises(NotFound):
        make_client(cast, "别的", organisation=cast.offices["unit"])
    with pytest.raises(InvalidInput):
        make_client(cast, "别的", scopes=["everything"])


def test_the_administrator_sets_up_a_client_page_by_page(cast: Cast) -> None:
    http = cast.client("system_admin")
    centre = make_client(cast).organisation
    form: dict[str, Any] = {
        "name": "新系统",
        "organisation": centre.pk,
        "scopes": ["hotline.orders:read"],
        "networks": "203.0.113.8\n203.0.113.9/24",
        "rate_per_minute": 60,
    }
    refused = http.post("/system/clients/new/", {**form, "networks": "203.0.113.999"})
    assert "不是有效的地址或网段" in refused.content.decode()
    page = http.post("/system/clients/new/", form, follow=True)
    client = page.context["client"]
    assert client.networks == ["203.0.113.8/32", "203.0.113.0/24"]
    address = f"/system/clients/{client.public_id}/"
    made = http.post(f"{address}secrets/new/", {"use": "oauth", "days": "90"})
    value = made.context["value"]
    assert value in made.content.decode()
    assert value not in http.get(address).content.decode()
    trial = http.post(f"{address}console/", {"address": WHOAMI}).content.decode()
    assert "新系统" in trial
    assert AuditEntry.objects.get(action="client.try").detail == {"address": WHOAMI, "status": 200}
    outside = http.post(f"{address}console/", {"address": "//example.org/api/v1/"})
    assert outside.status_code == 422
