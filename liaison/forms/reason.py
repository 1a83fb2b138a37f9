"""Pages that ask once, and want to know why."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from liaison.exceptions import StaleVersion


class VersionForm(forms.Form):
    """What the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why something is taken away; kept in the audit."""

    reason = forms.CharField(label="原因", max_length=200, help_text="记入审计记录，例如“已调离”。")


class VersionedReasonForm(ReasonForm, VersionForm):
    """Both."""


def renew_version(form: forms.BaseForm, version: int) -> bool:
    """After a refusal as stale: let the form shown again carry the present version, so that a second press,
    with what changed before one's eyes, goes through.

    Returns:
        Whether the form was refused as stale.
    """
    stale = isinstance(getattr(form, "domain_error", None), StaleVersion)
    if stale:
        data = QueryDict(mutable=True)
        data.update(form.data)
        data[form.add_prefix("version")] = str(version)
        form.data = data
    return stale
