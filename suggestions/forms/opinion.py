"""Forms of staff and units on opinions: record one, send it a way, answer, group."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.http import QueryDict

from liaison.forms.files import MultipleFileField
from suggestions.forms.fields import IdChoiceField, LongTextField, VersionedForm
from suggestions.models.opinion import CALLABLE, OpinionChannel
from suggestions.selectors.choices import categories, units_for
from suggestions.selectors.opinion_people import desk_stations

if TYPE_CHECKING:
    from liaison.actor import Actor

MOST_PICTURES = 3
#: How staff come to know of an opinion.
STAFF_CHANNELS = [(one.value, one.label) for one in (OpinionChannel.DESK, OpinionChannel.PHONE, OpinionChannel.LETTER)]


class RecordForm(forms.Form):
    """登记意见, from a person at the desk, on the telephone, or from a letter.

    Args:
        actor: whose stations are offered.
    """

    client_token = forms.UUIDField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label="来源",
        choices=STAFF_CHANNELS,
        widget=forms.RadioSelect,
        initial=OpinionChannel.DESK,
        error_messages={"required": "请选择来源。"},
    )
    text = LongTextField(
        label="反映的情况",
        max_length=2000,
        rows=6,
        help_text="什么地方、什么情况、希望怎么办。身份证号、银行卡号不用写。",
        error_messages={"required": "请写明反映的情况。"},
    )
    place = forms.CharField(label="地点", required=False, max_length=100, help_text="例如：八字哨镇高桥村村口。")
    station_public_id = forms.ChoiceField(
        label="联络站",
        required=False,
        help_text="在站里接待的，选择联络站，站里的代表能看到。",
        error_messages={"invalid_choice": "请在列表中选择联络站。"},
    )
    category_id = IdChoiceField(label="类别", required=False)
    contact_name = forms.CharField(label="反映人", required=False, max_length=40, help_text="不愿意留名的可以不填。")
    contact_phone = forms.CharField(
        label="联系电话",
        required=False,
        max_length=20,
        validators=[CALLABLE],
        help_text="留下电话的，答复以后列入“待告知”，提醒您打电话。",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    uploads = MultipleFileField(
        label="照片", required=False, max_files=MOST_PICTURES, help_text="最多3张，每张不超过10 MB。"
    )
    answer = LongTextField(
        label="当场答复",
        required=False,
        max_length=2000,
        rows=4,
        help_text="已经当场答复的写在这里，登记后即为已答复；没有答复的留空，登记后再分办。",
    )

    domain_error: Exception | None = None

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        kwargs["initial"] = {"client_token": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["station_public_id"]).choices = [
            ("", "不在联络站"),
            *desk_stations(actor),
        ]
        cast("IdChoiceField", self.fields["category_id"]).offer(categories())
        self.fields["uploads"].widget.attrs["accept"] = "image/*"

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and "client_token" in self.errors:
            del self.errors["client_token"]
            self.add_error(None, "页面信息不完整，请再按一次登记。您填写的内容仍在下方。")
            self.renew_token()

    def renew_token(self) -> None:
        """Make the next press another opinion."""
        if isinstance(self.data, QueryDict):
            self.data = self.data.copy()
            self.data[self.add_prefix("client_token")] = str(uuid.uuid4())


class AnswerForm(VersionedForm):
    """答复, by the office or the unit."""

    text = LongTextField(
        label="答复内容",
        max_length=2000,
        rows=6,
        help_text="反映人凭回执码会看到：做了什么、什么时候见效、没做到的是为什么。",
        error_messages={"required": "请写明答复内容，反映人会看到。"},
    )


class UnitAnswerForm(AnswerForm):
    """单位答复, with documents or pictures."""

    uploads = MultipleFileField(
        label="照片或文件", required=False, max_files=5, help_text="例如整改后的照片，每个不超过20 MB。"
    )


class AssignDeputyForm(VersionedForm):
    """请代表答复.

    Args:
        groups: deputies offered, (group, [(public id, words)]).
    """

    mandate_public_id = forms.ChoiceField(
        label="请哪位代表答复",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一位代表。", "invalid_choice": "请在列表中选择一位代表。"},
    )

    def __init__(self, *args: Any, groups: list[tuple[str, list[tuple[str, str]]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast("forms.ChoiceField", self.fields["mandate_public_id"])
        choice.choices = [pair for _, pairs in groups for pair in pairs]


class HandOverForm(VersionedForm):
    """交办单位.

    Args:
        actor: whose units are offered.
    """

    unit_public_id = forms.ChoiceField(
        label="承办单位",
        error_messages={"required": "请选择承办单位。", "invalid_choice": "请在列表中选择承办单位。"},
    )
    requirement = LongTextField(
        label="办理要求",
        required=False,
        max_length=500,
        rows=3,
        help_text="例如：请到现场核实，答复前先打电话给反映人。",
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["unit_public_id"]).choices = [("", "请选择"), *units_for(actor)]


class HotlineForm(VersionedForm):
    """拟转12345: the text that goes to the hotline."""

    text = LongTextField(
        label="转办文本",
        max_length=4000,
        rows=10,
        help_text=(
            "拨打12345或者在热线网站上转办时照此提供，可以修改。文本里不写姓名电话，"
            "需要时在意见页面按“查看姓名和电话”。热线的回话由您登记。"
        ),
        error_messages={"required": "请写明转办文本。"},
    )


class ReasonForm(VersionedForm):
    """An act with its reason: 收回, 办结, 没有解决.

    Args:
        label, help_text: of the reason.
        required: whether one must be given.
        most: its length in characters.
    """

    def __init__(
        self, *args: Any, label: str, help_text: str = "", required: bool = True, most: int = 500, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        reason = LongTextField(
            label=label,
            help_text=help_text,
            required=required,
            max_length=most,
            rows=4,
            error_messages={"required": f"请写明{label}。"},
        )
        self.fields["reason"] = reason


class CategoryForm(VersionedForm):
    """选择类别."""

    category_id = IdChoiceField(label="类别", required=False, empty_label="未分类")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("IdChoiceField", self.fields["category_id"]).offer(categories())


class JoinForm(VersionedForm):
    """归入: under which one of the same matter.

    Args:
        offered: (public id, words) of those that may lead.
    """

    lead_public_id = forms.ChoiceField(
        label="把这一件归入",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择归入哪一件。", "invalid_choice": "请重新选择。"},
    )

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["lead_public_id"]).choices = offered


class MembersForm(VersionedForm):
    """归并: which of the similar ones come under this one.

    Args:
        offered: (public id, words) of those that wait to be sorted.
    """

    ids = forms.MultipleChoiceField(
        label="把这些归到这一件下面",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少勾选一件。", "invalid_choice": "请重新勾选。"},
    )

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.MultipleChoiceField", self.fields["ids"]).choices = offered


class SayForm(forms.Form):
    """A line in the thread with the person."""

    text = LongTextField(
        label="对反映人说",
        max_length=1000,
        rows=3,
        help_text="反映人凭回执码会看到，可以接着回复。",
        error_messages={"required": "请写要说的话。"},
    )

    domain_error: Exception | None = None


class SheetForm(forms.Form):
    """成批登记: choose the sheet, and the station for which all its rows are.

    Args:
        actor: whose stations are offered.
    """

    station_public_id = forms.ChoiceField(
        label="联络站", required=False, error_messages={"invalid_choice": "请在列表中选择联络站。"}
    )
    upload = forms.FileField(
        label="表格文件",
        help_text="按模板填写的.xlsx表格，最多500行。",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "请选择表格文件。", "missing": "请选择表格文件。"},
    )

    domain_error: Exception | None = None

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        station = cast("forms.ChoiceField", self.fields["station_public_id"])
        station.choices = [("", "不在联络站"), *desk_stations(actor)]
