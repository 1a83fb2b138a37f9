"""One suggestion, transfer and roster in every state, for the tests that look at every page."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from deputies.models import RosterImport, RotaDay, Station
from deputies.services.mandate import mandate_end
from liaison.models import AuditEntry, Job
from liaison.services.holiday import holiday_add
from liaison.services.job import job_run, job_start
from liaison.services.password_link import password_link_send
from suggestions.models import HotlineOrder, HotlineReport, Opinion, Reconciliation, RefusalClause, Suggestion, Transfer
from suggestions.services.cosign import cosigner_invite
from suggestions.services.draft import draft_attach
from suggestions.services.sorting import suggestion_refuse, suggestion_return
from tests.api import make_client, make_secret
from tests.deputies import open_stations
from tests.deputies.factories import make_mandate, previewed, roster_row
from tests.filemakers import png
from tests.suggestions import steps, transfers
from tests.suggestions.hotline import make_hotline, reported
from tests.suggestions.opinions import PHONE, Scene, build_scene
from tests.suggestions.reconciling import differing_day
from tests.webhooks import delivered

if TYPE_CHECKING:
    from tests.cast import Cast


@dataclass(frozen=True)
class World:
    """What there is, by name: addresses for the rounds are made from it."""

    cast: Cast
    suggestions: dict[str, Suggestion]
    transfers: dict[str, Transfer]
    opinions: dict[str, Opinion]
    hotline_order: HotlineOrder
    hotline_report: HotlineReport
    hotline_day: Reconciliation
    rosters: dict[str, RosterImport]
    job: Job
    holiday: dt.date
    ended: str
    password_link: str

    def suggestion(self, name: str, page: str = "detail") -> str:
        return reverse(f"suggestions:{page}", args=[self.suggestions[name].public_id])

    def transfer(self, name: str, page: str = "detail", *more: str) -> str:
        return reverse(f"transfers:{page}", args=[self.transfers[name].public_id, *more])

    def opinion(self, name: str, page: str = "opinions:detail") -> str:
        return reverse(page, args=[self.opinions[name].public_id])

    def order(self, page: str = "hotline:order") -> str:
        return reverse(page, args=[self.hotline_order.public_id])

    def report(self, page: str = "hotline:report") -> str:
        return reverse(page, args=[self.hotline_report.public_id])

    def reconciliation(self, page: str = "hotline:reconciliation") -> str:
        return reverse(page, args=[self.hotline_day.public_id])

    def client(self, page: str = "client") -> str:
        return reverse(f"system:{page}", args=[make_client(self.cast).public_id])

    def client_secret(self) -> str:
        """Its page to revoke it."""
        client = make_client(self.cast)
        secret = client.secrets.first() or make_secret(self.cast, client)[0]
        return reverse("system:client_secret_revoke", args=[secret.public_id])

    def webhook(self, page: str = "webhook") -> str:
        return reverse(f"system:{page}", args=[delivered(self.cast).endpoint.public_id])

    def webhook_delivery(self) -> str:
        return reverse("system:webhook_delivery", args=[delivered(self.cast).public_id])

    def person(self, name: str, page: str = "detail") -> str:
        return reverse(f"deputies:{page}", args=[self.cast.people[name].public_id])

    def mandate(self, name: str, page: str) -> str:
        return reverse(f"deputies:{page}", args=[self.cast.mandates[name].public_id])

    def congress(self, page: str, *more: Any) -> str:
        return reverse(f"congresses:{page}", args=[self.cast.congress.public_id, *more])

    def roster(self, name: str, page: str = "roster") -> str:
        return reverse(f"deputies:{page}", args=[self.rosters[name].public_id])

    def user(self, name: str, page: str = "user") -> str:
        return reverse(f"system:{page}", args=[self.cast.users[name].public_id])

    def office(self, name: str, page: str = "organisation") -> str:
        return reverse(f"system:{page}", args=[self.cast.offices[name].public_id])

    @property
    def rota_edit(self) -> str:
        """Of a reception day of a station, made when it is first asked for."""
        day = RotaDay.objects.order_by("pk").first()
        if day is None:
            station = Station.objects.get(opinions=self.opinions["received"])
            day = open_stations.rota(station, self.cast.mandates["deputy"])
        return reverse("stations:rota_edit", args=[day.public_id])

    @property
    def audit_entry(self) -> str:
        return reverse("audit", args=[AuditEntry.objects.order_by("pk").values_list("pk", flat=True)[0]])


def build_world(cast: Cast) -> World:
    """Make it all by the real services."""
    suggestions = _suggestions(cast)
    opinions = _opinions(cast)
    order, report, day = _hotline(cast, opinions["received"])
    return World(
        cast=cast,
        suggestions=suggestions,
        transfers=_transfers(cast, suggestions["registered"]),
        opinions=opinions,
        hotline_order=order,
        hotline_report=report,
        hotline_day=day,
        rosters=_rosters(cast),
        job=_job(cast),
        holiday=_holiday(cast),
        ended=_ended(cast),
        password_link=_password_link(cast),
    )


def _suggestions(cast: Cast) -> dict[str, Suggestion]:
    insider = cast.actor("insider")
    draft = steps.draft(cast, title="关于在桃花仑东路加装路灯的建议")
    photo = SimpleUploadedFile("路灯现场照片.png", png(), content_type="image/png")
    draft_attach(actor=cast.actor("deputy"), public_id=draft.public_id, upload=photo)
    cosigner_invite(
        actor=cast.actor("deputy"), public_id=draft.public_id, mandate_public_ids=[cast.mandates["cosigner"].public_id]
    )
    returned = steps.submitted(cast, title="关于改善农村饮水的建议")
    suggestion_return(actor=insider, public_id=returned.public_id, version=None, reason="请写明涉及哪几个村。")
    refused = steps.submitted(cast, title="关于个人工龄认定的建议")
    suggestion_refuse(
        actor=cast.actor("approver"),
        public_id=refused.public_id,
        version=None,
        clause_id=RefusalClause.objects.order_by("pk")[0].pk,
        reason="属于个人事项，请向人社部门反映。",
    )
    rework = steps.answered(cast, title="关于增加公交班次的建议")
    steps.rate(cast, rework, "dissatisfied")
    coordinating = steps.answered(cast, title="关于老旧小区加装电梯的建议")
    steps.rate(cast, coordinating, "dissatisfied")
    steps.answer(cast, coordinating)
    steps.rate(cast, coordinating, "dissatisfied")
    promised = {"result_class": "B", "promised_on": timezone.localdate() + dt.timedelta(days=40)}
    return {
        "draft": draft,
        "emptied": steps.draft(cast, title="关于整修村道的建议"),
        "returned": returned,
        "refused": refused,
        "submitted": steps.submitted(cast, cosigner="cosigner"),
        "registered": steps.registered(cast, title="关于清理资江非法采砂点的建议"),
        "assigned": steps.assigned(cast, title="关于整治餐饮油烟的建议"),
        "handling": steps.handling(cast, title="关于修复云梦路人行道的建议"),
        "answered": steps.answered(cast, title="关于增设社区食堂的建议", cosigner="cosigner"),
        "rework": rework,
        "coordinating": coordinating,
        "promised": steps.answered(cast, title="关于扩建八字哨镇卫生院的建议", values=promised),
        "closed": steps.closed(cast, title="关于增加校车线路的建议"),
    }


def _hotline(cast: Cast, opinion: Opinion) -> tuple[HotlineOrder, HotlineReport, Reconciliation]:
    """An order of the city's hotline, a report of the deputy that it has answered, and a day with differences."""
    hotline = make_hotline(cast)
    assert opinion.station is not None
    report = reported(hotline, Scene(cast, opinion.station))
    order, report = hotline.told(), hotline.lead(report, "accepted", "dispatched", "signed", "replied")
    return order, report, differing_day(hotline)


