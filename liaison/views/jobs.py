"""One's own background jobs: the list, the progress of one, its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from liaison.exceptions import NotFound
from liaison.faces import ActorRequest, signed_in
from liaison.filetypes import EXTENSIONS, extension_of
from liaison.paging import keyset_page
from liaison.selectors.job import get_job_for, jobs_of
from liaison.sending import send_file

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse
    from django.http.response import HttpResponseBase


@require_safe
@signed_in
def job_list(request: ActorRequest) -> HttpResponse:
    """The jobs that one started in the present capacity, newest first."""
    page = keyset_page(jobs_of(request.actor), params=request.GET, path=request.path, size=20)
    return render(request, "liaison/job_list.html", {"page": page})


@require_safe
@signed_in
def job_detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """How far a job is; HTMX asks for the progress box alone until it is over."""
    job = get_job_for(request.actor, public_id)
    template = "liaison/partials/progress.html" if request.htmx else "liaison/job_detail.html"
    response = render(request, template, {"job": job, "poll_url": job.get_absolute_url()})
    patch_vary_headers(response, ["HX-Request"])
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@signed_in
def job_file(request: ActorRequest, public_id: UUID) -> HttpResponseBase:
    """The file that a job made, as long as it is kept."""
    job = get_job_for(request.actor, public_id)
    if not job.file:
        raise NotFound("文件已过保存期，或者这项任务没有文件。")
    extension = extension_of(job.file_name)
    kind = EXTENSIONS.get(extension)
    mime = kind.mimes[extension] if kind is not None else "application/octet-stream"
    return send_file(job.file, name=job.file_name, mime=mime)
