"""What the page of a machine client shows and offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from liaison.dates import cn_datetime
from liaison.permissions import SCOPE_PERMISSIONS
from liaison.views.user_page import Fact

if TYPE_CHECKING:
    from liaison.models import ApiClient, ClientSecret


def _short(network: str) -> str:
    """One address without the length that says so."""
    return network.removesuffix("/32" if ":" not in network else "/128")


def client_facts(client: ApiClient) -> list[Fact]:
    """Name and value."""
    scopes = [
        f"{SCOPE_PERMISSIONS[scope].label.removeprefix('接口：')}（{scope}）" if scope in SCOPE_PERMISSIONS else scope
        for scope in client.scopes
    ]
    used = f"{cn_datetime(client.last_used_at)}，来自{client.last_used_ip or '未知地址'}" if client.last_used_at else ""
    return [
        Fact("客户端编号", client.application.client_id),
        Fact("所属机构", client.organisation.name),
        Fact("数据范围", client.organisation.region.full_name),
        Fact("权限范围", "\n".join(scopes)),
        Fact("允许的来源地址", "\n".join(_short(network) for network in client.networks) or "不限制"),
        Fact("每分钟请求上限", f"{client.rate_per_minute}次"),
        Fact("最近调用", used or "从未调用"),
        Fact("备注", client.note),
    ]


def client_actions(client: ApiClient, secrets: list[ClientSecret]) -> dict[str, Any]:
    """The action box: the most likely next act large, the others below it."""

    def to(route: str) -> str:
        return reverse(f"system:{route}", args=[client.public_id])

    edit = {"label": "修改", "url": to("client_update"), "icon": "pencil"}
    make = {"label": "生成密钥", "url": to("client_secret_create"), "icon": "key"}
    if not client.is_active:
        back = {"label": "恢复启用", "post_url": to("client_activate")}
        return {"action_title": "已停用", "action_text": "对方不能调用接口。", "primary": back, "others": [edit]}
    trial = {"label": "试一试", "url": to("client_console"), "icon": "player-play"}
    close = {"label": "停用", "url": to("client_deactivate"), "icon": "ban"}
    if not any(secret.is_valid for secret in secrets):
        text = "还没有有效的密钥，对方不能连接。"
        return {"action_title": "可以办理", "action_text": text, "primary": make, "others": [edit, trial, close]}
    return {"action_title": "可以办理", "action_text": "", "primary": trial, "others": [make, edit, close]}
