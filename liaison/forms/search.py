"""What is typed in the search box."""

from __future__ import annotations

from django import forms

from liaison.search import MAX_QUERY


class SearchForm(forms.Form):
    """Words to look for; more than ``MAX_QUERY`` characters are not looked at."""

    q = forms.CharField(label="查找内容", required=False)

    def clean_q(self) -> str:
        """One line, cut."""
        return " ".join(str(self.cleaned_data["q"]).split())[:MAX_QUERY]

    def query(self) -> str:
        """The words, "" when they cannot be read."""
        return str(self.cleaned_data["q"]) if self.is_valid() else ""
