"""Contacts with deputies: the desk, one contact, its planning, holding and record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deputies.forms.contact import ContactFilter, ContactForm, MetForm, RecordForm
from deputies.forms.station import WhyForm
from deputies.models import Contact
from deputies.selectors.committee import deputies_of_congress, links_of
from deputies.selectors.contact import (
    CONTACT_VIEWS,
    contact_counts,
    contact_list,
    deputies_of,
    get_contact_for,
    my_contacts,
    opinions_of,
)
from deputies.services.contact import (
    contact_cancel,
    contact_edit,
    contact_hold,
    contact_invite,
    contact_plan,
    contact_record,
    contact_reopen,
    contact_uninvite,
)
from deputies.states import CONTACT_TRANSITIONS, ContactStatus, of_own_office, own_contact
from deputies.views.committee import METHODS, kept_congress, require_office, uuid_of
from deputies.views.pages import Tab, form_page, posted
from liaison.dates import cn_date
from liaison.exceptions import DomainError, NotFound
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.counts import count_text
from liaison.selectors.timeline import timeline_of

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@requires(P.CONTACT_VIEW)
def desk(request: ActorRequest) -> HttpResponse:
    """联系活动."""
    require_office(request)
    view = request.GET.get("view", "")
    view = view if view in CONTACT_VIEWS else "coming"
    counts, path = contact_counts(request.actor), reverse("contacts:list")
    found = contact_list(request.actor).filter(CONTACT_VIEWS[view][1])
    filter_ = ContactFilter(request.GET, queryset=found, actor=request.actor)
    order = ("on", "id") if view == "coming" else ("-on", "-id")
    context = {
        "views": [
            Tab(label, f"{path}?view={key}", count_text(counts[key]), active=key == view)
            for key, (label, _condition) in CONTACT_VIEWS.items()
        ],
        "filter": filter_,
        "keep": [("view", view)],
        "clear_url": f"{path}?view={view}",
        "page": keyset_page(filter_.qs, params=request.GET, path=path, order=order),
        "may_edit": request.actor.can(P.CONTACT_EDIT),
    }
    return render(request, "deputies/contact_list.html", context)


@require_safe
@requires(P.CONTACT_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One contact; staff look for further deputies here (``q``)."""
    return _detail_page(request, get_contact_for(request.actor, public_id))


def _detail_page(request: ActorRequest, contact: Contact, problem: str = "") -> HttpResponse:
    actor = request.actor
    keeps = actor.can(P.CONTACT_EDIT) and of_own_office(actor, contact.office_id)
    rows = deputies_of(contact)
    may_invite = keeps and contact.status in (ContactStatus.PLANNED, ContactStatus.HELD)
    words = request.GET.get("q", "").strip()[:60] if may_invite else ""
    opinions = opinions_of(actor, contact)
    context = {
        "contact": contact,
        "rows": rows,
        "opinions": opinions,
        "problem": problem,
        "is_staff": actor.is_congress,
        "may_edit": may_invite,
        "may_note": keeps and contact.status in (ContactStatus.HELD, ContactStatus.RECORDED),
        "may_uninvite": keeps and contact.status == ContactStatus.PLANNED,
        "action": _next_step(contact) if keeps else None,
        "q": words,
        "found": deputies_of_congress(contact.congress, words, leave_out=[row.mandate_id for row in rows]),
        "timeline": timeline_of([contact], slot_titles={}) if actor.is_congress else None,
    }
    return render(request, "deputies/contact_detail.html", context, status=422 if problem else 200)


