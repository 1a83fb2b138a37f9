"""The contacts with deputies and reports to voters that the routes of the matrix are about."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from deputies.models import (
    CommitteeMember,
    Contact,
    ContactLink,
    ContactOpinion,
    VoterMeeting,
    VoterQuestion,
    VoterReport,
)
from tests.deputies import contacts

if TYPE_CHECKING:
    from tests.cast import Cast
    from votes.models import Round


class ContactsWorld:
    """Part of the ``World``."""

    cast: Cast

    # ── contacts with deputies ───────────────────────────────────────────────────────────────────
    @cached_property
    def committee_member(self) -> CommitteeMember:
        """The cosigner, of the city's standing committee."""
        return contacts.committee_member(self.cast)

    @cached_property
    def contact_link(self) -> ContactLink:
        """The cosigner keeps contact with the deputy."""
        return ContactLink.objects.create(member=self.committee_member, mandate=self.cast.mandates["deputy"])

    @cached_property
    def contact_planned(self) -> Contact:
        return contacts.planned(self.cast)

    @cached_property
    def contact_held(self) -> Contact:
        return contacts.held(self.cast)

    @cached_property
    def contact_recorded(self) -> Contact:
        return contacts.recorded(self.cast)

    @cached_property
    def contact_opinion_raised(self) -> ContactOpinion:
        return contacts.raised(self.cast)

    @cached_property
    def contact_opinion_assigned(self) -> ContactOpinion:
        """To the unit."""
        return contacts.assigned(self.cast)

    @cached_property
    def contact_opinion_adopted(self) -> ContactOpinion:
        return contacts.adopted(self.cast)

    # ── reports to voters ────────────────────────────────────────────────────────────────────────
    @cached_property
    def voter_meeting(self) -> VoterMeeting:
        """Of the city's office, today; the deputy is to report."""
        return contacts.meeting(self.cast)

    @cached_property
    def voter_report(self) -> VoterReport:
        """To be written by the deputy."""
        return self.voter_meeting.reports.get()

    @cached_property
    def voter_report_submitted(self) -> VoterReport:
        """The cosigner's."""
        return contacts.submitted(self.cast, contacts.meeting(self.cast, "cosigner", title="第二场述职"), "cosigner")

    @cached_property
    def voter_report_given(self) -> VoterReport:
        """The other deputy's."""
        return contacts.meeting_held(
            self.cast, contacts.meeting(self.cast, "other_deputy", title="第三场述职")
        ).reports.get()

    @cached_property
    def voter_question(self) -> VoterQuestion:
        """Not answered yet."""
        return contacts.asked(self.cast, self.voter_report_given)

    @cached_property
    def gathering(self) -> Round:
        """The ballot of the meeting at which the other deputy reported."""
        return contacts.ballot(self.cast, self.voter_report_given.meeting)
