"""Routes of opinions (社情民意): staff's /opinions/, units' /opinions/handed/, deputies' /opinions/mine/, the public's
/open/opinions/."""

from django.urls import URLPattern, URLResolver, include, path

from suggestions.views import my_opinion, open_opinion, opinion, opinion_acts, opinion_entry, opinion_handed

opinion_patterns: list[URLPattern | URLResolver] = [
    path("", opinion.desk, name="desk"),
    path("export/", opinion.export, name="export"),
    path("new/", opinion_entry.new, name="new"),
    path("bulk/", opinion_entry.bulk, name="bulk"),
    path("bulk/template/", opinion_entry.template, name="template"),
    path("bulk/apply/", opinion_entry.apply, name="apply"),
    path("<uuid:public_id>/", opinion.detail, name="detail"),
    path("<uuid:public_id>/contact/", opinion.contact, name="contact"),
    path("<uuid:public_id>/told/", opinion.told, name="told"),
    path("<uuid:public_id>/answer/", opinion_acts.answer, name="answer"),
    path("<uuid:public_id>/assign/", opinion_acts.assign, name="assign"),
    path("<uuid:public_id>/hand-over/", opinion_acts.hand_over, name="hand_over"),
    path("<uuid:public_id>/hotline/", opinion_acts.hotline, name="hotline"),
    path("<uuid:public_id>/recall/", opinion_acts.recall, name="recall"),
    path("<uuid:public_id>/close/", opinion_acts.close, name="close"),
    path("<uuid:public_id>/reopen/", opinion_acts.reopen, name="reopen"),
    path("<uuid:public_id>/say/", opinion_acts.say, name="say"),
    path("<uuid:public_id>/category/", opinion_acts.category, name="category"),
    path("<uuid:public_id>/group/", opinion_acts.group, name="group"),
    path("<uuid:public_id>/ungroup/", opinion_acts.ungroup, name="ungroup"),
]
handed_opinion_patterns: list[URLPattern | URLResolver] = [
    path("", opinion_handed.desk, name="desk"),
    path("<uuid:public_id>/", opinion_handed.detail, name="detail"),
    path("<uuid:public_id>/answer/", opinion_handed.answer, name="answer"),
    path("<uuid:public_id>/say/", opinion_handed.say, name="say"),
]
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
