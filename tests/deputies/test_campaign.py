"""Campaigns: whom they concern, who sees and changes them, what they ask, how lower regions carry them out."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from deputies.campaign_templates import TEMPLATES, VISITS_2021, QuotaFacts
from deputies.models import Campaign, CampaignMedia, CongressLevel, DutyKind, DutyQuota, QuotaAudience, QuotaPeriod
from deputies.selectors.campaign import campaign_choices, own_mandates, waiting_campaigns
from deputies.selectors.campaign_board import campaign_board
from deputies.selectors.quota import quota_lines
from deputies.services import campaign as service
from deputies.services.campaign import (
    CampaignFacts,
    campaign_adjust,
    campaign_create,
    campaign_edit,
    campaign_end,
    campaign_start,
)
from deputies.services.campaign_media import MediaFacts, campaign_media_add, campaign_media_remove
from deputies.services.campaign_region import PlanFacts, campaign_join
from deputies.services.checks import version_of
from deputies.services.quota import campaign_quota_add, congress_quotas_hunan, quota_end
from deputies.states import CampaignStatus
from deputies.tasks import tell_campaign
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import Job, Notice
from liaison.models.job import JobStatus
from tests.deputies.campaigns import did, make_campaign, make_quota
from tests.deputies.factories import make_mandate, make_mandates
from tests.suggestions.budgets import queries, statements
from tests.suggestions.pages import text_of

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def facts(**given: Any) -> CampaignFacts:
    asked: dict[str, Any] = {
        "title": "走访联系",
        "theme": "办实事",
        "levels": [CongressLevel.CITY],
        "starts_on": TODAY(),
        "ends_on": TODAY() + dt.timedelta(days=30),
    }
    return CampaignFacts(**(asked | given))


def test_a_draft_is_seen_by_its_office_only_and_a_begun_one_by_all_below(cast: Cast) -> None:
    campaign = make_campaign(cast, status=CampaignStatus.DRAFT)
    for who in ("county_clerk", "deputy"):
        assert not Campaign.objects.visible_to(cast.actor(who)).exists()
    Campaign.objects.update(status=CampaignStatus.RUNNING)
    for who in ("county_clerk", "deputy", "stranger"):
        assert Campaign.objects.visible_to(cast.actor(who)).get() == campaign
    own = make_campaign(cast, office="county_office", title="本区")
    assert Campaign.objects.visible_to(cast.actor("insider")).filter(pk=own.pk).exists()
    assert not Campaign.objects.visible_to(cast.actor("stranger")).filter(pk=own.pk).exists()


def test_only_the_office_that_organises_it_changes_it(cast: Cast) -> None:
    campaign = make_campaign(cast)
    own = make_campaign(cast, office="county_office", title="本区")
    with pytest.raises(NotAllowed):
        campaign_end(actor=cast.actor("county_clerk"), campaign_id=campaign.public_id)
    with pytest.raises(NotAllowed):
        campaign_end(actor=cast.actor("insider"), campaign_id=own.public_id)
    with pytest.raises(NotFound):
        campaign_end(actor=cast.actor("stranger"), campaign_id=own.public_id)
    assert campaign_end(actor=cast.actor("approver"), campaign_id=campaign.public_id).ends_on == TODAY()


def test_a_template_brings_its_five_requirements(cast: Cast) -> None:
    for code, template in TEMPLATES.items():
        starts_on, ends_on = template.period(2026)
        made = campaign_create(
            actor=cast.actor("insider"),
            template=code,
            facts=facts(title=template.title, starts_on=starts_on, ends_on=ends_on),
        )
        assert made.quotas.count() == len(template.quotas)
    five = DutyQuota.objects.filter(campaign__template=VISITS_2021.code).values_list("kind", "minimum")
    kinds = ("opinion_heard", "suggestion", "problem_raised", "deed", "report")
    assert list(five) == [(kind, 1) for kind in kinds]
    page = cast.client("insider").get(reverse("campaigns:new"), {"template": VISITS_2021.code})
    assert "五个一" in text_of(page)


def test_starting_tells_everybody_with_the_same_queries(cast: Cast) -> None:
    def start(title: str) -> list[str]:
        levels = [CongressLevel.CITY, CongressLevel.COUNTY]
        made = campaign_create(actor=cast.actor("insider"), facts=facts(title=title, levels=levels))
        return statements(lambda: campaign_start(actor=cast.actor("insider"), campaign_id=made.public_id))

    start("先走一遍")
    few = start("三名代表")
    assert Notice.objects.filter(title__contains="三名代表", recipient__person__isnull=False).count() == 3
    assert Notice.objects.filter(title__contains="三名代表", recipient=cast.user("county_clerk")).count() == 1
    for number in range(20):
        mandate = make_mandate(cast.congress, number + 100)
        mandate.person.user = type(cast.user("deputy")).objects.create_user(f"deputy{number}", None, name="代表")
        mandate.person.save()
    many = start("更多代表")
    assert Notice.objects.filter(title__contains="更多代表", recipient__person__isnull=False).count() == 23
    assert len(many) == len(few)


def test_many_are_told_by_a_worker_and_never_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "AT_ONCE", 2)
    made = campaign_create(actor=cast.actor("insider"), facts=facts())
    campaign_start(actor=cast.actor("insider"), campaign_id=made.public_id)
    assert not Notice.objects.filter(recipient__person__isnull=False).exists()
    job = Job.objects.get()
    Job.objects.update(status=JobStatus.RUNNING, attempts=1, started_at=job.created_at, beat_at=job.created_at)
    job.refresh_from_db()
    tell_campaign(job, cast.actor("insider"), None)  # type: ignore[arg-type]
    assert Notice.objects.filter(recipient__person__isnull=False).count() == 3


def test_a_campaign_for_nobody_does_not_start(cast: Cast) -> None:
    made = campaign_create(actor=cast.actor("insider"), facts=facts(audience=QuotaAudience.CADRE))
    with pytest.raises(DomainError, match="没有符合条件的代表"):
        campaign_start(actor=cast.actor("insider"), campaign_id=made.public_id)
    with pytest.raises(InvalidInput):
        campaign_create(actor=cast.actor("insider"), facts=facts(title="倒", ends_on=TODAY() - dt.timedelta(days=1)))
    with pytest.raises(InvalidInput, match="同名"):
        campaign_create(actor=cast.actor("insider"), facts=facts())


def test_a_running_one_changes_its_end_topics_and_purpose_only_and_says_why(cast: Cast) -> None:
    campaign = make_campaign(cast)
    clerk, lower = cast.actor("insider"), cast.actor("county_clerk")
    plan = PlanFacts(plan="先走访后座谈", contact="联工委", starts_on=TODAY(), ends_on=campaign.ends_on)
    campaign_join(actor=lower, campaign_id=campaign.public_id, facts=plan)
    with pytest.raises(DomainError, match="已经启动"):
        campaign_edit(actor=clerk, campaign_id=campaign.public_id, facts=facts())
    change: dict[str, Any] = {"ends_on": TODAY() + dt.timedelta(days=5), "topics": "饮水\n道路", "purpose": ""}
    with pytest.raises(InvalidInput, match="原因"):
        campaign_adjust(actor=clerk, campaign_id=campaign.public_id, reason=" ", **change)
    old = version_of(campaign.updated_at)
    campaign_adjust(actor=clerk, campaign_id=campaign.public_id, reason="汛期", version=old, **change)
    assert campaign.regions.get().ends_on == change["ends_on"]
    with pytest.raises(StaleVersion):
        campaign_adjust(actor=clerk, campaign_id=campaign.public_id, reason="又改", version=old, **change)
    with pytest.raises(InvalidInput, match="落实时间"):
        campaign_adjust(
            actor=clerk,
            campaign_id=campaign.public_id,
            reason="提前",
            **(change | {"ends_on": TODAY() - dt.timedelta(days=1)}),
        )
    assert "汛期" in text_of(cast.client("insider").get(campaign.get_absolute_url()))


def test_forms_offer_what_concerns_the_deputy_and_late_records(cast: Cast) -> None:
    day = dt.timedelta(days=1)
    over = {"status": CampaignStatus.ENDED}
    kept = [make_campaign(cast), make_campaign(cast, title="刚结束", ends_on=TODAY() - 60 * day,
                                               starts_on=TODAY() - 90 * day, **over)]  # fmt: skip
    make_campaign(cast, title="早结束", starts_on=TODAY() - 90 * day, ends_on=TODAY() - 61 * day, **over)
    make_campaign(cast, title="筹备", status=CampaignStatus.DRAFT)
    make_campaign(cast, title="乡级", levels=[CongressLevel.TOWNSHIP])
    make_campaign(cast, title="领导干部", audience=QuotaAudience.CADRE)
    make_campaign(cast, title="外县", office="neighbour_office")
    deputy = cast.actor("deputy")
    assert list(campaign_choices(deputy)) == kept
    assert list(campaign_choices(cast.actor("insider"), own_mandates(deputy))) == kept
    assert campaign_choices(cast.actor("county_clerk")).count() == 4


def test_requirements_are_set_before_the_start_and_ended_with_a_reason_after_it(cast: Cast) -> None:
    clerk, mandate = cast.actor("insider"), cast.mandates["deputy"]
    campaign = make_campaign(cast, status=CampaignStatus.DRAFT)
    visits = QuotaFacts(DutyKind.PEOPLE_VISITED, "15")
    quota = campaign_quota_add(actor=clerk, campaign_id=campaign.public_id, facts=visits)
    assert quota.words == "走访群众不少于15人"
    assert quota_lines([mandate], year=TODAY().year)[mandate.pk] == []
    Campaign.objects.update(status=CampaignStatus.RUNNING)
    with pytest.raises(DomainError, match="已经启动"):
        campaign_quota_add(actor=clerk, campaign_id=campaign.public_id, facts=visits)
    did(mandate, DutyKind.PEOPLE_VISITED, 6, campaign=campaign)
    did(mandate, DutyKind.PEOPLE_VISITED, 50)
    line = quota_lines([mandate], year=TODAY().year)[mandate.pk][0]
    assert (line.done, line.remaining_words, line.is_met) == (6, "还差9人", False)
    page = text_of(cast.client("deputy").get(campaign.get_absolute_url()))
    assert "走访群众不少于15人" in page
    assert "还差9人" in page
    assert not any(word in page for word in ("积分", "得分", "排名", "打卡"))
    with pytest.raises(InvalidInput, match="原因"):
        quota_end(actor=clerk, quota_id=quota.public_id, reason="")
    with pytest.raises(NotAllowed):
        quota_end(actor=cast.actor("county_clerk"), quota_id=quota.public_id, reason="不要了")
    quota_end(actor=clerk, quota_id=quota.public_id, reason="改为集中组织")
    assert quota_lines([mandate], year=TODAY().year)[mandate.pk] == []


def test_the_provinces_requirements_are_taken_over_once_and_a_solved_problem_counts_as_a_deed(cast: Cast) -> None:
    mandate = cast.mandates["deputy"]
    for added in (4, 0):
        assert congress_quotas_hunan(actor=cast.actor("insider"), congress_id=cast.congress.public_id) == added
    with pytest.raises(NotAllowed):
        congress_quotas_hunan(actor=cast.actor("county_clerk"), congress_id=cast.congress.public_id)
    did(mandate, DutyKind.PROBLEM_SOLVED)
    lines = {line.quota.kind: line for line in quota_lines([mandate], year=TODAY().year)[mandate.pk]}
    assert lines[DutyKind.DEED].is_met
    assert not lines[DutyKind.VOTER_REPORT].is_met
    assert lines[DutyKind.VOTER_REPORT].quota.period == QuotaPeriod.TERM
    assert len(lines) == 3  # the one for leading cadres is not asked of others
    quotas = cast.client("insider").get(reverse("quotas:congress", args=[cast.congress.public_id]))
    assert "一次全部采用" not in text_of(quotas)


def test_a_lower_office_carries_it_out_inside_the_period_and_the_organiser_sees_who_does(cast: Cast) -> None:
    campaign = make_campaign(cast)
    plan = {"plan": "按小组走访", "contact": "区联工委 4220000", "starts_on": TODAY(), "ends_on": campaign.ends_on}
    lower = cast.actor("county_clerk")
    assert waiting_campaigns(lower) == (0, 1)
    for wrong in ({"ends_on": campaign.ends_on + dt.timedelta(days=1)}, {"plan": " "}, {"contact": ""}):
        with pytest.raises(InvalidInput):
            campaign_join(actor=lower, campaign_id=campaign.public_id, facts=PlanFacts(**(plan | wrong)))
    campaign_join(actor=lower, campaign_id=campaign.public_id, facts=PlanFacts(**plan))
    campaign_join(actor=lower, campaign_id=campaign.public_id, facts=PlanFacts(**(plan | {"plan": "改为座谈"})))
    assert waiting_campaigns(lower) == (0, 0)
    with pytest.raises(DomainError):
        campaign_join(actor=cast.actor("insider"), campaign_id=campaign.public_id, facts=PlanFacts(**plan))
    board = campaign_board(cast.actor("insider"), campaign)
    states = {place.region.name: place.plan is not None for place in board.places}
    assert states == {"赫山区": True, "沅江市": False}
    assert (board.joined, board.asked) == (1, 2)
    assert "改为座谈" in text_of(cast.client("deputy").get(campaign.get_absolute_url()))


def test_only_the_congresses_of_its_levels_are_asked_and_others_may_still_say_how_they_take_part(cast: Cast) -> None:
    made = campaign_create(actor=cast.actor("insider"), facts=facts(levels=[CongressLevel.CITY]))
    campaign = campaign_start(actor=cast.actor("insider"), campaign_id=made.public_id)
    lower = cast.actor("county_clerk")
    assert not Notice.objects.filter(recipient=cast.user("county_clerk")).exists()
    assert waiting_campaigns(lower) == (0, 0)
    page = text_of(cast.client("county_clerk").get(campaign.get_absolute_url()))
    assert "不要求本级登记落实方案" in page
    url = reverse("campaigns:board", args=[campaign.public_id])
    assert "未落实" not in text_of(cast.client("insider").get(url))
    plan = PlanFacts(plan="一并走访", contact="联工委", starts_on=TODAY(), ends_on=TODAY())
    campaign_join(actor=lower, campaign_id=campaign.public_id, facts=plan)
    board = campaign_board(cast.actor("insider"), campaign)
    assert (board.joined, board.asked) == (0, 0)
    assert {place.region.name: place.plan_words for place in board.places} == {"赫山区": "已落实", "沅江市": ""}


def test_an_ended_campaign_does_not_say_that_a_region_has_yet_to_carry_it_out(cast: Cast) -> None:
    campaign = make_campaign(cast, status=CampaignStatus.ENDED)
    page = text_of(cast.client("insider").get(reverse("campaigns:board", args=[campaign.public_id])))
    assert "未落实" not in page
    assert "没有登记方案" in page


def test_the_board_sums_the_ledger_and_each_office_sees_its_own_subtree(cast: Cast) -> None:
    campaign = make_campaign(cast)
    other = make_mandate(cast.congresses["neighbour"], 1)
    twice = make_mandate(cast.congresses["county"], 2, person=cast.people["deputy"])
    for mandate, kind, quantity in (
        (cast.mandates["deputy"], DutyKind.OPINION_HEARD, 5),
        (twice, DutyKind.OPINION_ON_SPOT, 2),
        (cast.mandates["deputy"], DutyKind.OPINION_HANDED, 1),
        (other, DutyKind.OPINION_HEARD, 4),
        (other, DutyKind.DEED, 1),
    ):
        did(mandate, kind, quantity, campaign=campaign)
    did(cast.mandates["cosigner"], DutyKind.DEED, 7)  # for no campaign
    did(cast.mandates["deputy"], DutyKind.REPORT, campaign=campaign, together=[other])
    total = campaign_board(cast.actor("insider"), campaign).total
    assert (total.taking_part, total.concerned) == (2, 4)  # the person with two mandates is one
    assert total.of(DutyKind.REPORT) == 1  # of two authors, and one report
    assert (total.of(DutyKind.OPINION_HEARD), total.still_open, total.of(DutyKind.DEED)) == (9, 6, 1)
    own = campaign_board(cast.actor("county_clerk"), campaign, code="430981")  # asks for the neighbour
    assert own.here.code == "430903"
    assert (own.total.of(DutyKind.OPINION_HEARD), own.total.of(DutyKind.DEED), own.total.still_open) == (5, 0, 2)
    page = text_of(cast.client("county_clerk").get(reverse("campaigns:board", args=[campaign.public_id])))
    assert "沅江市" not in page


def test_pages_ask_the_same_number_of_queries_for_any_number_of_deputies(cast: Cast) -> None:
    campaign = make_campaign(cast)
    make_quota(campaign=campaign)
    addresses = [campaign.get_absolute_url(), reverse("campaigns:board", args=[campaign.public_id])]
    addresses.append(reverse("campaigns:list"))
    few = [len(queries(cast.client("insider"), url)) for url in addresses]
    for place, mandate in enumerate(make_mandates(cast.congresses["neighbour"], 15)):
        did(mandate, DutyKind.DEED, campaign=campaign)
        make_campaign(cast, title=f"活动{place}")
    assert [len(queries(cast.client("insider"), url)) for url in addresses] == few


def test_media_pieces_have_a_safe_address_and_stand_once(cast: Cast) -> None:
    campaign = make_campaign(cast)
    clerk = cast.actor("insider")
    piece = {"title": "代表走进田间", "outlet": "红网", "published_on": TODAY()}
    for url in ("javascript:alert(1)", "http://a.example/1", "https://" + "a" * 400):
        with pytest.raises(InvalidInput):
            campaign_media_add(actor=clerk, campaign_id=campaign.public_id, facts=MediaFacts(url=url, **piece))
    good = MediaFacts(url="https://news.example/1", **piece)
    campaign_media_add(actor=clerk, campaign_id=campaign.public_id, facts=good)
    with pytest.raises(InvalidInput, match="已经登记"):
        campaign_media_add(actor=clerk, campaign_id=campaign.public_id, facts=good)
    further = MediaFacts(title="其他", count=299, at_least=True)
    added = campaign_media_add(actor=cast.actor("county_clerk"), campaign_id=campaign.public_id, facts=further)
    board = campaign_board(clerk, campaign)
    assert (board.media, board.media_more) == (300, True)
    with pytest.raises(NotAllowed):
        campaign_media_remove(actor=clerk, media_id=added.public_id)
    campaign_media_remove(actor=cast.actor("county_clerk"), media_id=added.public_id)
    assert CampaignMedia.objects.count() == 1


def test_hostile_text_is_shown_as_typed_and_wrong_input_keeps_everything(cast: Cast) -> None:
    client, url = cast.client("insider"), reverse("campaigns:new") + "?template="
    sent: dict[str, Any] = {
        "title": "<script>alert(1)</script>👍",
        "theme": "主题",
        "levels": ["city"],
        "audience": "all",
        "starts_on": "2026-03-01",
        "ends_on": "2026-02-01",
        "topics": "一\n二",
    }
    page = client.post(url, sent)
    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {"ends_on"}
    assert page.context["form"]["topics"].value() == "一\n二"
    assert not Campaign.objects.exists()
    page = client.post(url, sent | {"ends_on": "2026-05-01"}, follow=True)
    assert b"<script>alert(1)" not in page.content
    assert "👍" in text_of(page)
    assert client.post(url, sent | {"ends_on": "2026-05-01"}).status_code == 422  # the same once more
    assert Campaign.objects.count() == 1
