"""``GET /api/v1/whoami``: the first thing an engineer calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers

from liaison.api.view import ClientAPIView
from liaison.serializers.strict import StrictSerializer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse
    from rest_framework.request import Request

    from liaison.permissions import Permission


class WhoAmI(StrictSerializer):
    """Who the platform takes the caller for."""

    client_id = serializers.CharField(help_text="客户端编号")
    name = serializers.CharField(help_text="客户端名称")
    organisation = serializers.CharField(help_text="所属机构")
    region_prefix = serializers.CharField(help_text="数据范围：行政区划代码以此开头")
    scopes = serializers.ListField(child=serializers.CharField(), help_text="本次请求可用的权限范围")
    server_time = serializers.DateTimeField(help_text="平台时间，用来校准时钟")


class WhoAmIView(ClientAPIView):
    """Who is asking."""

    permissions: ClassVar[Mapping[str, Permission | None]] = {"GET": None}

    @extend_schema(
        operation_id="whoami",
        summary="查看自己的身份",
        description="用来检查令牌或签名是否有效、有哪些权限范围、时钟差多少。不读取任何业务数据。",
        tags=["身份"],
        responses=WhoAmI,
        examples=[
            OpenApiExample(
                "ok",
                response_only=True,
                value={
                    "client_id": "client-3f9a0c61d2b84e57",
                    "name": "12345工单系统",
                    "organisation": "益阳市12345政务服务便民热线",
                    "region_prefix": "4309",
                    "scopes": ["hotline.orders:read", "hotline.orders:write"],
                    "server_time": "2026-11-22T09:30:00+08:00",
                },
            )
        ],
    )
    def get(self, request: Request) -> HttpResponse:
        """Name, scopes and the server's time."""
        caller = self.caller
        if caller is None:
            raise TypeError("a handler runs for a caller")
        return self.answer(
            {
                "client_id": caller.public_client_id,
                "name": caller.name,
                "organisation": caller.organisation_name,
                "region_prefix": caller.region_prefix,
                "scopes": sorted(caller.scopes),
                "server_time": timezone.localtime().isoformat(timespec="seconds"),
            }
        )
