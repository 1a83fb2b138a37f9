"""``/system/clients/``: machine clients, their secrets and their errors, for the system administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.faces import ActorRequest, call, requires
from liaison.forms.client import ClientFilterForm, ClientForm, ConsoleForm, SecretForm
from liaison.forms.reason import ReasonForm, VersionedReasonForm, VersionForm, renew_version
from liaison.paging import keyset_page
from liaison.permissions import Permission
from liaison.selectors.client import client_list, errors_of, get_client_for, get_secret_for, secrets_of
from liaison.selectors.webhook import endpoints_of
from liaison.services import client as service
from liaison.views.client_console import ask_as
from liaison.views.client_page import client_actions, client_facts

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from liaison.models import ApiClient


def _to(client: ApiClient) -> HttpResponse:
    return redirect("system:client", client.public_id)


@require_safe
@requires(Permission.CLIENT_EDIT)
def listing(request: ActorRequest) -> HttpResponse:
    """The clients of the region."""
    form = ClientFilterForm(request.GET)
    q = form.cleaned_data["q"].strip() if form.is_valid() else ""
    view = request.GET.get("view", "active")
    context = {
        "page": keyset_page(
            client_list(request.actor, view=view, q=q), params=request.GET, path=request.path, order=("name", "id")
        ),
        "filter_form": form,
        "keep": [("view", view)] if view != "active" else [],
        "views": [
            {"label": label, "url": f"?view={code}", "count": None, "active": code == view}
            for code, label in (("active", "启用"), ("inactive", "已停用"))
        ],
    }
    return render(request, "liaison/client_list.html", context)


@require_safe
@requires(Permission.CLIENT_EDIT)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One client: whether it works, its secrets, its latest errors."""
    client = get_client_for(request.actor, public_id)
    secrets = secrets_of(client)
    context = {
        "client": client,
        "facts": client_facts(client),
        "secrets": secrets,
        "endpoints": endpoints_of(client),
        "errors": errors_of(client),
        **client_actions(client, secrets),
    }
    return render(request, "liaison/client_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CLIENT_EDIT)
def create(request: ActorRequest) -> HttpResponse:
    """Make a client."""
    form = ClientForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        saved = call(form, service.client_save, actor=request.actor, **{**form.cleaned_data, "version": None})
        if saved is not None:
            messages.success(request, f"“{saved.name}”已建立。下一步请生成密钥，交给对方的工程师。")
            return _to(saved)
    context = {"form": form, "cancel_url": reverse("system:client_list"), "submit_label": "建立客户端"}
    return render(request, "liaison/client_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CLIENT_EDIT)
def update(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Change a client."""
    client = get_client_for(request.actor, public_id)
    names = ("name", "organisation", "scopes", "rate_per_minute", "note", "version")
    shown = {name: getattr(client, name) for name in names} | {"networks": "\n".join(client.networks)}
    form = ClientForm(request.POST or None, actor=request.actor, initial=shown)
    if request.method == "POST" and form.is_valid():
        typed = {**form.cleaned_data, "public_id": public_id, "version": form.cleaned_data["version"] or 0}
        saved = call(form, service.client_save, actor=request.actor, **typed)
        if saved is not None:
            messages.success(request, f"“{saved.name}”已保存，立即生效。")
            return _to(saved)
    context = {
        "form": form,
        "client": client,
        "facts": client_facts(client) if renew_version(form, client.version) else [],
        "cancel_url": reverse("system:client", args=[public_id]),
    }
    return render(request, "liaison/client_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CLIENT_EDIT)
def deactivate(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Ask once, then shut it out."""
    client = get_client_for(request.actor, public_id)
    form = VersionedReasonForm(request.POST or None, initial={"version": client.version})
    if request.method == "POST" and form.is_valid():
        saved = call(form, service.client_deactivate, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if saved is not None:
            messages.success(request, f"“{saved.name}”已停用，令牌和签名都已失效。")
            return _to(saved)
    renew_version(form, client.version)
    return _confirm(
        request,
        client,
        form,
        heading="停用客户端",
        question=f"停用“{client.name}”？",
        consequence="对方立即不能再调用接口，已发出的令牌全部作废。记录都保留，以后可以恢复。",
    )


@require_POST
@requires(Permission.CLIENT_EDIT)
def activate(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Let it in again."""
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else None
    saved = service.client_activate(actor=request.actor, public_id=public_id, version=version)
    messages.success(request, f"“{saved.name}”已恢复启用。")
    return _to(saved)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CLIENT_EDIT)
def secret_create(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Make a secret and show it, this once; the page is not kept anywhere."""
    client = get_client_for(request.actor, public_id)
    form = SecretForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = call(form, service.secret_make, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if made is not None:
            context: dict[str, Any] = {"client": client, "secret": made[0], "value": made[1]}
            response = render(request, "liaison/client_secret.html", context)
            response["Cache-Control"] = "no-store"
            return response
    context = {
        "form": form,
        "client": client,
        "submit_label": "生成密钥",
        "cancel_url": reverse("system:client", args=[public_id]),
    }
    return render(request, "liaison/client_secret_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CLIENT_EDIT)
def secret_revoke(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Ask once, then withdraw a secret."""
    secret = get_secret_for(request.actor, public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = call(form, service.secret_revoke, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if done is not None:
            messages.success(request, f"末四位为{done.hint}的密钥已吊销。")
            return _to(secret.client)
    return _confirm(
        request,
        secret.client,
        form,
        heading="吊销密钥",
        question=f"吊销“{secret.client.name}”末四位为{secret.hint}的密钥？",
        consequence="立即失效，不能恢复。用于换取令牌的密钥吊销时，这个客户端已有的令牌一并作废，"
        "对方改用另一个密钥重新换取即可。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CLIENT_EDIT)
def console(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Read an address of the API as the client, and show request and answer."""
    client = get_client_for(request.actor, public_id)
    form = ConsoleForm(request.POST or None, initial={"address": "/api/v1/whoami"})
    answer = None
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["address"]
        answer = ask_as(request, client, address)
        service.client_try(actor=request.actor, client=client, address=address, status=answer["status"])
    context = {"form": form, "client": client, "answer": answer, "submit_label": "发送请求"}
    return render(request, "liaison/client_console.html", context, status=422 if form.errors else 200)


def _confirm(request: ActorRequest, client: ApiClient, form: Any, **texts: str) -> HttpResponse:
    context = {
        "form": form,
        "client": client,
        "confirm_label": texts["heading"],
        "cancel_url": reverse("system:client", args=[client.public_id]),
        "danger": True,
        **texts,
    }
    return render(request, "liaison/client_confirm.html", context, status=422 if form.errors else 200)
