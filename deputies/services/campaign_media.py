"""What the media said of a campaign (媒体报道): one piece with its address, or a number of further pieces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import CampaignMedia
from deputies.selectors.campaign import get_campaign_for
from deputies.services.checks import clean_model, integrity_as_input, require_text
from deputies.states import CampaignStatus
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.models import Organisation
from liaison.permissions import Permission
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from liaison.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFacts:
    """A piece, or (``url`` empty) a number of further pieces.

    Args:
        count: pieces; always 1 with an address.
        at_least: there may be more than ``count``.
    """

    title: str
    outlet: str = ""
    url: str = ""
    published_on: dt.date | None = None
    count: int = 1
    at_least: bool = False


@transaction.atomic
def campaign_media_add(
    *, actor: Actor, campaign_id: UUID | str, facts: MediaFacts, office: Organisation | None = None
) -> CampaignMedia:
    """Note a piece, or further pieces, under the actor's office.

    Args:
        office: for the portal itself (the demo), which works for none.

    Raises:
        NotFound, NotAllowed, InvalidInput: as elsewhere; an address that was noted before.
        DomainError: the campaign has not begun.
    """
    campaign = get_campaign_for(actor, campaign_id)
    actor.require(Permission.CAMPAIGN_EDIT)
    if not actor.is_system:
        office = Organisation.objects.visible_to(actor).filter(pk=actor.organisation_id or 0).first()
    if office is None:
        raise NotAllowed("媒体报道由人大工作机构登记。")
    if campaign.status == CampaignStatus.DRAFT:
        raise DomainError("主题活动还没有启动。", code="campaign_draft")
    media = CampaignMedia(campaign=campaign, office=office, region_prefix=office.region.prefix)
    _fill(media, facts)
    with integrity_as_input():
        media.save()
    detail = {"title": media.title, "count": media.count}
    record_audit(
        actor=actor, action="campaign.media_add", target=campaign, detail=detail, region_prefix=media.region_prefix
    )
    return media


@transaction.atomic
def campaign_media_remove(*, actor: Actor, media_id: UUID | str) -> CampaignMedia:
    """Take out what was noted by mistake; the audit keeps it.

    Raises:
        NotFound: not visible.
        NotAllowed: another office noted it.
    """
    found = CampaignMedia.objects.visible_to(actor).select_for_update(of=("self",)).select_related("campaign", "office")
    media = found.filter(public_id=media_id).first()
    if media is None:
        raise NotFound
    actor.require(Permission.CAMPAIGN_EDIT)
    if not actor.is_system and media.office_id != actor.organisation_id:
        raise NotAllowed(f"这条报道由{media.office}登记，请联系他们更正。")
    detail = {"title": media.title, "url": media.url, "count": media.count}
    record_audit(
        actor=actor,
        action="campaign.media_remove",
        target=media.campaign,
        detail=detail,
        region_prefix=media.region_prefix,
    )
    media.delete()
    return media


def _fill(media: CampaignMedia, facts: MediaFacts) -> None:
    media.title = require_text(facts.title, field="title", message="请填写标题。")
    media.outlet, media.url, media.published_on = facts.outlet.strip(), facts.url.strip(), facts.published_on
    media.count, media.at_least = (1, False) if media.url else (facts.count, facts.at_least)
    wrong: dict[str, str] = {}
    if media.url and not media.outlet:
        wrong["outlet"] = "请填写媒体名称。"
    if media.url and media.published_on is None:
        wrong["published_on"] = "请填写发布日期。"
    if media.published_on is not None and media.published_on > timezone.localdate():
        wrong["published_on"] = "发布日期不能晚于今天。"
    if wrong:
        raise InvalidInput("有内容需要更正。", fields=wrong)
    clean_model(media, exclude=["campaign", "office"])
