"""The conditions of the roll-up, kept in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from deputies.models import CongressLevel
from deputies.selectors.rollup import rollup_campaigns, rollup_years

if TYPE_CHECKING:
    from deputies.selectors.rollup import Question
    from liaison.actor import Actor


class RollUpForm(forms.Form):
    """Year, level, campaign and which requirements; always bound to what is shown.

    Args:
        question: what is shown.
    """

    year = forms.ChoiceField(label="年度")
    level = forms.ChoiceField(label="层级", required=False, choices=[("", "全部"), *CongressLevel.choices])
    campaign = forms.ChoiceField(label="主题活动", required=False)
    asked = forms.ChoiceField(
        label="看哪些要求", required=False, choices=[("", "年度和主题活动的要求"), ("term", "本届的要求")]
    )

    def __init__(self, *, actor: Actor, question: Question, **kwargs: Any) -> None:
        campaign = question.campaign
        data = {
            "year": str(question.year),
            "level": question.level,
            "campaign": str(campaign.public_id) if campaign else "",
            "asked": "term" if question.of_term else "",
        }
        super().__init__(data, **kwargs)
        campaigns = rollup_campaigns(actor)
        self.fields["year"].choices = [(str(year), f"{year}年") for year in rollup_years()]  # type: ignore[attr-defined]
        self.fields["campaign"].choices = [  # type: ignore[attr-defined]
            ("", "不限"),
            *((str(one.public_id), one.title) for one in campaigns),
        ]
