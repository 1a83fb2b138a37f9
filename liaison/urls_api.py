"""``/api/v1/``: the interface for machine clients. Each package brings its ``urls_api.py``, included by name."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from liaison.api import pages, token, whoami

app_name = "api"

urlpatterns: list[URLPattern | URLResolver] = [
    path("oauth/token", token.ClientTokenView.as_view(), name="token"),
    path("whoami", whoami.WhoAmIView.as_view(), name="whoami"),
    path("schema.json", pages.schema, name="schema"),
    path("docs/", pages.docs, name="docs"),
    path("hotline/", include("suggestions.urls_api")),
    # The packages' own addresses come before the last line, which answers for all that do not exist.
    re_path(r"^(?P<rest>.*)$", pages.unknown, name="unknown"),
]
