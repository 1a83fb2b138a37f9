"""The demo's hotline: 益阳's 12345 centre with a client, two months of its orders, and deputies' reports in many states."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from liaison.actor import Actor, client_actor, system_actor
from liaison.clock import moved_to
from liaison.models import ApiClient, Organisation, Region
from liaison.permissions import SCOPE_PERMISSIONS, OrganisationKind
from liaison.services.client import client_save
from suggestions.demo_hotline_texts import MATTERS, PLACES, REPORTS, Reported
from suggestions.demo_people import deputy, moment, staff
from suggestions.digests import group_digest
from suggestions.models import HotlineOrder, HotlineReport, HotlineSettings, Reconciliation
from suggestions.selectors.reconciliation import KINDS, ORDERS, Item, figures_of, kinds_of, orders_of
from suggestions.serializers.hotline_order import check_item
from suggestions.serializers.hotline_report import parse_event
from suggestions.services.hotline_event import report_event
from suggestions.services.hotline_link import order_make_opinion, order_reply
from suggestions.services.hotline_order import Put, orders_batch
from suggestions.services.hotline_report import report_direct, report_judge, report_pass
from suggestions.services.reconciliation import reconciliation_close, reconciliation_tell

if TYPE_CHECKING:
    from collections.abc import Callable

CENTRE = "益阳市12345政务服务便民热线中心"
_SPACE = uuid.UUID("5f2b7f6e-7d6f-4a0e-9a56-2c1d12345432")
#: State → the steps that led there, with the hours after acceptance.
_WAYS: dict[str, tuple[tuple[str, int], ...]] = {
    "accepted": (("accepted", 0),),
    "dispatched": (("accepted", 0), ("dispatched", 2)),
    "returned": (("accepted", 0), ("dispatched", 2), ("returned", 9)),
    "signed": (("accepted", 0), ("dispatched", 2), ("signed", 5)),
    "handling": (("accepted", 0), ("dispatched", 2), ("signed", 5), ("handling", 20), ("extended", 40)),
    "replied": (("accepted", 0), ("dispatched", 2), ("signed", 5), ("handling", 20), ("replied", 60)),
    "finished": (("accepted", 0), ("dispatched", 2), ("signed", 5), ("replied", 50), ("called_back", 70), ("finished", 71)),
    "not_accepted": (("not_accepted", 1),),
}  # fmt: skip
_STATES = ("finished", "finished", "replied", "handling", "finished", "signed", "dispatched", "returned", "finished", "not_accepted", "accepted")  # fmt: skip
_WORDS = {
    "accepted": "热线已受理。",
    "not_accepted": "不属于热线受理范围，已告知诉求人有关渠道。",
    "dispatched": "派承办单位办理。",
    "returned": "不属于本单位职责，退回重派。",
    "signed": "承办单位已签收。",
    "handling": "已到现场查看，正在办理。",
    "extended": "需要与有关部门会商，申请延期。",
    "replied": "已处理，并告知诉求人。",
    "called_back": "诉求人表示满意。",
    "finished": "办结归档。",
}


def load(say: Callable[[str], None]) -> None:
    """Make what is missing; what is there stays as it stands."""
    actor = _hotline()
    orders = 0 if HotlineOrder.objects.filter(client_id=actor.client_id).exists() else _orders(actor)
    reports = sum(_reported(actor, number, one) for number, one in enumerate(REPORTS))
    total = HotlineOrder.objects.count(), HotlineReport.objects.count()
    days = _reconciled(actor)
    say(f"热线对账 {Reconciliation.objects.count()} 天（本次新增 {days} 天）")
    say(f"热线工单 {total[0]} 件（本次新增 {orders} 件），转12345办理 {total[1]} 件（本次新增 {reports} 件）")


def _hotline() -> Actor:
    """The centre's client; its secret is made on the administrator's page."""
    region = Region.objects.get(code="430900")
    centre, _ = Organisation.objects.get_or_create(
        name=CENTRE, region=region, defaults={"kind": OrganisationKind.HOTLINE, "phone": "12345"}
    )
    public_id = uuid.uuid5(_SPACE, "client")
    client = ApiClient.objects.unscoped(reason="the demo's own").filter(public_id=public_id).first()
    if client is None:
        client = client_save(
            actor=system_actor("演示数据"),
            public_id=public_id,
            version=None,
            name="12345热线工单系统",
            organisation=centre,
            scopes=tuple(SCOPE_PERMISSIONS),
            note="演示",
        )
    HotlineSettings.objects.get_or_create(client=client, defaults={"file_hosts": "files.12345.example.gov.cn"})
    return client_actor(
        client_id=client.pk,
        name=client.name,
        organisation_id=centre.pk,
        organisation_name=centre.name,
        organisation_kind=OrganisationKind.HOTLINE,
        region_prefix=region.prefix,
        scopes=client.scopes,
    )


def _orders(actor: Actor) -> int:
    """Two months: what is frequent now was rarer in the month before, and the other way round."""
    puts = []
    for number in range(96):
        values, problems = check_item(_order(number))
        if problems:
            raise LookupError(f"the demo's order {number} is wrong: {problems}")
        puts.append(Put(values.pop("order_no"), values))
    orders_batch(actor=actor, puts=puts)
    _linked()
    return len(puts)


def _order(number: int) -> dict[str, Any]:
    now = timezone.now()
    # sixty of the last three weeks, the others of the five weeks before
    back = dt.timedelta(hours=5 + number * 8) if number < 60 else dt.timedelta(days=21 + (number - 60))
    at = now - back
    matter = MATTERS[(number * 7 + (number // 11 if number < 60 else number // 3)) % len(MATTERS)]
    region, town = PLACES[(number * 5 + number // 7) % len(PLACES)]
    state = _STATES[number % len(_STATES)] if number >= 4 else ("accepted", "dispatched", "signed", "handling")[number]
    way = [(kind, at + dt.timedelta(hours=hours)) for kind, hours in _WAYS[state]]
    way = [(kind, min(when, now - dt.timedelta(minutes=5))) for kind, when in way]
    return {
        "order_no": f"YY{at:%Y%m%d}{number:04d}",
        "version": len(way),
        "kind": matter.kind,
        "channel": ("phone", "phone", "wechat", "web", "app")[number % 5],
        "person": {"name": ("张先生", "李女士", "王先生", "陈女士", "刘先生")[number % 5], "phone": f"139000{number:05d}"},
        "region_code": region,
        "place": f"{town}{matter.place}",
        "class": {"code": matter.code, "path": list(matter.path)},
        "title": f"{town}{matter.title}",
        "text": matter.text,
        "accepted_at": at.isoformat(),
        "unit": matter.unit if len(way) > 1 else "",
        "due_at": (at + dt.timedelta(days=7)).isoformat(),
        "state": state,
        "result": "已到现场处理，并告知诉求人。" if state in ("replied", "finished") else "",
        "steps": [
            {
                "step_id": f"s{place}",
                "kind": kind,
                "at": when.isoformat(),
                "unit": "益阳市12345热线" if kind in ("accepted", "dispatched", "finished") else matter.unit,
                "words": _WORDS[kind],
            }
            for place, (kind, when) in enumerate(way, 1)
        ],
    }  # fmt: skip


def _linked() -> None:
    """One that the city's office took up, and one that it answered."""
    clerk = staff("demo_clerk")
    taken, answered = HotlineOrder.objects.filter(region_prefix__startswith="430903").order_by("-accepted_at")[:2]
    order_make_opinion(
        actor=clerk,
        public_id=taken.public_id,
        version=None,
        client_token=uuid.uuid5(_SPACE, "opinion"),
        values={"channel": "phone", "text": f"{taken.title}：{taken.text}", "place": taken.place},
    )
    order_reply(
        actor=clerk,
        public_id=answered.public_id,
        version=None,
        text="这类反映近期较多，已列入下一次代表接待日的议题，情况另行告知。",
    )


