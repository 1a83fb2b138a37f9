"""What is typed about contacts with deputies and what they said there; the conditions over the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.utils import timezone

from deputies.forms.fields import VersionForm
from deputies.forms.station import NEEDED, PlaceFilter, TimeInput
from deputies.models import Contact, ContactWay
from deputies.selectors.committee import members_of
from deputies.selectors.contact import contacts_by_words, deputies_of, units_offered
from deputies.services.contact import ContactFacts
from liaison.models import Organisation

if TYPE_CHECKING:
    from deputies.models import Congress
    from liaison.actor import Actor


class ContactFilter(PlaceFilter):
    """Words, region, way and days."""

    q = django_filters.CharFilter(
        label="名称、代表或组成人员姓名",
        method="by_text",
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    way = django_filters.ChoiceFilter(label="联系方式", choices=ContactWay.choices, empty_label="全部")
    since = django_filters.DateFilter(label="从哪天", field_name="on", lookup_expr="gte")
    until = django_filters.DateFilter(label="到哪天", field_name="on", lookup_expr="lte")

    field_order = ("q", "region", "way", "since", "until")

    class Meta:
        model = Contact
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        return contacts_by_words(queryset, value)


class ContactForm(VersionForm):
    """A contact, new or to correct.

    Args:
        congress: its members are offered.
        contact: the one to correct; None for a new one.
    """

    members = forms.MultipleChoiceField(
        label="常委会组成人员",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "请选择本届的组成人员。"},
    )
    working_body = forms.CharField(
        label="专委会、工作机构",
        max_length=60,
        required=False,
        help_text="由专委会或工作机构联系的填写，可与组成人员同时填。",
    )
    way = forms.ChoiceField(
        label="联系方式", choices=ContactWay.choices, initial=ContactWay.TALK, error_messages=NEEDED
    )
    on = forms.DateField(label="日期", error_messages=NEEDED)
    starts_at = forms.TimeField(label="时间", required=False, widget=TimeInput())
    place = forms.CharField(label="地点", max_length=100, required=False)
    title = forms.CharField(label="名称", max_length=80, required=False, help_text="留空则按组成人员姓名生成。")
    content = forms.CharField(
        label="主要内容",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="安排时可写主题，开展后再补充。",
    )

    def __init__(self, *args: Any, congress: Congress, contact: Contact | None = None, **kwargs: Any) -> None:
        if contact is not None:
            kwargs["initial"] = {name: getattr(contact, name) for name in _SHOWN} | {
                "members": [str(member.public_id) for member in contact.members.all()]
            }
        super().__init__(*args, **kwargs)
        field: Any = self.fields["members"]
        field.choices = [
            (str(member.public_id), f"{member.mandate.person.name}（{member.get_post_display()}）")
            for member in members_of(congress)
        ]
        if contact is not None:
            offered = dict(field.choices)
            field.choices += [
                (str(member.public_id), f"{member.mandate.person.name}（已离任）")
                for member in contact.members.all()
                if str(member.public_id) not in offered
            ]
            self.show_version(contact)

    def facts(self) -> ContactFacts:
        """What was typed, for the service."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return ContactFacts(**data)


_SHOWN = ("working_body", "way", "on", "starts_at", "place", "title", "content")


class MetForm(forms.Form):
    """Who of the invited came."""

    met = forms.MultipleChoiceField(
        label="见了面的代表",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少勾选一名见了面的代表。", "invalid_choice": "请从列入的代表中勾选。"},
    )

    domain_error: Exception | None = None

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = deputies_of(contact)
        field: Any = self.fields["met"]
        field.choices = [
            (
                str(row.mandate.public_id),
                row.mandate.person.name
                + (f"（{row.mandate.electoral_unit.name}）" if row.mandate.electoral_unit else ""),
            )
            for row in rows
        ]
        field.initial = [str(row.mandate.public_id) for row in rows if row.met is not False]


class RecordForm(MetForm, VersionForm):
    """完成记录: the content, and once more who was met."""

    content = forms.CharField(
        label="主要内容",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="谈了什么、看了什么。代表提的意见建议逐条另记，便于办理和反馈。",
        error_messages={"required": "请填写联系的主要内容。"},
    )
    field_order = ("content", "met")

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, contact=contact, **kwargs)
        self.fields["content"].initial = contact.content
        self.show_version(contact)


class ContactOpinionForm(forms.Form):
    """What a deputy who was met said."""

    mandate = forms.ChoiceField(label="哪位代表提的", error_messages=NEEDED)
    text = forms.CharField(
        label="意见建议",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一条一件事。",
        error_messages={"required": "请填写意见建议。"},
    )

    domain_error: Exception | None = None

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["mandate"]
        field.choices = [
            (str(row.mandate.public_id), row.mandate.person.name) for row in deputies_of(contact) if row.met
        ]


class WordsForm(forms.Form):
    """One text that says what was done.

    Args:
        label: of the text.
        help_text: under the label.
    """

    words = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 5}), error_messages=NEEDED)

    domain_error: Exception | None = None

    def __init__(self, *args: Any, label: str, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label, self.fields["words"].help_text = label, help_text


class AssignForm(forms.Form):
    """交办: to which unit, with what requirement."""

    unit = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        label="承办单位",
        empty_label="请选择",
        error_messages=NEEDED | {"invalid_choice": "请选择在用的承办单位。"},
    )
    requirement = forms.CharField(
        label="办理要求", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    domain_error: Exception | None = None

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.queryset = units_offered(actor)


class TellForm(forms.Form):
    """反馈代表: when and how the deputy was told."""

    told_on = forms.DateField(label="反馈日期", error_messages=NEEDED)
    words = forms.CharField(
        label="反馈方式", max_length=200, required=False, help_text="例如：电话告知，代表表示满意。"
    )

    domain_error: Exception | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["told_on"].initial = timezone.localdate()


class PlanGapsForm(forms.Form):
    """For the chosen gaps: how and when."""

    way = forms.ChoiceField(
        label="联系方式", choices=ContactWay.choices, initial=ContactWay.TALK, error_messages=NEEDED
    )
    on = forms.DateField(label="日期", error_messages=NEEDED)
    place = forms.CharField(label="地点", max_length=100, required=False)

    domain_error: Exception | None = None
