"""Compare the portal's tables with what the hotline says that it told: everything once, in its order, and no more."""

from __future__ import annotations

import itertools
import time
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from tests.sandbox.book import fate_of, is_replied, order_no_of, reply_to, serial_in

if TYPE_CHECKING:
    from collections.abc import Mapping


def drain(still: float) -> list[str]:
    """Wait until the portal has sent what it has to send; what is stuck after ``still`` seconds without progress."""
    last, changed = -1, time.monotonic()
    while (left := _undelivered()) > 0:
        if left != last:
            last, changed = left, time.monotonic()
        if time.monotonic() - changed > still:
            return [f"{left} webhooks are stuck"]
        time.sleep(0.5)
    return []


def _undelivered() -> int:
    from liaison.models import WebhookDelivery
    from liaison.models.webhook import OPEN_STATES

    return WebhookDelivery.objects.unscoped(reason="the comparison").filter(state__in=OPEN_STATES).count()


def compare(closed: Mapping[str, Any], *, seed: int, orders: int, reports: int) -> tuple[dict[str, int], list[str]]:
    """Counts of what was compared, and what is wrong."""
    wrong: list[str] = []
    facts = {
        **_orders(closed["orders"], wrong),
        **_replies(wrong, seed=seed, orders=orders),
        **_reports(closed["reports"], wrong, seed=seed, reports=reports),
        **_webhooks(closed["webhooks"], wrong, seed=seed, orders=orders, reports=reports),
    }
    return facts, wrong


def _orders(told: Mapping[str, list[str]], wrong: list[str]) -> dict[str, int]:
    from suggestions.models import HotlineOrder, HotlineOrderStep

    rows = Counter(HotlineOrder.objects.unscoped(reason="the comparison").values_list("order_no", flat=True))
    chains: dict[str, list[str]] = defaultdict(list)
    for order_no, step_id in HotlineOrderStep.objects.values_list("order__order_no", "step_id"):
        chains[order_no].append(step_id)
    wrong += [f"order {one} is there {count} times" for one, count in rows.items() if count > 1]
    wrong += [f"order {one} is lost" for one in told.keys() - rows.keys()]
    wrong += [f"order {one} was never told" for one in rows.keys() - told.keys()]
    for order_no, steps in told.items():
        if sorted(chains[order_no]) != steps:
            wrong.append(f"order {order_no} has the steps {sorted(chains[order_no])}, told were {steps}")
    return {"orders": len(rows), "steps": sum(map(len, chains.values()))}


def _replies(wrong: list[str], *, seed: int, orders: int) -> dict[str, int]:
    """What the congress office answered stands, whatever the hotline told afterwards, and once in the history."""
    from django.contrib.contenttypes.models import ContentType

    from liaison.models import StateChange
    from suggestions.models import HotlineOrder

    kind = ContentType.objects.get_for_model(HotlineOrder)
    acts = Counter(StateChange.objects.filter(content_type=kind, act="reply").values_list("object_id", flat=True))
    must = {order_no_of(seed, one) for one in range(orders) if is_replied(one)}
    replied = HotlineOrder.objects.unscoped(reason="the comparison").exclude(reply="")
    wrong += [
        f"order {one.order_no} has the reply {one.reply}, written {acts[one.pk]} times"
        for one in replied
        if one.reply != reply_to(one.order_no) or acts[one.pk] != 1
    ]
    if (found := {one.order_no for one in replied}) != must:
        wrong.append(f"replied: {sorted(found ^ must)} are wrong")
    return {"replies": len(found)}


