"""Routes of opinions (社情民意): staff's /opinions/, units' /opinions/handed/, deputies' /opinions/mine/, the public's
/open/opinions/."""

from django.urls import URLPattern, URLResolver, include, path

opinion_patterns: list[URLPattern | URLResolver] = []
handed_opinion_patterns: list[URLPattern | URLResolver] = []
my_opinion_patterns: list[URLPattern | URLResolver] = []
open_opinion_patterns: list[URLPattern | URLResolver] = []

urlpatterns: list[URLPattern | URLResolver] = [
    path("opinions/handed/", include((handed_opinion_patterns, "handed_opinions"))),
    path("opinions/mine/", include((my_opinion_patterns, "my_opinions"))),
    path("opinions/", include((opinion_patterns, "opinions"))),
    path("open/opinions/", include((open_opinion_patterns, "open_opinions"))),
]