# -- reports -------------------------------------------------------------------------------------------
def _reported(hotline: Actor, number: int, one: Reported) -> bool:
    token = uuid.uuid5(_SPACE, f"report-{number}")
    if HotlineReport.objects.unscoped(reason="the demo's own").filter(opinion__client_token=token).exists():
        return False
    who = deputy(one.certificate)
    with moved_to(moment(one.days, 9)):
        report, _ = report_direct(
            actor=who,
            client_token=token,
            values={
                "text": one.text,
                "title": one.title,
                "kind": one.kind,
                "place": one.place,
                "contact_phone": one.phone,
                "is_complex": one.is_complex,
                "share_contact": True,
                "scope_note": one.scope_note,
            },
        )
    for place, (kind, days, words) in enumerate(one.events):
        at = moment(days, 10 + place)
        with moved_to(at):
            event = {
                "event_id": f"demo-{number}-{place}",
                "kind": kind,
                "at": at.isoformat(),
                "unit": "" if kind in ("accepted", "not_accepted") else one.unit,
                "words": words,
                "hotline_no": f"YYDB2026{number:04d}",
            }
            report_event(actor=hotline, public_id=report.public_id, values=parse_event(event))
    if one.passed:
        with moved_to(moment(one.passed, 16)):
            report_pass(actor=who, public_id=report.public_id, version=None, text=one.events[-1][2])
    if one.solved is not None:
        with moved_to(moment(one.passed, 17)):
            report_judge(actor=who, public_id=report.public_id, version=None, solved=one.solved, words=one.judged)
    return True


# -- reconciliation ------------------------------------------------------------------------------------
def _reconciled(hotline: Actor) -> int:
    """Three days: one on which both sides agree, one with differences, and yesterday, not told yet."""
    client = ApiClient.objects.unscoped(reason="the demo's own").get(pk=hotline.client_id or 0)
    if Reconciliation.objects.unscoped(reason="the demo's own").filter(client=client).exists():
        return 0
    same, differing, yesterday = (timezone.localdate() - dt.timedelta(days=back) for back in (3, 2, 1))
    for day in (same, differing, yesterday):
        reconciliation_close(client=client, day=day)
    theirs = figures_of(client.pk, same, kinds_of(client.scopes))
    reconciliation_tell(actor=hotline, day=same, theirs=theirs, items={}, taken_at=None)
    _tell_otherwise(hotline, client.pk, differing)
    return 3


def _tell_otherwise(hotline: Actor, client_id: int, day: dt.date) -> None:
    """The hotline lacks one order, has one further on its way, and one that never came here."""
    held = [Item(one.order_no, one.state, one.digest) for one in orders_of(client_id, day).order_by("order_no")][1:]
    other = group_digest([("demo", "other content")])
    if held:
        held[0] = Item(held[0].number, "called_back", other)
    held.append(Item(f"YY{day:%Y%m%d}9001", "accepted", other))
    items: dict[str, list[Item]] = {}
    for one in held:
        items.setdefault(one.state, []).append(one)
    groups = {
        state: (len(told), group_digest((one.number, one.digest) for one in told)) for state, told in items.items()
    }
    theirs = figures_of(client_id, day, KINDS) | {ORDERS: groups}
    reconciliation_tell(actor=hotline, day=day, theirs=theirs, items={ORDERS: items}, taken_at=None)
