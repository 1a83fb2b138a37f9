"""JSON schemas of what the hotline gets back, for the OpenAPI document; and the conditions of the list of orders."""

from __future__ import annotations

from typing import Any

from suggestions.models import OrderKind
from suggestions.serializers.hotline_order import ORDER, STEP
from suggestions.serializers.hotline_report import EVENT
from suggestions.serializers.shapes import Choice, Day, Flag, Moment, Shape, Text, Value
from suggestions.states_hotline import OrderState, ReportEvent, ReportStatus

FILTERS = Shape(
    "HotlineOrderConditions",
    {
        "state": Choice(about="状态", of=OrderState),
        "kind": Choice(about="诉求类型", of=OrderKind),
        "region_code": Text(
            about="事发区划代码", most=9, pattern=r"[0-9]{6}([0-9]{3})?", pattern_says="应为6位或9位数字。"
        ),
        "accepted_from": Moment(about="受理时间，从（含）"),
        "accepted_to": Moment(about="受理时间，到（不含）"),
        "changed_from": Moment(about="平台上最近变动的时间，从（含）"),
    },
)

_TEXT: dict[str, Any] = {"type": "string"}
_BASE = "https://liaison.example.gov.cn/api/v1"
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_TIME_OR_NONE: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}
_ID: dict[str, Any] = {"type": "string", "format": "uuid"}


def _text(example: str) -> dict[str, Any]:
    return {"type": "string", "examples": [example]}


def _text_or_none(example: str) -> dict[str, Any]:
    return {"type": ["string", "null"], "examples": [example]}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _as_kept(value: Value) -> dict[str, Any]:
    """A value as it is read back: a text that was not sent is empty, a time, a day or a flag is null."""
    found = {name: one for name, one in value.described().items() if name not in ("pattern", "examples")}
    may_be_null = not value.required and isinstance(value, Moment | Day | Flag)
    return {**found, "type": [found["type"], "null"]} if may_be_null else found


def _list_of(one: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": one}


def _page_of(one: dict[str, Any]) -> dict[str, Any]:
    return _object(
        items=_list_of(one),
        next={**_text_or_none(f"{_BASE}/hotline/reports?cursor=eyJ2IjpbNDJdfQ"), "format": "uri"},
        cursor=_text_or_none("eyJ2IjpbNDJdfQ"),
    )


_PERSON = _object(name=_TEXT, phone=_TEXT)
_ORDER_BRIEF = _object(
    order_no=_TEXT,
    version={"type": ["integer", "null"]},
    updated_at=_TIME_OR_NONE,
    **{
        name: _as_kept(one)
        for name, one in ORDER.fields.items()
        if name not in ("version", "updated_at", "person", "class", "steps", "report_id")
    },
    person=_PERSON,
    report_id={"type": ["string", "null"], "format": "uuid"},
    digest={**_TEXT, "description": "内容摘要（SHA-256），用于对账"},
    received_at=_TIME,
    congress={
        **_object(
            station=_text_or_none("泉交河镇人大代表联络站"),
            opinion_no=_text_or_none("意见2026-0012"),
            suggestion_no=_text_or_none("2026年第8号"),
            reply=_text_or_none("镇人大已约代表到现场查看，督促分时段经营。"),
            reply_by=_text_or_none("赫山区人大常委会联工委"),
            replied_at=_TIME_OR_NONE,
        ),
        "description": "人大一侧：关联的联络站、社情民意、代表建议，和给热线的回复",
    },
)
_ORDER_BRIEF["properties"]["class"] = _object(code=_TEXT, path=_list_of(_TEXT))
ORDER_OUT = {
    **_ORDER_BRIEF,
    "properties": {**_ORDER_BRIEF["properties"], "steps": _list_of(STEP.schema())},
}
PAGE_OF_ORDERS = _page_of(_ORDER_BRIEF)
PUT_OUT = _object(
    order_no=_TEXT,
    outcome={"type": "string", "enum": ["created", "updated", "unchanged", "stale"]},
    digest={**_TEXT, "description": "平台上现有内容的摘要"},
    new_steps={"type": "integer"},
)
BATCH_OUT = _object(
    stored={"type": "integer"},
    refused={"type": "integer"},
    items=_list_of(
        {
            "type": "object",
            "required": ["index", "order_no", "outcome"],
            "properties": {
                "index": {"type": "integer"},
                "order_no": _TEXT,
                "outcome": {"type": "string", "enum": ["created", "updated", "unchanged", "stale", "refused"]},
                "digest": _TEXT,
                "new_steps": {"type": "integer"},
                "problem": {"type": "object", "description": "与单件报送同样的错误说明"},
            },
        }
    ),
)
ATTACHMENTS_OUT = _object(
    files=_list_of(
        _object(
            id=_ID,
            name=_text("现场照片.jpg"),
            size={"type": "integer", "examples": [183205]},
            mime=_text("image/jpeg"),
            sha256=_text("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        )
    ),
    fetches=_list_of(
        _object(
            id=_ID,
            url=_TEXT,
            state={"type": "string", "enum": ["waiting", "done", "failed"]},
            reason={"type": ["string", "null"]},
        )
    ),
)
_EVENT_BRIEF = _object(
    **{name: _as_kept(one) for name, one in EVENT.fields.items() if name != "hotline_no"},
    received_at=_TIME,
)
_REPORT_BRIEF = _object(
    id=_ID,
    number=_text("意见2026-0012"),
    status={"type": "string", "enum": list(ReportStatus.values)},
    allowed_events=_list_of({"type": "string", "enum": list(ReportEvent.values)}),
    kind={"type": "string", "enum": list(OrderKind.values)},
    title=_TEXT,
    text=_TEXT,
    region_code=_TEXT,
    place=_TEXT,
    person=_PERSON,
    is_complex={"type": "boolean", "description": "情况复杂，办理时限较长"},
    scope_note=_text("“法院路”是路名，反映的是路灯。"),
    reported_by=_text("何光荣代表"),
    office=_text("赫山区人大常委会联工委"),
    hotline_no=_TEXT,
    solved={"type": ["boolean", "null"], "description": "代表的评判：已解决、没有解决；还没有评判为null"},
    solved_words=_text("路灯已经修好。"),
    passed_at=_TIME_OR_NONE,
    created_at=_TIME,
    changed_at=_TIME,
)
_REPORT_BRIEF["properties"]["class"] = _text("城乡建设/市政设施")
REPORT_OUT = {
    **_REPORT_BRIEF,
    "properties": {**_REPORT_BRIEF["properties"], "events": _list_of(_EVENT_BRIEF)},
}
PAGE_OF_REPORTS = _page_of(_REPORT_BRIEF)
EVENT_OUT = _object(event=_EVENT_BRIEF, report=_REPORT_BRIEF)
