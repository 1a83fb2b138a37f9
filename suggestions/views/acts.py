"""What the pages of acts share: drawing the form again, with the right status and the present version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from liaison.exceptions import DomainError
from suggestions.forms.fields import VersionedForm

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.forms import BaseForm
    from django.http import HttpResponse, QueryDict
    from django.utils.datastructures import MultiValueDict

    from liaison.faces import ActorRequest
    from suggestions.models import Suggestion


def posted(request: ActorRequest) -> QueryDict | None:
    """What was sent, also when it is nothing at all; None when the form is only asked for."""
    return request.POST if request.method == "POST" else None


def posted_files(request: ActorRequest) -> MultiValueDict[str, UploadedFile[Any]] | None:
    """The files that were sent; None when the form is only asked for."""
    return request.FILES if request.method == "POST" else None


def act_page(
    request: ActorRequest, template: str, suggestion: Suggestion, form: BaseForm | None = None, **context: Any
) -> HttpResponse:
    """The page of one act on a suggestion.

    Args:
        suggestion: as it was when this request began; a stale form goes on with its version.
        form: bound and wrong after a refused POST; everything typed stays in it.
    """
    return render(
        request,
        template,
        {"suggestion": suggestion, "form": form, "cancel_url": suggestion.get_absolute_url(), **context},
        status=form_status(form, suggestion),
    )


def form_status(form: BaseForm | None, suggestion: Suggestion | None) -> int:
    """200, or 422 for wrong values, or what the rule says: 409 when somebody was quicker, 403 when it is not theirs."""
    if form is None or not form.errors:
        return 200
    if isinstance(form, VersionedForm) and form.is_stale and suggestion is not None:
        form.show_version(suggestion.version)
    error = getattr(form, "domain_error", None)
    return error.status if isinstance(error, DomainError) and error.status in {403, 409} else 422
