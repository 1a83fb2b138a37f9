"""What is typed about an activity that was held: the record with its grid, and a deputy's own activity."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

from deputies.forms.activity import LongText, MomentField
from deputies.forms.fields import VersionForm
from deputies.forms.station import NEEDED
from deputies.models import FIGURES, Activity, ActivityPart, Campaign
from deputies.selectors.activity import campaigns_to_choose, mandates_of
from deputies.services.activity_own import OWN_KINDS, OwnFacts
from deputies.services.activity_record import MOST, RecordFacts
from liaison.forms.files import MultipleFileField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.forms.boundfield import BoundField

    from liaison.actor import Actor

#: Figure → (what it is called, its unit).
FIGURE_LABELS = {
    "research_days": ("调研", "天"),
    "people_visited": ("走访群众", "人"),
    "opinions_heard": ("听取意见", "件"),
    "answered_on_spot": ("现场答复", "件"),
    "handed_over": ("转办", "件"),
    "problems_solved": ("解决问题", "个"),
    "suggestions_planned": ("拟提建议", "件"),
}
_LINK = re.compile(r"^(?P<title>.*?)\s*(?P<url>[a-zA-Z][a-zA-Z0-9+.-]*://\S+)$")


def figure_field(name: str, person: str = "") -> forms.Field:
    """The field of one figure; empty is nought."""
    words, unit = FIGURE_LABELS[name]
    label = f"{person}：{words}（{unit}）" if person else f"{words}（{unit}）"
    if name == "research_days":
        return forms.DecimalField(
            label=label,
            required=False,
            min_value=Decimal(0),
            max_value=Decimal(366),
            max_digits=4,
            decimal_places=1,
            widget=forms.NumberInput(attrs={"step": "0.5", "inputmode": "decimal"}),
            error_messages={"max_decimal_places": "天数按半天填写，例如0.5、1、1.5。", "max_digits": "天数太大。"},
        )
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class PicturesField(MultipleFileField):
    """Photographs, straight from the camera on a phone."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "一次最多9张，每张不超过20 MB。照片里的拍摄地点等信息会自动去掉。")
        super().__init__(label="照片", required=False, max_files=9, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": "image/*"}


@dataclass(frozen=True, slots=True)
class GridRow:
    """One deputy in the grid."""

    part: ActivityPart
    cells: list[tuple[str, BoundField]]


class RecordForm(VersionForm):
    """活动记录, with one line of figures for each deputy who was there."""

    happened = LongText(
        label="开展情况",
        rows=8,
        required=False,
        max_length=10000,
        help_text="做了什么、看了哪里、反映了什么。可以先空着保存，完成记录时必填。",
    )
    days = forms.DecimalField(
        label="实际天数",
        required=False,
        max_digits=4,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"step": "0.5"}),
        error_messages={"max_decimal_places": "天数按半天填写，例如0.5、1、1.5。", "max_digits": "天数太大。"},
    )
    media_links = LongText(
        label="媒体报道",
        rows=3,
        required=False,
        max_length=20000,
        help_text="一行一条：标题，空格，https://开头的网址。",
    )
    media_more = forms.IntegerField(
        label="其他报道篇数",
        required=False,
        min_value=0,
        max_value=100000,
        help_text="没有列出网址的报道有几篇。",
    )
    media_at_least = forms.BooleanField(label="篇数是“以上”（只知道不少于）", required=False)
    pictures = PicturesField()
    reports = MultipleFileField(
        label="活动报告", required=False, max_files=5, help_text="成文的报告、纪要，Word、WPS或PDF文件，最多5个。"
    )

    def __init__(self, *args: Any, activity: Activity, parts: Sequence[ActivityPart], **kwargs: Any) -> None:
        self.parts = parts
        kwargs["initial"] = {
            "happened": activity.happened,
            "days": activity.days,
            "media_links": "\n".join(f"{one.title} {one.url}" for one in activity.media.all()),
            "media_more": activity.media_more or None,
            "media_at_least": activity.media_at_least,
        } | {f"{part.public_id}-{name}": getattr(part, name) or None for part in parts for name in FIGURES}
        super().__init__(*args, **kwargs)
        for part in parts:
            for name in FIGURES:
                self.fields[f"{part.public_id}-{name}"] = figure_field(name, part.person.name)
        self.show_version(activity)

    @property
    def rows(self) -> list[GridRow]:
        """The grid."""
        return [
            GridRow(part, [(FIGURE_LABELS[name][0], self[f"{part.public_id}-{name}"]) for name in FIGURES])
            for part in self.parts
        ]

    @property
    def plain_fields(self) -> list[BoundField]:
        """Everything but the grid."""
        return [self[name] for name in ("happened", "days", "media_links", "media_more", "media_at_least")]

    @property
    def file_fields(self) -> list[BoundField]:
        """Pictures and reports."""
        return [self["pictures"], self["reports"]]

    def clean_media_links(self) -> list[tuple[str, str]]:
        """Title and address of each line."""
        links = []
        for number, line in enumerate(self.cleaned_data["media_links"].splitlines(), start=1):
            if not line.strip():
                continue
            found = _LINK.match(line.strip())
            if found is None or not found["title"]:
                raise forms.ValidationError(f"第{number}行请写成：标题，空格，https://开头的网址。")
            if len(found["title"]) > 120:
                raise forms.ValidationError(f"第{number}行的标题最多120字。")
            links.append((found["title"], found["url"]))
        return links

    def facts(self) -> RecordFacts:
        """What was typed, for the service."""
        data = self.cleaned_data
        return RecordFacts(
            happened=data["happened"],
            days=data["days"],
            media=data["media_links"],
            media_more=data["media_more"] or 0,
            media_at_least=data["media_at_least"],
            figures={
                str(part.public_id): {name: data[f"{part.public_id}-{name}"] or 0 for name in FIGURES}
                for part in self.parts
            },
        )


class OwnForm(VersionForm):
    """A deputy's own activity.

    Args:
        activity: one that was sent back; None for a new one.
    """

    mandate = forms.ChoiceField(label="代表身份", error_messages=NEEDED)
    kind = forms.ChoiceField(
        label="类别",
        choices=[(kind.value, kind.label) for kind in OWN_KINDS],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择类别。"},
    )
    title = forms.CharField(label="名称", max_length=80, help_text="例如：走访高桥村困难户。", error_messages=NEEDED)
    starts_at = MomentField(label="开始时间", missing="请填写开始时间。")
    ends_at = MomentField(label="结束时间", missing="请填写结束时间。")
    place = forms.CharField(label="地点", max_length=120, error_messages=NEEDED)
    happened = LongText(label="做了什么", rows=5, max_length=10000, error_messages=NEEDED)
    campaign = forms.ModelChoiceField(
        queryset=Campaign.objects.none(),
        to_field_name="public_id",
        label="所属主题活动",
        required=False,
        empty_label="不属于主题活动",
        error_messages={"invalid_choice": "没有这项主题活动，请重新选择。"},
    )
    pictures = PicturesField()

    field_order = (
        "mandate",
        "kind",
        "title",
        "starts_at",
        "ends_at",
        "place",
        "happened",
        "campaign",
        *FIGURES,
        "pictures",
    )

    def __init__(self, *args: Any, actor: Actor, activity: Activity | None = None, **kwargs: Any) -> None:
        mandates = mandates_of(actor)
        initial: dict[str, Any] = {"mandate": mandates[0].public_id} if mandates else {}
        if activity is not None and activity.own_by is not None:
            part = activity.parts.get(person_id=actor.deputy_id)
            initial = {
                name: getattr(activity, name) for name in ("kind", "title", "starts_at", "ends_at", "place", "happened")
            }
            initial |= {name: getattr(part, name) or None for name in FIGURES}
            initial |= {
                "mandate": activity.own_by.public_id,
                "campaign": activity.campaign.public_id if activity.campaign else None,
            }
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        for name in FIGURES:
            self.fields[name] = figure_field(name)
        fields: dict[str, Any] = self.fields
        fields["mandate"].choices = [
            (str(mandate.public_id), f"{mandate.congress.short_name}代表") for mandate in mandates
        ]
        if len(mandates) == 1:
            fields["mandate"].widget = forms.HiddenInput()
        fields["campaign"].queryset = campaigns_to_choose(actor)
        self.order_fields(self.field_order)
        if activity is not None:
            self.show_version(activity)

    def facts(self) -> OwnFacts:
        """What was typed, for the service."""
        data = self.cleaned_data
        return OwnFacts(
            mandate_id=data["mandate"],
            **{name: data[name] for name in ("kind", "title", "starts_at", "ends_at", "place", "happened")},
            campaign_id=data["campaign"].public_id if data["campaign"] else None,
            figures={name: data[name] or 0 for name in FIGURES},
        )
