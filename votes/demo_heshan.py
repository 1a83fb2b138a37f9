"""赫山区 in four years: closed, appraised, being carried out, and collecting for the next."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid5

from django.utils import timezone

from deputies.models import Mandate
from liaison.actor import ANONYMOUS, system_actor
from liaison.clock import moved_to
from liaison.permissions import OrganisationKind, Role
from votes.demo_places import also_deputy, at, organisation, photograph, place, posted, session, voter
from votes.demo_steps import (
    appraise,
    collecting,
    days,
    finished,
    listed,
    prepared,
    reported,
    screening,
    started,
    vote,
    worker,
)
from votes.demo_texts import DEPARTMENT, DEPUTY, HESHAN, PUBLIC
from votes.models import Programme
from votes.selectors.project_periods import quarter_of, quarters_between
from votes.services.change import change_request
from votes.services.inspection import inspection_answer, inspection_check, inspection_record
from votes.services.milestone import milestone_add, milestone_done
from votes.services.programme_close import programme_close
from votes.services.proposal import proposal_submit, proposal_submit_public
from votes.services.report import reports_open
from votes.services.supervision import group_save

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deputies.models import Session
    from votes.demo_places import Place
    from votes.demo_texts import Item
    from votes.models import Project

INTRODUCTION = "请您说一说最想办的民生实事：受益面广、当年能完成、属于区级事权的项目优先。{more}"


def base_year() -> int:
    """The year whose projects are being carried out: they were chosen three months ago at least."""
    return (timezone.localdate() - days(150)).year


def load() -> list[bool]:
    """Make what is missing: for each year, whether it was made now."""
    here = place(
        "430903",
        office="赫山区人大常委会",
        people=(("demo_county", "何晓芳", Role.HANDLER), ("demo_county_head", "温建国", Role.APPROVER)),
        unit=("赫山区水利局", "demo_county_unit", "罗水生"),
    )
    for name, username, person in (("赫山区教育局", "hs_jyj", "夏文静"), ("赫山区交通运输局", "hs_jtj", "贺长春")):
        posted(username, person, organisation(name, OrganisationKind.UNIT, here.region), Role.HANDLER)
    for username, certificate in (("demo_deputy", "HS06901"), ("demo_cosigner", "HS06902")):
        also_deputy(username, here.congress, certificate)
    year = base_year()
    makers = ((year - 2, _closed), (year - 1, _appraised), (year, _underway), (year + 1, _collecting))
    made = []
    for number, (of, make) in enumerate(makers):
        is_new = not Programme.objects.filter(congress=here.congress, year=of).exists()
        if is_new:
            make(here, of, HESHAN[min(number, 2)])
        made.append(is_new)
    return made


def _session_of(here: Place, year: int) -> Session:
    """The demo's yearly session, held in February for the votes."""
    number = year - here.congress.starts_on.year
    return session(here.congress, min(max(number, 1), 20), dt.date(year, 2, 18), 4)


def _voted(here: Place, year: int, items: Sequence[Item]) -> tuple[Programme, list[Project]]:
    """Chosen in February, started in March: five of six."""
    opens = dt.date(year - 1, 11, 10)
    programme = prepared(
        here,
        year,
        5,
        opens=opens,
        votes_on=dt.date(year, 2, 20),
        session=_session_of(here, year),
        introduction=INTRODUCTION.format(more="（演示）"),
    )
    collecting(here, programme, opens)
    screening(here, programme, opens)
    listed(here, programme, items, opens)
    vote(
        here,
        programme,
        day=dt.date(year, 2, 20),
        title=f"赫山区{year}年民生实事项目票决",
        approvals=(19, 18, 17, 15, 13, 8),
    )
    return programme, started(here, programme, dt.date(year, 3, 3))


