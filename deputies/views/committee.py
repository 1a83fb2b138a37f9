"""Members of the standing committee and their fixed contacts with deputies."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deputies.forms.committee import MemberEndForm, MemberForm, PlaceForm
from deputies.selectors.committee import (
    by_member,
    congress_asked,
    deputies_of_congress,
    get_committee_member_for,
    links_of,
    members_of,
    propose_links,
    year_asked,
)
from deputies.selectors.mandate import get_mandate_for
from deputies.services.committee import (
    committee_member_add,
    committee_member_end,
    link_end,
    links_save,
    require_own,
)
from deputies.views.pages import form_page, posted
from liaison.exceptions import DomainError, NotFound
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.models import Congress

METHODS = ["GET", "HEAD", "POST"]
#: Name of a choice in the table of proposals: the deputy's public id follows.
CHOICE = "link-"


def require_office(request: ActorRequest) -> None:
    """Deputies have pages of their own.

    Raises:
        NotFound: no staff of a congress office.
    """
    if not request.actor.is_congress:
        raise NotFound


def asked_congress(request: ActorRequest) -> Congress:
    """The congress that the address names, for staff of a congress office."""
    require_office(request)
    return congress_asked(request.actor, uuid_of(request.GET["congress"]) if request.GET.get("congress") else "")


def kept_congress(request: ActorRequest) -> Congress:
    """The same, to plan something for it.

    Raises:
        NotAllowed: another office keeps it.
    """
    congress = asked_congress(request)
    require_own(request.actor, congress)
    return congress


def uuid_of(text: str) -> UUID:
    """What was sent, or an id that nothing has."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@require_safe
@requires(P.CONTACT_VIEW)
def committee(request: ActorRequest) -> HttpResponse:
    """常委会组成人员 of a congress, each with the deputies of this year's fixed contacts."""
    congress = asked_congress(request)
    year = year_asked(congress, request.GET.get("year", ""))
    members, links = members_of(congress), links_of(congress, year)
    grouped = by_member(links)
    words = request.GET.get("q", "").strip()[:60]
    context = {
        "congress": congress,
        "year": year,
        "rows": [(member, grouped.get(member.pk, [])) for member in members],
        "linked": len({link.mandate_id for link in links}),
        "filter_form": PlaceForm(actor=request.actor, congress=congress, year=year),
        "may_edit": request.actor.can(P.CONTACT_EDIT) and congress.is_kept_by(request.actor),
        "q": words,
        "found": deputies_of_congress(congress, words, leave_out=[member.mandate_id for member in members]),
    }
    return render(request, "deputies/committee.html", context)


@require_http_methods(METHODS)
@requires(P.CONTACT_EDIT)
def add(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """登记组成人员: a deputy, by mandate."""
    require_office(request)
    mandate = get_mandate_for(request.actor, public_id)
    require_own(request.actor, mandate.congress)
    form = MemberForm(posted(request), congress=mandate.congress)
    back = reverse("committee:list", query={"congress": str(mandate.congress.public_id)})
    if request.method == "POST" and form.is_valid():
        made = call(form, committee_member_add, actor=request.actor, mandate_id=public_id, **form.cleaned_data)
        if made is not None:
            messages.success(request, f"已登记{mandate.person.name}为{mandate.congress.short_name}常委会组成人员。")
            return redirect(back)
    return form_page(
        request,
        "deputies/contact_act.html",
        form,
        trail=[("常委会组成人员", back)],
        heading=f"登记{mandate.person.name}为组成人员",
        lede=f"{mandate.congress.short_name}代表",
        submit_label="登记",
        cancel_url=back,
    )


@require_http_methods(METHODS)
@requires(P.CONTACT_EDIT)
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """登记离任."""
    member = get_committee_member_for(request.actor, public_id)
    require_own(request.actor, member.congress)
    form = MemberEndForm(posted(request))
    back = reverse("committee:list", query={"congress": str(member.congress.public_id)})
    if request.method == "POST" and form.is_valid():
        done = call(form, committee_member_end, actor=request.actor, member_id=public_id, **form.cleaned_data)
        if done is not None:
            messages.success(request, f"已登记{member.mandate.person.name}离任，其固定联系同时结束。")
            return redirect(back)
    return form_page(
        request,
        "deputies/contact_act.html",
        form,
        trail=[("常委会组成人员", back)],
        heading=f"登记{member.mandate.person.name}离任",
        lede="固定联系同时结束，这些代表会回到待安排名单。",
        submit_label="登记离任",
        cancel_url=back,
    )


@require_http_methods(METHODS)
@requires(P.CONTACT_EDIT)
def spread(request: ActorRequest) -> HttpResponse:
    """安排固定联系: a member for every grass-roots deputy without one, corrected by hand, saved all or nothing."""
    congress = kept_congress(request)
    year = year_asked(congress, request.GET.get("year", ""))
    problem, status = "", 200
    if request.method == "POST":
        choices = {
            str(uuid_of(name.removeprefix(CHOICE))): str(uuid_of(str(value)))
            for name, value in request.POST.items()
            if name.startswith(CHOICE) and value
        }
        whole = year if request.POST.get("for") != "term" else None
        try:
            done = links_save(actor=request.actor, congress_id=congress.public_id, year=whole, choices=choices)
        except DomainError as error:
            if error.status == 403:
                raise
            problem, status = error.message, 409
        else:
            messages.success(request, f"已安排{done.made + done.changed}名代表的固定联系。")
            return redirect(reverse("committee:list", query={"congress": str(congress.public_id), "year": year}))
    context = {
        "congress": congress,
        "year": year,
        "plan": propose_links(congress, year),
        "problem": problem,
        "filter_form": PlaceForm(actor=request.actor, congress=congress, year=year),
        "back_url": reverse("committee:list", query={"congress": str(congress.public_id), "year": year}),
    }
    return render(request, "deputies/committee_spread.html", context, status=status)


@require_POST
@requires(P.CONTACT_EDIT)
def unlink(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """结束一名代表的固定联系."""
    link = link_end(actor=request.actor, link_id=public_id)
    messages.success(request, f"{link.mandate.person.name}的固定联系已结束，可重新安排。")
    query = {"congress": str(link.member.congress.public_id)}
    return redirect(reverse("committee:list", query=query | ({"year": link.year} if link.year else {})))
