"""What administrators type about accounts and postings."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms

from liaison.models import Organisation, Region, User
from liaison.models.user import PHONE_VALIDATOR
from liaison.permissions import Role
from liaison.selectors.organisation import organisation_choices, region_choices

if TYPE_CHECKING:
    from liaison.actor import Actor


class UserForm(forms.Form):
    """An account to change."""

    name = forms.CharField(label="姓名", max_length=60)
    phone = forms.CharField(
        label="手机号码",
        max_length=11,
        required=False,
        validators=[PHONE_VALIDATOR],
        help_text="11位，可用来登录。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="电子邮箱", max_length=254, required=False, help_text="用来接收设置密码的邮件和办理提醒。"
    )
    region = forms.ModelChoiceField(
        label="所属区划",
        queryset=Region.objects.none(),
        empty_label=None,
        help_text="由这个区划和它上级的管理员管理。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = region_choices(actor)  # type: ignore[attr-defined]


class NewUserForm(UserForm):
    """An account to make. ``public_id`` is chosen with the page, so that a form sent twice makes one account."""

    field_order = ["username"]
    username = forms.CharField(
        label="用户名",
        max_length=40,
        validators=User._meta.get_field("username").validators,
        help_text="以字母开头，3至40位字母、数字和 _ . -，例如 zhangsan。开通后不能更改。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    version = None  # type: ignore[assignment]
    public_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class OrganisationChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # type: ignore[type-arg]  # no runtime generic
    """Organisations by name with the body that does the work."""

    def label_from_instance(self, obj: Organisation) -> str:
        return f"{obj.display}（{obj.get_kind_display()}）"


class PostingForm(forms.Form):
    """A role for somebody."""

    organisation = OrganisationChoice(
        label="机构", queryset=Organisation.objects.none(), to_field_name="public_id", empty_label="请选择"
    )
    role = forms.ChoiceField(label="角色", choices=[("", "请选择"), *Role.choices])

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisation_choices(actor)  # type: ignore[attr-defined]


class UserFilterForm(forms.Form):
    """Conditions over the list of accounts."""

    q = forms.CharField(
        label="姓名、用户名、手机号或邮箱",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    role = forms.ChoiceField(label="角色", required=False, choices=[("", "全部"), *Role.choices])
    region = forms.ModelChoiceField(
        label="所属区划", required=False, queryset=Region.objects.none(), to_field_name="prefix", empty_label="全部"
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = region_choices(actor, with_townships=False)  # type: ignore[attr-defined]
