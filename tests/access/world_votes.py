"""The secret votes, programmes, proposals and candidates that the routes of the matrix are about."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from liaison.models import Attachment
from tests.votes import programmes, round_steps
from tests.votes.people import County, build_county
from votes.models import Candidate, CandidateComment, Programme, Proposal, Round

if TYPE_CHECKING:
    from tests.cast import Cast


class VotesWorld:
    """Part of the ``World``."""

    cast: Cast

    @cached_property
    def county(self) -> County:
        """赫山区, ready to vote; the deputies of the cast sit in its congress too."""
        return build_county(self.cast)

    # ── secret votes of the county ───────────────────────────────────────────────────────────────
    @cached_property
    def round_prepared(self) -> Round:
        """With tellers and passphrases; nobody signed in."""
        return round_steps.with_tellers(self.county, round_steps.appraisal(self.county))

    @cached_property
    def round_running(self) -> Round:
        """Everybody is present, nobody has voted."""
        return round_steps.opened(self.county, round_steps.appraisal(self.county))

    @cached_property
    def round_closed(self) -> Round:
        return round_steps.closed(self.county, round_steps.opened(self.county, round_steps.appraisal(self.county)))

    @cached_property
    def round_counted(self) -> Round:
        """Counted, and not signed yet."""
        return round_steps.counted(self.county, round_steps.opened(self.county, round_steps.appraisal(self.county)))

    @cached_property
    def round_declared(self) -> Round:
        found = round_steps.counted(self.county, round_steps.opened(self.county, round_steps.appraisal(self.county)))
        return round_steps.declared(self.county, found)

    # ── the year's programme, proposals and candidates ───────────────────────────────────────────
    @cached_property
    def new_programme(self) -> Programme:
        return programmes.preparing(self.county, year=2041)

    @cached_property
    def collecting_programme(self) -> Programme:
        """Of the county, its call open."""
        return programmes.collecting(self.county, year=2042)

    @cached_property
    def screened_programme(self) -> Programme:
        return programmes.screening(self.county, year=2043)

    @cached_property
    def listed_programme(self) -> Programme:
        """With three approved candidates."""
        return programmes.listed(self.county, year=2044)

    @cached_property
    def proposal(self) -> Proposal:
        """From the public, to be screened."""
        return programmes.proposed(self.collecting_programme)[0]

    @cached_property
    def other_proposal(self) -> Proposal:
        return programmes.proposed(self.collecting_programme, title="老粮站停车场")[0]

    @cached_property
    def rejected_proposal(self) -> Proposal:
        return programmes.rejected(self.county, programmes.proposed(self.collecting_programme)[0])

    @cached_property
    def draft_candidate(self) -> Candidate:
        return programmes.candidate(self.county, self.collecting_programme)

    @cached_property
    def draft_picture(self) -> Attachment:
        return programmes.picture(self.county, self.draft_candidate)

    @cached_property
    def listed_picture(self) -> Attachment:
        """Of a candidate that everybody may see."""
        return programmes.picture(self.county, self.listed_programme.candidates.get(number=1))

    @cached_property
    def withdrawn_candidate(self) -> Candidate:
        return programmes.withdrawn(self.county, programmes.candidate(self.county, self.collecting_programme))

    @cached_property
    def candidate_comment(self) -> CandidateComment:
        """Of the deputy, on the first approved candidate."""
        return programmes.commented(self.county, self.listed_programme.candidates.get(number=1))
