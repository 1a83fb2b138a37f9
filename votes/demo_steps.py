"""A programme's way in the demo, by the real services in a moved past: call, candidates, vote, work, appraisal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from deputies.models import Mandate, Session
from liaison.clock import moved_to
from votes import sealing
from votes.demo_places import Place, actor_of, at, document, photograph, voter
from votes.demo_texts import Item
from votes.models import Programme, ProgressReport, Project, RollEntry, Round, RoundKind
from votes.services.ballot import ballot_cast
from votes.services.candidate import candidate_create
from votes.services.count import round_count
from votes.services.programme import programme_create
from votes.services.programme_act import programme_approve_list, programme_close_call, programme_open_call
from votes.services.project import project_finish, project_hand_over, projects_start
from votes.services.report import report_submit
from votes.services.roll import attend_by_staff
from votes.services.round import OptionInput, round_create
from votes.services.round_result import round_declare, teller_sign
from votes.services.round_vote import round_close, round_open
from votes.services.tellers import teller_passphrase_set, tellers_set
from votes.states import ReportStatus

#: Passphrases of the votes in the past: used up as soon as their boxes are opened.
_PAST = ("演示用的监票口令-已开箱", "演示用的计票口令-已开箱")


def days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)


def prepared(
    place: Place,
    year: int,
    places: int,
    *,
    opens: dt.date,
    votes_on: dt.date,
    introduction: str,
    session: Session | None = None,
) -> Programme:
    """The plan of a year, made two weeks before its call opens."""
    with moved_to(at(opens - days(14), 9)):
        made = programme_create(
            actor=place.clerk,
            region_code=place.region.code,
            year=year,
            values={
                "places": places,
                "call_from": opens,
                "call_until": opens + days(34),
                "list_on": opens + days(55),
                "vote_on": votes_on,
                "finish_on": dt.date(year, 11, 30),
                "appraise_on": max(votes_on + days(365), dt.date(year + 1, 2, 20)),
                "introduction": introduction,
                "leader": "人大常委会分管副主任" if len(place.region.code) == 6 else "人大主席",
                "contact": place.clerk.name,
                "is_public": True,
            },
        )
    if session is not None:
        Programme.objects.filter(pk=made.pk).update(session=session)
    return made


def collecting(place: Place, programme: Programme, opens: dt.date) -> None:
    with moved_to(at(opens, 9)):
        programme_open_call(actor=place.clerk, public_id=programme.public_id, version=None)


def screening(place: Place, programme: Programme, opens: dt.date) -> None:
    with moved_to(at(opens + days(35), 9)):
        programme_close_call(actor=place.clerk, public_id=programme.public_id, version=None)


def listed(
    place: Place, programme: Programme, items: Sequence[Item], opens: dt.date, *, pictures: bool = False
) -> None:
    """Candidates, with a picture each when wished, and the list approved."""
    with moved_to(at(opens + days(42), 15)):
        for number, item in enumerate(items):
            uploads = [photograph(f"{item.name}.png", number)] if pictures else []
            put_up(place, programme, item, uploads=uploads)
    with moved_to(at(opens + days(50), 10)):
        programme_approve_list(actor=place.head, public_id=programme.public_id, version=None, confirm_few=True)


def put_up(place: Place, programme: Programme, item: Item, **more: Any) -> None:
    candidate_create(
        actor=place.clerk,
        programme_public_id=programme.public_id,
        values={
            "name": item.name,
            "content": item.content,
            "place": item.place,
            "investment": Decimal(item.investment),
            "money_source": item.source,
            "unit_id": place.unit.pk,
            "unit_name": "",
            "finish_on": dt.date(programme.year, 11, 30),
        },
        **more,
    )


# ── votes ────────────────────────────────────────────────────────────────────────────────────────
@contextmanager
def _quick_keys() -> Iterator[None]:
    """Cheap keys for boxes that are opened in the same breath; an open vote gets real ones."""
    with patch("votes.sealing.ARGON_OPS", 1), patch("votes.sealing.ARGON_MEMORY", 1024 * 1024):
        yield


def vote(place: Place, programme: Programme, *, day: dt.date, title: str, approvals: Sequence[int]) -> Round:
    """A secret vote on the candidates, with so many approvals each, by every deputy of the congress."""
    with moved_to(at(day, 9)):
        made = round_create(
            actor=place.clerk,
            congress_public_id=place.congress.public_id,
            programme_public_id=programme.public_id,
            kind=RoundKind.PROJECTS,
            title=title,
        )
    return held(place, made, day, spread(approvals, made.roll_count))


def spread(approvals: Sequence[int], voters: int) -> list[list[str]]:
    """Ballots with so many approvals for each line, nobody with more than their share of them all."""
    ballots = [
        ["against" if (number + line) % 3 else "abstain" for line in range(len(approvals))] for number in range(voters)
    ]
    place = 0
    for line, count in enumerate(approvals):
        for number in range(place, place + count):
            ballots[number % voters][line] = "for"
        place += count
    return ballots


def appraise(
    place: Place, programme: Programme, *, day: dt.date, title: str, satisfied: dict[str, tuple[int, str]], note: str
) -> Round:
    """A secret appraisal of projects.

    Args:
        satisfied: name of each project → (so many 满意, what its line says); the others are 基本满意.
        note: said of every line besides.
    """
    projects = {project.name: project for project in programme.projects.all()}
    with moved_to(at(day, 9)):
        made = round_create(
            actor=place.clerk,
            congress_public_id=place.congress.public_id,
            programme_public_id=programme.public_id,
            kind=RoundKind.APPRAISAL,
            title=title,
            options=[
                OptionInput(detail="\n".join(filter(None, (text, note))), project_public_id=projects[name].public_id)
                for name, (_, text) in satisfied.items()
            ],
        )
    counts = [count for count, _ in satisfied.values()]
    ballots = [
        ["satisfied" if number < count else "basically" for count in counts] for number in range(made.roll_count)
    ]
    return held(place, made, day, ballots)


def held(place: Place, made: Round, day: dt.date, ballots: Sequence[Sequence[str]]) -> Round:
    """Everybody is present and votes on their phone; the box is opened and the result declared."""
    public_id = made.public_id
    with _quick_keys():
        with moved_to(at(day, 9, 10)):
            appointed(place.clerk, place.head, made, _PAST)
            rows = roll(made)
            attend_by_staff(actor=place.clerk, public_id=public_id, entries=[row.public_id for row in rows])
        with moved_to(at(day, 9, 30)):
            round_open(actor=place.clerk, public_id=public_id, version=None)
        with moved_to(at(day, 9, 40)):
            for row, marks in zip(rows, ballots, strict=True):
                cast(made, row.mandate, marks)
        with moved_to(at(day, 9, 50)):
            round_close(actor=place.clerk, public_id=public_id)
            round_count(
                actor=place.clerk,
                public_id=public_id,
                scrutineer_passphrase=_PAST[0],
                counter_passphrase=_PAST[1],
            )
        with moved_to(at(day, 10)):
            for teller in (place.head, place.clerk):
                teller_sign(actor=teller, public_id=public_id)
            return round_declare(actor=place.clerk, public_id=public_id)


def appointed(counter: Any, scrutineer: Any, made: Round, passphrases: tuple[str, str]) -> None:
    """The two tellers, each with a passphrase."""
    tellers_set(actor=counter, public_id=made.public_id, scrutineer_id=scrutineer.user_id, counter_id=counter.user_id)
    for teller, passphrase in zip((scrutineer, counter), passphrases, strict=True):
        teller_passphrase_set(actor=teller, public_id=made.public_id, passphrase=passphrase)


def roll(made: Round) -> list[RollEntry]:
    found = RollEntry.objects.filter(round=made).select_related("mandate__person", "mandate__congress")
    return list(found.order_by("position"))


def cast(made: Round, mandate: Mandate, marks: Sequence[str]) -> None:
    ballot_cast(actor=voter(mandate), public_id=made.public_id, marks=marks, receipt=sealing.new_receipt())


# ── the work ─────────────────────────────────────────────────────────────────────────────────────
def started(place: Place, programme: Programme, day: dt.date) -> list[Project]:
    with moved_to(at(day, 9)):
        return projects_start(actor=place.head, programme_public_id=programme.public_id)


def worker(place: Place) -> Any:
    """Whoever reports for the unit."""
    username = place.unit.postings.filter(ended_at=None).values_list("user__username", flat=True).first()
    return actor_of(str(username), place.unit)


def reported(place: Place, project: Project, report: ProgressReport, day: dt.date, percent: int, **more: Any) -> None:
    """The unit reports on a quarter."""
    used = (project.investment * percent / 100).quantize(Decimal("0.01"))
    with moved_to(at(day, 15)):
        report_submit(
            actor=worker(place),
            project_public_id=project.public_id,
            public_id=report.public_id,
            values={
                "text": f"{project.name}按计划推进，形象进度{percent}%，资金按进度拨付。",
                "percent": percent,
                "money_used": used,
            }
            | more,
            pictures=[photograph(f"进展-{report.quarter}季度.png", project.pk + report.quarter)],
        )


def finished(place: Place, project: Project, day: dt.date, *, hand_over: bool = True) -> None:
    """Outstanding reports, the finish, and ten days later the hand-over."""
    due = project.reports.filter(status=ReportStatus.DUE).order_by("year", "quarter")
    for report in list(due):
        if (report.year, report.quarter) < (day.year, (day.month - 1) // 3 + 1):
            reported(place, project, report, min(dt.date(report.year, report.quarter * 3, 28) + days(6), day), 50)
    with moved_to(at(day, 16)):
        project_finish(
            actor=worker(place),
            public_id=project.public_id,
            version=None,
            values={
                "finished_on": day,
                "money_used": project.investment,
                "text": "全部建设内容已完成，经自查符合要求。",
                "explanation": "",
            },
            pictures=[photograph("完工.png", project.pk)],
        )
    if hand_over:
        with moved_to(at(day + days(10), 10)):
            project_hand_over(
                actor=place.clerk,
                public_id=project.public_id,
                version=None,
                handed_over_on=day + days(10),
                uploads=[document("验收单.pdf")],
                note="经现场验收合格。",
            )
