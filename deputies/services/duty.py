"""Writing the duty ledger (履职台账): the one call by which every event of the portal enters what a deputy did."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from deputies.models import ContestOutcome, DutyContest, DutyEntry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

    from liaison.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyFact:
    """What an event says about one deputy.

    Args:
        kind: a ``DutyKind``.
        activity_kind: an ``ActivityKind``, for the kind ``activity`` only.
        on: the day of the deed, not of its entry.
        quantity: in the kind's unit, above zero.
        title: what happened, for the duty file; cut at 200 characters.
        campaign_id: database id of the campaign that it belongs to.
    """

    mandate_id: int
    kind: str
    on: dt.date
    title: str
    quantity: Decimal | int = 1
    activity_kind: str = ""
    campaign_id: int | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """Two facts with the same key say the same."""
        return (
            self.mandate_id,
            self.kind,
            self.activity_kind,
            self.on,
            Decimal(self.quantity),
            self.campaign_id,
            self.title[:200],
        )


@transaction.atomic
def duty_set(
    *, actor: Actor, source: Model, facts: Iterable[DutyFact], reason: str = "来源记录已更正", is_new: bool = False
) -> int:
    """Make the ledger say of this source exactly these facts: what no longer holds is reversed, what is new is
    entered, the rest stays. Called twice with the same facts it writes nothing (rulebook section 4: nothing is
    entered twice).

    The caller has decided that the actor may do what the source records; the ledger asks no permission of its own.

    Args:
        source: the saved object from which the facts come.
        facts: at most one of each kind (and activity kind) for one deputy.
        reason: of reversals, shown in the duty file.
        is_new: the source was made in this transaction: nothing of it stands in the ledger yet, nobody else sees it.

    Returns:
        how many entries were written, reversals included.
    """
    source_type = ContentType.objects.get_for_model(source)
    wanted = {fact.key: fact for fact in facts if Decimal(fact.quantity) > 0}
    rows: list[DutyEntry] = []
    revisions: Counter[tuple[int, str, str]] = Counter()
    taken_back: dict[tuple[object, ...], int] = {}
    for entry in () if is_new else _entries_of(source_type, source.pk):
        place = (entry.mandate_id, entry.kind, entry.activity_kind)
        revisions[place] = max(revisions[place], entry.revision)
        if hasattr(entry, "reversal"):
            taken_back[_key(entry)] = entry.pk
        elif wanted.pop(_key(entry), None) is None:
            rows.append(_reversal(actor, entry, reason))
    for key in _contested(taken_back.keys() & wanted.keys(), taken_back):
        del wanted[key]
    for fact in wanted.values():
        place = (fact.mandate_id, fact.kind, fact.activity_kind)
        revisions[place] += 1
        rows.append(_entry(actor, fact, source_type, source.pk, revisions[place]))
    # the sums of several deputies are always taken in one order, so two events at once never wait for each other
    rows.sort(key=lambda row: (row.mandate_id, row.kind, row.activity_kind, row.on, row.campaign_id or 0, row.revision))
    DutyEntry.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def duty_clear(*, actor: Actor, source: Model, reason: str) -> int:
    """Reverse everything that a source entered (it was withdrawn, refused, cancelled).

    Args:
        reason: shown in the duty file.

    Returns:
        how many entries were reversed.
    """
    return duty_set(actor=actor, source=source, facts=(), reason=reason)


@transaction.atomic
def duty_reverse(*, actor: Actor, entry: DutyEntry, reason: str) -> bool:
    """Reverse one entry that a deputy contested with success, whatever its source says: ``duty_set`` leaves it so.

    Returns:
        whether it was written; False when the entry is reversed already.
    """
    _wait_for_source(entry.source_type_id, entry.source_id)
    entry = (
        DutyEntry.objects.unscoped(reason="the contest was found in scope").select_related("reversal").get(pk=entry.pk)
    )
    if hasattr(entry, "reversal") or entry.reverses_id is not None:
        return False
    _reversal(actor, entry, reason).save()
    return True


def _wait_for_source(source_type_id: int, source_id: int) -> None:
    """The same source by two at once: one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [-source_type_id, source_id % (2**31)])


def _entries_of(source_type: ContentType, source_id: int) -> list[DutyEntry]:
    _wait_for_source(source_type.pk, source_id)
    entries = DutyEntry.objects.unscoped(reason="the entries of one source, whoever acts")
    found = entries.filter(source_type=source_type, source_id=source_id, reverses=None)
    return list(found.select_related("reversal").order_by("id"))


def _contested(keys: Iterable[tuple[object, ...]], entry_of: dict[tuple[object, ...], int]) -> list[tuple[object, ...]]:
    """What was reversed because the deputy contested it does not come back by itself."""
    asked = {entry_of[key]: key for key in keys}
    if not asked:
        return []
    upheld = DutyContest.objects.unscoped(reason="the ledger keeps to what was decided")
    found = upheld.filter(entry_id__in=asked, outcome=ContestOutcome.REVERSED)
    return [asked[entry_id] for entry_id in found.values_list("entry__pk", flat=True)]


def _key(entry: DutyEntry) -> tuple[object, ...]:
    return (
        entry.mandate_id,
        entry.kind,
        entry.activity_kind,
        entry.on,
        entry.quantity,
        entry.campaign_id,
        entry.title,
    )


def _entry(actor: Actor, fact: DutyFact, source_type: ContentType, source_id: int, revision: int) -> DutyEntry:
    return DutyEntry(
        mandate_id=fact.mandate_id,
        kind=fact.kind,
        activity_kind=fact.activity_kind,
        on=fact.on,
        quantity=Decimal(fact.quantity),
        title=fact.title[:200],
        campaign_id=fact.campaign_id,
        source_type=source_type,
        source_id=source_id,
        revision=revision,
        recorded_by_id=actor.user_id,
    )


def _reversal(actor: Actor, entry: DutyEntry, reason: str) -> DutyEntry:
    return DutyEntry(
        mandate_id=entry.mandate_id,
        kind=entry.kind,
        activity_kind=entry.activity_kind,
        on=entry.on,
        quantity=-entry.quantity,
        title=entry.title,
        campaign_id=entry.campaign_id,
        source_type_id=entry.source_type_id,
        source_id=entry.source_id,
        revision=entry.revision,
        reverses=entry,
        reason=reason[:200],
        recorded_by_id=actor.user_id,
    )
