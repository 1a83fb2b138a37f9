"""Where a roster import stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from liaison.exceptions import IllegalTransition
from liaison.permissions import Permission
from liaison.transitions import Transition, TransitionTable

if TYPE_CHECKING:
    from deputies.models import RosterImport
    from liaison.actor import Actor


class RosterStatus(models.TextChoices):
    """Where a roster import (名册导入) stands."""

    READING = "reading", "正在核对"
    PREVIEW = "preview", "待确认"
    APPLYING = "applying", "正在导入"
    DONE = "done", "已导入"
    FAILED = "failed", "未成功"
    DISCARDED = "discarded", "已放弃"


S = RosterStatus


def _nobody_at_work(roster: RosterImport, actor: Actor) -> None:
    """While a worker reads or applies, one waits for it; a worker that gave up is no reason to wait."""
    if roster.is_at_work:
        raise IllegalTransition("后台正在处理这份名册，请等处理结束后再操作。")


#: Every step needs the permission to import; the worker acts as the person who pressed the button.
ROSTER_TRANSITIONS = TransitionTable(
    RosterStatus,
    [
        Transition("read", "核对完成", frozenset({S.READING}), S.PREVIEW, Permission.DEPUTY_IMPORT),
        Transition("reject", "文件不能读取", frozenset({S.READING}), S.FAILED, Permission.DEPUTY_IMPORT),
        Transition(
            "reread",
            "重新核对",
            frozenset({S.READING, S.PREVIEW, S.APPLYING, S.FAILED}),
            S.READING,
            Permission.DEPUTY_IMPORT,
            guard=_nobody_at_work,
        ),
        Transition("confirm", "确认导入", frozenset({S.PREVIEW}), S.APPLYING, Permission.DEPUTY_IMPORT),
        Transition("finish", "导入完成", frozenset({S.APPLYING}), S.DONE, Permission.DEPUTY_IMPORT),
        Transition("refuse", "导入未成功", frozenset({S.APPLYING}), S.FAILED, Permission.DEPUTY_IMPORT),
        Transition(
            "discard",
            "放弃导入",
            frozenset({S.READING, S.PREVIEW, S.APPLYING, S.FAILED}),
            S.DISCARDED,
            Permission.DEPUTY_IMPORT,
            guard=_nobody_at_work,
        ),
    ],
)
