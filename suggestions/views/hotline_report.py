"""转12345办理 for staff and for deputies: lists, one report with its chain, passing on, solved or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from liaison.dates import cn_datetime
from liaison.exceptions import IllegalTransition, NotAllowed
from liaison.faces import ActorRequest, call, requires
from liaison.masking import mask_text
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.deadline_view import deadlines_of
from suggestions.forms.hotline_report import (
    DeputyReportForm,
    DirectReportForm,
    PassOnForm,
    SolvedForm,
    UnsolvedForm,
)
from suggestions.selectors.hotline_report import (
    TABS,
    by_light,
    facts_of,
    get_report_for,
    is_reporter,
    report_rows,
    report_timeline,
    tab_counts,
    tab_of,
)
from suggestions.selectors.hotline_settings import hotline_for, scope_rules
from suggestions.selectors.my_opinion import my_stations
from suggestions.selectors.opinion_record import get_opinion_for
from suggestions.services.hotline_report import opinion_report, report_direct, report_judge, report_pass
from suggestions.states import OPINION_TRANSITIONS
from suggestions.views.acts import form_status, posted
from suggestions.views.next_action import Action, NextAction
from suggestions.views.transfer_pages import Fact

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from suggestions.forms.fields import VersionedForm
    from suggestions.models import HotlineReport

METHODS = ["GET", "HEAD", "POST"]
_LIGHTS = ("amber", "red", "overdue")


def _list(request: ActorRequest, path: str, template: str) -> HttpResponse:
    tab = tab_of(request.GET.get("tab", ""))
    rows, light = report_rows(request.actor, tab), request.GET.get("light", "")
    if light in _LIGHTS:
        rows = by_light(rows, light)
    page = keyset_page(rows, params=request.GET, path=path, size=30)
    counts = tab_counts(request.actor)
    context = {
        "tab": tab,
        "views": [
            {
                "label": one.label,
                "url": f"{path}?tab={one.code}",
                "count": counts.get(one.code),
                "active": one == tab,
            }
            for one in TABS
        ],
        "page": page,
        "rows": [(one, mask_text(one.title)) for one in page.items],
        "light": light if light in _LIGHTS else "",
    }
    return render(request, template, context)


@require_safe
@requires(P.HOTLINE_VIEW)
def reports(request: ActorRequest) -> HttpResponse:
    """转12345办理, for staff."""
    return _list(request, reverse("hotline:reports"), "suggestions/hotline_report_list.html")


@require_safe
@requires(P.HOTLINE_VIEW)
def report(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One report, for staff."""
    found = get_report_for(request.actor, public_id)
    context = _record(request, found) | {
        "opinion_url": found.opinion.get_absolute_url(),
        "list_url": reverse("hotline:reports"),
        "list_label": "转12345办理",
    }
    return render(request, "suggestions/hotline_report_detail.html", context)


def _record(request: ActorRequest, found: HotlineReport) -> dict[str, Any]:
    deadlines = deadlines_of([found])
    return {
        "report": found,
        "shown": facts_of(found),
        "title": mask_text(found.title),
        "next": _next(request, found),
        "timeline": report_timeline(found),
        "open_deadlines": [one for one in deadlines if one.is_open],
        "facts": _facts(found),
    }


def _facts(found: HotlineReport) -> list[Fact]:
    judged = {True: "已解决", False: "没有解决", None: ""}[found.solved]
    rows = [
        ("诉求类型", found.get_kind_display()),
        ("热线中心", found.client.organisation.name),
        ("热线工单编号", found.hotline_no),
        ("承办单位", found.unit_name),
        ("转办人", f"{found.mandate.person.name}代表" if found.mandate else found.office.name),
        ("情况复杂", "是" if found.is_complex else ""),
        ("受理范围说明", found.scope_note),
        ("转办时间", cn_datetime(found.created_at)),
        ("反馈时间", cn_datetime(found.replied_at) if found.replied_at else ""),
        ("转告群众", cn_datetime(found.passed_at) if found.passed_at else ""),
        ("评判", f"{judged}{f'：{mask_text(found.solved_words)}' if found.solved_words else ''}" if judged else ""),
    ]
    return [Fact(label, value) for label, value in rows if value]


