"""Private files: handed out only to those who may see the object that owns them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from liaison.faces import ActorRequest, signed_in
from liaison.selectors.attachment import get_attachment_for
from liaison.sending import keep_private, send_file

if TYPE_CHECKING:
    from uuid import UUID

    from django.http.response import HttpResponseBase


@require_safe
@signed_in
def file(request: ActorRequest, public_id: UUID) -> HttpResponseBase:
    """One attachment, as long as its owner is visible."""
    attachment = get_attachment_for(request.actor, public_id)
    etag = quote_etag(attachment.sha256)
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None and unchanged.status_code == 304:
        return keep_private(unchanged)
    response = send_file(attachment.file, name=attachment.name, mime=attachment.mime)
    response["ETag"] = etag
    return response
