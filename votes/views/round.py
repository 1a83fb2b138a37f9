"""Staff's pages of votes: the list, setting one up, the presiding page and what it polls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.exceptions import NotFound
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.qr import qr_of
from liaison.selectors.counts import count_text
from liaison.selectors.timeline import timeline_of
from votes.forms.round import RoundFilterForm, RoundForm, lines_text
from votes.models import RoundKind
from votes.models.round import CHOOSING
from votes.selectors import presiding
from votes.selectors.ratings import conclusion_of
from votes.selectors.result import result_sheet
from votes.selectors.round import get_round_for, options_of, presence, tellers_of
from votes.selectors.voting import takes_ballots
from votes.services.roll import roll_prepare, session_code_renew
from votes.services.round import round_create, round_edit
from votes.states import RoundStatus
from votes.views.round_acts import own_round, staff_round
from votes.views.round_pages import Record, action_box, checks_of, facts_of, steps_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deputies.models import Congress
    from votes.models import Programme, Round

#: While a round stands in one of these, its numbers move.
MOVING = frozenset({RoundStatus.PREPARING, RoundStatus.OPEN})


def record_of(request: ActorRequest, round_: Round) -> Record:
    """A round with what its page looks at."""
    return Record(
        round=round_,
        options=options_of(round_),
        tellers=tellers_of(round_),
        presence=presence(round_),
        may_run=presiding.may_run(request.actor, round_),
        may_approve=request.actor.can(P.PROGRAMME_APPROVE),
        is_open_question=presiding.is_open_question(round_),
        user_id=request.actor.user_id,
    )


@require_safe
@requires(P.ROUND_RUN, P.PROGRAMME_VIEW)
def index(request: ActorRequest) -> HttpResponse:
    """All rounds by state; the address holds tab, filters and place. Deputies have a list of their own."""
    if not request.actor.is_congress:
        return redirect("ballots:list" if request.actor.is_deputy else "open_rounds:list")
    form = RoundFilterForm(request.GET or None, this_year=timezone.localdate().year)
    conditions = form.conditions if form.is_bound else presiding.Conditions()
    tab = presiding.tab_of(request.GET.get("view", ""))
    page = keyset_page(
        presiding.desk_rounds(request.actor, tab, conditions), params=request.GET, path=request.path, order=("-id",)
    )
    context = {
        "tab": tab,
        "views": _tabs(request, tab, presiding.desk_counts(request.actor, conditions)),
        "filter_form": form,
        "keep": [("view", tab.code)],
        "page": page,
        "may_create": request.actor.can(P.ROUND_RUN),
    }
    return render(request, "votes/round_list.html", context)


def _tabs(request: ActorRequest, active: presiding.Tab, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    views = []
    for tab in presiding.TABS:
        query = request.GET.copy()
        for name in ("after", "before"):
            query.pop(name, None)
        query["view"] = tab.code
        views.append(
            {
                "label": tab.label,
                "url": f"{request.path}?{query.urlencode()}",
                "count": count_text(counts[tab.code]) if counts[tab.code] else 0,
                "active": tab == active,
            }
        )
    return views


# ── setting one up ───────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ROUND_RUN)
def new(request: ActorRequest) -> HttpResponse:
    """新建投票: first what is voted on, then the form."""
    kind = request.GET.get("kind", "")
    if kind not in RoundKind.values or kind == RoundKind.RUN_OFF:
        return _choose(request)
    programme, congress = _subject(request, kind)
    form = RoundForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        sessions=presiding.sessions_of(congress),
        candidates=presiding.candidate_count(programme) if programme and kind in CHOOSING else 0,
        projects=presiding.projects_to_appraise(programme) if programme and kind == RoundKind.APPRAISAL else (),
        initial=_first_values(kind, programme, congress),
    )
    if form.is_bound and form.is_valid():
        done = call(
            form,
            round_create,
            actor=request.actor,
            congress_public_id=congress.public_id,
            programme_public_id=programme.public_id if programme else None,
            kind=kind,
            options=form.option_inputs,
            **form.values,
        )
        if done is not None:
            messages.success(request, f"已建立“{done.title}”，代表名册{done.roll_count}名已生成。")
            return redirect(done)
    context = {
        "act": "新建投票",
        "form": form,
        "programme": programme,
        "kind_label": RoundKind(kind).label,
        "submit_label": "建立投票",
        "cancel_url": reverse("rounds:new"),
    }
    return render(request, "votes/round_form.html", context, status=422 if form.errors else 200)


def _subject(request: ActorRequest, kind: str) -> tuple[Programme | None, Congress]:
    """The programme (of a vote on projects, or their appraisal) and the congress that the address names."""
    if kind in {RoundKind.PROJECTS, RoundKind.APPRAISAL}:
        programme = presiding.own_programme(request.actor, _uuid(request.GET.get("programme", "")))
        if programme is None:
            raise NotFound
        return programme, programme.congress
    wanted = request.GET.get("congress", "")
    for congress in presiding.own_congresses(request.actor):
        if str(congress.public_id) == wanted:
            return None, congress
    raise NotFound


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _first_values(kind: str, programme: Programme | None, congress: Congress) -> dict[str, Any]:
    label = RoundKind(kind).label
    if programme is None:
        return {"title": f"{congress.short_name}{timezone.localdate().year}年{label}", "scale": "three"}
    return {
        "title": f"{programme}{'票决' if kind in CHOOSING else label}",
        "session_id": programme.session_id,
        "places": programme.places,
        "scale": programme.scale,
    }


def _choose(request: ActorRequest) -> HttpResponse:
    actor, path = request.actor, request.path

    def group(kind: RoundKind, hint: str, empty: str, rows: list[Any], name: str) -> dict[str, Any]:
        links = [
            {"label": str(row), "action": "建立投票", "url": f"{path}?kind={kind.value}&{name}={row.public_id}"}
            for row in rows
        ]
        return {"label": kind.label, "hint": hint, "empty": empty, "links": links}

    congresses = presiding.own_congresses(actor)
    no_congress = "本机构没有对应的人民代表大会。"
    choices = [
        group(
            RoundKind.PROJECTS,
            "由全体代表从候选项目中票决，候选项目审定以后可以建立。",
            "没有已审定候选项目的年度。",
            presiding.programmes_to_vote(actor),
            "programme",
        ),
        group(
            RoundKind.APPRAISAL,
            "代表对正在实施的项目逐项测评。",
            "没有正在组织实施的年度。",
            presiding.programmes_to_appraise(actor),
            "programme",
        ),
        group(RoundKind.DUTY, "评议由人大任命的人员，或者法官、检察官。", no_congress, congresses, "congress"),
        group(RoundKind.REPORT, "代表向选民报告履职情况后的测评。", no_congress, congresses, "congress"),
    ]
    return render(request, "votes/round_kind.html", {"act": "新建投票", "choices": choices})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ROUND_RUN)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """修改投票 before it opens; afterwards only the closing time."""
    round_ = own_round(request, public_id)
    options = options_of(round_)
    initial = {
        "version": round_.version,
        "title": round_.title,
        "session_id": round_.session_id,
        "places": round_.places,
        "scale": round_.scale,
        "closes_at": round_.closes_at,
        "is_public": round_.is_public,
        "lines": lines_text(options),
    }
    form = RoundForm(
        request.POST if request.method == "POST" else None,
        kind=round_.kind,
        sessions=presiding.sessions_of(round_.congress),
        candidates=len(options) if round_.chooses else 0,
        projects=presiding.projects_to_appraise(round_.programme) if round_.programme and not round_.chooses else (),
        initial=initial,
    )
    if "projects" in form.fields:
        form.fields["projects"].initial = [str(one.project.public_id) for one in options if one.project]
    if round_.status != RoundStatus.PREPARING:
        for name in set(form.fields) - {"closes_at", "version"}:
            del form.fields[name]
    if form.is_bound and form.is_valid():
        values = form.values | (
            {"options": form.option_inputs} if "lines" in form.fields or "projects" in form.fields else {}
        )
        done = call(
            form,
            round_edit,
            actor=request.actor,
            public_id=public_id,
            version=form.cleaned_data.get("version"),
            values=values,
        )
        if done is not None:
            messages.success(request, "投票设置已保存。")
            return redirect(done)
    context = {
        "act": "修改投票" if round_.status == RoundStatus.PREPARING else "调整截止时间",
        "round": round_,
        "form": form,
        "programme": round_.programme,
        "kind_label": round_.get_kind_display(),
        "cancel_url": round_.get_absolute_url(),
    }
    return render(request, "votes/round_form.html", context, status=422 if form.errors else 200)


# ── the presiding page ───────────────────────────────────────────────────────────────────────────
@require_safe
@requires(P.ROUND_RUN, P.PROGRAMME_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """会议主持页: what it is, where it stands, what is to be done next. A deputy is led to the ballot."""
    if request.actor.is_deputy:
        return redirect("ballots:ballot", public_id)
    round_ = get_round_for(request.actor, public_id)
    if not request.actor.is_congress:
        return redirect("open_rounds:detail", public_id)
    if round_.is_gathering:
        return redirect(round_)
    record = record_of(request, round_)
    context = {
        "round": round_,
        "options": record.options,
        "may_run": record.may_run,
        "steps": steps_of(round_),
        "next": action_box(record),
        "facts": facts_of(record),
        "checks": checks_of(record) if round_.status == RoundStatus.PREPARING else [],
        "conclusion": _conclusion(record),
        "shows_turnout": record.presence.roll > 0 and round_.status != RoundStatus.VOID,
        # Whoever types the code says that they are in the hall: it is shown by those who run the vote only.
        "shows_code": record.may_run and round_.status in MOVING,
        "timeline": timeline_of([round_], slot_titles={}),
        **_turnout(record.presence, round_),
    }
    return render(request, "votes/round_detail.html", context)


def _conclusion(record: Record) -> str:
    """The result in a sentence, for those who may know it already."""
    round_ = record.round
    sheet = result_sheet(round_) if record.may_run or round_.status == RoundStatus.DECLARED else None
    return conclusion_of(round_, sheet) if sheet else ""


def _turnout(here: Any, round_: Round) -> dict[str, Any]:
    return {
        "presence": here,
        "quorum_missing": max(here.quorum - here.attended, 0),
        "now": timezone.now(),
        "polls": round_.status in MOVING,
        "takes": takes_ballots(round_),
    }


@require_safe
@never_cache
@requires(P.ROUND_RUN, P.PROGRAMME_VIEW)
def turnout(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Numbers for the presiding page's poll: how many, never what."""
    round_ = staff_round(request, public_id)
    context = {"round": round_, **_turnout(presence(round_), round_)}
    response = render(request, "votes/round_turnout.html", context)
    if "taking" in request.GET and not context["takes"]:
        # The last moment has come, or somebody closed the vote: what is to be done next stands on the whole page.
        response["HX-Refresh"] = "true"
    return response


@require_safe
@never_cache
@requires(P.ROUND_RUN)
def hall(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The session code for the hall's screen, huge; asks again by itself."""
    round_ = own_round(request, public_id)
    template = "votes/round_hall_code.html" if request.htmx else "votes/round_hall.html"
    is_over = round_.status == RoundStatus.OPEN and not takes_ballots(round_)
    context = {"round": round_, "presence": presence(round_), "is_over": is_over}
    if round_.session_code and not is_over and not request.htmx:
        context["qr"] = qr_of(request.build_absolute_uri(reverse("ballots:ballot", args=[public_id])))
    return render(request, template, context)


@require_POST
@requires(P.ROUND_RUN)
def prepare_roll(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """生成名册 anew from the mandates in force."""
    round_ = roll_prepare(actor=request.actor, public_id=public_id)
    messages.success(request, f"名册已按现任代表生成，共{round_.roll_count}名。已签到的仍算签到。")
    return redirect("rounds:roll", public_id)


@require_POST
@requires(P.ROUND_RUN)
def renew_code(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """更换签到码."""
    round_ = session_code_renew(actor=request.actor, public_id=public_id)
    messages.success(request, "签到码已更换，原来的不能再用。")
    return redirect(round_)
