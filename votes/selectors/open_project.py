"""What everybody may follow of a programme besides its plan: results of votes, projects being carried out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from votes.models import Project, Round

if TYPE_CHECKING:
    from votes.models import Programme


@dataclass(frozen=True, slots=True)
class Link:
    """A page of another part."""

    title: str
    url: str


def results_of(programme: Programme) -> list[Link]:
    """The declared votes of a programme."""
    rounds = Round.objects.all().published().filter(programme=programme).order_by("id")
    return [Link(round_.title, reverse("open_rounds:detail", args=[round_.public_id])) for round_ in rounds]


def works_of(programme: Programme) -> list[tuple[Project, str]]:
    """The projects of a programme being carried out, each with its place on the public page of the works."""
    page = reverse("open_works:programme", args=[programme.public_id])
    found = Project.objects.filter(programme=programme).select_related("candidate").order_by("candidate__number")
    return [(project, f"{page}#p-{project.public_id}") for project in found]
