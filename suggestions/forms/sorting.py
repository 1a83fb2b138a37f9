"""Forms of the sorting desk: return, refuse, register, assign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms

from suggestions.forms.fields import IdChoiceField, LongTextField, VersionedForm
from suggestions.models.suggestion import SuggestionKind
from suggestions.selectors.choices import categories, refusal_clauses, sessions_of, units_for

if TYPE_CHECKING:
    from liaison.actor import Actor
    from suggestions.models import Suggestion


class ReturnForm(VersionedForm):
    """退回修改."""

    reason = LongTextField(
        label="退回理由",
        max_length=1000,
        rows=4,
        help_text="代表会看到。写清要补什么、改什么，例如：请写明路段起止点，并附一张现场照片。",
        error_messages={"required": "请写明退回理由，代表会看到。"},
    )


class RefuseForm(VersionedForm):
    """不予受理."""

    clause_id = IdChoiceField(
        label="不予受理的情形",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择不予受理的情形。"},
    )
    reason = LongTextField(
        label="向代表说明",
        max_length=1000,
        rows=4,
        help_text="结合这件建议说明为什么属于上述情形，代表会看到。",
        error_messages={"required": "请向代表说明具体理由。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("IdChoiceField", self.fields["clause_id"]).choices = refusal_clauses()


class RegisterForm(VersionedForm):
    """登记编号: which series it counts in, and the category that staff settle on."""

    kind = forms.ChoiceField(
        label="种类",
        choices=SuggestionKind,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择种类。"},
    )
    session_id = IdChoiceField(
        label="会议",
        required=False,
        empty_label="闭会期间，不选会议",
        help_text="闭会期间建议单独编号；其他种类按所属会议编号。",
    )
    category_id = IdChoiceField(label="类别", error_messages={"required": "请选择类别。"})

    def __init__(self, *args: Any, suggestion: Suggestion, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "kind": suggestion.kind,
            "session_id": suggestion.session_id,
            "category_id": suggestion.category_id,
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        cast("IdChoiceField", self.fields["session_id"]).offer(sessions_of([suggestion.congress_id]))
        cast("IdChoiceField", self.fields["category_id"]).offer(categories())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind, session = cleaned.get("kind"), cleaned.get("session_id")
        if "session_id" in self.errors or not kind:
            return cleaned
        if kind == SuggestionKind.RECESS and session is not None:
            self.add_error("session_id", "闭会期间建议不选会议，请改选“闭会期间，不选会议”，或者更正种类。")
        if kind != SuggestionKind.RECESS and session is None:
            self.add_error("session_id", "请选择所属的会议，或者把种类改为闭会期间建议。")
        return cleaned


class AssignForm(VersionedForm):
    """交办: the main handling unit and what is asked of it."""

    unit_public_id = forms.ChoiceField(
        label="主办单位",
        error_messages={"required": "请选择主办单位。", "invalid_choice": "请在列表中选择主办单位。"},
    )
    requirement = LongTextField(
        label="办理要求",
        required=False,
        max_length=1000,
        rows=4,
        help_text="写进交办函，例如：请会同市财政局研究，并在答复前与代表当面沟通。",
    )

    def __init__(self, *args: Any, actor: Actor, suggestion: Suggestion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = cast("forms.ChoiceField", self.fields["unit_public_id"])
        unit.choices = [("", "请选择"), *units_for(actor)]
        if suggestion.wished_unit is not None:
            unit.initial = str(suggestion.wished_unit.public_id)
            unit.help_text = f"代表希望由{suggestion.wished_unit.name}承办。"
