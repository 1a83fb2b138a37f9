"""Amounts in 万元: what is wrong with one is said in plain words."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from votes.forms.candidate import CandidateForm
from votes.forms.project import ChangeForm
from votes.forms.summary import SummaryForm


@pytest.mark.parametrize("form", [CandidateForm, ChangeForm, SummaryForm])
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("12.345", "最多保留两位小数。"),
        ("9" * 20, "金额太大，请核对单位：这里填万元。"),
        ("9" * 13, "金额太大，请核对单位：这里填万元。"),
    ],
)
def test_an_amount_that_cannot_be_says_why(form: type[CandidateForm], typed: str, told: str) -> None:
    with pytest.raises(ValidationError) as refused:
        form.base_fields["investment"].clean(typed)
    assert refused.value.messages == [told]
