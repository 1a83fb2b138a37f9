"""The simulated hotline's work on reports: reads on, and tells event by event, some twice, some too early."""

from __future__ import annotations

import datetime as dt
import queue
import random
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tests.sandbox.book import Fate, fate_of, serial_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.line import Answer, Line

#: So much of the events is told twice, and told before its turn.
TWICE, EARLY = 0.05, 0.02
_WORDS = {
    "not_accepted": "属于供电公司抢修范围，请拨打95598。",
    "returned": "路段归属不清，请重新派单。",
    "extended": "配件须订货。",
    "replied": "路灯已修好，请转告反映人。",
    "called_back": "反映人表示满意。",
}
_UNIT = "赫山区城市管理和综合执法局"


@dataclass
class File:
    """A report as the hotline knows it.

    Args:
        told: the events that the portal acknowledged, in this order.
    """

    id: str
    fate: Fate
    item: dict[str, Any]
    status: str
    told: list[dict[str, Any]] = field(default_factory=list)
    seen: int = 0
    echoed: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class Reports:
    """Reads on from its cursor, as often as ``wake`` is called and every ``pause`` seconds.

    Args:
        seed: of the fates; a report without a serial number in its title gets one of its own number.
    """

    def __init__(
        self, seed: int, line: Line, *, workers: int, pause: float, step: float, say: Callable[[str], None]
    ) -> None:
        self._seed, self._line, self._pause, self._step, self._say = seed, line, pause, step, say
        self._chance = random.Random(f"{seed}-reports")
        self._todo: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._woken = threading.Event()
        self._cursor = ""
        self.files: dict[str, File] = {}
        self.faults: list[str] = []
        targets = [self._read_on, *([self._work] * workers)]
        self._threads = [threading.Thread(target=self._guarded, args=(one,), daemon=True) for one in targets]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """There is something new (a webhook says so)."""
        self._woken.set()

    @property
    def finished(self) -> int:
        """How many are where their fate leads."""
        return sum(self._next(one) is None and not self._waits(one) for one in list(self.files.values()))

    def _guarded(self, target: Callable[[], None]) -> None:
        try:
            target()
        except Exception as error:
            if not self._line.ended.is_set():
                self.faults.append(f"{target.__name__}: {error}")
                self._say(f"停下了：{error}")

    # -- reading on --------------------------------------------------------------------------------
    def _read_on(self) -> None:
        while not self._line.ended.is_set():
            self._woken.clear()
            self.read_list()
            self._woken.wait(self._pause)

    def read_list(self) -> None:
        """Everything that came or changed since the last time."""
        following: str | None = f"/hotline/reports?limit=200&cursor={self._cursor}"
        while following:
            page = self._line.call("GET", following).body
            for item in page["items"]:
                self._take(item)
            self._cursor, following = page["cursor"] or self._cursor, page["next"]

    def _take(self, item: dict[str, Any]) -> None:
        known = self.files.get(item["id"])
        if known is None:
            serial = serial_in(item["title"])
            fate = fate_of(self._seed, serial if serial is not None else sum(item["number"].encode()))
            if serial is None:  # a report of the demo, or somebody's who tries the sandbox: nobody judges it
                fate = replace(fate, judged=False)
            known = self.files[item["id"]] = File(item["id"], fate, item, item["status"])
            self._say(f"转办单 {item['number']} “{item['title']}”：收到，{item['reported_by']}")
        known.seen += 1
        self._todo.put(known.id)

    # -- events ------------------------------------------------------------------------------------
    def _work(self) -> None:
        while not self._line.ended.is_set():
            try:
                one = self.files[self._todo.get(timeout=0.5)]
            except queue.Empty:
                continue
            with one.lock:
                self._lead(one)

    def _lead(self, one: File) -> None:
        """Go as far as its fate leads."""
        if one.told:  # it came again: somebody at the portal did something
            self._look(one)
        while (kind := self._next(one)) is not None and not self._line.ended.is_set():
            if self._chance.random() < EARLY:
                self._too_early(one, kind)
            if one.fate.echo and kind == "dispatched" and not one.echoed:
                self._echo(one)
            event = self._event(one, kind)
            answer = self._tell(one, event)
            one.told.append(event)
            one.status = answer.body["report"]["status"]
            self._line.count("event told")
            self._say(f"转办单 {one.item['number']}：告知“{kind}”，现在是 {one.status}")
            if self._chance.random() < TWICE:
                again = self._tell(one, event)
                if again.status != 200:
                    self.faults.append(f"{event['event_id']} told twice: {again.status}")
            self._line.ended.wait(self._step * self._chance.random())

    def _next(self, one: File) -> str | None:
        """The event that comes next; None when there is none, or the deputy has the word."""
        fate, told = one.fate, [event["kind"] for event in one.told]
        if one.status == "submitted":
            return "not_accepted" if fate.refused else "accepted"
        if one.status == "signed":
            return "extended" if fate.extended and "extended" not in told else "replied"
        if one.status == "dispatched":
            return "returned" if fate.returned and "returned" not in told else "signed"
        if one.status == "replied":
            goes_on = bool(one.item["solved"]) or told.count("replied") > 1 if fate.judged else fate.finished
            return "called_back" if goes_on else None
        then = {"accepted": "dispatched", "returned": "dispatched", "reopened": "dispatched", "called_back": "finished"}
        return then.get(one.status)

    def _waits(self, one: File) -> bool:
        return one.status == "replied" and one.fate.judged

    def _event(self, one: File, kind: str) -> dict[str, Any]:
        now = dt.datetime.now(dt.UTC)
        event: dict[str, Any] = {
            "event_id": f"{one.id}:{len(one.told) + 1}",
            "kind": kind,
            "at": now.isoformat(),
            "words": _WORDS.get(kind, ""),
            "unit": _UNIT if kind in ("dispatched", "signed", "replied") else "",
            "hotline_no": self._number(one),
        }
        if kind == "extended":
            event["until"] = (now.date() + dt.timedelta(days=15)).isoformat()
        if kind == "called_back":
            event["satisfied"] = True
        return event

    def _number(self, one: File) -> str:
        return f"12345-{self._seed}-R-{one.id[:8]}"

    def _tell(self, one: File, event: dict[str, Any]) -> Answer:
        return self._line.call("POST", f"/hotline/reports/{one.id}/events", event)

    def _too_early(self, one: File, kind: str) -> None:
        """Another event comes before its turn: the portal must refuse it and change nothing."""
        wrong = "called_back" if kind != "called_back" else "signed"
        event = self._event(one, wrong) | {"event_id": f"{one.id}:early-{len(one.told)}"}
        answer = self._line.call("POST", f"/hotline/reports/{one.id}/events", event, expect=(409,))
        self._line.count("event before its turn")
        if answer.status != 409 or answer.body["code"] != "illegal_step":
            self.faults.append(f"{wrong} before its turn: {answer.status} {answer.body}")

    def _echo(self, one: File) -> None:
        """The hotline makes an order of the report, and says so."""
        self._line.call("PUT", f"/hotline/orders/{self._number(one)}", self._echo_of(one))
        one.echoed = True
        self._line.count("order made of a report")

    def _echo_of(self, one: File) -> dict[str, Any]:
        item = one.item
        return {
            "version": 1,
            "kind": item["kind"],
            "channel": "deputy",
            "region_code": item["region_code"],
            "place": item["place"],
            "title": item["title"],
            "text": item["text"],
            "accepted_at": item["created_at"],
            "state": "accepted",
            "report_id": one.id,
            "steps": [{"step_id": "s1", "kind": "accepted", "at": item["created_at"], "words": "代表转办"}],
        }

    def _look(self, one: File) -> None:
        answer = self._line.call("GET", f"/hotline/reports/{one.id}")
        one.item, one.status = answer.body, answer.body["status"]

    def echoes(self) -> dict[str, dict[str, Any]]:
        """Order number → what was told, of orders made of reports."""
        return {self._number(one): self._echo_of(one) for one in list(self.files.values()) if one.echoed}

    # -- in the end ----------------------------------------------------------------------------------
    def compare(self) -> list[str]:
        """What the portal has otherwise than the hotline told it; every tenth is read, by reconciliation all."""
        wrong = []
        for one in list(self.files.values())[::10]:
            shown = self._line.call("GET", f"/hotline/reports/{one.id}").body
            events = [(event["event_id"], event["kind"]) for event in shown["events"]]
            told = [(event["event_id"], event["kind"]) for event in one.told]
            if events != told or shown["status"] != one.status:
                wrong.append(f"{shown['number']}: {shown['status']} {events}; the hotline: {one.status} {told}")
        return wrong
