"""Endpoints for the tests of the API kernel: a list of holidays that a client may read and write."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import include, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from liaison.api.etags import etag_of, require_match
from liaison.api.view import ClientAPIView
from liaison.models import Holiday
from liaison.permissions import Permission
from liaison.serializers.strict import StrictSerializer, ZonedDateTimeField


class Part(StrictSerializer):
    size = serializers.IntegerField()


class HolidayIn(StrictSerializer):
    name = serializers.CharField(max_length=10)
    at = ZonedDateTimeField(required=False)
    count = serializers.IntegerField(required=False)
    parts = serializers.ListField(child=Part(), required=False)


def shown(holiday: Holiday) -> dict[str, Any]:
    return {"date": str(holiday.date), "name": holiday.name}


class Holidays(ClientAPIView):
    permissions: ClassVar[Any] = {"GET": Permission.HOTLINE_ORDERS_READ}
    paged = True

    @extend_schema(summary="假日", responses=HolidayIn(many=True))
    def get(self, request: Any) -> Any:
        return self.page(Holiday.objects.all(), show=shown, order=("date",))


class OneHoliday(ClientAPIView):
    permissions: ClassVar[Any] = {
        "GET": Permission.HOTLINE_ORDERS_READ,
        "PUT": Permission.HOTLINE_ORDERS_WRITE,
        "PATCH": Permission.HOTLINE_ORDERS_WRITE,
    }
    max_body = 2000

    @extend_schema(responses=HolidayIn)
    def get(self, request: Any, day: str) -> Any:
        holiday = Holiday.objects.get(date=day)
        return self.answer(shown(holiday), etag=holiday.name.encode().hex())

    @extend_schema(request=HolidayIn, responses=HolidayIn)
    def put(self, request: Any, day: str) -> Any:
        """Adds one each time it really runs: a second run is an integrity error."""
        name = self.read(HolidayIn)["name"]
        holiday = Holiday.objects.create(date=day, name=name, is_off=True, source_url="https://www.gov.cn/x.htm")
        if name == "坏的":
            raise ValueError("nobody foresaw this")
        return self.answer(shown(holiday), status=201, etag=name.encode().hex())

    @extend_schema(request=HolidayIn, responses=HolidayIn)
    def patch(self, request: Any, day: str) -> Any:
        holiday = Holiday.objects.get(date=day)
        require_match(request, etag_of(holiday.name.encode().hex()))
        return self.answer(shown(holiday))


probes = [
    path("holidays", Holidays.as_view(), name="holidays"),
    path("holidays/<str:day>", OneHoliday.as_view(), name="holiday"),
]
urlpatterns = [path("api/v1/probe/", include((probes, "probe"))), path("", include("liaison.urls"))]
