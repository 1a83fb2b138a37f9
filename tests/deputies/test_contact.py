"""Contacts with deputies (双联): planned, held, recorded; the ledger says who was met; what deputies said and what
became of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from deputies.models import CongressSettings, Contact, ContactOpinion, DutyEntry, DutyKind
from deputies.services.contact import (
    contact_cancel,
    contact_edit,
    contact_hold,
    contact_invite,
    contact_plan,
    contact_record,
    contact_reopen,
)
from deputies.services.contact_opinion import (
    contact_opinion_add,
    contact_opinion_answer,
    contact_opinion_give_back,
    contact_opinion_tell,
)
from deputies.states import ContactOpinionStatus, ContactStatus
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import Deadline, Notice
from tests.deputies import contacts
from tests.deputies.factories import make_mandate

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def _entries(contact: Contact) -> list[tuple[int, int]]:
    rows = DutyEntry.objects.filter(source_id=contact.pk, kind=DutyKind.CONTACT).standing()
    return list(rows.values_list("mandate_id", "quantity"))


def test_deputies_and_members_are_told_of_a_planned_contact_and_of_its_end(cast: Cast) -> None:
    contact = contacts.planned(cast)
    assert Notice.objects.filter(recipient=cast.user("deputy"), title__startswith="邀请您参加").count() == 1
    assert Notice.objects.filter(recipient=cast.user("cosigner"), title__startswith="请您联系代表").count() == 1
    contact_cancel(actor=cast.actor("insider"), contact_id=contact.public_id, reason="时间冲突")
    assert Notice.objects.filter(recipient=cast.user("deputy"), title__contains="已取消").count() == 1
    with pytest.raises(IllegalTransition):
        contact_hold(actor=cast.actor("insider"), contact_id=contact.public_id, met=[])


def test_the_same_plan_sent_twice_is_one(cast: Cast) -> None:
    first = contacts.planned(cast, place="联络站")
    with pytest.raises(InvalidInput) as refused:
        contacts.planned(cast, place="联络站")
    assert set(refused.value.fields) == {"on"}
    assert Contact.objects.count() == 1
    contacts.planned(cast, place="另一个地方")
    contact_cancel(actor=cast.actor("insider"), contact_id=first.public_id, reason="时间冲突")
    contacts.planned(cast, place="联络站")


def test_a_contact_needs_a_member_or_a_working_body_and_a_day_of_the_term(cast: Cast) -> None:
    facts = contacts.facts(cast, members=[], on=dt.date(2001, 1, 1))
    with pytest.raises(InvalidInput) as refused:
        contact_plan(actor=cast.actor("insider"), congress_id=cast.congress.public_id, facts=facts)
    assert set(refused.value.fields) == {"members", "on"}
    body = contacts.facts(cast, members=[], working_body="农业与农村委员会", title="")
    contact = contact_plan(actor=cast.actor("insider"), congress_id=cast.congress.public_id, facts=body)
    assert contact.title == "农业与农村委员会联系代表（座谈）"
    stranger = make_mandate(cast.congresses["county"], 9)
    with pytest.raises(NotFound):  # a deputy of another congress
        contact_invite(actor=cast.actor("insider"), contact_id=contact.public_id, deputies=[stranger.public_id])


def test_a_contact_to_come_cannot_be_held_and_somebody_must_have_come(cast: Cast) -> None:
    later = contacts.planned(cast, on=timezone.localdate() + dt.timedelta(days=3))
    met = [cast.mandates["deputy"].public_id]
    with pytest.raises(DomainError, match="当天起可以登记"):
        contact_hold(actor=cast.actor("insider"), contact_id=later.public_id, met=met)
    today = contacts.planned(cast)
    with pytest.raises(InvalidInput, match="至少勾选一名"):
        contact_hold(actor=cast.actor("insider"), contact_id=today.public_id, met=[])


def test_recording_enters_each_deputy_met_and_a_correction_reverses_what_no_longer_holds(cast: Cast) -> None:
    two = [cast.mandates["deputy"], cast.mandates["other_deputy"]]
    contact = contacts.recorded(cast, two)
    assert _entries(contact) == [(two[0].pk, 1), (two[1].pk, 1)]
    actor = cast.actor("insider")
    contact_reopen(actor=actor, contact_id=contact.public_id, reason="到场名单有误")
    assert len(_entries(contact)) == 2  # nothing is lost while it is corrected
    contact_record(actor=actor, contact_id=contact.public_id, content="更正后", met=[two[0].public_id])
    assert _entries(contact) == [(two[0].pk, 1)]
    assert DutyEntry.objects.filter(source_id=contact.pk, reverses__isnull=False).count() == 1


def test_a_change_after_somebody_else_s_is_refused(cast: Cast) -> None:
    contact = contacts.planned(cast)
    with pytest.raises(StaleVersion):
        contact_edit(actor=cast.actor("insider"), contact_id=contact.public_id, facts=contacts.facts(cast), version="1")
    with pytest.raises(NotAllowed):
        contact_edit(actor=cast.actor("colleague"), contact_id=contact.public_id, facts=contacts.facts(cast))
    with pytest.raises(NotFound):
        contact_edit(actor=cast.actor("stranger"), contact_id=contact.public_id, facts=contacts.facts(cast))


def test_what_a_deputy_said_is_assigned_with_three_months_answered_and_told(cast: Cast) -> None:
    opinion = contacts.assigned(cast)
    deadline = Deadline.objects.get(kind="contact_opinion", object_id=opinion.pk)
    assert (deadline.length, deadline.holder) == (3, cast.offices["unit"])
    assert Notice.objects.filter(recipient=cast.user("unit"), title__startswith="交办代表意见").exists()
    with pytest.raises(NotFound):
        contact_opinion_answer(actor=cast.actor("other_unit"), opinion_id=opinion.public_id, words="不是我的")
    contact_opinion_answer(actor=cast.actor("unit"), opinion_id=opinion.public_id, words="已清淤3公里。")
    deadline.refresh_from_db()
    assert deadline.met_at is not None
    today = timezone.localdate()
    contact_opinion_tell(actor=cast.actor("insider"), opinion_id=opinion.public_id, told_on=today, words="电话")
    opinion.refresh_from_db()
    assert (opinion.status, opinion.told_on) == (ContactOpinionStatus.TOLD, today)
    assert Notice.objects.filter(recipient=cast.user("deputy"), body="已清淤3公里。").exists()


def test_the_period_is_a_rule_of_the_congress_and_a_unit_may_give_back(cast: Cast) -> None:
    CongressSettings.objects.filter(congress=cast.congress).update(contact_opinion_months=1)
    opinion = contacts.assigned(cast)
    assert Deadline.objects.get(object_id=opinion.pk, kind="contact_opinion").length == 1
    contact_opinion_give_back(actor=cast.actor("unit"), opinion_id=opinion.public_id, reason="属于水利局职责")
    opinion.refresh_from_db()
    assert (opinion.status, opinion.unit_id) == (ContactOpinionStatus.RAISED, None)
    again = contacts.assigned(cast, opinion)
    assert Deadline.objects.open().filter(object_id=again.pk, kind="contact_opinion").count() == 1


def test_only_who_was_met_can_have_said_something_and_twice_is_once(cast: Cast) -> None:
    contact = contacts.held(cast)
    one, two = contacts.raised(cast, contact, "修路"), contacts.raised(cast, contact, "修路")
    assert one.pk == two.pk
    absent = cast.mandates["other_deputy"].public_id
    with pytest.raises(InvalidInput):
        contact_opinion_add(actor=cast.actor("insider"), contact_id=contact.public_id, mandate_id=absent, text="修桥")
    planned, deputy = contacts.planned(cast).public_id, cast.mandates["deputy"].public_id
    with pytest.raises(DomainError):
        contact_opinion_add(actor=cast.actor("insider"), contact_id=planned, mandate_id=deputy, text="修桥")
    contact_invite(actor=cast.actor("insider"), contact_id=contact.public_id, deputies=[absent])
    with pytest.raises(InvalidInput, match="提了意见"):
        contact_record(actor=cast.actor("insider"), contact_id=contact.public_id, content="座谈", met=[absent])


def test_a_deputy_sees_what_they_said_and_not_what_others_said(cast: Cast) -> None:
    two = [cast.mandates["deputy"], cast.mandates["other_deputy"]]
    contact = contacts.held(cast, two)
    contacts.raised(cast, contact, "我说的话")
    said = cast.client("other_deputy").get(contact.get_absolute_url()).content.decode()
    assert "我说的话" not in said
    assert "我说的话" in cast.client("deputy").get(reverse("contacts:mine")).content.decode()
    assert "我说的话" in cast.client("cosigner").get(contact.get_absolute_url()).content.decode()  # who leads it


def test_pages_take_bad_input_with_a_message_by_its_field(cast: Cast) -> None:
    client = cast.client("insider")
    member = contacts.committee_member(cast)
    url = reverse("contacts:new")
    sent = {"members": [str(member.public_id)], "way": "talk", "on": "昨天", "title": "<script>😀"}
    wrong = client.post(url, sent)
    assert wrong.status_code == 422
    assert "&lt;script&gt;😀" in wrong.content.decode()
    made = client.post(url, sent | {"on": timezone.localdate().isoformat()})
    assert made.status_code == 302
    contact = Contact.objects.get()
    asked = client.post(reverse("contacts:invite", args=[contact.public_id]), {"mandate": "x"})
    assert asked.status_code == 404
    mandate = str(cast.mandates["deputy"].public_id)
    assert client.post(reverse("contacts:invite", args=[contact.public_id]), {"mandate": mandate}).status_code == 302
    assert client.post(reverse("contacts:hold", args=[contact.public_id]), {"met": [mandate]}).status_code == 302
    empty = client.post(reverse("contacts:record", args=[contact.public_id]), {"content": " ", "met": [mandate]})
    assert empty.status_code == 422
    done = client.post(reverse("contacts:record", args=[contact.public_id]), {"content": "座谈", "met": [mandate]})
    assert done.status_code == 302
    contact.refresh_from_db()
    assert contact.status == ContactStatus.RECORDED
    assert ContactOpinion.objects.count() == 0
