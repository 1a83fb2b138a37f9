"""The demo's opinions: made once, on every way, with something that waits for each of the sign-in page's people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command

from deputies import demo, demo_stations
from liaison import demo as liaison_demo
from liaison.models import Notice
from suggestions import demo_opinions
from suggestions.demo_people import staff
from suggestions.models import Opinion, OpinionRoute
from suggestions.states import OpinionStatus

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper


@pytest.mark.django_db
def test_the_demo_s_opinions_are_made_once_on_every_way(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    call_command("load_regions", verbosity=0)
    said: list[str] = []
    for load in (liaison_demo.load, demo.load, demo_stations.load, demo_opinions.load, demo_opinions.load):
        load(said.append)
    count = len(demo_opinions.SAID) + 3
    assert said[-2:] == [
        f"社情民意 {count} 件（本次新增 {count} 件）",
        f"社情民意 {count} 件（本次新增 0 件）",
    ]
    opinions = Opinion.objects.all()
    assert set(opinions.values_list("status", flat=True)) == set(OpinionStatus.values)
    assert set(opinions.values_list("route", flat=True)) == {"", *OpinionRoute.values}
    assert opinions.filter(tell_since__isnull=False).exists()
    assert opinions.filter(same_as__isnull=False).exists()
    assert opinions.filter(reopened=True).exists()
    for username in ("demo_deputy", "demo_county", "demo_town", "demo_county_unit"):
        assert any(one.is_open for one in opinions.visible_to(staff(username)))
    assert not Notice.objects.filter(body__contains="1390000").exists()
