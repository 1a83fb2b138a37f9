"""The simulated hotline's orders: told one by one and in batches, twice, late and by several senders at once."""

from __future__ import annotations

import queue
import random
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.book import Day
    from tests.sandbox.line import Line

#: So much of the orders told singly are read back at once.
READ_BACK = 0.05
_NUMBER = tuple[int, dict[str, Any]]


class Orders:
    """Sends a day's stream of messages.

    Args:
        senders: threads; what they send overtakes each other.
        seconds: over which the day is spread; 0 for as fast as it goes.
        say: prints a line for people.
    """

    def __init__(self, day: Day, line: Line, *, senders: int, seconds: float, say: Callable[[str], None]) -> None:
        self._day, self._line, self._seconds, self._say = day, line, seconds, say
        self._parcels: queue.SimpleQueue[tuple[float, list[_NUMBER]] | None] = queue.SimpleQueue()
        stream = day.stream()
        for place, parcel in enumerate(stream):
            self._parcels.put((place / len(stream), parcel))
        self._chance = random.Random(f"{day.seed}-orders")
        self._threads = [threading.Thread(target=self._send_all, daemon=True) for _ in range(senders)]
        self.messages = sum(len(parcel) for parcel in stream)
        self.faults: list[str] = []
        self.ended = False

    def start(self) -> None:
        self._begin = time.monotonic()
        for _ in self._threads:
            self._parcels.put(None)
        for thread in self._threads:
            thread.start()

    @property
    def done(self) -> bool:
        """Whether everything was told and acknowledged."""
        return not any(thread.is_alive() for thread in self._threads)

    def _send_all(self) -> None:
        try:
            while (one := self._parcels.get()) is not None and not self._line.ended.is_set():
                share, parcel = one
                self._line.ended.wait(max(0.0, self._begin + share * self._seconds - time.monotonic()))
                if len(parcel) == 1:
                    self._put(*parcel[0])
                else:
                    self._batch(parcel)
        except Exception as error:  # whatever it is, the day is not as it should be
            if not self._line.ended.is_set():
                self.faults.append(f"sender: {error}")
                self._say(f"停下了：{error}")

    def _put(self, number: int, message: dict[str, Any]) -> None:
        order_no = self._day.order_no(number)
        answer = self._line.call("PUT", f"/hotline/orders/{order_no}", message)
        self._outcome(order_no, message, answer.body["outcome"], "单件")
        if self._chance.random() < READ_BACK:
            self._read_back(order_no, message)

    def _batch(self, parcel: list[_NUMBER]) -> None:
        orders = [{"order_no": self._day.order_no(number), **message} for number, message in parcel]
        answer = self._line.call("POST", "/hotline/orders/batch", {"orders": orders})
        for one, item in zip(orders, answer.body["items"], strict=True):
            self._outcome(one["order_no"], one, item["outcome"], "成批")
            if item["outcome"] == "refused":
                self.faults.append(f"{one['order_no']}: {item['problem']}")

    def _outcome(self, order_no: str, message: dict[str, Any], outcome: str, how: str) -> None:
        self._line.count(f"order {outcome}")
        says = {"created": "新增", "updated": "更新", "unchanged": "内容相同", "stale": "比平台上的旧，不起作用"}
        self._say(f"工单 {order_no} {how}报送“{message['state']}”：{says.get(outcome, outcome)}")

    def _read_back(self, order_no: str, message: dict[str, Any]) -> None:
        """What was acknowledged stands, or something newer does."""
        stands = self._line.call("GET", f"/hotline/orders/{order_no}").body
        self._line.count("order read back")
        by_version = "version" in message
        name = "version" if by_version else "updated_at"
        if stands[name] < message[name]:
            self.faults.append(f"{order_no}: {name} {message[name]} was acknowledged, {stands[name]} stands")
