"""``/audit/``: who did what, when, from where, with which result; for the auditor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from liaison.faces import ActorRequest, requires
from liaison.forms.audit import AuditFilterForm
from liaison.paging import keyset_page
from liaison.permissions import Permission
from liaison.selectors.audit import AuditFilter, action_label, audit_list, describe, get_audit_for, target_label

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@requires(Permission.AUDIT_VIEW)
def listing(request: ActorRequest) -> HttpResponse:
    """The acts of the region, newest first."""
    form = AuditFilterForm(request.GET)
    typed = form.cleaned_data if form.is_valid() else {}
    conditions = AuditFilter(**{name: value for name, value in typed.items() if value})
    entries = audit_list(request.actor, conditions)
    page = keyset_page(entries, params=request.GET, path=request.path, order=("-at", "-id"))
    context = {
        "page": page,
        "rows": [(entry, action_label(entry.action), target_label(entry.target_type)) for entry in page.items],
        "filter_form": form,
        "filtered": conditions != AuditFilter(),
    }
    return render(request, "liaison/audit_list.html", context)


@require_safe
@requires(Permission.AUDIT_VIEW)
def detail(request: ActorRequest, pk: int) -> HttpResponse:
    """One act with old and new values."""
    entry = get_audit_for(request.actor, pk)
    context = {
        "entry": entry,
        "action": action_label(entry.action),
        "noun": target_label(entry.target_type),
        "said": describe(entry),
    }
    return render(request, "liaison/audit_detail.html", context)
