"""Activities: planned, invited, announced, changed, cancelled; who sees them; what overlaps."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from deputies.models import Activity, ActivityPart, DeputyGroup, GroupMembership, InvitedBy, Mandate, Reply
from deputies.selectors.activity import media_at_least, media_counts
from deputies.selectors.activity_invite import Criteria, invitees
from deputies.services.activity import activity_announce, activity_cancel, activity_create, activity_edit
from deputies.services.activity_invite import activity_invite, activity_reply, activity_uninvite
from deputies.services.activity_people import Overlap
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.models import Deadline, Notice
from tests.cast import Cast
from tests.deputies import activities, open_stations
from tests.deputies.campaigns import make_campaign

pytestmark = pytest.mark.django_db


def told(cast: Cast, name: str) -> list[str]:
    return list(Notice.objects.filter(recipient=cast.user(name)).order_by("id").values_list("title", flat=True))


def test_only_those_invited_are_told_of_invitation_change_and_cancellation(cast: Cast) -> None:
    activity = activities.invited(cast)
    assert told(cast, "deputy") == []
    activity = activity_announce(actor=cast.actor("county_clerk"), activity_id=activity.public_id)
    changed = activities.facts(place="八字哨镇高桥村村部")
    activity_edit(actor=cast.actor("county_clerk"), activity_id=activity.public_id, facts=changed)
    activity_cancel(actor=cast.actor("county_clerk"), activity_id=activity.public_id, reason="防汛")
    assert [title[:4] for title in told(cast, "deputy")] == ["请您参加", "活动有变", "活动取消"]
    assert told(cast, "other_deputy") == []
    activity.refresh_from_db()
    assert activity.sequence == 2


def test_a_person_with_two_mandates_is_invited_once_also_by_group_and_level(cast: Cast) -> None:
    first = cast.mandates["deputy"]
    Mandate.objects.create(
        person=first.person, congress=cast.congresses["county"], certificate_number="HS-0601",
        profession_class="rural", home_prefix="430903", started_on=first.started_on,
    )  # fmt: skip
    group = DeputyGroup.objects.create(
        kind="group", name="第一代表小组", region=cast.regions["county"], region_prefix="430903",
        office=cast.offices["county_office"], founded_on=first.started_on,
    )  # fmt: skip
    GroupMembership.objects.create(group=group, mandate=first, role="leader", started_on=group.founded_on)
    activity = activities.planned(cast)
    criteria = Criteria(groups=[group], levels=["city", "county"])
    found = invitees(cast.actor("county_clerk"), activity, criteria)
    assert (len(found.candidates), found.twice) == (3, 2)
    parts = activity_invite(actor=cast.actor("county_clerk"), activity_id=activity.public_id, criteria=criteria)
    assert [part.invited_by for part in parts if part.person == first.person] == [InvitedBy.GROUP]
    assert invitees(cast.actor("county_clerk"), activity, criteria).invited == 3


def test_names_that_fit_nobody_or_several_are_said_by_their_field(cast: Cast) -> None:
    twin = cast.people["other_deputy"]
    twin.name = "李代表"
    twin.save()
    activity = activities.planned(cast)
    with pytest.raises(InvalidInput) as refused:
        activity_invite(
            actor=cast.actor("county_clerk"),
            activity_id=activity.public_id,
            criteria=Criteria(names=["李代表", "查无此人", "😀"]),
        )
    assert "查无此人、😀" in refused.value.fields["names"]
    assert "李代表有重名" in refused.value.fields["names"]
    assert not activity.parts.exists()


def test_joint_activities_need_two_groups_and_times_stand_in_order(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refused:
        activities.planned(cast, gathering="joint", ends_at=timezone.now(), reply_by=timezone.now() + dt.timedelta(9))
    assert set(refused.value.fields) == {"groups", "ends_at", "reply_by"}


def test_the_same_deputies_or_place_at_that_time_warn_and_may_be_accepted(cast: Cast) -> None:
    clerk = cast.actor("county_clerk")
    activities.announced(cast, title="清溪河巡查")
    with pytest.raises(Overlap, match="“清溪河巡查”：地点相同"):
        activity_create(actor=clerk, region_code="430903", facts=activities.facts(title="另一场"))
    other = activities.planned(cast, title="另一场", place="别处")
    criteria = Criteria(names=[cast.mandates["deputy"].certificate_number])
    with pytest.raises(Overlap, match="李代表同时受邀"):
        activity_invite(actor=clerk, activity_id=other.public_id, criteria=criteria)
    activity_invite(actor=clerk, activity_id=other.public_id, criteria=criteria, accept_overlap=True)
    assert other.parts.count() == 1


def test_a_reception_day_of_an_invited_deputy_warns_too(cast: Cast) -> None:
    station = open_stations.make_station(cast, is_published=False)
    day = open_stations.rota(station, cast.mandates["deputy"], days=2, starts_at=dt.time(9), ends_at=dt.time(11, 30))
    activity = activities.planned(cast)  # the day after tomorrow from nine to eleven
    criteria = Criteria(names=[cast.mandates["deputy"].certificate_number])
    invite = {"actor": cast.actor("county_clerk"), "activity_id": activity.public_id, "criteria": criteria}
    with pytest.raises(Overlap, match=r"09:00至11:30“八字哨镇代表联络站”接待日：李代表进站接待"):
        activity_invite(**invite)
    assert activity_invite(**invite, accept_overlap=True)
    with pytest.raises(Overlap, match="接待日"):
        activity_announce(actor=cast.actor("county_clerk"), activity_id=activity.public_id)
    day.cancelled_at, day.cancel_reason = timezone.now(), "停电"
    day.save()
    activity_announce(actor=cast.actor("county_clerk"), activity_id=activity.public_id)


def test_a_reception_day_at_other_hours_does_not_warn(cast: Cast) -> None:
    station = open_stations.make_station(cast)
    open_stations.rota(station, cast.mandates["deputy"], days=2, starts_at=dt.time(11), ends_at=dt.time(12))
    activity = activities.planned(cast)  # until eleven
    criteria = Criteria(names=[cast.mandates["deputy"].certificate_number])
    assert activity_invite(actor=cast.actor("county_clerk"), activity_id=activity.public_id, criteria=criteria)


def test_what_another_county_plans_is_named_to_nobody(cast: Cast) -> None:
    far = activities.planned(cast, by="stranger", region="430981", title="沅江的活动")
    ActivityPart.objects.create(
        activity=far, mandate=cast.mandates["deputy"], person=cast.people["deputy"], invited_by="hand"
    )
    near = activities.planned(cast)
    criteria = Criteria(names=[cast.mandates["deputy"].certificate_number])
    with pytest.raises(Overlap, match="其他地方组织的活动") as refused:
        activity_invite(actor=cast.actor("county_clerk"), activity_id=near.public_id, criteria=criteria)
    assert "沅江" not in refused.value.message


def test_who_sees_an_activity(cast: Cast) -> None:
    of_city = activities.invited(cast, "deputy", by="insider")
    Activity.objects.filter(pk=of_city.pk).update(region=cast.regions["city"], region_prefix="4309")

    def sees(name: str) -> bool:
        return Activity.objects.visible_to(cast.actor(name)).filter(pk=of_city.pk).exists()

    assert not sees("county_clerk")  # not announced yet
    assert not sees("deputy")
    activity_announce(actor=cast.actor("insider"), activity_id=of_city.public_id)
    assert sees("county_clerk")  # a deputy of the county is invited
    assert sees("deputy")
    assert not any(sees(name) for name in ("stranger", "cosigner", "unit", "prosecutor"))
    with pytest.raises(NotAllowed):
        activity_cancel(actor=cast.actor("county_clerk"), activity_id=of_city.public_id, reason="x")
    with pytest.raises(NotFound):
        activity_cancel(actor=cast.actor("stranger"), activity_id=of_city.public_id, reason="x")


def test_signing_up_ends_with_the_places_and_the_deadline_and_an_excuse_needs_a_reason(cast: Cast) -> None:
    deputy, cosigner = cast.actor("deputy"), cast.actor("cosigner")
    activity = activities.announced(cast, places=1)
    activity_reply(actor=deputy, activity_id=activity.public_id, reply=Reply.GOING)
    with pytest.raises(DomainError, match="已满"):
        activity_reply(actor=cosigner, activity_id=activity.public_id, reply=Reply.GOING)
    with pytest.raises(InvalidInput):
        activity_reply(actor=deputy, activity_id=activity.public_id, reply=Reply.NOT_GOING, reason=" ")
    activity_reply(actor=deputy, activity_id=activity.public_id, reply=Reply.NOT_GOING, reason="住院")
    activity_reply(actor=cosigner, activity_id=activity.public_id, reply=Reply.GOING)
    closed = activities.announced(cast, "other_deputy", reply_by=timezone.now() - dt.timedelta(hours=1), place="别处")
    with pytest.raises(DomainError, match="截止"):
        activity_reply(actor=cast.actor("other_deputy"), activity_id=closed.public_id, reply=Reply.GOING)
    with pytest.raises(NotFound):
        activity_reply(actor=deputy, activity_id=closed.public_id, reply=Reply.GOING)


def test_an_invitation_is_taken_back_only_from_those_who_were_not_there(cast: Cast) -> None:
    activity = activities.held(cast, came=("deputy",))
    came, away = activities.part_of(activity, cast, "deputy"), activities.part_of(activity, cast, "cosigner")
    clerk = cast.actor("county_clerk")
    with pytest.raises(DomainError, match="已经签到"):
        activity_uninvite(actor=clerk, activity_id=activity.public_id, part_id=came.public_id)
    activity_uninvite(actor=clerk, activity_id=activity.public_id, part_id=away.public_id)
    assert activity.parts.get() == came


def test_the_office_has_ten_working_days_for_the_record(cast: Cast) -> None:
    activity = activities.held(cast)
    clock = Deadline.objects.get(kind="activity_record")
    assert (clock.object_id, clock.length, clock.holder) == (activity.pk, 10, cast.offices["county_office"])
    activities.record(cast, activity, {})
    clock.refresh_from_db()
    assert clock.met_at is not None


def test_the_media_of_a_campaign_are_links_and_further_pieces(cast: Cast) -> None:
    campaign = make_campaign(cast)
    activity = activities.held(cast)
    Activity.objects.filter(pk=activity.pk).update(campaign=campaign)
    activities.record(
        cast, activity, {}, media=[("红网", "https://example.org/1"), ("红网", "https://example.org/1")],
        media_more=300, media_at_least=True,
    )  # fmt: skip
    assert media_counts([campaign.pk]) == {campaign.pk: 301}
    assert media_at_least([campaign.pk]) == {campaign.pk}
