"""/api/v1/hotline/reports: what deputies hand to the hotline, and what the hotline tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema

from liaison.api.links import link
from liaison.api.view import ClientAPIView
from liaison.permissions import Permission as P  # noqa: N817
from suggestions.selectors.hotline_report import events_of, get_report_for, own_reports
from suggestions.serializers.hotline_report import EVENT, event_out, parse_event, report_out
from suggestions.serializers.hotline_schema import EVENT_OUT, PAGE_OF_REPORTS, REPORT_OUT
from suggestions.services.hotline_event import report_event

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse
    from rest_framework.request import Request


class ReportListView(ClientAPIView):
    """转办单列表。"""

    permissions = {"GET": P.HOTLINE_REPORTS_READ}
    paged = True
    links = {
        "GET": {
            "report": link("report_get", public_id="$response.body#/items/0/id"),
            "event": link("report_event", public_id="$response.body#/items/0/id"),
            "next": link("reports_list", cursor="$response.body#/cursor"),
        }
    }

    @extend_schema(
        operation_id="reports_list",
        summary="读取转办单",
        description=(
            "按变动先后排列。读到末尾后记住 cursor，以后用它接着读，只得到新增的和有变动的，不会遗漏；"
            "同一件有了新的变动会再次出现。热线自己发来的事件不算变动。"
        ),
        responses={200: PAGE_OF_REPORTS},
    )
    def get(self, request: Request) -> HttpResponse:
        """What changed since the cursor, in order."""
        return self.page(own_reports(self.actor), show=report_out, order=("feed_no",))


class ReportView(ClientAPIView):
    """一件转办单。"""

    permissions = {"GET": P.HOTLINE_REPORTS_READ}
    links = {"GET": {"event": link("report_event", public_id="$request.path.public_id")}}

    @extend_schema(operation_id="report_get", summary="读取一件转办单", responses={200: REPORT_OUT})
    def get(self, request: Request, public_id: UUID) -> HttpResponse:
        """The report with its events."""
        report = get_report_for(self.actor, public_id)
        return self.answer(report_out(report, events=events_of(report)), etag=report.version)


class ReportEventView(ClientAPIView):
    """转办单的办理事件。"""

    permissions = {"POST": P.HOTLINE_REPORTS_WRITE}
    problems = {"POST": ("illegal_step", "event_id_reused")}
    links = {"POST": {"report": link("report_get", public_id="$request.path.public_id")}}

    @extend_schema(
        operation_id="report_event",
        summary="告知一个办理事件",
        description=(
            "按办理先后告知。同一个 event_id 重复发送只记一次，回答200；"
            "不符合当前状态的回答409，说明现在可以发哪些事件。"
        ),
        request={"application/json": EVENT.schema()},
        responses={200: EVENT_OUT, 201: EVENT_OUT},
    )
    def post(self, request: Request, public_id: UUID) -> HttpResponse:
        """Take the event in."""
        told = report_event(actor=self.actor, public_id=public_id, values=parse_event(request.data))
        body = {"event": event_out(told.event), "report": report_out(told.report)}
        return self.answer(body, status=201 if told.is_new else 200, etag=told.report.version)
