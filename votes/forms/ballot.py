"""Forms of voting: the session code, the code on a slip, the marks. What was marked is never put into a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms

from votes import rules
from votes.selectors.marks import choices_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from votes.models import Round, RoundOption

_SPACES = re.compile(r"[\s\-－—]+")


class SessionCodeForm(forms.Form):
    """签到: the code that the screen of the hall shows."""

    code = forms.CharField(
        label="签到码",
        max_length=20,
        help_text="会场屏幕上的6位签到码。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "请输入会场屏幕上的签到码。"},
    )

    def clean_code(self) -> str:
        return _SPACES.sub("", self.cleaned_data["code"]).upper()


class SlipForm(forms.Form):
    """The code on a slip (投票码)."""

    code = forms.CharField(
        label="投票码",
        max_length=60,
        help_text="纸条上的字母和数字，不分大小写，空格和短横可以不输。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "请输入投票码，或者扫描纸条上的二维码。"},
    )


class BallotForm(forms.Form):
    """One choice a line, each of which may be left empty.

    Args:
        round_: whose ballot it is.
        options: its lines, in order.
    """

    def __init__(self, data: Any = None, *, round_: Round, options: Sequence[RoundOption]) -> None:
        super().__init__(data)
        self.round, self.options = round_, options
        offered = [(choice.code, choice.label) for choice in choices_of(round_)]
        for option in options:
            self.fields[field_name(option)] = forms.ChoiceField(choices=offered, required=False)

    @property
    def marks(self) -> list[str]:
        """A code for each line, in the ballot's order."""
        return [self.cleaned_data.get(field_name(option)) or rules.EMPTY for option in self.options]


def field_name(option: RoundOption) -> str:
    """The field of a line."""
    return f"line_{option.position}"
