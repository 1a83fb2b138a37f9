"""Reading reports to the hotline: for the hotline, for staff, for deputies on their phones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from liaison.exceptions import NotFound
from liaison.masking import mask_name, mask_phone, mask_text
from liaison.selectors.counts import capped_counts
from liaison.selectors.deadline import subjects_with_light
from liaison.selectors.timeline import timeline_of
from suggestions.models import HotlineReport
from suggestions.states_hotline import ANSWERED_STATES, LIVE_STATES

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor
    from liaison.selectors.timeline import TimelineEntry
    from suggestions.models import HotlineEvent, Opinion

CLOCKS = ("hotline_reply", "hotline_return")
_RELATED = ("client__organisation", "office", "mandate__person", "opinion")


@dataclass(frozen=True, slots=True)
class ReportTab:
    """A saved view of the list."""

    code: str
    label: str
    empty: tuple[str, str]


TABS = (
    ReportTab("live", "热线办理中", ("没有热线正在办理的", "转12345的意见，热线反馈以前都在这里。")),
    ReportTab("pass", "待转告", ("没有待转告的", "热线反馈以后，由转办的代表或者工作人员转告反映人。")),
    ReportTab("judge", "待评判", ("没有待评判的", "转告以后，请回答是否已经解决。")),
    ReportTab(
        "all", "全部", ("还没有转12345的", "把群众反映的、属于政府管理和服务的事转给12345热线，热线办理后反馈。")
    ),
)


def tab_of(code: str) -> ReportTab:
    """The tab of this code; the first one when there is none."""
    return next((tab for tab in TABS if tab.code == code), TABS[0])


def _in_tab(tab: ReportTab, rows: QuerySet[HotlineReport]) -> QuerySet[HotlineReport]:
    answered = Q(status__in=ANSWERED_STATES)
    if tab.code == "live":
        return rows.filter(status__in=LIVE_STATES)
    if tab.code == "pass":
        return rows.filter(answered, passed_at=None)
    if tab.code == "judge":
        return rows.filter(answered, passed_at__isnull=False, solved=None)
    return rows


def report_rows(actor: Actor, tab: ReportTab) -> QuerySet[HotlineReport]:
    """The reports of a tab."""
    rows = HotlineReport.objects.visible_to(actor).select_related(*_RELATED).defer("opinion__search", "text", "result")
    return _in_tab(tab, rows)


def tab_counts(actor: Actor) -> dict[str, int]:
    """How many lie in each tab but the last (one query)."""
    rows = HotlineReport.objects.visible_to(actor)
    return capped_counts({tab.code: _in_tab(tab, rows) for tab in TABS if tab.code != "all"})


def by_light(rows: QuerySet[HotlineReport], code: str) -> QuerySet[HotlineReport]:
    """Those of which an open clock shows this light."""
    return subjects_with_light(rows, code, kinds=CLOCKS)


@dataclass(frozen=True, slots=True)
class ReportsWaiting:
    """What waits for the deputy, or for the office where no deputy reported it."""

    to_pass: int
    to_judge: int
    overdue: int


def waiting_for(actor: Actor) -> ReportsWaiting:
    """What waits for the actor themselves (one query)."""
    rows = HotlineReport.objects.visible_to(actor)
    if actor.is_deputy:
        rows = rows.filter(mandate_id__in=actor.mandate_ids)
        mine = rows
    else:
        rows = rows.filter(office_id=actor.organisation_id or 0)
        mine = rows.filter(mandate=None)
    counts = capped_counts(
        {
            "pass": _in_tab(TABS[1], mine),
            "judge": _in_tab(TABS[2], mine),
            "overdue": by_light(rows, "overdue"),
        }
    )
    return ReportsWaiting(counts["pass"], counts["judge"], counts["overdue"])


def get_report_for(actor: Actor, public_id: UUID | str) -> HotlineReport:
    """The one door.

    Raises:
        NotFound: no such report, or not visible to the actor.
    """
    rows = HotlineReport.objects.visible_to(actor).select_related(*_RELATED, "opinion__office")
    report = rows.defer("opinion__search").filter(public_id=public_id).first()
    if report is None:
        raise NotFound
    return report


def own_reports(actor: Actor) -> QuerySet[HotlineReport]:
    """A hotline's reports for its list."""
    return HotlineReport.objects.visible_to(actor).select_related("office", "mandate__person")


def events_of(report: HotlineReport) -> list[HotlineEvent]:
    """What the hotline told of it, oldest first."""
    return list(report.events.all())


def report_of(opinion: Opinion) -> HotlineReport | None:
    """The newest report of an opinion (one query), for pages that the opinion may be read on."""
    rows = HotlineReport.objects.unscoped(reason="who reads the opinion reads where it went")
    return rows.filter(opinion=opinion).select_related("client__organisation", "mandate").last()


def report_timeline(report: HotlineReport) -> list[TimelineEntry]:
    """Every step with its clocks, oldest first; numbers in the hotline's words covered."""
    entries = timeline_of([report], slot_titles={})
    return [replace(entry, reason=mask_text(entry.reason)) for entry in entries]


def contact_of(report: HotlineReport) -> str:
    """The person as others read them, covered."""
    return " ".join(part for part in (mask_name(report.person_name), mask_phone(report.person_phone)) if part)


def is_reporter(actor: Actor, report: HotlineReport) -> bool:
    """Whether it is the actor's to pass on and to judge."""
    if actor.is_deputy:
        return report.mandate_id in actor.mandate_ids
    return actor.is_congress and report.office_id == actor.organisation_id


def facts_of(report: HotlineReport) -> dict[str, Any]:
    """What the page shows of it, covered."""
    return {
        "text": mask_text(report.text),
        "place": mask_text(report.place),
        "result": mask_text(report.result),
        "contact": contact_of(report),
    }
