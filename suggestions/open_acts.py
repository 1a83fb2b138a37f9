"""What visitors of public pages may do about opinions: the buttons on stations' and deputies' pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from liaison.registry import MenuEntry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID


def open_acts(what: str, public_id: UUID, scanned: bool) -> Iterator[MenuEntry]:
    """反映情况 to this station or deputy, and following what was written."""
    query = {what: str(public_id)} | ({"by": "qr"} if scanned else {})
    yield MenuEntry("反映情况", reverse("open_opinions:new", query=query), "writing")
    yield MenuEntry("凭回执码查结果", reverse("open_opinions:follow"), "search")
