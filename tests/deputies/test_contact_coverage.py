"""Yearly coverage of contacts: who was met, who should meet whom next, fixed links spread evenly, the clock."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from deputies.models import ActivityKind, Contact, ContactLink, DutyKind, ElectoralUnit, ProfessionClass
from deputies.selectors.committee import propose_links
from deputies.selectors.contact_coverage import cadre_coverage, contact_coverage
from deputies.services.committee import committee_member_end, links_save
from deputies.services.contact_coverage import coverage_remind
from deputies.services.duty import DutyFact, duty_set
from liaison.actor import system_actor
from liaison.exceptions import DomainError, NotFound
from liaison.models import Job, Notice
from liaison.services.job import job_run
from tests.deputies import contacts
from tests.deputies.factories import make_mandate, make_mandates

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def _year() -> int:
    return timezone.localdate().year


def test_every_grassroots_deputy_not_met_this_year_is_a_gap_cadres_and_members_are_not(cast: Cast) -> None:
    contacts.recorded(cast)  # the deputy is met, by the cosigner
    make_mandate(cast.congress, 1, profession_class=ProfessionClass.CADRE)
    contacts.planned(cast, [cast.mandates["other_deputy"]])
    found = contact_coverage(cast.congress, _year())
    assert (found.total, found.covered) == (2, 1)  # neither the cadre nor the member
    assert [(gap.mandate, gap.planned) for gap in found.gaps] == [(cast.mandates["other_deputy"], 1)]
    assert contact_coverage(cast.congress, _year() - 1).covered == 0


def test_the_fixed_member_should_meet_next_otherwise_the_one_with_fewest_and_nearest(cast: Cast) -> None:
    near = contacts.committee_member(cast)  # elected where the others are
    far_unit = ElectoralUnit.objects.create(
        congress=cast.congress, name="沅江市代表团", region=cast.regions["neighbour"]
    )
    far = contacts.committee_member(cast, make_mandate(cast.congress, 1, unit=far_unit))
    ContactLink.objects.create(member=far, mandate=cast.mandates["deputy"])
    gaps = {gap.mandate.pk: gap for gap in contact_coverage(cast.congress, _year()).gaps}
    assert (gaps[cast.mandates["deputy"].pk].member, gaps[cast.mandates["deputy"].pk].reason) == (far, "固定联系")
    assert gaps[cast.mandates["other_deputy"].pk].member == near


def test_links_are_spread_evenly_by_nearness_and_saved_all_or_none(cast: Cast) -> None:
    actor = cast.actor("insider")
    unit = ElectoralUnit.objects.get(congress=cast.congress, name="赫山区代表团")
    far_unit = ElectoralUnit.objects.create(
        congress=cast.congress, name="沅江市代表团", region=cast.regions["neighbour"]
    )
    near, far = (
        contacts.committee_member(cast),
        contacts.committee_member(cast, make_mandate(cast.congress, 1, unit=far_unit)),
    )
    for number in range(2, 6):
        make_mandate(cast.congress, number, unit=unit if number < 4 else far_unit)
    plan = propose_links(cast.congress, _year())
    load = Counter(one.member for one in plan.proposals)
    assert sum(load.values()) == 6
    assert load[near] == load[far] == 3
    assert all(one.member == far for one in plan.proposals if one.mandate.electoral_unit == far_unit)
    choices = {str(one.mandate.public_id): str(one.member.public_id) for one in plan.proposals if one.member}
    wrong = choices | {str(near.mandate.public_id): str(near.public_id)}
    with pytest.raises(DomainError, match="不能自己联系自己"):
        links_save(actor=actor, congress_id=cast.congress.public_id, year=_year(), choices=wrong)
    assert ContactLink.objects.count() == 0
    done = links_save(actor=actor, congress_id=cast.congress.public_id, year=_year(), choices=choices)
    again = links_save(actor=actor, congress_id=cast.congress.public_id, year=_year(), choices=choices)
    assert (done.made, again.made, again.same) == (6, 0, 6)
    with pytest.raises(NotFound):
        links_save(actor=cast.actor("stranger"), congress_id=cast.congress.public_id, year=_year(), choices=choices)
    committee_member_end(actor=actor, member_id=far.public_id, ended_on=timezone.localdate(), reason="工作调动")
    assert ContactLink.objects.filter(ended_on=None).count() == 3


def test_one_press_plans_a_contact_for_each_member_with_the_chosen_gaps(cast: Cast) -> None:
    member = contacts.committee_member(cast)
    picked = [str(cast.mandates[name].public_id) for name in ("deputy", "other_deputy")]
    url = reverse("contacts:coverage")
    sent = {"pick": picked, "way": "visit", "on": timezone.localdate().isoformat(), "place": "代表联络站"}
    sent |= {f"member-{one}": str(member.public_id) for one in picked}
    client = cast.client("insider")
    assert client.post(url, {**sent, "pick": []}).status_code == 422
    assert cast.client("colleague").post(url, sent).status_code == 403
    assert client.post(url, sent).status_code == 302
    contact = Contact.objects.get()
    assert contact.deputies.count() == 2
    assert [gap.planned for gap in contact_coverage(cast.congress, _year()).gaps] == [1, 1]


def test_cadres_are_covered_by_a_group_activity_in_the_ledger(cast: Cast) -> None:
    one, two = (make_mandate(cast.congress, n, profession_class=ProfessionClass.CADRE) for n in (1, 2))
    today = timezone.localdate()
    facts = [
        DutyFact(
            mandate_id=one.pk, kind=DutyKind.ACTIVITY, activity_kind=ActivityKind.GROUP, on=today, title="小组活动"
        ),
        DutyFact(mandate_id=two.pk, kind=DutyKind.ACTIVITY, activity_kind=ActivityKind.STUDY, on=today, title="学习"),
    ]
    duty_set(actor=system_actor(), source=cast.congress, facts=facts)
    found = cadre_coverage(cast.congress, today.year)
    assert (found.total, found.covered, [gap.mandate for gap in found.gaps]) == (2, 1, [two])


def test_the_office_is_reminded_once_in_the_third_and_once_in_the_fourth_quarter(cast: Cast) -> None:
    contacts.committee_member(cast)
    actor = system_actor()
    days = [dt.date(2026, 6, 30), dt.date(2026, 8, 3), dt.date(2026, 9, 4), dt.date(2026, 11, 9), dt.date(2026, 12, 1)]
    assert [coverage_remind(actor=actor, today=day) for day in days] == [0, 1, 0, 1, 0]
    told = Notice.objects.filter(recipient=cast.user("insider"), title__contains="还有2名基层代表没有联系")
    assert told.count() == 2


def test_coverage_is_exported_by_a_job_and_costs_as_many_queries_for_two_as_for_twenty(cast: Cast) -> None:
    contacts.committee_member(cast)
    client, url = cast.client("insider"), reverse("contacts:coverage")
    client.get(url)  # the session's own bookkeeping
    counts = []
    for more in (0, 18):
        make_mandates(cast.congress, more, start=100)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    client.post(reverse("contacts:coverage_export"))
    job = job_run(job_id=Job.objects.get(kind="contacts.coverage").pk)
    assert job is not None
    job.refresh_from_db()
    assert job.message == "尚未覆盖20名。"
