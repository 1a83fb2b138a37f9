"""Deputies: the list, a deputy's page, the person, the account."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deputies.forms.deputy import PersonForm
from deputies.forms.filters import MandateFilter
from deputies.models import TagKind
from deputies.selectors.mandate import ROSTER_VIEWS, roster, roster_counts
from deputies.selectors.person import get_own_person, get_person_for, mandates_of, person_history
from deputies.services.account import deputy_account_open
from deputies.services.export import deputies_export_start
from deputies.services.person import person_phone_reveal, person_save
from deputies.views.pages import Tab, form_page, posted
from liaison.faces import ActorRequest, call, requires, signed_in
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.counts import count_text

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.models import Person

#: Saved views that stay even when nothing stands in them.
LASTING_VIEWS = {"in_force", "ended"}


@require_safe
@requires(P.DEPUTY_VIEW)
def deputy_list(request: ActorRequest) -> HttpResponse:
    """代表名册."""
    view = request.GET.get("view", "")
    view = view if view in ROSTER_VIEWS else "in_force"
    mandates = roster(request.actor)
    filter_ = MandateFilter(request.GET, queryset=mandates.filter(ROSTER_VIEWS[view][1]), actor=request.actor)
    counts = roster_counts(request.actor)
    path = reverse("deputies:list")
    context = {
        "filter": filter_,
        "filter_folded": not filter_.active_count,
        "keep": [("view", view)],
        "clear_url": f"{path}?view={view}",
        "view": view,
        "views": [
            Tab(label=label, url=f"{path}?view={key}", count=count_text(counts[key]), active=key == view)
            for key, (label, _condition) in ROSTER_VIEWS.items()
            if counts[key] or key in LASTING_VIEWS or key == view
        ],
        "page": keyset_page(filter_.qs, params=request.GET, path=path, order=("home_prefix", "id")),
        "may_edit": request.actor.can(P.DEPUTY_EDIT),
        "may_import": request.actor.can(P.DEPUTY_IMPORT),
        "may_export": request.actor.can(P.DEPUTY_EXPORT),
        "nobody": not counts["in_force"] and not counts["ended"],
    }
    return render(request, "deputies/list.html", context)


@require_POST
@requires(P.DEPUTY_EXPORT)
def export(request: ActorRequest) -> HttpResponse:
    """导出: a job, whose page shows how far it is."""
    conditions = {name: str(value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken" and value}
    return redirect(deputies_export_start(actor=request.actor, conditions=conditions))


@require_safe
@signed_in
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One deputy: the person, the mandates, the account, the history."""
    return _detail_page(request, get_person_for(request.actor, public_id))


@require_safe
@signed_in
def mine(request: ActorRequest) -> HttpResponse:
    """我的代表信息: a deputy's own page."""
    return redirect(get_own_person(request.actor))


@require_POST
@never_cache
@signed_in
def phone(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """查看完整号码: noted in the audit, shown once."""
    number = person_phone_reveal(actor=request.actor, person_id=public_id)
    if request.htmx:
        return render(request, "deputies/partials/phone.html", {"number": number})
    return _detail_page(request, get_person_for(request.actor, public_id), number=number)


def _detail_page(request: ActorRequest, person: Person, *, number: str = "") -> HttpResponse:
    mandates = mandates_of(request.actor, person)
    in_force = [mandate for mandate in mandates if mandate.ended_on is None]
    tags = list(person.tags.all())
    may_edit = request.actor.can(P.DEPUTY_EDIT)
    context = {
        "person": person,
        "mandates": mandates,
        "in_force": in_force,
        "industries": [tag for tag in tags if tag.kind == TagKind.INDUSTRY],
        "expertise": [tag for tag in tags if tag.kind == TagKind.EXPERTISE],
        "is_self": request.actor.is_deputy,
        "number": person.phone if request.actor.is_deputy else number,
        "may_edit": may_edit,
        "may_open_account": may_edit and person.user_id is None and bool(in_force),
        "may_unmask": bool(person.phone) and not number and request.actor.can(P.DEPUTY_UNMASK),
        "timeline": person_history(person, mandates),
    }
    return render(request, "deputies/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.DEPUTY_EDIT)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """修改个人资料."""
    person = get_person_for(request.actor, public_id)
    form = PersonForm(posted(request), person=person)
    if request.method == "POST" and form.is_valid():
        saved = call(
            form,
            person_save,
            actor=request.actor,
            person_id=public_id,
            facts=form.person_facts(),
            version=form.cleaned_data["version"],
        )
        if saved is not None:
            messages.success(request, f"已保存{saved.name}的资料。")
            return redirect(saved)
    return form_page(request, "deputies/person_form.html", form, person=person, cancel_url=person.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(P.DEPUTY_EDIT)
def account(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """开通登录账号: asks once, then shows the initial password once."""
    person = get_person_for(request.actor, public_id)
    if request.method == "POST":
        opened = deputy_account_open(actor=request.actor, person_id=public_id)
        return render(request, "deputies/account_opened.html", {"person": person, "opened": opened})
    return render(request, "deputies/account_confirm.html", {"person": person, "cancel_url": person.get_absolute_url()})
