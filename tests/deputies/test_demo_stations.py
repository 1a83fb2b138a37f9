"""The demo's stations: made once by the real services, with a studio, an online station and a hidden deputy."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from deputies import demo, demo_stations
from deputies.models import DeputyGroup, Mandate, Placement, PublicProfile, RotaDay, Station
from liaison import demo as liaison_demo
from liaison.demo import DEMO_COUNTY
from liaison.models import Notice

pytestmark = pytest.mark.django_db


def _counts() -> list[int]:
    models = (Station, Placement, RotaDay, DeputyGroup, PublicProfile, Notice)
    return [model.objects.count() for model in models]


def test_the_demo_s_stations_are_made_once_and_shown_to_everybody() -> None:
    call_command("load_regions", verbosity=0)
    said: list[str] = []
    for loader in (liaison_demo.load, demo.load, demo_stations.load):
        loader(said.append)
    assert said[-1].startswith("代表联络站 4 个")
    before = _counts()
    demo_stations.load(said.append)
    assert _counts() == before
    listed = Client().get(reverse("open_stations:list"), {"region": DEMO_COUNTY})
    assert [row["station"].name for row in listed.context["rows"]] == [
        demo_stations.BAZISHAO,
        demo_stations.STUDIO,
        demo_stations.QUANJIAOHE,
    ]
    assert listed.context["online"]["station"].name == demo_stations.ONLINE
    town = Client().get(reverse("open_stations:detail", args=[listed.context["rows"][0]["station"].public_id]))
    assert [title for title, _ in town.context["levels"]] == [
        "全国人大代表",
        "省人大代表",
        "市人大代表",
        "县（市、区）人大代表",
        "乡镇人大代表",
    ]
    assert town.context["rota"]
    hidden = Mandate.objects.get(certificate_number="BZ20005").person
    assert hidden.name not in {one.name for _, group in town.context["levels"] for one in group}
    assert DeputyGroup.objects.get().memberships.filter(role="leader").count() == 1
