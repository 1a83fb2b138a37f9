"""热线对接约定 for the system administrator: limits, and the hosts of which attachments are fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817
from suggestions.forms.hotline_report import SettingsForm
from suggestions.selectors.hotline_settings import get_hotline_client, hotline_clients, settings_of
from suggestions.services.hotline_settings import hotline_settings_save
from suggestions.views.acts import form_status, posted

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

_NAMES = ("version", "reply_working_days", "complex_working_days", "return_working_days", "file_hosts")


@require_safe
@requires(P.CLIENT_EDIT)
def settings_list(request: ActorRequest) -> HttpResponse:
    """Every hotline that is connected."""
    return render(request, "suggestions/hotline_settings_list.html", {"clients": hotline_clients(request.actor)})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.CLIENT_EDIT)
def settings_edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What is agreed with one."""
    client = get_hotline_client(request.actor, public_id)
    agreed = settings_of(client.pk)
    form = SettingsForm(posted(request), initial={name: getattr(agreed, name) for name in _NAMES})
    if form.is_valid():
        values = dict(form.cleaned_data)
        version = values.pop("version")
        saved = call(
            form,
            hotline_settings_save,
            actor=request.actor,
            client_public_id=public_id,
            version=version,
            values=values,
        )
        if saved is not None:
            messages.success(request, f"已保存与{client.organisation.name}的约定。")
            return redirect("hotline:settings_list")
    context = {"client": client, "form": form, "cancel_url": reverse("hotline:settings_list"), "submit_label": "保存"}
    return render(request, "suggestions/hotline_settings_form.html", context, status=form_status(form, None))
