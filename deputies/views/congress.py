"""Congresses: the list, a congress's page, its sessions, electoral units and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from deputies.forms.congress import (
    RULE_HELP,
    CongressCreateForm,
    CongressEditForm,
    CongressSettingsForm,
    ElectoralUnitForm,
    SessionForm,
    rule_label,
)
from deputies.selectors.congress import (
    congress_list,
    get_congress_for,
    get_session_of,
    get_unit_of,
    may_edit,
    region_choices,
    sessions_of,
    settings_of,
    units_of,
)
from deputies.services.congress import (
    NO_CONGRESS,
    SETTING_FIELDS,
    congress_create,
    congress_edit,
    congress_settings_save,
    electoral_unit_remove,
    electoral_unit_save,
    session_save,
)
from deputies.views.pages import form_page, posted
from liaison.exceptions import NotAllowed
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.models import Congress


@require_safe
@requires(P.DEPUTY_VIEW)
def congresses(request: ActorRequest) -> HttpResponse:
    """届次: place by place."""
    way, below = region_choices(request.actor, request.GET.get("region", ""))
    here = way[-1] if way else None
    rows = congress_list(request.actor, here)
    page = keyset_page(rows, params=request.GET, path=request.path, order=("prefix", "-term", "id"))
    context = {
        "way": way,
        "below": below,
        "here": here,
        "page": page,
        "may_edit": request.actor.can(P.DEPUTY_EDIT),
    }
    return render(request, "deputies/congress_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.DEPUTY_EDIT)
def add(request: ActorRequest) -> HttpResponse:
    """登记届次: choose the region step by step, then the term."""
    code = request.GET.get("region", "")
    way, below = region_choices(request.actor, code)
    here = way[-1] if way else None
    context: dict[str, Any] = {"way": way, "below": below, "here": here, "cancel_url": reverse("congresses:list")}
    if here is None or here.code != code:
        return render(request, "deputies/congress_region.html", context)
    form = CongressCreateForm(posted(request), region=here)
    if request.method == "POST" and form.is_valid():
        congress = call(form, congress_create, actor=request.actor, region_code=code, **form.cleaned_data)
        if congress is not None:
            messages.success(request, f"已登记{congress.name}。接下来可以登记会议和选举单位，或导入代表名册。")
            return redirect(congress)
    if not here.has_congress:
        context["refusal"] = NO_CONGRESS.format(name=here.name)
    return form_page(request, "deputies/congress_form.html", form, **context)


@require_safe
@requires(P.DEPUTY_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One congress: its term, sessions, electoral units and rules."""
    congress = get_congress_for(request.actor, public_id)
    rules = settings_of(congress)
    context = {
        "congress": congress,
        "may_edit": may_edit(request.actor, congress),
        "may_import": request.actor.can(P.DEPUTY_IMPORT),
        "may_see_quotas": request.actor.is_congress and request.actor.can(P.CAMPAIGN_VIEW),
        "sessions": sessions_of(congress),
        "units": units_of(congress),
        "rules": [
            {"label": rule_label(name), "value": getattr(rules, name), "help": RULE_HELP[name]}
            for name in SETTING_FIELDS
        ],
        "deputies_url": f"{reverse('deputies:list')}?congress={congress.public_id}&region={congress.region.code}",
    }
    return render(request, "deputies/congress_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.DEPUTY_EDIT)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """修改届次."""
    congress = _editable(request, public_id)
    form = CongressEditForm(posted(request), congress=congress)
    if request.method == "POST" and form.is_valid():
        saved = call(form, congress_edit, actor=request.actor, congress_id=public_id, **form.cleaned_data)
        if saved is not None:
            messages.success(request, f"已保存{saved.name}。")
            return redirect(saved)
    return _form(request, "deputies/congress_form.html", congress, form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.DEPUTY_EDIT)
def settings(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """办理规则."""
    congress = _editable(request, public_id)
    form = CongressSettingsForm(posted(request), rules=settings_of(congress))
    if request.method == "POST" and form.is_valid():
        saved = call(form, congress_settings_save, actor=request.actor, congress_id=public_id, **form.cleaned_data)
        if saved is not None:
            messages.success(request, "已保存办理规则。已经开始计时的期限不变，新的期限按新规则计算。")
            return redirect(congress)
    return _form(request, "deputies/congress_settings.html", congress, form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.DEPUTY_EDIT)
def session_edit(request: ActorRequest, public_id: UUID, session_id: int | None = None) -> HttpResponse:
    """登记会议, or correct one."""
    congress = _editable(request, public_id)
    session = get_session_of(congress, session_id) if session_id is not None else None
    held = sessions_of(congress)
    form = SessionForm(posted(request), session=session, next_number=held[0].number + 1 if held else 1)
    if request.method == "POST" and form.is_valid():
        saved = call(
            form,
            session_save,
            actor=request.actor,
            congress_id=public_id,
            session_id=session_id,
            **form.cleaned_data,
        )
        if saved is not None:
            messages.success(request, f"已保存第{saved.number}次会议。")
            return redirect(congress)
    return _form(request, "deputies/session_form.html", congress, form, session=session)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.DEPUTY_EDIT)
def unit_edit(request: ActorRequest, public_id: UUID, unit_id: int | None = None) -> HttpResponse:
    """登记选举单位, or change one."""
    congress = _editable(request, public_id)
    unit = get_unit_of(congress, unit_id) if unit_id is not None else None
    form = ElectoralUnitForm(posted(request), congress=congress, unit=unit)
    if request.method == "POST" and form.is_valid():
        region = form.cleaned_data["region"]
        saved = call(
            form,
            electoral_unit_save,
            actor=request.actor,
            congress_id=public_id,
            unit_id=unit_id,
            name=form.cleaned_data["name"],
            region_code=region.code if region else "",
        )
        if saved is not None:
            messages.success(request, f"已保存选举单位“{saved.name}”。")
            return redirect(congress)
    return _form(request, "deputies/electoral_unit_form.html", congress, form, unit=unit)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.DEPUTY_EDIT)
def unit_remove(request: ActorRequest, public_id: UUID, unit_id: int) -> HttpResponse:
    """删除没有用过的选举单位."""
    congress = _editable(request, public_id)
    unit = get_unit_of(congress, unit_id)
    if request.method == "POST":
        electoral_unit_remove(actor=request.actor, congress_id=public_id, unit_id=unit_id)
        messages.success(request, f"已删除选举单位“{unit.name}”。")
        return redirect(congress)
    context = {
        "congress": congress,
        "heading": "删除选举单位",
        "question": f"删除{congress.short_name}的选举单位“{unit.name}”？",
        "consequence": "只能删除没有代表的选举单位。删除后可以重新登记。",
        "confirm_label": "删除",
        "cancel_url": congress.get_absolute_url(),
        "danger": True,
    }
    return render(request, "deputies/congress_confirm.html", context)


def _editable(request: ActorRequest, public_id: UUID) -> Congress:
    """The congress; 403 for a higher one that the actor only sees."""
    congress = get_congress_for(request.actor, public_id)
    if not may_edit(request.actor, congress):
        raise NotAllowed(f"{congress.name}由上级人大维护，您可以查看，不能修改。")
    return congress


def _form(request: ActorRequest, template: str, congress: Congress, form: Any, **context: Any) -> HttpResponse:
    return form_page(request, template, form, congress=congress, cancel_url=congress.get_absolute_url(), **context)
