"""Fields and base forms that the forms of the carrying out share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from liaison.exceptions import StaleVersion
from liaison.forms.files import MultipleFileField

BAD_DATE = "请按日历选择日期，例如 2026-11-21。"


class LongText(forms.CharField):
    """Running text. Line ends are counted as the browser counts them: one character each."""

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class DayField(forms.DateField):
    """A day, with messages in words.

    Args:
        missing: what is said when nothing was chosen.
    """

    def __init__(self, *, missing: str = "请填写日期。", **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {}).update({"required": missing, "invalid": BAD_DATE})
        super().__init__(**kwargs)


#: What Django would say with half-width marks.
AMOUNT_ERRORS = {
    "max_digits": "金额太大，请核对单位：这里填万元。",
    "max_whole_digits": "金额太大，请核对单位：这里填万元。",
    "max_decimal_places": "最多保留两位小数。",
}


class AmountField(forms.DecimalField):
    """An amount in 万元 with at most two decimals."""

    def __init__(self, *, missing: str = "请填写金额。", **kwargs: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, min_value=0, **kwargs)
        self.error_messages |= {
            "required": missing,
            "invalid": "请填写数字，单位万元，例如 320.5。",
            **AMOUNT_ERRORS,
        }


class PicturesField(MultipleFileField):
    """Photographs, at most nine, straight from the camera on a phone."""

    def __init__(self, *, label: str = "现场照片", **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "最多9张，每张不超过20 MB，手机可以直接拍照。")
        super().__init__(label=label, max_files=9, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": "image/*"}


class ActForm(forms.Form):
    """An act on something; what the service refuses stands in ``domain_error``."""

    domain_error: Exception | None = None


class VersionedActForm(ActForm):
    """An act on a record that must still be as the page showed it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and "version" in self.errors:
            del self.errors["version"]
            self.add_error(None, "页面信息不完整，请刷新页面后再试。您填写的内容仍在下方。")

    @property
    def is_stale(self) -> bool:
        """Whether the service said that somebody changed the record in between."""
        return isinstance(self.domain_error, StaleVersion)

    def show_version(self, version: int) -> None:
        """Let the next press act on the record as it is now, after the person was told of the change."""
        if isinstance(self.data, QueryDict):
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = str(version)


def today() -> Any:
    """Initial value of a day."""
    return timezone.localdate()
