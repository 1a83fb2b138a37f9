"""Draws as everybody may see and repeat them, without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from liaison.faces import public
from votes.selectors.draw import LIST_NAME, checks_of, class_views, get_published_draw, recipe_of, text_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest


@require_safe
@public
def draw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """List, digest, seed, result, and how to repeat it."""
    found = get_published_draw(public_id)
    context = {
        "draw": found,
        "classes": class_views(found),
        "checks": checks_of(found),
        "recipe": "\n".join(recipe_of(found)) if found.is_drawn else "",
    }
    return render(request, "votes/open_draw.html", context)


@require_safe
@public
def list_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The list, byte by byte as its digest was taken."""
    found = get_published_draw(public_id)
    return HttpResponse(
        text_of(found),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": str(content_disposition_header(as_attachment=True, filename=LIST_NAME))},
    )
