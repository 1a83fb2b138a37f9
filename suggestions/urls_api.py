"""``/api/v1/hotline/``: what the 12345 hotline's platform reads and writes."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from suggestions.api import hotline_order, hotline_report, reconciliation

app_name = "hotline"

urlpatterns: list[URLPattern | URLResolver] = [
    path("orders", hotline_order.OrderListView.as_view(), name="orders"),
    path("orders/batch", hotline_order.OrderBatchView.as_view(), name="orders_batch"),
    path("orders/<str:order_no>", hotline_order.OrderView.as_view(), name="order"),
    path("orders/<str:order_no>/attachments", hotline_order.OrderAttachmentView.as_view(), name="order_attachments"),
    path("reports", hotline_report.ReportListView.as_view(), name="reports"),
    path("reports/<uuid:public_id>", hotline_report.ReportView.as_view(), name="report"),
    path("reports/<uuid:public_id>/events", hotline_report.ReportEventView.as_view(), name="report_events"),
    path("reconciliation/<str:date>", reconciliation.ReconciliationView.as_view(), name="reconciliation"),
]
