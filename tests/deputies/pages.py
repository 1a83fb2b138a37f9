"""Filling in a page's form as a person does."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.suggestions.pages import hidden, text_of


def post(client: Client, address: str, data: dict[str, Any], status: int = 302) -> HttpResponse:
    """Fill in what the page holds already, and send it."""
    page = client.get(address)
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    values = {name: "" if value is None else value for name, value in values.items()}
    values = {name: "、".join(value) if isinstance(value, list) else value for name, value in values.items()}
    response = client.post(address, values | hidden(page) | data)
    assert response.status_code == status, text_of(response)[:300]
    return response
