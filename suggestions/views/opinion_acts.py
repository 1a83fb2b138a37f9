"""The office's acts on an opinion, one page each: answer, ask a deputy, hand over, 12345, take back, close, group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from liaison.dates import cn_date, cn_datetime
from liaison.exceptions import NotAllowed
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.deadline_view import preview
from suggestions.forms.hotline_report import OfficeReportForm
from suggestions.forms.opinion import (
    AnswerForm,
    AssignDeputyForm,
    CategoryForm,
    HandOverForm,
    HotlineForm,
    JoinForm,
    MembersForm,
    ReasonForm,
    SayForm,
)
from suggestions.selectors.hotline_settings import hotline_for
from suggestions.selectors.opinion import hotline_draft, similar_to
from suggestions.selectors.opinion_desk import BY_UNIT
from suggestions.selectors.opinion_people import deputies_to_ask
from suggestions.selectors.opinion_record import get_opinion_for, is_own, shown_text, unit_period
from suggestions.selectors.opinion_rules import opinion_rules
from suggestions.services.opinion import (
    opinion_assign_deputy,
    opinion_categorise,
    opinion_close,
    opinion_hand_over,
    opinion_prepare_hotline,
    opinion_recall,
    opinion_reopen,
)
from suggestions.services.opinion_answer import opinion_answer, opinion_reply
from suggestions.services.opinion_group import opinion_group, opinion_ungroup, opinions_group
from suggestions.states import OPINION_TRANSITIONS, OpinionStatus
from suggestions.views.acts import form_status, posted

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import BaseForm

    from liaison.actor import Actor
    from suggestions.models import Opinion

METHODS = ["GET", "HEAD", "POST"]
#: So many alike ones are offered for grouping.
MOST_OFFERED = 30


def act_page(
    request: ActorRequest,
    opinion: Opinion,
    form: BaseForm,
    template: str = "suggestions/opinion_act.html",
    **words: Any,
) -> HttpResponse:
    """The page of one act: what it is about, then the form; everything typed stays in it after a refusal."""
    context = {
        "opinion": opinion,
        "about": shown_text(request.actor, opinion, opinion.text),
        "form": form,
        "back_url": opinion.get_absolute_url(),
        "list_url": reverse("opinions:desk"),
        "list_label": "社情民意",
        **words,
    }
    return render(request, template, context, status=form_status(form, opinion))  # type: ignore[arg-type]


def _act(
    request: ActorRequest,
    opinion: Opinion,
    step: str,
    form: BaseForm,
    service: Callable[..., Opinion],
    *,
    done: str,
    **words: Any,
) -> HttpResponse:
    """Ask whether the step is open, show the form, then the service with everything typed.

    Args:
        step: the transition that the page takes.
        done: what is said afterwards.
        words: for the template.
    """
    if request.method != "POST":
        OPINION_TRANSITIONS.check(opinion, step, request.actor)
    elif form.is_valid():
        result = call(form, service, actor=request.actor, public_id=opinion.public_id, **form.cleaned_data)
        if result is not None:
            messages.success(request, done)
            return redirect(result)
    return act_page(request, opinion, form, **words)


@require_http_methods(METHODS)
@requires(P.OPINION_SORT)
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """答复, by the office itself; also what the hotline said."""
    opinion = get_opinion_for(request.actor, public_id)
    hotline = opinion.status == OpinionStatus.HOTLINE
    return _act(
        request,
        opinion,
        "answer",
        AnswerForm(posted(request), initial={"version": opinion.version}),
        opinion_answer,
        done="已答复，反映人凭回执码能看到。" + ("留了电话的，请电话告知。" if opinion.contact_phone else ""),
        heading="登记热线的答复" if hotline else "答复反映人",
        submit_label="登记答复" if hotline else "答复",
    )


@require_http_methods(METHODS)
@requires(P.OPINION_SORT)
def assign(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """请代表答复: the station's deputies, and others found by words."""
    opinion = get_opinion_for(request.actor, public_id)
    words = request.GET.get("q", "").strip()[:60]
    groups = deputies_to_ask(request.actor, opinion, words)
    hours = opinion_rules(opinion.office_id).deputy_hours
    form = AssignDeputyForm(posted(request), groups=groups, initial={"version": opinion.version})
    return _act(
        request,
        opinion,
        "assign_deputy",
        form,
        opinion_assign_deputy,
        done=f"已请代表在{hours}小时内答复，代表会收到通知。",
        template="suggestions/opinion_assign.html",
        heading="请代表答复",
        lede=f"代表应在{hours}小时内答复；到时没有答复的，您会看到超期。",
        submit_label="请代表答复",
        groups=groups,
        q=words,
        found=any(label != "本站代表" for label, _ in groups),
    )


