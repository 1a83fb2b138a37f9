"""What the system administrator types about machine clients."""

from __future__ import annotations

import ipaddress
import uuid
from typing import TYPE_CHECKING, Any

from django import forms

from liaison.models import Organisation
from liaison.models.client import SecretUse
from liaison.permissions import SCOPE_PERMISSIONS, OrganisationKind
from liaison.selectors.organisation import organisation_choices

if TYPE_CHECKING:
    from liaison.actor import Actor

#: A list of addresses has no more entries.
MOST_NETWORKS = 50
_SCOPES = [(name, f"{needed.label.removeprefix('接口：')}（{name}）") for name, needed in SCOPE_PERMISSIONS.items()]


class ClientForm(forms.Form):
    """A client: a new one has a ``public_id`` of the page's choice, an old one a version."""

    name = forms.CharField(label="名称", max_length=60, help_text="对接的系统，例如“12345工单系统”。")
    organisation = forms.ModelChoiceField(
        label="所属机构",
        queryset=Organisation.objects.none(),
        empty_label="请选择",
        help_text="只能读写这个机构所在区划的数据。只列出类别为“12345热线中心”的机构。",
    )
    scopes = forms.MultipleChoiceField(
        label="权限范围",
        choices=_SCOPES,
        widget=forms.CheckboxSelectMultiple,
        help_text="按需要最少的给。去掉的一项立即失效，已发出的令牌也不例外。",
    )
    networks = forms.CharField(
        label="允许的来源地址",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每行一个地址或网段，例如 203.0.113.8 或 203.0.113.0/24。不填表示不限制。",
    )
    rate_per_minute = forms.IntegerField(label="每分钟请求上限", min_value=1, max_value=60000, initial=600)
    note = forms.CharField(label="备注", max_length=200, required=False, help_text="例如对方联系人、出口地址登记单号。")
    public_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisation_choices(actor).filter(  # type: ignore[attr-defined]
            kind=OrganisationKind.HOTLINE
        )

    def clean_public_id(self) -> uuid.UUID:
        """The page's choice, or one of ours when the page sent none."""
        return self.cleaned_data["public_id"] or uuid.uuid4()

    def clean_networks(self) -> list[str]:
        """The blocks in their shortest form, each once."""
        texts = self.cleaned_data["networks"].split()
        found: list[str] = []
        for text in texts:
            try:
                network = str(ipaddress.ip_network(text, strict=False))
            except ValueError as error:
                raise forms.ValidationError(f"“{text[:60]}”不是有效的地址或网段。") from error
            if network not in found:
                found.append(network)
        if len(found) > MOST_NETWORKS:
            raise forms.ValidationError(f"最多登记{MOST_NETWORKS}个，请合并为网段。")
        return found


class SecretForm(forms.Form):
    """A new secret."""

    use = forms.ChoiceField(
        label="用途",
        choices=SecretUse.choices,
        widget=forms.RadioSelect,
        initial=SecretUse.OAUTH,
        help_text="对方支持 OAuth 2.0 时选第一种；不支持时用请求签名。",
    )
    days = forms.TypedChoiceField(
        label="有效期", coerce=int, initial="365", choices=[("90", "90天"), ("180", "180天"), ("365", "一年")]
    )


class ConsoleForm(forms.Form):
    """Which address to read as the client."""

    address = forms.CharField(
        label="接口地址",
        max_length=500,
        help_text="以 /api/v1/ 开头，可以带查询参数。只读取，不会改动任何数据。",
    )

    def clean_address(self) -> str:
        """A path of the API, without a host."""
        address = str(self.cleaned_data["address"])
        if not address.startswith("/api/v1/") or "#" in address or ".." in address:
            raise forms.ValidationError("地址须以 /api/v1/ 开头。")
        return address


class ClientFilterForm(forms.Form):
    """Conditions over the list of clients."""

    q = forms.CharField(label="名称", required=False, max_length=60, widget=forms.TextInput(attrs={"type": "search"}))
