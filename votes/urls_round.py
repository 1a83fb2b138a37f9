"""Routes of secret votes."""

from django.urls import URLPattern, URLResolver, include, path

from votes.views import ballot, ballot_slip, gathering, open_round, paper, result, round_acts, round_people
from votes.views import round as rounds

round_patterns = [
    path("", rounds.index, name="list"),
    path("new/", rounds.new, name="new"),
    path("<uuid:public_id>/", rounds.detail, name="detail"),
    path("<uuid:public_id>/edit/", rounds.edit, name="edit"),
    path("<uuid:public_id>/turnout/", rounds.turnout, name="turnout"),
    path("<uuid:public_id>/hall/", rounds.hall, name="hall"),
    path("<uuid:public_id>/code/", rounds.renew_code, name="code"),
    path("<uuid:public_id>/roll/", round_people.roll, name="roll"),
    path("<uuid:public_id>/roll/prepare/", rounds.prepare_roll, name="roll_prepare"),
    path("<uuid:public_id>/roll/attend/", round_people.attend, name="attend"),
    path("<uuid:public_id>/slips/", round_people.slips, name="slips"),
    path("<uuid:public_id>/tellers/", round_people.tellers, name="tellers"),
    path("<uuid:public_id>/passphrase/", round_people.passphrase, name="passphrase"),
    path("<uuid:public_id>/open/", round_acts.begin, name="open"),
    path("<uuid:public_id>/close/", round_acts.close, name="close"),
    path("<uuid:public_id>/annul/", round_acts.annul, name="annul"),
    path("<uuid:public_id>/paper/", paper.page, name="paper"),
    path("<uuid:public_id>/paper/sheet/", paper.sheet, name="paper_sheet"),
    path("<uuid:public_id>/paper/hand-out/", paper.hand_out, name="paper_hand_out"),
    path("<uuid:public_id>/paper/enter/", paper.enter, name="paper_enter"),
    path("<uuid:public_id>/count/", result.count, name="count"),
    path("<uuid:public_id>/result/", result.result, name="result"),
    path("<uuid:public_id>/result/sign/", result.sign, name="sign"),
    path("<uuid:public_id>/result/sheet/", result.sheet_docx, name="result_sheet"),
    path("<uuid:public_id>/declare/", round_acts.declare, name="declare"),
    path("<uuid:public_id>/run-off/", round_acts.run_off, name="run_off"),
    path("<uuid:public_id>/leave-open/", round_acts.leave_open, name="leave_open"),
]

#: A deputy's phone, and the tablet for slips.
ballot_patterns = [
    path("", ballot.index, name="list"),
    path("slip/", ballot_slip.slip, name="slip"),
    path("slip/look/", ballot_slip.look, name="slip_look"),
    path("slip/cast/", ballot_slip.cast, name="slip_cast"),
    path("slip/done/", ballot_slip.done, name="slip_done"),
    path("<uuid:public_id>/", ballot.ballot, name="ballot"),
    path("<uuid:public_id>/sign-in/", ballot.sign_in, name="sign_in"),
    path("<uuid:public_id>/look/", ballot.look, name="look"),
    path("<uuid:public_id>/cast/", ballot.cast, name="cast"),
]

open_patterns = [
    path("", open_round.index, name="list"),
    path("<uuid:public_id>/", open_round.detail, name="detail"),
    path("<uuid:public_id>/recount/", open_round.verify, name="verify"),
    path("<uuid:public_id>/ballots.csv", open_round.ballots, name="ballots"),
]

#: Appraisals by people without a roll, on paper.
gathering_patterns = [
    path("<uuid:public_id>/", gathering.detail, name="detail"),
    path("<uuid:public_id>/hand-out/", gathering.hand_out, name="hand_out"),
    path("<uuid:public_id>/count/", gathering.count, name="count"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("rounds/", include((round_patterns, "rounds"))),
    path("gatherings/", include((gathering_patterns, "gatherings"))),
    path("vote/", include((ballot_patterns, "ballots"))),
    path("open/rounds/", include((open_patterns, "open_rounds"))),
]
