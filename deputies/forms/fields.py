"""Fields that the package's forms share."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict

from deputies.services.checks import version_of
from liaison.exceptions import StaleVersion

if TYPE_CHECKING:
    from django.db.models import Model

_PARTS = re.compile(r"[、,;\uff0c\uff1b/|\n\r]+")


class MonthField(forms.CharField):
    """A year and month; ``clean`` gives the first day of the month, or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"placeholder": "1975-03", "inputmode": "numeric"}))
        kwargs.setdefault("max_length", 12)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, dt.date) else value

    def clean(self, value: Any) -> dt.date | None:
        text = super().clean(value)
        if not text:
            return None
        found = re.fullmatch(r"(\d{4})\s*[-./年]?\s*(\d{1,2})\s*月?", text)
        if found is None or not (1900 <= int(found[1]) <= 2100 and 1 <= int(found[2]) <= 12):
            raise forms.ValidationError("请按 1975-03 的样子填写年月。")
        return dt.date(int(found[1]), int(found[2]), 1)


class NamesField(forms.CharField):
    """Several names parted by 、; ``clean`` gives a tuple, each once."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 300)
        kwargs.setdefault("help_text", "多个用顿号分开，最多8个。")
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else "、".join(value)

    def clean(self, value: Any) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part.strip() for part in _PARTS.split(super().clean(value)) if part.strip()))


class VersionForm(forms.Form):
    """A change of a record that must still be as the page showed it (see ``require_fresh``)."""

    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    domain_error: Exception | None = None

    def show_version(self, record: Model) -> None:
        """Carry the state of the record that the page shows."""
        self.fields["version"].initial = version_of(record.updated_at)  # type: ignore[attr-defined]

    def renew_version(self, record: Model) -> bool:
        """After a refusal as stale: let the next press act on the record as it is now. Only for pages that show
        beside what was typed what the other person kept.

        Args:
            record: read anew here.

        Returns:
            whether the form was refused as stale.
        """
        if not isinstance(self.domain_error, StaleVersion):
            return False
        record.refresh_from_db()
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["version"] = version_of(record.updated_at)  # type: ignore[attr-defined]
        self.data = data
        return True


def conditions_in_words(filter_: Any) -> list[str]:
    """The conditions of a filter as a person reads them: 姓名或代表证号“李”."""
    words = []
    for name in filter_.filters:
        value = filter_.form.data.get(name)
        if not value:
            continue
        choices = dict(getattr(filter_.form.fields[name], "choices", ()))
        shown = next((str(label) for key, label in choices.items() if str(key) == str(value)), str(value))
        words.append(f"{filter_.form.fields[name].label}“{shown.strip()}”")
    return words


def masked(phone: str) -> str:
    """138****1234, for help texts."""
    return f"{phone[:3]}****{phone[-4:]}" if phone else ""
