"""The search box's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from liaison.faces import ActorRequest, signed_in
from liaison.forms.search import SearchForm
from liaison.selectors.search import search_all

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@signed_in
def search(request: ActorRequest) -> HttpResponse:
    """What fits the words in ``q``, by kind, among what the actor may see."""
    query = SearchForm(request.GET).query()
    groups = search_all(request.actor, query)
    return render(
        request,
        "liaison/search.html",
        {"query": query, "groups": groups, "count": sum(len(group.hits) for group in groups)},
    )
