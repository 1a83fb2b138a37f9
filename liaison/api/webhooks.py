"""The ``webhooks`` of the OpenAPI 3.1 document: what the portal sends to other platforms (事件推送)."""

from __future__ import annotations

from typing import Any

from liaison.registry import WebhookType, registry

_HEADERS = (
    ("webhook-id", "事件标识。同一事件的每次投递都相同，用它去重。", "0b1c2d3e-0000-4000-8000-000000000001"),
    ("webhook-timestamp", "本次投递的时间，1970年以来的秒数。与本机时钟相差超过5分钟的请拒收。", "1795311000"),
    (
        "webhook-signature",
        "签名：v1,加上 HMAC-SHA256 的 base64。更换密钥期间有两个，用空格隔开，有一个对即可。",
        "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    ),
)
_ANSWERS = {
    "2XX": "收下了，不再投递。请先存下再回答，处理放到后面。",
    "410": "这个地址不再接收：平台停用它，并通知管理员。",
    "default": "其他状态（3XX也不跟随）、15秒没有应答，都算没有送到：三天内间隔逐渐加长地重发，之后放弃并通知管理员。",
}


def webhooks_section() -> dict[str, Any]:
    """One path item for each registered type."""
    return {kind.code: {"post": _operation(kind)} for kind in registry.webhook_types.values()}


def _operation(kind: WebhookType) -> dict[str, Any]:
    example = kind.path.replace("{id}", "…")
    return {
        "operationId": kind.code.replace(".", "_"),
        "summary": kind.label,
        "description": f"{kind.about}需要权限范围 {kind.scope}。用 data.url 读取现在的内容。",
        "tags": ["事件推送"],
        "security": [],
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": about,
                "schema": {"type": "string"},
                "example": value,
            }
            for name, about, value in _HEADERS
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _body(kind),
                    "example": {
                        "type": kind.code,
                        "timestamp": "2026-11-22T01:30:00Z",
                        "data": {"id": "…", "url": f"https://liaison.example.gov.cn{example}"},
                    },
                }
            },
        },
        "responses": {status: {"description": about} for status, about in _ANSWERS.items()},
    }


def _body(kind: WebhookType) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"type": "string", "const": kind.code, "description": "事件类型"},
            "timestamp": {"type": "string", "format": "date-time", "description": "发生的时间"},
            "data": {
                "type": "object",
                "required": ["id", "url"],
                "properties": {
                    "id": {"type": "string", "description": "对象的编号"},
                    "url": {"type": "string", "format": "uri", "description": "读取它的地址，用平时的令牌读取"},
                },
            },
        },
    }
