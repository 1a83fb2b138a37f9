"""Co-signing: the lead deputy asks by name, the asked deputy answers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from liaison.exceptions import NotFound
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817
from suggestions.forms.cosign import FellowSearchForm, InviteForm, RespondForm
from suggestions.selectors.choices import fellow_deputies
from suggestions.selectors.draft import own_url
from suggestions.selectors.mine import get_led_for, may_cosign
from suggestions.selectors.suggestion import get_suggestion_for
from suggestions.services.cosign import cosigner_invite, cosigner_respond, cosigner_withdraw
from suggestions.views.acts import act_page, form_status, posted


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SUGGESTION_WRITE)
def cosigners(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """邀请附议代表: search as one types, ask with one press."""
    suggestion = get_led_for(request.actor, public_id)
    form = InviteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        invited = call(
            form,
            cosigner_invite,
            actor=request.actor,
            public_id=public_id,
            mandate_public_ids=form.cleaned_data["mandates"],
        )
        if invited is not None:
            names = "、".join(cosigner.person.name for cosigner in invited) or "该代表"
            messages.success(request, f"已邀请{names}附议，对方确认后列入名单。")
            return redirect("suggestions:cosigners", public_id)
    search = FellowSearchForm(request.GET or None)
    query = search.cleaned_data["q"] if search.is_valid() else ""
    template = "suggestions/cosigners.html"
    if request.htmx and not request.htmx.boosted:
        template = "suggestions/cosigners_found.html"
    context = {
        "suggestion": suggestion,
        "form": form,
        "search": search,
        "query": query,
        "found": fellow_deputies(suggestion, query),
        "cosigners": list(suggestion.cosigners.all()),
        "back_url": own_url(request.actor, suggestion.client_token),
    }
    response = render(request, template, context, status=form_status(form, suggestion))
    response["Vary"] = "HX-Request"
    return response


@require_POST
@requires(P.SUGGESTION_WRITE)
def withdraw(request: ActorRequest, public_id: UUID, person_id: UUID) -> HttpResponse:
    """Take back an invitation that is not answered yet."""
    cosigner_withdraw(actor=request.actor, public_id=public_id, person_public_id=person_id)
    messages.success(request, "邀请已撤回。")
    return redirect("suggestions:cosigners", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SUGGESTION_COSIGN)
def cosign(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The asked deputy reads the text and confirms or declines."""
    suggestion = get_suggestion_for(request.actor, public_id)
    form = RespondForm(posted(request))
    if request.method == "POST" and form.is_valid():
        confirm = form.cleaned_data["answer"] == "confirm"
        if call(form, cosigner_respond, actor=request.actor, public_id=public_id, confirm=confirm) is not None:
            messages.success(request, "已附议，您的名字列入附议代表。" if confirm else "已回复不附议。")
            return redirect(suggestion)
    elif not may_cosign(request.actor, suggestion):
        raise NotFound
    return act_page(request, "suggestions/cosign.html", suggestion, form)
