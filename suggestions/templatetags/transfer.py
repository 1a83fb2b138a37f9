"""``{% transfer_panel suggestion %}``: the procuratorate's way, on the page of a suggestion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from suggestions.selectors.transfer_record import panel_of

if TYPE_CHECKING:
    from django.template import Context

    from suggestions.models import Suggestion

register = template.Library()


@register.inclusion_tag("suggestions/transfer_panel.html", takes_context=True)
def transfer_panel(context: Context, suggestion: Suggestion) -> dict[str, Any]:
    """The panel, as far as the page's actor may know of a transfer; nothing for handling units (two queries,
    four when there is a clock to explain)."""
    return {"panel": panel_of(context["actor"], suggestion)}
