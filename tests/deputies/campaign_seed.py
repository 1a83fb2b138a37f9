"""What the demo's campaigns must show: the scoreboard of 2020 is the newsletter's (27 of 2020)."""

from __future__ import annotations

from deputies import demo_campaigns
from deputies.campaign_templates import GROUPS_2020
from deputies.demo_campaigns import SEEDS, campaign_now, campaign_of
from deputies.models import Campaign, DutyEntry, DutyKind
from deputies.selectors.campaign import own_mandates
from deputies.selectors.campaign_board import campaign_board
from deputies.selectors.quota import quota_lines
from deputies.selectors.rollup import roll_up, rollup_question
from deputies.states import CampaignStatus
from liaison.actor import system_actor
from liaison.models import User
from liaison.selectors.actors import capacities_of
from suggestions import demo_campaign

K = DutyKind


def check_campaigns() -> None:
    """After the whole demo was loaded (``tests/votes/test_demo.py``, which does so once for all)."""
    found = campaign_board(system_actor(), campaign_of(GROUPS_2020))
    total = found.total
    assert (total.taking_part, total.concerned) == (32, 32)
    assert (total.of(K.OPINION_HEARD), total.of(K.OPINION_ON_SPOT), total.of(K.OPINION_HANDED)) == (151, 45, 106)
    assert (total.of(K.REPORT), total.of(K.SUGGESTION), total.of(K.SUGGESTION_PLANNED)) == (15, 8, 23)
    assert (total.of(K.PROBLEM_SOLVED), total.still_open) == (35, 0)
    assert (found.media, found.media_more) == (300, True)
    assert sum(place.figures.taking_part for place in found.places) == 32
    offices = {campaign_of(seed.template).office.name for seed in SEEDS}
    assert offices == {"湖南省人大常委会", "长沙市人大常委会", "益阳市人大常委会"}
    _now()
    counts = Campaign.objects.count(), DutyEntry.objects.count()
    demo_campaigns.load(lambda line: None)
    demo_campaign.load(lambda line: None)
    assert (Campaign.objects.count(), DutyEntry.objects.count()) == counts


def _now() -> None:
    """The deputy of the sign-in page has done a part of what the campaign of this year asks."""
    campaign = campaign_now()
    assert campaign.status == CampaignStatus.RUNNING
    deputy = next(actor for actor in capacities_of(User.objects.get(username="demo_deputy")) if actor.is_deputy)
    lines = quota_lines(own_mandates(deputy), year=campaign.starts_on.year)
    own = [line for mine in lines.values() for line in mine if line.quota.campaign_id == campaign.pk]
    assert {line.is_met for line in own} == {True, False}
    assert any(line.done and not line.is_met for line in own)
    assert campaign_board(system_actor(), campaign).joined == 1
    whole = roll_up(system_actor(), rollup_question(system_actor(), {"region": "430900"}))
    assert all(line.met and line.behind for line in whole.lines if line.asked)  # the chart has both in every region
