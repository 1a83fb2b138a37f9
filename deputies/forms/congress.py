"""What staff type about a congress, its sessions, units and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from deputies.forms.fields import VersionForm
from deputies.models import CongressSettings
from deputies.selectors.congress import regions_of
from deputies.services.congress import SETTING_FIELDS, SETTING_LIMITS
from liaison.models import Region
from liaison.models.region import RegionLevel

if TYPE_CHECKING:
    from deputies.models import Congress, ElectoralUnit, Session

RULE_HELP = {
    "handover_working_days": "闭会期间收到建议后，多少个工作日内登记并交办。通行做法为10个工作日。",
    "answer_months": "承办单位自交办之日起几个月内答复代表。法律规定为3个月，可以更短，不能更长。",
    "feedback_working_days": "代表收到答复后，多少个工作日内评价。通行做法为15个工作日；逾期未评价的不计入满意率。",
    "rework_months": "代表不满意的，自退回之日起几个月内重新答复。通行做法为1个月。",
    "opinion_months": "线索转交检察机关后，几个月内反馈是否转化为公益诉讼案件的意见。益阳市的规定为1个月。",
    "opinion_sorting_working_days": "收到群众反映后，多少个工作日内分办。默认2个工作日。",
    "opinion_deputy_hours": "群众反映转给代表后，代表在多少个小时内答复。默认24小时（快应答）。",
    "opinion_unit_months": "群众反映交承办单位后，几个月内答复群众。默认1个月。",
    "activity_record_working_days": "代表活动结束后，多少个工作日内完成记录。默认10个工作日。",
    "contact_opinion_months": "联系代表时听到的意见交办后，几个月内反馈。默认3个月。",
    "voter_reports_per_term": "每名代表在一届里至少述职几次。默认1次。",
}


def rule_label(name: str) -> str:
    """What a rule is called on pages."""
    field: Any = CongressSettings._meta.get_field(name)
    return str(field.verbose_name)


class CongressCreateForm(forms.Form):
    """A congress for a term. The region was chosen before.

    Args:
        region: where the congress sits.
    """

    term = forms.IntegerField(
        label="届次",
        min_value=1,
        max_value=99,
        help_text="填数字，例如 7。",
        error_messages={"required": "请填写届次。"},
    )
    national = forms.BooleanField(
        label="这是本省选出的全国人大代表（全国人民代表大会）",
        required=False,
        help_text="勾选后，登记的是由本省人民代表大会选举的全国人大代表。",
    )
    starts_on = forms.DateField(
        label="任期开始", help_text="本届第一次会议开幕的日期。", error_messages={"required": "请填写任期开始日期。"}
    )
    ends_on = forms.DateField(
        label="任期结束", required=False, help_text="下届第一次会议开幕前一日；还不知道的，留空。"
    )
    deputy_places = forms.IntegerField(label="代表名额", required=False, min_value=1, max_value=5000)
    name = forms.CharField(
        label="名称", required=False, max_length=100, help_text="留空则自动生成，例如“益阳市第七届人民代表大会”。"
    )
    short_name = forms.CharField(
        label="简称", required=False, max_length=40, help_text="用于建议编号；留空则自动生成，例如“益阳市七届人大”。"
    )

    domain_error: Exception | None = None

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if region.level != RegionLevel.PROVINCE:
            del self.fields["national"]


class CongressEditForm(VersionForm):
    """What may be corrected of a congress."""

    name = forms.CharField(label="名称", max_length=100, error_messages={"required": "请填写名称。"})
    short_name = forms.CharField(
        label="简称",
        max_length=40,
        help_text="用于建议编号；已经编出的号不会改变。",
        error_messages={"required": "请填写简称。"},
    )
    starts_on = forms.DateField(label="任期开始", error_messages={"required": "请填写任期开始日期。"})
    ends_on = forms.DateField(label="任期结束", required=False, help_text="还不知道的，留空。")
    deputy_places = forms.IntegerField(label="代表名额", required=False, min_value=1, max_value=5000)

    def __init__(self, *args: Any, congress: Congress, **kwargs: Any) -> None:
        initial = {
            field: getattr(congress, field) for field in ("name", "short_name", "starts_on", "ends_on", "deputy_places")
        }
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.show_version(congress)


class CongressSettingsForm(forms.Form):
    """The rules that differ by place."""

    domain_error: Exception | None = None

    def __init__(self, *args: Any, rules: CongressSettings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SETTING_FIELDS:
            least, most = SETTING_LIMITS[name]
            self.fields[name] = forms.IntegerField(
                label=rule_label(name),
                help_text=RULE_HELP[name],
                min_value=least,
                max_value=most,
                initial=getattr(rules, name),
                error_messages={"required": "请填写一个整数。"},
            )


class SessionForm(forms.Form):
    """A session of a congress."""

    number = forms.IntegerField(
        label="第几次会议", min_value=1, max_value=20, error_messages={"required": "请填写会议次数。"}
    )
    starts_on = forms.DateField(label="开幕日期", error_messages={"required": "请填写开幕日期。"})
    ends_on = forms.DateField(label="闭幕日期", error_messages={"required": "请填写闭幕日期。"})

    domain_error: Exception | None = None

    def __init__(self, *args: Any, session: Session | None = None, next_number: int = 1, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"number": next_number}
        if session is not None:
            initial = {"number": session.number, "starts_on": session.starts_on, "ends_on": session.ends_on}
        super().__init__(*args, **{"initial": initial, **kwargs})


class ElectoralUnitForm(forms.Form):
    """An electoral unit of a congress."""

    name = forms.CharField(
        label="名称",
        max_length=100,
        help_text="例如“赫山区代表团”“第3选区”。",
        error_messages={"required": "请填写名称。"},
    )
    region = forms.ModelChoiceField(
        label="对应区划",
        queryset=Region.objects.none(),
        to_field_name="code",
        required=False,
        empty_label="不对应具体区划",
        help_text="选了区划，当地的人大工作机构就能看到在这里选出的代表。",
    )

    domain_error: Exception | None = None

    def __init__(self, *args: Any, congress: Congress, unit: ElectoralUnit | None = None, **kwargs: Any) -> None:
        initial = {"name": unit.name, "region": unit.region.code if unit.region else ""} if unit else {}
        super().__init__(*args, **{"initial": initial, **kwargs})
        regions: Any = self.fields["region"]
        regions.queryset = regions_of(congress)
        regions.label_from_instance = lambda region: region.name
