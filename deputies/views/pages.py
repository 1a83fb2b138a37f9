"""What the package's pages share: tabs, and the form of an act drawn again with the right status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from liaison.exceptions import DomainError

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.forms import BaseForm
    from django.http import HttpResponse, QueryDict
    from django.utils.datastructures import MultiValueDict

    from liaison.faces import ActorRequest


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view over a list, as ``partials/views.html`` draws it."""

    label: str
    url: str
    count: str | int | None = None
    light: str | None = None
    active: bool = False


def posted(request: ActorRequest) -> QueryDict | None:
    """What was sent, also when it is nothing at all; None when the form is only asked for."""
    return request.POST if request.method == "POST" else None


def posted_files(request: ActorRequest) -> MultiValueDict[str, UploadedFile[Any]] | None:
    """The files that were sent; None when the form is only asked for."""
    return request.FILES if request.method == "POST" else None


def form_page(request: ActorRequest, template: str, form: BaseForm, **context: Any) -> HttpResponse:
    """A page with a form: 200 when asked for, 422 with what is wrong, 409 when somebody was quicker."""
    error = getattr(form, "domain_error", None)
    status = 200
    if form.is_bound and form.errors:
        status = error.status if isinstance(error, DomainError) and error.status == 409 else 422
    return render(request, template, {"form": form, **context}, status=status)