def _done(here: Place, year: int, items: Sequence[Item], counts: Sequence[int]) -> Programme:
    """Carried out by September, and appraised at the next session."""
    programme, projects = _voted(here, year, items)
    for project in projects:
        finished(here, project, dt.date(year, 6, 24))
    appraise(
        here,
        programme,
        day=dt.date(year + 1, 2, 19),
        title=f"赫山区{year}年民生实事项目满意度测评",
        satisfied={project.name: (count, "") for project, count in zip(projects, counts, strict=True)},
        note="",
    )
    return programme


def _closed(here: Place, year: int, items: Sequence[Item]) -> None:
    programme = _done(here, year, items, (20, 19, 18, 18, 16))
    with moved_to(at(dt.date(year + 1, 2, 25), 10)):
        programme_close(actor=here.head, public_id=programme.public_id, version=None)


def _appraised(here: Place, year: int, items: Sequence[Item]) -> None:
    _done(here, year, items, (19, 18, 20, 17, 15))


def _underway(here: Place, year: int, items: Sequence[Item]) -> None:
    """One handed over, one finished, three at work: on time, slow, and without its last report."""
    programme, projects = _voted(here, year, items)
    over, done, good, slow, late = projects
    today = timezone.localdate()
    _milestones(here, projects[2:], year)
    finished(here, over, dt.date(year, 3, 30))
    groups = _groups(here, programme, projects)
    _inspections(here, groups, good, slow, late)
    steps = {good: 30, slow: 15, late: 12}
    for year_, quarter in quarters_between((year, 1), quarter_of(today)):
        first = dt.date(year_, quarter * 3 - 2, 1)
        ended = dt.date(year_, quarter * 3, 28) + days(7)
        for project, step in steps.items():
            with moved_to(at(max(first, dt.date(year, 3, 3)), 8)):
                reports_open(system_actor(), project, until=(year_, quarter))
            project.refresh_from_db()
            is_last = ended + days(91) > today
            if ended < today and not (project == late and is_last):
                report = project.reports.get(year=year_, quarter=quarter)
                percent = min(95, step * len(project.reports.all()))
                more = {"problems": "受雨季影响，土方施工进度偏慢。"} if project == slow else {}
                reported(here, project, report, ended, percent, **more)
    finished(here, done, max(dt.date(year, 3, 30), today - days(9)), hand_over=False)
    _change(here, slow, year)


def _milestones(here: Place, projects: Sequence[Project], year: int) -> None:
    unit = worker(here)
    for project in projects:
        for name, due_on in (
            ("完成招标", dt.date(year, 4, 10)),
            ("主体完工", dt.date(year, 9, 30)),
            ("竣工验收", dt.date(year, 11, 25)),
        ):
            with moved_to(at(dt.date(year, 3, 5), 10)):
                milestone = milestone_add(actor=unit, project_public_id=project.public_id, name=name, due_on=due_on)
            if name != "竣工验收" and due_on < timezone.localdate() - days(3):
                with moved_to(at(due_on - days(2), 16)):
                    milestone_done(
                        actor=unit,
                        project_public_id=project.public_id,
                        milestone_id=milestone.pk,
                        done_on=due_on - days(2),
                    )


def _groups(here: Place, programme: Programme, projects: Sequence[Project]) -> list[Any]:
    """Two supervision groups; the deputies of the sign-in page are in the second one, whose projects lag."""
    mandates = list(Mandate.objects.filter(congress=here.congress, ended_on=None).order_by("certificate_number"))
    guests = [one for one in mandates if one.person.user_id is not None]
    others = [one for one in mandates if one not in guests]
    found = []
    for number, (people, own) in enumerate(
        ((others[:5], projects[:3]), ([*others[5:8], *guests], projects[3:])), start=1
    ):
        with moved_to(at(dt.date(programme.year, 3, 10), 9)):
            group = group_save(
                actor=here.clerk,
                programme_public_id=programme.public_id,
                name=f"第{'一二'[number - 1]}监督小组",
                head=people[0].public_id,
                members=[one.public_id for one in people],
                projects=[project.public_id for project in own],
            )
        found.append(group)
    return found


