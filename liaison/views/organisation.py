"""``/system/organisations/``: congress offices, handling units, procuratorates, for the system administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.faces import ActorRequest, call, requires
from liaison.forms.organisation import OrganisationFilterForm, OrganisationForm
from liaison.forms.reason import VersionedReasonForm, VersionForm, renew_version
from liaison.paging import keyset_page
from liaison.permissions import Permission
from liaison.selectors.organisation import get_organisation_for, organisation_list
from liaison.services.organisation import organisation_activate, organisation_deactivate, organisation_save

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse


@require_safe
@requires(Permission.ORGANISATION_EDIT)
def listing(request: ActorRequest) -> HttpResponse:
    """The organisations of the region."""
    form = OrganisationFilterForm(request.GET, actor=request.actor)
    found = form.cleaned_data if form.is_valid() else {}
    view = request.GET.get("view", "active")
    organisations = organisation_list(
        request.actor,
        view=view,
        q=found.get("q", "").strip(),
        kind=found.get("kind", ""),
        prefix=found["region"].prefix if found.get("region") else "",
    )
    context = {
        "page": keyset_page(organisations, params=request.GET, path=request.path, order=("prefix", "kind", "id")),
        "filter_form": form,
        "keep": [("view", view)] if view != "active" else [],
        "views": [
            {"label": label, "url": f"?view={code}", "count": None, "active": code == view}
            for code, label in (("active", "在用"), ("inactive", "已停用"))
        ],
    }
    return render(request, "liaison/organisation_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ORGANISATION_EDIT)
def create(request: ActorRequest) -> HttpResponse:
    """Make an organisation."""
    form = OrganisationForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        saved = call(form, organisation_save, actor=request.actor, **{**form.cleaned_data, "version": None})
        if saved is not None:
            messages.success(request, f"“{saved.name}”已建立。")
            return redirect("system:organisation_list")
    context = {"form": form, "cancel_url": reverse("system:organisation_list"), "submit_label": "建立机构"}
    return render(request, "liaison/organisation_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ORGANISATION_EDIT)
def update(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Change an organisation."""
    organisation = get_organisation_for(request.actor, public_id)
    names = ("name", "short_name", "kind", "department", "region", "phone", "version")
    form = OrganisationForm(
        request.POST or None,
        actor=request.actor,
        initial={name: getattr(organisation, name) for name in names},
    )
    if request.method == "POST" and form.is_valid():
        typed = {**form.cleaned_data, "public_id": public_id, "version": form.cleaned_data["version"] or 0}
        saved = call(form, organisation_save, actor=request.actor, **typed)
        if saved is not None:
            messages.success(request, f"“{saved.name}”已保存。")
            return redirect("system:organisation_list")
    context = {
        "form": form,
        "organisation": organisation,
        "stale": renew_version(form, organisation.version),
        "cancel_url": reverse("system:organisation_list"),
    }
    return render(request, "liaison/organisation_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ORGANISATION_EDIT)
def deactivate(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Ask once, then take it out of use."""
    organisation = get_organisation_for(request.actor, public_id)
    form = VersionedReasonForm(request.POST or None, initial={"version": organisation.version})
    if request.method == "POST" and form.is_valid():
        saved = call(form, organisation_deactivate, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if saved is not None:
            messages.success(request, f"“{saved.name}”已停用。")
            return redirect("system:organisation_list")
    renew_version(form, organisation.version)
    context = {
        "form": form,
        "organisation": organisation,
        "heading": "停用机构",
        "question": f"停用“{organisation.name}”？",
        "consequence": "停用后不能再向它交办，在这个机构任职的人不能再以该身份办理。记录都保留，以后可以恢复。",
        "confirm_label": "停用机构",
        "cancel_url": reverse("system:organisation", args=[public_id]),
        "danger": True,
    }
    return render(request, "liaison/organisation_confirm.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.ORGANISATION_EDIT)
def activate(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Use it again."""
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else None
    saved = organisation_activate(actor=request.actor, public_id=public_id, version=version)
    messages.success(request, f"“{saved.name}”已恢复使用。")
    return redirect("system:organisation_list")
