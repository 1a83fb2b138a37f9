"""Two people (or two devices) at one record: the second is told, and keeps what was typed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from deputies.campaign_templates import QuotaFacts
from deputies.models import DutyQuota, QuotaPeriod, VoterReport
from deputies.services.checks import version_of
from deputies.services.quota import campaign_quota_add, campaign_quota_edit, quota_end
from deputies.services.voter_report import (
    voter_question_answer,
    voter_report_give_back,
    voter_report_save,
    voter_report_submit,
)
from liaison.exceptions import StaleVersion
from tests.deputies import contacts
from tests.deputies.campaigns import make_campaign
from tests.suggestions.pages import text_of

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db

FACTS = QuotaFacts(kind="deed", minimum="1", words="办一件实事", period=QuotaPeriod.CAMPAIGN)


def test_a_voter_report_kept_on_another_device_is_not_overwritten(cast: Cast) -> None:
    report, deputy = contacts.meeting(cast).reports.get(), cast.actor("deputy")
    shown = version_of(report.updated_at)
    voter_report_save(actor=deputy, report_id=report.public_id, text="手机上写的", version=shown)
    for act in (voter_report_save, voter_report_submit):
        with pytest.raises(StaleVersion):
            act(actor=deputy, report_id=report.public_id, text="电脑上写的", version=shown)
    address = reverse("voter_reports:write", args=[report.public_id])
    refused = cast.client("deputy").post(address, {"text": "电脑上写的", "keep": "1", "version": shown})
    assert refused.status_code == 409
    page = text_of(refused)
    assert "手机上写的" in page
    assert "电脑上写的" in page
    again = cast.client("deputy").post(
        address, {"text": "合在一起写的", "keep": "1", "version": refused.context["form"]["version"].value()}
    )
    assert again.status_code == 302
    report.refresh_from_db()
    assert report.text == "合在一起写的"


def test_a_report_that_was_sent_again_is_not_given_back_for_its_old_text(cast: Cast) -> None:
    report = contacts.submitted(cast, contacts.meeting(cast))
    shown = version_of(report.updated_at)
    clerk = cast.actor("insider")
    voter_report_give_back(actor=clerk, report_id=report.public_id, reason="请补充", version=shown)
    voter_report_submit(actor=cast.actor("deputy"), report_id=report.public_id, text="补充了")
    with pytest.raises(StaleVersion):
        voter_report_give_back(actor=clerk, report_id=report.public_id, reason="请补充", version=shown)
    address = reverse("voter_reports:give_back", args=[report.public_id])
    refused = cast.client("insider").post(address, {"reason": "请补充数字", "version": shown})
    assert refused.status_code == 409
    assert "请补充数字" in text_of(refused)


def test_the_answer_that_somebody_noted_meanwhile_is_shown_not_overwritten(cast: Cast) -> None:
    meeting = contacts.meeting_held(cast)
    question = contacts.asked(cast, VoterReport.objects.unscoped(reason="test").get(meeting=meeting))
    shown = version_of(question.updated_at)
    voter_question_answer(actor=cast.actor("deputy"), question_id=question.public_id, answer="明年动工", version=shown)
    with pytest.raises(StaleVersion):
        voter_question_answer(actor=cast.actor("insider"), question_id=question.public_id, answer="后年", version=shown)
    address = reverse("voter_reports:answer", args=[question.report.public_id, question.public_id])
    refused = cast.client("insider").post(address, {"answer": "后年动工", "version": shown})
    assert refused.status_code == 409
    assert "明年动工" in text_of(refused)
    assert "后年动工" in text_of(refused)


def test_a_requirement_changed_meanwhile_is_not_overwritten_nor_taken_out(cast: Cast) -> None:
    campaign, clerk = make_campaign(cast, status="draft"), cast.actor("insider")
    quota = campaign_quota_add(actor=clerk, campaign_id=campaign.public_id, facts=FACTS)
    shown = version_of(quota.updated_at)
    changed = replace(FACTS, minimum="2", words="办两件实事")
    campaign_quota_edit(actor=clerk, quota_id=quota.public_id, facts=changed, version=shown)
    with pytest.raises(StaleVersion):
        campaign_quota_edit(actor=clerk, quota_id=quota.public_id, facts=FACTS, version=shown)
    with pytest.raises(StaleVersion):
        quota_end(actor=clerk, quota_id=quota.public_id, reason="", version=shown)
    address, client = reverse("quotas:edit", args=[quota.public_id]), cast.client("insider")
    data = {"kind": "deed", "minimum": "3", "period": "campaign", "audience": "all", "words": "办三件实事"}
    refused = client.post(address, data | {"version": shown})
    assert refused.status_code == 409
    assert "办两件实事" in text_of(refused)
    assert "办三件实事" in refused.content.decode()
    end = client.post(reverse("quotas:end", args=[quota.public_id]), {"version": shown})
    assert end.status_code == 409
    assert DutyQuota.objects.get(pk=quota.pk).words == "办两件实事"
    assert client.post(address, data | {"version": refused.context["form"]["version"].value()}).status_code == 302
