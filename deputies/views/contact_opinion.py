"""What deputies said at contacts: the office's desk, the units' desk, one opinion and its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deputies.forms.contact import AssignForm, ContactOpinionForm, TellForm, WordsForm
from deputies.models import ContactOpinion
from deputies.selectors.contact import (
    OPINION_VIEWS,
    contact_opinions,
    get_contact_for,
    get_contact_opinion_for,
    opinion_counts,
)
from deputies.services.contact_opinion import (
    contact_opinion_add,
    contact_opinion_adopt,
    contact_opinion_answer,
    contact_opinion_assign,
    contact_opinion_give_back,
    contact_opinion_remove,
    contact_opinion_tell,
)
from deputies.states import (
    CONTACT_OPINION_TRANSITIONS,
    ContactOpinionStatus,
    ContactStatus,
    of_own_office,
    own_contact,
)
from deputies.views.committee import METHODS
from deputies.views.pages import Tab, form_page, posted
from liaison.exceptions import DomainError, NotFound
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.counts import count_text
from liaison.selectors.deadline_view import deadlines_of
from liaison.selectors.timeline import timeline_of

if TYPE_CHECKING:
    from django.http import HttpResponse

#: Step → (label, icon), in the order of the buttons.
_STEPS = {
    "adopt": ("采纳吸收", "check"),
    "assign": ("交办", "send"),
    "answer": ("反馈办理情况", "check"),
    "give_back": ("退回", "arrow-back-up"),
    "tell": ("反馈代表", "message-2"),
}
_NEXT = {
    ContactOpinionStatus.RAISED: "属于本机关职责的采纳吸收，其他的交办有关单位",
    ContactOpinionStatus.ADOPTED: "请把采纳情况反馈代表",
    ContactOpinionStatus.ASSIGNED: "等待承办单位反馈",
    ContactOpinionStatus.ANSWERED: "单位已反馈，请告知代表",
    ContactOpinionStatus.TOLD: "已反馈代表",
}


@require_safe
@requires(P.CONTACT_VIEW, P.CONTACT_ANSWER)
def desk(request: ActorRequest) -> HttpResponse:
    """代表意见办理: the office's, or what was assigned to a unit."""
    actor = request.actor
    if not actor.is_congress and not actor.is_unit:
        raise NotFound
    offered = {key: OPINION_VIEWS[key] for key in OPINION_VIEWS if actor.is_congress or key != "raised"}
    view = request.GET.get("view", "")
    view = view if view in offered else next(iter(offered))
    counts, path = opinion_counts(actor), reverse("contacts:opinions")
    found = contact_opinions(actor).filter(offered[view][1])
    page = keyset_page(found, params=request.GET, path=path, order=("-id",))
    lights = {one.subject.pk: one for one in deadlines_of(page.items, open_only=True)} if page.items else {}
    context = {
        "views": [
            Tab(label, f"{path}?view={key}", count_text(counts[key]), active=key == view)
            for key, (label, _condition) in offered.items()
        ],
        "page": page,
        "rows": [(opinion, lights.get(opinion.pk)) for opinion in page.items],
        "is_unit": actor.is_unit,
    }
    return render(request, "deputies/contact_opinions.html", context)