def _inspections(here: Place, groups: Sequence[Any], good: Project, slow: Project, late: Project) -> None:
    """One without demands, one checked, one whose answer waits for the group's check, one still to be answered."""
    today = timezone.localdate()
    day = dt.date(good.programme.year, 5, 12)

    def record(project: Project, group: Any, on: dt.date, findings: str, demands: str = "", within: int = 15) -> Any:
        with moved_to(at(on, 15)):
            return inspection_record(
                actor=here.clerk,
                project_public_id=project.public_id,
                values={
                    "group": group.public_id,
                    "inspected_on": on,
                    "findings": findings,
                    "demands": demands,
                    "answer_by": on + days(within) if demands else None,
                },
                pictures=[photograph("检查.png", project.pk)],
            )

    record(good, groups[0], day, "现场查看两处施工点，进度符合计划，材料有检测报告。")
    checked = record(slow, groups[1], day, "管沟回填不够密实。", "对回填不密实的管段返工，并补做检测。")
    with moved_to(at(day + days(9), 10)):
        inspection_answer(
            actor=worker(here), public_id=checked.public_id, version=None, answer="已返工三段共120米，检测合格。"
        )
    with moved_to(at(day + days(14), 10)):
        inspection_check(actor=here.clerk, public_id=checked.public_id, version=None, note="现场复查合格。")
    lights = record(slow, groups[1], today - days(8), "停车泊位的照明没有接通。", "接通照明，并公示开放时间。")
    with moved_to(at(today - days(2), 10)):
        inspection_answer(
            actor=worker(here), public_id=lights.public_id, version=None, answer="照明已经接通，开放时间已在入口公示。"
        )
    record(late, groups[1], today - days(4), "施工围挡不完整，夜间没有警示灯。", "补齐围挡和警示灯，本月内完成。")


def _change(here: Place, project: Project, year: int) -> None:
    """A change that waits for the standing committee."""
    project.refresh_from_db()
    with moved_to(at(timezone.localdate() - days(2), 11)):
        change_request(
            actor=worker(here),
            project_public_id=project.public_id,
            version=None,
            values={
                "finish_on": max(dt.date(year, 12, 20), timezone.localdate() + days(20)),
                "investment": project.investment + Decimal("30"),
            },
            reason="雨季停工二十天，土方外运单价上涨，申请延期并增加投资。",
        )


def _collecting(here: Place, year: int, items: Sequence[Item]) -> None:
    """The call for the next year is open: proposals from the public, deputies and a department."""
    opens = timezone.localdate() - days(12)
    programme = prepared(
        here,
        year,
        5,
        opens=opens,
        votes_on=opens + days(80),
        introduction=INTRODUCTION.format(more=f"征集{year}年的项目，请在截止之前提出。"),
    )
    collecting(here, programme, opens)
    for number, (title, content, where, name) in enumerate(PUBLIC):
        with moved_to(at(opens + days(1 + number * 2), 20)):
            proposal_submit_public(
                actor=ANONYMOUS,
                programme_public_id=programme.public_id,
                submission_key=uuid5(programme.public_id, f"public-{number}"),
                values={"title": title, "content": content, "place": where, "proposer_name": name},
            )
    found = Mandate.objects.filter(congress=here.congress, ended_on=None, person__user=None)
    mandates = found.select_related("person", "congress")
    speakers = [voter(mandate) for mandate in mandates.order_by("certificate_number")[: len(DEPUTY)]]
    for number, (actor, (title, content, where)) in enumerate(
        [*zip(speakers, DEPUTY, strict=True), (worker(here), DEPARTMENT)]
    ):
        with moved_to(at(opens + days(2 + number * 3), 11)):
            proposal_submit(
                actor=actor,
                programme_public_id=programme.public_id,
                submission_key=uuid5(programme.public_id, f"own-{number}"),
                values={"title": title, "content": content, "place": where},
            )