def _next(request: ActorRequest, found: HotlineReport) -> NextAction:
    """What may be done with it now, or whom everybody waits for. No query."""
    space = "my_hotline" if request.actor.is_deputy else "hotline"
    key = [found.public_id]
    passing = Action("转告反映人", reverse(f"{space}:pass", args=key), icon="message-2")
    solved = Action("已解决", reverse(f"{space}:solved", args=key), icon="circle-check")
    unsolved = Action("没有解决，要求重办", reverse(f"{space}:unsolved", args=key), icon="refresh")
    again = [] if found.reopened else [unsolved]
    mine = is_reporter(request.actor, found) and request.actor.can(P.HOTLINE_REPORT)
    if found.has_answer and mine:
        if found.passed_at is None:
            return NextAction("热线已反馈，请转告反映人", "转告以后，再看是不是真的解决了。", passing, again)
        if found.solved is None:
            text = "向反映人或者到现场了解一下。" + ("" if again else "已经要求重办过一次，不能再要求。")
            return NextAction("解决了吗？", text, solved, again)
        return NextAction("已解决" if found.solved else "没有解决", "", None, [])
    if found.has_answer and found.passed_at is None:
        return NextAction(found.get_status_display(), "由转办的代表或者机构转告反映人。")
    if found.has_answer:
        judged = {True: "转办人认为已解决。", False: "转办人认为没有解决。", None: "等转办人评判是否已解决。"}
        return NextAction(found.get_status_display(), f"已转告反映人。{judged[found.solved]}")
    return NextAction(found.get_status_display(), _WAITING.get(found.status, ""))


_WAITING = {
    "submitted": "已发给热线，等待热线受理。",
    "accepted": "热线正在派单。",
    "dispatched": "等待承办单位签收，不属于它的会退单。",
    "signed": "承办单位正在办理。",
    "returned": "热线会重新派单。",
    "reopened": "已告诉热线，等待重新办理。",
    "not_accepted": "已退回重新分办，理由见下方。",
    "withdrawn": "没有交给热线办理。",
}


