"""What the pages of acts on a project share: the form, the service, back to the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render

from liaison.exceptions import DomainError
from liaison.faces import call
from votes.forms.work_fields import VersionedActForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from liaison.faces import ActorRequest
    from votes.forms.work_fields import ActForm
    from votes.models import Project


def form_status(form: ActForm, version: int | None = None) -> int:
    """200, or 422 for wrong values, or what the domain error says: 409 when somebody was quicker, 403 when it is
    not theirs.

    Args:
        version: of the record now; a stale form goes on with it.
    """
    if not form.errors:
        return 200
    if isinstance(form, VersionedActForm) and form.is_stale and version is not None:
        form.show_version(version)
    error = form.domain_error
    return error.status if isinstance(error, DomainError) and error.status in {403, 409} else 422


def act_page(
    request: ActorRequest,
    project: Project,
    form_of: Callable[..., ActForm],
    service: Callable[..., Any],
    values: Callable[[Any], dict[str, Any]],
    *,
    done: str,
    to: Any = None,
    version: int | None = None,
    template: str = "votes/project_act.html",
    **words: Any,
) -> HttpResponse:
    """The page of one act: the form, then the service with what was typed, then back to the record.

    Args:
        form_of: makes the form; given data and files of a POST.
        service: called with the actor and ``values``; not None means done.
        values: what the service is given besides, from the valid form.
        done: what is said afterwards.
        to: where to go afterwards; the project when omitted.
        version: of the record that the act is on; the project's when omitted.
        words: for the template: heading, crumb, intro, submit_label.
    """
    target = to or project
    if request.method == "POST":
        form = form_of(request.POST, request.FILES)
        if form.is_valid() and call(form, service, actor=request.actor, **values(form)) is not None:
            messages.success(request, done)
            return redirect(target)
    else:
        form = form_of()
    url = target if isinstance(target, str) else target.get_absolute_url()
    context = {"project": project, "form": form, "cancel_url": url, **words}
    return render(request, template, context, status=form_status(form, version or project.version))