def _next_step(contact: Contact) -> dict[str, Any]:
    """What may be done now, as ``partials/action_box.html`` shows it."""

    def url(name: str) -> str:
        return reverse(f"contacts:{name}", args=[contact.public_id])

    if contact.status == ContactStatus.PLANNED:
        others = [
            {"label": "修改安排", "url": url("edit"), "icon": "pencil"},
            {"label": "取消活动", "url": url("cancel"), "icon": "x"},
        ]
        primary = None if contact.is_ahead else {"label": "登记到场", "url": url("hold")}
        text = f"{cn_date(contact.on)}起可以登记到场。" if contact.is_ahead else ""
        return {"title": "活动开展后登记到场", "text": text, "primary": primary, "others": others}
    if contact.status == ContactStatus.HELD:
        others = [{"label": "修改安排", "url": url("edit"), "icon": "pencil"}]
        primary = {"label": "完成记录", "url": url("record")}
        text = "记下主要内容和代表提的意见建议；完成后记入代表的履职档案。"
        return {"title": "请完成记录", "text": text, "primary": primary, "others": others}
    if contact.status == ContactStatus.RECORDED:
        others = [{"label": "更正记录", "url": url("reopen"), "icon": "pencil"}]
        text = "已记入代表的履职档案。意见建议办理后请反馈代表。"
        return {"title": "记录已完成", "text": text, "primary": None, "others": others}
    return {"title": "活动已取消", "text": contact.cancel_reason, "primary": None, "others": []}


@require_http_methods(METHODS)
@requires(P.CONTACT_EDIT)
def new(request: ActorRequest) -> HttpResponse:
    """安排联系活动."""
    congress = kept_congress(request)
    chosen = [str(uuid_of(one)) for one in request.GET.getlist("mandate")][:50]
    members = [str(uuid_of(one)) for one in request.GET.getlist("member")][:20]
    form = ContactForm(posted(request), congress=congress, initial={"members": members})
    if request.method == "POST" and form.is_valid():
        made = call(
            form,
            contact_plan,
            actor=request.actor,
            congress_id=congress.public_id,
            facts=form.facts(),
            deputies=chosen,
        )
        if made is not None:
            messages.success(request, "已安排。接下来列入要联系的代表。")
            return redirect(made)
    return form_page(
        request,
        "deputies/contact_act.html",
        form,
        trail=[("联系代表", reverse("contacts:list"))],
        heading="安排联系活动",
        lede=congress.name,
        submit_label="安排",
        cancel_url=reverse("contacts:list"),
    )


@require_http_methods(METHODS)
@requires(P.CONTACT_EDIT)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """修改安排."""
    contact = _kept(request, public_id, ContactStatus.PLANNED, ContactStatus.HELD)
    form = ContactForm(posted(request), congress=contact.congress, contact=contact)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        done = call(form, contact_edit, actor=request.actor, contact_id=public_id, facts=form.facts(), version=version)
        if done is not None:
            messages.success(request, "已保存。日期、地点有变的，有账号的代表会收到通知。")
            return redirect(done)
    return _act(request, contact, form, heading="修改安排", submit_label="保存")


