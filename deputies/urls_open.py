"""Routes of what the public sees of stations and deputies, of public profiles, and of what is printed for walls."""

from django.urls import URLPattern, URLResolver, include, path

#: Display boards and door signs, beside the station's own pages: /stations/<uuid>/board/ …
print_patterns: list[URLPattern | URLResolver] = []
profile_patterns: list[URLPattern | URLResolver] = []
open_station_patterns: list[URLPattern | URLResolver] = []
open_deputy_patterns: list[URLPattern | URLResolver] = []

urlpatterns: list[URLPattern | URLResolver] = [
    path("stations/", include((print_patterns, "station_prints"))),
    path("profiles/", include((profile_patterns, "profiles"))),
    path("open/stations/", include((open_station_patterns, "open_stations"))),
    path("open/deputies/", include((open_deputy_patterns, "open_deputies"))),
]
