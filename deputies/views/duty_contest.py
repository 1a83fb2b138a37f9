"""Contests of the duty ledger: a deputy says what is wrong or missing, staff accept or refuse."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from deputies.forms.duty import AcceptForm, AcceptMissingForm, ContestForm, MissingForm, RefuseForm
from deputies.selectors.duty_contest import CONTEST_VIEWS, contest_rows, get_contest_for, get_own_entry, is_standing
from deputies.selectors.duty_file import entry_lines
from deputies.selectors.duty_scope import get_file_mandate, keeps, require_keeps
from deputies.services.duty_contest import (
    contest_accept,
    contest_entry,
    contest_missing,
    contest_refuse,
    contest_withdraw,
)
from deputies.views.pages import Tab, form_page, posted, posted_files
from liaison.exceptions import NotAllowed
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.attachment import attachments_of
from liaison.selectors.deadline_view import deadlines_of

if TYPE_CHECKING:
    from django.http import HttpResponse

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@requires(P.DUTY_VIEW)
def contest(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """对一条记录提出异议."""
    entry = get_own_entry(request.actor, public_id)
    form = ContestForm(posted(request), posted_files(request), initial={"client_token": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = call(
            form,
            contest_entry,
            actor=request.actor,
            entry_id=public_id,
            client_token=data["client_token"],
            text=data["text"],
            uploads=data["uploads"],
        )
        if made is not None:
            messages.success(request, "已提出异议，工作人员会在10个工作日内处理，结果会通知您。")
            return redirect(made)
    cancel_url = reverse("duty:file", args=[entry.mandate.public_id, entry.on.year])
    return form_page(request, "deputies/duty_contest_form.html", form, entry=entry, cancel_url=cancel_url)


@require_http_methods(METHODS)
@requires(P.DUTY_VIEW)
def missing(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """补报一条记录."""
    mandate = get_file_mandate(request.actor, public_id)
    if not request.actor.is_deputy:
        raise NotAllowed("由代表本人补报。")
    form = MissingForm(posted(request), posted_files(request), initial={"client_token": uuid.uuid4(), "quantity": 1})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = call(
            form,
            contest_missing,
            actor=request.actor,
            mandate_id=public_id,
            client_token=data["client_token"],
            facts=form.facts(),
            text=data["text"],
            uploads=data["uploads"],
        )
        if made is not None:
            messages.success(request, "已补报，工作人员会在10个工作日内处理，结果会通知您。")
            return redirect(made)
    cancel_url = reverse("duty:file_now", args=[mandate.public_id])
    return form_page(request, "deputies/duty_contest_form.html", form, mandate=mandate, cancel_url=cancel_url)


@require_safe
@requires(P.DUTY_VIEW)
def contest_list(request: ActorRequest) -> HttpResponse:
    """异议与补报: what waits, and what was decided."""
    view = request.GET.get("view", "")
    view = view if view in CONTEST_VIEWS else "open"
    path, order = reverse("duty:contests"), ("id",) if view == "open" else ("-id",)
    context = {
        "page": keyset_page(contest_rows(request.actor, view), params=request.GET, path=path, order=order),
        "view": view,
        "views": [
            Tab(label=label, url=f"{path}?view={key}", active=key == view) for key, label in CONTEST_VIEWS.items()
        ],
        "is_self": request.actor.is_deputy,
    }
    return render(request, "deputies/duty_contest_list.html", context)


@require_safe
@requires(P.DUTY_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One contest with its files and what became of it."""
    one = get_contest_for(request.actor, public_id)
    context = {
        "contest": one,
        "entry": one.entry,
        "is_standing": is_standing(one),
        "source_url": entry_lines(request.actor, [one.entry])[0].url if one.entry else "",
        "mandate": one.mandate,
        "files": attachments_of(one),
        "deadlines": deadlines_of([one], open_only=True),
        "file_url": reverse("duty:file", args=[one.mandate.public_id, one.year]),
        "may_decide": one.is_open and keeps(request.actor, one.mandate.congress),
        "may_withdraw": one.is_open and request.actor.is_deputy,
    }
    return render(request, "deputies/duty_contest.html", context)


@require_http_methods(METHODS)
@requires(P.DUTY_CHECK)
def accept(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """采纳: reverse the wrong entry, or enter the missing one."""
    one = get_contest_for(request.actor, public_id)
    require_keeps(request.actor, one.mandate.congress)
    form: AcceptForm | AcceptMissingForm
    if one.entry_id is None:
        form = AcceptMissingForm(posted(request), initial=AcceptMissingForm.of(one))
    else:
        form = AcceptForm(posted(request))
    if request.method == "POST" and form.is_valid():
        done = call(
            form,
            contest_accept,
            actor=request.actor,
            contest_id=public_id,
            decision=form.cleaned_data["decision"],
            facts=form.facts() if isinstance(form, AcceptMissingForm) else None,
        )
        if done is not None:
            messages.success(request, f"已采纳（{done.get_outcome_display()}），代表会收到通知。")
            return redirect(done)
    context = {
        "contest": one,
        "accepts": True,
        "is_standing": is_standing(one),
        "cancel_url": one.get_absolute_url(),
    }
    return form_page(request, "deputies/duty_contest_decide.html", form, **context)


@require_http_methods(METHODS)
@requires(P.DUTY_CHECK)
def refuse(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """不予采纳, with a reason."""
    one = get_contest_for(request.actor, public_id)
    require_keeps(request.actor, one.mandate.congress)
    form = RefuseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        decision = form.cleaned_data["decision"]
        done = call(form, contest_refuse, actor=request.actor, contest_id=public_id, decision=decision)
        if done is not None:
            messages.success(request, "已答复代表：不予采纳。")
            return redirect(done)
    context = {"contest": one, "accepts": False, "cancel_url": one.get_absolute_url()}
    return form_page(request, "deputies/duty_contest_decide.html", form, **context)


@require_http_methods(METHODS)
@requires(P.DUTY_VIEW)
def withdraw(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """撤回: asks once."""
    one = get_contest_for(request.actor, public_id)
    if not request.actor.is_deputy:
        raise NotAllowed("由提出的代表本人撤回。")
    if request.method == "POST":
        contest_withdraw(actor=request.actor, contest_id=public_id)
        messages.success(request, "已撤回。")
        return redirect(one)
    context = {
        "contest": one,
        "heading": "撤回",
        "question": f"撤回“{one.title}”的{'异议' if one.entry_id else '补报'}？",
        "consequence": "撤回后工作人员不再处理；以后还可以重新提出。",
        "confirm_label": "撤回",
        "cancel_url": one.get_absolute_url(),
    }
    return render(request, "deputies/duty_confirm.html", context)
