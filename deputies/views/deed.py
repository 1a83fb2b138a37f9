"""Practical deeds for staff: the list, one deed, writing one down for a deputy, checking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deputies.forms.deed import CheckForm, DeedFilter, DeedForm, RejectForm
from deputies.selectors.deed import DEED_VIEWS, deed_list, get_deed_for, may_mend, record_of, recordable
from deputies.selectors.mandate import get_mandate_for
from deputies.selectors.placement import deputies_found
from deputies.services.deed import deed_edit, deed_record, require_mendable, require_recorder
from deputies.services.deed_check import deed_confirm, deed_phone, deed_reject
from deputies.states import DEED_TRANSITIONS, DeedStatus
from deputies.views.pages import Tab, form_page, posted, posted_files
from liaison.exceptions import NotAllowed, NotFound
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.models import Deed

METHODS = ["GET", "HEAD", "POST"]


def _require_staff(request: ActorRequest) -> None:
    """Deputies have pages of their own; units have nothing to do with deeds.

    Raises:
        NotAllowed: no congress staff.
    """
    if not request.actor.is_congress:
        raise NotAllowed("这一页由人大工作机构使用。")


@require_safe
@requires(P.REPORT_VIEW)
def index(request: ActorRequest) -> HttpResponse:
    """办实事: saved views, conditions in the address."""
    if request.actor.is_deputy:
        return redirect("my_deeds:list")
    _require_staff(request)
    path = reverse("deeds:list")
    view = request.GET.get("view", "all")
    view = view if view in DEED_VIEWS else "all"
    states = DEED_VIEWS[view][1]
    deeds = deed_list(request.actor)
    filter_ = DeedFilter(
        request.GET, queryset=deeds.filter(status__in=states) if states else deeds, actor=request.actor
    )
    views = []
    for key, (label, _) in DEED_VIEWS.items():
        query = request.GET.copy()
        for name in ("after", "before"):
            query.pop(name, None)
        query["view"] = key
        views.append(Tab(label, f"{path}?{query.urlencode()}", active=key == view))
    context = {
        "views": views,
        "view": view,
        "filter": filter_,
        "clear_url": f"{path}?view={view}",
        "page": keyset_page(filter_.qs, params=request.GET, path=path),
        "may_edit": request.actor.can(P.DEED_CONFIRM),
    }
    return render(request, "deputies/deed_list.html", context)


@require_safe
@requires(P.REPORT_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One deed: what, for whom, proof, what was said, what may be done now."""
    if request.actor.is_deputy:
        return redirect("my_deeds:detail", public_id)
    _require_staff(request)
    return _detail_page(request, get_deed_for(request.actor, public_id))


def _detail_page(request: ActorRequest, deed: Deed, phone: str = "") -> HttpResponse:
    record = record_of(request.actor, deed)
    acts = [step.name for step in DEED_TRANSITIONS.available(deed, request.actor)]
    context = {
        "deed": deed,
        "record": record,
        "timeline": record.timeline,
        "acts": acts,
        "phone": phone,
        "may_mend": may_mend(request.actor, deed),
        "may_unmask": deed.office_id == request.actor.organisation_id and request.actor.can(P.DEED_CONFIRM),
    }
    return render(request, "deputies/deed_detail.html", context)


@never_cache
@require_POST
@requires(P.DEED_CONFIRM)
def phone(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """查看受益人电话: noted in the audit, shown once."""
    number = deed_phone(actor=request.actor, public_id=public_id)
    return _detail_page(request, get_deed_for(request.actor, public_id), number)


@require_http_methods(METHODS)
@requires(P.DEED_CONFIRM)
def new(request: ActorRequest) -> HttpResponse:
    """替代表记录: the deputy is looked for first (``q``), then chosen (``mandate``)."""
    chosen = request.GET.get("mandate", "")
    words = request.GET.get("q", "").strip()[:60]
    if not chosen:
        found = deputies_found(request.actor, words)
        own = recordable(request.actor, (one.mandate for one in found))
        context = {"q": words, "found": [(one.mandate, one.mandate.pk in own) for one in found]}
        return render(request, "deputies/deed_whose.html", context)
    mandate = get_mandate_for(request.actor, _uuid(chosen))
    require_recorder(request.actor, mandate)
    form = DeedForm(posted(request), posted_files(request), actor=request.actor)
    if form.is_valid():
        done = call(
            form,
            deed_record,
            actor=request.actor,
            client_token=form.cleaned_data["client_token"],
            facts=form.facts(),
            mandate_id=mandate.public_id,
            **form.uploads,
        )
        if done is not None:
            messages.success(request, "已记录。核实以后计入履职台账。")
            return redirect(done)
    return form_page(request, "deputies/deed_form.html", form, mandate=mandate, cancel_url=reverse("deeds:list"))


@require_http_methods(METHODS)
@requires(P.DEED_CONFIRM)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """更正登记: what the office wrote down for a deputy, until it is confirmed."""
    deed = get_deed_for(request.actor, public_id)
    form = DeedForm(posted(request), posted_files(request), actor=request.actor, deed=deed)
    if request.method != "POST" or deed.status == DeedStatus.WAITING:  # settled meanwhile: said beside what was typed
        require_mendable(request.actor, deed)
    if form.is_valid():
        done = call(
            form,
            deed_edit,
            actor=request.actor,
            public_id=public_id,
            facts=form.facts(),
            version=form.cleaned_data["version"],
            **form.uploads,
        )
        if done is not None:
            messages.success(request, "已保存。")
            return redirect(done)
    context = {"deed": deed, "mandate": deed.mandate, "cancel_url": deed.get_absolute_url()}
    return form_page(request, "deputies/deed_form.html", form, **context)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


@require_http_methods(METHODS)
@requires(P.DEED_CONFIRM)
def confirm(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """核实属实."""
    deed = get_deed_for(request.actor, public_id)
    form = CheckForm(posted(request))
    form.show_version(deed)
    if request.method != "POST":
        DEED_TRANSITIONS.check(deed, "confirm", request.actor)
    elif (
        form.is_valid()
        and call(form, deed_confirm, actor=request.actor, public_id=public_id, **form.cleaned_data) is not None
    ):
        messages.success(request, "已核实，计入履职台账。")
        return redirect(deed)
    return _act(request, deed, form, "核实属实")


@require_http_methods(METHODS)
@requires(P.DEED_CONFIRM)
def reject(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """不予认定."""
    deed = get_deed_for(request.actor, public_id)
    form = RejectForm(posted(request))
    form.show_version(deed)
    if request.method != "POST":
        DEED_TRANSITIONS.check(deed, "reject", request.actor)
    elif (
        form.is_valid()
        and call(form, deed_reject, actor=request.actor, public_id=public_id, **form.cleaned_data) is not None
    ):
        messages.success(request, "已记为不予认定，代表会收到通知。")
        return redirect(deed)
    return _act(request, deed, form, "不予认定")


def _act(request: ActorRequest, deed: Deed, form: Any, heading: str) -> HttpResponse:
    context = {"deed": deed, "heading": heading, "submit_label": heading, "cancel_url": deed.get_absolute_url()}
    return form_page(request, "deputies/deed_act.html", form, **context)
