"""Writing a suggestion: drafts are kept on the server with every pause in typing, and never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchVector
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Value
from django.utils import timezone

from deputies.models import Mandate, Session
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotFound, StaleVersion
from liaison.models.deadline import PeriodUnit
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.search import bigrams
from liaison.selectors.attachment import attachments_of
from liaison.selectors.history import last_act_text
from liaison.selectors.people import people_of
from liaison.services.attachment import attachment_add, attachment_remove
from liaison.services.audit import record_audit
from liaison.services.deadline import deadline_open
from liaison.services.notice import notify
from suggestions.models import Suggestion
from suggestions.selectors.draft import may_change_lead
from suggestions.services.locking import lock_suggestion
from suggestions.services.opinion_follow import opinions_back
from suggestions.states import SUGGESTION_TRANSITIONS, SuggestionStatus

if TYPE_CHECKING:
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile

    from liaison.actor import Actor
    from liaison.models import Attachment

#: What a deputy may type; everything else is decided elsewhere.
DRAFT_FIELDS = (
    "kind",
    "session_id",
    "title",
    "situation",
    "proposal",
    "category_id",
    "contact_phone",
    "wished_unit_id",
    "origin",
    "campaign_id",
    "wants_talk",
    "publish_consent",
    "publish_reason",
)
EDITABLE_STATES = (SuggestionStatus.DRAFT, SuggestionStatus.RETURNED)
MATERIAL_SLOT = "material"
MAX_MATERIALS = 20


def _lead_mandate(actor: Actor, mandate_id: int | None) -> Mandate:
    """The mandate under which the deputy writes: the one asked for, else their only or newest one."""
    mandates = (
        Mandate.objects.visible_to(actor)
        .in_force()
        .select_related("congress__office", "congress__region", "congress__settings")
    )
    mandate = mandates.filter(pk=mandate_id).first() if mandate_id else mandates.order_by("-id").first()
    if mandate is None:
        raise InvalidInput("请选择以哪一级代表身份提出。", fields={"lead_id": "请选择以哪一级代表身份提出。"})
    return mandate


def _new(actor: Actor, client_token: UUID, values: dict[str, Any]) -> Suggestion:
    mandate = _lead_mandate(actor, values.get("lead_id"))
    suggestion = Suggestion(client_token=client_token)
    _stand_under(suggestion, mandate)
    return suggestion


def _lock_by_token(actor: Actor, client_token: UUID) -> Suggestion | None:
    """The actor's own suggestion that this form made, locked; None when the form comes for the first time.

    The same form may arrive twice at one moment: the second waits here until the first has committed.

    Raises:
        NotFound: the token made somebody else's suggestion.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [client_token.int & (2**63 - 1)])
    suggestion = (
        Suggestion.objects.select_for_update(of=("self",))
        .select_related("congress__settings", "office")
        .filter(client_token=client_token)
        .first()
    )
    if suggestion is not None and suggestion.lead_person_id != actor.person_id:
        raise NotFound
    return suggestion


def _assign(actor: Actor, suggestion: Suggestion, values: dict[str, Any]) -> None:
    for name in DRAFT_FIELDS:
        if name in values:
            setattr(suggestion, name, values[name])
    mandate_id = values.get("lead_id")
    if mandate_id and suggestion.lead_id != mandate_id:
        if not may_change_lead(suggestion):
            problem = "已邀请附议代表或提交过，不能改换代表身份，请另写一件。"
            raise InvalidInput(problem, fields={"lead_id": problem})
        _stand_under(suggestion, _lead_mandate(actor, mandate_id))


def _stand_under(suggestion: Suggestion, mandate: Mandate) -> None:
    """The mandate decides the congress, and this who receives the suggestion and which sessions it can be for."""
    office = mandate.congress.office
    if office is None:
        raise DomainError(
            f"{mandate.congress.name}尚未设置受理建议的工作机构，暂时不能提交。请联系人大工作人员。",
            code="congress_without_office",
        )
    suggestion.lead = mandate
    suggestion.lead_person_id = mandate.person_id
    suggestion.congress = mandate.congress
    suggestion.office = office
    suggestion.region_prefix = mandate.congress.region.prefix
    session_id = suggestion.session_id
    if session_id and not Session.objects.filter(pk=session_id, congress=mandate.congress).exists():
        suggestion.session = None


def _stands_already(suggestion: Suggestion, values: dict[str, Any]) -> bool:
    """Whether what came is what is kept: a save whose answer was lost, or one sent while the page was being left.

    Such a save contradicts nothing and must not age the page that the deputy has in front of them.
    """
    typed = {name: value for name, value in values.items() if name in DRAFT_FIELDS or (name == "lead_id" and value)}
    return all(getattr(suggestion, name) == value for name, value in typed.items())


def _take(actor: Actor, client_token: UUID, values: dict[str, Any], version: int | None) -> tuple[Suggestion, bool]:
    """The suggestion of this form with the values taken over, not saved yet; and whether they say anything new."""
    actor.require(Permission.SUGGESTION_WRITE)
    suggestion = _lock_by_token(actor, client_token)
    if suggestion is None:
        suggestion = _new(actor, client_token, values)
    else:
        if suggestion.status not in EDITABLE_STATES:
            raise IllegalTransition(
                f"这件建议已经提交，现在是“{suggestion.get_status_display()}”。{last_act_text(suggestion)}",
                code="already_submitted",
            )
        if _stands_already(suggestion, values):
            return suggestion, False
        if version is not None and suggestion.version != version:
            raise StaleVersion("您在另一个页面或设备上改过这份草稿。您刚才填写的内容仍在本页，请核对后再保存。")
        suggestion.version += 1
    _assign(actor, suggestion, values)
    return suggestion, True


