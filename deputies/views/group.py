"""Groups of deputies: the list, one group, its founding, change and end, its members."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from deputies.forms.group import GroupFilter, GroupForm, MemberRoleForm
from deputies.forms.station import WhyForm
from deputies.selectors.congress import region_choices
from deputies.selectors.group import get_group_for, get_member_of, group_list, may_keep_group, members_of
from deputies.selectors.placement import deputies_found
from deputies.services.group import (
    group_create,
    group_dissolve,
    group_edit,
    member_add,
    member_end,
    member_role,
)
from deputies.views.pages import form_page, posted
from liaison.exceptions import DomainError
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.models import DeputyGroup

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@requires(P.STATION_VIEW)
def group_list_page(request: ActorRequest) -> HttpResponse:
    """代表小组."""
    path = reverse("groups:list")
    filter_ = GroupFilter(request.GET, queryset=group_list(request.actor), actor=request.actor)
    context = {
        "filter": filter_,
        "clear_url": path,
        "page": keyset_page(filter_.qs, params=request.GET, path=path, order=("region_prefix", "id")),
        "may_edit": request.actor.can(P.STATION_EDIT),
    }
    return render(request, "deputies/group_list.html", context)


@require_safe
@requires(P.STATION_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One group with its members; staff look for further ones here (``q``)."""
    group = get_group_for(request.actor, public_id)
    return _detail_page(request, group)


def _detail_page(request: ActorRequest, group: DeputyGroup, problem: str = "") -> HttpResponse:
    keeps = may_keep_group(request.actor, group)
    words = request.GET.get("q", "").strip()[:60] if keeps else ""
    context = {
        "group": group,
        "members": members_of(group),
        "may_keep": keeps,
        "q": words,
        "found": deputies_found(request.actor, words),
        "problem": problem,
        "may_see_roster": request.actor.is_congress and request.actor.can(P.DEPUTY_VIEW),
    }
    return render(request, "deputies/group_detail.html", context, status=422 if problem else 200)


@require_http_methods(METHODS)
@requires(P.STATION_EDIT)
def new(request: ActorRequest) -> HttpResponse:
    """新建小组: the place is chosen above the form."""
    way, below = region_choices(request.actor, request.GET.get("region", ""))
    here = way[-1]
    form = GroupForm(posted(request), actor=request.actor, region=here)
    if request.method == "POST" and form.is_valid():
        group = call(
            form,
            group_create,
            actor=request.actor,
            region_code=here.code,
            kind=form.cleaned_data["kind"],
            facts=form.facts(),
        )
        if group is not None:
            messages.success(request, f"已新建{group.name}。接下来编入成员，确定组长。")
            return redirect(group)
    context = {"way": way, "below": below, "here": here, "cancel_url": reverse("groups:list")}
    return form_page(request, "deputies/group_form.html", form, **context)


@require_http_methods(METHODS)
@requires(P.STATION_EDIT)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """修改小组."""
    group = _kept(request, public_id)
    form = GroupForm(posted(request), actor=request.actor, region=group.region, group=group)
    if request.method == "POST" and form.is_valid():
        saved = call(
            form,
            group_edit,
            actor=request.actor,
            group_id=public_id,
            facts=form.facts(),
            version=form.cleaned_data["version"],
        )
        if saved is not None:
            messages.success(request, f"已保存{saved.name}。")
            return redirect(saved)
    return form_page(request, "deputies/group_form.html", form, group=group, cancel_url=group.get_absolute_url())


@require_http_methods(METHODS)
@requires(P.STATION_EDIT)
def dissolve(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """解散小组."""
    group = _kept(request, public_id)
    form = WhyForm(posted(request), label="解散原因", help_text="例如：换届后重新编组。")
    if request.method == "POST" and form.is_valid():
        done = call(form, group_dissolve, actor=request.actor, group_id=public_id, reason=form.cleaned_data["reason"])
        if done is not None:
            messages.success(request, f"已解散{done.name}。")
            return redirect(done)
    return _confirm(
        request,
        group,
        form,
        heading="解散代表小组",
        question=f"解散{group.name}？",
        consequence=f"自今天起解散，不能恢复：{len(members_of(group))}名成员离组，有账号的代表会收到通知。",
        confirm_label="解散",
        danger=True,
    )


@require_http_methods(METHODS)
@requires(P.STATION_EDIT)
def member(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """编入成员: sent from the group's page; asked for, it leads back there."""
    group = _kept(request, public_id)
    if request.method != "POST":
        return redirect(group)
    try:
        asked = UUID(request.POST.get("mandate", ""))
    except ValueError:
        asked = UUID(int=0)
    try:
        added = member_add(
            actor=request.actor, group_id=public_id, mandate_id=asked, role=request.POST.get("role") or "member"
        )
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        return _detail_page(request, group, error.message)
    messages.success(request, f"已编入{added.mandate.person.name}。")
    return redirect(group)


@require_http_methods(METHODS)
@requires(P.STATION_EDIT)
def role(request: ActorRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    """调整组内职务."""
    group = _kept(request, public_id)
    found = get_member_of(group, member_id)
    form = MemberRoleForm(posted(request), initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        done = call(
            form,
            member_role,
            actor=request.actor,
            group_id=public_id,
            member_id=member_id,
            role=form.cleaned_data["role"],
        )
        if done is not None:
            messages.success(request, f"{found.mandate.person.name}：{done.get_role_display()}。")
            return redirect(group)
    return _confirm(
        request,
        group,
        form,
        heading="调整组内职务",
        question=f"{found.mandate.person.name}在{group.name}担任什么？",
        consequence="一个小组只有一名组长；定了新组长，原组长转为组员。",
        confirm_label="保存",
    )


@require_http_methods(METHODS)
@requires(P.STATION_EDIT)
def member_remove(request: ActorRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    """移出成员."""
    group = _kept(request, public_id)
    found = get_member_of(group, member_id)
    if request.method == "POST":
        member_end(actor=request.actor, group_id=public_id, member_id=member_id)
        messages.success(request, f"{found.mandate.person.name}已离组。")
        return redirect(group)
    return _confirm(
        request,
        group,
        None,
        heading="移出成员",
        question=f"把{found.mandate.person.name}移出{group.name}？",
        consequence="自今天起离组；以后可以重新编入。有账号的会收到通知。",
        confirm_label="移出",
        danger=True,
    )


def _kept(request: ActorRequest, public_id: UUID) -> DeputyGroup:
    group = get_group_for(request.actor, public_id)
    if group.dissolved_on is not None:
        raise DomainError("这个小组已经解散，不能再修改。", code="group_dissolved")
    return group


def _confirm(
    request: ActorRequest, group: DeputyGroup, form: MemberRoleForm | WhyForm | None, **context: object
) -> HttpResponse:
    context |= {"group": group, "form": form, "cancel_url": group.get_absolute_url()}
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, "deputies/group_confirm.html", context, status=status)
