"""What the inbox is filtered by, and until when it is marked as read."""

from __future__ import annotations

from django import forms

from liaison.models.notice import NoticeKind


class InboxFilterForm(forms.Form):
    """The filter in the address; a value that is not known counts as none."""

    kind = forms.ChoiceField(choices=NoticeKind.choices, required=False)
    unread = forms.BooleanField(required=False)

    def values(self) -> tuple[str, bool]:
        """(kind or "", only unread)."""
        self.full_clean()
        data = getattr(self, "cleaned_data", {})
        return data.get("kind", ""), bool(data.get("unread"))


class ReadAllForm(forms.Form):
    """When the page with the button was made."""

    until = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])
