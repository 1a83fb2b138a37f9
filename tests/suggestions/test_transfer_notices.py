"""Who is told of each step: both sides and the deputies, never a handling unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from liaison.models import Delivery, Notice
from tests.suggestions.steps import handling
from tests.suggestions.transfers import marked, step, walk

if TYPE_CHECKING:
    from suggestions.models import Transfer
    from tests.cast import Cast

DEPUTIES = {"deputy", "cosigner"}
OFFICE = {"insider", "approver"}
PROCURATORATE = {"prosecutor"}


def told(transfer: Transfer, kind: str | None = None) -> set[str]:
    notices = Notice.objects.filter(url=transfer.get_absolute_url())
    if kind:
        notices = notices.filter(kind=kind)
    return set(notices.values_list("recipient__username", flat=True))


def forget() -> None:
    """Empty all inboxes."""
    Delivery.objects.all().delete()
    Notice.objects.all().delete()


def take(cast: Cast, transfer: Transfer, name: str) -> Transfer:
    forget()
    return step(cast, transfer, name)


def test_marking_asks_the_approvers_only(cast: Cast) -> None:
    suggestion = handling(cast, cosigner="cosigner")
    forget()
    assert told(marked(cast, suggestion)) == {"approver"}


def test_an_approver_who_marks_need_not_be_asked(cast: Cast) -> None:
    transfer = marked(cast)
    forget()
    step(cast, transfer, "update", "approver")
    assert told(transfer) == set()


def test_a_rejection_goes_to_the_office_only(cast: Cast) -> None:
    transfer = take(cast, marked(cast, cosigner="cosigner"), "reject")
    assert told(transfer) == {"insider"}


def test_the_transfer_is_a_task_for_the_procuratorate_and_news_for_the_others(cast: Cast) -> None:
    transfer = take(cast, marked(cast, handling(cast, cosigner="cosigner")), "approve")
    assert told(transfer, "task") == PROCURATORATE
    assert told(transfer, "progress") == DEPUTIES | {"insider"}
    notice = Notice.objects.get(recipient=cast.user("prosecutor"))
    assert notice.title == f"收到转交线索，请签收：{transfer.suggestion.title}"
    assert "前提出是否转化为公益诉讼案件的意见" in notice.body


@pytest.mark.parametrize(
    ("way", "name", "task"),
    [
        (["approve"], "receive", set()),
        (["approve", "receive"], "request_info", OFFICE),
        (["approve", "receive"], "file", set()),
        (["approve", "receive"], "decline", set()),
        (["approve", "receive"], "already", set()),
        (["approve", "receive", "file"], "recommend", set()),
        (["approve", "receive", "already"], "close", set()),
    ],
)
def test_each_step_of_the_procuratorate_reaches_deputies_and_office(
    cast: Cast, way: list[str], name: str, task: set[str]
) -> None:
    transfer = walk(cast, marked(cast, handling(cast, cosigner="cosigner")), *way)
    transfer = take(cast, transfer, name)
    assert told(transfer, "task") == task
    # The prosecutor who did it need not be told.
    assert told(transfer) == DEPUTIES | OFFICE


def test_what_was_supplied_is_a_task_for_the_procuratorate(cast: Cast) -> None:
    transfer = walk(cast, marked(cast, cosigner="cosigner"), "approve", "receive", "request_info")
    transfer = take(cast, transfer, "supply")
    assert told(transfer, "task") == PROCURATORATE
    assert told(transfer) == PROCURATORATE | DEPUTIES | {"approver"}


def test_a_cosigner_who_did_not_confirm_is_not_told(cast: Cast) -> None:
    transfer = take(cast, marked(cast), "approve")
    assert told(transfer) & {"cosigner", "other_deputy"} == set()


def test_no_handling_unit_hears_of_it_at_any_step(cast: Cast) -> None:
    transfer = marked(cast, handling(cast, cosigner="cosigner"))
    forget()
    walk(
        cast,
        transfer,
        "approve",
        "receive",
        "request_info",
        "supply",
        "file",
        "recommend",
        "agency_answer",
        "rectify",
        "close",
    )
    everybody = set(Notice.objects.values_list("recipient__username", flat=True))
    assert everybody == DEPUTIES | OFFICE | PROCURATORATE
