"""Uploading a roster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from deputies.models import Congress
from deputies.selectors.congress import congresses_to_fill

if TYPE_CHECKING:
    from liaison.actor import Actor


class CongressChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A congress by its public id, shown by name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Congress.objects.none(), to_field_name="public_id", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（已届满）" if obj.ends_on else str(obj.name)


class RosterUploadForm(forms.Form):
    """Which congress, and the file.

    Args:
        actor: whose congresses are offered.
    """

    congress = CongressChoiceField(
        label="届次",
        empty_label="请选择",
        help_text="名册里的代表属于哪一届人民代表大会。",
        error_messages={"required": "请选择届次。", "invalid_choice": "请选择您可以登记代表的届次。"},
    )
    file = forms.FileField(
        label="名册文件",
        help_text="用模板填写的 .xlsx 文件，不超过20 MB、10000行。",
        allow_empty_file=True,  # the service says why an empty file cannot be taken
        error_messages={"required": "请选择要上传的文件。"},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    domain_error: Exception | None = None

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        congress: Any = self.fields["congress"]
        congress.queryset = congresses_to_fill(actor)
