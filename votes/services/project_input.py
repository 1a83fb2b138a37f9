"""Checks that several services of the carrying out share."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from liaison.dates import cn_date
from liaison.exceptions import InvalidInput
from liaison.filetypes import UnacceptableFile, identify
from liaison.services.attachment import attachment_add

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import Model

    from liaison.actor import Actor
    from votes.models import Project

PICTURE_SLOT = "picture"
MOST_PICTURES = 9


def require_text(text: str | None, field: str, message: str) -> str:
    """The text without the blanks around it.

    Raises:
        InvalidInput: nothing was written; the message stands by the field.
    """
    text = (text or "").strip()
    if not text:
        raise InvalidInput(message, fields={field: message})
    return text


def past_day(day: dt.date | None, name: str, *, not_before: dt.date | None = None, what: str = "") -> str:
    """What is wrong with the day of something that has happened; "" when nothing is.

    Args:
        name: of the day, ``检查日期``.
        not_before, what: the first day that can be right, and which day that is.
    """
    if day is None:
        return f"请填写{name}。"
    if day > timezone.localdate():
        return f"{name}不能晚于今天。"
    if not_before is not None and day < not_before:
        return f"{name}不能早于{what}（{cn_date(not_before)}）。"
    return ""


def amount_fault(project: Project, used: Decimal | None, explanation: str) -> tuple[str, str]:
    """(field, message) when the cumulative money used cannot stand; ("", "") when it can."""
    if used is None:
        return "money_used", "请填写累计使用资金。"
    if used < project.money_used:
        return "money_used", f"累计使用资金不能少于上次报送的{project.money_used}万元。"
    if used > project.investment and not explanation:
        return "explanation", f"累计使用资金超过投资额{project.investment}万元，请说明原因。"
    return "", ""


def refuse(message: str, fields: dict[str, str]) -> None:
    """Raise ``InvalidInput`` when any field is wrong."""
    if fields:
        raise InvalidInput(message, fields=fields)


def clean(row: Model, message: str, *, names: dict[str, str] | None = None, skip: Sequence[str] = ()) -> None:
    """``full_clean`` with its messages by form field.

    Args:
        names: model field → form field, where they differ.
        skip: fields that the service itself has set.
    """
    try:
        row.full_clean(exclude=skip, validate_constraints=False)
    except ValidationError as error:
        names = names or {}
        raise InvalidInput(
            message, fields={names.get(name, name): "".join(texts) for name, texts in error.message_dict.items()}
        ) from None


def check_pictures(uploads: Sequence[UploadedFile[Any]], *, field: str = "pictures", kept: int = 0) -> None:
    """At most nine files, each of them a photograph.

    Args:
        kept: how many are there already.

    Raises:
        InvalidInput: too many, or one that is no picture.
    """
    if len(uploads) + kept > MOST_PICTURES:
        already = f"已有{kept}张，" if kept else ""
        raise InvalidInput(
            f"照片最多{MOST_PICTURES}张。",
            fields={field: f"照片最多{MOST_PICTURES}张，{already}您选了{len(uploads)}张。"},
        )
    for upload in uploads:
        try:
            is_picture = identify(upload, upload.name or "")[0].is_image  # type: ignore[arg-type]
        except UnacceptableFile as refused:
            raise InvalidInput("照片没有上传。", fields={field: f"“{upload.name}”{refused.reason}"}) from None
        if not is_picture:
            raise InvalidInput("照片没有上传。", fields={field: f"“{upload.name}”不是照片，请选择JPG、PNG等图片。"})


def keep_files(
    actor: Actor, owner: Model, uploads: Sequence[UploadedFile[Any]], *, slot: str, field: str = "uploads"
) -> None:
    """Attach what was sent."""
    for upload in uploads:
        attachment_add(actor=actor, owner=owner, slot=slot, upload=upload, field=field)
