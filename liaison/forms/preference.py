"""What a person sets for themselves from the shell of every page."""

from __future__ import annotations

from django import forms

from liaison.models.user import TypeScale


class TypeScaleForm(forms.Form):
    """The type size, and the page to come back to."""

    type_scale = forms.ChoiceField(label="字号", choices=TypeScale.choices)
    next = forms.CharField(required=False, max_length=2000)
