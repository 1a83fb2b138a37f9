"""Pieces in the media about a campaign: noted, and taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from deputies.forms.campaign import FurtherMediaForm, MediaForm
from deputies.selectors.campaign import get_campaign_for, get_media_for
from deputies.services.campaign_media import campaign_media_add, campaign_media_remove
from deputies.views.campaign import confirm_page
from deputies.views.pages import form_page, posted
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@requires(P.CAMPAIGN_EDIT)
def add(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """登记媒体报道: one piece, or a number of further ones (``?further=1``)."""
    campaign = get_campaign_for(request.actor, public_id)
    further = request.GET.get("further") == "1"
    form: MediaForm | FurtherMediaForm = FurtherMediaForm(posted(request)) if further else MediaForm(posted(request))
    if request.method == "POST" and form.is_valid():
        done = call(form, campaign_media_add, actor=request.actor, campaign_id=public_id, facts=form.facts())
        if done is not None:
            messages.success(request, "已登记媒体报道。")
            return redirect(campaign)
    context = {"campaign": campaign, "further": further, "cancel_url": campaign.get_absolute_url()}
    return form_page(request, "deputies/campaign_media.html", form, **context)


@require_http_methods(METHODS)
@requires(P.CAMPAIGN_EDIT)
def remove(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """删除一条报道."""
    media = get_media_for(request.actor, public_id)
    if request.method == "POST":
        campaign_media_remove(actor=request.actor, media_id=public_id)
        messages.success(request, "已删除。")
        return redirect(media.campaign)
    return confirm_page(
        request,
        media.campaign,
        heading="删除媒体报道",
        question=f"删除“{media.title}”？",
        consequence="删除后不再计入媒体报道篇数，删除记录保留在审计中。",
        confirm_label="删除",
        danger=True,
    )
