"""Forms of voting: the session code, the code on a slip, the marks. What was marked is never put into a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.views.decorators.debug import sensitive_variables

from votes import rules
from votes.selectors.marks import choices_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from votes.models import Round
    from votes.selectors.voting import BallotLine, LineToFill

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


@sensitive_variables()
def marks_in(data: Mapping[str, Any], round_: Round, options: Sequence[BallotLine]) -> list[str] | None:
    """A code for each line that was sent, in the ballot's order, each of which may be left empty.

    No message stands by a line of a ballot, so it is read without the cost of a form field for each.

    Returns:
        None when a line says something that this ballot does not offer.
    """
    offered = {choice.code for choice in choices_of(round_)}
    marks = [data.get(field_name(option)) or rules.EMPTY for option in options]
    return marks if offered.issuperset(marks) else None


def field_name(option: BallotLine | LineToFill) -> str:
    """The field of a line."""
    return f"line_{option.position}"
