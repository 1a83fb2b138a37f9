"""Routes of contacts with deputies and reports to voters. The city's office keeps them; the deputy of the world is met
and said something that the unit handles; the cosigner sits on the standing committee and leads the contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.access import CONGRESS, CONGRESS_HANDLERS, DEPUTIES, HANDLERS, OFFICE, UNITS, Row, each

if TYPE_CHECKING:
    from tests.access.world import World


def member(world: World) -> Row:
    return {"public_id": world.committee_member.public_id}


def link(world: World) -> Row:
    return {"public_id": world.contact_link.public_id}


def planned(world: World) -> Row:
    return {"public_id": world.contact_planned.public_id}


def held(world: World) -> Row:
    return {"public_id": world.contact_held.public_id}


def recorded(world: World) -> Row:
    return {"public_id": world.contact_recorded.public_id}


def raised(world: World) -> Row:
    return {"public_id": world.contact_opinion_raised.public_id}


def assigned(world: World) -> Row:
    return {"public_id": world.contact_opinion_assigned.public_id}


def adopted(world: World) -> Row:
    return {"public_id": world.contact_opinion_adopted.public_id}


def meeting(world: World) -> Row:
    return {"public_id": world.voter_meeting.public_id}


def to_write(world: World) -> Row:
    return {"public_id": world.voter_report.public_id}


def submitted(world: World) -> Row:
    return {"public_id": world.voter_report_submitted.public_id}


def given(world: World) -> Row:
    return {"public_id": world.voter_report_given.public_id}


def question(world: World) -> Row:
    asked = world.voter_question
    return {"public_id": asked.report.public_id, "question_id": asked.public_id}


def gathering(world: World) -> Row:
    return {"public_id": world.gathering.public_id}


def own(world: World) -> Row:
    return {"public_id": world.mandate.public_id}


#: The city's office only: the county's offices do not see what the city's keeps.
KEPT: Row = {**each(200, *HANDLERS), **each(404, "county_clerk", "stranger"), "others": 403}
PRESSED: Row = {"method": "post", **each(302, *HANDLERS), **each(404, "county_clerk", "stranger"), "others": 403}
READ: Row = {
    **each(200, *OFFICE, "deputy", "cosigner"),
    **each(404, "county_clerk", "stranger", "other_deputy"),
    "others": 403,
}

MATRIX: dict[str, Row] = {
    "committee:list": {**each(200, *CONGRESS), **each(404, *DEPUTIES), "others": 403},
    "committee:spread": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "committee:add": {
        "args": own,
        **each(200, *HANDLERS),
        "stranger": 404,
        "others": 403,
    },
    "committee:end": {"args": member, **KEPT},
    "committee:unlink": {"args": link, **PRESSED},
    "contacts:list": {**each(200, *CONGRESS), **each(404, *DEPUTIES), "others": 403},
    "contacts:new": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "contacts:mine": {**each(200, *DEPUTIES), **each(404, *CONGRESS), "others": 403},
    "contacts:coverage": {**each(200, *CONGRESS), **each(404, *DEPUTIES), "others": 403},
    "contacts:coverage_export": {"method": "post", **each(302, *CONGRESS_HANDLERS), "others": 403},
    "contacts:opinions": {**each(200, *CONGRESS, *UNITS), **each(404, *DEPUTIES), "others": 403},
    "contacts:opinion": {
        "args": assigned,
        **each(200, *OFFICE, "deputy", "cosigner", "unit"),
        **each(404, "county_clerk", "stranger", "other_deputy", "other_unit"),
        "others": 403,
    },
    "contacts:adopt": {"args": raised, **KEPT},
    "contacts:assign": {"args": raised, **KEPT},
    "contacts:answer": {"args": assigned, "unit": 200, "other_unit": 404, "others": 403},
    "contacts:give_back": {"args": assigned, "unit": 200, "other_unit": 404, "others": 403},
    "contacts:tell": {"args": adopted, **KEPT},
    "contacts:opinion_remove": {"args": raised, **PRESSED},
    "contacts:detail": {"args": planned, **READ},
    "contacts:edit": {"args": planned, **KEPT},
    "contacts:invite": {
        "args": planned,
        "data": {"linked": "1"},
        **PRESSED,
    },
    "contacts:uninvite": {
        "args": lambda world: {**planned(world), "mandate_id": world.mandate.public_id},
        **PRESSED,
    },
    "contacts:hold": {"args": planned, **KEPT},
    "contacts:record": {"args": held, **KEPT},
    "contacts:reopen": {"args": recorded, **KEPT},
    "contacts:cancel": {"args": planned, **KEPT},
    "contacts:opinion_add": {"args": held, **KEPT},
    "voter_meetings:list": {**each(200, *CONGRESS), **each(404, *DEPUTIES), "others": 403},
    "voter_meetings:new": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "voter_meetings:detail": {
        "args": meeting,
        **each(200, *OFFICE),
        **each(404, "county_clerk", "stranger", *DEPUTIES),
        "others": 403,
    },
    "voter_meetings:edit": {"args": meeting, **KEPT},
    # nobody is named
    "voter_meetings:add": {"method": "post", "args": meeting, **each(404, *CONGRESS_HANDLERS), "others": 403},
    "voter_meetings:drop": {
        "args": lambda world: {**meeting(world), "report_id": world.voter_report.public_id},
        **PRESSED,
    },
    "voter_meetings:hold": {"args": meeting, **KEPT},
    "voter_meetings:cancel": {"args": meeting, **KEPT},
    "voter_meetings:appraise": {"args": meeting, **KEPT},
    "voter_reports:mine": {**each(200, *DEPUTIES), **each(404, *CONGRESS), "others": 403},
    "voter_reports:coverage": {**each(200, *CONGRESS), **each(404, *DEPUTIES), "others": 403},
    "voter_reports:coverage_export": {"method": "post", **each(302, *CONGRESS_HANDLERS), "others": 403},
    "voter_reports:detail": {
        "args": to_write,
        **each(200, *OFFICE, "deputy"),
        **each(404, "county_clerk", "stranger", "cosigner", "other_deputy"),
        "others": 403,
    },
    "voter_reports:write": {"args": to_write, "deputy": 200, **each(404, "cosigner", "other_deputy"), "others": 403},
    "voter_reports:give_back": {"args": submitted, **KEPT},
    "voter_reports:question": {"args": given, **KEPT},
    "voter_reports:answer": {
        "args": question,
        **each(200, *HANDLERS, "other_deputy"),
        **each(404, "county_clerk", "stranger", "deputy", "cosigner"),
        "others": 403,
    },
    "gatherings:detail": {
        "args": gathering,
        **each(200, *OFFICE),
        **each(404, "county_clerk", "stranger", *DEPUTIES, *UNITS),
        "others": 403,
    },
    "gatherings:hand_out": {"args": gathering, **KEPT},
    "gatherings:count": {"method": "post", "args": gathering, **PRESSED},
}
