"""What the system administrator types about endpoints (推送地址) and their deliveries."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms

from liaison.registry import registry

if TYPE_CHECKING:
    from liaison.models import ApiClient, WebhookEndpoint


class WebhookForm(forms.Form):
    """An endpoint: a new one has a ``public_id`` of the page's choice, an old one a version."""

    url = forms.CharField(
        label="推送地址",
        max_length=500,
        help_text="对方接收事件的网址，以 https:// 开头，例如 https://12345.example.gov.cn/portal-events。",
    )
    types = forms.MultipleChoiceField(label="事件类型", widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(label="备注", max_length=200, required=False, help_text="例如对方联系人。")
    public_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, client: ApiClient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["types"].choices = [  # type: ignore[attr-defined]
            (kind.code, f"{kind.label}（{kind.code}）")
            for kind in registry.webhook_types.values()
            if kind.scope in client.scopes
        ]
        self.fields["types"].help_text = "只列出这个客户端的权限范围读得到的。"

    def clean_public_id(self) -> uuid.UUID:
        """The page's choice, or one of ours when the page sent none."""
        return self.cleaned_data["public_id"] or uuid.uuid4()


class RotateForm(forms.Form):
    """A new secret for an endpoint."""

    overlap_hours = forms.TypedChoiceField(
        label="旧密钥",
        coerce=int,
        initial="24",
        choices=[("24", "再用一天"), ("72", "再用三天"), ("168", "再用七天"), ("0", "立即失效（怀疑泄露时）")],
        widget=forms.RadioSelect,
        help_text="新旧密钥同时有效期间，每个事件带两个签名，对方用哪一个都能核对。",
    )


class DeliveryFilterForm(forms.Form):
    """Conditions over the deliveries of an endpoint."""

    kind = forms.ChoiceField(label="事件类型", required=False)
    q = forms.CharField(
        label="对象编号", required=False, max_length=120, widget=forms.TextInput(attrs={"type": "search"})
    )

    def __init__(self, *args: Any, endpoint: WebhookEndpoint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(kind.code, kind.label) for kind in registry.webhook_types.values()]
        self.fields["kind"].choices = [("", "全部"), *known, ("portal.ping", "测试事件")]  # type: ignore[attr-defined]
