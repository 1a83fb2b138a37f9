"""What the demo's campaigns have in suggestions and opinions: the eight suggestions of 2020, and of the campaign that
runs now one suggestion and one opinion of the deputy of the sign-in page."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from deputies.campaign_templates import GROUPS_2020
from deputies.demo_campaigns import MADE_UP, NOW_TITLE, seed_2020_mandates
from deputies.models import Campaign
from liaison.actor import system_actor
from liaison.calendar import SHANGHAI
from suggestions.models import Category, NumberSeries, Opinion, Suggestion
from suggestions.models.suggestion import Origin
from suggestions.services.opinion_duty import opinion_duty
from suggestions.services.suggestion_duty import suggestion_duty
from suggestions.states import SuggestionStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from deputies.models import Mandate

_SPACE = uuid.UUID("0c2f6c3b-6f4e-4f0e-9d62-2020f0000000")
#: 代表建议8件 (newsletter 27 of 2020); the subjects follow the themes that it names, the texts are made up.
TITLES_2020 = (
    ("关于健全县乡公共卫生应急体系的建议", "科教文卫体"),
    ("关于支持返乡农民工就近就业的建议", "社会建设"),
    ("关于支持茶叶产业发展带动村民增收的建议", "农业"),
    ("关于规范农村建房管理的建议", "城建环资"),
    ("关于加强耕地保护、抓好高标准农田建设的建议", "农业"),
    ("关于巩固脱贫成果与乡村振兴有效衔接的建议", "农业"),
    ("关于在“十四五”规划中支持对接粤港澳大湾区的建议", "发展规划"),
    ("关于加强城乡居民饮水安全的建议", "城建环资"),
)


def load(say: Callable[[str], None]) -> None:
    """Make what is missing."""
    made = _of_2020()
    _of_now()
    say(f"主题活动建议 {len(TITLES_2020)} 件（本次新增 {made} 件）")


def _of_2020() -> int:
    campaign = Campaign.objects.filter(template=GROUPS_2020.code).first()
    mandates = seed_2020_mandates()
    if campaign is None or Suggestion.objects.filter(campaign=campaign).exists():
        return 0
    for number, (title, category) in enumerate(TITLES_2020, 1):
        suggestion = _closed(campaign, mandates[number * 3], number, title, category)
        suggestion_duty(system_actor("演示"), suggestion)
    NumberSeries.objects.get_or_create(congress=mandates[0].congress, session=None, defaults={"last": len(TITLES_2020)})
    return len(TITLES_2020)


def _closed(campaign: Campaign, lead: Mandate, number: int, title: str, category: str) -> Suggestion:
    """Made in the campaign and closed in the winter after it; that congress is long out of office, so the portal's
    own steps can no longer be taken in its name."""
    submitted = dt.datetime(2020, 9, 7 + number, 10, tzinfo=SHANGHAI)
    return Suggestion.objects.create(
        client_token=uuid.uuid5(_SPACE, str(number)),
        congress=lead.congress,
        office=campaign.office,
        region_prefix=campaign.region_prefix,
        title=title,
        situation=f"在代表小组活动中，代表和群众反映了这方面的问题。{MADE_UP}",
        proposal=f"请有关部门研究解决。{MADE_UP}",
        category=Category.objects.get(name=category),
        lead=lead,
        lead_person=lead.person,
        origin=Origin.CAMPAIGN,
        campaign=campaign,
        status=SuggestionStatus.CLOSED,
        number=number,
        number_label=f"{lead.congress.short_name}闭会第{number:04d}号建议",
        submitted_at=submitted,
        registered_at=submitted + dt.timedelta(days=2),
        closed_at=submitted + dt.timedelta(days=90),
    )


def _of_now() -> None:
    """The deputy of the sign-in page raised one of their registered suggestions, and brought one opinion, for it."""
    campaign = Campaign.objects.filter(title=NOW_TITLE).first()
    if campaign is None or Suggestion.objects.filter(campaign=campaign).exists():
        return
    numbered = Suggestion.objects.filter(
        lead__certificate_number="YY07001", number__isnull=False, submitted_at__year=campaign.starts_on.year
    )
    suggestion = numbered.order_by("id").first()
    if suggestion is not None:
        suggestion.campaign = campaign
        suggestion.save(update_fields=["campaign", "updated_at"])
        suggestion_duty(system_actor("演示"), suggestion)
    opinion = Opinion.objects.filter(brought_by__person__user__username="demo_deputy").order_by("id").first()
    if opinion is not None:
        opinion.campaign = campaign
        opinion.save(update_fields=["campaign", "updated_at"])
        opinion_duty(system_actor("演示"), opinion)
