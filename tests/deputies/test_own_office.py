"""One rule for the records of duty work: the office whose record it is changes it; offices above see it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from deputies.models import CommitteeMember, Congress, DutyQuota, Mandate, VoterMeeting
from deputies.selectors.duty_scope import kept_congresses, read_congresses
from deputies.services.committee import committee_member_add
from deputies.services.contact import ContactFacts, contact_cancel, contact_hold, contact_plan
from deputies.services.contact_opinion import contact_opinion_add, contact_opinion_adopt
from deputies.services.deed import DeedFacts, deed_edit, deed_record
from deputies.services.duty_check import duty_check
from deputies.services.duty_year import duty_year_close
from deputies.services.quota import congress_quotas_hunan, quota_end
from deputies.services.voter_meeting import MeetingFacts, voter_meeting_cancel, voter_meeting_hold, voter_meeting_plan
from deputies.services.voter_report import voter_question_add, voter_report_give_back, voter_report_submit
from liaison.actor import system_actor
from liaison.exceptions import NotAllowed, NotFound
from tests.deputies import activities, reports
from tests.deputies.factories import make_mandates

if TYPE_CHECKING:
    from deputies.models import Contact
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def mandate(cast: Cast) -> Mandate:
    """A deputy of the county's congress."""
    return make_mandates(cast.congresses["county"], 2)[0]


@pytest.fixture
def contact(cast: Cast, mandate: Mandate) -> Contact:
    """The county's, held, with something said."""
    clerk = cast.actor("county_clerk")
    facts = ContactFacts(way="talk", on=timezone.localdate(), working_body="联工委", title="座谈")
    ids = [mandate.public_id]
    planned = contact_plan(actor=clerk, congress_id=mandate.congress.public_id, facts=facts, deputies=ids)
    held = contact_hold(actor=clerk, contact_id=planned.public_id, met=ids)
    contact_opinion_add(actor=clerk, contact_id=held.public_id, mandate_id=mandate.public_id, text="修渠")
    return held


@pytest.fixture
def meeting(cast: Cast, mandate: Mandate) -> VoterMeeting:
    """The county's, at which the deputy is to report."""
    facts = MeetingFacts(on=timezone.localdate(), place="村部")
    congress_id = mandate.congress.public_id
    return voter_meeting_plan(
        actor=cast.actor("county_clerk"), congress_id=congress_id, facts=facts, deputies=[mandate.public_id]
    )


def test_the_office_above_reads_a_contact_and_changes_nothing(cast: Cast, contact: Contact) -> None:
    above, client = cast.actor("insider"), cast.client("insider")
    page = client.get(contact.get_absolute_url())
    assert page.status_code == 200
    assert "完成记录" not in page.content.decode()
    for route in ("edit", "record", "opinion_add"):
        assert client.get(reverse(f"contacts:{route}", args=[contact.public_id])).status_code == 403, route
    opinion = contact.opinions.get()
    assert client.get(opinion.get_absolute_url()).status_code == 200
    assert client.get(reverse("contacts:adopt", args=[opinion.public_id])).status_code == 403
    with pytest.raises(NotAllowed, match="赫山区"):
        contact_cancel(actor=above, contact_id=contact.public_id, reason="代为取消")
    with pytest.raises(NotAllowed):
        contact_opinion_adopt(actor=above, opinion_id=opinion.public_id, words="代为采纳")
    with pytest.raises(NotFound):
        contact_cancel(actor=cast.actor("stranger"), contact_id=contact.public_id, reason="外县")
    assert contact_opinion_adopt(
        actor=cast.actor("county_clerk"), opinion_id=opinion.public_id, words="写入工作要点"
    ).status == "adopted"  # fmt: skip


def test_the_office_above_plans_nothing_for_the_congress_below(cast: Cast, mandate: Mandate) -> None:
    above, congress = cast.actor("insider"), mandate.congress
    query = {"congress": str(congress.public_id)}
    for route in ("contacts:new", "voter_meetings:new", "committee:spread"):
        assert cast.client("insider").get(reverse(route, query=query)).status_code == 403, route
        assert cast.client("county_clerk").get(reverse(route, query=query)).status_code == 200, route
    for route in ("committee:list", "contacts:coverage", "voter_reports:coverage"):
        assert cast.client("insider").get(reverse(route, query=query)).status_code == 200, route
    with pytest.raises(NotAllowed):
        committee_member_add(actor=above, mandate_id=mandate.public_id, post="member", started_on=congress.starts_on)
    assert not CommitteeMember.objects.unscoped(reason="test").exists()
    with pytest.raises(NotAllowed):
        congress_quotas_hunan(actor=above, congress_id=congress.public_id)
    congress_quotas_hunan(actor=cast.actor("county_clerk"), congress_id=congress.public_id)
    with pytest.raises(NotAllowed):
        quota_end(actor=above, quota_id=DutyQuota.objects.filter(congress=congress)[0].public_id, reason="代为停止")


