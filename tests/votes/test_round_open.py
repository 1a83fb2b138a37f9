"""Opening: tellers with passphrases, a quorum, a frozen roll, a locked box; and what comes after the count."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from deputies.models import Mandate
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound
from liaison.models import Notice
from tests.votes import round_steps as steps
from tests.votes.linking import dump
from tests.votes.people import County
from tests.votes.round_steps import AGAINST, EMPTY, FOR
from votes import sealing
from votes.models import Candidate, Programme, RollEntry, Round, Teller
from votes.selectors.roll import roll_of
from votes.selectors.round import (
    get_published_round,
    get_round_as_teller,
    presence,
    roll_hash_of,
    rounds_as_teller,
    tellers_of,
)
from votes.services.roll import attend_by_staff, roll_prepare
from votes.services.round import round_create
from votes.services.round_result import places_leave_open, round_declare, run_off_create, teller_sign
from votes.services.round_vote import round_close, round_open
from votes.services.tellers import tellers_set
from votes.states import CandidateStatus, ProgrammeStatus, RoundStatus

F, N = FOR, AGAINST


def open_(county: County, round_: Round) -> Round:
    return round_open(actor=county.actor("county_clerk"), public_id=round_.public_id, version=None)


def test_below_the_quorum_it_does_not_open(county: County) -> None:
    round_ = steps.with_tellers(county, steps.projects_round(county))
    steps.attend(county, round_, 5)
    with pytest.raises(DomainError, match="出席5名，不足全体代表9名的三分之二（6名）") as caught:
        open_(county, round_)
    assert caught.value.code == "no_quorum"
    steps.attend(county, round_, 6)
    assert open_(county, round_).status == RoundStatus.OPEN


def test_it_needs_two_tellers_with_passphrases(county: County) -> None:
    round_ = steps.projects_round(county)
    steps.attend(county, round_)
    with pytest.raises(DomainError, match="指定监票人"):
        open_(county, round_)
    tellers_set(
        actor=county.actor("county_clerk"),
        public_id=round_.public_id,
        scrutineer_id=county.cast.user("county_approver").pk,
        counter_id=county.cast.user("cosigner").pk,
    )
    with pytest.raises(DomainError, match="还没有设置开箱口令"):
        open_(county, round_)


def test_the_closing_time_must_lie_ahead(county: County) -> None:
    round_ = steps.with_tellers(county, steps.projects_round(county))
    steps.attend(county, round_)
    Round.objects.filter(pk=round_.pk).update(closes_at=timezone.now() - dt.timedelta(minutes=1))
    with pytest.raises(InvalidInput):
        open_(county, round_)


def test_an_empty_roll_does_not_open(county: County) -> None:
    round_ = steps.with_tellers(county, steps.projects_round(county))
    RollEntry.objects.all().delete()
    with pytest.raises(DomainError, match="名册是空的"):
        open_(county, round_)


def test_opening_freezes_the_roll_and_moves_the_programme(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    assert round_.roll_hash == roll_hash_of(round_)
    assert len(round_.roll_hash) == 64
    assert Programme.objects.get().status == ProgrammeStatus.VOTING
    assert Notice.objects.filter(title__startswith="开始投票").count() == 3, "the three deputies with an account"
    with pytest.raises(DomainError, match="名册不能再改"):
        roll_prepare(actor=county.actor("county_clerk"), public_id=round_.public_id)
    with pytest.raises(DomainError, match="不能再撤销签到"):
        attend_by_staff(
            actor=county.actor("county_clerk"),
            public_id=round_.public_id,
            entries=[steps.lines(round_)[0].public_id],
            present=False,
        )
    with pytest.raises(IllegalTransition):
        open_(county, round_)
    with pytest.raises(DomainError, match="不能再更换"):
        tellers_set(
            actor=county.actor("county_clerk"),
            public_id=round_.public_id,
            scrutineer_id=county.cast.user("county_approver").pk,
            counter_id=county.cast.user("deputy").pk,
        )


def test_a_later_mandate_is_not_on_a_frozen_roll(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    Mandate.objects.filter(pk=county.mandates[-1].pk).update(ended_on=timezone.localdate(), end_reason="辞职")
    assert RollEntry.objects.filter(round=round_).count() == 9
    assert steps.fresh(round_).roll_hash == roll_hash_of(round_)


def test_the_private_key_is_nowhere(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[bytes, bytes]] = []
    real = sealing.new_box

    def watched() -> tuple[bytes, bytes]:
        made.append(real())
        return made[-1]

    monkeypatch.setattr(sealing, "new_box", watched)
    round_ = steps.opened(county, steps.projects_round(county))
    private = made[0][1]
    stored = [value for rows in dump().values() for row in rows for value in row.values() if isinstance(value, bytes)]
    assert bytes(round_.box_key or b"") == made[0][0]
    assert not any(private in value for value in stored)
    keys = {"scrutineer": steps.ONE, "counter": steps.OTHER}
    shares = []
    for teller in Teller.objects.filter(round=round_):
        key = sealing.teller_key(keys[teller.role], bytes(teller.salt or b""))
        shares.append(sealing.open_share(bytes(teller.share or b""), key))
    assert private not in shares
    assert sealing.join(*shares) == private


def test_the_presiding_page_counts_heads_only(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county), present=7)
    steps.cast_all(county, round_, [[F, N, N]] * 4)
    here = presence(round_)
    assert (here.roll, here.attended, here.quorum, here.has_quorum) == (9, 7, 6, True)
    assert (here.slip, here.phone, here.paper, here.voted, here.waiting) == (4, 0, 0, 4, 3)
    clerk = county.actor("county_clerk")
    assert [roll_of(clerk, round_, state=state).count() for state in ("absent", "waiting", "voted", "")] == [2, 3, 4, 9]
    assert roll_of(clerk, round_, q="HS-0001").count() == 1
    assert roll_of(county.actor("deputy"), round_).count() == 1
    assert steps.fresh(round_).result is None


def test_the_tellers_door(county: County) -> None:
    round_ = steps.with_tellers(county, steps.projects_round(county))
    assert get_round_as_teller(county.actor("cosigner"), round_.public_id) == round_
    assert rounds_as_teller(county.actor("cosigner")) == [round_]
    assert [teller.role for teller in tellers_of(round_)] == ["scrutineer", "counter"]
    with pytest.raises(NotFound):
        get_round_as_teller(county.actor("deputy"), round_.public_id)


def test_closing_twice_is_told(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    clerk = county.actor("county_clerk")
    with pytest.raises(NotAllowed):
        round_close(actor=county.actor("deputy"), public_id=round_.public_id)
    assert round_close(actor=clerk, public_id=round_.public_id).closed_at is not None
    with pytest.raises(IllegalTransition, match="何区办已于"):
        round_close(actor=clerk, public_id=round_.public_id)


def test_both_tellers_sign_before_the_declaration(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county))
    steps.cast_all(county, round_, [[F, F, N]] * 9)
    with pytest.raises(DomainError, match="计票之后"):
        teller_sign(actor=county.actor("cosigner"), public_id=round_.public_id)
    steps.counted(county, round_)
    clerk = county.actor("county_clerk")
    teller_sign(actor=county.actor("county_approver"), public_id=round_.public_id)
    with pytest.raises(DomainError, match=r"计票人.*还没有在结果上签字"):
        round_declare(actor=clerk, public_id=round_.public_id)
    first = teller_sign(actor=county.actor("cosigner"), public_id=round_.public_id)
    assert teller_sign(actor=county.actor("cosigner"), public_id=round_.public_id).signed_at == first.signed_at
    with pytest.raises(NotFound):
        get_published_round(round_.public_id)
    round_declare(actor=clerk, public_id=round_.public_id)
    assert get_published_round(round_.public_id) == round_
    with pytest.raises(DomainError, match="没有空缺"):
        run_off_create(actor=clerk, public_id=round_.public_id)


def statuses() -> list[str]:
    return list(Candidate.objects.order_by("number").values_list("status", flat=True))


E, X, L = CandidateStatus.ELECTED, CandidateStatus.NOT_ELECTED, CandidateStatus.LISTED


def test_a_tie_at_the_cut_goes_to_a_run_off(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county, candidates=4, places=2))
    ballots = [[F, F, N, N]] * 3 + [[F, N, F, N]] * 3 + [[N, F, F, N]] * 2 + [[F, EMPTY, EMPTY, EMPTY]]
    steps.cast_all(county, round_, ballots)
    counted = steps.counted(county, round_)
    assert (counted.result["passed"], counted.result["tied"], counted.result["open_places"]) == ([1], [2, 3], 1)
    clerk = county.actor("county_clerk")
    with pytest.raises(DomainError, match="请先宣布本轮结果"):
        run_off_create(actor=clerk, public_id=round_.public_id)
    steps.declared(county, round_)
    assert statuses() == [E, L, L, X]
    again = run_off_create(actor=clerk, public_id=round_.public_id)
    assert (again.kind, again.places, [line.name for line in again.options.all()]) == ("run_off", 1, ["项目2", "项目3"])
    assert again.title.endswith("（再次投票）")
    with pytest.raises(DomainError, match="还没有结束"):
        places_leave_open(actor=county.actor("county_approver"), public_id=round_.public_id, decision="主席团决定暂缺")
    steps.opened(county, again)
    steps.cast_all(county, again, [[N, F]] * 6 + [[F, N]] * 3)
    steps.counted(county, again)
    steps.declared(county, again)
    assert statuses() == [E, X, E, X]
    with pytest.raises(DomainError, match="从那一轮的结果页办理"):
        run_off_create(actor=clerk, public_id=round_.public_id)
    with pytest.raises(DomainError, match="已经宣布"):
        round_create(
            actor=clerk,
            congress_public_id=county.congress.public_id,
            programme_public_id=Programme.objects.get().public_id,
            kind="projects",
            title="又一次",
            scale="three",
        )


def test_places_nobody_filled_are_voted_on_again_or_left_open(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county, candidates=3, places=2))
    steps.cast_all(county, round_, [[F, N, N]] * 6 + [[N, N, N]] * 3)
    steps.counted(county, round_)
    steps.declared(county, round_)
    assert statuses() == [E, L, L]
    clerk, approver = county.actor("county_clerk"), county.actor("county_approver")
    again = run_off_create(actor=clerk, public_id=round_.public_id, title="第二轮")
    assert (again.places, again.options.count(), again.title) == (1, 2, "第二轮")
    steps.opened(county, again)
    steps.cast_all(county, again, [[N, N]] * 9)
    steps.counted(county, again)
    steps.declared(county, again)
    assert statuses() == [E, L, L]
    with pytest.raises(NotAllowed):
        places_leave_open(actor=clerk, public_id=again.public_id, decision="主席团决定暂缺")
    with pytest.raises(InvalidInput):
        places_leave_open(actor=approver, public_id=again.public_id, decision=" ")
    programme = places_leave_open(
        actor=approver, public_id=again.public_id, decision="主席团2026年1月8日决定暂缺1个名额"
    )
    assert programme.open_places_note == "主席团2026年1月8日决定暂缺1个名额"
    assert statuses() == [E, X, X]


def test_as_many_left_as_places_cannot_be_voted_on_again(county: County) -> None:
    round_ = steps.opened(county, steps.projects_round(county, candidates=3, places=2))
    steps.cast_all(county, round_, [[N, N, N]] * 9)
    steps.counted(county, round_)
    steps.declared(county, round_)
    Candidate.objects.filter(number=3).update(status=CandidateStatus.WITHDRAWN)
    with pytest.raises(DomainError, match="不能差额票决"):
        run_off_create(actor=county.actor("county_clerk"), public_id=round_.public_id)


def test_the_appraisal_of_a_programme_moves_it_to_its_last_stage(county: County) -> None:
    programme = steps.programme(county)
    Programme.objects.filter(pk=programme.pk).update(status=ProgrammeStatus.UNDERWAY)
    round_ = steps.opened(county, steps.appraisal(county, "安全饮水", programme_public_id=programme.public_id))
    assert Programme.objects.get().status == ProgrammeStatus.UNDERWAY, "an appraisal of officials moves nothing"
    steps.cast_all(county, round_, [["satisfied"]] * 9)
    steps.counted(county, round_)
    steps.declared(county, round_)
    with pytest.raises(DomainError, match="请先宣布本轮结果"):
        run_off_create(actor=county.actor("county_clerk"), public_id=round_.public_id)
    again = steps.appraisal(county, "安全饮水", programme_public_id=programme.public_id, kind="appraisal")
    steps.opened(county, again)
    assert Programme.objects.get().status == ProgrammeStatus.APPRAISING
