"""Every page of the carrying out: axe-core finds no violation, nothing scrolls sideways, also sent empty."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.urls import reverse

from tests.cast import Cast
from tests.e2e.browsing import Visits, main
from tests.e2e.looking import DESKTOP_WIDTH, PHONE_WIDTH, look
from tests.votes import works
from tests.votes.people import build_county
from votes.models import Inspection, Project, ProjectChange, SupervisionGroup

pytestmark = pytest.mark.e2e


@dataclass
class Works:
    """Projects in each state, with what their pages need."""

    underway: Project
    changing: Project
    finished: Project
    group: SupervisionGroup
    demanded: Inspection
    answered: Inspection
    change: ProjectChange


@pytest.fixture(scope="module")
def found(cast: Cast) -> Works:
    """Built once for the module."""
    county = build_county(cast)
    underway, changing, finished = works.started(county, 3, year=2019)
    works.milestone(county, underway)
    group = works.group(county, underway)
    answered = works.answered(county, works.inspection(county, underway, group))
    works.report(county, changing, pictures=[works.picture()], problems="征地两户尚未签约。")
    change = works.change(county, changing)
    return Works(
        underway=underway,
        changing=changing,
        finished=works.finished(county, finished),
        group=group,
        demanded=works.inspection(county, underway, group, findings="第二次检查。"),
        answered=answered,
        change=change,
    )


def pages(found: Works) -> dict[str, list[str]]:
    """Who looks at what."""
    one, programme = found.underway, found.underway.programme
    key, group = [one.public_id], [programme.public_id]
    milestone = [one.public_id, one.milestones.get().pk]
    report = [one.public_id, one.reports.get(status="due").public_id]
    submitted = [found.changing.public_id, found.changing.reports.get(status="submitted").public_id]
    return {
        "county_approver": [
            reverse("projects:desk"),
            reverse("projects:desk") + "?view=handed_over",
            one.get_absolute_url(),
            found.changing.get_absolute_url(),
            found.finished.get_absolute_url(),
            reverse("projects:groups", args=group),
            reverse("projects:group_new", args=group),
            reverse("projects:group_edit", args=[programme.public_id, found.group.public_id]),
            reverse("projects:unit", args=key),
            reverse("projects:report_return", args=submitted),
            reverse("projects:decide", args=[found.changing.public_id, found.change.public_id]),
            reverse("projects:resume", args=[found.finished.public_id]),
            reverse("projects:hand_over", args=[found.finished.public_id]),
        ],
        "county_unit": [
            reverse("projects:desk"),
            one.get_absolute_url(),
            reverse("projects:report", args=report),
            reverse("projects:milestone_add", args=key),
            reverse("projects:milestone_edit", args=milestone),
            reverse("projects:milestone_done", args=milestone),
            reverse("projects:change", args=key),
            reverse("projects:finish", args=key),
            reverse("inspections:answer", args=[found.demanded.public_id]),
        ],
        "deputy": [
            reverse("projects:mine"),
            one.get_absolute_url(),
            reverse("projects:inspect", args=key),
            found.answered.get_absolute_url(),
            reverse("inspections:return", args=[found.answered.public_id]),
            # sent empty, it is done: nothing is asked for
            reverse("inspections:check", args=[found.answered.public_id]),
        ],
        "": [reverse("open_works:programme", args=group)],
    }


@pytest.mark.parametrize("who", ["county_approver", "county_unit", "deputy", ""])
def test_pages_have_no_fault(visits: Visits, found: Works, who: str) -> None:
    page = visits.enter(who) if who else visits.arrive()
    faults: list[str] = []
    for path in pages(found)[who]:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        width = PHONE_WIDTH if who == "deputy" else DESKTOP_WIDTH
        faults += [f"{path}: {fault}" for fault in look(page, colours_at=width)]
        form = main(page).locator("form.form-page[method=post]")
        if form.count():
            form.first.evaluate(
                """(form) => { for (const one of form.elements) {
                    if (["text", "textarea", "number", "date", "select-one"].includes(one.type)) one.value = "";
                    if (["radio", "checkbox"].includes(one.type)) one.checked = false; } }"""
            )
            with page.expect_navigation():
                form.first.evaluate("(form) => form.submit()")
            if page.locator("[data-error-summary]").count():
                faults += [f"{path} sent empty: {fault}" for fault in look(page, colours_at=None)]
            elif page.url.endswith(path):
                faults.append(f"{path} sent empty: no summary of what is wrong")
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults)


def test_the_public_page_prints(visits: Visits, found: Works) -> None:
    page = visits.arrive()
    page.goto(pages(found)[""][0])
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    assert page.locator("canvas").first.is_hidden()
    assert page.get_by_role("table").first.is_visible()
    assert page.locator(".work-open").count() == 3
