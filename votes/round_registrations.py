"""What the votes package tells the kernel about secret votes: menu, 我的待办, search, audit wording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from liaison.permissions import Permission
from liaison.registry import MenuEntry, SearchHit, SubjectType, TodoItem, registry
from votes.models import Round
from votes.selectors.presiding import search_rounds, teller_work, work_counts
from votes.selectors.voting import votes_waiting
from votes.services.gathering import gathering_drop, gathering_open
from votes.services.round_locking import AUDIT_DETAILS, AUDIT_LABELS, AUDIT_VALUES
from votes.states import RoundStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.actor import Actor

GROUP = "民生实事"
#: The search box shows at most so many votes.
MOST_HITS = 10
#: What waits for the office: state → (label, tab, hint).
_WORK = {
    RoundStatus.OPEN: ("正在投票", "open", "到时间请截止投票"),
    RoundStatus.CLOSED: ("待开箱计票", "count", "须监票人、计票人到场"),
    RoundStatus.COUNTED: ("待宣布结果", "declare", "签字后宣布"),
}


def register() -> None:
    """Called by ``votes.registrations.register()``."""
    registry.appraisal_open = gathering_open
    registry.appraisal_drop = gathering_drop
    registry.menus.append(menu)
    registry.todos.append(todos)
    registry.searches.append(hits)
    registry.add_audit_labels(AUDIT_LABELS)
    registry.add_audit_details(AUDIT_DETAILS, AUDIT_VALUES)
    registry.add_subject(
        SubjectType(
            model_label="votes.Round",
            label="投票",
            visible=Round.objects.visible_to,
            title=str,
            url=Round.get_absolute_url,
        )
    )


def _has_desk(actor: Actor) -> bool:
    return actor.is_congress and actor.can(Permission.PROGRAMME_VIEW)


def menu(actor: Actor) -> Iterator[MenuEntry]:
    """会议投票 for the congress office, 投票 for deputies."""
    if _has_desk(actor):
        yield MenuEntry("会议投票", reverse("rounds:list"), "checklist", group=GROUP)
    elif actor.is_deputy:
        waiting = sum(votes_waiting(actor))
        yield MenuEntry("投票", reverse("ballots:list"), "checklist", group=GROUP, count=waiting or None)


def todos(actor: Actor) -> Iterator[TodoItem]:
    """正在投票 for deputies; what waits for the office; what waits for a teller, whoever they are."""
    if actor.is_system or actor.is_anonymous:
        return
    if actor.is_deputy:
        url = reverse("ballots:list")
        vote, sign_in = votes_waiting(actor)
        yield TodoItem("正在投票", url, vote, "red" if vote else None, "会议正在投票，请签到投票")
        yield TodoItem("会议签到", url, sign_in, hint="输入会场屏幕上的签到码")
    elif _has_desk(actor):
        desk, counts = reverse("rounds:list"), work_counts(actor)
        for status, (label, tab, hint) in _WORK.items():
            if counts[status]:
                yield TodoItem(label, f"{desk}?view={tab}", counts[status], hint=hint)
    for round_, act in teller_work(actor):
        if act == "sign":
            yield TodoItem("请核对结果并签字", reverse("rounds:result", args=[round_.public_id]), 1, hint=round_.title)
        else:
            yield TodoItem(
                "请设置开箱口令", reverse("rounds:passphrase", args=[round_.public_id]), 1, hint=round_.title
            )


def hits(actor: Actor, text: str) -> list[SearchHit]:
    """Votes that the actor may see, by their title."""
    return [
        SearchHit(
            title=round_.title,
            url=round_.get_absolute_url(),
            kind="投票",
            excerpt=f"{round_.get_kind_display()} · {round_.get_status_display()} · {round_.congress.short_name}",
        )
        for round_ in search_rounds(actor, text, limit=MOST_HITS)
    ]
