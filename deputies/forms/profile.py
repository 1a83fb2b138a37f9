"""What a deputy fills in about what everybody may see of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from deputies.forms.fields import VersionForm
from deputies.models import ContactKind
from deputies.services.profile import PROFILE_FIELDS, ProfileFacts

if TYPE_CHECKING:
    from deputies.models import PublicProfile

#: The version of a profile that is not there yet: whoever saves the first one is not overwritten unseen.
NEW = "new"
PHOTO_TYPES = ".jpg,.jpeg,.png,.webp"


class ProfileForm(VersionForm):
    """公开信息.

    Args:
        profile: as it stands; unsaved when nothing was chosen yet.
        by_staff: filled in for the deputy, who must have agreed.
    """

    introduction = forms.CharField(
        label="个人简介",
        required=False,
        max_length=300,
        help_text="例如从事什么工作、关心哪些事。不超过300字，不要写身份证号和手机号码。",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    contact_kind = forms.ChoiceField(
        label="公开的联系方式", choices=ContactKind.choices, widget=forms.RadioSelect, initial=ContactKind.NONE
    )
    contact = forms.CharField(
        label="电话或电子邮箱",
        required=False,
        max_length=80,
        help_text="只在上面选了电话或电子邮箱时公开。登录用的手机号码不会因此公开。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    photo = forms.FileField(
        label="照片",
        required=False,
        help_text="JPG、PNG或WebP图片，不超过5 MB；竖的半身照最合适。照片里的拍摄地点等信息会自动去掉。",
        widget=forms.FileInput(attrs={"accept": PHOTO_TYPES}),
    )
    remove_photo = forms.BooleanField(label="删除现有照片", required=False)
    hide_unit = forms.BooleanField(label="不公开工作单位", required=False)
    hide_post = forms.BooleanField(label="不公开职务", required=False)
    hide_photo = forms.BooleanField(label="不公开照片", required=False)
    is_hidden = forms.BooleanField(
        label="完全不公开",
        required=False,
        help_text="姓名也不出现在公开页面、接待安排和展板上；群众查不到您。",
    )
    agreed = forms.BooleanField(
        label="以上内容已经本人同意",
        error_messages={"required": "请先征得本人同意，再勾选保存。"},
    )

    def __init__(self, *args: Any, profile: PublicProfile, by_staff: bool = False, **kwargs: Any) -> None:
        initial = {field: getattr(profile, field) for field in PROFILE_FIELDS}
        super().__init__(*args, **{"initial": initial, **kwargs})
        if not profile._state.adding:
            self.show_version(profile)
        else:
            self.fields["version"].initial = NEW
        if profile.photo_id is None:
            del self.fields["remove_photo"]
        if not by_staff:
            del self.fields["agreed"]
        else:
            self.fields["is_hidden"].help_text = "姓名也不出现在公开页面、接待安排和展板上；群众查不到。"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("photo") and data.get("remove_photo"):
            self.add_error("remove_photo", "选了新照片，就不必勾选删除。")
        return data

    def facts(self) -> ProfileFacts:
        """What was chosen, for the service."""
        return ProfileFacts(**{field: self.cleaned_data[field] for field in PROFILE_FIELDS})
