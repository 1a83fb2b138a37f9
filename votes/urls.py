"""Routes of the votes package, by part."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("votes.urls_programme")),
    path("", include("votes.urls_round")),
    path("", include("votes.urls_project")),
    path("", include("votes.urls_summary")),
]
