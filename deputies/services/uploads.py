"""Files kept with what deputies and their offices write down: a photograph never says where it was taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from liaison.exceptions import InvalidInput
from liaison.filetypes import UnacceptableFile
from liaison.photographs import without_notes
from liaison.services.attachment import attachment_add, check_upload

if TYPE_CHECKING:
    from django.core.files.base import File
    from django.db.models import Model

    from liaison.actor import Actor
    from liaison.models import Attachment

#: Types that ``without_notes`` takes.
PHOTOGRAPHS = frozenset({"image/jpeg", "image/png", "image/webp"})


def attach(
    *, actor: Actor, owner: Model, slot: str, upload: File[Any], field: str, only_photographs: bool = False
) -> Attachment:
    """Keep a file; a photograph without what the camera wrote beside the picture (个人信息保护法: the least).

    Args:
        owner, slot, upload, field: as for ``attachment_add``.
        only_photographs: refuse everything else.

    Raises:
        TooLarge, InvalidInput: as ``attachment_add``; a damaged photograph, or none where one is asked for.
    """
    name, mime = check_upload(upload, field=field)
    if mime not in PHOTOGRAPHS:
        if only_photographs:
            message = f"“{name}”不是照片。照片请上传JPG、PNG或WebP图片。"
            raise InvalidInput(message, fields={field: message})
        return attachment_add(actor=actor, owner=owner, slot=slot, upload=upload, field=field)
    try:
        picture = without_notes(upload, mime)
    except UnacceptableFile as refused:
        message = f"“{name}”没有上传：{refused.reason}"
        raise InvalidInput(message, fields={field: message}) from None
    return attachment_add(actor=actor, owner=owner, slot=slot, upload=picture, field=field, name=name)
