"""Fields and base forms of the pages of programmes, proposals and candidates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from liaison.exceptions import StaleVersion

DAY_ERRORS = {"invalid": "请按日历选择日期，例如 2026-11-21。"}


class LongTextField(forms.CharField):
    """Running text. Line ends are counted as the browser counts them: one character each."""

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class IdChoiceField(forms.TypedChoiceField):
    """A choice of one row by its serial id; ``None`` when nothing is chosen."""

    def __init__(self, *, empty_label: str = "请选择", **kwargs: Any) -> None:
        self.empty_label = empty_label
        kwargs.setdefault("error_messages", {}).setdefault("invalid_choice", "这个选项已不可用，请重新选择。")
        super().__init__(coerce=int, empty_value=None, **kwargs)

    def offer(self, rows: list[tuple[int, str]]) -> None:
        """Set the choices: (id, name) pairs."""
        self.choices = [("", self.empty_label), *rows]


class VersionedForm(forms.Form):
    """An act on a record that must still be as the page showed it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    domain_error: Exception | None = None

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

    @property
    def values(self) -> dict[str, Any]:
        """The typed values under the service's names."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"version", "uploads"}}
