"""The public progress page: figures, submitted reports and pictures, and nothing that is not public."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from liaison.models import Attachment
from tests.suggestions.budgets import once, queries
from tests.suggestions.pages import text_of
from tests.votes import works
from tests.votes.people import County
from tests.votes.works import status_of
from votes.models import Project


def open_url(project: Project) -> str:
    return reverse("open_works:programme", args=[project.programme.public_id])


def test_the_public_page_shows_figures_reports_and_pictures_but_no_problems(county: County) -> None:
    project, other = works.started(county, 2)
    works.report(county, project, pictures=[works.picture()], problems="征地纠纷。")
    works.finished(county, Project.objects.get(pk=other.pk))
    works.inspection(county, project, works.group(county, project))
    shown = Client().get(open_url(project))
    words = text_of(shown)
    assert "完成水源井两口" in words
    assert "37.7%（120.5/320万元）" in words
    assert "50.0%（1/2）" in words
    assert "征地纠纷" not in words
    assert "管网回填不到位" not in words
    charts = shown.context["charts"]
    assert [chart["as_data"]["series"][0]["values"] for chart in charts] == [[40, 100], [320.0, 320.0]]
    assert charts[1]["as_data"]["series"][1]["values"] == [120.5, 300.0]
    assert shown.content.decode().count("/pictures/") == 4  # two pictures, each a link and an image


def test_only_pictures_of_published_works_are_served_to_everybody(county: County) -> None:
    project = works.project(county)
    works.report(county, project, pictures=[works.picture()])
    works.inspection(county, project, works.group(county, project))

    kept = Attachment.objects.filter(slot="picture").earliest("id")
    shown = Client().get(reverse("open_works:picture", args=[project.programme.public_id, kept.public_id]))
    assert shown["Cache-Control"] == "public, max-age=300"
    assert b"".join(shown.streaming_content)  # read to its end, the file is closed

    def get(slot: str, of: Project = project) -> int:
        picture = Attachment.objects.filter(slot=slot).order_by("id").first()
        assert picture is not None
        key = [of.programme.public_id, picture.public_id]
        return status_of(Client(), reverse("open_works:picture", args=key))

    assert get("picture") == 200
    inspected = Attachment.objects.filter(slot="picture").order_by("-id").first()
    assert inspected is not None
    key = [project.programme.public_id, inspected.public_id]
    assert status_of(Client(), reverse("open_works:picture", args=key)) == 404
    works.finished(county, Project.objects.get(pk=project.pk))
    assert get("finish") == 200
    other = works.project(county, year=2024)
    assert get("picture", other) == 404
    Attachment.objects.filter(slot="picture").update(mime="application/pdf")
    assert get("picture") == 404
    type(project.programme).objects.all().update(is_public=False)
    assert get("finish") == 404
    assert Client().get(open_url(project)).status_code == 404


def test_a_programme_without_works_says_so(county: County) -> None:
    of = works.programme(county)
    shown = Client().get(reverse("open_works:programme", args=[of.public_id]))
    assert "项目还没有转入实施" in text_of(shown)


def test_the_public_page_asks_the_same_for_2_and_for_20(county: County) -> None:
    for count, year in ((2, 2023), (20, 2024)):
        for project in works.started(county, count, year=year):
            works.report(county, project, pictures=[works.picture()])
    few, many = (queries(Client(), open_url(Project.objects.filter(programme__year=year)[0])) for year in (2023, 2024))
    once(many)
    # programme; projects; reports, changes, milestones; pictures of reports
    assert len(many) == len(few) <= 8


def test_the_programme_s_public_page_leads_to_the_works(county: County) -> None:
    project = works.project(county)
    shown = Client().get(project.programme.get_public_url())
    assert f"{open_url(project)}#p-{project.public_id}" in shown.content.decode()
    assert f'id="p-{project.public_id}"' in Client().get(open_url(project)).content.decode()
