"""The congress's side, through the portal's own services: a deputy reports to the hotline, passes its answers on, and
says whether it is solved; a clerk answers some of the hotline's orders. `python -m tests.sandbox.deputies`, with
SANDBOX_DEPUTY (JSON): deputy, clerk, seed, orders, reports, seconds, part, parts. Ends when all of it is done.

A step may have been done although the database went away before it said so; so each looks first, and a report is made
by a form's token, which makes one report however often it is sent.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
import time
import uuid
from typing import TYPE_CHECKING, Any

from tests.sandbox.book import fate_of, is_replied, order_no_of, reply_to, report_title, serial_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.actor import Actor

SPACE = uuid.UUID("5a1d7c3e-0000-4000-8000-000000012345")


class Deputies:
    """One deputy and one clerk who do all of it.

    Args:
        seconds: over which the reports are spread; 0 for as fast as it goes.
        part, parts: which of several processes this is; each does its share.
    """

    def __init__(
        self,
        *,
        deputy: str,
        clerk: str,
        seed: int,
        orders: int,
        reports: int,
        seconds: float,
        part: int = 0,
        parts: int = 1,
    ) -> None:
        self.deputy, self.clerk, self.seed, self.seconds = deputy, clerk, seed, seconds
        self.serials = range(part, reports, parts)
        self.unanswered = {order_no_of(seed, one) for one in range(part, orders, parts) if is_replied(one)}
        self.unjudged = {one for one in self.serials if fate_of(seed, one).judged}
        self.ended = threading.Event()

    def run(self) -> None:
        """Make all reports, and answer as they come back; until all is answered, or a signal."""
        begin = time.monotonic()
        for place, serial in enumerate(self.serials):
            self.ended.wait(max(0.0, begin + self.seconds * place / len(self.serials) - time.monotonic()))
            self._surely(self.deputy, lambda actor, serial=serial: self._report(actor, serial))  # type: ignore[misc]
            if place % 20 == 0:
                self._answer()
        while (self.unjudged or self.unanswered) and not self.ended.is_set():
            self._answer()
            self.ended.wait(1)

    def _answer(self) -> None:
        self._surely(self.deputy, self._judge)
        self._surely(self.clerk, self._reply)

    def _surely(self, who: str, act: Callable[[Actor], None]) -> None:
        """Do it until the database has said that it is done."""
        from django.db import InterfaceError, OperationalError, connection

        from liaison.models import User
        from liaison.selectors.actors import capacities_of

        while not self.ended.is_set():
            try:
                act(capacities_of(User.objects.get(username=who))[0])
                return
            except (OperationalError, InterfaceError):  # the database was killed under it
                connection.close()
                self.ended.wait(0.3)

    def _report(self, actor: Actor, serial: int) -> None:
        from suggestions.services.hotline_report import report_direct

        report_direct(
            actor=actor,
            client_token=uuid.uuid5(SPACE, f"{self.seed}-{serial}"),
            values={
                "title": report_title(serial),
                "kind": "help",
                "text": f"第{serial}号：村口两盏路灯坏了半个月，晚上老人出门看不见路。",
                "place": "高桥村村口",
                "contact_name": "刘先生",
                "contact_phone": "13973712345",
            },
        )

    def _judge(self, actor: Actor) -> None:
        """Pass on and judge what was answered."""
        from suggestions.models import HotlineReport
        from suggestions.services.hotline_report import report_judge, report_pass

        mine = HotlineReport.objects.visible_to(actor)
        for title in mine.filter(solved__isnull=False).values_list("title", flat=True):
            self.unjudged.discard(serial_in(title) or 0)
        for report in mine.filter(status="replied", solved__isnull=True):
            serial = serial_in(report.title)
            if serial not in self.unjudged:
                continue
            fate = fate_of(self.seed, serial)
            if report.passed_at is None:
                report_pass(actor=actor, public_id=report.public_id, version=None, text=report.result)
            words = "" if fate.solved else "只修好了一盏。"
            report_judge(actor=actor, public_id=report.public_id, version=None, solved=fate.solved, words=words)

    def _reply(self, actor: Actor) -> None:
        """Answer some of the orders that have come."""
        from suggestions.models import HotlineOrder
        from suggestions.services.hotline_link import order_reply

        for order in HotlineOrder.objects.visible_to(actor).filter(order_no__in=sorted(self.unanswered)[:50]):
            order_reply(actor=actor, public_id=order.public_id, version=None, text=reply_to(order.order_no))
            self.unanswered.discard(order.order_no)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.sandbox.settings")
    import django

    django.setup()
    from liaison.embedded import start_if_configured

    start_if_configured()
    given: dict[str, Any] = json.loads(os.environ["SANDBOX_DEPUTY"])
    deputies = Deputies(**given)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: deputies.ended.set())
    logging.disable(logging.ERROR)  # the database goes away on purpose
    deputies.run()


if __name__ == "__main__":
    main()