def _opinions(cast: Cast) -> dict[str, Opinion]:
    scene = build_scene(cast)
    return {
        "received": scene.received(phone=PHONE),
        "alike": scene.received(),
        "asked": scene.asked(),
        "handed": scene.handed(),
        "answered": scene.recorded(answer="已于今天修好。", contact_name="王小明", contact_phone=PHONE),
    }


def _transfers(cast: Cast, suggestion: Suggestion) -> dict[str, Transfer]:
    def new(name: str) -> Suggestion:
        return steps.registered(cast, title=f"关于{name}的建议")

    return {
        "marked": transfers.marked(cast, suggestion),
        "rejected": transfers.step(cast, transfers.marked(cast, new("占用盲道问题")), "reject"),
        "transferred": transfers.transferred(cast, new("文物保护单位旁违规施工")),
        "received": transfers.received(cast, new("校园周边食品安全")),
        "waiting": transfers.waiting(cast, new("沿江固体废物堆放")),
        "filed": transfers.filed(cast, new("饮用水水源地养殖污染")),
        "closed": transfers.walk(
            cast, transfers.filed(cast, new("烈士陵园维护")), "recommend", "agency_answer", "rectify", "close"
        ),
    }


def _rosters(cast: Cast) -> dict[str, RosterImport]:
    right = [roster_row(number) for number in range(1, 6)]
    wrong = [roster_row(11), roster_row(12, phone="12345"), roster_row(13, name=None), roster_row(14, gender="？")]
    return {"right": previewed(cast, right), "wrong": previewed(cast, wrong)}


def _job(cast: Cast) -> Job:
    job = job_start(
        actor=cast.actor("insider"), kind="suggestion.export", title="导出代表建议（全部）", params={"query": "tab=all"}
    )
    return job_run(job_id=job.pk) or job


def _holiday(cast: Cast) -> dt.date:
    """A day that staff set themselves."""
    day = dt.date(timezone.localdate().year, 12, 30)
    holiday_add(
        actor=cast.actor("insider"),
        date=day,
        name="测试休息日",
        is_off=True,
        source_url="https://www.gov.cn/zhengce/content/notice.htm",
    )
    return day


def _ended(cast: Cast) -> str:
    """The page on which an ended mandate is reinstated."""
    mandate = make_mandate(cast.congress, 77)
    day = timezone.localdate() - dt.timedelta(days=3)
    mandate_end(actor=cast.actor("insider"), mandate_id=mandate.public_id, ended_on=day, reason="调离本行政区域")
    return reverse("deputies:mandate_reinstate", args=[mandate.public_id])


def _password_link(cast: Cast) -> str:
    password_link_send(user_id=cast.user("colleague").pk)
    found = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)
    assert found is not None
    return found[1]
