"""Practical deeds for deputies: their own, writing one down on the phone, the QR code for the person helped."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deputies.forms.deed import DeedForm, RejectForm
from deputies.selectors.deed import deed_list, get_deed_for, record_of
from deputies.services.deed import deed_edit, deed_receipt, deed_record, deed_withdraw
from deputies.states import DEED_TRANSITIONS, DeedStatus
from deputies.views.pages import form_page, posted, posted_files
from liaison.exceptions import IllegalTransition
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.qr import qr_of

if TYPE_CHECKING:
    from django.http import HttpResponse

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@requires(P.DEED_WRITE)
def mine(request: ActorRequest) -> HttpResponse:
    """我办的实事."""
    page = keyset_page(deed_list(request.actor), params=request.GET, path=reverse("my_deeds:list"))
    return render(request, "deputies/my_deed_list.html", {"page": page})


@require_http_methods(METHODS)
@requires(P.DEED_WRITE)
def new(request: ActorRequest) -> HttpResponse:
    """记一件实事."""
    form = DeedForm(posted(request), posted_files(request), actor=request.actor)
    if form.is_valid():
        done = call(
            form,
            deed_record,
            actor=request.actor,
            client_token=form.cleaned_data["client_token"],
            facts=form.facts(),
            mandate_id=form.cleaned_data.get("mandate") or None,
            **form.uploads,
        )
        if done is not None:
            messages.success(request, "已记录。请受益群众扫码确认，或者等工作人员核实。")
            return redirect("my_deeds:detail", done.public_id)
    return form_page(request, "deputies/my_deed_form.html", form, cancel_url=reverse("my_deeds:list"))


@require_http_methods(METHODS)
@requires(P.DEED_WRITE)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Mending a deed that nobody has spoken about."""
    deed = get_deed_for(request.actor, public_id)
    if request.method != "POST" and deed.status != DeedStatus.WAITING:
        raise IllegalTransition(f"这件实事现在是“{deed.get_status_display()}”，不能再改。")
    form = DeedForm(posted(request), posted_files(request), actor=request.actor, deed=deed)
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
            return redirect("my_deeds:detail", public_id)
    return form_page(request, "deputies/my_deed_form.html", form, deed=deed, cancel_url=deed.deputy_url)


@require_safe
@requires(P.DEED_WRITE)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One deed and where it stands."""
    deed = get_deed_for(request.actor, public_id)
    record = record_of(request.actor, deed)
    context = {
        "deed": deed,
        "record": record,
        "timeline": record.timeline or None,
        "acts": [step.name for step in DEED_TRANSITIONS.available(deed, request.actor)],
        "may_mend": deed.status == DeedStatus.WAITING,
    }
    return render(request, "deputies/my_deed_detail.html", context)


@never_cache
@require_POST
@requires(P.DEED_WRITE)
def receipt(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """确认二维码: made anew with each press and shown once, as the address is kept nowhere."""
    deed, secret = deed_receipt(actor=request.actor, public_id=public_id)
    url = request.build_absolute_uri(reverse("open_deeds:testify", args=[secret]))
    return render(request, "deputies/my_deed_receipt.html", {"deed": deed, "url": url, "qr": qr_of(url)})


@require_http_methods(METHODS)
@requires(P.DEED_WRITE)
def withdraw(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """撤回."""
    deed = get_deed_for(request.actor, public_id)
    form = RejectForm(posted(request))
    if request.method != "POST":
        DEED_TRANSITIONS.check(deed, "withdraw", request.actor)
    elif (
        form.is_valid()
        and call(form, deed_withdraw, actor=request.actor, public_id=public_id, reason=form.cleaned_data["reason"])
        is not None
    ):
        messages.success(request, "已撤回，台账里的记录同时冲销。")
        return redirect("my_deeds:detail", public_id)
    context = {"deed": deed, "heading": "撤回", "submit_label": "撤回", "cancel_url": deed.deputy_url}
    return form_page(request, "deputies/my_deed_withdraw.html", form, **context)
