"""Pages of candidate projects: the list, one record, drafting, order, pictures, deputies' comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817
from votes.forms.candidate import (
    CandidateEditForm,
    CandidateForm,
    CommentAnswerForm,
    CommentForm,
    OrderForm,
    WithdrawForm,
)
from votes.forms.proposal import EmptyForm
from votes.rules import is_contested
from votes.selectors.candidate import (
    DRAFT_STATES,
    candidates_of,
    comments_of,
    get_candidate_for,
    get_comment_of,
    may_comment,
    pictures_of,
    proposals_behind,
    unanswered_counts,
)
from votes.selectors.programme import get_programme_for
from votes.selectors.programme_desk import Fact, candidate_timeline
from votes.selectors.proposal import get_proposal_for
from votes.services.candidate import (
    candidate_create,
    candidate_edit,
    candidate_remove_picture,
    candidate_restore,
    candidate_withdraw,
    candidates_renumber,
    check_changing,
    check_drafting,
)
from votes.services.candidate_comment import candidate_comment, candidate_comment_answer
from votes.services.programme import require_office
from votes.services.programme_act import few_candidates
from votes.states import CANDIDATE_TRANSITIONS, PROPOSAL_TRANSITIONS, CandidateStatus
from votes.views.programme_pages import form_status, posted, posted_files

if TYPE_CHECKING:
    from liaison.actor import Actor
    from votes.models import Candidate, Programme


def _drafts(actor: Actor, programme: Programme) -> bool:
    """Whether the actor's office drafts candidates of this programme now."""
    return (
        actor.can(P.PROGRAMME_EDIT)
        and programme.office_id == actor.organisation_id
        and programme.status in DRAFT_STATES
    )


@require_safe
@requires(P.PROGRAMME_VIEW)
def candidate_list(request: ActorRequest, programme_id: UUID) -> HttpResponse:
    """候选项目 of one year, with what deputies said, and whether there are enough (差额)."""
    actor = request.actor
    programme = get_programme_for(actor, programme_id)
    candidates = candidates_of(actor, programme)
    comments, pictures = unanswered_counts(candidates), pictures_of(candidates)
    standing = [one for one in candidates if one.status != CandidateStatus.WITHDRAWN]
    rows = [
        {
            "candidate": one,
            "comments": comments.get(one.pk, (0, 0))[0],
            "unanswered": comments.get(one.pk, (0, 0))[1],
            "picture": next(iter(pictures.get(one.pk, [])), None),
        }
        for one in candidates
    ]
    drafts = _drafts(actor, programme)
    context = {
        "programme": programme,
        "rows": rows,
        "standing": len(standing),
        "may_draft": drafts,
        "is_contested": is_contested(len(standing), programme.places),
        "few": few_candidates(programme, len(standing)) if drafts else "",
        "total": sum(one.investment for one in standing),
    }
    return render(request, "votes/candidate_list.html", context)


