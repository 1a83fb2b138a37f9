"""Routes of draws and yearly figures."""

from django.urls import URLPattern, URLResolver, include, path

from votes.views import draw, open_draw, summary

draw_patterns: list[URLPattern | URLResolver] = [
    path("", draw.listing, name="list"),
    path("new/", draw.add, name="add"),
    path("<uuid:public_id>/", draw.detail, name="detail"),
    path("<uuid:public_id>/edit/", draw.edit, name="edit"),
    path("<uuid:public_id>/discard/", draw.discard, name="discard"),
    path("<uuid:public_id>/fix/", draw.fix, name="fix"),
    path("<uuid:public_id>/run/", draw.run, name="run"),
    path("<uuid:public_id>/round/", draw.make_round, name="round"),
]
open_draw_patterns: list[URLPattern | URLResolver] = [
    path("<uuid:public_id>/", open_draw.draw, name="draw"),
    path("<uuid:public_id>/list.txt", open_draw.list_file, name="list_file"),
]
summary_patterns: list[URLPattern | URLResolver] = [
    path("", summary.overview, name="overview"),
    path("export/", summary.export, name="export"),
    path("rows/", summary.rows, name="rows"),
    path("rows/new/", summary.add, name="add"),
    path("rows/<uuid:public_id>/", summary.edit, name="edit"),
    path("rows/<uuid:public_id>/delete/", summary.delete, name="delete"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("draws/", include((draw_patterns, "draws"))),
    path("open/draws/", include((open_draw_patterns, "open_draws"))),
    path("projects-summary/", include((summary_patterns, "summary"))),
]
