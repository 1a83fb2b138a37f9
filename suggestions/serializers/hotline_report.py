"""What a hotline reads of the reports that go to it (转办单), and the events that it tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from suggestions.serializers.shapes import SOME_TEXT, Choice, Day, Flag, Moment, Shape, Text
from suggestions.services.hotline_event import NEEDS_WORDS
from suggestions.states_hotline import ReportEvent, events_open_to

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from suggestions.models import HotlineEvent, HotlineReport


def _then(kinds: Iterable[str], name: str) -> dict[str, Any]:
    """For these events the field must say something."""
    return {
        "if": {"required": ["kind"], "properties": {"kind": {"enum": [str(one) for one in kinds]}}},
        "then": {"required": [name], "properties": {name: {"type": "string", "pattern": SOME_TEXT}}},
    }


EVENT = Shape(
    "HotlineReportEvent",
    {
        "event_id": Text(
            about="事件标识，由热线一方生成，在本客户端内唯一；同一事件重复发送只记一次",
            most=64,
            required=True,
            pattern=r"[A-Za-z0-9][A-Za-z0-9_.:\-]{0,63}",
            pattern_says="事件标识用字母、数字、短横线、下划线、冒号和点，最多64位。",
            example="evt-20261122-0001",
        ),
        "kind": Choice(about="事件", of=ReportEvent, required=True, example="accepted"),
        "at": Moment(about="发生时间", required=True, example="2026-11-22T09:30:00+08:00"),
        "unit": Text(about="办理单位；派单、签收时记为承办单位", most=120, example="赫山区城市管理和综合执法局"),
        "words": Text(
            about="说明。不予受理、退单、延期、重办写理由，反馈写办理结果，都必须有",
            most=2000,
            example="属于政府管理事项，予以受理。",
        ),
        "until": Day(about="延期至哪一天；只用于延期，必须有", example="2026-12-10"),
        "satisfied": Flag(about="回访是否满意；只用于回访"),
        "hotline_no": Text(about="热线为这件转办单立的工单编号", most=64, example="12345-20261122-0007"),
    },
    {"allOf": [_then(NEEDS_WORDS, "words"), _then([ReportEvent.EXTENDED], "until")]},
)


def parse_event(value: Any) -> dict[str, Any]:
    """One event as the service takes it.

    Raises:
        ApiProblem: with every fault by its pointer.
    """
    return EVENT.parse(value)


def _iso(moment: dt.datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat() if moment else None


def event_out(event: HotlineEvent) -> dict[str, Any]:
    """One event as it was taken in."""
    return {
        "event_id": event.event_id,
        "kind": event.kind,
        "at": _iso(event.at),
        "unit": event.unit_name,
        "words": event.words,
        "until": event.until.isoformat() if event.until else None,
        "satisfied": event.satisfied,
        "received_at": _iso(event.created_at),
    }


def report_out(report: HotlineReport, *, events: list[HotlineEvent] | None = None) -> dict[str, Any]:
    """A report as its hotline reads it.

    Args:
        report: with office and mandate's person at hand.
        events: what the hotline told of it; left out of lists.
    """
    found: dict[str, Any] = {
        "id": str(report.public_id),
        "number": report.number,
        "status": report.status,
        "allowed_events": events_open_to(report.status),
        "kind": report.kind,
        "title": report.title,
        "text": report.text,
        "region_code": report.region_code,
        "place": report.place,
        "class": report.class_path,
        "person": {"name": report.person_name, "phone": report.person_phone},
        "is_complex": report.is_complex,
        "scope_note": report.scope_note,
        "reported_by": f"{report.mandate.person.name}代表" if report.mandate else report.office.name,
        "office": report.office.name,
        "hotline_no": report.hotline_no,
        "solved": report.solved,
        "solved_words": report.solved_words,
        "passed_at": _iso(report.passed_at),
        "created_at": _iso(report.created_at),
        "changed_at": _iso(report.updated_at),
    }
    if events is not None:
        found["events"] = [event_out(event) for event in events]
    return found
