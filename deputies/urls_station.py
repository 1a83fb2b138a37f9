"""Routes of liaison stations, placements and groups, for those who sign in."""

from django.urls import URLPattern, URLResolver, include, path

station_patterns: list[URLPattern | URLResolver] = []
group_patterns: list[URLPattern | URLResolver] = []

urlpatterns: list[URLPattern | URLResolver] = [
    path("stations/", include((station_patterns, "stations"))),
    path("groups/", include((group_patterns, "groups"))),
]
