"""Who came to sessions and to stations: recorded at once, corrected by reversal, two absences flagged and no more."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from deputies.models import ActivityKind, DutyEntry, DutyKind, Mandate, Presence, RotaDay, SessionAttendance
from deputies.selectors.session_attendance import absence_flags
from deputies.services.rota_attendance import rota_attend
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.registry import registry
from tests.deputies.duty_files import next_session, roll
from tests.deputies.open_stations import make_station, place

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def present(cast: Cast) -> list[str]:
    rows = DutyEntry.objects.standing().filter(kind=DutyKind.SESSION).order_by("mandate__certificate_number")
    return list(rows.values_list("mandate__person__name", flat=True))


def test_a_roll_enters_those_present_and_its_correction_reverses(cast: Cast) -> None:
    roll(cast, cast.session, cosigner=Presence.EXCUSED)
    assert present(cast) == ["李代表", "张旁观"]
    roll(cast, cast.session, other_deputy=Presence.ABSENT, version=1)
    assert present(cast) == ["李代表", "王附议"]
    reversal = DutyEntry.objects.get(reverses__isnull=False)
    assert (reversal.mandate, reversal.reason) == (cast.mandates["other_deputy"], "会议出席情况已更正")
    # the deputy who was never touched has one entry still
    assert DutyEntry.objects.filter(mandate=cast.mandates["deputy"]).count() == 1


def test_a_roll_is_saved_whole_or_not_at_all_and_by_its_own_staff(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refused:
        roll(cast, cast.session, deputy="maybe")
    assert list(refused.value.fields) == [f"presence-{cast.mandates['deputy'].public_id}"]
    assert not SessionAttendance.objects.exists()
    roll(cast, cast.session)
    with pytest.raises(StaleVersion):
        roll(cast, cast.session, version=0)
    with pytest.raises(NotAllowed):
        roll(cast, cast.session, who="county_clerk")
    with pytest.raises(DomainError) as ahead:
        roll(cast, next_session(cast, year=2096))
    assert ahead.value.code == "session_ahead"


def test_the_page_of_a_roll_keeps_what_was_chosen_when_somebody_was_quicker(cast: Cast) -> None:
    url = reverse("duty:roll", args=[cast.congress.public_id, cast.session.pk])
    client = cast.client("insider")
    assert client.get(url).content.decode().count("checked") == 3
    roll(cast, cast.session)
    typed = {f"presence-{one.public_id}": "excused" for one in cast.mandates.values()} | {"version": "0"}
    typed[f"note-{cast.mandates['deputy'].public_id}"] = "<script>alert(1)</script>😀"
    answer = client.post(url, typed)
    text = answer.content.decode()
    assert (answer.status_code, "没有保存" in text, text.count("checked")) == (409, True, 3)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;😀" in text
    assert client.post(url, typed | {"version": "1"}).status_code == 302
    assert present(cast) == []


def test_two_unapproved_absences_are_flagged_with_the_law_and_change_nothing(cast: Cast) -> None:
    roll(cast, cast.session, cosigner=Presence.ABSENT, deputy=Presence.EXCUSED)
    assert absence_flags(cast.actor("insider")) == []
    second = next_session(cast)
    roll(cast, second, cosigner=Presence.ABSENT, deputy=Presence.ABSENT)
    (flag,) = absence_flags(cast.actor("insider"))
    assert (flag.mandate, flag.sessions) == (cast.mandates["cosigner"], [cast.session, second])
    assert Mandate.objects.get(pk=flag.mandate.pk).ended_on is None
    page = cast.client("insider").get(reverse("duty:absences")).content.decode()
    assert "第六十二条第（三）项" in page
    assert "王附议" in page
    todo = next(one for one in registry.todo_items(cast.actor("insider")) if one.url == reverse("duty:absences"))
    assert todo.count == 1
    # neither the county, whose congress it is not, nor the deputies
    assert absence_flags(cast.actor("county_clerk")) == []
    assert absence_flags(cast.actor("cosigner")) == []
    own = cast.client("cosigner").get(reverse("duty:file", args=[cast.mandates["cosigner"].public_id, "2024"]))
    assert "第六十二条" not in own.content.decode()
    # an absence that was excused after all takes the flag away
    roll(cast, second, cosigner=Presence.EXCUSED)
    assert absence_flags(cast.actor("insider")) == []


@pytest.fixture
def day(cast: Cast) -> RotaDay:
    station = make_station(cast, office=cast.offices["city_office"])
    place(station, cast.mandates["deputy"])
    made = RotaDay.objects.create(
        station=station, on=dt.date(2026, 3, 2), starts_at=dt.time(9), ends_at=dt.time(11, 30)
    )
    made.duties.create(mandate=cast.mandates["deputy"])
    return made


def came(cast: Cast, day: RotaDay, *, version: int | None = None, **people: int) -> None:
    visits: dict[str, int | None] = {str(cast.mandates[name].public_id): count for name, count in people.items()}
    rota_attend(actor=cast.actor("insider"), rota_id=day.public_id, version=version, visits=visits)


def test_who_came_to_the_station_is_an_activity_and_the_people_received(cast: Cast, day: RotaDay) -> None:
    came(cast, day, deputy=12)
    rows = DutyEntry.objects.standing().values_list("kind", "activity_kind", "quantity", "on")
    assert set(rows) == {
        (DutyKind.ACTIVITY, ActivityKind.STATION_DAY, 1, day.on),
        (DutyKind.PEOPLE_VISITED, "", 12, day.on),
    }
    came(cast, day, deputy=15, version=1)
    assert DutyEntry.objects.standing().get(kind=DutyKind.PEOPLE_VISITED).quantity == 15
    with pytest.raises(StaleVersion):
        came(cast, day, deputy=3, version=1)
    came(cast, day)  # nobody at all
    assert not DutyEntry.objects.standing().exists()


def test_only_who_belongs_there_and_only_a_past_day_that_stands(cast: Cast, day: RotaDay) -> None:
    with pytest.raises(InvalidInput):
        came(cast, day, other_deputy=3)
    with pytest.raises(InvalidInput) as many:
        came(cast, day, deputy=501)
    assert list(many.value.fields) == [f"people-{cast.mandates['deputy'].public_id}"]
    with pytest.raises(NotFound):
        rota_attend(actor=cast.actor("stranger"), rota_id=day.public_id, version=None, visits={})
    RotaDay.objects.filter(pk=day.pk).update(on=dt.date(2096, 3, 2))
    with pytest.raises(DomainError):
        came(cast, day, deputy=3)
    url = reverse("stations:rota_attend", args=[day.public_id])
    key = cast.mandates["deputy"].public_id
    answer = cast.client("insider").post(url, {"came": [str(key)], f"people-{key}": "十二", "version": "0"})
    assert (answer.status_code, "接待人数请填写数字。" in answer.content.decode()) == (422, True)


def test_a_note_that_cannot_be_stored_is_told_by_its_field(cast: Cast) -> None:
    url = reverse("duty:roll", args=[cast.congress.public_id, cast.session.pk])
    typed = {f"presence-{one.public_id}": "present" for one in cast.mandates.values()} | {"version": "0"}
    typed[f"note-{cast.mandates['deputy'].public_id}"] = "病\x00假"
    answer = cast.client("insider").post(url, typed)
    assert (answer.status_code, "无法保存的字符" in answer.content.decode()) == (422, True)
    assert present(cast) == []
