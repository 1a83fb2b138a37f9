"""The record of an activity and the duty ledger; attendance; a deputy's own activities."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from deputies.models import Activity, ActivityPart, Attendance, DutyEntry, DutyTotal, Mandate
from deputies.selectors.activity_invite import Criteria, invitees
from deputies.services import attendance
from deputies.services.activity import activity_cancel
from deputies.services.activity_invite import activity_invite
from deputies.services.activity_own import own_confirm, own_return, own_submit, own_withdraw
from deputies.services.activity_record import activity_file_remove, activity_reopen
from deputies.services.attendance import attend_by_code, attendance_close, attendance_list, attendance_open
from deputies.services.contact import contact_hold
from deputies.states import ActivityStatus
from liaison.clock import moved_to
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.limits import Limit
from liaison.models import Attachment
from liaison.selectors.attachment import get_attachment_for
from tests.cast import Cast
from tests.deputies import activities, contacts
from tests.deputies.campaigns import make_campaign
from tests.filemakers import png

pytestmark = pytest.mark.django_db

FIGURES: dict[str, Any] = {
    "research_days": Decimal("1.5"),
    "people_visited": 15,
    "opinions_heard": 5,
    "answered_on_spot": 2,
    "handed_over": 3,
    "problems_solved": 1,
    "suggestions_planned": 2,
}


def standing(cast: Cast, name: str) -> dict[str, Decimal]:
    entries = DutyEntry.objects.unscoped(reason="test").standing().filter(mandate=cast.mandates[name])
    return {entry.activity_kind or entry.kind: entry.quantity for entry in entries}


def test_a_finished_record_enters_every_figure_of_those_who_were_there(cast: Cast) -> None:
    campaign = make_campaign(cast)
    activity = activities.held(cast, came=("deputy",))
    Activity.objects.filter(pk=activity.pk).update(campaign=campaign)
    activities.record(cast, activity, {"deputy": FIGURES}, finish=False)
    assert standing(cast, "deputy") == {}
    activities.record(cast, activity, {"deputy": FIGURES})
    assert standing(cast, "deputy") == {
        "research": 1, "research_days": Decimal("1.5"), "people_visited": 15, "opinion_heard": 5,
        "opinion_on_spot": 2, "opinion_handed": 3, "problem_solved": 1, "suggestion_planned": 2,
    }  # fmt: skip
    assert standing(cast, "cosigner") == {}
    assert set(DutyEntry.objects.values_list("campaign", "on")) == {
        (campaign.pk, timezone.localdate(activity.starts_at))
    }


def test_a_correction_reverses_only_what_changed_and_says_why(cast: Cast) -> None:
    activity = activities.held(cast)
    activities.record(cast, activity, {"deputy": FIGURES})
    before = DutyEntry.objects.count()
    activity_reopen(actor=cast.actor("county_clerk"), activity_id=activity.public_id, reason="走访人数登记有误")
    assert DutyEntry.objects.count() == before
    activities.record(cast, activity, {"deputy": FIGURES | {"people_visited": 12}})
    reversed_ = DutyEntry.objects.get(reverses__isnull=False)
    assert (reversed_.kind, reversed_.quantity, reversed_.reason) == ("people_visited", -15, "走访人数登记有误")
    assert standing(cast, "deputy")["people_visited"] == 12
    assert DutyTotal.objects.get(mandate=cast.mandates["deputy"], kind="people_visited").quantity == 12
    assert DutyEntry.objects.count() == before + 2


def test_cancelled_after_its_record_nothing_of_it_stands(cast: Cast) -> None:
    activity = activities.recorded(cast)
    assert standing(cast, "deputy")
    activity_cancel(actor=cast.actor("county_clerk"), activity_id=activity.public_id, reason="登记错误")
    assert standing(cast, "deputy") == standing(cast, "cosigner") == {}


def test_an_activity_in_which_nobody_was_present_enters_nothing(cast: Cast) -> None:
    activity = activities.record(cast, activities.held(cast, came=()), {})
    assert activity.status == ActivityStatus.RECORDED
    assert not DutyEntry.objects.exists()


def test_wrong_figures_are_said_by_their_field_and_nothing_is_kept(cast: Cast) -> None:
    activity = activities.held(cast)
    part = activities.part_of(activity, cast, "deputy")
    for figures, field in (
        ({"opinions_heard": 3, "answered_on_spot": 2, "handed_over": 2}, "opinions_heard"),
        ({"research_days": Decimal("0.7")}, "research_days"),
        ({"people_visited": 100_000}, "people_visited"),
    ):
        with pytest.raises(InvalidInput) as refused:
            activities.record(cast, activity, {"deputy": figures})
        assert list(refused.value.fields) == [f"{part.public_id}-{field}"]
    with pytest.raises(InvalidInput, match="开展情况"):
        activities.record(cast, activity, {}, happened=" ")
    with pytest.raises(InvalidInput) as refused:
        activities.record(cast, activity, {}, media=[("网", "http://example.org/")])
    assert "https://" in refused.value.fields["media_links"]
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivityPart.objects.filter(pk=part.pk).update(research_days=Decimal("0.7"))
    part.refresh_from_db()
    assert (part.people_visited, DutyEntry.objects.count()) == (0, 0)


def test_pictures_lose_what_the_camera_wrote_and_only_pictures_are_taken(cast: Cast) -> None:
    activity = activities.held(cast)
    photo = SimpleUploadedFile("现场.png", png() + b"GPS 28.6N 112.5E")
    activities.record(cast, activity, {}, pictures=[photo], finish=False)
    kept = Attachment.objects.get(content_type=ContentType.objects.get_for_model(activity), slot="picture")
    with kept.file.open() as stored:
        assert b"GPS" not in stored.read()
    assert get_attachment_for(cast.actor("deputy"), kept.public_id) == kept
    assert cast.client("stranger").get(kept.url).status_code == 404
    with pytest.raises(InvalidInput) as refused:
        activities.record(cast, activity, {}, pictures=[SimpleUploadedFile("x.pdf", b"%PDF-1.4\n%%EOF")])
    assert list(refused.value.fields) == ["pictures"]
    activity_file_remove(actor=cast.actor("county_clerk"), activity_id=activity.public_id, file_id=kept.public_id)
    assert cast.client("deputy").get(kept.url).status_code == 404


def test_the_session_code_proves_presence_while_it_is_shown(cast: Cast) -> None:
    clerk, deputy = cast.actor("county_clerk"), cast.actor("deputy")
    activity = activities.running(cast)
    key = activity.public_id
    with pytest.raises(InvalidInput, match="没有开放"):
        attend_by_code(actor=deputy, activity_id=key, code="000000")
    old = attendance_open(actor=clerk, activity_id=key).code
    code = attendance_open(actor=clerk, activity_id=key).code
    assert len(code) == 6
    wrong = next(one for one in (old, "000000", "111111") if one != code)
    with pytest.raises(InvalidInput, match="不对"):
        attend_by_code(actor=deputy, activity_id=key, code=wrong)
    part = attend_by_code(actor=deputy, activity_id=key, code=f" {code[:3]} {code[3:]} ")
    assert part.attendance == Attendance.CODE
    assert attend_by_code(actor=deputy, activity_id=key, code=code).attended_at == part.attended_at
    with pytest.raises(NotFound):
        attend_by_code(actor=cast.actor("other_deputy"), activity_id=key, code=code)
    with moved_to(activity.ends_at + dt.timedelta(seconds=1)), pytest.raises(InvalidInput, match="没有开放"):
        attend_by_code(actor=cast.actor("cosigner"), activity_id=key, code=code)
    attendance_close(actor=clerk, activity_id=key)
    with pytest.raises(InvalidInput, match="没有开放"):
        attend_by_code(actor=cast.actor("cosigner"), activity_id=key, code=code)


def test_guessing_the_code_ends_after_some_tries(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attendance, "TRIES_A_PERSON", Limit("test-activity-code", 2, 3600))
    activity = activities.running(cast)
    code = attendance_open(actor=cast.actor("county_clerk"), activity_id=activity.public_id).code
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(2):
        with pytest.raises(InvalidInput, match="不对"):
            attend_by_code(actor=cast.actor("deputy"), activity_id=activity.public_id, code=wrong)
    with pytest.raises(InvalidInput, match="次数太多"):
        attend_by_code(actor=cast.actor("deputy"), activity_id=activity.public_id, code=code)


def test_a_code_is_shown_from_an_hour_before_until_the_end(cast: Cast) -> None:
    activity = activities.announced(cast)
    with pytest.raises(DomainError, match="前一小时"):
        attendance_open(actor=cast.actor("county_clerk"), activity_id=activity.public_id)
    with pytest.raises(DomainError, match="还没有开始"):
        attendance_list(actor=cast.actor("county_clerk"), activity_id=activity.public_id, part_ids=[])
    with moved_to(activity.starts_at - dt.timedelta(minutes=50)):
        assert attendance_open(actor=cast.actor("county_clerk"), activity_id=activity.public_id).code_until
    with moved_to(activity.ends_at), pytest.raises(DomainError, match="已经结束"):
        attendance_open(actor=cast.actor("county_clerk"), activity_id=activity.public_id)


def test_whoever_is_struck_from_the_list_loses_the_figures(cast: Cast) -> None:
    activity = activities.held(cast)
    activities.record(cast, activity, {"deputy": FIGURES}, finish=False)
    cosigner = activities.part_of(activity, cast, "cosigner")
    attendance_list(
        actor=cast.actor("county_clerk"), activity_id=activity.public_id, part_ids=[str(cosigner.public_id)]
    )
    part = activities.part_of(activity, cast, "deputy")
    assert (part.has_come, part.people_visited) == (False, 0)
    activities.record(cast, activity, {})
    assert standing(cast, "deputy") == {}
    assert standing(cast, "cosigner") == {"research": 1}


def test_an_own_activity_enters_the_ledger_when_staff_confirm_it(cast: Cast) -> None:
    clerk = cast.actor("county_clerk")
    activity = activities.own(cast)
    assert activity.pk == activities.own(cast).pk  # sent twice
    assert standing(cast, "deputy") == {}
    with pytest.raises(NotAllowed):
        own_confirm(actor=cast.actor("colleague"), activity_id=activity.public_id)
    with pytest.raises(NotFound):
        own_confirm(actor=cast.actor("stranger"), activity_id=activity.public_id)
    own_return(actor=clerk, activity_id=activity.public_id, reason="请写明走访了哪几户")
    facts = activities.own_facts(cast, happened="走访了张、王、李等五户。")
    own_submit(actor=cast.actor("deputy"), facts=facts, activity_id=activity.public_id)
    own_confirm(actor=clerk, activity_id=activity.public_id)
    assert standing(cast, "deputy") == {"visit": 1, "people_visited": 5, "opinion_heard": 2, "opinion_handed": 2}
    with pytest.raises(DomainError):
        own_withdraw(actor=cast.actor("deputy"), activity_id=activity.public_id)


def test_an_own_activity_is_over_when_it_is_recorded_and_of_the_kinds_one_does_alone(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refused:
        activities.own(cast, ends_at=timezone.now() + dt.timedelta(hours=1))
    assert list(refused.value.fields) == ["ends_at"]
    with pytest.raises(InvalidInput):
        activities.own(cast, kind="law_check")
    with pytest.raises(InvalidInput) as refused:
        activities.own(cast, mandate_id=cast.mandates["cosigner"].public_id)
    assert list(refused.value.fields) == ["mandate"]
    assert not Activity.objects.exists()


def test_an_own_activity_of_before_the_mandate_began_is_refused(cast: Cast) -> None:
    began = timezone.make_aware(dt.datetime.combine(cast.mandates["deputy"].started_on, dt.time(9)))
    starts_at = began - dt.timedelta(days=1)
    with pytest.raises(InvalidInput) as refused:
        activities.own(cast, starts_at=starts_at, ends_at=starts_at + activities.HOUR)
    assert list(refused.value.fields) == ["starts_at"]
    assert not Activity.objects.exists()
    activities.own(cast, starts_at=began, ends_at=began + activities.HOUR)


def test_nobody_does_duty_before_or_after_their_mandate(cast: Cast) -> None:
    activity = activities.held(cast)
    day = timezone.localdate(activity.starts_at)
    Mandate.objects.unscoped(reason="test").filter(pk=cast.mandates["cosigner"].pk).update(
        started_on=day + dt.timedelta(days=1)
    )
    figures = {"deputy": {"people_visited": 3}, "cosigner": {"people_visited": 2}}
    activities.record(cast, activity, figures, finish=False)  # kept, not entered
    with pytest.raises(InvalidInput, match=r"王附议.*不是在任代表"):
        activities.record(cast, activity, figures)
    assert not DutyEntry.objects.unscoped(reason="test").exists()
    address = f"{activity.get_absolute_url()}record/"
    page = cast.client("county_clerk").post(address, {"happened": "看了取水口。", "finish": "1"})
    assert page.status_code == 422
    assert "不是在任代表" in page.content.decode()
    part = activities.part_of(activity, cast, "deputy").public_id
    attendance_list(actor=cast.actor("county_clerk"), activity_id=activity.public_id, part_ids=[part])
    activities.record(cast, activity, {"deputy": {"people_visited": 3}})
    assert standing(cast, "deputy") == {"research": 1, "people_visited": 3}
    assert standing(cast, "cosigner") == {}


def test_neither_contacts_nor_voter_meetings_count_for_who_was_no_deputy_then(cast: Cast) -> None:
    contact, meeting = contacts.planned(cast), contacts.meeting(cast)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    mandate = cast.mandates["deputy"]
    Mandate.objects.unscoped(reason="test").filter(pk=mandate.pk).update(started_on=tomorrow)
    with pytest.raises(InvalidInput, match="不是在任代表") as refused:
        contact_hold(actor=cast.actor("insider"), contact_id=contact.public_id, met=[mandate.public_id])
    assert set(refused.value.fields) == {"met"}
    with pytest.raises(InvalidInput) as refused:
        contacts.meeting_held(cast, meeting)
    assert set(refused.value.fields) == {"delivered"}


def test_who_was_no_deputy_yet_is_not_invited_to_what_is_over(cast: Cast) -> None:
    past = timezone.now() - dt.timedelta(days=40)
    activity = activities.planned(cast, starts_at=past)
    started = timezone.localdate() - dt.timedelta(days=5)
    Mandate.objects.unscoped(reason="test").filter(pk=cast.mandates["cosigner"].pk).update(started_on=started)
    numbers = [cast.mandates[name].certificate_number for name in ("deputy", "cosigner")]
    found = invitees(cast.actor("county_clerk"), activity, Criteria(names=numbers))
    assert [one.mandate.person.name for one in found.candidates] == ["李代表"]
    assert found.not_yet == ["王附议"]
    with pytest.raises(InvalidInput, match="王附议在活动当天还没有任职"):
        activity_invite(
            actor=cast.actor("county_clerk"), activity_id=activity.public_id, criteria=Criteria(names=numbers[1:])
        )
