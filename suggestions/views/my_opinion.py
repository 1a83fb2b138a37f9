"""Deputies' pages of opinions (群众意见), made for phones: the list, one opinion, its acts, recording one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.dates import cn_datetime
from liaison.exceptions import NotAllowed
from liaison.faces import ActorRequest, call, requires
from liaison.masking import mask_text
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from suggestions.forms.my_opinion import DeputyAnswerForm, DeputyRecordForm, DeputySayForm, PassBackForm, TakeForm
from suggestions.selectors.choices import campaigns_for
from suggestions.selectors.hotline_order import order_behind
from suggestions.selectors.hotline_report import report_of
from suggestions.selectors.my_opinion import (
    contact_of,
    is_asked,
    my_opinions,
    my_stations,
    my_waiting,
    order_of,
    row_of,
    suggestion_url,
    tab_of,
    tabs_of,
)
from suggestions.selectors.opinion_record import get_opinion_for, record_of
from suggestions.services.opinion import opinion_contact
from suggestions.services.opinion_answer import (
    opinion_deputy_answer,
    opinion_pass_back,
    opinion_reply,
    opinion_take,
)
from suggestions.services.opinion_record import opinion_record
from suggestions.services.opinion_suggestion import opinion_make_suggestion
from suggestions.states import OPINION_TRANSITIONS
from suggestions.views.acts import form_status, posted
from suggestions.views.my_opinion_next import next_on_opinion

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from suggestions.forms.fields import VersionedForm
    from suggestions.models import Opinion

METHODS = ["GET", "HEAD", "POST"]


def _as_deputy(request: ActorRequest) -> None:
    """Units answer too, on pages of their own."""
    if not request.actor.is_deputy:
        raise NotAllowed("这是人大代表的页面。请以代表身份打开。")


@require_safe
@requires(P.OPINION_ANSWER)
def opinion_list(request: ActorRequest) -> HttpResponse:
    """群众意见: what I am asked, what lies open at my stations, all that I may read."""
    _as_deputy(request)
    tab, path = tab_of(request.GET.get("tab", "")), reverse("my_opinions:list")
    page = keyset_page(my_opinions(request.actor, tab), params=request.GET, path=path, order=order_of(tab), size=20)
    context = {
        "views": tabs_of(path, tab, my_waiting(request.actor)),
        "tab": tab,
        "page": page,
        "rows": [row_of(request.actor, one) for one in page.items],
    }
    return render(request, "suggestions/my_opinion_list.html", context)


@require_safe
@requires(P.OPINION_ANSWER)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One opinion: what is said, what was answered, what I may do."""
    _as_deputy(request)
    return _detail(request, get_opinion_for(request.actor, public_id))


def _detail(request: ActorRequest, opinion: Opinion, contact: str = "") -> HttpResponse:
    shown = contact_of(opinion)
    report = report_of(opinion) if opinion.hotline_text else None
    from_hotline = order_behind(opinion) is not None
    context = {
        "opinion": opinion,
        "next": next_on_opinion(request.actor, opinion, report, from_hotline=from_hotline),
        "report": report,
        "report_url": report.deputy_url if report else "",
        "report_result": mask_text(report.result) if report else "",
        "record": record_of(request.actor, opinion),
        "result": mask_text(opinion.result),
        "contact": shown,
        "whole_contact": contact,
        "may_unmask": bool(shown) and is_asked(request.actor, opinion),
        "suggestion_url": suggestion_url(request.actor, opinion),
    }
    return render(request, "suggestions/my_opinion_detail.html", context)


