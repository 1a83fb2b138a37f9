"""What the public types to find a station or a deputy."""

from __future__ import annotations

from django import forms


class StationSearchForm(forms.Form):
    """A place, a station's name or a deputy's name; the place chosen on the way down is carried along."""

    q = forms.CharField(
        label="地名、站名或者代表姓名",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    region = forms.CharField(label="所在地", required=False, max_length=9, widget=forms.HiddenInput)
