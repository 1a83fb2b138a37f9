"""Routes of contacts with deputies and reports to voters."""

from django.urls import URLPattern, URLResolver, include, path

from deputies.views import committee, contact, contact_coverage, contact_opinion, voter_meeting, voter_report

committee_patterns: list[URLPattern | URLResolver] = [
    path("", committee.committee, name="list"),
    path("links/", committee.spread, name="spread"),
    path("links/<uuid:public_id>/end/", committee.unlink, name="unlink"),
    path("mandates/<uuid:public_id>/", committee.add, name="add"),
    path("<uuid:public_id>/end/", committee.end, name="end"),
]
contact_patterns: list[URLPattern | URLResolver] = [
    path("", contact.desk, name="list"),
    path("new/", contact.new, name="new"),
    path("mine/", contact.mine, name="mine"),
    path("coverage/", contact_coverage.coverage, name="coverage"),
    path("coverage/export/", contact_coverage.export, name="coverage_export"),
    path("opinions/", contact_opinion.desk, name="opinions"),
    path("opinions/<uuid:public_id>/", contact_opinion.detail, name="opinion"),
    path("opinions/<uuid:public_id>/adopt/", contact_opinion.adopt, name="adopt"),
    path("opinions/<uuid:public_id>/assign/", contact_opinion.assign, name="assign"),
    path("opinions/<uuid:public_id>/answer/", contact_opinion.answer, name="answer"),
    path("opinions/<uuid:public_id>/give-back/", contact_opinion.give_back, name="give_back"),
    path("opinions/<uuid:public_id>/tell/", contact_opinion.tell, name="tell"),
    path("opinions/<uuid:public_id>/remove/", contact_opinion.remove, name="opinion_remove"),
    path("<uuid:public_id>/", contact.detail, name="detail"),
    path("<uuid:public_id>/edit/", contact.edit, name="edit"),
    path("<uuid:public_id>/invite/", contact.invite, name="invite"),
    path("<uuid:public_id>/deputies/<uuid:mandate_id>/remove/", contact.uninvite, name="uninvite"),
    path("<uuid:public_id>/hold/", contact.hold, name="hold"),
    path("<uuid:public_id>/record/", contact.record, name="record"),
    path("<uuid:public_id>/reopen/", contact.reopen, name="reopen"),
    path("<uuid:public_id>/cancel/", contact.cancel, name="cancel"),
    path("<uuid:public_id>/opinions/new/", contact_opinion.add, name="opinion_add"),
]
voter_meeting_patterns: list[URLPattern | URLResolver] = [
    path("", voter_meeting.desk, name="list"),
    path("new/", voter_meeting.new, name="new"),
    path("<uuid:public_id>/", voter_meeting.detail, name="detail"),
    path("<uuid:public_id>/edit/", voter_meeting.edit, name="edit"),
    path("<uuid:public_id>/deputies/add/", voter_meeting.add, name="add"),
    path("<uuid:public_id>/deputies/<uuid:report_id>/drop/", voter_meeting.drop, name="drop"),
    path("<uuid:public_id>/hold/", voter_meeting.hold, name="hold"),
    path("<uuid:public_id>/cancel/", voter_meeting.cancel, name="cancel"),
    path("<uuid:public_id>/appraise/", voter_meeting.appraise, name="appraise"),
]
voter_report_patterns: list[URLPattern | URLResolver] = [
    path("", voter_report.mine, name="mine"),
    path("coverage/", voter_report.coverage, name="coverage"),
    path("coverage/export/", voter_report.export, name="coverage_export"),
    path("<uuid:public_id>/", voter_report.detail, name="detail"),
    path("<uuid:public_id>/write/", voter_report.write, name="write"),
    path("<uuid:public_id>/give-back/", voter_report.give_back, name="give_back"),
    path("<uuid:public_id>/questions/new/", voter_report.question, name="question"),
    path("<uuid:public_id>/questions/<uuid:question_id>/", voter_report.answer, name="answer"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("committee/", include((committee_patterns, "committee"))),
    path("contacts/", include((contact_patterns, "contacts"))),
    path("voter-meetings/", include((voter_meeting_patterns, "voter_meetings"))),
    path("voter-reports/", include((voter_report_patterns, "voter_reports"))),
]