@never_cache
@require_POST
@requires(P.OPINION_ANSWER)
def contact(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Name and phone in full, for the deputy who is asked; the audit keeps who looked."""
    _as_deputy(request)
    name, phone = opinion_contact(actor=request.actor, public_id=public_id)
    return _detail(request, get_opinion_for(request.actor, public_id), " ".join(part for part in (name, phone) if part))


@require_http_methods(METHODS)
@requires(P.OPINION_ANSWER)
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """答复群众."""
    return _act(
        request,
        public_id,
        DeputyAnswerForm,
        opinion_deputy_answer,
        step="deputy_answer",
        heading="答复群众",
        submit_label="提交答复",
        done="已答复，反映人凭回执码会看到。",
    )


@require_http_methods(METHODS)
@requires(P.OPINION_ANSWER)
def pass_back(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """退回分办."""
    return _act(
        request,
        public_id,
        PassBackForm,
        opinion_pass_back,
        step="pass_back",
        heading="退回分办",
        submit_label="退回",
        done="已退回，工作人员会重新分办。",
    )


@require_http_methods(METHODS)
@requires(P.OPINION_ANSWER)
def say(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """给群众留言, without an answer yet."""
    return _act(
        request,
        public_id,
        DeputySayForm,
        opinion_reply,
        step="deputy_answer",  # who is to answer may ask before
        heading="给群众留言",
        submit_label="发送",
        done="已留言，反映人凭回执码会看到。",
    )


@require_POST
@requires(P.OPINION_ANSWER)
def take(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """我来答复: one press."""
    _as_deputy(request)
    opinion = get_opinion_for(request.actor, public_id)
    form = TakeForm(request.POST)
    taken = None
    if form.is_valid():
        taken = call(form, opinion_take, actor=request.actor, public_id=public_id, **form.cleaned_data)
    if taken is not None and taken.answer_by is not None:
        messages.success(request, f"由您答复，请在{cn_datetime(taken.answer_by)}前答复群众。")
    else:
        messages.error(request, str(next(iter(form.errors.values()))[0]))
    return redirect(opinion.deputy_url)


@require_http_methods(METHODS)
@requires(P.SUGGESTION_WRITE)
def raise_it(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """转为代表建议: a draft with what the person said; the deputy goes on writing it."""
    opinion = get_opinion_for(request.actor, public_id)
    if request.method != "POST":
        OPINION_TRANSITIONS.check(opinion, "make_suggestion", request.actor)
    form = TakeForm(posted(request), initial={"version": opinion.version})
    if form.is_valid():
        draft = call(form, opinion_make_suggestion, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if draft is not None:
            messages.success(request, "已写成建议草稿，请补充具体建议后提交。建议答复以后，反映人会得到答复。")
            return redirect("suggestions:edit", draft.public_id)
    return _page(
        request,
        opinion,
        form,
        heading="转为代表建议",
        submit_label="写成建议",
        hint="把这件意见写成代表建议的草稿，内容带过去，您接着修改、补充再提交。反映人会看到已转为代表建议。",
    )


def _act(
    request: ActorRequest,
    public_id: UUID,
    make: type[VersionedForm],
    service: Callable[..., Any],
    *,
    step: str,
    done: str,
    **words: str,
) -> HttpResponse:
    """A page of one act on an opinion that is this deputy's to answer.

    Args:
        step: of the transition table; the page is only offered where it can be taken.
    """
    _as_deputy(request)
    opinion = get_opinion_for(request.actor, public_id)
    if request.method != "POST":
        OPINION_TRANSITIONS.check(opinion, step, request.actor)
    form = make(posted(request), initial={"version": opinion.version})
    if form.is_valid() and call(form, service, actor=request.actor, public_id=public_id, **form.cleaned_data):
        messages.success(request, done)
        return redirect(opinion.deputy_url)
    return _page(request, opinion, form, **words)


def _page(request: ActorRequest, opinion: Opinion, form: VersionedForm, **words: str) -> HttpResponse:
    status = form_status(form, None)
    if form.is_stale:
        form.show_version(opinion.version)
    context = {
        "opinion": opinion,
        "text": mask_text(opinion.text),
        "form": form,
        "cancel_url": opinion.deputy_url,
        **words,
    }
    return render(request, "suggestions/my_opinion_act.html", context, status=status)


@require_http_methods(METHODS)
@requires(P.OPINION_ANSWER)
def record(request: ActorRequest) -> HttpResponse:
    """登记群众意见: heard on a visit or a reception day, answered on the spot or not."""
    _as_deputy(request)
    campaigns = campaigns_for(request.actor)
    asked = request.GET.get("campaign", "")
    form = DeputyRecordForm(
        posted(request),
        stations=my_stations(request.actor),
        campaigns=[(one.pk, one.title) for one in campaigns],
        initial={"campaign_id": next((one.pk for one in campaigns if str(one.public_id) == asked), None)},
    )
    if form.is_valid():
        done = call(
            form,
            opinion_record,
            actor=request.actor,
            client_token=form.cleaned_data["client_token"],
            values=form.values,
            answer=form.cleaned_data["answer"],
        )
        if done is not None:
            opinion, code = done
            return render(request, "suggestions/my_opinion_recorded.html", {"opinion": opinion, "receipt": code})
    context = {"form": form, "cancel_url": reverse("my_opinions:list"), "submit_label": "登记"}
    return render(request, "suggestions/my_opinion_record.html", context, status=form_status(form, None))
