"""What the pages of endpoints and deliveries show and offer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from liaison.dates import cn_datetime
from liaison.models.webhook import DeliveryState, EndpointStatus
from liaison.registry import registry
from liaison.services.webhook_sending import event_body
from liaison.views.user_page import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint


def type_label(code: str) -> str:
    """The Chinese wording of an event type."""
    kind = registry.webhook_types.get(code)
    return kind.label if kind is not None else "测试事件" if code == "portal.ping" else code


def endpoint_facts(endpoint: WebhookEndpoint) -> list[Fact]:
    """Name and value."""
    return [
        Fact("推送地址", endpoint.url),
        Fact("事件类型", "\n".join(type_label(code) for code in endpoint.types)),
        Fact("接口客户端", endpoint.client.name),
        Fact("备注", endpoint.note),
        Fact("登记时间", cn_datetime(endpoint.created_at)),
    ]


def endpoint_actions(endpoint: WebhookEndpoint) -> dict[str, Any]:
    """The action box: the most likely next act large, the others below it."""

    def to(route: str) -> str:
        return reverse(f"system:{route}", args=[endpoint.public_id])

    edit = {"label": "修改", "url": to("webhook_update"), "icon": "pencil"}
    rotate = {"label": "更换密钥", "url": to("webhook_rotate"), "icon": "key"}
    if not endpoint.is_active:
        paused = endpoint.status == EndpointStatus.PAUSED
        rest = "期间的事件留着，恢复后按先后补发。" if paused else "期间的事件没有留，请对方用接口接着读取。"
        return {
            "action_title": endpoint.get_status_display(),
            "action_text": f"{_sentence(endpoint.status_reason)}{rest}",
            "primary": {"label": "恢复推送", "post_url": to("webhook_resume")},
            "others": [edit, rotate],
        }
    pause = {"label": "暂停推送", "url": to("webhook_pause"), "icon": "player-pause"}
    test = {"label": "发送测试事件", "post_url": to("webhook_ping")}
    return {"action_title": "可以办理", "action_text": "", "primary": test, "others": [edit, rotate, pause]}


def _sentence(text: str) -> str:
    """What somebody typed, with a full stop; nothing stays nothing."""
    return f"{text.rstrip('。')}。" if text else ""


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A line of a list of deliveries."""

    delivery: WebhookDelivery
    label: str
    next_words: str


def delivery_rows(deliveries: Iterable[WebhookDelivery]) -> list[DeliveryRow]:
    """The lines; ``is_behind`` and the endpoint are at hand."""
    return [
        DeliveryRow(one, type_label(one.event.type), _next_words(one, is_behind=bool(getattr(one, "is_behind", False))))
        for one in deliveries
    ]


def _next_words(delivery: WebhookDelivery, *, is_behind: bool) -> str:
    if not delivery.is_open:
        return ""
    if not delivery.endpoint.is_active:
        return "恢复推送以后"
    if is_behind:
        return "等同一对象的前一个"
    if delivery.state == DeliveryState.SENDING:
        return "正在投递"
    return cn_datetime(delivery.next_at) if delivery.next_at else ""


def delivery_facts(delivery: WebhookDelivery) -> list[Fact]:
    """Name and value."""
    event = delivery.event
    return [
        Fact("事件类型", f"{type_label(event.type)}\n{event.type}"),
        Fact("对象编号", event.object_id),
        Fact("webhook-id", str(event.public_id)),
        Fact("发生时间", cn_datetime(event.created_at)),
        Fact("推送地址", delivery.endpoint.url),
        Fact("已试次数", f"{delivery.attempts}次"),
        *([Fact("人工再发", delivery.repeated_by)] if delivery.repeated_by else []),
        *([Fact("了结时间", cn_datetime(delivery.settled_at))] if delivery.settled_at is not None else []),
    ]


def delivery_next(delivery: WebhookDelivery, before: WebhookDelivery | None) -> dict[str, Any]:
    """The action box: what comes next by itself, and 再发一次."""
    again = {"post_url": reverse("system:webhook_repeat", args=[delivery.public_id])}
    others = []
    if before is not None:
        url = reverse("system:webhook_delivery", args=[before.public_id])
        others.append({"label": "看排在前面的一个", "url": url, "icon": "arrow-right"})
    if delivery.state == DeliveryState.DELIVERED:
        title, text = "已送达", "再发的内容和 webhook-id 都不变，对方可以认出是同一个事件。"
        primary: dict[str, str] | None = {"label": "再发一次", **again}
    elif delivery.state == DeliveryState.GIVEN_UP:
        title, text = "已放弃", delivery.reason
        primary = {"label": "再发一次", **again}
    elif delivery.state == DeliveryState.SENDING:
        title, text, primary = "正在投递", "请稍后刷新本页。", None
    elif before is not None:
        title, text, primary = "排队等候", "同一对象按先后投递，前一个送达或者放弃以后才轮到这一个。", None
    else:
        title, primary = "等候下次投递", {"label": "现在就发", **again}
        text = f"下次投递：{_next_words(delivery, is_behind=False)}。"
        text += f"上一次：{delivery.reason}" if delivery.reason else ""
    if not delivery.endpoint.is_active:
        text, primary = f"{delivery.endpoint.get_status_display()}，恢复推送以后才能发。{delivery.reason}", None
    return {"action_title": title, "action_text": text, "primary": primary, "others": others}


@dataclass(frozen=True, slots=True)
class Exchange:
    """One try as it stands on the page."""

    title: str
    words: str
    tone: str
    request: str
    answer: str
    milliseconds: int


def exchanges(delivery: WebhookDelivery, tries: list[WebhookAttempt]) -> list[Exchange]:
    """Each try with its request and answer, newest first; the body, which is always the same, with the first only."""
    body = json.dumps(json.loads(event_body(delivery.event)), ensure_ascii=False, indent=2)
    return [
        _exchange(delivery, one, len(tries) - place, "（请求体同上）" if place else body)
        for place, one in enumerate(tries)
    ]


def _exchange(delivery: WebhookDelivery, tried: WebhookAttempt, number: int, body: str) -> Exchange:
    request = "\n".join(
        (
            f"POST {tried.url}",
            "Content-Type: application/json",
            f"webhook-id: {delivery.event.public_id}",
            f"webhook-timestamp: {int(tried.at.timestamp())}",
            *(f"webhook-signature: {tried.signature}" for _ in range(bool(tried.signature))),
            "",
            body,
        )
    )
    good = tried.status is not None and 200 <= tried.status < 300
    return Exchange(
        title=f"第{number}次：{cn_datetime(tried.at)}",
        words="对方已收下" if good else "没有成功",
        tone="green" if good else "red",
        request=request,
        answer=f"HTTP {tried.status}\n\n{tried.answer}".strip() if tried.status is not None else tried.error,
        milliseconds=tried.milliseconds,
    )
