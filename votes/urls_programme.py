"""Routes of the year's programme, proposals and candidates."""

from django.urls import URLPattern, URLResolver, include, path

from votes.views import (
    candidate,
    open_project,
    programme,
    programme_acts,
    proposal,
    proposal_entry,
    proposal_screening,
)

programme_patterns: list[URLPattern | URLResolver] = [
    path("", programme.programme_list, name="list"),
    path("new/", programme.new, name="new"),
    path("<uuid:public_id>/", programme.detail, name="detail"),
    path("<uuid:public_id>/edit/", programme.edit, name="edit"),
    path("<uuid:public_id>/call/open/", programme_acts.open_call, name="open_call"),
    path("<uuid:public_id>/call/close/", programme_acts.close_call, name="close_call"),
    path("<uuid:public_id>/call/reopen/", programme_acts.reopen_call, name="reopen_call"),
    path("<uuid:public_id>/list/approve/", programme_acts.approve_list, name="approve_list"),
    path("<uuid:public_id>/list/reopen/", programme_acts.reopen_list, name="reopen_list"),
    path("<uuid:public_id>/close/", programme_acts.close, name="close"),
]
proposal_patterns: list[URLPattern | URLResolver] = [
    path("", proposal.mine, name="mine"),
    path("of/<uuid:programme_id>/", proposal_screening.desk, name="desk"),
    path("of/<uuid:programme_id>/new/", proposal.new, name="new"),
    path("of/<uuid:programme_id>/paper/", proposal_entry.paper, name="paper"),
    path("of/<uuid:programme_id>/import/", proposal_entry.import_, name="import"),
    path("of/<uuid:programme_id>/import/template/", proposal_entry.template, name="template"),
    path("of/<uuid:programme_id>/import/apply/", proposal_entry.apply, name="apply"),
    path("of/<uuid:programme_id>/merge/", proposal_screening.merge, name="merge"),
    path("<uuid:public_id>/", proposal.detail, name="detail"),
    path("<uuid:public_id>/contact/", proposal.contact, name="contact"),
    path("<uuid:public_id>/reject/", proposal_screening.reject, name="reject"),
    path("<uuid:public_id>/adopt/", proposal_screening.adopt, name="adopt"),
    path("<uuid:public_id>/reopen/", proposal_screening.reopen, name="reopen"),
]
candidate_patterns: list[URLPattern | URLResolver] = [
    path("of/<uuid:programme_id>/", candidate.candidate_list, name="list"),
    path("of/<uuid:programme_id>/new/", candidate.new, name="new"),
    path("of/<uuid:programme_id>/order/", candidate.order, name="order"),
    path("<uuid:public_id>/", candidate.detail, name="detail"),
    path("<uuid:public_id>/edit/", candidate.edit, name="edit"),
    path("<uuid:public_id>/withdraw/", candidate.withdraw, name="withdraw"),
    path("<uuid:public_id>/restore/", candidate.restore, name="restore"),
    path("<uuid:public_id>/pictures/<uuid:picture_id>/remove/", candidate.remove_picture, name="remove_picture"),
    path("<uuid:public_id>/comment/", candidate.comment, name="comment"),
    path("<uuid:public_id>/comments/<uuid:comment_id>/answer/", candidate.answer, name="answer"),
]
open_patterns: list[URLPattern | URLResolver] = [
    path("", open_project.index, name="index"),
    path("receipt/", open_project.receipt, name="receipt"),
    path("pictures/<uuid:picture_id>/", open_project.picture, name="picture"),
    path("<uuid:public_id>/", open_project.programme, name="programme"),
    path("<uuid:public_id>/propose/", open_project.propose, name="propose"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("projects/", include((programme_patterns, "programmes"))),
    path("proposals/", include((proposal_patterns, "proposals"))),
    path("candidates/", include((candidate_patterns, "candidates"))),
    path("open/projects/", include((open_patterns, "open_projects"))),
]
