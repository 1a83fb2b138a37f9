"""The contract: ``schema.json`` for programs, ``docs/`` for people, and the 404 of the API."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

from liaison import signing
from liaison.api.docs import groups_of, problem_groups
from liaison.api.problems import problem_response
from liaison.faces import public
from liaison.registry import registry

SAMPLE_SECRET = "lsk_example"  # noqa: S105  (in the documentation, for checking one's own code)


@require_safe
@public
def schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return HttpResponse(_schema_text(), content_type="application/vnd.oai.openapi+json;version=3.1")


@require_safe
@public
def docs(request: HttpRequest) -> HttpResponse:
    """The same for people, drawn by our own template: nothing to vendor, no inline style, readable on paper."""
    return render(request, "liaison/api_docs.html", _docs_context())


@csrf_exempt  # answers 404 to whatever comes
@require_http_methods(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
@public
def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """An address under the API that does not exist: said in its own format."""
    return problem_response(Http404(), request)


@cache
def _schema_text() -> bytes:
    """Made once a process: it depends on the code and the settings alone."""
    document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    text: bytes = OpenApiJsonRenderer().render(document)
    return text


@cache
def _docs_context() -> dict[str, Any]:
    document = json.loads(_schema_text())
    return {
        "version": document["info"]["version"],
        "base": settings.PUBLIC_BASE_URL,
        "groups": groups_of(document),
        "webhook_types": list(registry.webhook_types.values()),
        "problem_groups": problem_groups(),
        "sample": _sample(),
    }


def _sample() -> dict[str, str]:
    """A signature to check one's own code by."""
    texts = {
        algorithm: signing.canonical_string(
            algorithm=algorithm,
            method="PUT",
            path="/api/v1/hotline/orders/YY2026112200001",
            query="lang=zh",
            timestamp="1795311000",
            nonce="0123456789abcdef",
            body='{"title":"路灯不亮"}'.encode(),
        )
        for algorithm in ("HMAC-SHA256", "HMAC-SM3")
    }
    signed = {
        algorithm: signing.signature(algorithm=algorithm, secret=SAMPLE_SECRET, text=text)
        for algorithm, text in texts.items()
    }
    return {
        "secret": SAMPLE_SECRET,
        "text": texts["HMAC-SHA256"],
        "sha256": signed["HMAC-SHA256"],
        "sm3": signed["HMAC-SM3"],
    }
