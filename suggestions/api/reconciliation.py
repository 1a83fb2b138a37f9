"""/api/v1/hotline/reconciliation/<date>: both sides' figures of a day, what differs, and what is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import OpenApiParameter, extend_schema

from liaison.api.links import link
from liaison.api.view import ClientAPIView
from liaison.permissions import Permission as P  # noqa: N817
from suggestions.selectors.reconciliation import KINDS, ORDERS, day_of, get_own_reconciliation
from suggestions.serializers.reconciliation import DAY_OUT, FIGURES, TELL_OUT, day_out, parse_day, parse_figures
from suggestions.services.reconciliation import reconciliation_tell

if TYPE_CHECKING:
    import datetime as dt

    from django.http import HttpResponse
    from rest_framework.request import Request

    from suggestions.models import Reconciliation

#: Twenty thousand items of usual length; Django itself reads no larger body.
_BYTES = 5 * 1024 * 1024
_DATE = OpenApiParameter(
    "date", {"type": "string", "format": "date"}, OpenApiParameter.PATH, description="北京时间的日期，例如 2026-11-20"
)


class ReconciliationView(ClientAPIView):
    """一天的对账。"""

    permissions = {"GET": P.HOTLINE_ORDERS_READ, "PUT": P.HOTLINE_ORDERS_WRITE}
    problems = {"GET": ("invalid_input",)}
    links = {
        "GET": {
            "tell": link("reconciliation_put", date="$request.path.date"),
            "wanted": link("order_put", order_no="$response.body#/wanted/0/number"),
        },
        "PUT": {"day": link("reconciliation_get", date="$request.path.date")},
    }
    max_body = _BYTES

    @extend_schema(
        operation_id="reconciliation_get",
        summary="读取一天的对账",
        description=(
            "平台上现在的件数和摘要、热线最近一次报的、逐件的差异，和平台请热线重新报送的工单。"
            "转办单的数要有 hotline.reports:read 才给出。"
        ),
        parameters=[_DATE],
        responses={200: DAY_OUT},
    )
    def get(self, request: Request, date: str) -> HttpResponse:
        """Both sides as they stand."""
        day = parse_day(date)
        return self.answer(self._day(day, get_own_reconciliation(self.actor, day)))

    @extend_schema(
        operation_id="reconciliation_put",
        summary="报送热线一侧的数",
        description=(
            "按状态报件数和摘要；有差异的组再带上逐件的items，平台就能逐件指出。可以重复报，后统计的覆盖先统计的。"
            "应答就是比较的结果。摘要怎样算、差异怎样补齐，见接口说明“对账”。"
        ),
        parameters=[_DATE],
        request={"application/json": FIGURES.schema()},
        responses={200: TELL_OUT},
    )
    def put(self, request: Request, date: str) -> HttpResponse:
        """Keep the hotline's figures and compare."""
        day = parse_day(date)
        kept, outcome = reconciliation_tell(actor=self.actor, day=day, **parse_figures(request.data))
        return self.answer({"outcome": outcome, **self._day(day, kept)})

    def _day(self, day: dt.date, kept: Reconciliation | None) -> dict[str, Any]:
        kinds = KINDS if self.actor.can(P.HOTLINE_REPORTS_READ) else (ORDERS,)
        return day_out(day_of(self.actor.client_id or 0, day, kept, kinds))