# -- acts ----------------------------------------------------------------------------------------------
def _act(
    request: ActorRequest,
    public_id: UUID,
    make: type[VersionedForm],
    service: Callable[..., Any],
    *,
    initial: dict[str, Any] | None = None,
    done: str,
    heading: str,
    submit_label: str,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """A page of one act on a report that is the actor's own."""
    found = get_report_for(request.actor, public_id)
    if not is_reporter(request.actor, found):
        raise NotAllowed("这件由其他代表或者机构转办，您可以查看，不能代为办理。")
    if request.method != "POST" and not found.has_answer:
        raise IllegalTransition(f"热线还没有反馈，当前是“{found.get_status_display()}”。", code="no_answer_yet")
    url = found.deputy_url if request.actor.is_deputy else found.get_absolute_url()
    form = make(posted(request), initial={"version": found.version, **(initial or {})})
    if form.is_valid() and call(
        form, service, actor=request.actor, public_id=public_id, **form.cleaned_data, **(extra or {})
    ):
        messages.success(request, done)
        return redirect(url)
    status = form_status(form, None)
    if form.is_stale:
        form.show_version(found.version)
    context = {
        "report": found,
        "title": mask_text(found.title),
        "result": mask_text(found.result),
        "form": form,
        "cancel_url": url,
        "heading": heading,
        "submit_label": submit_label,
        "is_deputy": request.actor.is_deputy,
    }
    return render(request, "suggestions/hotline_report_act.html", context, status=status)


@require_http_methods(METHODS)
@requires(P.HOTLINE_REPORT)
def pass_on(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """转告反映人, with the hotline's words filled in."""
    found = get_report_for(request.actor, public_id)
    return _act(
        request,
        public_id,
        PassOnForm,
        report_pass,
        initial={"text": mask_text(found.result)},
        done="已转告，反映人凭回执码能看到；留了电话的，工作人员会打电话。",
        heading="转告反映人",
        submit_label="转告",
    )


@require_http_methods(METHODS)
@requires(P.HOTLINE_REPORT)
def solved(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """已解决."""
    return _act(
        request,
        public_id,
        SolvedForm,
        report_judge,
        done="已记下：已解决。热线会看到。",
        heading="已解决",
        submit_label="确认已解决",
        extra={"solved": True},
    )


@require_http_methods(METHODS)
@requires(P.HOTLINE_REPORT)
def unsolved(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """没有解决，要求重办."""
    return _act(
        request,
        public_id,
        UnsolvedForm,
        report_judge,
        done="已要求热线重办，有进展会通知您。",
        heading="没有解决，要求重办",
        submit_label="要求重办",
        extra={"solved": False},
    )


# -- deputies ------------------------------------------------------------------------------------------
def _as_deputy(request: ActorRequest) -> None:
    if not request.actor.is_deputy:
        raise NotAllowed("这是人大代表的页面。请以代表身份打开。")


@require_safe
@requires(P.HOTLINE_REPORT)
def my_list(request: ActorRequest) -> HttpResponse:
    """转12345, for deputies."""
    _as_deputy(request)
    return _list(request, reverse("my_hotline:list"), "suggestions/my_hotline_list.html")


@require_safe
@requires(P.HOTLINE_REPORT)
def my_detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One report, for a deputy."""
    _as_deputy(request)
    found = get_report_for(request.actor, public_id)
    context = _record(request, found) | {
        "opinion_url": found.opinion.deputy_url,
        "list_url": reverse("my_hotline:list"),
        "list_label": "转12345",
    }
    return render(request, "suggestions/hotline_report_detail.html", context)


@require_http_methods(METHODS)
@requires(P.HOTLINE_REPORT)
def direct(request: ActorRequest) -> HttpResponse:
    """转12345 directly: what somebody said, written down and handed over in one press."""
    _as_deputy(request)
    form = DirectReportForm(posted(request), stations=my_stations(request.actor))
    if form.is_valid():
        token = form.cleaned_data["client_token"]
        done = call(form, report_direct, actor=request.actor, client_token=token, values=form.values)
        if done is not None:
            found, receipt = done
            return render(request, "suggestions/my_hotline_done.html", {"report": found, "receipt": receipt})
    context = {
        "form": form,
        "cancel_url": reverse("my_hotline:list"),
        "submit_label": "转给12345",
        "rules": scope_rules(),
    }
    return render(request, "suggestions/my_hotline_form.html", context, status=form_status(form, None))


@require_http_methods(METHODS)
@requires(P.HOTLINE_REPORT)
def from_opinion(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """转12345, of an opinion that lies before the deputy."""
    _as_deputy(request)
    opinion = get_opinion_for(request.actor, public_id)
    if request.method != "POST":
        OPINION_TRANSITIONS.check(opinion, "report_hotline", request.actor)
    initial = {"version": opinion.version, "text": mask_text(opinion.text), "title": mask_text(opinion.text)[:40]}
    form = DeputyReportForm(posted(request), initial=initial)
    if form.is_valid():
        version = form.cleaned_data["version"]
        found = call(
            form, opinion_report, actor=request.actor, public_id=public_id, version=version, values=form.values
        )
        if found is not None:
            messages.success(request, "已转给12345热线，有进展会通知您。")
            return redirect(found.deputy_url)
    status = form_status(form, opinion)  # type: ignore[arg-type]
    context = {
        "form": form,
        "opinion": opinion,
        "about": mask_text(opinion.text),
        "connected": hotline_for(opinion.region_prefix) is not None,
        "cancel_url": opinion.deputy_url,
        "submit_label": "转给12345",
        "rules": scope_rules(),
    }
    return render(request, "suggestions/my_hotline_form.html", context, status=status)
