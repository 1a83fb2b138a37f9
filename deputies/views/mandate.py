"""Mandates: a new deputy, a further mandate, its correction, its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from deputies.forms.deputy import DeputyForm, MandateEndForm, MandateForm, ReasonForm
from deputies.selectors.congress import congresses_to_fill
from deputies.selectors.mandate import get_mandate_for
from deputies.selectors.person import get_person_for
from deputies.services.mandate import deputy_add, mandate_edit, mandate_end, mandate_grant, mandate_reinstate
from deputies.views.pages import form_page, posted
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.models import Congress


def _chosen(request: ActorRequest) -> Congress | None:
    """The congress named in the address, if the actor may fill it."""
    asked = request.GET.get("congress", "")
    try:
        return congresses_to_fill(request.actor).filter(public_id=asked).first() if asked else None
    except (ValueError, ValidationError):
        return None


def _choose(request: ActorRequest, **context: Any) -> HttpResponse:
    """The step before the form: for which congress."""
    choices = list(congresses_to_fill(request.actor))
    if len(choices) == 1:
        return redirect(f"{request.path}?congress={choices[0].public_id}")
    return render(request, "deputies/choose_congress.html", {"congresses": choices, **context})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.DEPUTY_EDIT)
def add(request: ActorRequest) -> HttpResponse:
    """新增代表: choose the congress, then person and mandate on one page."""
    congress = _chosen(request)
    if congress is None:
        return _choose(request, cancel_url=reverse("deputies:list"))
    form = DeputyForm(posted(request), actor=request.actor, congress=congress)
    if request.method == "POST" and form.is_valid():
        added = call(
            form,
            deputy_add,
            actor=request.actor,
            person=form.person_facts(),
            congress_id=congress.public_id,
            mandate=form.mandate_facts(),
        )
        if added is not None:
            mandate, was_known = added
            text = "系统中已有同名同号的人，代表资格已登记在其名下，个人资料未改动。" if was_known else "已登记。"
            messages.success(request, f"{mandate.person.name}：{text}")
            return redirect(mandate.person)
    return form_page(request, "deputies/deputy_form.html", form, congress=congress, cancel_url=reverse("deputies:list"))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.DEPUTY_EDIT)
def grant(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """登记(另一)代表资格."""
    person = get_person_for(request.actor, public_id)
    congress = _chosen(request)
    cancel_url = person.get_absolute_url()
    if congress is None:
        return _choose(request, person=person, cancel_url=cancel_url)
    form = MandateForm(posted(request), actor=request.actor, congress=congress)
    if request.method == "POST" and form.is_valid():
        granted = call(
            form,
            mandate_grant,
            actor=request.actor,
            person_id=public_id,
            congress_id=congress.public_id,
            facts=form.mandate_facts(),
        )
        if granted is not None:
            messages.success(request, f"已登记{person.name}的{congress.short_name}代表资格。")
            return redirect(person)
    return form_page(
        request, "deputies/mandate_form.html", form, person=person, congress=congress, cancel_url=cancel_url
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.DEPUTY_EDIT)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """修改代表资格."""
    mandate = get_mandate_for(request.actor, public_id)
    form = MandateForm(posted(request), actor=request.actor, congress=mandate.congress, mandate=mandate)
    if request.method == "POST" and form.is_valid():
        saved = call(
            form,
            mandate_edit,
            actor=request.actor,
            mandate_id=public_id,
            facts=form.mandate_facts(),
            version=form.cleaned_data["version"],
        )
        if saved is not None:
            messages.success(request, f"已保存{mandate.person.name}的{mandate.congress.short_name}代表资格。")
            return redirect(mandate.person)
    return form_page(request, "deputies/mandate_form.html", form, **_about(mandate))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.DEPUTY_EDIT)
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """登记代表资格终止."""
    mandate = get_mandate_for(request.actor, public_id)
    form = MandateEndForm(posted(request))
    if request.method == "POST" and form.is_valid():
        ended = call(
            form,
            mandate_end,
            actor=request.actor,
            mandate_id=public_id,
            ended_on=form.cleaned_data["ended_on"],
            reason=form.cleaned_data["reason"],
        )
        if ended is not None:
            messages.success(request, f"已登记{mandate.person.name}的{mandate.congress.short_name}代表资格终止。")
            return redirect(mandate.person)
    return form_page(request, "deputies/mandate_end.html", form, **_about(mandate))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.DEPUTY_EDIT)
def reinstate(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """撤销误登记的终止."""
    mandate = get_mandate_for(request.actor, public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        done = call(
            form, mandate_reinstate, actor=request.actor, mandate_id=public_id, reason=form.cleaned_data["reason"]
        )
        if done is not None:
            messages.success(request, f"已恢复{mandate.person.name}的{mandate.congress.short_name}代表资格。")
            return redirect(mandate.person)
    return form_page(request, "deputies/mandate_reinstate.html", form, **_about(mandate))


def _about(mandate: Any) -> dict[str, Any]:
    return {
        "mandate": mandate,
        "person": mandate.person,
        "congress": mandate.congress,
        "cancel_url": mandate.person.get_absolute_url(),
    }
