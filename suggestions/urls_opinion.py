"""Routes of opinions (社情民意): staff's /opinions/, units' /opinions/handed/, deputies' /opinions/mine/, the public's
/open/opinions/."""

from django.urls import URLPattern, URLResolver, include, path

from suggestions.views import my_opinion, open_opinion

opinion_patterns: list[URLPattern | URLResolver] = []
handed_opinion_patterns: list[URLPattern | URLResolver] = []
my_opinion_patterns: list[URLPattern | URLResolver] = [
    path("", my_opinion.opinion_list, name="list"),
    path("new/", my_opinion.record, name="record"),
    path("<uuid:public_id>/", my_opinion.detail, name="detail"),
    path("<uuid:public_id>/answer/", my_opinion.answer, name="answer"),
    path("<uuid:public_id>/take/", my_opinion.take, name="take"),
    path("<uuid:public_id>/say/", my_opinion.say, name="say"),
    path("<uuid:public_id>/return/", my_opinion.pass_back, name="pass_back"),
    path("<uuid:public_id>/suggestion/", my_opinion.raise_it, name="raise"),
    path("<uuid:public_id>/contact/", my_opinion.contact, name="contact"),
]
open_opinion_patterns: list[URLPattern | URLResolver] = [
    path("", open_opinion.follow, name="follow"),
    path("new/", open_opinion.new, name="new"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("opinions/handed/", include((handed_opinion_patterns, "handed_opinions"))),
    path("opinions/mine/", include((my_opinion_patterns, "my_opinions"))),
    path("opinions/", include((opinion_patterns, "opinions"))),
    path("open/opinions/", include((open_opinion_patterns, "open_opinions"))),
]
