"""What is typed about reports to voters: meetings, the deputy's text, questions and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from deputies.forms.fields import VersionForm
from deputies.forms.station import NEEDED, TimeInput
from deputies.models import ElectoralUnit, Station, VoterMeeting
from deputies.selectors.voter_report import stations_offered, units_of_congress
from deputies.services.voter_meeting import MeetingFacts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deputies.models import Congress, VoterReport
    from liaison.actor import Actor


class VoterMeetingForm(VersionForm):
    """A meeting, new or to correct.

    Args:
        congress: its electoral units and the stations of its region are offered.
        meeting: the one to correct; None for a new one.
    """

    unit = forms.ModelChoiceField(
        queryset=ElectoralUnit.objects.none(), label="选区、选举单位", required=False, empty_label="不按选区"
    )
    station = forms.ModelChoiceField(
        queryset=Station.objects.none(),
        to_field_name="public_id",
        label="代表联络站",
        required=False,
        empty_label="不在联络站",
    )
    on = forms.DateField(label="日期", error_messages=NEEDED)
    starts_at = forms.TimeField(label="时间", required=False, widget=TimeInput())
    place = forms.CharField(label="地点", max_length=100, required=False, help_text="在联络站召开的可不填。")
    title = forms.CharField(label="名称", max_length=80, required=False, help_text="留空则按选区生成。")

    def __init__(
        self, *args: Any, actor: Actor, congress: Congress, meeting: VoterMeeting | None = None, **kwargs: Any
    ) -> None:
        if meeting is not None:
            kwargs["initial"] = {
                "unit": meeting.electoral_unit_id,
                "station": meeting.station.public_id if meeting.station else None,
                **{name: getattr(meeting, name) for name in ("on", "starts_at", "place", "title")},
            }
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.queryset = units_of_congress(congress)
        station: Any = self.fields["station"]
        station.queryset = stations_offered(actor, congress)
        if meeting is not None:
            self.show_version(meeting)

    def facts(self) -> MeetingFacts:
        """What was typed, for the service."""
        data = self.cleaned_data
        return MeetingFacts(
            on=data["on"],
            place=data["place"],
            title=data["title"],
            starts_at=data["starts_at"],
            unit_id=data["unit"].pk if data["unit"] else None,
            station_id=data["station"].public_id if data["station"] else None,
        )


_COUNT: dict[str, Any] = {
    "min_value": 0,
    "max_value": 100_000,
    "error_messages": {"required": "请填写人数，没有就填0。", "invalid": "请填写整数。"},
}


class HeldForm(forms.Form):
    """登记召开情况."""

    voters = forms.IntegerField(label="到会选民（人）", **_COUNT)
    representatives = forms.IntegerField(label="到会选民代表（人）", **_COUNT)
    delivered = forms.MultipleChoiceField(
        label="述职的代表",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请勾选述职的代表。", "invalid_choice": "请从列入的代表中勾选。"},
    )
    minutes = forms.CharField(
        label="会议情况", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    domain_error: Exception | None = None

    def __init__(self, *args: Any, reports: Iterable[VoterReport], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["delivered"]
        field.choices = [(str(report.public_id), report.mandate.person.name) for report in reports]
        field.initial = [key for key, _name in field.choices]


class ReportTextForm(VersionForm):
    """述职报告: written here, or uploaded."""

    text = forms.CharField(
        label="述职报告",
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text="开头已按履职档案填好，请用自己的话改写。",
    )
    upload = forms.FileField(label="或上传文件", required=False, help_text="Word、WPS或PDF，不超过20 MB。")


class QuestionForm(forms.Form):
    """登记提问."""

    asked_by = forms.CharField(label="提问人", max_length=40, required=False, help_text="选民不愿留名的可不填。")
    text = forms.CharField(
        label="问题", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), error_messages=NEEDED
    )
    answer = forms.CharField(
        label="代表回答",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="当场回答的记在这里；留空则请代表会后回答。",
    )

    domain_error: Exception | None = None


class GiveBackForm(VersionForm):
    """退回修改."""

    reason = forms.CharField(
        label="需要修改什么",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="代表会看到这段话。",
        error_messages=NEEDED,
    )


class AnswerForm(VersionForm):
    """回答."""

    answer = forms.CharField(
        label="回答", max_length=2000, widget=forms.Textarea(attrs={"rows": 6}), error_messages=NEEDED
    )


class PlanMeetingsForm(forms.Form):
    """For the chosen gaps: when and where."""

    on = forms.DateField(label="日期", error_messages=NEEDED)
    place = forms.CharField(label="地点", max_length=100, error_messages=NEEDED)

    domain_error: Exception | None = None
