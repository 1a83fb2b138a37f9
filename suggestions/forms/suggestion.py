"""What a deputy types when writing a suggestion (写建议)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django import forms

from liaison.forms.files import MultipleFileField
from liaison.models.user import PHONE_VALIDATOR
from suggestions.forms.fields import IdChoiceField, LongTextField, VersionedForm
from suggestions.models.suggestion import Origin, PublishConsent, SuggestionKind
from suggestions.selectors.choices import campaigns_for, categories, sessions_of, units_in, writing_mandates
from suggestions.selectors.draft import may_change_lead

if TYPE_CHECKING:
    from deputies.models import Campaign
    from liaison.actor import Actor
    from suggestions.models import Suggestion

#: Fields that must be filled before it can be submitted.
REQUIRED = ("title", "situation", "proposal", "category_id")
#: Shown under 更多选项.
DETAILS = (
    "wished_unit_id",
    "origin",
    "campaign_id",
    "contact_phone",
    "wants_talk",
    "publish_consent",
    "publish_reason",
    "kind",
    "session_id",
)


class SuggestionForm(VersionedForm):
    """The form, in two strengths: ``complete`` for submitting, else as far as it has been typed.

    Args:
        actor: the deputy; mandates, sessions and units are theirs.
        suggestion: the draft that is edited; None for a new one.
        complete: whether everything required must be there.
        campaign: public id of the campaign from whose page one comes.
    """

    client_token = forms.UUIDField(widget=forms.HiddenInput)
    lead_id = IdChoiceField(label="以哪一级代表身份提出", required=False)
    title = forms.CharField(
        label="标题",
        max_length=60,
        help_text="一句话说清地点和事情，例如：关于在桃花仑东路加装路灯的建议。",
        error_messages={"required": "请填写标题。"},
    )
    situation = LongTextField(
        label="事由",
        max_length=8000,
        rows=6,
        help_text="什么地方、什么情况、影响了谁。",
        error_messages={"required": "请写明事由：什么地方、什么情况、影响了谁。"},
    )
    proposal = LongTextField(
        label="具体建议",
        max_length=8000,
        rows=6,
        help_text="希望怎么办。一份建议只写一件事。",
        error_messages={"required": "请写明具体建议：希望怎么办。"},
    )
    category_id = IdChoiceField(label="类别", error_messages={"required": "请选择类别。"})
    photos = MultipleFileField(
        label="拍照",
        required=False,
        max_files=9,
        help_text="用手机直接拍现场。",
        widget=MultipleFileField.widget(attrs={"accept": "image/*", "capture": "environment"}),
    )
    documents = MultipleFileField(
        label="相册或文件",
        required=False,
        max_files=9,
        help_text="图片、PDF、Word、Excel，每个不超过20 MB。",
    )
    wished_unit_id = IdChoiceField(label="希望承办单位", required=False, empty_label="由人大工作机构确定")
    origin = forms.ChoiceField(label="来源", choices=Origin, required=False)
    campaign_id = IdChoiceField(label="为哪个主题活动提出", required=False, empty_label="不是主题活动")
    contact_phone = forms.CharField(
        label="联系电话",
        required=False,
        max_length=11,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel-national"}),
        help_text="承办单位联系您用，不公开。",
    )
    wants_talk = forms.BooleanField(label="希望承办单位答复前当面沟通", required=False)
    publish_consent = forms.ChoiceField(label="公开意愿", choices=PublishConsent, required=False)
    publish_reason = forms.CharField(
        label="不公开全文的理由", required=False, max_length=200, help_text="不同意全文公开时填写。"
    )
    kind = forms.ChoiceField(
        label="种类", choices=SuggestionKind, required=False, help_text="平时提出的选“闭会期间建议”。"
    )
    session_id = IdChoiceField(label="会议", required=False, empty_label="闭会期间，不选")

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        suggestion: Suggestion | None = None,
        complete: bool = True,
        campaign: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.complete = complete
        self.suggestion = suggestion
        self.fields["version"].required = False
        mandates = writing_mandates(actor)
        mandate = next((one for one in mandates if suggestion and one.pk == suggestion.lead_id), None)
        if len(mandates) < 2 or (suggestion is not None and not may_change_lead(suggestion)):
            del self.fields["lead_id"]
            mandate = mandate or (mandates[0] if mandates else None)
        else:
            lead = self._choice("lead_id")
            lead.choices = [(one.pk, one.congress.name) for one in mandates]
            lead.widget = forms.RadioSelect(choices=lead.choices)
            lead.initial = (mandate or mandates[0]).pk
        if suggestion is None and mandates:
            self.fields["contact_phone"].initial = mandates[0].person.phone
            self.fields["kind"].initial = SuggestionKind.RECESS
        self._choice("category_id").offer(categories())
        wanted = mandates if "lead_id" in self.fields or mandate is None else [mandate]
        self._choice("session_id").offer(sessions_of([one.congress_id for one in wanted]))
        self._choice("wished_unit_id").offer(units_in([one.congress.region.prefix for one in wanted]))

        self._offer_campaigns(campaigns_for(actor, wanted), campaign)

    def _offer_campaigns(self, campaigns: list[Campaign], chosen: str) -> None:
        if not campaigns:
            del self.fields["campaign_id"]
            return
        self._choice("campaign_id").offer([(one.pk, one.title) for one in campaigns])
        for one in campaigns:
            if str(one.public_id) == chosen:
                self.fields["campaign_id"].initial = one.pk
                self.fields["origin"].initial = Origin.CAMPAIGN

    def _choice(self, name: str) -> IdChoiceField:
        return cast("IdChoiceField", self.fields[name])

    def full_clean(self) -> None:
        """A draft may lack anything; the marks of what is required stay as they are for drawing the form."""
        for name in REQUIRED:
            self.fields[name].required = self.complete
        super().full_clean()
        for name in (*REQUIRED, "lead_id"):
            if name in self.fields:
                self.fields[name].required = True

    def clean_origin(self) -> str:
        return self.cleaned_data["origin"] or Origin.PUBLIC_OPINION

    def clean_publish_consent(self) -> str:
        return self.cleaned_data["publish_consent"] or PublishConsent.FULL

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or SuggestionKind.RECESS

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.complete:
            return cleaned
        phone = cleaned.get("contact_phone", "")
        if phone:
            try:
                PHONE_VALIDATOR(phone)
            except forms.ValidationError as error:
                self.add_error("contact_phone", error)
        if cleaned.get("publish_consent") not in {None, PublishConsent.FULL} and not cleaned.get("publish_reason"):
            self.add_error("publish_reason", "请说明不公开全文的理由。")
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """The typed values under the service's names."""
        apart = {"client_token", "version", "photos", "documents"}
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}

    @property
    def token(self) -> UUID:
        token: UUID = self.cleaned_data["client_token"]
        return token

    @property
    def uploads(self) -> list[Any]:
        return [*self.cleaned_data.get("photos", []), *self.cleaned_data.get("documents", [])]

    @property
    def hidden_copy(self) -> list[Any]:
        """Every typed value once more as hidden inputs, for the page on which they are checked."""
        return [self[name].as_hidden() for name in self.fields if name not in {"photos", "documents"}]

    @property
    def details_open(self) -> bool:
        """Whether 更多选项 must be unfolded: something in it is wrong."""
        return any(name in self.errors for name in DETAILS)

    @property
    def detail_fields(self) -> list[Any]:
        return [self[name] for name in DETAILS if name in self.fields]


def initial_of(suggestion: Suggestion) -> dict[str, Any]:
    """What the form shows of a draft."""
    names = ("lead_id", *REQUIRED, *DETAILS, "client_token", "version")
    return {name: getattr(suggestion, name) for name in names}
