"""Routes of liaison stations, placements and groups, for those who sign in."""

from django.urls import URLPattern, URLResolver, include, path

from deputies.views import group, placement, rota, rota_attendance, station

station_patterns: list[URLPattern | URLResolver] = [
    path("", station.station_list_page, name="list"),
    path("mine/", station.mine, name="mine"),
    path("new/", station.new, name="new"),
    path("place/", placement.bulk, name="bulk"),
    path("placements/<uuid:public_id>/move/", placement.move, name="move"),
    path("placements/<uuid:public_id>/end/", placement.end, name="end"),
    path("rota/<uuid:public_id>/edit/", rota.edit, name="rota_edit"),
    path("rota/<uuid:public_id>/cancel/", rota.cancel, name="rota_cancel"),
    path("rota/<uuid:public_id>/attend/", rota_attendance.attend, name="rota_attend"),
    path("<uuid:public_id>/", station.detail, name="detail"),
    path("<uuid:public_id>/edit/", station.edit, name="edit"),
    path("<uuid:public_id>/hours/", station.hours, name="hours"),
    path("<uuid:public_id>/publish/", station.publish, name="publish"),
    path("<uuid:public_id>/close/", station.close, name="close"),
    path("<uuid:public_id>/rota/add/", rota.add, name="rota_add"),
    path("<uuid:public_id>/place/", placement.add, name="place"),
]
group_patterns: list[URLPattern | URLResolver] = [
    path("", group.group_list_page, name="list"),
    path("new/", group.new, name="new"),
    path("<uuid:public_id>/", group.detail, name="detail"),
    path("<uuid:public_id>/edit/", group.edit, name="edit"),
    path("<uuid:public_id>/dissolve/", group.dissolve, name="dissolve"),
    path("<uuid:public_id>/members/", group.member, name="member"),
    path("<uuid:public_id>/members/<uuid:member_id>/role/", group.role, name="member_role"),
    path("<uuid:public_id>/members/<uuid:member_id>/remove/", group.member_remove, name="member_remove"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("stations/", include((station_patterns, "stations"))),
    path("groups/", include((group_patterns, "groups"))),
]
