"""``/system/clients/webhooks/``: where other platforms are told of events, for the system administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.faces import ActorRequest, call, requires
from liaison.forms.reason import VersionedReasonForm, VersionForm, renew_version
from liaison.forms.webhook import RotateForm, WebhookForm
from liaison.permissions import Permission
from liaison.selectors.client import get_client_for
from liaison.selectors.webhook import deliveries_of, get_endpoint_for, webhook_secrets_of
from liaison.services import webhook_endpoint as service
from liaison.services.webhook import endpoint_ping
from liaison.views.webhook_page import delivery_rows, endpoint_actions, endpoint_facts

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from liaison.models import WebhookEndpoint

#: How many of the latest deliveries the endpoint's own page shows.
LATEST = 10


def _to(endpoint: WebhookEndpoint) -> HttpResponse:
    return redirect("system:webhook", endpoint.public_id)


def _show_secret(request: ActorRequest, endpoint: WebhookEndpoint, value: str, heading: str) -> HttpResponse:
    context = {"endpoint": endpoint, "client": endpoint.client, "value": value, "heading": heading}
    response = render(request, "liaison/webhook_secret.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@requires(Permission.CLIENT_EDIT)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One endpoint: whether it is delivered to, its secrets, its latest deliveries."""
    endpoint = get_endpoint_for(request.actor, public_id)
    context = {
        "endpoint": endpoint,
        "client": endpoint.client,
        "facts": endpoint_facts(endpoint),
        "secrets": webhook_secrets_of(endpoint),
        "rows": delivery_rows(deliveries_of(request.actor, endpoint).order_by("-id")[:LATEST]),
        **endpoint_actions(endpoint),
    }
    return render(request, "liaison/webhook_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CLIENT_EDIT)
def create(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Make an endpoint and show its secret, this once."""
    client = get_client_for(request.actor, public_id)
    form = WebhookForm(request.POST or None, client=client)
    if request.method == "POST" and form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("public_id", "url", "types", "note")}
        made = call(form, service.endpoint_make, actor=request.actor, client_id=client.public_id, **typed)
        if made is not None and made[1]:
            return _show_secret(request, made[0], made[1], "推送地址已登记")
        if made is not None:
            messages.success(request, "这个推送地址已经登记过，密钥不能再次显示。")
            return _to(made[0])
    context = {
        "form": form,
        "client": client,
        "submit_label": "登记推送地址",
        "cancel_url": reverse("system:client", args=[client.public_id]),
    }
    return render(request, "liaison/webhook_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CLIENT_EDIT)
def update(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Change where to, or of what."""
    endpoint = get_endpoint_for(request.actor, public_id)
    shown = {name: getattr(endpoint, name) for name in ("url", "types", "note", "version")}
    form = WebhookForm(request.POST or None, client=endpoint.client, initial=shown)
    if request.method == "POST" and form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("url", "types", "note")}
        version = form.cleaned_data["version"] or 0
        saved = call(form, service.endpoint_change, actor=request.actor, public_id=public_id, version=version, **typed)
        if saved is not None:
            messages.success(request, "推送地址已保存，立即生效。")
            return _to(saved)
    context = {
        "form": form,
        "client": endpoint.client,
        "endpoint": endpoint,
        "facts": endpoint_facts(endpoint) if renew_version(form, endpoint.version) else [],
        "cancel_url": reverse("system:webhook", args=[public_id]),
    }
    return render(request, "liaison/webhook_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CLIENT_EDIT)
def rotate(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Make a new secret and show it, this once."""
    endpoint = get_endpoint_for(request.actor, public_id)
    form = RotateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = call(form, service.endpoint_rotate, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if made is not None:
            return _show_secret(request, made[0], made[1], "新密钥已生成")
    context = {
        "form": form,
        "endpoint": endpoint,
        "client": endpoint.client,
        "submit_label": "生成新密钥",
        "cancel_url": reverse("system:webhook", args=[public_id]),
    }
    return render(request, "liaison/webhook_rotate.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CLIENT_EDIT)
def pause(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Ask once, then send nothing for a while."""
    endpoint = get_endpoint_for(request.actor, public_id)
    form = VersionedReasonForm(request.POST or None, initial={"version": endpoint.version})
    if request.method == "POST" and form.is_valid():
        saved = call(form, service.endpoint_pause, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if saved is not None:
            messages.success(request, "已暂停。期间的事件都留着，恢复后按先后补发。")
            return _to(saved)
    renew_version(form, endpoint.version)
    context: dict[str, Any] = {
        "form": form,
        "endpoint": endpoint,
        "client": endpoint.client,
        "heading": "暂停推送",
        "question": f"暂停向“{endpoint}”推送？",
        "consequence": "期间的事件都留着，最多90天；恢复后按先后补发。对方仍可以用接口读取。",
        "confirm_label": "暂停推送",
        "cancel_url": reverse("system:webhook", args=[public_id]),
    }
    return render(request, "liaison/webhook_confirm.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.CLIENT_EDIT)
def resume(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Send again."""
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else None
    saved = service.endpoint_resume(actor=request.actor, public_id=public_id, version=version)
    messages.success(request, "已恢复推送，留着的事件按先后补发。")
    return _to(saved)


@require_POST
@requires(Permission.CLIENT_EDIT)
def ping(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Send a test event, and go and see what comes back."""
    delivery = endpoint_ping(actor=request.actor, public_id=public_id)
    messages.success(request, "测试事件已交给后台发送，结果在本页，请稍后刷新。")
    return redirect("system:webhook_delivery", delivery.public_id)
