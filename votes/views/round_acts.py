"""The acts on a round that ask once: open, close, annul, declare, another vote, places left open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from liaison.exceptions import DomainError, NotAllowed, NotFound
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817
from votes.forms.round import DecisionForm, ReasonForm
from votes.selectors.paper import small_group_warning
from votes.selectors.presiding import may_run
from votes.selectors.ratings import conclusion_of
from votes.selectors.result import result_sheet
from votes.selectors.round import get_round_for, presence
from votes.services.round import round_annul
from votes.services.round_result import places_leave_open, round_declare, run_off_create
from votes.services.round_vote import round_close, round_open
from votes.states import ROUND_TRANSITIONS
from votes.views.round_pages import Fact

if TYPE_CHECKING:
    from votes.models import Round


def ask(request: ActorRequest, round_: Round, form: forms.Form, **context: Any) -> HttpResponse:
    """The page that names what is about to be done."""
    error = getattr(form, "domain_error", None)
    status = 422 if form.errors else 200
    if isinstance(error, DomainError) and error.status in {403, 409, 429}:
        status = error.status
    context = {"round": round_, "form": form, "cancel_url": round_.get_absolute_url(), **context}
    return render(request, "votes/round_reason.html", context, status=status)


def staff_round(request: ActorRequest, public_id: UUID) -> Round:
    """A round that congress staff see; deputies have pages of their own."""
    if not request.actor.is_congress:
        raise NotFound
    return get_round_for(request.actor, public_id)


def own_round(request: ActorRequest, public_id: UUID) -> Round:
    """A round that this office runs."""
    round_ = staff_round(request, public_id)
    if not may_run(request.actor, round_):
        raise NotAllowed("这一轮投票由其他人大机构组织，您可以查看，不能代为办理。")
    return round_


def posted(request: ActorRequest) -> Any:
    """What was sent; None when the page is only asked for."""
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ROUND_RUN)
def begin(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """开始投票."""
    round_ = own_round(request, public_id)
    form = forms.Form(posted(request))
    if form.is_bound and form.is_valid():
        if call(form, round_open, actor=request.actor, public_id=public_id, version=None) is not None:
            messages.success(request, "投票已开始，已通知名册上的代表。")
            return redirect(round_)
    elif request.method != "POST":
        ROUND_TRANSITIONS.check(round_, "open", request.actor)
    here = presence(round_)
    return ask(
        request,
        round_,
        form,
        act="开始投票",
        question=f"开始“{round_.title}”的投票？",
        consequences=["开始以后，名册锁定，选票内容、监票人、计票人和口令不能再改；迟到的代表仍可签到。"],
        facts=[
            Fact("全体代表", f"{here.roll}名"),
            Fact("出席", f"{here.attended}名（法定人数{here.quorum}名）"),
        ],
        confirm_label="开始投票",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ROUND_RUN)
def close(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """截止投票."""
    round_ = own_round(request, public_id)
    form = forms.Form(posted(request))
    if form.is_bound and form.is_valid():
        if call(form, round_close, actor=request.actor, public_id=public_id) is not None:
            messages.success(request, "投票已截止，不再收票。")
            return redirect(round_)
    elif request.method != "POST":
        ROUND_TRANSITIONS.check(round_, "close", request.actor)
    here = presence(round_)
    consequences = ["截止以后不再收票，也不能重新开始。正在送出的选票会先收完。"]
    if here.waiting:
        consequences.insert(0, f"出席代表中还有{here.waiting}名没有投票，截止后按未收回计算。")
    if warning := small_group_warning(round_, voted_electronically=here.phone + here.slip):
        consequences.append(warning)
    return ask(
        request,
        round_,
        form,
        act="截止投票",
        question=f"截止“{round_.title}”的投票？",
        consequences=consequences,
        facts=[
            Fact("出席", f"{here.attended}名"),
            Fact("已投票", f"{here.voted}名：手机{here.phone}、投票码{here.slip}、纸质票{here.paper}"),
        ],
        confirm_label="截止投票",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ROUND_RUN)
def annul(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """宣告本轮无效."""
    round_ = own_round(request, public_id)
    gathering = round_.is_gathering
    example = "发出的测评票数登记有误，重新组织测评。" if gathering else "会场停电，主席团决定本轮无效，另行投票。"
    form = ReasonForm(posted(request), label="无效的原因", help_text=f"例如：{example}")
    if form.is_bound:
        if (
            form.is_valid()
            and call(form, round_annul, actor=request.actor, public_id=public_id, reason=form.cleaned_data["reason"])
            is not None
        ):
            done = "测评已宣告无效。" if gathering else "本轮投票已宣告无效，封存的选票没有打开，已经销毁。"
            messages.success(request, done)
            return redirect(round_)
    else:
        ROUND_TRANSITIONS.check(round_, "annul", request.actor)
    return ask(
        request,
        round_,
        form,
        act="宣告测评无效" if gathering else "宣告本轮无效",
        question=f"宣告“{round_.title}”无效？",
        consequences=[
            "无效以后不能恢复，录入的票数作废；需要的话在述职会议里重新准备测评票。"
            if gathering
            else "无效以后不能恢复：封存的选票不打开，直接销毁；需要的话重新建立一轮投票。"
        ],
        confirm_label="宣告无效",
        danger=True,
    )


def _who_reads(round_: Round) -> str:
    if round_.is_gathering:
        return "结果写入每名代表的述职记录。"
    return "任何人都可以查看计票过程、核对回执。" if round_.is_public else "代表可以查看结果、核对回执。"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ROUND_RUN)
def declare(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """宣布结果."""
    round_ = own_round(request, public_id)
    form = forms.Form(posted(request))
    if form.is_bound and form.is_valid():
        if call(form, round_declare, actor=request.actor, public_id=public_id) is not None:
            told = "已写入每名代表的述职记录" if round_.is_gathering else "已通知名册上的代表"
            messages.success(request, f"结果已宣布，{told}。")
            return redirect("rounds:result", public_id)
    elif request.method != "POST":
        ROUND_TRANSITIONS.check(round_, "declare", request.actor)
    sheet = result_sheet(round_)
    return ask(
        request,
        round_,
        form,
        act="宣布结果",
        question=f"宣布“{round_.title}”的结果？",
        consequences=[
            conclusion_of(round_, sheet) if sheet else "",
            f"宣布以后不能更改。{_who_reads(round_)}",
        ],
        confirm_label="宣布结果",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ROUND_RUN)
def run_off(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """再次投票 among the tied, or among those that did not pass."""
    round_ = own_round(request, public_id)
    form = forms.Form(posted(request))
    if form.is_bound and form.is_valid():
        done = call(form, run_off_create, actor=request.actor, public_id=public_id)
        if done is not None:
            messages.success(request, f"已建立“{done.title}”，请重新签到、指定监票人和计票人。")
            return redirect(done)
    result = round_.result or {}
    tied = bool(result.get("tied"))
    return ask(
        request,
        round_,
        form,
        act="再次投票",
        question=f"就剩余的{result.get('open_places', 0)}个名额再次投票？",
        consequences=[
            "在得票相等的项目中投票。" if tied else "在没有通过的项目中投票。",
            "名册按现任代表重新生成，代表重新签到，监票人、计票人重新设置口令。",
        ],
        confirm_label="建立再次投票",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_APPROVE)
def leave_open(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """名额暂缺 by decision."""
    round_ = own_round(request, public_id)
    form = DecisionForm(posted(request))
    if (
        form.is_bound
        and form.is_valid()
        and call(
            form, places_leave_open, actor=request.actor, public_id=public_id, decision=form.cleaned_data["decision"]
        )
        is not None
    ):
        messages.success(request, "已记录名额暂缺的决定。")
        return redirect(round_)
    return ask(
        request,
        round_,
        form,
        act="决定名额暂缺",
        question=f"剩余的{(round_.result or {}).get('open_places', 0)}个名额暂缺？",
        consequences=["没有通过的候选项目不再投票。决定随年度项目公布。"],
        confirm_label="记录决定",
    )
