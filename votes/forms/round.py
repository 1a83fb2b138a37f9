"""Forms by which staff prepare and run a vote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.validators import MinLengthValidator

from votes.models import AppraisalScale, RoundKind
from votes.models.round import CHOOSING
from votes.selectors.presiding import EVERYWHERE, Conditions
from votes.services.round import OptionInput
from votes.services.tellers import SHORTEST_PASSPHRASE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deputies.models import Session
    from votes.models import Project

MOST_LINES = 60
NAME_LENGTH, DETAIL_LENGTH = 120, 2000


class RoundFilterForm(forms.Form):
    """Conditions over the list; a value that is not offered asks for nothing."""

    text = forms.CharField(label="名称", required=False, max_length=60)
    kind = forms.ChoiceField(label="种类", required=False, choices=[("", "全部种类"), *RoundKind.choices])
    year = forms.TypedChoiceField(label="年份", required=False, coerce=int, empty_value=None)
    region = forms.ChoiceField(label="范围", required=False, choices=[("", "本机构"), (EVERYWHERE, "本级和下级")])

    def __init__(self, *args: Any, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = [(year, f"{year}年") for year in range(this_year, this_year - 10, -1)]
        cast("forms.TypedChoiceField", self.fields["year"]).choices = [("", "全部年份"), *years]

    @property
    def conditions(self) -> Conditions:
        """What is asked for; wrong values are left out."""
        self.is_valid()
        return Conditions(**{name: value for name, value in self.cleaned_data.items() if value not in (None, "")})

    @property
    def is_active(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


class RoundForm(forms.Form):
    """What is asked: title, places or scale, and the lines of the ballot.

    Args:
        kind: of the round; decides which fields there are.
        sessions: of the congress.
        candidates: how many stand on the programme's approved list, for a vote on projects.
        projects: of the programme, for an appraisal of projects.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)
    title = forms.CharField(
        label="投票名称",
        max_length=120,
        help_text="印在选票上，例如：永安镇2022年度民生实事项目票决。",
        error_messages={"required": "请填写投票名称。"},
    )
    session_id = forms.TypedChoiceField(
        label="会议", required=False, coerce=int, empty_value=None, help_text="在哪次会议上投票。"
    )
    places = forms.IntegerField(
        label="应选件数",
        min_value=1,
        max_value=30,
        help_text="每张选票最多赞成的件数，应少于候选项目数（差额票决）。",
        error_messages={"required": "请填写应选件数。"},
    )
    scale = forms.ChoiceField(
        label="测评档次",
        choices=AppraisalScale,
        widget=forms.RadioSelect,
        help_text="另有“弃权”一项。",
        error_messages={"required": "请选择测评档次。"},
    )
    projects = forms.MultipleChoiceField(
        label="测评项目",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一个项目。"},
    )
    lines = forms.CharField(
        label="测评对象",
        max_length=MOST_LINES * 400,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="每行一个，姓名后用逗号隔开写职务或说明，例如：王建国，区水利局局长。",
        error_messages={"required": "请至少写一个测评对象。"},
    )
    closes_at = forms.DateTimeField(
        label="最迟截止时间",
        required=False,
        help_text="到这一刻自动停止收票；不填的由主持页按“截止投票”。",
        error_messages={"invalid": "请按日历选择日期和时间。"},
    )
    is_public = forms.BooleanField(
        label="结果向社会公开", required=False, initial=True, help_text="宣布后任何人可以查看计票过程、核对回执。"
    )

    def __init__(
        self,
        *args: Any,
        kind: str,
        sessions: Sequence[Session] = (),
        candidates: int = 0,
        projects: Sequence[Project] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.candidates = kind, candidates
        chooses = kind in CHOOSING
        unwanted = {"scale"} if chooses else {"places"}
        unwanted |= {"projects", "lines"} - {self.source}
        for name in unwanted:
            del self.fields[name]
        session = cast("forms.TypedChoiceField", self.fields["session_id"])
        session.choices = [("", "请选择"), *((one.pk, str(one)) for one in sessions)]
        if self.source == "projects":
            field = cast("forms.MultipleChoiceField", self.fields["projects"])
            field.choices = [(str(one.public_id), one.name) for one in projects]
            field.initial = [str(one.public_id) for one in projects]

    @property
    def source(self) -> str:
        """Where the ballot's lines come from."""
        if self.kind in CHOOSING:
            return "candidates"
        return "projects" if self.kind == RoundKind.APPRAISAL else "lines"

    def clean_lines(self) -> list[tuple[str, str]]:
        """(name, detail) pairs."""
        rows = []
        for number, text in enumerate(self.cleaned_data["lines"].splitlines(), start=1):
            name, _, detail = text.strip().replace(",", "，").partition("，")
            if not name and not detail:
                continue
            if not name.strip() or len(name) > NAME_LENGTH or len(detail) > DETAIL_LENGTH:
                raise forms.ValidationError(f"第{number}行请写成“姓名，职务”，姓名不超过{NAME_LENGTH}字。")
            rows.append((name.strip(), detail.strip()))
        if not rows:
            raise forms.ValidationError("请至少写一个测评对象。")
        if len(rows) > MOST_LINES:
            raise forms.ValidationError(f"一张选票最多{MOST_LINES}项，现有{len(rows)}项，请分成几轮。")
        return rows

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        places = cleaned.get("places")
        if self.candidates and places and self.candidates <= places:
            self.add_error("places", f"候选项目{self.candidates}件，票决须有差额，应选件数应少于{self.candidates}。")
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """The typed values under the service's names, without the lines."""
        names = ("title", "session_id", "places", "scale", "closes_at", "is_public")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    @property
    def option_inputs(self) -> list[OptionInput]:
        """The lines of an appraisal's ballot."""
        if self.source == "projects":
            return [OptionInput(project_public_id=one) for one in self.cleaned_data["projects"]]
        if self.source == "lines":
            return [OptionInput(name=name, detail=detail) for name, detail in self.cleaned_data["lines"]]
        return []


def lines_text(options: Sequence[Any]) -> str:
    """The lines of a ballot as they are typed."""
    return "\n".join(f"{one.name}，{one.detail}" if one.detail else one.name for one in options)


class TellersForm(forms.Form):
    """监票人、计票人: two people, each of whom sets a passphrase on their own account."""

    scrutineer_id = forms.TypedChoiceField(
        label="监票人",
        coerce=int,
        empty_value=None,
        help_text="监督发票、投票、计票，开箱时输入自己的口令。",
        error_messages={"required": "请选择监票人。"},
    )
    counter_id = forms.TypedChoiceField(
        label="计票人",
        coerce=int,
        empty_value=None,
        help_text="负责计票，开箱时输入自己的口令。须与监票人不是同一人。",
        error_messages={"required": "请选择计票人。"},
    )

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("scrutineer_id", "counter_id"):
            cast("forms.TypedChoiceField", self.fields[name]).choices = [("", "请选择"), *people]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("counter_id") and cleaned.get("counter_id") == cleaned.get("scrutineer_id"):
            self.add_error("counter_id", "监票人和计票人须由两人分别担任。")
        return cleaned


def _secret(label: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        **kwargs,
    )


class PassphraseForm(forms.Form):
    """A teller's own passphrase, typed twice."""

    passphrase = _secret(
        "口令",
        help_text=f"至少{SHORTEST_PASSPHRASE}个字，可以是几个不相干的词连在一起。系统不保存口令，忘记后无法找回，选票就打不开。",
        validators=[MinLengthValidator(SHORTEST_PASSPHRASE, f"口令太短，请至少{SHORTEST_PASSPHRASE}个字。")],
        error_messages={"required": "请输入口令。"},
    )
    again = _secret("再输一遍", error_messages={"required": "请再输一遍口令。"})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "again" in cleaned and "passphrase" in cleaned and cleaned["again"] != cleaned["passphrase"]:
            self.add_error("again", "两遍口令不一样，请重新输入。")
        return cleaned


class OpenBoxForm(forms.Form):
    """开箱: both passphrases, on one machine, each typed by its owner."""

    scrutineer_passphrase = _secret("监票人口令", error_messages={"required": "请监票人输入口令。"})
    counter_passphrase = _secret("计票人口令", error_messages={"required": "请计票人输入口令。"})


class ReasonForm(forms.Form):
    """Why, or by whose decision."""

    reason = forms.CharField(
        label="理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明理由。"},
    )

    def __init__(self, *args: Any, label: str = "理由", help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label, self.fields["reason"].help_text = label, help_text


class DecisionForm(forms.Form):
    """Who decided to leave places open, and when."""

    decision = forms.CharField(
        label="决定",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="由谁、何时决定，例如：2026年1月10日主席团第三次会议决定，空缺的1个名额暂缺。",
        error_messages={"required": "请写明由谁、何时作出的决定。"},
    )
