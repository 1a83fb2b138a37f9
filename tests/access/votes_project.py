"""Routes of projects being carried out and inspections.

``work`` is a project of 赫山区: all staff of the city see it, its office (``county_clerk``) handles it; its unit and
its approver are not of the matrix. The deputies of the cast sit in the county's congress too; ``deputy`` and
``cosigner`` are in the group that supervises it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.access import DEPUTIES, OFFICE, SIGNED_IN, UNITS, Row, each

if TYPE_CHECKING:
    from tests.access.world import World


def work(world: World) -> Row:
    return {"public_id": world.work.public_id}


def milestone(world: World) -> Row:
    return {**work(world), "milestone_id": world.work.milestones.get().pk}


def report(world: World) -> Row:
    return {**work(world), "report_id": world.work.reports.get(status="due").public_id}


def submitted(world: World) -> Row:
    return {**work(world), "report_id": world.work.reports.get(status="submitted").public_id}


def finished(world: World) -> Row:
    return {"public_id": world.finished_work.public_id}


def inspection(world: World) -> Row:
    return {"public_id": world.answered_inspection.public_id}


def supervised(world: World) -> Row:
    """The project, once it has its group."""
    assert world.work_group
    return work(world)


def programme(world: World) -> Row:
    return {"programme_id": world.work.programme.public_id}


#: Congress staff above see the county's project, but its own office acts; the neighbour sees nothing.
SEEN: Row = {**each(200, *OFFICE, "county_clerk", *DEPUTIES), **each(404, "stranger", *UNITS), "others": 403}
OWN_OFFICE: Row = {"county_clerk": 200, "stranger": 404, "others": 403}
SUPERVISORS: Row = {**OWN_OFFICE, **each(200, "deputy", "cosigner")}
OWN_UNIT: Row = {**each(404, *UNITS), "others": 403}

MATRIX: dict[str, Row] = {
    "projects:desk": {**each(200, *OFFICE, "county_clerk", "stranger", *UNITS), **each(302, *DEPUTIES), "others": 403},
    "projects:export": {
        "method": "post",
        **each(302, *OFFICE, "county_clerk", "stranger", *UNITS, *DEPUTIES),
        "others": 403,
    },
    "projects:mine": {**each(200, *DEPUTIES), "others": 403},
    "projects:start": {
        "args": lambda world: {"programme_id": world.voted_programme.public_id},
        # the city's approver is not the county's
        "others": 403,
    },
    "projects:groups": {"args": programme, **SEEN},
    "projects:group_new": {"args": programme, **OWN_OFFICE},
    "projects:group_edit": {
        "args": lambda world: {**programme(world), "public_id": world.work_group.public_id},
        **OWN_OFFICE,
    },
    "projects:detail": {"args": work, **SEEN},
    "projects:unit": {"args": work, **OWN_OFFICE},
    "projects:report": {"args": report, **OWN_UNIT},
    "projects:report_return": {"args": submitted, **OWN_OFFICE},
    "projects:milestone_add": {"args": work, **OWN_OFFICE, **each(404, *UNITS)},
    "projects:milestone_edit": {"args": milestone, **OWN_OFFICE, **each(404, *UNITS)},
    "projects:milestone_remove": {"args": milestone, **OWN_OFFICE, **each(404, *UNITS)},
    "projects:milestone_done": {"args": milestone, **OWN_OFFICE, **each(404, *UNITS)},
    "projects:change": {"args": work, **OWN_UNIT},
    "projects:decide": {
        "args": lambda world: {**work(world), "change_id": world.work_change.public_id},
        "others": 403,
    },
    "projects:finish": {"args": work, **OWN_UNIT},
    "projects:resume": {"args": finished, **OWN_OFFICE},
    "projects:hand_over": {"args": finished, **OWN_OFFICE},
    "projects:inspect": {"args": supervised, **SUPERVISORS},
    "inspections:detail": {"args": inspection, **SEEN},
    "inspections:answer": {"args": inspection, **OWN_UNIT},
    "inspections:check": {"args": inspection, **SUPERVISORS},
    "inspections:return": {"args": inspection, **SUPERVISORS},
    "open_works:programme": {
        "args": lambda world: {"public_id": world.work.programme.public_id},
        **each(200, "anonymous", *SIGNED_IN),
        "others": 200,
    },
    "open_works:picture": {
        "args": lambda world: {
            "public_id": world.work.programme.public_id,
            "picture_id": world.work_picture.public_id,
        },
        **each(200, "anonymous", *SIGNED_IN),
        "others": 200,
    },
}
