"""Routes of the suggestions package: /suggestions/…, /transfers/… and what people say"""

from django.urls import URLPattern, URLResolver, include, path

from suggestions.views import (
    cosign,
    draft,
    feedback,
    handling,
    sorting,
    suggestion,
    transfer,
    transfer_acts,
    transfer_statistics,
)

suggestion_patterns: list[URLPattern | URLResolver] = [
    path("", suggestion.desk, name="desk"),
    path("export/", suggestion.export, name="export"),
    path("mine/", suggestion.mine, name="mine"),
    path("new/", draft.new, name="new"),
    path("autosave/", draft.autosave, name="autosave"),
    path("submit/", draft.submit, name="submit"),
    path("<uuid:public_id>/", suggestion.detail, name="detail"),
    path("<uuid:public_id>/edit/", draft.edit, name="edit"),
    path("<uuid:public_id>/check/", draft.check, name="check"),
    path("<uuid:public_id>/submitted/", draft.submitted, name="submitted"),
    path("<uuid:public_id>/discard/", draft.discard, name="discard"),
    path("<uuid:public_id>/cosigners/", cosign.cosigners, name="cosigners"),
    path("<uuid:public_id>/cosigners/<uuid:person_id>/withdraw/", cosign.withdraw, name="withdraw"),
    path("<uuid:public_id>/cosign/", cosign.cosign, name="cosign"),
    path("<uuid:public_id>/return/", sorting.return_, name="return"),
    path("<uuid:public_id>/refuse/", sorting.refuse, name="refuse"),
    path("<uuid:public_id>/register/", sorting.register, name="register"),
    path("<uuid:public_id>/assign/", sorting.assign, name="assign"),
    path("<uuid:public_id>/sign/", handling.sign, name="sign"),
    path("<uuid:public_id>/answer/", handling.answer, name="answer"),
    path("<uuid:public_id>/answers/<uuid:answer_id>/fulfil/", handling.fulfil, name="fulfil"),
    path("<uuid:public_id>/read/", feedback.read, name="read"),
    path("<uuid:public_id>/rate/", feedback.rate, name="rate"),
    path("<uuid:public_id>/close/", feedback.close_unrated, name="close_unrated"),
    path("<uuid:public_id>/conclude/", feedback.conclude, name="conclude"),
]
transfer_patterns: list[URLPattern | URLResolver] = [
    path("", transfer.desk, name="desk"),
    path("statistics/", transfer_statistics.statistics, name="statistics"),
    path("statistics/download/", transfer_statistics.download, name="download"),
    path("mark/<uuid:suggestion_id>/", transfer.mark, name="mark"),
    path("<uuid:public_id>/", transfer.record, name="detail"),
    path("<uuid:public_id>/update/", transfer.update, name="update"),
    path("<uuid:public_id>/approve/", transfer_acts.approve, name="approve"),
    path("<uuid:public_id>/reject/", transfer_acts.reject, name="reject"),
    path("<uuid:public_id>/receive/", transfer_acts.receive, name="receive"),
    path("<uuid:public_id>/request-info/", transfer_acts.request_info, name="request_info"),
    path("<uuid:public_id>/supply/", transfer_acts.supply, name="supply"),
    path("<uuid:public_id>/opine/", transfer_acts.opine, name="opine"),
    path("<uuid:public_id>/progress/<slug:step>/", transfer_acts.progress, name="progress"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("suggestions/", include((suggestion_patterns, "suggestions"))),
    path("transfers/", include((transfer_patterns, "transfers"))),
    path("", include("suggestions.urls_opinion")),
    path("", include("suggestions.urls_hotline")),
]
