"""Opinions without an account: writing, the receipt, following, and everything that people and machines try."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from deputies.models import Mandate, Station
from liaison.limits import Limit
from liaison.models import Attachment
from suggestions.models import Opinion, OpinionMessage
from suggestions.services.opinion import opinion_assign_deputy, opinion_close, opinion_hand_over
from suggestions.services.opinion_answer import opinion_answer, opinion_deputy_answer
from suggestions.states import OpinionStatus
from suggestions.views import open_opinion
from tests.cast import Cast
from tests.deputies import open_stations as made
from tests.filemakers import png
from tests.liaison.test_photographs import SECRET, phone_jpeg
from tests.suggestions.budgets import queries
from tests.suggestions.pages import hidden, text_of

TEXT = "高桥村村口路灯坏了三个月，晚上放学的孩子看不见路。"
NAME, PHONE, ID_NUMBER = "欧阳小满", "13900001234", "430903196803151234"
FOLLOW = "/open/opinions/"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def station(cast: Cast) -> Station:
    return made.make_station(cast)


@pytest.fixture
def mandate(cast: Cast, station: Station) -> Mandate:
    """A deputy with an account, in the station."""
    made.place(station, cast.mandates["deputy"])
    return cast.mandates["deputy"]


def address(station: Station, **more: str) -> str:
    return reverse("open_opinions:new", query={"station": str(station.public_id), **more})


def write(url: str, client: Client | None = None, **changes: Any) -> Any:
    return (client or Client()).post(url, {"client_token": str(uuid.uuid4()), "text": TEXT, **changes})


def follow(code: str, **act: str) -> Any:
    return Client().post(FOLLOW, {"code": code, **act})


def test_anybody_writes_and_follows(cast: Cast, station: Station) -> None:
    page = Client().get(reverse("open_stations:detail", args=[station.public_id]) + "?by=qr")
    url = next(act.url for act in page.context["acts"])
    form = Client().get(url)
    assert hidden(form)["client_token"]
    assert station.name in text_of(form)
    done = write(url, contact_name=NAME, contact_phone=PHONE, place="高桥村")
    assert done.status_code == 200, done.context["form"].errors
    code = done.context["receipt"]
    assert code in text_of(done)
    assert "no-store" in done["Cache-Control"]
    opinion = Opinion.objects.get()
    assert (opinion.channel, opinion.station, opinion.status) == ("qr", station, OpinionStatus.RECEIVED)
    assert opinion.office == station.office
    followed = text_of(follow(code.lower().replace("-", " ")))
    assert "已收到，正在安排办理。" in followed
    assert TEXT in followed
