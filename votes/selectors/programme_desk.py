"""What waits in an office's programmes, and a programme's record as its page shows it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from liaison.dates import cn_date
from liaison.models import Deadline
from liaison.permissions import Permission
from liaison.selectors.deadline_view import DeadlineView, deadlines_of
from liaison.selectors.timeline import TimelineEntry, timeline_of
from votes.models import Candidate, Programme, Project, Proposal
from votes.selectors.programme import CALL_DEADLINE, LIST_DEADLINE
from votes.states import STAGE_OF, ProgrammeStatus, ProposalStatus, Stage

if TYPE_CHECKING:
    from liaison.actor import Actor


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for an office.

    Args:
        programmes: how many programmes of its own it collects or screens.
        proposals: proposals to be screened.
        clocks: open clocks of its programmes; ``due_on`` is the nearest.
        url: the screening desk, when only one programme has proposals waiting.
    """

    programmes: int = 0
    proposals: int = 0
    clocks: int = 0
    due_on: dt.date | None = None
    url: str = ""


def waiting_for(actor: Actor) -> Waiting:
    """What waits for the actor's own office (three queries)."""
    if actor.organisation_id is None or not actor.can(Permission.PROGRAMME_VIEW):
        return Waiting()
    own = Programme.objects.visible_to(actor).filter(
        office_id=actor.organisation_id, status__in=[ProgrammeStatus.COLLECTING, ProgrammeStatus.SCREENING]
    )
    ids = dict(own.values_list("pk", "public_id"))
    if not ids:
        return Waiting()
    waiting = list(
        Proposal.objects.filter(programme__in=ids, status=ProposalStatus.RECEIVED)
        .order_by()
        .values_list("programme_id", flat=True)[:1000]
    )
    due = list(
        Deadline.objects.open()
        .filter(
            kind__in=[CALL_DEADLINE, LIST_DEADLINE],
            content_type=ContentType.objects.get_for_model(Programme),
            object_id__in=list(ids),
        )
        .values_list("due_on", flat=True)
    )
    only = set(waiting)
    url = reverse("proposals:desk", args=[ids[next(iter(only))]]) if len(only) == 1 else ""
    return Waiting(len(ids), len(waiting), len(due), min(due, default=None), url)


@dataclass(frozen=True, slots=True)
class StageView:
    """One of the four stages: ``state`` is done, here or todo."""

    label: str
    state: str
    days: str


#: Which dates of the plan a stage shows, first and last.
_STAGE_DATES = {
    Stage.COLLECTION: ("call_from", "list_on"),
    Stage.VOTE: ("vote_on", "vote_on"),
    Stage.WORK: ("vote_on", "finish_on"),
    Stage.APPRAISAL: ("appraise_on", "appraise_on"),
}


def stages_of(programme: Programme) -> list[StageView]:
    """The steps bar: 征集初定 → 审议票决 → 组织实施 → 监督评议, with planned dates."""
    order = list(Stage)
    here = order.index(STAGE_OF[programme.status])
    closed = programme.status == ProgrammeStatus.CLOSED
    views = []
    for place, stage in enumerate(order):
        state = "done" if closed or place < here else "here" if place == here else "todo"
        views.append(StageView(stage.label, state, _days(programme, *_STAGE_DATES[stage])))
    return views


def _days(programme: Programme, first: str, last: str) -> str:
    days: list[dt.date] = [day for name in dict.fromkeys((first, last)) if (day := getattr(programme, name))]
    return " 至 ".join(f"{day.year}年{day.month}月{day.day}日" for day in days)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of ``liaison/partials/summary_list.html``."""

    label: str
    value: str


def plan_of(programme: Programme) -> list[Fact]:
    """The plan in words: dates, places, who is responsible; what is not filled is left out."""
    call = ""
    if programme.call_from and programme.call_until:
        days = (programme.call_until - programme.call_from).days + 1
        call = f"{cn_date(programme.call_from)}至{cn_date(programme.call_until)}，共{days}天"
    contact = " ".join(part for part in (programme.contact, programme.contact_phone) if part)
    rows = [
        ("应选项目", f"{programme.places}件"),
        ("征集时间", call),
        ("初定候选项目", _day(programme.list_on)),
        ("会议票决", _day(programme.vote_on)),
        ("项目完成", _day(programme.finish_on)),
        ("满意度测评", _day(programme.appraise_on)),
        ("票决会议", str(programme.session) if programme.session else ""),
        ("承办机构", programme.office.display),
        ("分管负责人", programme.leader),
        ("联系人", contact),
    ]
    return [Fact(label, value) for label, value in rows if value]


def settings_of(programme: Programme) -> list[Fact]:
    """The settings of this congress, for staff."""
    return [
        Fact("征集最短天数", f"{programme.min_call_days}天"),
        Fact("差额比例", f"{programme.extra_percent}%，至少多1件"),
        Fact("季报报送期限", f"季后{programme.report_days}天"),
        Fact("测评档次", programme.get_scale_display()),
        Fact("向社会公开", "公开" if programme.is_public else "不公开"),
    ]


def _day(day: dt.date | None) -> str:
    return cn_date(day) if day else ""


def projects_of(actor: Actor, programme: Programme) -> list[Project]:
    """The projects of a programme being carried out that the actor sees."""
    found = Project.objects.visible_to(actor).filter(programme=programme).select_related("candidate")
    return list(found.order_by("candidate__number"))


def programme_clocks(programme: Programme) -> list[DeadlineView]:
    """The clocks of a programme that run."""
    return deadlines_of([programme], open_only=True)


def programme_timeline(actor: Actor, programme: Programme) -> list[TimelineEntry]:
    """Everything that happened to a programme; only congress staff see its clocks and who was told."""
    if actor.is_congress:
        return timeline_of([programme], slot_titles={}, notice_urls=[programme.get_absolute_url()])
    return timeline_of([programme], slot_titles={}, hidden_deadlines=[CALL_DEADLINE, LIST_DEADLINE])


def proposal_timeline(actor: Actor, proposal: Proposal) -> list[TimelineEntry]:
    """Everything that happened to a proposal."""
    urls = [proposal.get_absolute_url()] if actor.is_congress else []
    return timeline_of([proposal], slot_titles={}, notice_urls=urls)


def candidate_timeline(candidate: Candidate) -> list[TimelineEntry]:
    """Everything that happened to a candidate."""
    return timeline_of([candidate], slot_titles={"picture": "图片"})
