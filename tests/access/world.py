"""The things that the routes of the matrix are about, made when first asked for."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from deputies.models import (
    DeputyGroup,
    DutyContest,
    DutyEntry,
    DutyKind,
    DutyYear,
    ElectoralUnit,
    GroupMembership,
    Mandate,
    Person,
    Placement,
    RosterImport,
    RotaDay,
    Station,
)
from deputies.services.duty import DutyFact, duty_set
from deputies.services.duty_contest import contest_entry
from deputies.services.duty_year import duty_year_close
from deputies.services.profile import ProfileFacts, profile_save
from liaison.actor import system_actor
from liaison.models import Attachment, AuditEntry, Holiday, Job, Notice, Organisation, Posting, User
from liaison.models.job import JobStatus
from liaison.models.notice import NoticeKind
from liaison.services.audit import record_audit
from suggestions.models import Answer, Suggestion, Transfer
from suggestions.services.cosign import cosigner_invite
from suggestions.services.handling import ANSWER_SLOT
from tests.access.world_activities import ActivitiesWorld
from tests.access.world_campaigns import CampaignsWorld
from tests.access.world_contacts import ContactsWorld
from tests.access.world_opinions import OpinionWorld
from tests.access.world_reports import ReportsWorld
from tests.access.world_votes import VotesWorld
from tests.cast import Cast
from tests.deputies import factories, open_stations
from tests.filemakers import png
from tests.suggestions import steps, transfers
from tests.votes import draws, works
from votes.models import (
    Draw,
    Inspection,
    Programme,
    ProgressReport,
    Project,
    ProjectChange,
    SupervisionGroup,
    YearSummary,
)
from votes.selectors.project_periods import next_quarter

if TYPE_CHECKING:
    from django.test import Client


UNKNOWN = UUID("00000000-0000-4000-8000-000000000000")


class World(ActivitiesWorld, CampaignsWorld, ContactsWorld, OpinionWorld, ReportsWorld, VotesWorld):
    """``world.<thing>``: add a cached property for what your routes need."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def client(self, role: str) -> Client:
        """A browser of that role, signed in before anything else happens."""
        return self.cast.client(role)

    # ── kernel ───────────────────────────────────────────────────────────────────────────────────
    @cached_property
    def account(self) -> User:
        """The account that administrators deal with: the colleague's."""
        return self.cast.user("colleague")

    @cached_property
    def posting(self) -> Posting:
        return Posting.objects.get(user=self.account)

    @cached_property
    def organisation(self) -> Organisation:
        return self.cast.offices["other_unit"]

    @cached_property
    def audit_entry(self) -> AuditEntry:
        return record_audit(actor=self.cast.actor("insider"), action="user.update", target=self.account)

    @cached_property
    def notice(self) -> Notice:
        """A notice to the insider."""
        return Notice.objects.create(
            recipient=self.cast.user("insider"), kind=NoticeKind.TASK, title="有一件建议待分办", url="/suggestions/"
        )

    @cached_property
    def session(self) -> UserSession:
        """Another session of the insider's."""
        return UserSession.objects.create(
            user=self.cast.user("insider"), session_key="another-device", ip="127.0.0.1", user_agent="Chrome"
        )

    @cached_property
    def job(self) -> Job:
        """A finished job of the insider's, with its file."""
        actor = self.cast.actor("insider")
        return Job.objects.create(
            kind="suggestion.export",
            title="导出代表建议",
            owner=self.cast.user("insider"),
            actor_key=actor.key,
            status=JobStatus.DONE,
            finished_at=timezone.now(),
            file=SimpleUploadedFile("x", b"PK"),
            file_name="建议.xlsx",
        )

    @cached_property
    def holiday(self) -> Holiday:
        return Holiday.objects.create(
            date=dt.date(2027, 1, 4), name="元旦", is_off=True, source_url="https://www.gov.cn/zhengce/x.htm"
        )

    # ── deputies ─────────────────────────────────────────────────────────────────────────────────
    @cached_property
    def roster(self) -> RosterImport:
        """A roster of the city's office that waits to be confirmed."""
        return factories.previewed(self.cast, [factories.roster_row(1)])

    @cached_property
    def electoral_unit(self) -> ElectoralUnit:
        """A unit of the city's congress that nobody uses."""
        return ElectoralUnit.objects.create(congress=self.cast.congress, name="没有代表的选举单位")

    @cached_property
    def person(self) -> Person:
        return self.cast.people["deputy"]

    @cached_property
    def mandate(self) -> Mandate:
        return self.cast.mandates["deputy"]

    # ── stations ─────────────────────────────────────────────────────────────────────────────────
    @cached_property
    def station(self) -> Station:
        """In a town of the county, not public yet."""
        return open_stations.make_station(self.cast, is_published=False)

    @cached_property
    def placement(self) -> Placement:
        """The deputy in the station."""
        return open_stations.place(self.station, self.mandate)

    @cached_property
    def rota_day(self) -> RotaDay:
        return open_stations.rota(self.station, self.mandate)

    @cached_property
    def duty_entry(self) -> DutyEntry:
        """A good deed of the deputy, entered in 2025."""
        fact = DutyFact(mandate_id=self.mandate.pk, kind=DutyKind.DEED, on=dt.date(2025, 3, 9), title="帮助村民修水渠")
        duty_set(actor=system_actor(), source=self.mandate, facts=[fact])
        return DutyEntry.objects.get(title="帮助村民修水渠")

    @cached_property
    def duty_contest(self) -> DutyContest:
        return contest_entry(
            actor=self.cast.actor("deputy"),
            entry_id=self.duty_entry.public_id,
            client_token=UUID(int=8),
            text="不是我做的。",
        )

    @cached_property
    def duty_year(self) -> DutyYear:
        """2024 of the city's congress, closed."""
        actor = self.cast.actor("approver")
        return duty_year_close(actor=actor, congress_id=self.cast.congress.public_id, year=2024)

    @cached_property
    def group_member(self) -> GroupMembership:
        """The deputy, who leads the group."""
        group = DeputyGroup.objects.create(
            kind="group",
            name="第一代表小组",
            region=self.cast.regions["county"],
            region_prefix="430903",
            office=self.cast.offices["county_office"],
            founded_on=dt.date(2022, 3, 1),
        )
        return GroupMembership.objects.create(
            group=group, mandate=self.mandate, role="leader", started_on=group.founded_on
        )

    @cached_property
    def deputy_group(self) -> DeputyGroup:
        return self.group_member.group

    @cached_property
    def open_station(self) -> Station:
        """A studio of which everybody may know."""
        return open_stations.make_station(self.cast, "八字哨镇代表工作室", kind="studio")

    @cached_property
    def open_deputy(self) -> Person:
        """The deputy, placed there, with a photograph."""
        person = self.mandate.person
        open_stations.place(self.open_station, self.mandate)
        photo = SimpleUploadedFile("半身照.png", png())
        actor = self.cast.actor("county_clerk")
        profile_save(actor=actor, person_id=person.public_id, facts=ProfileFacts(), photo=photo)
        return person

    # ── suggestions ──────────────────────────────────────────────────────────────────────────────
    @cached_property
    def suggestion(self) -> Suggestion:
        """Led by the deputy, co-signed by the cosigner, registered in the city's office, signed for by the unit."""
        return steps.handling(self.cast, cosigner="cosigner")

    @cached_property
    def attachment(self) -> Attachment:
        """The unit's letter of answer."""
        answer = steps.answer(self.cast, self.suggestion)
        return Attachment.objects.get(
            content_type=ContentType.objects.get_for_model(answer), object_id=answer.pk, slot=ANSWER_SLOT
        )

    @cached_property
    def draft(self) -> Suggestion:
        return steps.draft(self.cast)

    @cached_property
    def invited(self) -> Suggestion:
        """A draft that the cosigner was asked to sign and has not answered."""
        found = steps.draft(self.cast)
        cosigner_invite(
            actor=self.cast.actor("deputy"),
            public_id=found.public_id,
            mandate_public_ids=[self.cast.mandates["cosigner"].public_id],
        )
        return found

    @cached_property
    def submitted(self) -> Suggestion:
        return steps.submitted(self.cast)

    @cached_property
    def registered(self) -> Suggestion:
        return steps.registered(self.cast)

    @cached_property
    def assigned(self) -> Suggestion:
        return steps.assigned(self.cast)

    @cached_property
    def promised(self) -> Answer:
        """An answer of class B, with a day on which the promise is due."""
        return steps.answer(self.cast, steps.handling(self.cast), result_class="B", promised_on=steps.tomorrow(30))

    # ── transfers ────────────────────────────────────────────────────────────────────────────────
    @cached_property
    def marked(self) -> Transfer:
        return transfers.marked(self.cast)

    @cached_property
    def transferred(self) -> Transfer:
        return transfers.transferred(self.cast)

    @cached_property
    def transfer(self) -> Transfer:
        return transfers.received(self.cast)

    @cached_property
    def waiting(self) -> Transfer:
        return transfers.waiting(self.cast)

    @cached_property
    def filed(self) -> Transfer:
        return transfers.filed(self.cast)

    # ── draws and yearly figures ─────────────────────────────────────────────────────────────────
    @cached_property
    def listed_draw(self) -> Draw:
        """A draw of the city's office whose list may still change."""
        return draws.listed(self.cast)

    @cached_property
    def summary_row(self) -> YearSummary:
        """A yearly row of the city, entered by its office."""
        return draws.entered(self.cast.actor("insider"), "430900")

    @cached_property
    def draw(self) -> Draw:
        """A public draw of the city's office, drawn already."""
        return draws.drawn(self.cast)

    # ── projects being carried out ───────────────────────────────────────────────────────────────
    @cached_property
    def work(self) -> Project:
        """With a report submitted, the next one due, a milestone, and a picture."""
        found = works.project(self.county)
        works.report(self.county, found, pictures=[works.picture()])
        works.milestone(self.county, found)
        last = found.reports.get()
        year, quarter = next_quarter((last.year, last.quarter))
        ProgressReport.objects.create(project=found, year=year, quarter=quarter)
        return found

    @cached_property
    def work_picture(self) -> Attachment:
        return Attachment.objects.get(
            slot="picture",
            content_type=ContentType.objects.get_for_model(ProgressReport),
            object_id__in=self.work.reports.values("pk"),
        )

    @cached_property
    def work_group(self) -> SupervisionGroup:
        """Of the deputy and the cosigner."""
        return works.group(self.county, self.work)

    @cached_property
    def work_change(self) -> ProjectChange:
        return works.change(self.county, self.work)

    @cached_property
    def answered_inspection(self) -> Inspection:
        """Of the group, answered by the unit."""
        found = works.inspection(self.county, self.work, self.work_group)
        return works.answered(self.county, found)

    @cached_property
    def finished_work(self) -> Project:
        """Another programme's project, waiting for its hand-over."""
        found = works.project(self.county, year=2020)
        return works.finished(self.county, found)

    @cached_property
    def voted_programme(self) -> Programme:
        """Its work may begin."""
        found = works.programme(self.county, year=2021)
        works.elected(self.county, found)
        return found
