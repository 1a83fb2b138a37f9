"""What a hotline tells of a day's figures (对账), and what it reads of both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from suggestions.digests import group_digest
from suggestions.models import DifferenceKind, ReconciledKind, ReconciliationState
from suggestions.models.reconciliation import states_of
from suggestions.selectors.reconciliation import KINDS, MOST_SHOWN, ORDERS, REPORTS, Item
from suggestions.serializers.hotline_order import ORDER_NO, ORDER_NO_SAYS
from suggestions.serializers.shapes import Choice, Day, Inside, Many, Moment, Problems, Shape, Text, Whole, refusal

if TYPE_CHECKING:
    import datetime as dt

    from suggestions.models import ReconciliationDifference
    from suggestions.selectors.reconciliation import Day as ReconciledDay
    from suggestions.selectors.reconciliation import Figures, Groups

#: Items of one kind in one body; a larger day is told by groups, and the items of the groups that differ.
MOST_ITEMS = 20_000
#: SHA-256 over nothing: the digest of an empty group.
_NOTHING = group_digest(())
_DAY = Day(about="日期", example="2026-11-20")
_UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


def _digest_field(about: str, example: str) -> Text:
    return Text(
        about=about,
        most=64,
        required=True,
        pattern=r"[0-9a-f]{64}",
        pattern_says="应为64位小写十六进制的SHA-256。",
        example=example,
    )


def _side(kind: str, number: Text, state: str) -> Inside:
    """The figures of one kind, as they are sent."""
    states = states_of(kind)
    name = kind.capitalize()
    group = Shape(
        f"Reconciliation{name}Group",
        {
            "state": Choice(about="状态", of=states, required=True, example=state),
            "count": Whole(about="件数", least=0, most=10_000_000, required=True, example=0),
            "digest": _digest_field("这一组的摘要，算法见接口说明“对账”", _NOTHING),
        },
    )
    item = Shape(
        f"Reconciliation{name}Item",
        {
            "number": number,
            "state": Choice(about="状态", of=states, required=True, example=state),
            "digest": _digest_field("这一件的摘要", _NOTHING),
            "version": Whole(about="版本号，供人核对，不参与比较", least=0, most=2**53),
        },
    )
    return Inside(
        about=ReconciledKind(kind).label,
        shape=Shape(
            f"Reconciliation{name}",
            {
                "groups": Many(
                    about="按状态分组，没有的状态不写，或者写0件", of=group, most=len(states.values), required=True
                ),
                "items": Many(
                    about="逐件。可以不报；报的，按状态一组一组报全，与groups相符。有差异的组报了才能逐件指出差异",
                    of=item,
                    most=MOST_ITEMS,
                ),
            },
        ),
    )


def _example() -> dict[str, Any]:
    """One finished order, told with its item."""
    number, digest = "12345-20261120-0001", _NOTHING
    group = {"state": "finished", "count": 1, "digest": group_digest([(number, digest)])}
    items = [{"number": number, "state": "finished", "digest": digest, "version": 3}]
    return {"taken_at": "2026-11-21T01:00:00+08:00", ORDERS: {"groups": [group], "items": items}}


FIGURES = Shape(
    "ReconciliationFigures",
    {
        "taken_at": Moment(
            about="热线一侧统计的时间；平台上在这以后变动的不算差异。不填为收到的时间",
            example="2026-11-21T01:00:00+08:00",
        ),
        ORDERS: _side(
            ORDERS,
            Text(
                about="工单编号",
                most=64,
                required=True,
                pattern=ORDER_NO,
                pattern_says=ORDER_NO_SAYS,
                example="12345-20261120-0001",
            ),
            "finished",
        ),
        REPORTS: _side(
            REPORTS,
            Text(
                about="转办单的id",
                most=36,
                required=True,
                pattern=_UUID,
                pattern_says="应为转办单的id（UUID）。",
                example="6f0e8c52-3b1d-4d0b-9a53-0f3c2a4d5e6f",
            ),
            "submitted",
        ),
    },
    {
        "anyOf": [{"required": [kind], "properties": {kind: {"type": "object"}}} for kind in KINDS],
        "examples": [_example()],
    },
)


def parse_day(text: str) -> dt.date:
    """The day of the address.

    Raises:
        ApiProblem: it is none, or it is still to come.
    """
    problems: Problems = {}
    day: dt.date | None = _DAY.check(text, "path/date", problems)
    if day is not None and day > timezone.localdate():
        problems["path/date"] = ("out_of_range", "还没有到这一天，没有可对的账。")
    if problems or day is None:
        raise refusal(problems)
    return day


def parse_figures(value: Any) -> dict[str, Any]:
    """The hotline's figures as the service takes them.

    Returns:
        theirs, items, taken_at.

    Raises:
        ApiProblem: with every fault by its pointer; also where items do not fit their group.
    """
    problems: Problems = {}
    found = FIGURES.check(value, "", problems)
    if not problems and found[ORDERS] is None and found[REPORTS] is None:
        problems[ORDERS] = ("required", "orders 和 reports 至少要有一个。")
    theirs: Figures = {}
    items: dict[str, dict[str, list[Item]]] = {}
    if not problems:
        for kind in KINDS:
            if found[kind] is not None:
                theirs[kind], items[kind] = _fitting(kind, found[kind], problems)
    if problems:
        raise refusal(problems)
    return {"theirs": theirs, "items": items, "taken_at": found["taken_at"]}


def _fitting(kind: str, side: dict[str, Any], problems: Problems) -> tuple[Groups, dict[str, list[Item]]]:
    """Groups and items of a kind; what does not fit is told, so that an error of counting is found at once."""
    groups: Groups = {}
    places: dict[str, int] = {}
    for place, group in enumerate(side["groups"]):
        if group["state"] in places:
            problems[f"{kind}/groups/{place}/state"] = ("duplicate", "这个状态已经有一组。")
        places[group["state"]] = place
        if group["count"]:
            groups[group["state"]] = (group["count"], group["digest"])
    items: dict[str, list[Item]] = {}
    known: set[str] = set()
    for place, one in enumerate(side["items"]):
        number = one["number"].lower() if kind == REPORTS else one["number"]
        if number in known:
            problems[f"{kind}/items/{place}/number"] = ("duplicate", "这个编号重复。")
        known.add(number)
        if one["state"] not in groups:
            problems[f"{kind}/items/{place}/state"] = ("no_group", "groups 里没有这个状态的组，或者写的是0件。")
        items.setdefault(one["state"], []).append(Item(number, one["state"], one["digest"], one["version"]))
    for state, told in items.items():
        if state in groups:
            _fits(groups[state], told, f"{kind}/groups/{places[state]}", problems)
    return groups, items


def _fits(group: tuple[int, str], told: list[Item], at: str, problems: Problems) -> None:
    count, digest = group
    if count != len(told):
        problems[f"{at}/count"] = ("not_the_items", f"items 里这个状态有{len(told)}件，与{count}件不符。")
    elif digest != (right := group_digest((one.number, one.digest) for one in told)):
        problems[f"{at}/digest"] = ("not_the_items", f"与 items 里这个状态的{count}件算出的不同，应为 {right}。")


# -- out -----------------------------------------------------------------------------------------------
def _iso(moment: dt.datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat() if moment else None


def _groups_out(groups: Groups) -> list[dict[str, Any]]:
    return [{"state": state, "count": count, "digest": digest} for state, (count, digest) in sorted(groups.items())]


def _side_out(found: ReconciledDay, kind: str) -> dict[str, Any] | None:
    if kind not in found.ours:
        return None
    theirs = found.theirs.get(kind) if found.theirs is not None else None
    return {
        "ours": _groups_out(found.ours[kind]),
        "theirs": _groups_out(theirs) if theirs is not None else None,
        "is_same": found.ours[kind] == theirs if theirs is not None else None,
    }


def _difference_out(one: ReconciliationDifference) -> dict[str, Any]:
    ours = {"state": one.our_state, "digest": one.our_digest} if one.our_digest else None
    theirs = (
        {"state": one.their_state, "digest": one.their_digest, "version": one.their_version}
        if one.their_digest
        else None
    )
    return {"kind": one.kind, "number": one.number, "problem": one.problem, "ours": ours, "theirs": theirs}


def day_out(found: ReconciledDay) -> dict[str, Any]:
    """A day as its hotline reads it."""
    kept = found.reconciliation
    return {
        "date": found.day.isoformat(),
        "state": found.state,
        **{kind: _side_out(found, kind) for kind in KINDS},
        "differences_total": found.open_count,
        "differences": [_difference_out(one) for one in found.differences],
        "wanted": [{"number": one.number, "problem": one.problem} for one in found.wanted],
        "items_wanted": {kind: (kept.items_wanted if kept else {}).get(kind, []) for kind in KINDS},
        "closed_at": _iso(kept.closed_at if kept else None),
        "taken_at": _iso(kept.taken_at if kept else None),
        "told_at": _iso(kept.told_at if kept else None),
        "agreed_at": _iso(kept.agreed_at if kept else None),
    }


# -- schema --------------------------------------------------------------------------------------------
def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


_DIGEST: dict[str, Any] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_TIME_OR_NONE: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}


def _side_schema(kind: str) -> dict[str, Any]:
    groups = {
        "type": "array",
        "items": _object(
            state={"type": "string", "enum": list(states_of(kind).values)}, count={"type": "integer"}, digest=_DIGEST
        ),
    }
    found = _object(
        ours={**groups, "description": "平台上现在的数"},
        theirs={**groups, "type": ["array", "null"], "description": "热线最近一次报的数；没有报过为null"},
        is_same={"type": ["boolean", "null"], "description": "现在是否完全相同"},
    )
    return {**found, "type": ["object", "null"], "description": f"{ReconciledKind(kind).label}；没有权限范围的为null"}


def _states_schema(kind: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": list(states_of(kind).values)}}


_PROBLEM = {
    "type": "string",
    "enum": list(DifferenceKind.values),
    "description": "，".join(f"`{code}` {label}" for code, label in DifferenceKind.choices),
}
_ONE_SIDE = _object(state={"type": "string"}, digest=_DIGEST)
DAY_OUT = _object(
    date={"type": "string", "format": "date", "description": "北京时间的一天：工单按受理时间，转办单按建立时间"},
    state={
        "type": "string",
        "enum": list(ReconciliationState.values),
        "description": "，".join(f"`{code}` {label}" for code, label in ReconciliationState.choices),
    },
    orders=_side_schema(ORDERS),
    reports=_side_schema(REPORTS),
    differences_total={"type": "integer", "description": "还有差异的件数"},
    differences={
        "type": "array",
        "description": f"逐件的差异，最多列{MOST_SHOWN}件",
        "items": _object(
            kind={"type": "string", "enum": list(KINDS)},
            number={"type": "string", "description": "工单编号，或者转办单的id"},
            problem=_PROBLEM,
            ours={**_ONE_SIDE, "type": ["object", "null"]},
            theirs={
                **_object(**_ONE_SIDE["properties"], version={"type": ["integer", "null"]}),
                "type": ["object", "null"],
            },
        ),
    },
    wanted={
        "type": "array",
        "description": "平台请热线重新报送（PUT）的工单；收到以后自动从这里去掉",
        "items": _object(number={"type": "string"}, problem=_PROBLEM),
    },
    items_wanted={
        **_object(orders=_states_schema(ORDERS), reports=_states_schema(REPORTS)),
        "description": "这些状态的组不相同，而热线没有逐件报：请带上它们的items再报一次",
    },
    closed_at=_TIME_OR_NONE,
    taken_at=_TIME_OR_NONE,
    told_at=_TIME_OR_NONE,
    agreed_at={**_TIME_OR_NONE, "description": "最近一次两边一致的时间"},
)
TELL_OUT = _object(
    outcome={
        "type": "string",
        "enum": ["stored", "stale"],
        "description": "`stored` 已记下，`stale` 统计时间比平台上的旧，没有记",
    },
    **DAY_OUT["properties"],
)
