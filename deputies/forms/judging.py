"""What staff type about a judging, what judges type in a scoring sheet, awards."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from deputies.forms.fields import VersionForm
from deputies.forms.station import NEEDED
from deputies.selectors.report import campaigns_for
from deputies.services.judging import JudgingFacts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deputies.models import Judging, JudgingCriterion
    from deputies.selectors.judging import Paper
    from liaison.actor import Actor

#: Offered for a new judging; 100 points together.
USUAL = "问题导向 30\n调查深入 30\n建议可行 30\n文字精炼 10"
_LINE = re.compile(r"^(?P<name>.*?)[\s：:，,、]*(?P<points>\d+(?:\.\d)?)\s*分?$")
AWARDS = 3


class CriteriaField(forms.CharField):
    """One criterion a line, its highest points at the end: 问题导向 30. ``clean`` gives (name, points) pairs."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 6}))
        super().__init__(max_length=600, **kwargs)

    def clean(self, value: Any) -> list[tuple[str, Decimal]]:
        pairs = []
        for line in super().clean(value).splitlines():
            if not line.strip():
                continue
            found = _LINE.match(line.strip())
            if found is None or not found["name"].strip():
                raise forms.ValidationError(f"“{line.strip()[:40]}”看不懂，请写成“问题导向 30”的样子。")
            pairs.append((found["name"].strip(), Decimal(found["points"])))
        return pairs


class JudgingForm(VersionForm):
    """A new judging, or the correction of one.

    Args:
        judging: the one to correct; None for a new one.
    """

    title = forms.CharField(label="名称", max_length=80, help_text="例如：2021年微报告评选。", error_messages=NEEDED)
    campaign = forms.ChoiceField(
        label="评选哪个主题活动的报告", required=False, help_text="不选的，从已接收的报告里挑选。"
    )
    criteria = CriteriaField(
        label="评分标准", help_text="每行一条，后面写最高分。各条最高分之和就是满分。", error_messages=NEEDED
    )
    starts_on = forms.DateField(label="评分开始", error_messages=NEEDED)
    ends_on = forms.DateField(label="评分结束", error_messages=NEEDED)
    drop_extremes = forms.BooleanField(
        label="一篇有5名以上评委评分时，去掉一个最高分和一个最低分", required=False, initial=True
    )

    def __init__(self, *args: Any, actor: Actor, judging: Judging | None = None, **kwargs: Any) -> None:
        today = timezone.localdate()
        kwargs["initial"] = {"criteria": USUAL, "starts_on": today} if judging is None else _shown(judging)
        super().__init__(*args, **kwargs)
        campaign: Any = self.fields["campaign"]
        campaign.choices = [("", "不限主题活动"), *campaigns_for(actor)]
        if judging is not None:
            self.show_version(judging)

    def facts(self) -> JudgingFacts:
        """What was typed, for the service."""
        data = self.cleaned_data
        return JudgingFacts(
            title=data["title"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            criteria=data["criteria"],
            drop_extremes=data["drop_extremes"],
            campaign_id=data["campaign"] or None,
        )


def _shown(judging: Judging) -> dict[str, Any]:
    return {
        "title": judging.title,
        "campaign": str(judging.campaign.public_id) if judging.campaign else "",
        "criteria": "\n".join(f"{one.name} {one.maximum.normalize():f}" for one in judging.criteria.all()),
        "starts_on": judging.starts_on,
        "ends_on": judging.ends_on,
        "drop_extremes": judging.drop_extremes,
    }


class ExtendForm(VersionForm):
    """延长评分期."""

    ends_on = forms.DateField(label="延长到", error_messages=NEEDED, help_text="含当日。")


class PapersForm(forms.Form):
    """Choosing the reports that take part.

    Args:
        offered: (public id, words) of what may be chosen.
    """

    reports = forms.MultipleChoiceField(
        label="参评报告", widget=forms.CheckboxSelectMultiple, error_messages={"required": "请至少选一篇报告。"}
    )

    domain_error: Exception | None = None

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reports: Any = self.fields["reports"]
        reports.choices = offered


class ScoreField(forms.CharField):
    """Points as one types them; the bounds are said by the field's own message. ``clean`` gives a number or None."""

    def __init__(self, maximum: Decimal, **kwargs: Any) -> None:
        self.maximum = maximum
        widget = forms.NumberInput(
            attrs={"inputmode": "decimal", "min": "0", "max": str(maximum), "step": "0.5", "class": "score-input"}
        )
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        """A number, or None while nothing is typed: a sheet may be saved half-done."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            given = Decimal(text)
        except InvalidOperation:
            given = Decimal(-1)
        if not given.is_finite() or not 0 <= given <= self.maximum:
            raise forms.ValidationError(f"请填0到{self.maximum.normalize():f}之间的分数，可以有半分。")
        return given


class ScoreForm(forms.Form):
    """One judge's sheet for one report: a field a criterion.

    Args:
        criteria: of the judging, in their order.
        paper: with what the judge gave so far.
    """

    domain_error: Exception | None = None

    def __init__(self, *args: Any, criteria: Iterable[JudgingCriterion], paper: Paper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in criteria:
            given = paper.points.get(criterion.pk)
            self.fields[f"criterion_{criterion.pk}"] = ScoreField(
                criterion.maximum,
                label=f"{criterion.name}（0至{criterion.maximum.normalize():f}分）",
                initial=f"{given.normalize():f}" if given is not None else "",
            )

    @property
    def points(self) -> dict[int, Decimal | None]:
        """Criterion id → points, for the service."""
        return {int(name.removeprefix("criterion_")): value for name, value in self.cleaned_data.items()}


class AwardForm(forms.Form):
    """Up to three awards: name, and how many papers; the first line takes the best."""

    domain_error: Exception | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, AWARDS + 1):
            first = number == 1
            self.fields[f"award_{number}"] = forms.CharField(
                label=f"第{number}档奖项", max_length=20, required=first, initial="优秀报告" if first else ""
            )
            self.fields[f"count_{number}"] = forms.IntegerField(
                label="篇数", min_value=1, max_value=200, required=first
            )

    @staticmethod
    def of(awards: Iterable[str]) -> dict[str, Any]:
        """What is given already, to be corrected.

        Args:
            awards: of each paper, the best first; "" for none.
        """
        given = Counter(award for award in awards if award)
        rows = list(given.items())[:AWARDS]
        names = {f"award_{number}": name for number, (name, _count) in enumerate(rows, start=1)}
        return names | {f"count_{number}": count for number, (_name, count) in enumerate(rows, start=1)}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for number in range(2, AWARDS + 1):
            name, count = data.get(f"award_{number}"), data.get(f"count_{number}")
            if bool(name) != bool(count):
                self.add_error(f"count_{number}" if name else f"award_{number}", "名称和篇数要一起填。")
        return data

    @property
    def awards(self) -> list[tuple[str, int]]:
        """(name, how many), the highest first."""
        data = self.cleaned_data
        return [
            (data[f"award_{number}"], data[f"count_{number}"])
            for number in range(1, AWARDS + 1)
            if data.get(f"award_{number}") and data.get(f"count_{number}")
        ]
