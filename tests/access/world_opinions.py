"""The opinions of the public and the hotline's matters that the routes of the matrix are about."""

from __future__ import annotations

from functools import cached_property

from suggestions.models import HotlineOrder, HotlineReport, Opinion, Reconciliation
from suggestions.services.opinion_group import opinion_group
from tests.cast import Cast
from tests.suggestions.hotline import Hotline, make_hotline, reported
from tests.suggestions.opinions import PHONE, Scene, build_scene
from tests.suggestions.reconciling import differing_day


class OpinionWorld:
    """A part of ``World``."""

    cast: Cast

    # ── opinions of the public ───────────────────────────────────────────────────────────────────
    @cached_property
    def scene(self) -> Scene:
        """A station in the county, kept by the city's office; the deputy stands in it."""
        return build_scene(self.cast)

    @cached_property
    def opinion(self) -> Opinion:
        """To be sorted."""
        return self.scene.received(phone=PHONE)

    @cached_property
    def asked_opinion(self) -> Opinion:
        """The deputy was asked to answer it."""
        return self.scene.asked(phone=PHONE)

    @cached_property
    def handed_opinion(self) -> Opinion:
        """The unit handles it."""
        return self.scene.handed()

    @cached_property
    def answered_opinion(self) -> Opinion:
        """Answered on the spot; whoever said it is to be phoned."""
        return self.scene.recorded(answer="已修好。", contact_phone=PHONE)

    @cached_property
    def grouped_opinion(self) -> Opinion:
        """Grouped under another."""
        one, lead = self.scene.received().public_id, self.scene.received().public_id
        return opinion_group(actor=self.scene.clerk, public_id=one, version=None, lead_public_id=lead)

    # ── the hotline ──────────────────────────────────────────────────────────────────────────────
    @cached_property
    def hotline(self) -> Hotline:
        """The city's hotline, connected."""
        return make_hotline(self.cast)

    @cached_property
    def hotline_order(self) -> HotlineOrder:
        """Of somebody in the county."""
        return self.hotline.told()

    @cached_property
    def hotline_report(self) -> HotlineReport:
        """Of the deputy; the hotline has answered."""
        report = reported(self.hotline, self.scene)
        return self.hotline.lead(report, "accepted", "dispatched", "signed", "replied")

    @cached_property
    def hotline_day(self) -> Reconciliation:
        """A day of the city's hotline with differences."""
        return differing_day(self.hotline)
