"""The portal's routes, plus the bare views of `floors.py`."""

from django.urls import URLPattern, URLResolver, include, path

from tests.bench.floors import raw_ballot, raw_insert

handler500 = "liaison.views.away.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("bench/raw-insert", raw_insert),
    path("bench/raw-ballot", raw_ballot),
    path("", include("liaison.urls")),
]
