"""Reading a JSON body strictly: UTF-8, no NaN, nothing that PostgreSQL could not keep."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

from rest_framework.parsers import BaseParser

from liaison.api.problems import ApiProblem
from liaison.paging import is_storable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO


class StrictJSONParser(BaseParser):
    """``application/json`` only."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value; ``ApiProblem`` for what is not UTF-8 or not JSON."""
        return parse_json(stream.read())


def parse_json(body: bytes) -> Any:
    """The value of a body.

    Raises:
        ApiProblem: ``not_utf8`` or ``wrong_json``, with the place.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ApiProblem("not_utf8", f"请求体第{error.start + 1}个字节起不是有效的 UTF-8，没有做任何改动。") from error
    try:
        value = json.loads(text, parse_constant=_no_constant)
        # Only an escape can smuggle in NUL or half a surrogate pair: what is decoded from UTF-8 has no half, and
        # JSON allows no bare control character.
        storable = "\\u" not in text or _storable(value)
    except json.JSONDecodeError as error:
        place = f"第{error.lineno}行第{error.colno}列"
        raise ApiProblem("wrong_json", f"请求体不是有效的 JSON（{place}附近），没有做任何改动。") from error
    except (ValueError, RecursionError) as error:
        raise ApiProblem("wrong_json") from error
    if not storable:
        raise ApiProblem("wrong_json", "文本中含有空字符或不成对的代理字符（\\u0000、\\ud800 等），没有做任何改动。")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _storable(value: Any) -> bool:
    if isinstance(value, str):
        return is_storable(value)
    if isinstance(value, dict):
        return all(is_storable(name) and _storable(inner) for name, inner in value.items())
    return all(map(_storable, value)) if isinstance(value, list) else True
