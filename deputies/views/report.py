"""Reports for staff: the desk, one report, accepting, returning, transferring, the workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deputies.forms.report import ActForm, ReportFilter, TransferForm, WhyForm
from deputies.selectors.report import (
    REPORT_VIEWS,
    author_names,
    get_report_for,
    record_of,
    report_list,
    with_names_and_lights,
)
from deputies.selectors.report_transfer import get_transfer_for
from deputies.services.report_export import EXPORT_JOB
from deputies.services.report_receive import report_accept, report_return, report_unaccept
from deputies.services.report_transfer import report_transfer, report_transfer_cancel
from deputies.states import REPORT_TRANSITIONS
from deputies.views.pages import Tab, form_page, posted
from liaison.exceptions import DomainError, NotAllowed
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.services.job import job_start

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from deputies.models import DeputyReport

METHODS = ["GET", "HEAD", "POST"]


def _require_staff(request: ActorRequest) -> None:
    """Deputies and organs have pages of their own.

    Raises:
        NotAllowed: no congress staff.
    """
    if not request.actor.is_congress:
        raise NotAllowed("这一页由人大工作机构使用。")


@require_safe
@requires(P.REPORT_VIEW)
def desk(request: ActorRequest) -> HttpResponse:
    """代表报告: saved views, conditions in the address."""
    if request.actor.is_deputy:
        return redirect("my_reports:list")
    if request.actor.is_unit:
        return redirect("report_transfers:list")
    path = reverse("reports:list")
    view = request.GET.get("view", "all")
    view = view if view in REPORT_VIEWS else "all"
    states = REPORT_VIEWS[view][1]
    reports = report_list(request.actor)
    filter_ = ReportFilter(
        request.GET, queryset=reports.filter(status__in=states) if states else reports, actor=request.actor
    )
    page = keyset_page(filter_.qs, params=request.GET, path=path)
    with_names_and_lights(page.items)
    context = {
        "views": [
            Tab(label, f"{path}?{_with(request, view=key)}", active=key == view)
            for key, (label, _) in REPORT_VIEWS.items()
        ],
        "view": view,
        "filter": filter_,
        "clear_url": f"{path}?view={view}",
        "page": page,
        "may_export": request.actor.can(P.REPORT_RECEIVE),
    }
    return render(request, "deputies/report_list.html", context)


def _with(request: ActorRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    for name, value in changes.items():
        query[name] = value
    return query.urlencode()


@require_POST
@requires(P.REPORT_RECEIVE)
def export(request: ActorRequest) -> HttpResponse:
    """The list as shown, as a workbook: a worker writes it."""
    query = QueryDict(request.POST.get("query", ""))
    return redirect(
        job_start(actor=request.actor, kind=EXPORT_JOB, title="导出代表报告", params={"query": query.urlencode()})
    )


@require_safe
@requires(P.REPORT_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One report with its way: files, transfers and answers, what may be done now."""
    report = get_report_for(request.actor, public_id)
    if request.actor.is_deputy:
        return redirect(report.deputy_url)
    _require_staff(request)
    record = record_of(request.actor, report)
    context = {
        "report": report,
        "names": author_names(report),
        "record": record,
        "timeline": record.timeline,
        "acts": [step.name for step in REPORT_TRANSITIONS.available(report, request.actor)],
    }
    return render(request, "deputies/report_detail.html", context)


@require_POST
@requires(P.REPORT_RECEIVE)
def accept(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """接收."""
    report = get_report_for(request.actor, public_id)
    form = ActForm(request.POST)
    if form.is_valid():
        done = call(form, report_accept, actor=request.actor, public_id=public_id, version=form.cleaned_data["version"])
        if done is not None:
            messages.success(request, f"已接收《{done.title}》，已计入{author_names(report)}的履职台账。")
            return redirect(done)
    messages.error(request, str(form.non_field_errors()[0]) if form.non_field_errors() else "请刷新页面后再试。")
    return redirect(report)


@require_http_methods(METHODS)
@requires(P.REPORT_RECEIVE)
def return_(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """退回修改."""
    form = _why(request, "退回理由", "哪里需要修改。代表会看到。")
    return _why_page(request, public_id, form, "return", report_return, "退回修改", "已退回，代表会收到通知。")


@require_http_methods(METHODS)
@requires(P.REPORT_RECEIVE)
def unaccept(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """撤销接收."""
    form = _why(request, "撤销理由", "台账里的记录同时冲销，代表会看到理由。")
    return _why_page(request, public_id, form, "unaccept", report_unaccept, "撤销接收", "已撤销接收，台账记录已冲销。")


def _why(request: ActorRequest, label: str, help_text: str) -> WhyForm:
    return WhyForm(posted(request), label=label, help_text=help_text)


def _why_page(
    request: ActorRequest,
    public_id: UUID,
    form: WhyForm,
    step: str,
    service: Callable[..., DeputyReport],
    heading: str,
    done_text: str,
) -> HttpResponse:
    report = get_report_for(request.actor, public_id)
    if request.method != "POST":
        REPORT_TRANSITIONS.check(report, step, request.actor)
    elif (
        form.is_valid()
        and call(form, service, actor=request.actor, public_id=public_id, **form.cleaned_data) is not None
    ):
        messages.success(request, done_text)
        return redirect(report)
    return _act_page(request, report, form, heading)


def _act_page(request: ActorRequest, report: DeputyReport, form: Any, heading: str, **context: Any) -> HttpResponse:
    form.fields["version"].initial = report.version
    shown = {"report": report, "heading": heading, "submit_label": heading, "cancel_url": report.get_absolute_url()}
    return form_page(request, "deputies/report_act.html", form, **shown | context)


@require_http_methods(METHODS)
@requires(P.REPORT_RECEIVE)
def transfer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """转送有关机关."""
    report = get_report_for(request.actor, public_id)
    form = TransferForm(posted(request), actor=request.actor)
    if request.method != "POST":
        REPORT_TRANSITIONS.check(report, "transfer", request.actor)
    elif form.is_valid():
        data = form.cleaned_data
        done = call(
            form,
            report_transfer,
            actor=request.actor,
            public_id=public_id,
            unit_ids=data["units"],
            requirement=data["requirement"],
            due_on=data["due_on"],
            version=data["version"],
        )
        if done is not None:
            messages.success(request, f"已转送{len(done)}个机关，代表和各机关会收到通知。")
            return redirect(report)
    return _act_page(request, report, form, "转送有关机关")


@require_http_methods(METHODS)
@requires(P.REPORT_RECEIVE)
def transfer_cancel(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """撤回转送."""
    found = get_transfer_for(request.actor, public_id)
    form = _why(request, "撤回理由", "对方会收到通知，不再看到这篇报告。")
    report = get_report_for(request.actor, found.report.public_id)
    if request.method != "POST" and not found.is_open:
        raise DomainError("这个机关已经反馈，或者转送已经撤回。", code="transfer_over")
    if (
        form.is_valid()
        and call(
            form,
            report_transfer_cancel,
            actor=request.actor,
            transfer_id=public_id,
            reason=form.cleaned_data["reason"],
        )
        is not None
    ):
        messages.success(request, f"已撤回对{found.unit.name}的转送。")
        return redirect(report)
    return _act_page(request, report, form, f"撤回对{found.unit.name}的转送", submit_label="撤回转送")