def _webhooks(seen: list[list[str]], wrong: list[str], *, seed: int, orders: int, reports: int) -> dict[str, int]:
    """Each event came, those of an object in their order, and there are as many as things happened."""
    from liaison.models import WebhookDelivery, WebhookEvent

    judged = sum(fate_of(seed, one).judged for one in range(reports))
    must = {
        "hotline.report.created": reports,
        "hotline.report.changed": 2 * judged,
        "hotline.order.replied": sum(is_replied(one) for one in range(orders)),
    }
    written: dict[str, list[str]] = defaultdict(list)
    kinds: Counter[str] = Counter()
    for event in WebhookEvent.objects.order_by("id"):
        kinds[event.type] += 1
        written[event.object_id].append(str(event.public_id))
    for name, count in must.items():
        if kinds[name] != count:
            wrong.append(f"{kinds[name]} events {name}, should be {count}")
    came: dict[str, list[str]] = defaultdict(list)
    for message_id, _, object_id, _ in seen:
        came[object_id].append(message_id)
    wrong += [
        f"webhooks of {one}: written {written[one]}, came {came[one]}"
        for one in written.keys() | came.keys()
        if written[one] != came[one]
    ]
    states = Counter(WebhookDelivery.objects.unscoped(reason="the comparison").values_list("state", flat=True))
    if set(states) - {"delivered"}:
        wrong.append(f"deliveries: {states}")
    return {f"webhooks {name.removeprefix('hotline.')}": count for name, count in kinds.items()}


def _reports(told: Mapping[str, list[list[str]]], wrong: list[str], *, seed: int, reports: int) -> dict[str, int]:
    from suggestions.models import HotlineEvent, HotlineReport

    rows = {str(one.public_id): one for one in HotlineReport.objects.unscoped(reason="the comparison")}
    serials = Counter(serial_in(one.title) for one in rows.values())
    wrong += [f"report {one} is lost" for one in range(reports) if one not in serials]
    wrong += [f"report {one} is there {count} times" for one, count in serials.items() if count > 1]
    wrong += [f"the hotline never saw report {one}" for one in rows.keys() - told.keys()]
    events: dict[str, list[list[str]]] = defaultdict(list)
    for public_id, event_id, kind in HotlineEvent.objects.order_by("id").values_list(
        "report__public_id", "event_id", "kind"
    ):
        events[str(public_id)].append([event_id, kind])
    for public_id, mine in told.items():
        if events[public_id] != mine:
            wrong.append(f"report {public_id} has the events {events[public_id]}, told were {mine}")
    fates = {key: fate_of(seed, serial_in(one.title) or 0) for key, one in rows.items()}
    for key, one in rows.items():
        if fates[key].judged != (one.solved is not None) or (
            one.solved is not None and one.solved != fates[key].solved
        ):
            wrong.append(f"report {one.number}: judged {one.solved}, should be {fates[key]}")
    return {"reports": len(rows), "events": sum(map(len, events.values())), **_traces(rows, events, wrong)}


def _traces(rows: Mapping[str, Any], events: Mapping[str, list[list[str]]], wrong: list[str]) -> dict[str, int]:
    """What each step leaves behind, once each: the timeline without a gap, a notice to the deputy, an opinion."""
    from django.contrib.contenttypes.models import ContentType

    from liaison.models import Notice, StateChange
    from suggestions.models import HotlineReport, Opinion
    from suggestions.services.hotline_event import _TITLES

    kind = ContentType.objects.get_for_model(HotlineReport)
    timeline: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for pk, *one in StateChange.objects.filter(content_type=kind).values_list("object_id", "act", "old", "new"):
        timeline[pk].append((one[0], one[1], one[2]))
    told = Counter(Notice.objects.filter(recipient__username="deputy").values_list("title", flat=True))
    for key, one in rows.items():
        steps = timeline[one.pk]
        judged = {True: ["pass", "solved"], False: ["pass", "unsolved"], None: []}[one.solved]
        must = Counter(["submit", *judged, *(name for _, name in events[key])])
        if Counter(act for act, _, _ in steps) != must:
            wrong.append(f"report {one.number} has the timeline {steps}, should have {must}")
        if any(after[1] != before[2] for before, after in itertools.pairwise(steps)) or steps[-1][2] != one.status:
            wrong.append(f"report {one.number}: its timeline has a gap: {steps}, now {one.status}")
        for name, times in Counter(name for _, name in events[key]).items():
            if told[title := f"{_TITLES[name]}：{one.number}"] != times:
                wrong.append(f"{title}: the deputy was told {told[title]} times, should be {times}")
    opinions = Opinion.objects.unscoped(reason="the comparison").count()
    if opinions != len(rows):
        wrong.append(f"{opinions} opinions for {len(rows)} reports")
    return {"timeline": sum(map(len, timeline.values())), "notices": told.total()}