def test_the_office_above_reads_a_voter_meeting_and_changes_nothing(cast: Cast, meeting: VoterMeeting) -> None:
    above, client = cast.actor("insider"), cast.client("insider")
    page = client.get(meeting.get_absolute_url())
    assert page.status_code == 200
    assert "登记召开情况" not in page.content.decode()
    for route in ("edit", "hold", "cancel", "appraise"):
        assert client.get(reverse(f"voter_meetings:{route}", args=[meeting.public_id])).status_code == 403, route
    report = meeting.reports.get()
    with pytest.raises(NotAllowed):
        voter_meeting_cancel(actor=above, meeting_id=meeting.public_id, reason="代为取消")
    voter_report_submit(actor=system_actor(), report_id=report.public_id, text="报告如下")
    with pytest.raises(NotAllowed):
        voter_report_give_back(actor=above, report_id=report.public_id, reason="代为退回")
    given = {"meeting_id": meeting.public_id, "voters": 3, "representatives": 0, "delivered": [report.public_id]}
    with pytest.raises(NotAllowed):
        voter_meeting_hold(actor=above, **given)
    voter_meeting_hold(actor=cast.actor("county_clerk"), **given)
    with pytest.raises(NotAllowed):
        voter_question_add(actor=above, report_id=report.public_id, text="代为登记")
    assert client.get(reverse("voter_reports:question", args=[report.public_id])).status_code == 403


def test_the_office_above_reads_the_duty_files_and_does_not_check_or_close_them(cast: Cast, mandate: Mandate) -> None:
    above, congress = cast.actor("approver"), mandate.congress
    assert cast.client("approver").get(reverse("duty:file", args=[mandate.public_id, "2025"])).status_code == 200
    with pytest.raises(NotAllowed):
        duty_check(actor=above, mandate_id=mandate.public_id, year=2025, seen="", note="")
    with pytest.raises(NotAllowed):
        duty_year_close(actor=above, congress_id=congress.public_id, year=2024)
    assert congress in read_congresses(above)
    assert kept_congresses(above) == [cast.congress]
    assert kept_congresses(cast.actor("county_clerk")) == [congress]


def test_where_no_office_uses_the_portal_the_nearest_above_keeps_the_congress(cast: Cast, mandate: Mandate) -> None:
    town = Congress.objects.create(
        region=cast.regions["town"], level="township", term=3, name="八字哨镇第三届人民代表大会",
        short_name="八字哨镇三届人大", starts_on=dt.date(2021, 12, 1),
    )  # fmt: skip
    assert town.is_kept_by(cast.actor("county_clerk"))
    assert not town.is_kept_by(cast.actor("insider"))
    assert town in kept_congresses(cast.actor("county_clerk"))
    assert town not in kept_congresses(cast.actor("insider"))
    assert town in read_congresses(cast.actor("insider"))


def test_the_office_that_plans_an_activity_keeps_it_wherever_it_takes_place(cast: Cast) -> None:
    activity = activities.planned(cast, by="insider", region="430903")
    assert (activity.office, activity.region_prefix) == (cast.offices["city_office"], "430903")
    address = activity.get_absolute_url()
    assert cast.client("county_clerk").get(address).status_code == 200
    assert cast.client("county_clerk").get(reverse("activities:edit", args=[activity.public_id])).status_code == 403
    assert cast.client("insider").get(reverse("activities:edit", args=[activity.public_id])).status_code == 200


def test_staff_write_down_the_deeds_that_their_office_checks(cast: Cast, mandate: Mandate) -> None:
    facts = DeedFacts(title="修水渠", for_whom="三组村民", on=timezone.localdate())
    new = reverse("deeds:new", query={"mandate": str(mandate.public_id)})
    assert cast.client("insider").get(new).status_code == 403
    looked = reverse("deeds:new", query={"q": mandate.person.name})
    assert f"mandate={mandate.public_id}" in cast.client("county_clerk").get(looked).content.decode()
    above = cast.client("insider").get(looked).content.decode()
    assert mandate.person.name in above
    assert f"mandate={mandate.public_id}" not in above
    with pytest.raises(NotAllowed, match="赫山区"):
        deed_record(actor=cast.actor("insider"), client_token=uuid4(), facts=facts, mandate_id=mandate.public_id)
    assert cast.client("county_clerk").get(new).status_code == 200
    clerk = cast.actor("county_clerk")
    deed = deed_record(actor=clerk, client_token=uuid4(), facts=facts, mandate_id=mandate.public_id)
    address = reverse("deeds:edit", args=[deed.public_id])
    changed = {"kind": "deed", "title": "修两条水渠", "for_whom": "三组村民", "on": facts.on.isoformat()}
    sent = changed | {"client_token": str(deed.client_token)}
    assert cast.client("county_clerk").post(address, sent).status_code == 302
    deed.refresh_from_db()
    assert deed.title == "修两条水渠"
    assert cast.client("insider").get(address).status_code == 403
    with pytest.raises(NotAllowed):
        deed_edit(actor=cast.actor("insider"), public_id=deed.public_id, facts=facts)


def test_staff_do_not_change_what_the_deputy_wrote(cast: Cast) -> None:
    deed = reports.deed(cast)
    facts = DeedFacts(title="改成别的", for_whom="别人", on=timezone.localdate())
    with pytest.raises(NotAllowed, match="代表本人"):
        deed_edit(actor=cast.actor("insider"), public_id=deed.public_id, facts=facts)
    assert "更正登记" not in cast.client("insider").get(deed.get_absolute_url()).content.decode()
