"""What suggestions and opinions enter into the duty ledger: with the event, never twice, no longer than it holds."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import TYPE_CHECKING

import pgtrigger
import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deputies.models import DutyEntry, DutyKind, DutyTotal
from liaison.actor import ANONYMOUS
from suggestions.models import RefusalClause
from suggestions.services.opinion import opinion_hand_over, opinion_recall
from suggestions.services.opinion_answer import opinion_deputy_answer, opinion_pass_back, opinion_unit_answer
from suggestions.services.opinion_core import code_of
from suggestions.services.opinion_public import opinion_not_solved, opinion_rate
from suggestions.services.opinion_suggestion import opinion_make_suggestion
from suggestions.services.sorting import suggestion_refuse, suggestion_register
from tests.suggestions.opinions import build_scene
from tests.suggestions.steps import registered, submitted

if TYPE_CHECKING:
    from suggestions.models import Suggestion
    from tests.cast import Cast
    from tests.suggestions.opinions import Scene

K = DutyKind


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def holds(cast: Cast, who: str = "deputy") -> list[str]:
    """The kinds that stand for a deputy, by name."""
    return sorted(DutyEntry.objects.standing().filter(mandate=cast.mandates[who]).values_list("kind", flat=True))


def test_a_registered_suggestion_counts_for_its_lead_and_for_who_confirmed(cast: Cast) -> None:
    with time_machine.travel(dt.datetime(2026, 3, 9, 10, tzinfo=dt.UTC), tick=False):
        suggestion = submitted(cast, cosigner="cosigner")
    assert holds(cast) == []
    with time_machine.travel(dt.datetime(2026, 3, 12, 10, tzinfo=dt.UTC), tick=False):
        suggestion = registered_later(cast, suggestion)
    entry = DutyEntry.objects.get(mandate=cast.mandates["deputy"])
    assert (entry.kind, entry.on, entry.source) == (K.SUGGESTION, dt.date(2026, 3, 9), suggestion)
    assert holds(cast, "cosigner") == [K.SUGGESTION_COSIGNED]
    refused = submitted(cast)
    clause = RefusalClause.objects.filter(is_active=True).first()
    assert clause is not None
    suggestion_refuse(
        actor=cast.actor("approver"), public_id=refused.public_id, version=None, clause_id=clause.pk, reason="属于诉讼"
    )
    assert holds(cast) == [K.SUGGESTION]


def registered_later(cast: Cast, suggestion: Suggestion) -> Suggestion:
    return suggestion_register(
        actor=cast.actor("insider"),
        public_id=suggestion.public_id,
        version=None,
        session_id=None,
        category_id=suggestion.category_id,
    )


def test_an_answer_in_time_counts_as_given_on_the_spot_a_late_one_as_heard(scene: Scene) -> None:
    cast = scene.cast
    quick, late = scene.asked(), scene.asked()
    opinion_deputy_answer(actor=scene.deputy, public_id=quick.public_id, version=None, text="已经请电工修好。")
    assert holds(cast) == [K.OPINION_HEARD, K.OPINION_HEARD, K.OPINION_ON_SPOT]
    with time_machine.travel(timezone.now() + dt.timedelta(hours=25), tick=False):
        opinion_deputy_answer(actor=scene.deputy, public_id=late.public_id, version=None, text="已经修好。")
    assert holds(cast) == [K.OPINION_HEARD, K.OPINION_HEARD, K.OPINION_ON_SPOT]
    # written down together with its answer
    scene.recorded("deputy", answer="当场讲清了政策。")
    assert holds(cast).count(K.OPINION_ON_SPOT) == 2


def test_what_a_deputy_brought_is_handed_over_solved_and_falls_back_when_opened_again(scene: Scene) -> None:
    cast = scene.cast
    opinion = scene.recorded("deputy")
    assert holds(cast) == [K.OPINION_HEARD]
    opinion = opinion_hand_over(
        actor=scene.clerk, public_id=opinion.public_id, version=None, unit_public_id=cast.offices["unit"].public_id
    )
    assert holds(cast) == sorted([K.OPINION_HEARD, K.OPINION_HANDED, K.PROBLEM_RAISED])
    opinion_unit_answer(actor=cast.actor("unit"), public_id=opinion.public_id, version=None, text="路灯已修好。")
    code = code_of(opinion.client_token)
    opinion_rate(actor=ANONYMOUS, code=code, rating="satisfied")
    assert K.PROBLEM_SOLVED in holds(cast)
    opinion_not_solved(actor=ANONYMOUS, code=code, reason="过了两天又不亮了。")
    assert holds(cast) == sorted([K.OPINION_HEARD, K.OPINION_HANDED, K.PROBLEM_RAISED])
    reversal = DutyEntry.objects.get(reverses__isnull=False)
    assert (reversal.kind, reversal.reason) == (K.PROBLEM_SOLVED, "反映未解决")
    # sorted another way: it is a suggestion now, no longer handed over
    opinion_make_suggestion(actor=scene.deputy, public_id=opinion.public_id, version=None)
    assert holds(cast) == sorted([K.OPINION_HEARD, K.PROBLEM_RAISED])


def test_who_was_asked_and_passed_it_back_has_not_heard_it(scene: Scene) -> None:
    opinion = scene.asked()
    opinion_pass_back(actor=scene.deputy, public_id=opinion.public_id, version=None, reason="不在我的选区")
    assert holds(scene.cast) == []
    opinion = scene.asked()
    opinion_recall(actor=scene.clerk, public_id=opinion.public_id, version=None, reason="改由单位办理")
    assert holds(scene.cast) == []


def test_an_opinion_without_a_deputy_asks_nothing_of_the_ledger(scene: Scene) -> None:
    with CaptureQueriesContext(connection) as queries:
        opinion, code = scene.submit()
        scene.hand_over(opinion.public_id)
    assert [query["sql"] for query in queries if "duty" in query["sql"]] == []
    assert not DutyEntry.objects.exists()
    assert code


def test_the_backfill_enters_what_was_before_the_ledger_once(scene: Scene) -> None:
    registered(scene.cast)
    scene.recorded("deputy", answer="当场讲清了政策。")
    before = holds(scene.cast)
    with pgtrigger.ignore("deputies.DutyEntry:dutyentry_append_only"):  # as if the ledger had not been there
        DutyEntry.objects.all().delete()
    DutyTotal.objects.all().delete()
    for _ in range(2):
        call_command("duty_backfill", stdout=StringIO())
        assert holds(scene.cast) == before
        assert DutyEntry.objects.count() == len(before)
