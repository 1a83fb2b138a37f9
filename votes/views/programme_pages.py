"""What the pages of programmes share: the status of a form, the next action, links to the other parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse

from liaison.exceptions import DomainError
from liaison.permissions import Permission
from votes.forms.programme_fields import VersionedForm
from votes.models import RoundKind
from votes.selectors.candidate import DRAFT_STATES
from votes.selectors.programme import takes_proposals
from votes.services.proposal_entry import ENTRY_STATES
from votes.states import PROGRAMME_TRANSITIONS, ProgrammeStatus, ProposalStatus, RoundStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.core.files.uploadedfile import UploadedFile
    from django.forms import BaseForm
    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict

    from liaison.actor import Actor
    from liaison.faces import ActorRequest
    from votes.models import Programme, Round

PS = ProgrammeStatus


def posted(request: ActorRequest) -> QueryDict | None:
    """What was sent, also when it is nothing at all; None when the form is only asked for."""
    return request.POST if request.method == "POST" else None


def posted_files(request: ActorRequest) -> MultiValueDict[str, UploadedFile[Any]] | None:
    """The files that were sent; None when the form is only asked for."""
    return request.FILES if request.method == "POST" else None


def form_status(form: BaseForm, version: int | None = None) -> int:
    """200, or 422 for wrong values, or what the rule says: 409 when somebody was quicker, 403 when it is not theirs.

    Args:
        version: the record's present one, with which a stale form goes on.
    """
    if not form.errors:
        return 200
    if isinstance(form, VersionedForm) and form.is_stale and version is not None:
        form.show_version(version)
    error = getattr(form, "domain_error", None)
    return error.status if isinstance(error, DomainError) and error.status in {403, 409} else 422


@dataclass(frozen=True, slots=True)
class Act:
    """A button or a link of ``liaison/partials/action_box.html``."""

    label: str
    url: str
    icon: str = "arrow-right"


@dataclass(slots=True)
class ActionBox:
    """What may I do now."""

    title: str
    text: str = ""
    primary: Act | None = None
    others: list[Act] = field(default_factory=list)

    def offer(self, *acts: Act | None) -> None:
        """The first act becomes the button when there is none yet, the others links."""
        for act in acts:
            if act is not None and self.primary is None:
                self.primary = act
            elif act is not None:
                self.others.append(act)


_ACTS = {
    "open_call": ("programmes:open_call", "messages"),
    "close_call": ("programmes:close_call", "clock-pause"),
    "reopen_call": ("programmes:reopen_call", "arrow-back-up"),
    "approve_list": ("programmes:approve_list", "rubber-stamp"),
    "reopen_list": ("programmes:reopen_list", "arrow-back-up"),
    "close": ("programmes:close", "archive"),
}


def link(name: str, *args: Any, query: str = "") -> str:
    """Address of a page of another part; empty where there is none."""
    try:
        return reverse(name, args=args) + query
    except NoReverseMatch:
        return ""


def action_box(
    actor: Actor, programme: Programme, counts: Mapping[str, int], standing: int, rounds: Sequence[Round]
) -> ActionBox:
    """The next action on a programme, the largest thing on its page.

    Args:
        counts: proposals by status.
        standing: how many candidates there are.
        rounds: the programme's votes, the oldest first.
    """
    if not actor.is_congress:
        return _proposers_box(actor, programme, rounds)
    waiting = counts.get(ProposalStatus.RECEIVED, 0)
    box = ActionBox(*_words(programme, waiting, standing))
    if programme.status == PS.VOTING:
        _declared(box, rounds)
    acts = {step.name: step.label for step in PROGRAMME_TRANSITIONS.available(programme, actor)}
    steps = {
        name: Act(acts[name], reverse(route, args=[programme.public_id]), icon)
        for name, (route, icon) in _ACTS.items()
        if name in acts
    }
    own = actor.can(Permission.PROGRAMME_EDIT) and programme.office_id == actor.organisation_id
    pid = programme.public_id
    screen = Act("筛选项目建议", reverse("proposals:desk", args=[pid]), "checklist")
    listing = Act("查看候选项目", reverse("candidates:list", args=[pid]), "list-check")
    ended = programme.status == PS.COLLECTING and not takes_proposals(programme)
    if programme.status == PS.PREPARING:
        box.offer(steps.get("open_call"))
    elif programme.status == PS.COLLECTING:
        box.offer(*([steps.get("close_call"), screen] if ended else [screen, steps.get("close_call")]))
    elif programme.status == PS.SCREENING:
        ready = not waiting and standing > programme.places
        box.offer(
            *([steps.get("approve_list"), listing, screen] if ready else [screen, listing, steps.get("approve_list")])
        )
        box.offer(steps.get("reopen_call"))
    else:
        box.offer(*_after_list(actor, programme, steps, rounds, own=own))
        box.offer(listing, steps.get("reopen_list"))
    if own and programme.status in ENTRY_STATES:
        box.offer(
            Act("录入纸质建议", reverse("proposals:paper", args=[pid]), "pencil"),
            Act("导入建议表格", reverse("proposals:import", args=[pid]), "file-import"),
        )
    if own and programme.status in DRAFT_STATES:
        box.offer(Act("拟定候选项目", reverse("candidates:new", args=[pid]), "plus"))
    if own and programme.status != PS.CLOSED:
        box.offer(Act("修改年度安排", reverse("programmes:edit", args=[pid]), "settings"))
    return box


def _declared(box: ActionBox, rounds: Sequence[Round]) -> bool:
    """Whether the newest vote is over and its result known; the box then says so."""
    over = bool(rounds) and rounds[-1].status == RoundStatus.DECLARED
    if over:
        box.title, box.text = "票决结果已宣布", "通过的项目转入组织实施后，进展在“项目实施”和公开页面查看。"
    return over


def _words(programme: Programme, waiting: int, standing: int) -> tuple[str, str]:
    text = {
        PS.PREPARING: ("核对年度安排，开始征集", "开始后，公开页面接收群众建议，代表和部门收到消息。"),
        PS.COLLECTING: (f"正在征集，{waiting}件建议待筛选", "征集期间就可以合并同类建议、拟定候选项目。"),
        PS.SCREENING: (
            f"筛选初定：{waiting}件建议待筛选，已有{standing}件候选项目",
            f"应选{programme.places}件，候选项目至少要有{programme.places + 1}件，由审核人审定。",
        ),
        PS.LISTED: (f"候选项目已定，共{standing}件", "等待人民代表大会会议票决。代表可以查看并提出意见。"),
        PS.VOTING: ("会议正在票决", f"应选{programme.places}件，以全体代表过半数赞成通过。"),
        PS.UNDERWAY: ("项目正在组织实施", "责任单位按季度报送进展。"),
        PS.APPRAISING: ("正在评议", "人民代表大会会议对项目实施情况进行满意度测评。"),
        PS.CLOSED: ("这一年度已经结束", ""),
    }
    return text[PS(programme.status)]


def _after_list(
    actor: Actor, programme: Programme, steps: Mapping[str, Act], rounds: Sequence[Round], *, own: bool
) -> list[Act]:
    """What comes once the list is approved: the vote, the carrying out, the appraisal, the end of the year."""
    last = rounds[-1] if rounds else None
    pid = programme.public_id
    works = Act("查看实施项目", link("projects:desk", query=f"?year={programme.year}"), "report-analytics")
    here = Act(f"打开投票：{last.title}", last.get_absolute_url(), "gavel") if last is not None else None
    votes = own and actor.can(Permission.ROUND_RUN)
    asked = "projects" if programme.status in {PS.LISTED, PS.VOTING} else "appraisal"
    label = "建立票决" if asked == "projects" else "建立满意度测评"
    anew = Act(label, link("rounds:new", query=f"?kind={asked}&programme={pid}"), "plus") if votes else None
    appraised = last is not None and last.kind == RoundKind.APPRAISAL and last.status == RoundStatus.DECLARED
    start = None
    if "begin_work" in {step.name for step in PROGRAMME_TRANSITIONS.available(programme, actor)}:
        start = Act("转入组织实施", link("projects:start", pid), "player-play")
    order: dict[str, list[Act | None]] = {
        PS.LISTED: [here, anew] if rounds else [anew],
        PS.VOTING: [start, here, anew] if last is not None and last.status == RoundStatus.DECLARED else [here, anew],
        PS.UNDERWAY: [works, anew, here],
        PS.APPRAISING: [steps.get("close"), here, works] if appraised else [here, works, anew, steps.get("close")],
        PS.CLOSED: [works, here],
    }
    return [act for act in order[programme.status] if act is not None and act.url]


def _proposers_box(actor: Actor, programme: Programme, rounds: Sequence[Round]) -> ActionBox:
    pid = programme.public_id
    mine = Act("我提的建议" if actor.is_deputy else "本单位提的建议", reverse("proposals:mine"), "message-2")
    listing = Act("查看候选项目", reverse("candidates:list", args=[pid]), "list-check")
    if actor.can(Permission.PROPOSAL_WRITE) and takes_proposals(programme):
        box = ActionBox("正在征集项目建议", "您提的建议和办理结果，可以在“我的项目建议”里查看。")
        box.offer(Act("提项目建议", reverse("proposals:new", args=[pid])), mine)
    elif programme.status in {PS.COLLECTING, PS.SCREENING}:
        box = ActionBox("征集已经截止，正在筛选", "候选项目审定后，会在这里公布。")
        box.others.append(mine)
    elif programme.status == PS.PREPARING:
        box = ActionBox("还没有开始征集", "开始征集后会发消息通知您。")
    else:
        box = ActionBox(*_words(programme, 0, 0))
        if programme.status == PS.LISTED:
            box.title = "候选项目已定"
            box.text = "可以查看候选项目，票决前提出审议意见。" if actor.is_deputy else "等待人民代表大会会议票决。"
        if programme.status == PS.VOTING and actor.is_deputy and not _declared(box, rounds):
            box.offer(Act("去投票", link("ballots:list"), "gavel"))
        box.offer(listing)
        box.others.append(mine)
    return box
