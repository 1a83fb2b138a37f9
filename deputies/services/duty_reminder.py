"""November's word (年度履职提醒): each deputy hears once what is missing for the year, each office once who is behind.

The task runs every day; a row for each deputy and year, written together with the notice, keeps everybody from being
told twice, and whoever has no row yet is told at the next run, until the last day of the year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from deputies.models import Congress, DutyBehindNotice, DutyReminder, Mandate
from deputies.selectors.quota import quota_lines
from liaison.models.notice import NoticeKind
from liaison.selectors.people import people_of
from liaison.services.notice import Message, notify, notify_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deputies.selectors.quota import QuotaLine

FIRST_MONTH = 11
BATCH = 500


def duty_remind() -> tuple[int, int]:
    """Tell who has not been told; nothing happens before November.

    Returns:
        (deputies told, offices told) by this run.
    """
    today = timezone.localdate()
    if today.month < FIRST_MONTH:
        return 0, 0
    deputies = offices = 0
    congresses = Congress.objects.unscoped(reason="the scheduled task sees all").exclude(ends_on__lt=today)
    for congress in congresses.order_by("pk"):
        behind = 0
        for mandates in _batches(congress):
            missing = {pk: lines for pk, lines in _missing(mandates, today.year).items() if lines}
            behind += len(missing)
            deputies += _tell(congress, missing, mandates, today.year)
        offices += _tell_office(congress, behind, today.year)
    return deputies, offices


def _batches(congress: Congress) -> Iterator[list[Mandate]]:
    found = Mandate.objects.unscoped(reason="the scheduled task sees all").in_force().filter(congress=congress)
    found = found.select_related("person__user", "congress").order_by("pk")
    last = 0
    while batch := list(found.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


def _missing(mandates: list[Mandate], year: int) -> dict[int, list[QuotaLine]]:
    return {pk: [line for line in lines if not line.is_met] for pk, lines in quota_lines(mandates, year=year).items()}


@transaction.atomic
def _tell(congress: Congress, missing: dict[int, list[QuotaLine]], mandates: list[Mandate], year: int) -> int:
    """Whoever has an account and no row yet; two runs at once take one congress after the other."""
    _lock(congress)
    known = set(DutyReminder.objects.filter(year=year, mandate_id__in=missing).values_list("mandate_id", flat=True))
    due = [
        mandate
        for mandate in mandates
        if mandate.pk in missing
        and mandate.pk not in known
        and mandate.person.user is not None
        and mandate.person.user.is_active
    ]
    DutyReminder.objects.bulk_create(
        DutyReminder(mandate=mandate, year=year, missing=len(missing[mandate.pk])) for mandate in due
    )
    notify_each(
        Message(
            recipient=mandate.person.user,
            kind=NoticeKind.REMINDER,
            title=f"{year}年履职还有{len(missing[mandate.pk])}项没有完成",
            body=f"{mandate.congress.short_name}代表：{remaining_words(missing[mandate.pk])}。今年只提醒这一次。",
            url=reverse("duty:file", args=[mandate.public_id, year]),
        )
        for mandate in due
        if mandate.person.user is not None
    )
    return len(due)


def remaining_words(lines: list[QuotaLine]) -> str:
    """走访群众不少于15人（还差5人）；…"""
    return "；".join(f"{line.quota.words}（还差{line.remaining.normalize():f}{line.quota.unit}）" for line in lines)


@transaction.atomic
def _tell_office(congress: Congress, behind: int, year: int) -> int:
    if not behind or congress.office_id is None:
        return 0
    _lock(congress)
    if DutyBehindNotice.objects.filter(congress=congress, year=year).exists():
        return 0
    DutyBehindNotice.objects.create(congress=congress, year=year, behind=behind)
    notify(
        recipients=people_of([congress.office_id]),
        kind=NoticeKind.REMINDER,
        title=f"{congress.short_name}有{behind}名代表{year}年履职要求还没有完成",
        body="已提醒有账号的代表本人，今年只提醒这一次。没有账号的请电话联系。",
        url=f"{reverse('duty:list')}?congress={congress.public_id}&year={year}&state=behind",
    )
    return 1


def _lock(congress: Congress) -> None:
    Congress.objects.unscoped(reason="the scheduled task sees all").select_for_update(of=("self",)).get(pk=congress.pk)
