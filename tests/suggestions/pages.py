"""Reading pages in tests: what a person sees, and what the form would send back."""

from __future__ import annotations

import html
import re
from typing import Any

from django.http import HttpResponse

_TAG = re.compile(r"<[^>]+>")
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def text_of(response: HttpResponse) -> str:
    """The page's visible words, one space between them."""
    body = response.content.decode()
    main = body[body.find("<main") :] if "<main" in body else body
    return " ".join(html.unescape(_TAG.sub(" ", main)).split())


def hidden(response: HttpResponse) -> dict[str, str]:
    """The hidden inputs of a page's forms, by name (the last of each name)."""
    return {name: html.unescape(value) for name, value in _HIDDEN.findall(response.content.decode())}


def errors(response: HttpResponse) -> dict[str, list[str]]:
    """The form's messages by field; those of the whole form under ``""``."""
    found: dict[str, Any] = response.context["form"].errors.get_json_data()
    return {
        ("" if field == "__all__" else field): [one["message"] for one in messages] for field, messages in found.items()
    }


def said(response: HttpResponse) -> str:
    """What the portal says at the top of the page after an act."""
    return " ".join(str(message) for message in response.context["messages"])
