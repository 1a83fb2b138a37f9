"""The public privacy matrix: what an anonymous visitor learns of a deputy over every public outlet, page source and
headers included (rulebook section 4: only name, level, unit, post, station, and the contact they chose)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from deputies.models import Mandate, PublicProfile, Station
from deputies.services.profile import ProfileFacts, profile_save
from liaison.models import Attachment
from tests.cast import Cast
from tests.deputies import open_stations as made
from tests.deputies.factories import make_mandate, make_person
from tests.filemakers import jpeg
from tests.liaison.test_photographs import SECRET, phone_jpeg

PHONE, CERTIFICATE, UNIT, POST = "13900001234", "XZ-990001", "资江水产合作社", "理事长"
NEVER = (PHONE, PHONE[-4:], CERTIFICATE, "1968", "回族", "第三选区", "lihidden", "生态环境专长", "终止原因甲")


@pytest.fixture
def station(cast: Cast) -> Station:
    return made.make_station(cast)


@pytest.fixture
def mandate(cast: Cast, station: Station) -> Mandate:
    """A deputy of whom everything is known, placed, and on the rota."""
    unit = cast.congresses["county"].electoral_units.create(name="第三选区")
    person = make_person(
        1,
        name="欧阳青禾",
        phone=PHONE,
        employer=UNIT,
        post=POST,
        ethnicity="回族",
        birth_month=dt.date(1968, 3, 1),
        user=None,
    )
    person.tags.create(kind="expertise", name="生态环境专长")
    found = make_mandate(cast.congresses["county"], person=person, unit=unit, certificate_number=CERTIFICATE)
    made.place(station, found)
    made.rota(station, found)
    return found


def outlets(station: Station, mandate: Mandate) -> dict[str, str]:
    """Every public address at which a deputy might be met."""
    person = mandate.person
    return {
        "list": reverse("open_stations:list"),
        "place": f"{reverse('open_stations:list')}?region=430903",
        "search": f"{reverse('open_stations:list')}?q={person.name}",
        "station": reverse("open_stations:detail", args=[station.public_id]),
        "station qr": reverse("open_stations:qr", args=[station.public_id]),
        "deputy": reverse("open_deputies:detail", args=[person.public_id]),
        "deputy qr": reverse("open_deputies:qr", args=[person.public_id]),
        "photo": reverse("open_deputies:photo", args=[person.public_id]),
    }


def seen(station: Station, mandate: Mandate) -> dict[str, tuple[int, str]]:
    """Status, and headers and source, of every outlet."""
    found = {}
    for name, url in outlets(station, mandate).items():
        answer = Client().get(url)
        body = b"".join(answer) if answer.streaming else answer.content
        found[name] = (answer.status_code, f"{dict(answer.items())}\n{body.decode('utf-8', 'replace')}")
    return found


def told(station: Station, mandate: Mandate, text: str) -> set[str]:
    """At which outlets a text is met."""
    return {name for name, (_status, source) in seen(station, mandate).items() if text in source}


def test_a_deputy_who_chose_nothing_shows_name_level_unit_post_and_station(station: Station, mandate: Mandate) -> None:
    assert told(station, mandate, "欧阳青禾") == {"search", "station", "deputy"}
    assert told(station, mandate, UNIT) == told(station, mandate, POST) == {"station", "deputy"}
    assert told(station, mandate, "赫山区人大代表") == {"search", "station", "deputy"}
    for secret in NEVER:
        assert told(station, mandate, secret) == set(), secret
    assert {name: status for name, (status, _) in seen(station, mandate).items() if status != 200} == {"photo": 404}


@pytest.mark.parametrize(
    ("hidden", "gone"),
    [
        ({"hide_unit": True}, [UNIT]),
        ({"hide_post": True}, [POST]),
        ({"hide_unit": True, "hide_post": True}, [UNIT, POST]),
    ],
)
def test_unit_and_post_are_hidden_where_the_deputy_says_so(
    station: Station, mandate: Mandate, hidden: dict[str, Any], gone: list[str]
) -> None:
    made.profile(mandate, **hidden)
    for text in (UNIT, POST):
        assert bool(told(station, mandate, text)) == (text not in gone)
    assert told(station, mandate, "欧阳青禾") == {"search", "station", "deputy"}


def test_only_the_chosen_contact_is_shown_and_only_on_the_deputy_s_page(station: Station, mandate: Mandate) -> None:
    made.profile(mandate, contact_kind="phone", contact="0737-4220009", introduction="关心水产养殖。")
    assert told(station, mandate, "0737-4220009") == told(station, mandate, "关心水产养殖。") == {"deputy"}
    for secret in NEVER:
        assert told(station, mandate, secret) == set(), secret


def _hide(mandate: Mandate) -> None:
    PublicProfile.objects.create(person=mandate.person, is_hidden=True, contact_kind="phone", contact="0737-4220009")


def _end_mandate(mandate: Mandate) -> None:
    Mandate.objects.filter(pk=mandate.pk).update(ended_on=timezone.localdate(), end_reason="终止原因甲")


def _end_placement(mandate: Mandate) -> None:
    mandate.placements.update(ended_on=timezone.localdate(), end_reason="终止原因甲")


def _take_back_station(mandate: Mandate) -> None:
    Station.objects.update(is_published=False)


@pytest.mark.parametrize("leave", [_hide, _end_mandate, _end_placement, _take_back_station])
def test_who_hid_left_or_stands_in_no_published_station_is_nowhere(
    station: Station, mandate: Mandate, leave: Any
) -> None:
    leave(mandate)
    assert told(station, mandate, UNIT) == told(station, mandate, "0737-4220009") == set()
    # what a visitor typed into the search box stands in it; nothing else does
    assert told(station, mandate, "欧阳青禾") == {"search"}
    search = Client().get(outlets(station, mandate)["search"])
    assert search.context["rows"] == []
    assert search.content.decode().count("欧阳青禾") == 1
    statuses = {name: status for name, (status, _) in seen(station, mandate).items()}
    assert {statuses[name] for name in ("deputy", "deputy qr", "photo")} == {404}
    for secret in NEVER:
        assert told(station, mandate, secret) == set(), secret


def test_a_photograph_is_served_without_its_notes_and_its_name_until_it_is_hidden(
    cast: Cast, station: Station, mandate: Mandate
) -> None:
    def save(**facts: Any) -> PublicProfile:
        upload = facts.pop("photo", None)
        return profile_save(
            actor=cast.actor("county_clerk"),
            person_id=mandate.person.public_id,
            facts=ProfileFacts(**facts),
            photo=upload,
        )

    save(photo=SimpleUploadedFile(f"{PHONE}.jpg", phone_jpeg()))
    url = outlets(station, mandate)["photo"]
    status, source = seen(station, mandate)["photo"]
    assert status == 200
    assert SECRET.decode() not in source
    assert "'inline; filename=\"photo.jpeg\"'" in source
    assert told(station, mandate, PHONE) == set()
    assert told(station, mandate, url) == {"station", "deputy"}
    photo = PublicProfile.objects.get().photo
    assert photo is not None
    etag = f'"{photo.sha256}"'
    assert etag in source
    assert Client().get(url, headers={"If-None-Match": etag}).status_code == 304
    assert Client().get(photo.url).status_code == 302  # the private door asks to sign in
    Attachment.objects.update(mime="application/pdf")
    assert Client().get(url).status_code == 404
    Attachment.objects.update(mime="image/jpeg", removed_at=timezone.now())
    assert Client().get(url).status_code == 404
    Attachment.objects.update(removed_at=None)
    save(hide_photo=True)
    assert Client().get(url, headers={"If-None-Match": etag}).status_code == 404
    assert told(station, mandate, url) == set()


def test_the_other_photographs_of_the_portal_are_not_served_there(
    cast: Cast, station: Station, mandate: Mandate
) -> None:
    profile_save(
        actor=cast.actor("county_clerk"),
        person_id=mandate.person.public_id,
        facts=ProfileFacts(),
        photo=SimpleUploadedFile("a.jpg", jpeg()),
    )
    other = cast.people["cosigner"]
    assert Client().get(reverse("open_deputies:photo", args=[other.public_id])).status_code == 404


@pytest.mark.parametrize("who", ["insider", "deputy", "unit"])
def test_signing_in_shows_no_more_on_the_public_pages(cast: Cast, station: Station, mandate: Mandate, who: str) -> None:
    _hide(mandate)
    client = cast.client(who)
    urls = outlets(station, mandate)
    assert client.get(urls["deputy"]).status_code == 404
    assert UNIT not in client.get(urls["station"]).content.decode()
