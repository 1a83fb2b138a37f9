"""Attaching files to objects, and taking them off again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from liaison.exceptions import DomainError, InvalidInput, NotFound, TooLarge
from liaison.filetypes import UnacceptableFile, clean_name, identify, with_extension
from liaison.models import Attachment
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import Model

    from liaison.actor import Actor


def check_upload(upload: File[Any], *, field: str = "") -> tuple[str, str]:
    """The name and MIME type under which an upload may be kept.

    Args:
        upload: the file, seekable; left at its beginning.
        field: name of the form field to which the message belongs.

    Raises:
        TooLarge: over ``ATTACHMENT_MAX_BYTES``.
        InvalidInput: empty, of a type that is not taken, damaged, or not what its name says.
    """
    name = clean_name(upload.name or "")
    limit = settings.ATTACHMENT_MAX_BYTES
    size = upload.size or 0
    if size > limit:
        raise _refusal(
            TooLarge,
            name,
            f"有{size / 1024 / 1024:.1f} MB，超过了每个文件{limit // 1024 // 1024} MB的上限。请压缩或拆分后再上传。",
            field,
        )
    try:
        kind, extension = identify(upload, name)  # type: ignore[arg-type]
    except UnacceptableFile as refused:
        raise _refusal(InvalidInput, name, refused.reason, field) from None
    return with_extension(name, extension), kind.mimes[extension]


def _refusal(error: type[DomainError], name: str, reason: str, field: str) -> DomainError:
    text = f"“{name}”没有上传：{reason}"
    return error(text, fields={field: text} if field else None)


@transaction.atomic
def attachment_add(
    *, actor: Actor, owner: Model, slot: str, upload: File[Any], field: str = "", name: str = ""
) -> Attachment:
    """Keep a file with an object. The same file once more in the same slot gives the first one back.

    Args:
        owner: the object, which the caller fetched (and locked) in the actor's scope and may change.
        slot: what the file is to the owner, a short code.
        upload: the file as it was sent or made.
        field: name of the form field to which a refusal belongs.
        name: the name to keep it under, instead of the upload's.

    The content goes to private storage at once; when the transaction is rolled back afterwards, the
    daily sweep removes it.

    Raises:
        TooLarge, InvalidInput: see ``check_upload``.
    """
    if name:
        upload.name = name
    kept_name, mime = check_upload(upload, field=field)
    digest = _sha256(upload)
    content_type = ContentType.objects.get_for_model(owner)
    known = Attachment.objects.filter(
        content_type=content_type, object_id=owner.pk, slot=slot, removed_at=None, sha256=digest
    ).first()
    if known is not None:
        return known
    attachment = Attachment(
        content_type=content_type,
        object_id=owner.pk,
        slot=slot,
        name=kept_name,
        size=upload.size,
        sha256=digest,
        mime=mime,
        uploaded_by_id=actor.user_id,
    )
    attachment.file.save(kept_name, upload, save=False)
    try:
        attachment.save(force_insert=True)
        record_audit(actor=actor, action="attachment.add", target=attachment, detail=_detail(attachment, owner))
    except BaseException:
        attachment.file.delete(save=False)
        raise
    return attachment


@transaction.atomic
def attachment_remove(*, actor: Actor, owner: Model, public_id: UUID) -> Attachment:
    """Take a file off an object. The row stays, with its content, for the record; nobody is served it.

    Args:
        owner: the object, which the caller fetched (and locked) in the actor's scope and may change.

    Raises:
        NotFound: the object has no such file (any more).
    """
    attachment = (
        Attachment.objects.select_for_update()
        .filter(
            content_type=ContentType.objects.get_for_model(owner),
            object_id=owner.pk,
            public_id=public_id,
            removed_at=None,
        )
        .first()
    )
    if attachment is None:
        raise NotFound("没有找到这个文件，可能已经移除。")
    attachment.removed_at = timezone.now()
    attachment.save(update_fields=["removed_at", "updated_at"])
    record_audit(actor=actor, action="attachment.remove", target=attachment, detail=_detail(attachment, owner))
    return attachment


def _sha256(upload: File[Any]) -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def _detail(attachment: Attachment, owner: Model) -> dict[str, Any]:
    return {
        "owner": owner._meta.label,
        "owner_id": str(getattr(owner, "public_id", owner.pk)),
        "slot": attachment.slot,
        "bytes": attachment.size,
        "sha256": attachment.sha256,
    }
