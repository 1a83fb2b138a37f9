"""The public page of the works: how far each project is, what it cost, with pictures; without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liaison.faces import ActorRequest, public
from liaison.sending import send_file
from votes.selectors.change import amount_text
from votes.selectors.open_works import open_picture, open_works

if TYPE_CHECKING:
    from votes.selectors.open_works import OpenProject

#: Pictures never change under their address, but what was published may be taken back: nobody keeps one for long.
PICTURE_CACHE = "public, max-age=300"


@require_safe
@public
def programme(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Progress and money of each project of a published programme, with reports and pictures."""
    found = open_works(public_id)
    context = {
        "programme": found.programme,
        "projects": found.projects,
        "total": found.total,
        "charts": [_progress_chart(found.projects), _money_chart(found.projects)] if found.projects else [],
    }
    return render(request, "votes/open_works.html", context)


def _short(name: str, most: int = 7) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _labels(projects: list[OpenProject]) -> list[str]:
    return [f"{number}. {_short(one.project.name)}" for number, one in enumerate(projects, start=1)]


def _progress_chart(projects: list[OpenProject]) -> dict[str, Any]:
    values = [one.project.percent for one in projects]
    names = _labels(projects)
    return {
        "id": "chart-progress",
        "title": "各项目形象进度（%）",
        "unit": "%",
        "description": "形象进度：" + "；".join(f"{one.project.name}{one.project.percent}%" for one in projects) + "。",
        "series": [{"name": "形象进度"}],
        "rows": [(f"{number}. {one.project.name}", [one.project.percent]) for number, one in enumerate(projects, 1)],
        "as_data": {
            "kind": "bar",
            "unit": "%",
            "horizontal": True,
            "categories": names,
            "series": [{"name": "形象进度", "values": values, "tone": "green"}],
        },
    }


def _money_chart(projects: list[OpenProject]) -> dict[str, Any]:
    invested = [float(one.project.investment) for one in projects]
    used = [float(one.project.money_used) for one in projects]
    return {
        "id": "chart-money",
        "title": "各项目投资额和累计使用资金（万元）",
        "unit": "万元",
        "description": "投资额和累计使用资金："
        + "；".join(
            f"{one.project.name}投资{amount_text(one.project.investment)}万元、"
            f"使用{amount_text(one.project.money_used)}万元"
            for one in projects
        )
        + "。",
        "series": [{"name": "投资额"}, {"name": "累计使用"}],
        "rows": [
            (
                f"{number}. {one.project.name}",
                [amount_text(one.project.investment), amount_text(one.project.money_used)],
            )
            for number, one in enumerate(projects, 1)
        ],
        "as_data": {
            "kind": "bar",
            "unit": "万元",
            "horizontal": True,
            "categories": _labels(projects),
            "series": [
                {"name": "投资额", "values": invested, "tone": "grey"},
                {"name": "累计使用", "values": used, "tone": "accent"},
            ],
        },
    }


@require_safe
@public
def picture(request: ActorRequest, public_id: UUID, picture_id: UUID) -> HttpResponseBase:
    """One photograph of a submitted report or of a finished work, of a published programme."""
    attachment = open_picture(public_id, picture_id)
    response = send_file(attachment.file, name=attachment.name, mime=attachment.mime)
    response["Cache-Control"] = PICTURE_CACHE
    return response
