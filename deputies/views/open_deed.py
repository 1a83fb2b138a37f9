"""The page of the person helped: one deed, 属实 or 不属实, without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from deputies.forms.deed import TestimonyForm
from deputies.selectors.deed import find_by_receipt
from deputies.services.deed_check import deed_testify
from deputies.states import DeedStatus
from deputies.views.pages import posted
from liaison.exceptions import DomainError, InvalidInput
from liaison.faces import ActorRequest, call, public
from liaison.limits import Limit, within
from liaison.network import client_ip

if TYPE_CHECKING:
    from django.http import HttpResponse

#: 128 bits in an address: nobody guesses one, but a machine that tries is sent away.
LOOKS_AN_ADDRESS = Limit("deed-receipt-ip", 60, 600)


class TooManyLooks(DomainError):
    """Somebody tries addresses (429)."""

    code = "too_many"
    status = 429


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def testify(request: ActorRequest, secret: str) -> HttpResponse:
    """请您确认: what the deputy wrote down, as far as it is needed to say whether it is so."""
    if not within(LOOKS_AN_ADDRESS, client_ip(request) or "unknown"):
        raise TooManyLooks("打开太频繁，请过十分钟再试。")
    deed = find_by_receipt(secret)
    form = TestimonyForm(posted(request))
    form.show_version(deed)
    done = ""
    if form.is_valid():
        said = form.cleaned_data["says"] == "true"
        if call(
            form,
            deed_testify,
            actor=request.actor,
            secret=secret,
            is_true=said,
            words=form.cleaned_data["words"],
            version=form.cleaned_data["version"],
        ):
            done = "谢谢，您的确认已经记下。" if said else "已经记下，工作人员会去核实。"
            deed = find_by_receipt(secret)
    status = 422 if form.is_bound and form.errors else 200
    error = form.domain_error
    if isinstance(error, DomainError) and not isinstance(error, InvalidInput):
        status = error.status
    context = {"deed": deed, "form": form, "done": done, "waits": deed.status == DeedStatus.WAITING}
    return render(request, "deputies/open_deed.html", context, status=status)
