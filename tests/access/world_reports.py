"""What the routes of reports, judging and practical deeds are about."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from deputies.services.deed import deed_receipt
from deputies.services.judging_result import judging_award
from deputies.services.report_author import author_invite
from tests.deputies import reports

if TYPE_CHECKING:
    from deputies.models import Deed, DeputyReport, Judging, ReportTransfer
    from tests.cast import Cast


class ReportsWorld:
    """A part of ``World``."""

    cast: Cast

    @cached_property
    def report_draft(self) -> DeputyReport:
        """The deputy's, the cosigner asked to join."""
        found = reports.draft(self.cast)
        author_invite(
            actor=self.cast.actor("deputy"),
            public_id=found.public_id,
            mandate_id=self.cast.mandates["cosigner"].public_id,
        )
        return found

    @cached_property
    def report_submitted(self) -> DeputyReport:
        """Waits for the city's office."""
        return reports.submitted(self.cast, title="待接收的报告")

    @cached_property
    def report_accepted(self) -> DeputyReport:
        return reports.accepted(self.cast, title="已接收的报告")

    @cached_property
    def report_transferred(self) -> ReportTransfer:
        """To the unit."""
        return reports.transferred(self.cast, reports.accepted(self.cast, title="已转送的报告"))[0]

    @cached_property
    def judging_draft(self) -> Judging:
        """Of the city's office, with a paper and three judges."""
        return reports.prepared(self.cast, [self.report_accepted], title="筹备中的评选")

    @cached_property
    def judging_running(self) -> Judging:
        """The other deputy is one of its judges."""
        return reports.opened(self.cast, [self.report_accepted])

    @cached_property
    def judging_closed(self) -> Judging:
        """An award is given, nothing is published."""
        paper = reports.accepted(self.cast, title="参评的报告")
        judging = reports.opened(self.cast, [paper], title="截止的评选")
        judging = reports.scored(self.cast, judging, {name: [(50, 30)] for name in reports.JUDGES})
        return judging_award(actor=self.cast.actor("insider"), public_id=judging.public_id, awards=[("优秀报告", 1)])

    @cached_property
    def deed(self) -> Deed:
        """The deputy's, not confirmed yet."""
        return reports.deed(self.cast)

    @cached_property
    def deed_secret(self) -> str:
        """Of the address that the person helped opens."""
        return deed_receipt(actor=self.cast.actor("deputy"), public_id=self.deed.public_id)[1]
