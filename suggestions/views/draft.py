"""Writing a suggestion: the form, its autosave, checking the answers, submitting."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.exceptions import DomainError, IllegalTransition, NotFound
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817
from suggestions.forms.one_matter import one_matter_warning
from suggestions.forms.suggestion import SuggestionForm, initial_of
from suggestions.selectors.draft import (
    get_draft_for,
    get_own_by_token,
    get_submitted_for,
    materials_of,
    own_url,
    return_reason,
)
from suggestions.services.draft import draft_attach, draft_detach, draft_discard, draft_save, suggestion_submit
from suggestions.views.acts import form_status

if TYPE_CHECKING:
    from suggestions.models import Suggestion

#: Value of a button that takes one file off, before the file's id.
REMOVE = "remove:"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SUGGESTION_WRITE)
def new(request: ActorRequest) -> HttpResponse:
    """写建议: an empty form with a fresh token; nothing is written before something is typed."""
    if request.method == "POST":
        return _save(request, None)
    campaign = request.GET.get("campaign", "")
    form = SuggestionForm(initial={"client_token": uuid4()}, actor=request.actor, campaign=campaign)
    return _form_page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SUGGESTION_WRITE)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Going on with a draft, or mending a returned one."""
    draft = get_draft_for(request.actor, public_id)
    if request.method == "POST":
        return _save(request, draft)
    form = SuggestionForm(initial=initial_of(draft), actor=request.actor, suggestion=draft)
    return _form_page(request, form, draft)


def _save(request: ActorRequest, draft: Suggestion | None) -> HttpResponse:
    """Keep what came, then do what the pressed button says: stay, ask co-signers, or check the answers."""
    action = request.POST.get("action", "save")
    form = SuggestionForm(request.POST, request.FILES, actor=request.actor, suggestion=draft, complete=False)
    if not form.is_valid():
        return _form_page(request, form, draft)
    saved = call(
        form,
        draft_save,
        actor=request.actor,
        client_token=form.token,
        values=form.values,
        version=form.cleaned_data["version"],
    )
    if saved is None:
        return _form_page(request, form, draft)
    _attach(request, form, saved)
    if action == "check" and not form.errors:
        form = SuggestionForm(request.POST, actor=request.actor, suggestion=saved)
    if form.errors:
        form.show_version(saved.version)
        return _form_page(request, form, saved)
    if action in {"check", "cosigners"}:
        return redirect(f"suggestions:{action}", saved.public_id)
    if action.startswith(REMOVE):
        draft_detach(actor=request.actor, public_id=saved.public_id, attachment_public_id=_uuid(action))
        messages.success(request, "文件已移除，其他内容已保存。")
    else:
        messages.success(request, f"草稿已保存（{timezone.localtime():%H:%M}），可以以后接着写。")
    return redirect("suggestions:edit", saved.public_id)


def _uuid(action: str) -> UUID:
    """The file that a button 移除 names."""
    try:
        return UUID(action.removeprefix(REMOVE))
    except ValueError:
        raise NotFound from None


def _attach(request: ActorRequest, form: SuggestionForm, draft: Suggestion) -> None:
    """Keep the chosen files; a refused one is named, the others stay."""
    for field in ("photos", "documents"):
        for upload in form.cleaned_data[field]:
            try:
                draft_attach(actor=request.actor, public_id=draft.public_id, upload=upload)
            except DomainError as error:
                form.add_error(field, error.message)


def _form_page(request: ActorRequest, form: SuggestionForm, draft: Suggestion | None) -> HttpResponse:
    context = {
        "form": form,
        "draft": draft,
        "materials": materials_of(draft),
        "cosigners": list(draft.cosigners.all()) if draft else [],
        "return_reason": return_reason(draft),
    }
    return render(request, "suggestions/draft_form.html", context, status=form_status(form, draft))


@require_POST
@requires(P.SUGGESTION_WRITE)
def autosave(request: ActorRequest) -> JsonResponse:
    """What the form sends after a pause in typing; the answer says until when everything is kept."""
    form = SuggestionForm(request.POST, actor=request.actor, complete=False)
    if not form.is_valid():
        texts = [str(message) for messages_ in form.errors.values() for message in messages_]
        return JsonResponse({"message": f"没有自动保存：{texts[0]}"}, status=422)
    version = form.cleaned_data["version"]
    try:
        saved = draft_save(actor=request.actor, client_token=form.token, values=form.values, version=version)
    except DomainError as error:
        body = {"message": error.message, "code": error.code, "url": own_url(request.actor, form.token)}
        return JsonResponse(body, status=error.status)
    # From now on the page stands under the draft's own address: a reload shows what was kept, not an empty form.
    url = reverse("suggestions:edit", args=[saved.public_id])
    return JsonResponse({"saved_at": f"{timezone.localtime():%H:%M}", "version": saved.version, "url": url})


@require_safe
@requires(P.SUGGESTION_WRITE)
def check(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Check your answers (核对) before the final press; what is missing leads back to the form."""
    draft = get_draft_for(request.actor, public_id)
    form = SuggestionForm(initial_of(draft), actor=request.actor, suggestion=draft)
    if not form.is_valid():
        return _form_page(request, form, draft)
    context = {
        "draft": draft,
        "form": form,
        "materials": materials_of(draft),
        "cosigners": list(draft.cosigners.all()),
        "warning": one_matter_warning(title=draft.title, situation=draft.situation, proposal=draft.proposal),
    }
    return render(request, "suggestions/draft_check.html", context)


@require_POST
@requires(P.SUGGESTION_WRITE)
def submit(request: ActorRequest) -> HttpResponse:
    """The final press. The same form sent twice makes one suggestion and shows its confirmation."""
    form = SuggestionForm(request.POST, actor=request.actor)
    if form.is_valid():
        done = call(
            form,
            suggestion_submit,
            actor=request.actor,
            client_token=form.token,
            values=form.values,
            version=form.cleaned_data["version"],
        )
        if done is not None:
            return redirect("suggestions:submitted", done.public_id)
        if isinstance(form.domain_error, IllegalTransition):
            messages.info(request, form.domain_error.message)
            return redirect("suggestions:submitted", get_own_by_token(request.actor, form.token).public_id)
    return _form_page(request, form, None)


@require_safe
@requires(P.SUGGESTION_WRITE)
def submitted(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """It is submitted, and what happens next."""
    suggestion, due_on = get_submitted_for(request.actor, public_id)
    return render(request, "suggestions/submitted.html", {"suggestion": suggestion, "due_on": due_on})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SUGGESTION_WRITE)
def discard(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Delete a draft, asked once."""
    draft = get_draft_for(request.actor, public_id)
    if request.method == "POST":
        draft_discard(actor=request.actor, public_id=public_id)
        messages.success(request, f"草稿“{draft}”已删除。")
        return redirect("suggestions:mine")
    context = {
        "heading": "删除草稿",
        "question": f"删除草稿“{draft}”？",
        "consequence": "删除后不能恢复。已邀请的附议代表也不再看到它。",
        "confirm_label": "删除草稿",
        "cancel_url": reverse("suggestions:edit", args=[public_id]),
        "danger": True,
    }
    return render(request, "suggestions/draft_discard.html", context)
