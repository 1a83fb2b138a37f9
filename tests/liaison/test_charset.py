"""Requests in another character set than UTF-8 are refused, not crashed on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from liaison.charset import REFUSAL, is_utf8, utf8_only

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("charset", ["rot13", "raw_unicode_escape", "gbk", "no-such-set", "utf-16", "a\x00b"])
def test_another_character_set_never_reaches_django(charset: str) -> None:
    said: list[str] = []

    def django(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise AssertionError("reached")

    body = utf8_only(django)({"CONTENT_TYPE": f"{FORM}; charset={charset}"}, lambda status, _: said.append(status))  # type: ignore[arg-type,return-value]
    assert said == ["400 Bad Request"]
    assert b"".join(body).decode() == REFUSAL


@pytest.mark.parametrize(
    "content_type",
    ["", FORM, f"{FORM}; charset=utf-8", f'{FORM}; charset="UTF8"', "multipart/form-data; boundary=x", "nonsense"],
)
def test_utf8_is_taken_by_any_of_its_names(content_type: str) -> None:
    assert is_utf8(content_type)


def test_the_server_s_entry_is_guarded() -> None:
    from liaison.wsgi import application

    said: list[str] = []
    application({"CONTENT_TYPE": f"{FORM}; charset=rot13"}, lambda status, _: said.append(status))  # type: ignore[arg-type,return-value]
    assert said == ["400 Bad Request"]
