"""The hotline of 益阳 for tests: its client with a token, and what it sends."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application

from liaison.actor import client_actor
from liaison.models import ApiClient, Organisation
from liaison.permissions import SCOPE_PERMISSIONS, OrganisationKind
from suggestions.models import HotlineOrder, HotlineReport
from suggestions.serializers.hotline_order import parse_order
from suggestions.services.hotline_order import order_put
from suggestions.services.hotline_report import opinion_report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpResponse

    from liaison.actor import Actor
    from liaison.models import Region
    from tests.cast import Cast
    from tests.suggestions.opinions import Scene

SCOPES = tuple(SCOPE_PERMISSIONS)
ORDERS = "/api/v1/hotline/orders"
REPORTS = "/api/v1/hotline/reports"


@dataclass
class Hotline:
    """One hotline's client."""

    client: ApiClient
    token: str

    @property
    def actor(self) -> Actor:
        office = self.client.organisation
        return client_actor(
            client_id=self.client.pk,
            name=self.client.name,
            organisation_id=office.pk,
            organisation_name=office.name,
            organisation_kind=OrganisationKind.HOTLINE,
            region_prefix=office.region.prefix,
            scopes=self.client.scopes,
        )

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """One request with the token; the body as JSON."""
        return Client(raise_request_exception=False).generic(
            method,
            path,
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", **headers},
        )

    def put(self, order_no: str = "A-1", **values: Any) -> HttpResponse:
        return self.send("PUT", f"{ORDERS}/{order_no}", order(**values))

    def told(self, order_no: str = "A-1", **values: Any) -> HotlineOrder:
        """An order by the service."""
        order_put(actor=self.actor, order_no=order_no, values=parse_order(order(**values)))
        return HotlineOrder.objects.get(client=self.client, order_no=order_no)

    def tell(self, report: HotlineReport, kind: str, **values: Any) -> HttpResponse:
        """One event of a report."""
        body = {"event_id": uuid.uuid4().hex, "kind": kind, "at": timezone.now().isoformat()} | values
        return self.send("POST", f"{REPORTS}/{report.public_id}/events", body)

    def lead(self, report: HotlineReport, *kinds: str) -> HotlineReport:
        """Several events, each with words."""
        for kind in kinds:
            answer = self.tell(report, kind, words="已按要求办理。", unit="赫山区城管局")
            assert answer.status_code == 201, answer.content.decode()
        report.refresh_from_db()
        return report


def make_hotline(
    cast: Cast, region: Region | None = None, *, name: str = "12345", scopes: Iterable[str] = SCOPES
) -> Hotline:
    """A hotline centre with a client and a token for an hour."""
    where = region or cast.regions["city"]
    office, _ = Organisation.objects.get_or_create(
        name=f"{where.name}12345热线服务中心", region=where, defaults={"kind": OrganisationKind.HOTLINE}
    )
    application = Application.objects.create(
        name=f"{where.code}-{name}", client_type="confidential", authorization_grant_type="client-credentials"
    )
    client = ApiClient.objects.create(application=application, name=name, organisation=office, scopes=list(scopes))
    token = uuid.uuid4().hex
    AccessToken.objects.create(
        application=application,
        token=token,
        scope=" ".join(scopes),
        expires=timezone.now() + dt.timedelta(hours=1),
    )
    return Hotline(client, token)


def order(**values: Any) -> dict[str, Any]:
    """An order as the hotline sends it."""
    return {
        "version": 1,
        "kind": "complaint",
        "channel": "phone",
        "person": {"name": "张先生", "phone": "13900001111"},
        "region_code": "430903",
        "place": "桃花仑路口",
        "class": {"code": "0302", "path": ["城乡建设", "市容环卫"]},
        "title": "夜宵摊油烟扰民",
        "text": "每晚营业到凌晨，油烟直排居民楼。",
        "accepted_at": timezone.now().isoformat(),
        "state": "accepted",
        "steps": [{"step_id": "s1", "kind": "accepted", "at": timezone.now().isoformat(), "words": "已受理"}],
    } | values


REPORT = {"title": "高桥村村口路灯不亮", "kind": "help", "text": "村口两盏路灯坏了半个月。"}


def reported(hotline: Hotline, scene: Scene, **values: Any) -> HotlineReport:
    """An opinion of the deputy's station that the deputy handed to the hotline."""
    opinion = scene.received(phone="13973712345")
    return opinion_report(actor=scene.deputy, public_id=opinion.public_id, version=None, values={**REPORT, **values})
