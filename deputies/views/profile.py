"""公开信息: what a deputy lets everybody see, filled in by the deputy on a phone or by staff for them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from deputies.forms.profile import ProfileForm
from deputies.selectors.open_deputy import is_shown
from deputies.selectors.person import get_own_person
from deputies.selectors.profile import get_profiled_person, profile_of
from deputies.services.profile import profile_save
from deputies.views.pages import form_page, posted, posted_files
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROFILE_EDIT)
def mine(request: ActorRequest) -> HttpResponse:
    """我的公开信息."""
    return _form(request, get_own_person(request.actor).public_id, by_staff=False)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.STATION_EDIT)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """公开信息 of a deputy whom the staff see."""
    return _form(request, public_id, by_staff=True)


def _form(request: ActorRequest, public_id: UUID, *, by_staff: bool) -> HttpResponse:
    person = get_profiled_person(request.actor, public_id)
    profile = profile_of(person)
    form = ProfileForm(posted(request), posted_files(request), profile=profile, by_staff=by_staff)
    if request.method == "POST" and form.is_valid():
        saved = call(
            form,
            profile_save,
            actor=request.actor,
            person_id=public_id,
            facts=form.facts(),
            photo=form.cleaned_data.get("photo"),
            remove_photo=bool(form.cleaned_data.get("remove_photo")),
            version=form.cleaned_data["version"],
        )
        if saved is not None:
            whose = f"{person.name}的" if by_staff else ""
            hidden = "，公开页面和展板上都不再出现" if saved.is_hidden else ""
            messages.success(request, f"已保存{whose}公开信息{hidden}。")
            return redirect(request.path)
    shown = is_shown(person)
    return form_page(
        request,
        "deputies/profile_form.html",
        form,
        person=person,
        profile=profile,
        by_staff=by_staff,
        is_shown=shown,
        open_url=reverse("open_deputies:detail", args=[person.public_id]) if shown else "",
        cancel_url=person.get_absolute_url() if by_staff else reverse("dashboard"),
    )
