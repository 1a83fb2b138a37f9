"""The demo's six transfers: one pausing, one due next, one overdue, one converted in time, one declined, one new."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from liaison.clock import moved_to
from suggestions.demo_people import demo_pdf, moment, moment_on, staff, start_of_month_due_next
from suggestions.models import PublicInterestDomain, Transfer
from suggestions.services.transfer import transfer_approve, transfer_mark
from suggestions.services.transfer_opinion import (
    transfer_opine,
    transfer_progress,
    transfer_receive,
    transfer_request_info,
)

if TYPE_CHECKING:
    from suggestions.models import Suggestion

_FACTS: dict[int, tuple[str, str, str, str]] = {
    0: ("生态环境和资源保护", "益阳市资江风貌带滨江路段", "沿线三个小区居民的大气环境权益", "市生态环境局、市城市管理和综合执法局"),
    1: ("生态环境和资源保护", "赫山区志溪河八字哨段", "志溪河水体和下游村民用水安全", "赫山区人民政府、市生态环境局"),
    3: ("生态环境和资源保护", "龙岭产业园周边", "周边居民的大气环境权益", "市生态环境局龙岭分局"),
    5: ("生态环境和资源保护", "桃江县桃花江水库二级保护区", "饮用水水源安全", "桃江县人民政府"),
    15: ("安全生产", "桃江县山区县道临崖路段", "不特定群众的出行安全", "市交通运输局、桃江县交通运输局"),
    18: ("食品药品安全", "安化县江南镇黑茶作坊集中区", "不特定消费者的食品安全", "市市场监督管理局"),
}  # fmt: skip


def load_transfers(suggestions: list[Suggestion]) -> int:
    """Make the transfers that are missing; returns how many there are."""
    today = timezone.localdate()
    for number, start in (
        (0, start_of_month_due_next()),
        (1, today - dt.timedelta(days=48)),
        (3, today - dt.timedelta(days=26)),
        (5, today - dt.timedelta(days=90)),
        (15, today - dt.timedelta(days=75)),
        (18, today - dt.timedelta(days=1)),
    ):
        if not suggestions[number].transfers.exists():
            _transfer(number, suggestions[number], start)
    return Transfer.objects.count()


def _transfer(number: int, suggestion: Suggestion, start: dt.date) -> None:
    domain, place, harmed, agency = _FACTS[number]
    with moved_to(moment_on(start, 9)):
        transfer = transfer_mark(
            actor=staff("demo_clerk"),
            suggestion_public_id=suggestion.public_id,
            values={
                "domain_id": PublicInterestDomain.objects.get(name=domain).pk,
                "place": place,
                "harmed_interest": harmed,
                "agency_concerned": agency,
                "note": "代表建议所附照片和群众反映材料一并转交。",
            },
        )
    with moved_to(moment_on(start, 10)):
        transfer_approve(actor=staff("demo_approver"), public_id=transfer.public_id, version=None)
    if number == 18:
        return
    prosecutor = staff("demo_procurator")
    with moved_to(moment_on(start + dt.timedelta(days=1), 14)):
        transfer_receive(
            actor=prosecutor,
            public_id=transfer.public_id,
            version=None,
            lead_number=f"益检公线〔{start.year}〕{number + 11}号",
        )
    if number == 3:
        with moved_to(moment(12, 15)):
            transfer_request_info(
                actor=prosecutor,
                public_id=transfer.public_id,
                version=None,
                missing="请提供异味发生的具体时段、投诉记录和走航监测数据。",
            )
    elif number == 5:
        _converted(transfer, start)
    elif number == 15:
        with moved_to(moment_on(start + dt.timedelta(days=24), 16)):
            transfer_opine(
                actor=prosecutor,
                public_id=transfer.public_id,
                version=None,
                opinion="decline",
                opinion_on=timezone.localdate(),
                reason="有关部门已列入年度改造计划并落实资金，正在实施，不符合立案条件。",
                uploads=[demo_pdf("关于转交线索的反馈意见.pdf")],
            )


def _converted(transfer: Transfer, start: dt.date) -> None:
    prosecutor = staff("demo_procurator")
    with moved_to(moment_on(start + dt.timedelta(days=20), 16)):
        transfer_opine(
            actor=prosecutor,
            public_id=transfer.public_id,
            version=None,
            opinion="file",
            opinion_on=timezone.localdate(),
            reason="经初步调查，水源保护区内违规养殖情况属实，予以立案。",
            case_number=f"益检行公立〔{start.year}〕8号",
            uploads=[demo_pdf("立案决定书.pdf")],
        )
    with moved_to(moment_on(start + dt.timedelta(days=35), 10)):
        transfer_progress(
            actor=prosecutor,
            public_id=transfer.public_id,
            version=None,
            step="recommend",
            note="已向桃江县人民政府发出检察建议，两个月内书面回复。",
            uploads=[demo_pdf("检察建议书.pdf")],
        )
