"""Emptying the box: what must be gone once a round is counted or void."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from liaison.queue import enqueue_on_commit
from votes.models import RollEntry, SealedBallot, Teller

if TYPE_CHECKING:
    from votes.models import Round


def empty_box(round_: Round) -> None:
    """Delete the sealed ballots and the tellers' shares, and write every line of the roll anew.

    One statement rewrites the whole roll, so that every line carries the same transaction mark and nothing by
    which a ballot's receipt or a slip could be found again. What the tables' files still hold of old rows goes
    after the commit (``votes.services.scrub``).
    """
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {SealedBallot._meta.db_table} WHERE round_id = %s", [round_.pk])  # noqa: S608
    Teller.objects.filter(round=round_).update(share=None)
    RollEntry.objects.filter(round=round_).update(receipt_check="", slip_hash=None)
    round_.box_key = None
    enqueue_on_commit("votes.tasks.scrub_ballots")
