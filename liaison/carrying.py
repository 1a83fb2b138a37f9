"""Rows that travel with a preview, signed for one person and one page: nothing is kept before it is confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core import signing

from liaison.exceptions import InvalidInput

if TYPE_CHECKING:
    from liaison.actor import Actor

#: They are good for an hour.
GOOD_FOR = 3600
#: A preview must fit into one form.
MAX_TOKEN = 4_000_000


def carry(actor: Actor, *, about: str, rows: list[Any]) -> str:
    """Pack rows into a token.

    Args:
        about: the page they belong to, and what it is about.
        rows: values that JSON can hold.

    Raises:
        InvalidInput: they are too many for one form.
    """
    token = signing.dumps({"who": actor.key, "for": about, "rows": rows}, salt="liaison.carrying", compress=True)
    if len(token) > MAX_TOKEN:
        raise InvalidInput("表格内容太多，请拆成几个文件，分次导入。")
    return token


def carried(actor: Actor, *, about: str, token: str) -> list[Any]:
    """The rows of a token.

    Raises:
        InvalidInput: altered, too old, or of another person or page.
    """
    try:
        packed = signing.loads(token, salt="liaison.carrying", max_age=GOOD_FOR)
    except signing.BadSignature:
        raise InvalidInput("核对的结果已经过期，没有导入。请重新选择表格。", code="preview_gone") from None
    if packed["who"] != actor.key or packed["for"] != about:
        raise InvalidInput("核对的结果不属于这一页，没有导入。请重新选择表格。", code="preview_gone")
    rows: list[Any] = packed["rows"]
    return rows
