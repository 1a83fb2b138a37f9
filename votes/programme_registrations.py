"""What the votes package tells the kernel about the year's programme, proposals and candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from liaison.lights import light_of
from liaison.permissions import Permission
from liaison.registry import DeadlineKind, MenuEntry, SearchHit, SubjectType, TodoItem, registry
from liaison.search import passage
from votes.models import Candidate, Programme, Proposal
from votes.selectors.candidate import search_candidates
from votes.selectors.programme import CALL_DEADLINE, LIST_DEADLINE, open_calls, search_programmes
from votes.selectors.programme_desk import waiting_for
from votes.selectors.proposal import search_proposals
from votes.states import CANDIDATE_TRANSITIONS, PROGRAMME_TRANSITIONS, PROPOSAL_TRANSITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.actor import Actor

GROUP = "民生实事"
#: The search box shows at most so many of each.
MOST_HITS = 6

AUDIT_LABELS = {
    "programme.create": "建立年度安排（民生实事）",
    "programme.edit": "修改年度安排（民生实事）",
    "proposal.submit": "收到项目建议",
    "proposal.import": "导入项目建议",
    "proposal.unmask": "查看建议人联系方式",
    "candidate.create": "拟定候选项目",
    "candidate.edit": "修改候选项目",
    "candidate.renumber": "调整候选项目序号",
    "candidate.comment": "对候选项目提出意见",
    "candidate.answer": "答复对候选项目的意见",
    **{f"programme.{step.name}": f"{step.label}（民生实事）" for step in PROGRAMME_TRANSITIONS.rows()},
    **{f"proposal.{step.name}": f"{step.label}（项目建议）" for step in PROPOSAL_TRANSITIONS.rows()},
    **{f"candidate.{step.name}": f"{step.label}（候选项目）" for step in CANDIDATE_TRANSITIONS.rows()},
}
DETAIL_LABELS = {
    "year": "年度",
    "places": "应选项目数",
    "days": "征集天数",
    "candidates": "候选项目数",
    "unscreened": "未筛选的建议",
    "call_until": "征集截止",
    "points": "不符合的要点",
    "candidate": "候选项目",
    "from_proposal": "来自建议",
    "channel": "渠道",
    "before": "原来的处理",
    "target": "并入",
    "new": "新增",
}


def register() -> None:
    """Called by ``votes.registrations.register()``."""
    registry.menus.append(menu)
    registry.todos.append(todos)
    registry.searches.append(hits)
    registry.add_audit_labels(AUDIT_LABELS)
    registry.add_audit_details(DETAIL_LABELS)
    registry.add_deadline_kind(
        DeadlineKind(CALL_DEADLINE, "征集截止", "公告的征集期至少30天（年度安排可调整）。", thresholds=(5, 1, 0))
    )
    registry.add_deadline_kind(DeadlineKind(LIST_DEADLINE, "审定候选项目", "按年度安排，在会议票决前审定候选项目。"))
    registry.add_subject(
        SubjectType(
            model_label="votes.Programme",
            label="年度民生实事项目",
            visible=Programme.objects.visible_to,
            title=str,
            url=Programme.get_absolute_url,
            related=("congress__region",),
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="votes.Proposal",
            label="项目建议",
            visible=Proposal.objects.visible_to,
            title=str,
            url=Proposal.get_absolute_url,
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="votes.Candidate",
            label="候选项目",
            visible=Candidate.objects.visible_to,
            title=str,
            url=Candidate.get_absolute_url,
        )
    )


def _is_staff(actor: Actor) -> bool:
    return actor.is_congress and actor.can(Permission.PROGRAMME_VIEW)


def menu(actor: Actor) -> Iterator[MenuEntry]:
    """The programmes for staff, units and deputies; their own proposals for those who propose.

    What waits is counted on 我的待办 only: the menu stands on every page and asks nothing.
    """
    if actor.is_system:
        return
    if actor.can(Permission.PROGRAMME_VIEW):
        yield MenuEntry("民生实事项目", reverse("programmes:list"), "target", group=GROUP)
    if actor.can(Permission.PROPOSAL_WRITE):
        label = "我的项目建议" if actor.is_deputy else "本单位的项目建议"
        yield MenuEntry(label, reverse("proposals:mine"), "message-2", group=GROUP)


def todos(actor: Actor) -> Iterator[TodoItem]:
    """待筛选的项目建议 and calls that end, for the office; open calls for deputies and departments."""
    if actor.is_system:
        return
    if _is_staff(actor):
        waiting = waiting_for(actor)
        if actor.can(Permission.PROGRAMME_EDIT) and waiting.programmes:
            url = waiting.url or f"{reverse('programmes:list')}?mine=1"
            yield TodoItem("待筛选的项目建议", url, waiting.proposals, hint="合并、列入候选或者不予采纳")
            light = light_of(waiting.due_on)
            hint = f"征集截止、审定候选项目，最急的{light.days_left_text}" if light else "征集截止、审定候选项目"
            yield TodoItem(
                "民生实事到期事项",
                reverse("programmes:list"),
                waiting.clocks,
                light.code if light and waiting.clocks else None,
                hint,
            )
    elif actor.can(Permission.PROPOSAL_WRITE):
        calls = open_calls(actor)
        if calls:
            yield TodoItem(
                "正在征集民生实事项目",
                reverse("programmes:list"),
                len(calls),
                hint="欢迎提出项目建议",
            )


def hits(actor: Actor, text: str) -> list[SearchHit]:
    """Programmes, candidates and proposals that the actor may see."""
    if actor.is_system or not actor.can(Permission.PROGRAMME_VIEW):
        return []
    found = [
        SearchHit(
            title=str(programme),
            url=programme.get_absolute_url(),
            kind="民生实事",
            excerpt=programme.get_status_display(),
        )
        for programme in search_programmes(actor, text, limit=MOST_HITS)
    ]
    found += [
        SearchHit(
            title=candidate.name,
            url=candidate.get_absolute_url(),
            kind="候选项目",
            excerpt=f"{candidate.programme} · {candidate.get_status_display()}",
        )
        for candidate in search_candidates(actor, text, limit=MOST_HITS)
    ]
    found += [
        SearchHit(
            title=proposal.title,
            url=proposal.get_absolute_url(),
            kind="项目建议",
            excerpt=f"{proposal.programme} · {proposal.get_status_display()}",
            passage=passage(proposal.content, text, title=proposal.title),
        )
        for proposal in search_proposals(actor, text, limit=MOST_HITS)
    ]
    return found
