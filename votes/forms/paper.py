"""What a counter reads from the paper ballots (纸质票录入)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms

from liaison.exceptions import InvalidInput
from votes.selectors.marks import choices_of
from votes.services.paper import paper_enter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.forms import BoundField

    from liaison.actor import Actor
    from votes.models import PaperCount, Round, RoundOption

MOST = 100_000


def _number(label: str, missing: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": missing, "invalid": "请填写整数。"},
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the grid."""

    option: RoundOption
    cells: list[tuple[str, BoundField]]


class PaperForm(forms.Form):
    """Returned, void, and for each line of the ballot its counts.

    Args:
        entry: what the same counter entered before.
    """

    returned = _number("收回纸质票", "请填写收回的纸质票数。")
    void = _number("其中废票", "请填写废票数，没有就填0。")

    def __init__(
        self,
        data: Any = None,
        *,
        round_: Round,
        options: Sequence[RoundOption],
        entry: PaperCount | None = None,
    ) -> None:
        super().__init__(data)
        self.options, self.choices = options, choices_of(round_)
        if entry is not None:
            self.initial.update(returned=entry.returned, void=entry.void)
        for index, option in enumerate(options):
            for choice in self.choices:
                field = _number(f"{option.name}：{choice.label}", "请填写票数，没有就填0。")
                self.fields[self._name(option, choice.code)] = field
                if entry is not None:
                    self.initial[self._name(option, choice.code)] = entry.lines[index].get(choice.code, 0)

    @staticmethod
    def _name(option: RoundOption, code: str) -> str:
        return f"n{option.position}_{code}"

    @property
    def rows(self) -> list[Row]:
        """The grid: a row for each line of the ballot, a field for each mark."""
        return [
            Row(option, [(choice.label, self[self._name(option, choice.code)]) for choice in self.choices])
            for option in self.options
        ]

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {
            "returned": data["returned"],
            "void": data["void"],
            "lines": [
                {choice.code: data[self._name(option, choice.code)] for choice in self.choices}
                for option in self.options
            ],
        }

    def enter(self, *, actor: Actor, public_id: UUID, counter: int) -> PaperCount:
        """Call the service; what is wrong with a line is said by its first field."""
        try:
            return paper_enter(actor=actor, public_id=public_id, counter=counter, values=self.values)
        except InvalidInput as error:
            fields = {}
            for name, message in error.fields.items():
                place = name.removeprefix("lines-")
                if place != name and place.isdigit():
                    option = self.options[int(place) - 1]
                    fields[self._name(option, self.choices[0].code)] = message
                else:
                    fields[name] = message
            raise InvalidInput(error.message, fields=fields) from error
