"""What a model or the database refuses, as messages by field; and pages that are no longer up to date."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from liaison.exceptions import InvalidInput, StaleVersion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from django.db.models import Model

#: Constraint → (field, message): for what the form saw free and somebody else took a moment before.
CONSTRAINTS: Mapping[str, tuple[str, str]] = {
    "user_username_ci": ("username", "这个用户名已被使用，请换一个。"),
    "liaison_user_username": ("username", "这个用户名已被使用，请换一个。"),
    "liaison_user_phone": ("phone", "这个手机号码已登记在另一个账号上。"),
    "organisation_unique_in_region": ("name", "该区划已有同名机构。"),
    "organisation_one_office_per_region": ("kind", "该区划已有同类机构（人大工作机构、检察院每地各一个）。"),
    "api_client_unique_in_organisation": ("name", "这个机构已有同名的接口客户端。"),
    "posting_administrators_apart": ("role", "系统管理员、安全管理员、审计员必须由不同的人担任。"),
}


def clean_model(obj: Model, *, exclude: Collection[str] = ()) -> None:
    """Check every field. What must be unique the database says (``integrity_as_input``), also to two at once.

    Raises:
        InvalidInput: with the messages by field.
    """
    try:
        obj.full_clean(exclude=set(exclude), validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        fields = {name: " ".join(texts) for name, texts in error.message_dict.items()}
        raise InvalidInput("有内容需要更正。", fields=fields) from error


@contextmanager
def integrity_as_input() -> Iterator[None]:
    """A constraint that refuses becomes the message of its field."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        field, message = next((CONSTRAINTS[name] for name in CONSTRAINTS if name in str(error)), ("", ""))
        if not field:
            raise
        raise InvalidInput(message, fields={field: message}) from error


def require_version(present: int, shown: int | None, noun: str) -> None:
    """Refuse a page that was opened before somebody else's change.

    Args:
        present: version of the locked row.
        shown: version that the page carried; None when the act does not depend on what was shown.
        noun: what it is, for the message.

    Raises:
        StaleVersion: they differ.
    """
    if shown is not None and shown != present:
        raise StaleVersion(f"您打开页面之后，{noun}已有变化，这一次没有保存。请核对现在的资料，确认无误后再按一次。")


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Old and new values of what differs, for the audit."""
    names = [name for name in after if before.get(name) != after[name]]
    return {"old": {name: before.get(name) for name in names}, "new": {name: after[name] for name in names}}