@transaction.atomic
def draft_save(*, actor: Actor, client_token: UUID, values: dict[str, Any], version: int | None) -> Suggestion:
    """Keep what a deputy has typed so far; missing and over-long texts are only checked on submission.

    Args:
        client_token: made with the empty form; the same token always means the same suggestion.
        values: any of ``DRAFT_FIELDS``, and ``lead_id`` (the mandate) while nobody else has to do with it.
        version: what the page showed; None for the first save. Not looked at when nothing would change.

    Raises:
        IllegalTransition: it has been submitted.
        StaleVersion: it was changed on another device.
    """
    suggestion, changed = _take(actor, client_token, values, version)
    if changed:
        suggestion.save()
    return suggestion


@transaction.atomic
def suggestion_submit(*, actor: Actor, client_token: UUID, values: dict[str, Any], version: int | None) -> Suggestion:
    """Save and submit (提交) in one go; the office is told and its time to hand over begins.

    Raises:
        InvalidInput: something required is missing; messages by field.
        IllegalTransition: it has been submitted before (the same form sent twice).
    """
    suggestion, changed = _take(actor, client_token, values, version)
    if not changed:
        suggestion.version += 1  # submitting ages every page that shows the draft, also when no word is new
    _check_complete(suggestion)
    suggestion.submitted_at = timezone.now()
    suggestion.search = search_vector(suggestion)
    SUGGESTION_TRANSITIONS.apply(suggestion, "submit", actor, save=True)
    record_audit(actor=actor, action="suggestion.submit", target=suggestion, region_prefix=suggestion.region_prefix)
    deadline_open(
        actor=actor,
        subject=suggestion,
        kind="suggestion_handover",
        unit=PeriodUnit.WORKING_DAYS,
        length=suggestion.congress.settings.handover_working_days,
        holder=suggestion.office,
        supervisor=suggestion.office,
    )
    notify(
        recipients=people_of([suggestion.office_id]),
        kind=NoticeKind.TASK,
        title=f"收到新建议：{suggestion.title}",
        body=f"{actor.name}代表提交了建议《{suggestion.title}》，请登记。",
        url=suggestion.get_absolute_url(),
    )
    return suggestion


def search_vector(suggestion: Suggestion) -> Any:
    """The database expression for ``Suggestion.search``: bigrams, title before text."""
    return SearchVector(Value(bigrams(suggestion.title)), weight="A", config="simple") + SearchVector(
        Value(bigrams(f"{suggestion.situation} {suggestion.proposal}")), weight="B", config="simple"
    )


def _check_complete(suggestion: Suggestion) -> None:
    required = {
        "title": "请填写标题。",
        "situation": "请写明事由：什么地方、什么情况、影响了谁。",
        "proposal": "请写明具体建议：希望怎么办。",
    }
    fields = {name: message for name, message in required.items() if not getattr(suggestion, name).strip()}
    if suggestion.category_id is None:
        fields["category_id"] = "请选择类别。"
    if suggestion.publish_consent != "full" and not suggestion.publish_reason.strip():
        fields["publish_reason"] = "请说明不公开全文的理由。"
    try:
        # Choices were scoped by the form, and the database checks the keys: only the texts are looked at here.
        suggestion.clean_fields(
            exclude=[field.name for field in suggestion._meta.fields if field.is_relation] + ["search"]
        )
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            fields.setdefault(name, "".join(messages))
    if fields:
        raise InvalidInput("还有内容没有填好，请补充后再提交。", fields=fields)


@transaction.atomic
def draft_attach(*, actor: Actor, public_id: UUID, upload: UploadedFile[Any]) -> Attachment:
    """Add a photograph or document to a draft.

    Raises:
        DomainError: too many files, or what the attachment check says.
    """
    suggestion = _lock_editable(actor, public_id)
    if len(attachments_of(suggestion, MATERIAL_SLOT)) >= MAX_MATERIALS:
        raise DomainError(f"最多可以附{MAX_MATERIALS}个文件，请先移除不需要的文件。", code="too_many_files")
    return attachment_add(actor=actor, owner=suggestion, slot=MATERIAL_SLOT, upload=upload)


@transaction.atomic
def draft_detach(*, actor: Actor, public_id: UUID, attachment_public_id: UUID) -> None:
    """Take a file off a draft."""
    suggestion = _lock_editable(actor, public_id)
    attachment_remove(actor=actor, owner=suggestion, public_id=attachment_public_id)


def _lock_editable(actor: Actor, public_id: UUID) -> Suggestion:
    actor.require(Permission.SUGGESTION_WRITE)
    suggestion = lock_suggestion(actor, public_id)
    if suggestion.lead_person_id != actor.person_id:
        raise NotFound
    if suggestion.status not in EDITABLE_STATES:
        raise IllegalTransition(f"这件建议已经提交，不能再修改。{last_act_text(suggestion)}", code="already_submitted")
    return suggestion


@transaction.atomic
def draft_discard(*, actor: Actor, public_id: UUID, version: int | None = None) -> Suggestion:
    """Delete a draft: it disappears for everybody, the row and its history stay."""
    suggestion = lock_suggestion(actor, public_id, version=version)
    SUGGESTION_TRANSITIONS.apply(suggestion, "discard", actor)
    suggestion.version += 1
    suggestion.save(update_fields=["status", "version", "updated_at"])
    record_audit(actor=actor, action="suggestion.discard", target=suggestion, region_prefix=suggestion.region_prefix)
    opinions_back(suggestion=suggestion, reason="代表删除了建议草稿")
    return suggestion
