"""Forms of the work calendar: one corrected day, a year's notice as a file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms

from liaison.calendar import FIRST_YEAR, LAST_YEAR
from liaison.holidayfile import MOST_BYTES, MOST_NAME, MOST_URL, notice_url_problem

if TYPE_CHECKING:
    from liaison.models import Holiday


class CalendarForm(forms.Form):
    """Carries the version of the calendar that the page showed."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def show_version(self, version: int) -> None:
        """A form shown again after a change by somebody else goes on from the present version."""
        if self.is_bound:
            self.data = {**self.data.dict(), self.add_prefix("version"): str(version)}  # type: ignore[attr-defined]


class HolidayForm(CalendarForm):
    """One day off or working day (休息日、上班日), with its notice."""

    date = forms.DateField(
        label="日期",
        widget=forms.DateInput,
        error_messages={"required": "请选择日期。", "invalid": "日期不对，应如 2026-10-01。"},
    )
    is_off = forms.TypedChoiceField(
        label="这一天",
        choices=[("1", "休息（放假，或调换的休息日）"), ("0", "上班（调休的周六、周日）")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择休息还是上班。"},
    )
    name = forms.CharField(
        label="名称",
        max_length=MOST_NAME,
        help_text="按通知写，例如：国庆节、州庆日。",
        error_messages={"required": "请填写名称。"},
    )
    source_url = forms.CharField(
        label="通知网址",
        max_length=MOST_URL,
        help_text="政府网站（gov.cn）上的放假通知，供大家核对。",
        widget=forms.URLInput,
        error_messages={"required": "请填写通知网址。"},
    )

    def clean_date(self) -> dt.date:
        date: dt.date = self.cleaned_data["date"]
        if not FIRST_YEAR <= date.year <= LAST_YEAR:
            raise forms.ValidationError(f"请填写{FIRST_YEAR}年至{LAST_YEAR}年的日期。")
        return date

    def clean_source_url(self) -> str:
        url: str = self.cleaned_data["source_url"]
        if problem := notice_url_problem(url):
            raise forms.ValidationError(f"{problem}。")
        return url


class HolidayEditForm(HolidayForm):
    """The same for a row that is there: its day stays."""

    date = None  # type: ignore[assignment]  # Django drops the inherited field

    @classmethod
    def of(cls, holiday: Holiday, version: int) -> HolidayEditForm:
        """The form with the values of a row."""
        return cls(
            initial={
                "version": version,
                "is_off": "1" if holiday.is_off else "0",
                "name": holiday.name,
                "source_url": holiday.source_url,
            }
        )


class HolidayFileForm(forms.Form):
    """The file of a year's notice; what is in it is checked line by line."""

    file = forms.FileField(
        label="放假安排文件",
        help_text="CSV 文件，表头和格式见下方示例。用 Excel 或 WPS 填写后另存为 CSV 即可。",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv", "data-max-bytes": MOST_BYTES}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的。"},
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if (upload.size or 0) > MOST_BYTES:
            raise forms.ValidationError(f"文件超过{MOST_BYTES // 1024} KB，不像是放假安排表。")
        return upload


class HolidayConfirmForm(CalendarForm):
    """What the preview carries along to the press that imports it; it is checked anew."""

    content = forms.CharField(widget=forms.HiddenInput, strip=False, max_length=MOST_BYTES)