@require_safe
@requires(P.PROGRAMME_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One candidate: what is to be built, for how much, by whom; comments and answers."""
    return _page(request, get_candidate_for(request.actor, public_id))


def _page(
    request: ActorRequest,
    candidate: Candidate,
    *,
    comment_form: CommentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    comments = may_comment(actor, candidate)
    changes = _drafts(actor, candidate.programme) and candidate.status == CandidateStatus.DRAFT
    context: dict[str, Any] = {
        "candidate": candidate,
        "programme": candidate.programme,
        "facts": facts_of(candidate),
        "pictures": pictures_of([candidate]).get(candidate.pk, []),
        "comments": comments_of(candidate) if actor.is_congress or actor.is_deputy else [],
        "comment_form": (comment_form or CommentForm()) if comments else None,
        "form": comment_form,
        "proposals": proposals_behind(actor, candidate) if actor.is_congress else [],
        "may_change": changes,
        "may_restore": _drafts(actor, candidate.programme) and candidate.status == CandidateStatus.WITHDRAWN,
        "may_answer": actor.can(P.PROGRAMME_EDIT) and candidate.programme.office_id == actor.organisation_id,
        "timeline": list(reversed(candidate_timeline(candidate))) if actor.is_congress else None,
    }
    return render(request, "votes/candidate_detail.html", context, status=status)


def facts_of(candidate: Candidate) -> list[Fact]:
    """What the deputies decide on; money in 万元."""
    day = candidate.finish_on
    return [
        Fact("实施地点", candidate.place),
        Fact("投资额", money_text(candidate)),
        Fact("资金来源", candidate.money_source),
        Fact("责任单位", candidate.unit_name),
        Fact("完成时间", f"{day.year}年{day.month}月{day.day}日"),
    ]


def money_text(candidate: Candidate) -> str:
    """120.5万元, without zeros that say nothing."""
    return f"{candidate.investment.normalize():f}万元"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def new(request: ActorRequest, programme_id: UUID) -> HttpResponse:
    """拟定候选项目, from scratch or out of the proposal that the address names."""
    programme = get_programme_for(request.actor, programme_id)
    check_drafting(programme, request.actor)
    named = request.GET.get("proposal", "")
    proposal = get_proposal_for(request.actor, _uuid(named)) if named else None
    if proposal is not None and request.method != "POST":
        PROPOSAL_TRANSITIONS.check(proposal, "adopt", request.actor)
    form = CandidateForm(posted(request), posted_files(request), programme=programme, proposal=proposal)
    if form.is_valid():
        done = call(
            form,
            candidate_create,
            actor=request.actor,
            programme_public_id=programme_id,
            values=form.values,
            uploads=form.cleaned_data["uploads"],
            proposal_public_id=proposal.public_id if proposal else None,
        )
        if done is not None:
            messages.success(request, "候选项目已拟定。" + ("提出人会收到消息。" if proposal else ""))
            return redirect(done)
    context = {"form": form, "programme": programme, "proposal": proposal}
    return render(request, "votes/candidate_form.html", context, status=form_status(form))


def _uuid(text: str) -> UUID:
    """The id in an address; one of nothing when it cannot be read."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """修改候选项目."""
    candidate = get_candidate_for(request.actor, public_id)
    check_changing(candidate, request.actor)
    form = CandidateEditForm(posted(request), posted_files(request), candidate=candidate)
    if form.is_valid():
        done = call(
            form,
            candidate_edit,
            actor=request.actor,
            public_id=public_id,
            version=form.cleaned_data["version"],
            values=form.values,
            uploads=form.cleaned_data["uploads"],
        )
        if done is not None:
            messages.success(request, "候选项目已修改。")
            return redirect(done)
    context = {"form": form, "programme": candidate.programme, "candidate": candidate}
    return render(request, "votes/candidate_form.html", context, status=form_status(form, candidate.version))


@require_POST
@requires(P.PROGRAMME_EDIT)
def remove_picture(request: ActorRequest, public_id: UUID, picture_id: UUID) -> HttpResponse:
    """移除图片, a single press."""
    done = candidate_remove_picture(actor=request.actor, public_id=public_id, picture_public_id=picture_id)
    messages.success(request, "图片已移除。")
    return redirect(done)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def withdraw(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """撤下候选项目; the proposals behind it are screened anew."""
    candidate = get_candidate_for(request.actor, public_id)
    require_office(candidate.programme, request.actor)
    form = WithdrawForm(posted(request), initial={"version": candidate.version})
    if request.method != "POST":
        CANDIDATE_TRANSITIONS.check(candidate, "withdraw", request.actor)
    elif form.is_valid():
        done = call(form, candidate_withdraw, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if done is not None:
            messages.success(request, "候选项目已撤下，相关建议退回待筛选。")
            return redirect("candidates:list", programme_id=candidate.programme.public_id)
    context = {
        "candidate": candidate,
        "programme": candidate.programme,
        "form": form,
        "heading": "撤下候选项目",
        "consequence": "列入这个项目的建议退回待筛选；撤下后可以恢复。",
        "confirm_label": "撤下",
    }
    return render(request, "votes/candidate_act.html", context, status=form_status(form, candidate.version))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def restore(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """恢复候选项目."""
    candidate = get_candidate_for(request.actor, public_id)
    require_office(candidate.programme, request.actor)
    form = EmptyForm(posted(request), initial={"version": candidate.version})
    if request.method != "POST":
        CANDIDATE_TRANSITIONS.check(candidate, "restore", request.actor)
    elif form.is_valid():
        done = call(form, candidate_restore, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if done is not None:
            messages.success(request, "候选项目已恢复。")
            return redirect(done)
    context = {
        "candidate": candidate,
        "programme": candidate.programme,
        "form": form,
        "heading": "恢复候选项目",
        "consequence": "恢复后重新列在候选项目中。",
        "confirm_label": "恢复",
    }
    return render(request, "votes/candidate_act.html", context, status=form_status(form, candidate.version))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def order(request: ActorRequest, programme_id: UUID) -> HttpResponse:
    """调整序号."""
    programme = get_programme_for(request.actor, programme_id)
    check_drafting(programme, request.actor)
    standing = [one for one in candidates_of(request.actor, programme) if one.status != CandidateStatus.WITHDRAWN]
    form = OrderForm(posted(request), candidates=standing)
    if form.is_valid():
        call(form, candidates_renumber, actor=request.actor, programme_public_id=programme_id, numbers=form.numbers)
        if not form.errors:
            messages.success(request, "序号已调整。")
            return redirect("candidates:list", programme_id=programme_id)
    context = {"form": form, "programme": programme}
    return render(request, "votes/candidate_order.html", context, status=form_status(form))


@require_POST
@requires(P.CANDIDATE_COMMENT)
def comment(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """提出审议意见, on the candidate's page."""
    candidate = get_candidate_for(request.actor, public_id)
    form = CommentForm(request.POST)
    if form.is_valid():
        done = call(form, candidate_comment, actor=request.actor, public_id=public_id, text=form.cleaned_data["text"])
        if done is not None:
            messages.success(request, "已收到您的意见，承办机构答复后会发消息告诉您。")
            return redirect(candidate)
    return _page(request, candidate, comment_form=form, status=form_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def answer(request: ActorRequest, public_id: UUID, comment_id: UUID) -> HttpResponse:
    """答复审议意见."""
    candidate = get_candidate_for(request.actor, public_id)
    require_office(candidate.programme, request.actor)
    found = get_comment_of(candidate, comment_id)
    form = CommentAnswerForm(posted(request), initial={"answer": found.answer})
    if form.is_valid():
        done = call(
            form,
            candidate_comment_answer,
            actor=request.actor,
            public_id=public_id,
            comment_public_id=comment_id,
            answer=form.cleaned_data["answer"],
        )
        if done is not None:
            messages.success(request, "处理情况已保存，代表会收到消息。")
            return redirect(candidate)
    context = {
        "candidate": candidate,
        "programme": candidate.programme,
        "comment": found,
        "form": form,
        "heading": "答复审议意见",
        "confirm_label": "保存处理情况",
    }
    return render(request, "votes/candidate_act.html", context, status=form_status(form))
