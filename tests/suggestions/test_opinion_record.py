"""Opinions that staff and deputies write down, one by one with an answer on the spot, and in bulk."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liaison.exceptions import DomainError, InvalidInput, NotAllowed
from liaison.models import AuditEntry
from suggestions.models import Opinion, OpinionRoute
from suggestions.selectors.opinion_open import find_by_receipt
from suggestions.services.opinion_record import opinion_bulk_check, opinion_record, opinion_record_bulk
from suggestions.states import OpinionStatus
from tests.cast import Cast
from tests.deputies.open_stations import make_station
from tests.suggestions.opinions import TEXT, Scene, build_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def test_staff_record_and_answer_in_one_press(scene: Scene) -> None:
    token, values = uuid.uuid4(), {"channel": "phone", "text": TEXT}
    done, code = opinion_record(actor=scene.clerk, client_token=token, values=values, answer="已告知办理流程。")
    assert (done.status, done.route, done.channel) == (OpinionStatus.ANSWERED, OpinionRoute.ON_SPOT, "phone")
    assert (done.station, done.office, done.recorded_by) == (None, scene.station.office, scene.cast.user("insider"))
    assert find_by_receipt(code) == done
    assert opinion_record(actor=scene.clerk, client_token=token, values=values, answer="再按一次") == (done, code)
    with pytest.raises(DomainError) as refused:
        opinion_record(actor=scene.clerk, client_token=token, values=values | {"text": "另一件"})
    assert refused.value.code == "form_used"


def test_what_another_office_s_station_takes_in_is_answered_there(scene: Scene) -> None:
    county = make_station(scene.cast, "区里的站", office=scene.cast.offices["county_office"])
    kept = scene.recorded(station_public_id=county.public_id)
    assert kept.office == scene.cast.offices["county_office"]
    with pytest.raises(InvalidInput) as refused:
        scene.recorded(station_public_id=county.public_id, answer="代答")
    assert set(refused.value.fields) == {"answer"}
    for who, values in (("stranger", {}), ("insider", {"channel": "qr"}), ("insider", {"text": ""})):
        with pytest.raises(InvalidInput):
            scene.recorded(who, **values)
    assert Opinion.objects.count() == 1


def test_a_deputy_brings_one_and_may_answer_it(scene: Scene) -> None:
    brought = scene.recorded("deputy", channel="ignored", station_public_id=None)
    assert (brought.channel, brought.station, brought.status) == ("deputy", scene.station, OpinionStatus.RECEIVED)
    assert brought.brought_by == scene.cast.mandates["deputy"]
    done = scene.recorded("deputy", text="听到的第二件", answer="当面解释了政策。")
    assert (done.status, done.route, done.messages.get().side) == (
        OpinionStatus.ANSWERED,
        OpinionRoute.ON_SPOT,
        "deputy",
    )
    assert not done.deadlines.open().exists()
    homeless = scene.recorded("cosigner", station_public_id=None)
    assert (homeless.station, homeless.office) == (None, scene.cast.offices["city_office"])
    with pytest.raises(InvalidInput):
        scene.recorded("deputy", station_public_id=uuid.uuid4())


def test_who_only_looks_on_records_nothing(scene: Scene) -> None:
    for who in ("colleague", "unit", "prosecutor", "system_admin"):
        with pytest.raises(NotAllowed):
            scene.recorded(who)


def _rows(count: int, **changes: Any) -> list[dict[str, Any]]:
    return [{"text": f"第{one}件", "place": "高桥村", "category": "城建环资"} | changes for one in range(count)]


def test_many_rows_are_kept_at_once_with_running_numbers(scene: Scene) -> None:
    before = scene.received()
    values = {"actor": scene.clerk, "key": uuid.uuid4(), "station_public_id": scene.station.public_id}
    kept = opinion_record_bulk(rows=_rows(20), **values)
    again = opinion_record_bulk(rows=_rows(20), **values)
    assert [one.pk for one in again] == [one.pk for one in kept]
    numbers = sorted(Opinion.objects.values_list("number", flat=True))
    assert [int(number[-4:]) for number in numbers] == list(range(1, 22))
    assert all(one.deadlines.open().count() == 1 for one in kept)
    assert kept[0].category is not None
    assert AuditEntry.objects.get(action="opinion.bulk").detail == {"count": 20}
    assert scene.received().number > kept[-1].number > before.number


def test_one_bad_row_keeps_all_out(scene: Scene) -> None:
    rows = _rows(3)
    rows[1] |= {"text": " ", "category": "没有这一类"}
    lines = opinion_bulk_check(actor=scene.clerk, station_public_id=None, rows=[*rows, rows[0]])
    assert [bool(line.problems) for line in lines] == [False, True, False, False]
    assert [line.is_double for line in lines] == [False, False, False, True]
    with pytest.raises(InvalidInput) as refused:
        opinion_record_bulk(actor=scene.clerk, key=uuid.uuid4(), station_public_id=None, rows=rows)
    assert set(refused.value.fields) == {"row-2"}
    for many in ([], _rows(501)):
        with pytest.raises(InvalidInput):
            opinion_record_bulk(actor=scene.clerk, key=uuid.uuid4(), station_public_id=None, rows=many)
    assert not Opinion.objects.exists()


def test_rows_cost_two_queries_each_and_no_more(scene: Scene) -> None:
    costs = []
    for count in (2, 12):
        with CaptureQueriesContext(connection) as queries:
            opinion_record_bulk(actor=scene.clerk, key=uuid.uuid4(), station_public_id=None, rows=_rows(count))
        costs.append(len(queries))
    assert costs[1] - costs[0] <= 2 * 10
