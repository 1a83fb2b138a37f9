"""Ballots (选票): how somebody voted, and nothing by which to find out who.

No serial id, no time, no reference but the round. ``SealedBallot`` holds them while the vote is open; opening
the box replaces them, in one transaction and in random order, by ``Ballot`` and ``CountedReceipt``.
None of these tables is tracked by history triggers.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

from liaison.models.base import ScopedQuerySet, append_only

if TYPE_CHECKING:
    from liaison.actor import Actor


class SealedBallot(models.Model):
    """A ballot sealed to the round's key (libsodium sealed box), always of the same length in a round."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey("votes.Round", on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    class Meta:
        verbose_name = "封存选票"

    def __str__(self) -> str:
        return "封存选票"


class BallotQuerySet(ScopedQuerySet["Ballot"]):
    def visible_to(self, actor: Actor) -> Self:
        """Opened ballots name nobody; whoever may see the declared round may recount them."""
        from votes.models.round import Round
        from votes.states import RoundStatus

        return self.filter(round__in=Round.objects.visible_to(actor).filter(status=RoundStatus.DECLARED))


class Ballot(models.Model):
    """An opened ballot. ``marks`` has one letter for each line, by position (``votes.selectors.marks``)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey("votes.Round", on_delete=models.PROTECT, related_name="+")
    marks = models.CharField(max_length=60)
    is_valid = models.BooleanField("有效")

    objects = BallotQuerySet.as_manager()

    class Meta:
        verbose_name = "选票"
        triggers = [append_only("ballot_append_only")]

    def __str__(self) -> str:
        return "选票"


class CountedReceipt(models.Model):
    """The hash of a receipt found in an opened ballot: proves that the ballot was counted, not what it said."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey("votes.Round", on_delete=models.PROTECT, related_name="+")
    receipt_hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "已计票回执"
        constraints = [models.UniqueConstraint(fields=["round", "receipt_hash"], name="countedreceipt_once")]
        triggers = [append_only("countedreceipt_append_only")]

    def __str__(self) -> str:
        return "已计票回执"


class PaperCount(models.Model):
    """What one of the two counters entered from the paper ballots (纸质票录入); both must agree."""

    round = models.ForeignKey("votes.Round", on_delete=models.CASCADE, related_name="paper_counts")
    counter = models.PositiveSmallIntegerField("第几录入人", choices=[(1, "第一录入人"), (2, "第二录入人")])
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    returned = models.PositiveIntegerField("收回")
    void = models.PositiveIntegerField("废票")
    #: For each line, by position: counts by letter.
    lines = models.JSONField("各项得票")

    class Meta:
        verbose_name = "纸质票录入"
        ordering = ["round", "counter"]
        constraints = [
            models.UniqueConstraint(fields=["round", "counter"], name="papercount_two"),
            models.UniqueConstraint(fields=["round", "entered_by"], name="papercount_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.get_counter_display()}录入"
