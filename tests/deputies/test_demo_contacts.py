"""The demo's contacts and reports to voters: made once by the real services, with gaps, opinions in each state and a
counted appraisal."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from deputies import demo, demo_contacts, demo_stations
from deputies.models import (
    CommitteeMember,
    Congress,
    Contact,
    ContactLink,
    ContactOpinion,
    DutyEntry,
    VoterMeeting,
    VoterReport,
)
from deputies.selectors.contact_coverage import contact_coverage
from deputies.states import ContactOpinionStatus, VoterMeetingStatus
from liaison import demo as liaison_demo
from liaison.models import Notice
from votes import demo_gathering
from votes.models import Round

pytestmark = pytest.mark.django_db


def _counts() -> list[int]:
    models = (
        CommitteeMember,
        Contact,
        ContactLink,
        ContactOpinion,
        VoterMeeting,
        VoterReport,
        DutyEntry,
        Round,
        Notice,
    )
    return [model.objects.count() for model in models]


def test_the_demo_s_contacts_are_made_once_with_gaps_and_a_counted_appraisal() -> None:
    call_command("load_regions", verbosity=0)
    said: list[str] = []
    for loader in (liaison_demo.load, demo.load, demo_stations.load, demo_contacts.load, demo_gathering.load):
        loader(said.append)
    before = _counts()
    for loader in (demo_contacts.load, demo_gathering.load):
        loader(said.append)
    assert _counts() == before
    assert set(ContactOpinion.objects.values_list("status", flat=True)) == set(ContactOpinionStatus.values)
    city = Congress.objects.get(short_name=demo_contacts.CITY)
    year = Contact.objects.filter(status="recorded").latest("on").on.year
    found = contact_coverage(city, year)
    assert 0 < found.covered < found.total
    held = VoterMeeting.objects.get(title=demo_contacts.HELD)
    assert held.status == VoterMeetingStatus.CLOSED
    first = held.reports.order_by("id")[0].result
    assert first is not None
    assert (first["numerator"], first["denominator"]) == (40, 44)
    coming = VoterMeeting.objects.get(title=demo_contacts.COMING)
    assert coming.reports.filter(mandate__certificate_number="BZ20900").exists()