@require_http_methods(METHODS)
@requires(P.OPINION_SORT)
def hand_over(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """交办单位, with the due day and how it is found shown before the press."""
    opinion = get_opinion_for(request.actor, public_id)
    clock = preview(BY_UNIT, unit_period(opinion, timezone.localdate()), holder_name="承办单位")
    return _act(
        request,
        opinion,
        "hand_over",
        HandOverForm(posted(request), actor=request.actor, initial={"version": opinion.version}),
        opinion_hand_over,
        done=f"已交办，承办单位应在{cn_date(clock.due_on)}前答复。",
        heading="交办单位",
        submit_label="交办",
        clock=clock,
    )


@require_http_methods(METHODS)
@requires(P.OPINION_SORT)
def hotline(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """转12345: sent there where the hotline is connected, else a text ready to be read out or copied."""
    opinion = get_opinion_for(request.actor, public_id)
    initial = {"version": opinion.version, "text": opinion.hotline_text or hotline_draft(opinion)}
    client = hotline_for(opinion.region_prefix)
    if client is not None:
        return _act(
            request,
            opinion,
            "prepare_hotline",
            OfficeReportForm(posted(request), initial=initial),
            _to_hotline,
            done=f"已转{client.organisation.name}，办理情况自动更新。",
            heading="转12345",
            lede=f"直接发给{client.organisation.name}，热线受理、派单、反馈的情况会显示在这里。",
            submit_label="确认转办",
        )
    return _act(
        request,
        opinion,
        "prepare_hotline",
        HotlineForm(posted(request), initial=initial),
        opinion_prepare_hotline,
        done="转办文本已存好。向12345转办以后，热线的答复登记在这里。",
        heading="转12345",
        lede="本地区的热线还没有和平台联网：这里备好文本，由您拨打12345或者在热线网站上转办。",
        submit_label="存好转办文本",
    )


def _to_hotline(*, actor: Actor, public_id: UUID, version: int, text: str, **report: Any) -> Opinion:
    return opinion_prepare_hotline(actor=actor, public_id=public_id, version=version, text=text, report=report)


@require_http_methods(METHODS)
@requires(P.OPINION_SORT)
def recall(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """收回重新分办."""
    opinion = get_opinion_for(request.actor, public_id)
    form = ReasonForm(
        posted(request),
        label="收回的理由",
        help_text="正在办理的代表或者单位会看到。",
        most=200,
        initial={"version": opinion.version},
    )
    return _act(
        request,
        opinion,
        "recall",
        form,
        opinion_recall,
        done="已收回，请重新分办。",
        heading="收回重新分办",
        submit_label="收回",
    )


@require_http_methods(METHODS)
@requires(P.OPINION_SORT)
def close(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """办结: an answered one as it stands, any other with a reason for the person."""
    opinion = get_opinion_for(request.actor, public_id)
    answered = opinion.status == OpinionStatus.ANSWERED
    form = ReasonForm(
        posted(request),
        label="备注" if answered else "办结的理由",
        help_text="记入办理经过。" if answered else "反映人会看到，例如：这件事由县级公路养护计划安排，明年实施。",
        required=not answered,
        most=200 if answered else 2000,
        initial={"version": opinion.version},
    )
    return _act(
        request,
        opinion,
        "close",
        form,
        opinion_close,
        done="已办结。",
        heading="办结" if answered else "说明理由办结",
        submit_label="办结",
    )


@require_http_methods(METHODS)
@requires(P.OPINION_SORT)
def reopen(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """反映人说没有解决, at the desk or by telephone: once."""
    opinion = get_opinion_for(request.actor, public_id)
    form = ReasonForm(
        posted(request),
        label="哪里没有解决",
        help_text="按反映人说的写。重新办理只有一次。",
        most=1000,
        initial={"version": opinion.version},
    )
    return _act(
        request,
        opinion,
        "reopen",
        form,
        opinion_reopen,
        done="已重新打开，请重新分办。",
        heading="反映人说没有解决",
        submit_label="重新办理",
    )


def _own(request: ActorRequest, public_id: UUID) -> Opinion:
    """An opinion that the actor's office handles.

    Raises:
        NotAllowed: another office does.
    """
    opinion = get_opinion_for(request.actor, public_id)
    if not is_own(request.actor, opinion):
        raise NotAllowed("这件社情民意由其他人大工作机构办理，您可以查看，不能代为办理。")
    return opinion


@require_POST
@requires(P.OPINION_SORT)
def say(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A line to the person, without an answer."""
    opinion = _own(request, public_id)
    form = SayForm(request.POST)
    if form.is_valid():
        sent = call(
            form, opinion_reply, actor=request.actor, public_id=public_id, version=None, text=form.cleaned_data["text"]
        )
        if sent is not None:
            messages.success(request, "已发给反映人，反映人凭回执码能看到。")
            return redirect(f"{opinion.get_absolute_url()}#thread-title")
    return act_page(request, opinion, form, heading="给反映人留言", submit_label="发给反映人")


@require_http_methods(METHODS)
@requires(P.OPINION_SORT)
def category(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """类别."""
    opinion = _own(request, public_id)
    initial = {"version": opinion.version, "category_id": opinion.category_id}
    form = CategoryForm(posted(request), initial=initial)
    if form.is_valid():
        saved = call(form, opinion_categorise, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if saved is not None:
            messages.success(request, "类别已保存。")
            return redirect(saved)
    return act_page(request, opinion, form, heading="选择类别", submit_label="保存")


@require_http_methods(METHODS)
@requires(P.OPINION_SORT)
def group(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """归并同类: this one under another, or others under this one."""
    opinion = _own(request, public_id)
    similar = [one for one, _ in similar_to(request.actor, opinion, limit=MOST_OFFERED)]
    data = posted(request)
    joins = data is not None and "join" in data
    leads = [(str(one.public_id), _line(one)) for one in similar]
    loose = [(str(one.public_id), _line(one)) for one in similar if one.status == OpinionStatus.RECEIVED]
    initial = {"version": opinion.version}
    join = JoinForm(data if joins else None, offered=leads, initial=initial)
    gather = MembersForm(data if data is not None and not joins else None, offered=loose, initial=initial)
    form: BaseForm = join if joins else gather
    if form.is_valid():
        done = call(form, _group, request, opinion, form.cleaned_data)
        if done is not None:
            messages.success(request, f"已归并。在{done.number}上办理，答复会一并告知所有人。")
            return redirect(done)
    may_join = opinion.status == OpinionStatus.RECEIVED and opinion.same_as_id is None and not opinion.members.exists()
    return act_page(
        request,
        opinion,
        form,
        template="suggestions/opinion_group.html",
        heading="归并同类",
        join=join if may_join and leads else None,
        gather=gather if loose and opinion.same_as_id is None else None,
    )


def _group(request: ActorRequest, opinion: Opinion, values: dict[str, Any]) -> Opinion:
    if "lead_public_id" in values:
        opinion_group(
            actor=request.actor,
            public_id=opinion.public_id,
            version=values["version"],
            lead_public_id=values["lead_public_id"],
        )
        return get_opinion_for(request.actor, values["lead_public_id"])
    opinions_group(actor=request.actor, lead_public_id=opinion.public_id, public_ids=values["ids"])
    return opinion


def _line(opinion: Opinion) -> str:
    text = opinion.text if len(opinion.text) <= 60 else f"{opinion.text[:60]}…"
    place = f"，{opinion.place}" if opinion.place else ""
    return f"{opinion.number}（{opinion.get_status_display()}{place}，{cn_datetime(opinion.created_at)}）：{text}"


@require_POST
@requires(P.OPINION_SORT)
def ungroup(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """移出: it goes its own way again."""
    opinion = opinion_ungroup(actor=request.actor, public_id=public_id, version=None)
    messages.success(request, f"{opinion.number}已移出，单独办理。")
    return redirect(opinion)
