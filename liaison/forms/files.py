"""A form field that takes several files at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile


class MultipleFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class MultipleFileField(forms.FileField):
    """Any number of files; ``clean`` gives a list, empty when none was chosen.

    Args:
        max_files: more than this is refused with a message.
    """

    widget = MultipleFileInput

    def __init__(self, *args: Any, max_files: int = 10, **kwargs: Any) -> None:
        self.max_files = max_files
        super().__init__(*args, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "data-max-files": self.max_files}

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        chosen = data if isinstance(data, list | tuple) else ([data] if data else [])
        if len(chosen) > self.max_files:
            raise forms.ValidationError(f"一次最多上传{self.max_files}个文件，您选了{len(chosen)}个。")
        if not chosen:
            super().clean(None, initial)
            return []
        return [super(MultipleFileField, self).clean(one, initial) for one in chosen]
