"""Choosing whom to invite, and a deputy's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from deputies.forms.activity import OverlapForm
from deputies.forms.fields import NamesField
from deputies.models import CongressLevel, DeputyGroup, ProfessionClass, Reply, Station, Tag, TagKind
from deputies.selectors.activity import groups_to_choose, stations_to_choose
from deputies.selectors.activity_invite import Criteria, tags_in_use
from deputies.selectors.congress import region_choices

if TYPE_CHECKING:
    from liaison.actor import Actor
    from liaison.models import Region


class InviteForm(OverlapForm):
    """Whom to invite: everybody who fits one of the parts; the third part's conditions hold together.

    Asked by GET it previews, sent by POST it invites.
    """

    groups = forms.ModelMultipleChoiceField(
        queryset=DeputyGroup.objects.none(),
        to_field_name="public_id",
        label="代表小组",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "请选择没有解散的小组。", "invalid_pk_value": "请选择没有解散的小组。"},
    )
    stations = forms.ModelMultipleChoiceField(
        queryset=Station.objects.none(),
        to_field_name="public_id",
        label="联络站",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "请选择没有撤销的联络站。", "invalid_pk_value": "请选择没有撤销的联络站。"},
    )
    levels = forms.MultipleChoiceField(
        label="层级", choices=CongressLevel.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    region = forms.ChoiceField(label="区划", required=False)
    classes = forms.MultipleChoiceField(
        label="代表类别", choices=ProfessionClass.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    tags = forms.ModelMultipleChoiceField(
        queryset=Tag.objects.none(), label="行业、专长", required=False, widget=forms.CheckboxSelectMultiple
    )
    names = NamesField(
        label="姓名或代表证号",
        required=False,
        max_length=3000,
        help_text="多个用顿号或换行分开；有重名的填代表证号。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    field_order = ("groups", "stations", "levels", "region", "classes", "tags", "names", "accept_overlap")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["groups"].queryset = groups_to_choose(actor)
        fields["stations"].queryset = stations_to_choose(actor)
        fields["tags"].queryset = tags = tags_in_use()
        fields["tags"].choices = [
            (TagKind(kind).label, [(tag.pk, tag.name) for tag in tags if tag.kind == kind]) for kind in TagKind
        ]
        way, below = region_choices(actor, str(self.data.get("region", "")) if self.is_bound else "")
        self.places: dict[str, Region] = {region.code: region for region in [*way, *below]}
        fields["region"].choices = [("", "全部"), *((code, region.name) for code, region in self.places.items())]

    def criteria(self) -> Criteria:
        """What was chosen, for selector and service."""
        data = self.cleaned_data
        return Criteria(
            groups=list(data["groups"]),
            stations=list(data["stations"]),
            levels=data["levels"],
            region=self.places.get(data["region"]),
            classes=data["classes"],
            tags=list(data["tags"]),
            names=data["names"],
        )


class ReplyForm(forms.Form):
    """报名或请假."""

    reply = forms.ChoiceField(
        label="您是否参加",
        choices=[(Reply.GOING.value, "参加"), (Reply.NOT_GOING.value, "请假")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择参加或请假。"},
    )
    reason = forms.CharField(label="请假原因", max_length=200, required=False, help_text="请假的请填写。")

    domain_error: Exception | None = None


class CodeForm(forms.Form):
    """签到码."""

    code = forms.CharField(
        label="签到码",
        max_length=20,
        help_text="看现场屏幕上的六位数字。",
        error_messages={"required": "请填写六位数字。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    domain_error: Exception | None = None
