"""Pages of supervision: groups, recording an inspection, its record, answer and check."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from liaison.exceptions import NotAllowed
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.attachment import attachments_of
from liaison.selectors.deadline_view import deadlines_of
from liaison.selectors.timeline import timeline_of
from votes.forms.inspection import AnswerForm, CheckForm, GroupForm, InspectionForm, ReturnForm
from votes.selectors.inspection import get_group_of, get_inspection_for, groups_for, groups_of, may_inspect
from votes.selectors.project import get_programme_for_work, get_project_for
from votes.selectors.project_record import SLOT_TITLES
from votes.services.inspection import inspection_answer, inspection_check, inspection_record, inspection_return
from votes.services.project_locking import must_be_office
from votes.services.supervision import group_save
from votes.states import INSPECTION_TRANSITIONS
from votes.views.work_acts import act_page, form_status
from votes.views.work_next import next_on_inspection

if TYPE_CHECKING:
    from votes.models import Programme, SupervisionGroup

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@requires(P.PROGRAMME_VIEW)
def groups(request: ActorRequest, programme_id: UUID) -> HttpResponse:
    """The supervision groups of a programme."""
    programme = get_programme_for_work(request.actor, programme_id)
    may_edit = request.actor.can(P.PROGRAMME_EDIT) and programme.office_id == request.actor.organisation_id
    context = {"programme": programme, "groups": groups_of(programme), "may_edit": may_edit}
    return render(request, "votes/group_list.html", context)


@require_http_methods(METHODS)
@requires(P.PROGRAMME_EDIT)
def group_new(request: ActorRequest, programme_id: UUID) -> HttpResponse:
    """新建监督小组."""
    return _group(request, get_programme_for_work(request.actor, programme_id), None)


@require_http_methods(METHODS)
@requires(P.PROGRAMME_EDIT)
def group_edit(request: ActorRequest, programme_id: UUID, public_id: UUID) -> HttpResponse:
    """修改监督小组."""
    programme = get_programme_for_work(request.actor, programme_id)
    return _group(request, programme, get_group_of(programme, public_id))


def _group(request: ActorRequest, programme: Programme, group: SupervisionGroup | None) -> HttpResponse:
    must_be_office(programme, request.actor)
    back = reverse("projects:groups", args=[programme.public_id])
    form = GroupForm(request.POST if request.method == "POST" else None, programme=programme, group=group)
    if form.is_bound and form.is_valid():
        done = call(
            form,
            group_save,
            actor=request.actor,
            programme_public_id=programme.public_id,
            public_id=group.public_id if group else None,
            **form.cleaned_data,
        )
        if done is not None:
            messages.success(request, f"{done.name}已保存，新参加的代表会收到通知。")
            return redirect(back)
    context = {"programme": programme, "group": group, "form": form, "cancel_url": back}
    return render(request, "votes/group_form.html", context, status=form_status(form))


@require_http_methods(METHODS)
@requires(P.PROJECT_INSPECT)
def record(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """登记监督检查."""
    project = get_project_for(request.actor, public_id)
    if not groups_for(request.actor, project):
        raise NotAllowed("这个项目由监督小组的代表检查。还没有监督小组的，请承办的人大机构先设置。")
    return act_page(
        request,
        project,
        partial(InspectionForm, actor=request.actor, project=project),
        inspection_record,
        lambda form: {
            "project_public_id": public_id,
            "values": form.values,
            "pictures": form.cleaned_data["pictures"],
        },
        done="检查情况已登记，责任单位和人大机构已收到通知。",
        heading="登记监督检查",
        intro="检查情况发给责任单位、监督小组和人大机构，不向社会公开。",
        submit_label="提交检查情况",
    )


@require_safe
@requires(P.PROGRAMME_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One inspection: findings, demands, answer, check."""
    inspection = get_inspection_for(request.actor, public_id)
    files = attachments_of(inspection)
    context: dict[str, Any] = {
        "inspection": inspection,
        "project": inspection.project,
        "next": next_on_inspection(request.actor, inspection),
        "pictures": [one for one in files if one.slot == "picture"],
        "answer_files": [one for one in files if one.slot == "answer"],
        "clocks": deadlines_of([inspection], open_only=True),
        "timeline": timeline_of(
            [inspection],
            slot_titles=SLOT_TITLES,
            notice_urls=[inspection.get_absolute_url()] if request.actor.is_congress else (),
        )[::-1],
    }
    return render(request, "votes/inspection_detail.html", context)


@require_http_methods(METHODS)
@requires(P.PROJECT_REPORT)
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """答复整改."""
    inspection = get_inspection_for(request.actor, public_id)
    if request.method != "POST":
        INSPECTION_TRANSITIONS.check(inspection, "answer", request.actor)
    return act_page(
        request,
        inspection.project,
        partial(AnswerForm, initial={"version": inspection.version}),
        inspection_answer,
        lambda form: {"public_id": public_id, **form.cleaned_data},
        done="已答复，请等监督小组核查。",
        to=inspection,
        version=inspection.version,
        template="votes/inspection_act.html",
        inspection=inspection,
        heading="答复整改",
        submit_label="提交答复",
    )


@require_http_methods(METHODS)
@requires(P.PROJECT_INSPECT)
def check(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """核查销号."""
    inspection = get_inspection_for(request.actor, public_id)
    if request.method != "POST":
        INSPECTION_TRANSITIONS.check(inspection, "check", request.actor)
    _must_inspect(request, inspection)
    return act_page(
        request,
        inspection.project,
        partial(CheckForm, initial={"version": inspection.version}),
        inspection_check,
        lambda form: {"public_id": public_id, **form.cleaned_data},
        done="整改已核查销号。",
        to=inspection,
        version=inspection.version,
        template="votes/inspection_act.html",
        inspection=inspection,
        heading="核查销号",
        submit_label="确认销号",
    )


@require_http_methods(METHODS)
@requires(P.PROJECT_INSPECT)
def return_(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """退回再整改."""
    inspection = get_inspection_for(request.actor, public_id)
    if request.method != "POST":
        INSPECTION_TRANSITIONS.check(inspection, "return", request.actor)
    _must_inspect(request, inspection)
    return act_page(
        request,
        inspection.project,
        partial(ReturnForm, initial={"version": inspection.version}),
        inspection_return,
        lambda form: {"public_id": public_id, **form.cleaned_data},
        done="已退回，责任单位再次整改后答复。",
        to=inspection,
        version=inspection.version,
        template="votes/inspection_act.html",
        inspection=inspection,
        heading="退回再整改",
        submit_label="退回",
    )


def _must_inspect(request: ActorRequest, inspection: Any) -> None:
    if not may_inspect(request.actor, inspection):
        raise NotAllowed("由检查的监督小组核查，您不在这个小组里。")
