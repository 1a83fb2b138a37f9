"""The steps of a programme, each on a page that asks once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from liaison.dates import cn_date
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817
from votes.forms.programme import ApproveListForm, CloseCallForm, OpenCallForm, ReasonedForm, ReopenCallForm
from votes.forms.proposal import EmptyForm
from votes.selectors.candidate import drafts_of
from votes.selectors.programme import get_programme_for, takes_proposals
from votes.selectors.proposal import status_counts
from votes.services.programme import require_office
from votes.services.programme_act import (
    call_days,
    few_candidates,
    list_problems,
    programme_approve_list,
    programme_close_call,
    programme_open_call,
    programme_reopen_call,
    programme_reopen_list,
)
from votes.services.programme_close import programme_close
from votes.states import PROGRAMME_TRANSITIONS
from votes.views.programme_pages import form_status, posted

if TYPE_CHECKING:
    from collections.abc import Callable

    from votes.forms.programme_fields import VersionedForm
    from votes.models import Programme


def _act(
    request: ActorRequest,
    programme: Programme,
    form: VersionedForm,
    service: Callable[..., Programme],
    *,
    step: str,
    done: str,
    **words: Any,
) -> HttpResponse:
    """The page of one step: what it is about, what it brings, the form; then back to the record.

    Args:
        step: the transition that the page takes, asked before the form is shown.
        done: what is said afterwards.
        words: heading, question, consequence, confirm_label, facts, problems for the template.
    """
    require_office(programme, request.actor)
    if request.method != "POST":
        PROGRAMME_TRANSITIONS.check(programme, step, request.actor)
    elif form.is_valid():
        values = dict(form.cleaned_data)
        result = call(form, service, actor=request.actor, public_id=programme.public_id, **values)
        if result is not None:
            messages.success(request, done)
            return redirect(result)
    context = {"programme": programme, "form": form, "cancel_url": programme.get_absolute_url(), **words}
    return render(request, "votes/programme_act.html", context, status=form_status(form, programme.version))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def open_call(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """开始征集; a short call is warned of and must be confirmed."""
    programme = get_programme_for(request.actor, public_id)
    form = OpenCallForm(posted(request), initial={"version": programme.version})
    days = call_days(programme, timezone.localdate())
    problems = []
    if days is None:
        problems.append("还没有填写征集截止日期，请先修改年度安排。")
    elif days < 1:
        problems.append("计划的征集截止日期已经过去，请先修改年度安排。")
    warning = ""
    if days is not None and 1 <= days < programme.min_call_days:
        warning = f"征集期只有{days}天，少于规定的{programme.min_call_days}天。"
    else:
        del form.fields["confirm_short"]
    until = f"到{cn_date(programme.call_until)}为止，共{days}天" if programme.call_until and not problems else ""
    return _act(
        request,
        programme,
        form,
        programme_open_call,
        step="open_call",
        done="征集已开始，公开页面已接收建议，代表已收到消息。",
        heading="开始征集",
        question=f"现在开始征集{programme}的建议吗？",
        consequence=f"从今天开始，{until}。" if until else "",
        confirm_label="开始征集",
        warning=warning,
        problems=problems,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def close_call(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """结束征集."""
    programme = get_programme_for(request.actor, public_id)
    form = CloseCallForm(posted(request), initial={"version": programme.version})
    warning = ""
    if takes_proposals(programme) and programme.call_until is not None:
        warning = f"公告的征集期到{cn_date(programme.call_until)}为止，现在是提前结束。"
        form.fields["reason"].required = True
        form.fields["reason"].help_text = "会列在办理经过里。"
    else:
        del form.fields["reason"]
    return _act(
        request,
        programme,
        form,
        programme_close_call,
        step="close_call",
        done="征集已结束，进入筛选初定。",
        heading="结束征集",
        question=f"结束{programme}的征集吗？",
        consequence="结束后群众、代表和部门不能再提交；在征集期内收到的纸质建议仍可录入。",
        confirm_label="结束征集",
        warning=warning,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_APPROVE)
def reopen_call(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """重新征集, to a new last day."""
    programme = get_programme_for(request.actor, public_id)
    form = ReopenCallForm(posted(request), initial={"version": programme.version})
    return _act(
        request,
        programme,
        form,
        programme_reopen_call,
        step="reopen_call",
        done="已重新征集。",
        heading="重新征集",
        question=f"重新征集{programme}的建议吗？",
        consequence="公开页面重新接收建议，已有的筛选结果不变。",
        confirm_label="重新征集",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_APPROVE)
def approve_list(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """审定候选项目: shows the list, what is missing, and whether there are enough (差额)."""
    programme = get_programme_for(request.actor, public_id)
    form = ApproveListForm(posted(request), initial={"version": programme.version})
    candidates = drafts_of(programme)
    problems = list_problems(programme)
    warning = "" if problems else few_candidates(programme, len(candidates))
    if not warning:
        del form.fields["confirm_few"]
    waiting = status_counts(request.actor, programme)["received"]
    return _act(
        request,
        programme,
        form,
        programme_approve_list,
        step="approve_list",
        done="候选项目已审定，代表和公众可以查看。",
        heading="审定候选项目",
        question=f"审定以下{len(candidates)}件候选项目，提交会议票决（应选{programme.places}件）吗？",
        consequence="审定后向代表和公众公布，不能再修改；票决前可以退回筛选。",
        confirm_label="审定候选项目",
        warning=warning,
        note=f"还有{waiting}件项目建议没有筛选，审定后仍可合并或者说明不予采纳。" if waiting else "",
        problems=problems,
        candidates=candidates,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_APPROVE)
def reopen_list(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """退回筛选, before the vote."""
    programme = get_programme_for(request.actor, public_id)
    form = ReasonedForm(posted(request), initial={"version": programme.version})
    return _act(
        request,
        programme,
        form,
        programme_reopen_list,
        step="reopen_list",
        done="名单已退回筛选。",
        heading="退回筛选",
        question=f"把{programme}的候选项目名单退回筛选吗？",
        consequence="候选项目不再公布，可以修改后重新审定。代表和经办人会收到消息。",
        confirm_label="退回筛选",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_APPROVE)
def close(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """结束本年度, after the appraisal was declared."""
    programme = get_programme_for(request.actor, public_id)
    form = EmptyForm(posted(request), initial={"version": programme.version})
    return _act(
        request,
        programme,
        form,
        programme_close,
        step="close",
        done="本年度已经结束。",
        heading="结束本年度",
        question=f"结束{programme}吗？",
        consequence="满意度测评的结果宣布以后才能结束。结束后不能再修改，公开页面仍可查看。",
        confirm_label="结束本年度",
    )
