"""Routes of what the public sees of stations and deputies, of public profiles, and of what is printed for walls."""

from django.urls import URLPattern, URLResolver, include, path

from deputies.views import open_station, profile, station_print

#: Display boards and door signs, beside the station's own pages: /stations/<uuid>/board/ …
print_patterns: list[URLPattern | URLResolver] = [
    path("<uuid:public_id>/board/", station_print.board, name="board"),
    path("<uuid:public_id>/sign/", station_print.sign, name="sign"),
]
profile_patterns: list[URLPattern | URLResolver] = [
    path("mine/", profile.mine, name="mine"),
    path("<uuid:public_id>/", profile.edit, name="edit"),
]
open_station_patterns: list[URLPattern | URLResolver] = [
    path("", open_station.index, name="list"),
    path("<uuid:public_id>/", open_station.station, name="detail"),
    path("<uuid:public_id>/qr.svg", open_station.station_qr, name="qr"),
]
open_deputy_patterns: list[URLPattern | URLResolver] = [
    path("<uuid:public_id>/", open_station.deputy, name="detail"),
    path("<uuid:public_id>/photo/", open_station.photo, name="photo"),
    path("<uuid:public_id>/qr.svg", open_station.deputy_qr, name="qr"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("stations/", include((print_patterns, "station_prints"))),
    path("profiles/", include((profile_patterns, "profiles"))),
    path("open/stations/", include((open_station_patterns, "open_stations"))),
    path("open/deputies/", include((open_deputy_patterns, "open_deputies"))),
]
