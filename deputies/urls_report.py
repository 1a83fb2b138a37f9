"""Routes of reports, of their judging and of practical deeds."""

from django.urls import URLPattern, URLResolver, include, path

from deputies.views import deed, judging, my_deed, my_judging, my_report, open_deed, report, report_transfer

report_patterns: list[URLPattern | URLResolver] = [
    path("", report.desk, name="list"),
    path("export/", report.export, name="export"),
    path("transfers/<uuid:public_id>/cancel/", report.transfer_cancel, name="transfer_cancel"),
    path("<uuid:public_id>/", report.detail, name="detail"),
    path("<uuid:public_id>/accept/", report.accept, name="accept"),
    path("<uuid:public_id>/return/", report.return_, name="return"),
    path("<uuid:public_id>/unaccept/", report.unaccept, name="unaccept"),
    path("<uuid:public_id>/transfer/", report.transfer, name="transfer"),
]
my_report_patterns: list[URLPattern | URLResolver] = [
    path("", my_report.mine, name="list"),
    path("new/", my_report.new, name="new"),
    path("autosave/", my_report.autosave, name="autosave"),
    path("<uuid:public_id>/", my_report.detail, name="detail"),
    path("<uuid:public_id>/edit/", my_report.edit, name="edit"),
    path("<uuid:public_id>/submit/", my_report.submit, name="submit"),
    path("<uuid:public_id>/withdraw/", my_report.withdraw, name="withdraw"),
    path("<uuid:public_id>/discard/", my_report.discard, name="discard"),
    path("<uuid:public_id>/authors/", my_report.authors, name="authors"),
    path("<uuid:public_id>/authors/<uuid:author_id>/off/", my_report.author_off, name="author_off"),
    path("<uuid:public_id>/respond/", my_report.respond, name="respond"),
]
transfer_patterns: list[URLPattern | URLResolver] = [
    path("", report_transfer.transfers, name="list"),
    path("<uuid:public_id>/", report_transfer.detail, name="detail"),
]
judging_patterns: list[URLPattern | URLResolver] = [
    path("", judging.index, name="list"),
    path("new/", judging.new, name="new"),
    path("<uuid:public_id>/", judging.detail, name="detail"),
    path("<uuid:public_id>/edit/", judging.edit, name="edit"),
    path("<uuid:public_id>/papers/", judging.papers, name="papers"),
    path("<uuid:public_id>/judges/", judging.judge, name="judge"),
    path("<uuid:public_id>/judges/<uuid:judge_id>/off/", judging.judge_off, name="judge_off"),
    path("<uuid:public_id>/open/", judging.open_, name="open"),
    path("<uuid:public_id>/extend/", judging.extend, name="extend"),
    path("<uuid:public_id>/close/", judging.close, name="close"),
    path("<uuid:public_id>/award/", judging.award, name="award"),
    path("<uuid:public_id>/publish/", judging.publish, name="publish"),
    path("<uuid:public_id>/booklet/", judging.booklet, name="booklet"),
]
my_judging_patterns: list[URLPattern | URLResolver] = [
    path("", my_judging.mine, name="list"),
    path("<uuid:public_id>/", my_judging.detail, name="detail"),
    path("<uuid:public_id>/<uuid:entry_id>/", my_judging.sheet, name="sheet"),
]
deed_patterns: list[URLPattern | URLResolver] = [
    path("", deed.index, name="list"),
    path("new/", deed.new, name="new"),
    path("<uuid:public_id>/", deed.detail, name="detail"),
    path("<uuid:public_id>/edit/", deed.edit, name="edit"),
    path("<uuid:public_id>/phone/", deed.phone, name="phone"),
    path("<uuid:public_id>/confirm/", deed.confirm, name="confirm"),
    path("<uuid:public_id>/reject/", deed.reject, name="reject"),
]
my_deed_patterns: list[URLPattern | URLResolver] = [
    path("", my_deed.mine, name="list"),
    path("new/", my_deed.new, name="new"),
    path("<uuid:public_id>/", my_deed.detail, name="detail"),
    path("<uuid:public_id>/edit/", my_deed.edit, name="edit"),
    path("<uuid:public_id>/receipt/", my_deed.receipt, name="receipt"),
    path("<uuid:public_id>/withdraw/", my_deed.withdraw, name="withdraw"),
]
open_deed_patterns: list[URLPattern | URLResolver] = [
    path("<str:secret>/", open_deed.testify, name="testify"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("reports/", include((report_patterns, "reports"))),
    path("my-reports/", include((my_report_patterns, "my_reports"))),
    path("report-transfers/", include((transfer_patterns, "report_transfers"))),
    path("judgings/", include((judging_patterns, "judgings"))),
    path("my-judgings/", include((my_judging_patterns, "my_judgings"))),
    path("deeds/", include((deed_patterns, "deeds"))),
    path("my-deeds/", include((my_deed_patterns, "my_deeds"))),
    path("open/deeds/", include((open_deed_patterns, "open_deeds"))),
]
