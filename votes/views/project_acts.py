"""The acts on a project, one page each: reports, milestones, changes, finish and hand-over."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from liaison.dates import cn_date
from liaison.faces import ActorRequest, requires
from liaison.permissions import Permission as P  # noqa: N817
from votes.forms.project import (
    ChangeForm,
    DecisionForm,
    FinishForm,
    HandOverForm,
    MilestoneDoneForm,
    MilestoneForm,
    MilestoneRemoveForm,
    ReasonForm,
    ReportForm,
    ResumeForm,
    UnitForm,
)
from votes.selectors.change import change_lines, get_change_of
from votes.selectors.project import get_project_for
from votes.selectors.project_record import get_milestone_of, get_report_of
from votes.services.change import change_approve, change_refuse, change_request
from votes.services.milestone import (
    check_milestones,
    milestone_add,
    milestone_done,
    milestone_remove,
    milestone_update,
)
from votes.services.project import project_finish, project_hand_over, project_resume, project_set_unit
from votes.services.project_locking import must_be_office, must_be_unit
from votes.services.report import report_return, report_submit
from votes.states import CHANGE_TRANSITIONS, PROJECT_TRANSITIONS, REPORT_TRANSITIONS
from votes.views.work_acts import act_page

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@requires(P.PROJECT_REPORT)
def report(request: ActorRequest, public_id: UUID, report_id: UUID) -> HttpResponse:
    """报送季度进展."""
    project = get_project_for(request.actor, public_id)
    row = get_report_of(project, report_id)
    if request.method != "POST":
        REPORT_TRANSITIONS.check(row, "submit", request.actor)
    return act_page(
        request,
        project,
        partial(ReportForm, project=project, report=row),
        report_submit,
        lambda form: {
            "project_public_id": public_id,
            "public_id": report_id,
            "values": form.values,
            "pictures": form.cleaned_data["pictures"],
        },
        done=f"{row.year}年第{row.quarter}季度进展已报送，人大机构和监督小组已收到通知。",
        heading=f"报送{row.year}年第{row.quarter}季度进展",
        intro="进展情况、形象进度、资金和照片向社会公开，报送后不能自己修改。",
        submit_label="报送",
    )


@require_http_methods(METHODS)
@requires(P.PROGRAMME_EDIT)
def report_return_(request: ActorRequest, public_id: UUID, report_id: UUID) -> HttpResponse:
    """退回重报."""
    project = get_project_for(request.actor, public_id)
    row = get_report_of(project, report_id)
    if request.method != "POST":
        REPORT_TRANSITIONS.check(row, "return", request.actor)
    return act_page(
        request,
        project,
        ReasonForm,
        report_return,
        lambda form: {"project_public_id": public_id, "public_id": report_id, "reason": form.cleaned_data["reason"]},
        done="已退回，责任单位会重新报送。",
        heading=f"退回{row.year}年第{row.quarter}季度进展",
        intro="数字报错时退回。退回后责任单位可以重新填写，原来的期限继续计算。",
        submit_label="退回重报",
    )


@require_http_methods(METHODS)
@requires(P.PROJECT_REPORT, P.PROGRAMME_EDIT)
def milestone_add_(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """设置进度节点."""
    project = get_project_for(request.actor, public_id)
    if request.method != "POST":
        check_milestones(request.actor, project)
    return act_page(
        request,
        project,
        partial(MilestoneForm, project=project),
        milestone_add,
        lambda form: {"project_public_id": public_id, **form.cleaned_data},
        done="节点已设置，到期前会提醒责任单位。",
        heading="设置进度节点",
        submit_label="保存节点",
    )


@require_http_methods(METHODS)
@requires(P.PROJECT_REPORT, P.PROGRAMME_EDIT)
def milestone_edit(request: ActorRequest, public_id: UUID, milestone_id: int) -> HttpResponse:
    """修改进度节点."""
    project = get_project_for(request.actor, public_id)
    milestone = get_milestone_of(project, milestone_id)
    if request.method != "POST":
        check_milestones(request.actor, project, milestone)
    return act_page(
        request,
        project,
        partial(MilestoneForm, project=project, milestone=milestone),
        milestone_update,
        lambda form: {"project_public_id": public_id, "milestone_id": milestone_id, **form.cleaned_data},
        done="节点已修改，原来的日期保留在经过里。",
        heading=f"修改节点“{milestone.name}”",
        submit_label="保存修改",
    )


@require_http_methods(METHODS)
@requires(P.PROJECT_REPORT, P.PROGRAMME_EDIT)
def milestone_remove_(request: ActorRequest, public_id: UUID, milestone_id: int) -> HttpResponse:
    """删除进度节点."""
    project = get_project_for(request.actor, public_id)
    milestone = get_milestone_of(project, milestone_id)
    if request.method != "POST":
        check_milestones(request.actor, project, milestone)
    return act_page(
        request,
        project,
        MilestoneRemoveForm,
        milestone_remove,
        lambda form: {"project_public_id": public_id, "milestone_id": milestone_id, **form.cleaned_data},
        done=f"节点“{milestone.name}”已删除，不再提醒。",
        heading=f"删除节点“{milestone.name}”",
        intro=f"计划{cn_date(milestone.due_on)}完成。删除后不能恢复，不再提醒，公开页也不再列出；删除的经过保留在项目页。",
        submit_label="确认删除",
        is_danger=True,
    )


@require_http_methods(METHODS)
@requires(P.PROJECT_REPORT, P.PROGRAMME_EDIT)
def milestone_done_(request: ActorRequest, public_id: UUID, milestone_id: int) -> HttpResponse:
    """节点完成."""
    project = get_project_for(request.actor, public_id)
    milestone = get_milestone_of(project, milestone_id)
    if request.method != "POST":
        check_milestones(request.actor, project, milestone)
    return act_page(
        request,
        project,
        MilestoneDoneForm,
        milestone_done,
        lambda form: {"project_public_id": public_id, "milestone_id": milestone_id, **form.cleaned_data},
        done=f"节点“{milestone.name}”已完成。",
        heading=f"节点“{milestone.name}”完成",
        submit_label="登记完成",
    )


@require_http_methods(METHODS)
@requires(P.PROJECT_REPORT)
def finish(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """报告完工."""
    project = get_project_for(request.actor, public_id)
    if request.method != "POST":
        PROJECT_TRANSITIONS.check(project, "finish", request.actor)
    return act_page(
        request,
        project,
        partial(FinishForm, project=project),
        project_finish,
        lambda form: {
            "public_id": public_id,
            "version": form.cleaned_data["version"],
            "values": form.values,
            "pictures": form.cleaned_data["pictures"],
        },
        done="已报告完工，等待人大机构确认交付。",
        heading="报告完工",
        intro="报告后形象进度为100%，不再报送季度进展；人大机构验收后确认交付，没有达到要求的会退回。",
        submit_label="报告完工",
    )


@require_http_methods(METHODS)
@requires(P.PROGRAMME_EDIT)
def resume(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """退回继续实施."""
    project = get_project_for(request.actor, public_id)
    if request.method != "POST":
        PROJECT_TRANSITIONS.check(project, "resume", request.actor)
    return act_page(
        request,
        project,
        partial(ResumeForm, initial={"version": project.version}),
        project_resume,
        lambda form: {"public_id": public_id, **form.cleaned_data},
        done="已退回，责任单位继续实施，各项期限继续计算。",
        heading="退回继续实施",
        submit_label="退回",
    )


@require_http_methods(METHODS)
@requires(P.PROGRAMME_EDIT)
def hand_over(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """确认交付."""
    project = get_project_for(request.actor, public_id)
    if request.method != "POST":
        PROJECT_TRANSITIONS.check(project, "hand_over", request.actor)
    initial = {"version": project.version, "handed_over_on": project.finished_on}
    return act_page(
        request,
        project,
        partial(HandOverForm, initial=initial),
        project_hand_over,
        lambda form: {"public_id": public_id, **form.cleaned_data},
        done="已确认交付，责任单位和监督小组已收到通知。",
        heading="确认交付",
        intro="确认后项目列入已交付，不能再改。",
        submit_label="确认交付",
    )


@require_http_methods(METHODS)
@requires(P.PROGRAMME_EDIT)
def unit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """指定责任单位."""
    project = get_project_for(request.actor, public_id)
    must_be_office(project, request.actor)
    return act_page(
        request,
        project,
        partial(UnitForm, project=project, initial={"version": project.version}),
        project_set_unit,
        lambda form: {
            "public_id": public_id,
            "version": form.cleaned_data["version"],
            "unit_public_id": UUID(form.cleaned_data["unit"]),
        },
        done="责任单位已指定，正在计时的期限由它承担。",
        heading="指定责任单位",
        intro=f"现在是：{project.unit_name}。",
        submit_label="确定责任单位",
    )


@require_http_methods(METHODS)
@requires(P.PROJECT_REPORT)
def change(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """申请项目调整."""
    project = get_project_for(request.actor, public_id)
    must_be_unit(project, request.actor)
    return act_page(
        request,
        project,
        partial(ChangeForm, project=project),
        change_request,
        lambda form: {
            "project_public_id": public_id,
            "version": form.cleaned_data["version"],
            "values": form.values,
            "reason": form.cleaned_data["reason"],
            "uploads": form.cleaned_data["uploads"],
        },
        done="调整申请已提交，等待审批。审批以前按原来的内容实施。",
        heading="申请项目调整",
        intro="票决确定的内容不能自行改变，须经人大常委会或主席团批准。只改需要调整的几项，其余不动。",
        submit_label="提交申请",
    )


@require_http_methods(METHODS)
@requires(P.PROGRAMME_APPROVE)
def decide(request: ActorRequest, public_id: UUID, change_id: UUID) -> HttpResponse:
    """登记项目调整的审批结果."""
    project = get_project_for(request.actor, public_id)
    row = get_change_of(project, change_id)
    if request.method != "POST":
        CHANGE_TRANSITIONS.check(row, "approve", request.actor)

    def values(form: DecisionForm) -> dict[str, object]:
        given = {name: value for name, value in form.cleaned_data.items() if name not in {"verdict", "uploads"}}
        if form.cleaned_data["verdict"] == "approve":
            given["uploads"] = form.cleaned_data["uploads"]
        return {"project_public_id": public_id, "public_id": change_id, **given}

    approves = request.POST.get("verdict") == "approve"
    return act_page(
        request,
        project,
        partial(DecisionForm, project=project),
        change_approve if approves else change_refuse,
        values,
        done="已登记批准，新的内容即时生效，期限相应改动。" if approves else "已登记不批准，责任单位已收到通知。",
        template="votes/project_decide.html",
        change=row,
        lines=change_lines(row),
        heading="登记审批结果",
        submit_label="登记审批结果",
    )
