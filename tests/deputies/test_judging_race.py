"""Two judges at once, a judge against the end: nothing is lost, nothing is scored after closing."""

from __future__ import annotations

import pytest

from deputies.models import JudgeScore
from deputies.services.judging_score import judging_close, score_save, scores_submit
from deputies.states import JudgingStatus
from liaison.exceptions import IllegalTransition
from tests.cast import Cast, build_cast
from tests.deputies.reports import accepted, opened, score
from tests.votes.test_work_concurrency import twice

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committed(transactional_db: None) -> Cast:
    """The cast, so that other connections see it."""
    return build_cast()


def test_the_last_two_judges_close_it_once_and_a_score_against_the_end_counts_or_is_refused(committed: Cast) -> None:
    cast = committed
    report = accepted(cast)
    judging = opened(cast, [report])
    for who in ("insider", "approver", "other_deputy"):
        score(cast, judging, who, report, 50, 30)
    scores_submit(actor=cast.actor("insider"), judging_id=judging.public_id)
    last = [cast.actor("approver"), cast.actor("other_deputy")]
    done, refused = twice(lambda: scores_submit(actor=last.pop(), judging_id=judging.public_id))
    judging.refresh_from_db()
    assert (len(done), refused, judging.status) == (2, [], JudgingStatus.CLOSED)

    second = opened(cast, [report], title="第二次")
    entry, criterion = second.entries.get(), second.criteria.first()
    assert criterion is not None
    for who in ("insider", "approver"):
        score(cast, second, who, report, 50, 30)
    scores_submit(actor=cast.actor("insider"), judging_id=second.public_id)
    acts = [
        lambda: judging_close(actor=cast.actor("approver"), public_id=second.public_id, reason="到期"),
        lambda: score_save(
            actor=cast.actor("approver"),
            judging_id=second.public_id,
            entry_id=entry.public_id,
            points={criterion.pk: 60},
        ),
    ]
    done, refused = twice(lambda: acts.pop()())  # noqa: PLW0108  (each thread takes its own)
    second.refresh_from_db()
    assert second.status == JudgingStatus.CLOSED
    given = JudgeScore.objects.get(judge__user=cast.users["approver"], entry=entry, criterion=criterion).points
    if refused:
        assert isinstance(refused[0], IllegalTransition)
    assert given == (50 if refused else 60)
