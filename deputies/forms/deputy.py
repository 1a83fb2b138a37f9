"""What staff type about a deputy: the person, a mandate, its end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms

from deputies.forms.fields import MonthField, NamesField, VersionForm, masked
from deputies.models import ETHNICITIES, ElectoralUnit, Gender, ProfessionClass, TagKind
from deputies.selectors.congress import units_within
from deputies.services.mandate import MandateFacts
from deputies.services.person import PersonFacts
from liaison.models.user import PHONE_VALIDATOR

if TYPE_CHECKING:
    from deputies.models import Congress, Mandate, Person
    from liaison.actor import Actor


class PersonFields(forms.Form):
    """The person's own facts."""

    name = forms.CharField(label="姓名", max_length=60, error_messages={"required": "请填写姓名。"})
    gender = forms.ChoiceField(label="性别", required=False, choices=[("", "不填"), *Gender.choices])
    ethnicity = forms.ChoiceField(
        label="民族", required=False, choices=[("", "不填"), *((name, name) for name in ETHNICITIES)]
    )
    birth_month = MonthField(label="出生年月", required=False, help_text="写到月，例如 1975-03。")
    phone = forms.CharField(
        label="手机号码",
        required=False,
        max_length=20,
        help_text="11位手机号码，每人一个；用于登录和接收通知。",
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "numeric", "autocomplete": "off"}),
    )
    employer = forms.CharField(label="工作单位", required=False, max_length=100)
    post = forms.CharField(label="职务", required=False, max_length=60)
    industries = NamesField(label="行业标签", required=False, help_text="多个用顿号分开，例如 教育、农林牧渔业。")
    expertise = NamesField(label="专长标签", required=False, help_text="多个用顿号分开，例如 生态环境、法律。")

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"].replace(" ", "").replace("-", "")
        if phone:
            PHONE_VALIDATOR(phone)
        return phone

    def person_facts(self) -> PersonFacts:
        """What was typed, for the service."""
        data = self.cleaned_data
        return PersonFacts(
            name=data["name"],
            gender=data["gender"],
            ethnicity=data["ethnicity"],
            birth_month=data["birth_month"],
            phone=data["phone"],
            employer=data["employer"],
            post=data["post"],
            industries=data["industries"],
            expertise=data["expertise"],
        )


class PersonForm(VersionForm, PersonFields):
    """Changing a person. The phone in force is not shown: seeing it whole is an act of its own, and audited.

    Args:
        person: who is changed, with tags.
    """

    remove_phone = forms.BooleanField(label="清除已登记的手机号码", required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        self.person = person
        tags = list(person.tags.all())
        initial = {
            **{field: getattr(person, field) for field in ("name", "gender", "ethnicity", "birth_month")},
            "employer": person.employer,
            "post": person.post,
            "industries": [tag.name for tag in tags if tag.kind == TagKind.INDUSTRY],
            "expertise": [tag.name for tag in tags if tag.kind == TagKind.EXPERTISE],
        }
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.show_version(person)
        if person.phone:
            self.fields["phone"].help_text = f"现为 {masked(person.phone)}；不更换的，留空即可。"
        else:
            del self.fields["remove_phone"]
        self.order_fields(["name", "gender", "ethnicity", "birth_month", "phone", "remove_phone"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("phone") and data.get("remove_phone"):
            self.add_error("remove_phone", "填写了新号码，就不必勾选清除。")
        return data

    def person_facts(self) -> PersonFacts:
        facts = super().person_facts()
        if facts.phone or self.cleaned_data.get("remove_phone"):
            return facts
        return replace(facts, phone=self.person.phone)


class UnitChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An electoral unit of one congress."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=ElectoralUnit.objects.none(),
            label="选举单位",
            empty_label="未登记",
            error_messages={"invalid_choice": "请选择本届在您区划范围内的选举单位。"},
            **kwargs,
        )


class MandateFields(forms.Form):
    """A mandate's own facts.

    Args:
        actor: whose electoral units are offered.
        congress: the congress of the mandate.
    """

    certificate_number = forms.CharField(
        label="代表证号",
        max_length=30,
        help_text="4至30位字母、数字或短横线。",
        error_messages={"required": "请填写代表证号。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    electoral_unit = UnitChoiceField(required=False)
    profession_class = forms.ChoiceField(
        label="代表类别",
        choices=[("", "请选择"), *ProfessionClass.choices],
        error_messages={"required": "请选择代表类别。"},
    )
    started_on = forms.DateField(label="任期开始", error_messages={"required": "请填写任期开始日期。"})

    def __init__(self, *args: Any, actor: Actor, congress: Congress, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.congress = congress
        units: Any = self.fields["electoral_unit"]
        units.queryset = units_within(actor, congress)
        if not congress.region.prefix.startswith(actor.region_prefix):
            units.required = True
            units.empty_label = "请选择"
            units.error_messages["required"] = "上级届次的代表，请选择本地的选举单位。"
        self.fields["started_on"].initial = congress.starts_on

    def mandate_facts(self) -> MandateFacts:
        """What was typed, for the service."""
        data = self.cleaned_data
        unit = data["electoral_unit"]
        return MandateFacts(
            certificate_number=data["certificate_number"],
            profession_class=data["profession_class"],
            started_on=data["started_on"],
            electoral_unit_id=unit.pk if unit is not None else None,
        )


class DeputyForm(MandateFields, PersonFields):
    """A new deputy: the person and their first mandate on one page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["name", "phone", "certificate_number", "electoral_unit", "profession_class", "started_on"])


class MandateForm(VersionForm, MandateFields):
    """A further mandate, or the correction of one.

    Args:
        mandate: the one to correct; None for a new one.
    """

    def __init__(self, *args: Any, mandate: Mandate | None = None, **kwargs: Any) -> None:
        if mandate is not None:
            kwargs["initial"] = {
                "certificate_number": mandate.certificate_number,
                "electoral_unit": mandate.electoral_unit_id,
                "profession_class": mandate.profession_class,
                "started_on": mandate.started_on,
            }
        super().__init__(*args, **kwargs)
        if mandate is not None:
            self.show_version(mandate)


#: Grounds that are usual (代表法、选举法); another one may be typed.
END_REASONS = ("任期届满", "辞职被接受", "被罢免", "去世", "迁出或调离本行政区域", "依法被终止代表资格")


class MandateEndForm(forms.Form):
    """The end of a mandate."""

    ended_on = forms.DateField(label="资格终止日", error_messages={"required": "请填写资格终止日。"})
    reason = forms.ChoiceField(
        label="终止原因",
        choices=[("", "请选择"), *((reason, reason) for reason in END_REASONS), ("other", "其他（在下面写明）")],
        error_messages={"required": "请选择终止原因。"},
    )
    other_reason = forms.CharField(label="其他原因", required=False, max_length=100)

    domain_error: Exception | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("reason") == "other":
            if not data.get("other_reason"):
                self.add_error("other_reason", "请写明终止原因。")
            data["reason"] = data.get("other_reason", "")
        return data


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(
        label="恢复原因",
        max_length=100,
        help_text="例如：登记终止时选错了代表。",
        error_messages={"required": "请填写恢复的原因。"},
    )

    domain_error: Exception | None = None