@require_POST
@requires(P.CONTACT_EDIT)
def invite(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """列入代表: one that was looked for, or all whom the members keep contact with."""
    contact = get_contact_for(request.actor, public_id)
    asked = [str(uuid_of(request.POST.get("mandate", "")))]
    if "linked" in request.POST:
        members = {member.pk for member in contact.members.all()}
        links = links_of(contact.congress, contact.on.year)
        asked = [str(link.mandate.public_id) for link in links if link.member_id in members]
    try:
        invited = contact_invite(actor=request.actor, contact_id=public_id, deputies=asked)
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        return _detail_page(request, contact, error.message)
    names = "、".join(mandate.person.name for mandate in invited[:5]) + ("等" if len(invited) > 5 else "")
    messages.success(request, f"已列入{names}，共{len(invited)}名。" if invited else "没有新的代表可以列入。")
    return redirect(contact)


@require_POST
@requires(P.CONTACT_EDIT)
def uninvite(request: ActorRequest, public_id: UUID, mandate_id: UUID) -> HttpResponse:
    """不再列入一名代表."""
    contact = contact_uninvite(actor=request.actor, contact_id=public_id, mandate_id=mandate_id)
    messages.success(request, "已移出，有账号的代表会收到通知。")
    return redirect(contact)


@require_http_methods(METHODS)
@requires(P.CONTACT_EDIT)
def hold(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """登记到场."""
    contact = _for_step(request, public_id, "hold")
    form = MetForm(posted(request), contact=contact)
    if request.method == "POST" and form.is_valid():
        done = call(form, contact_hold, actor=request.actor, contact_id=public_id, met=form.cleaned_data["met"])
        if done is not None:
            messages.success(request, "已登记。请记下主要内容和代表的意见建议，完成记录。")
            return redirect(done)
    return _act(request, contact, form, heading="登记到场", submit_label="登记到场")


@require_http_methods(METHODS)
@requires(P.CONTACT_EDIT)
def record(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """完成记录."""
    contact = _for_step(request, public_id, "record")
    form = RecordForm(posted(request), contact=contact)
    if request.method == "POST" and form.is_valid():
        done = call(form, contact_record, actor=request.actor, contact_id=public_id, **form.cleaned_data)
        if done is not None:
            messages.success(request, "记录已完成，已记入代表的履职档案。")
            return redirect(done)
    return _act(request, contact, form, heading="完成记录", submit_label="完成记录")


@require_http_methods(METHODS)
@requires(P.CONTACT_EDIT)
def reopen(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """更正记录."""
    contact = _for_step(request, public_id, "reopen")
    form = WhyForm(posted(request), label="更正原因", help_text="例如：到场名单有误。")
    if request.method == "POST" and form.is_valid():
        done = call(form, contact_reopen, actor=request.actor, contact_id=public_id, reason=form.cleaned_data["reason"])
        if done is not None:
            messages.success(request, "可以更正了，更正后请再次完成记录。")
            return redirect(done)
    return _act(request, contact, form, heading="更正记录", submit_label="开始更正")


@require_http_methods(METHODS)
@requires(P.CONTACT_EDIT)
def cancel(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """取消活动."""
    contact = _for_step(request, public_id, "cancel")
    form = WhyForm(posted(request), label="取消原因", help_text="例如：与人代会时间冲突，另行安排。")
    if request.method == "POST" and form.is_valid():
        done = call(form, contact_cancel, actor=request.actor, contact_id=public_id, reason=form.cleaned_data["reason"])
        if done is not None:
            messages.success(request, "已取消，有账号的代表和组成人员会收到通知。")
            return redirect(done)
    lede = "取消后不能恢复，需要时另行安排。有账号的代表和组成人员会收到通知。"
    return _act(
        request,
        contact,
        form,
        heading=f"取消{contact.title}",
        lede=lede,
        submit_label="取消活动",
        cancel_label="返回，不取消",
    )


@require_safe
@requires(P.CONTACT_VIEW)
def mine(request: ActorRequest) -> HttpResponse:
    """我的联系, for deputies: coming, held, what became of what one said; for members whom they should meet."""
    if not request.actor.is_deputy:
        raise NotFound
    return render(request, "deputies/contact_mine.html", {"own": my_contacts(request.actor)})


def _kept(request: ActorRequest, public_id: UUID, *states: str) -> Contact:
    contact = get_contact_for(request.actor, public_id)
    own_contact(contact, request.actor)
    if contact.status not in states:
        raise DomainError(f"这次联系活动{contact.get_status_display()}，不能再改。", code="contact_settled")
    return contact


def _for_step(request: ActorRequest, public_id: UUID, step: str) -> Contact:
    contact = get_contact_for(request.actor, public_id)
    CONTACT_TRANSITIONS.check(contact, step, request.actor)
    return contact


def _act(request: ActorRequest, contact: Contact, form: Any, *, lede: str = "", **context: str) -> HttpResponse:
    url = contact.get_absolute_url()
    trail = [("联系代表", reverse("contacts:list")), (contact.title, url)]
    context |= {"cancel_url": url, "lede": lede or contact.title}
    return form_page(request, "deputies/contact_act.html", form, trail=trail, **context)