@require_safe
@requires(P.CONTACT_VIEW, P.CONTACT_ANSWER)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One opinion; each sees their own part."""
    opinion = get_contact_opinion_for(request.actor, public_id)
    actor = request.actor
    steps = [step.name for step in CONTACT_OPINION_TRANSITIONS.available(opinion, actor)]
    buttons = [
        {"label": _STEPS[name][0], "icon": _STEPS[name][1], "url": reverse(f"contacts:{name}", args=[public_id])}
        for name in steps
    ]
    text = "请反馈办理情况" if "answer" in steps else _NEXT[ContactOpinionStatus(opinion.status)]
    context = {
        "opinion": opinion,
        "contact": opinion.contact,
        "action": {"title": text, "primary": buttons[0] if buttons else None, "others": buttons[1:]},
        "deadlines": deadlines_of([opinion]),
        "timeline": None if actor.is_deputy else timeline_of([opinion], slot_titles={}),
        "is_unit": actor.is_unit,
        "is_deputy": actor.is_deputy,
        "may_remove": actor.can(P.CONTACT_EDIT)
        and of_own_office(actor, opinion.contact.office_id)
        and opinion.status == ContactOpinionStatus.RAISED,
    }
    return render(request, "deputies/contact_opinion.html", context)


@require_http_methods(METHODS)
@requires(P.CONTACT_EDIT)
def add(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """登记意见建议."""
    contact = get_contact_for(request.actor, public_id)
    own_contact(contact, request.actor)
    if contact.status not in (ContactStatus.HELD, ContactStatus.RECORDED):
        raise DomainError("活动开展以后才能登记代表的意见建议。", code="contact_not_held")
    form = ContactOpinionForm(posted(request), contact=contact)
    if request.method == "POST" and form.is_valid():
        made = call(
            form,
            contact_opinion_add,
            actor=request.actor,
            contact_id=public_id,
            mandate_id=form.cleaned_data["mandate"],
            text=form.cleaned_data["text"],
        )
        if made is not None:
            messages.success(request, "已登记这条意见建议。")
            return redirect(contact)
    return form_page(
        request,
        "deputies/contact_act.html",
        form,
        trail=[("联系代表", reverse("contacts:list")), (contact.title, contact.get_absolute_url())],
        heading="登记意见建议",
        lede=contact.title,
        submit_label="登记",
        cancel_url=contact.get_absolute_url(),
    )


@require_http_methods(METHODS)
@requires(P.CONTACT_EDIT)
def adopt(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """采纳吸收."""
    opinion = _for_step(request, public_id, "adopt")
    form = WordsForm(posted(request), label="怎样采纳吸收", help_text="例如：已写入条例草案第十二条。")
    if request.method == "POST" and form.is_valid():
        done = call(form, contact_opinion_adopt, actor=request.actor, opinion_id=public_id, **form.cleaned_data)
        if done is not None:
            messages.success(request, "已记为采纳吸收，请反馈代表。")
            return redirect(done)
    return _act(request, opinion, form, heading="采纳吸收", submit_label="保存")


@require_http_methods(METHODS)
@requires(P.CONTACT_EDIT)
def assign(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """交办."""
    opinion = _for_step(request, public_id, "assign")
    form = AssignForm(posted(request), actor=request.actor)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = call(
            form,
            contact_opinion_assign,
            actor=request.actor,
            opinion_id=public_id,
            unit_id=data["unit"].public_id,
            requirement=data["requirement"],
        )
        if done is not None:
            messages.success(request, f"已交办{done.unit}，到期前会提醒。")
            return redirect(done)
    return _act(request, opinion, form, heading="交办", submit_label="交办")


@require_http_methods(METHODS)
@requires(P.CONTACT_ANSWER)
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """反馈办理情况."""
    opinion = _for_step(request, public_id, "answer")
    form = WordsForm(posted(request), label="办理情况", help_text="做了什么、结果怎样；人大工作机构据此反馈代表。")
    if request.method == "POST" and form.is_valid():
        done = call(form, contact_opinion_answer, actor=request.actor, opinion_id=public_id, **form.cleaned_data)
        if done is not None:
            messages.success(request, "已反馈，人大工作机构已收到通知。")
            return redirect(done)
    return _act(request, opinion, form, heading="反馈办理情况", submit_label="反馈")


@require_http_methods(METHODS)
@requires(P.CONTACT_ANSWER)
def give_back(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """退回."""
    opinion = _for_step(request, public_id, "give_back")
    form = WordsForm(posted(request), label="退回原因", help_text="说明为什么不属于本单位职责，建议由谁办理。")
    if request.method == "POST" and form.is_valid():
        done = call(
            form,
            contact_opinion_give_back,
            actor=request.actor,
            opinion_id=public_id,
            reason=form.cleaned_data["words"][:300],
        )
        if done is not None:
            messages.success(request, "已退回，人大工作机构已收到通知。")
            return redirect("contacts:opinions")
    return _act(request, opinion, form, heading="退回", submit_label="退回")


@require_http_methods(METHODS)
@requires(P.CONTACT_EDIT)
def tell(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """反馈代表."""
    opinion = _for_step(request, public_id, "tell")
    form = TellForm(posted(request))
    if request.method == "POST" and form.is_valid():
        done = call(form, contact_opinion_tell, actor=request.actor, opinion_id=public_id, **form.cleaned_data)
        if done is not None:
            messages.success(request, "已记录反馈；代表有账号的，同时收到通知。")
            return redirect(done)
    return _act(request, opinion, form, heading="反馈代表", submit_label="记录反馈")


@require_POST
@requires(P.CONTACT_EDIT)
def remove(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """删除误记的意见建议."""
    opinion = get_contact_opinion_for(request.actor, public_id)
    contact_opinion_remove(actor=request.actor, opinion_id=public_id)
    messages.success(request, "已删除误记的意见建议。")
    return redirect(opinion.contact)


def _for_step(request: ActorRequest, public_id: UUID, step: str) -> ContactOpinion:
    opinion = get_contact_opinion_for(request.actor, public_id)
    CONTACT_OPINION_TRANSITIONS.check(opinion, step, request.actor)
    return opinion


def _act(request: ActorRequest, opinion: ContactOpinion, form: Any, **context: str) -> HttpResponse:
    url = opinion.get_absolute_url()
    trail = [("代表意见办理", reverse("contacts:opinions")), (f"{opinion.mandate.person.name}的意见建议", url)]
    return form_page(
        request,
        "deputies/contact_act.html",
        form,
        trail=trail,
        quote=opinion.text,
        lede=f"{opinion.mandate.person.name}在{opinion.contact.title}提出",
        cancel_url=url,
        **context,
    )
