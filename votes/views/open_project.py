"""Public pages: the programmes, one of them through all stages, proposing without an account, the receipt code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from liaison.faces import ActorRequest, call, public
from liaison.limits import within
from liaison.network import client_ip
from liaison.paging import keyset_page
from liaison.sending import send_file
from votes import limits
from votes.forms.programme import PublicFilterForm
from votes.forms.proposal import PublicProposalForm, ReceiptForm
from votes.selectors.candidate import get_published_picture, pictures_of, published_candidates
from votes.selectors.open_project import results_of, works_of
from votes.selectors.programme import get_published, published_list, takes_proposals
from votes.selectors.programme_desk import plan_of, stages_of
from votes.selectors.proposal import fate_of, find_by_receipt, source_counts
from votes.services.proposal import proposal_submit_public
from votes.views.candidate import facts_of
from votes.views.programme_pages import form_status, posted
from votes.views.proposal import outcome_of, renew_used_key

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

TOO_MANY = "提交太频繁，这一次没有收下。您填写的内容仍在下方，请过一会儿再提交。"
TOO_MANY_LOOKS = "查询太频繁，请过十分钟再试。"


@require_safe
@public
def index(request: ActorRequest) -> HttpResponse:
    """民生实事项目: every published programme, by place and year."""
    form = PublicFilterForm(request.GET)
    page = keyset_page(
        published_list(form.conditions), params=request.GET, path=request.path, order=("-year", "-id"), size=30
    )
    rows = [(one, takes_proposals(one)) for one in page.items]
    context = {"filter_form": form, "page": page, "rows": rows, "is_filtered": bool(request.GET)}
    return render(request, "votes/open_project_list.html", context)


@require_safe
@public
def programme(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One programme, from the call to the appraisal."""
    found = get_published(public_id)
    candidates = published_candidates(found)
    pictures = pictures_of(candidates)
    sources = source_counts(found)
    context = {
        "programme": found,
        "stages": stages_of(found),
        "is_open": takes_proposals(found),
        "facts": plan_of(found),
        "candidates": [
            {"candidate": one, "facts": facts_of(one), "pictures": pictures.get(one.pk, [])} for one in candidates
        ],
        "received": sum(sources.values()),
        "sources": [
            (label, sources.get(code, 0))
            for code, label in (("public", "群众"), ("deputy", "代表"), ("department", "部门"))
        ],
        "results": results_of(found),
        "works": works_of(found),
    }
    return render(request, "votes/open_project.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def propose(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """提项目建议 without an account. The answer to a good form is the receipt; sending it again gives the same one.

    Refused plainly, with everything typed kept: too late, too often, filled by a robot.
    """
    found = get_published(public_id)
    form = PublicProposalForm(posted(request))
    status = 0
    if form.is_valid():
        address = client_ip(request) or "unknown"
        if not within(limits.PROPOSALS_AN_ADDRESS, address) or not within(limits.PROPOSALS_A_PROGRAMME, str(found.pk)):
            form.add_error(None, TOO_MANY)
            status = 429
        else:
            done = call(
                form,
                proposal_submit_public,
                actor=request.actor,
                programme_public_id=public_id,
                submission_key=form.cleaned_data["submission_key"],
                values=form.values,
            )
            if done is not None:
                proposal, code = done
                context = {"programme": found, "proposal": proposal, "receipt": code}
                return render(request, "votes/open_project_receipt.html", context)
            renew_used_key(form)
    context = {"programme": found, "form": form, "is_open": takes_proposals(found)}
    return render(request, "votes/open_project_form.html", context, status=status or form_status(form))


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
@sensitive_variables()
def receipt(request: ActorRequest) -> HttpResponse:
    """凭回执码查询: what became of a proposal. The code travels in a POST, so that no log keeps it."""
    form = ReceiptForm(posted(request))
    context: dict[str, Any] = {"form": form}
    status = 0
    if form.is_valid():
        if not within(limits.RECEIPTS_AN_ADDRESS, client_ip(request) or "unknown"):
            form.add_error(None, TOO_MANY_LOOKS)
            status = 429
        elif (proposal := find_by_receipt(form.cleaned_data["code"])) is None:
            form.add_error("code", "没有查到这个回执码，请核对后再试。")
        else:
            fate = fate_of(proposal)
            context |= {"proposal": proposal, "fate": fate, "outcome": outcome_of(fate)}
    return render(request, "votes/open_project_follow.html", context, status=status or form_status(form))


@require_safe
@public
def picture(request: ActorRequest, picture_id: UUID) -> HttpResponseBase:
    """A picture of a published candidate."""
    found = get_published_picture(picture_id)
    etag = quote_etag(found.sha256)
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None and unchanged.status_code == 304:
        return unchanged
    response = send_file(found.file, name=found.name, mime=found.mime)
    response["ETag"] = etag
    return response
