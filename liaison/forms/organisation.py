"""What the system administrator types about organisations."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms

from liaison.models import Region
from liaison.permissions import OrganisationKind
from liaison.selectors.organisation import region_choices

if TYPE_CHECKING:
    from liaison.actor import Actor


class OrganisationForm(forms.Form):
    """An organisation: a new one has a ``public_id`` of the page's choice, an old one a version."""

    name = forms.CharField(label="名称", max_length=100, help_text="全称，例如“益阳市人民检察院”。")
    short_name = forms.CharField(label="简称", max_length=40, required=False)
    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), *OrganisationKind.choices])
    department = forms.CharField(
        label="具体负责机构",
        max_length=60,
        required=False,
        help_text="本机构内承办代表联络工作的部门，例如“联工委”“第七检察部”。",
    )
    region = forms.ModelChoiceField(label="所在区划", queryset=Region.objects.none(), empty_label=None)
    phone = forms.CharField(label="联系电话", max_length=40, required=False, help_text="单位的办公电话。")
    public_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = region_choices(actor)  # type: ignore[attr-defined]


class OrganisationFilterForm(forms.Form):
    """Conditions over the list of organisations."""

    q = forms.CharField(
        label="名称、简称或部门", required=False, max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *OrganisationKind.choices])
    region = forms.ModelChoiceField(
        label="所在区划", required=False, queryset=Region.objects.none(), to_field_name="prefix", empty_label="全部"
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = region_choices(actor, with_townships=False)  # type: ignore[attr-defined]
