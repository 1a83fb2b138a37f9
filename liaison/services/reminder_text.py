"""The words of a reminder."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from liaison.dates import cn_date, cn_datetime
from liaison.lights import days_left_text
from liaison.models.notice import NoticeKind
from liaison.reminding import threshold_text
from liaison.selectors.deadline import holder_name, kind_of
from liaison.services.notice import Message

if TYPE_CHECKING:
    from liaison.models import Deadline, User
    from liaison.selectors.subject import SubjectLine


@dataclass(frozen=True, slots=True)
class Outage:
    """Reminders that could not be sent in time: from the last scan (None: there was none) until now."""

    since: dt.datetime | None
    until: dt.datetime
    missed: tuple[int, ...]


def reminder_message(
    *,
    person: User,
    deadline: Deadline,
    today: dt.date,
    as_supervisor: bool,
    line: SubjectLine,
    outage: Outage | None,
) -> Message:
    """What one person is told about one deadline.

    Args:
        as_supervisor: told as the supervising office, not as the one who must act.
        line: title and page of the subject.
        outage: set when this notice makes up for reminders that an outage swallowed.
    """
    days = (deadline.due_on - today).days
    label = kind_of(deadline.kind).label
    head = f"{days_left_text(days)}：{label}"
    if as_supervisor:
        head = f"督办·{head}（{holder_name(deadline)}）"
    if outage:
        head += "（补发）"
    title = f"{head}——{line.title}" if line.title else head
    sentences = [f"“{label}”应于{cn_date(deadline.due_on)}24时前完成。"]
    if as_supervisor:
        sentences = [f"{holder_name(deadline)}的{sentences[0]}现已超期{-days}天，请督促办理。"]
    elif days < 0:
        told = "；督办机构已同时收到提醒" if deadline.supervisor_id else ""
        sentences.append(f"现已超期{-days}天，请尽快办理{told}。")
    elif days == 0:
        sentences.append("今天到期，请今天办结。")
    if deadline.provisional:
        sentences.append("当年放假通知尚未公布，这个日期是暂定的。")
    if outage:
        sentences.append(_outage_text(outage))
    return Message(
        recipient=person,
        kind=NoticeKind.REMINDER,
        title=title,
        body="".join(sentences),
        url=line.url,
    )


def _outage_text(outage: Outage) -> str:
    span = f"（{cn_datetime(outage.since)}至{cn_datetime(outage.until)}）" if outage.since else ""
    missed = "、".join(threshold_text(threshold) for threshold in outage.missed)
    return f"系统曾中断{span}，期间应发的提醒（{missed}）合并为这一条，不再逐条补发。"
