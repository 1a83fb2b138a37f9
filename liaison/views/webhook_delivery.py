"""``/system/clients/deliveries/``: what was sent to an endpoint, what came back, what is tried when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from liaison.faces import ActorRequest, requires
from liaison.forms.webhook import DeliveryFilterForm
from liaison.paging import keyset_page
from liaison.permissions import Permission
from liaison.selectors.webhook import (
    TABS,
    deliveries_of,
    delivery_counts,
    get_delivery_for,
    get_endpoint_for,
    tries_of,
    waits_behind,
)
from liaison.services.webhook import delivery_repeat
from liaison.views.webhook_page import delivery_facts, delivery_next, delivery_rows, exchanges

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse


@require_safe
@requires(Permission.CLIENT_EDIT)
def listing(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Deliveries to one endpoint."""
    endpoint = get_endpoint_for(request.actor, public_id)
    form = DeliveryFilterForm(request.GET, endpoint=endpoint)
    asked = form.cleaned_data if form.is_valid() else {"kind": "", "q": ""}
    tab = request.GET.get("view", "all")
    rows = deliveries_of(request.actor, endpoint, tab=tab, kind=asked["kind"], object_id=asked["q"].strip())
    page = keyset_page(rows, params=request.GET, path=request.path)
    counts = delivery_counts(endpoint)
    context = {
        "endpoint": endpoint,
        "client": endpoint.client,
        "page": page,
        "rows": delivery_rows(page.items),
        "filter_form": form,
        "keep": [("view", tab)] if tab != "all" else [],
        "views": [
            {
                "label": label,
                "url": f"?view={code}",
                "count": counts[code] if code in ("open", "given_up") else None,
                "light": "overdue" if code == "given_up" else "",
                "active": code == tab,
            }
            for code, (label, _) in TABS.items()
        ],
    }
    return render(request, "liaison/webhook_deliveries.html", context)


@require_safe
@requires(Permission.CLIENT_EDIT)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One delivery with each try: request and answer."""
    delivery = get_delivery_for(request.actor, public_id)
    tries = tries_of(delivery)
    context = {
        "delivery": delivery,
        "endpoint": delivery.endpoint,
        "client": delivery.endpoint.client,
        "facts": delivery_facts(delivery),
        "exchanges": exchanges(delivery, tries),
        **delivery_next(delivery, waits_behind(delivery) if delivery.is_open else None),
    }
    return render(request, "liaison/webhook_delivery.html", context)


@require_POST
@requires(Permission.CLIENT_EDIT)
def repeat(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Send it once more."""
    delivery = delivery_repeat(actor=request.actor, public_id=public_id)
    messages.success(request, "已交给后台发送，结果在本页，请稍后刷新。")
    return redirect("system:webhook_delivery", delivery.public_id)
