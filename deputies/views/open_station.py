"""Stations and deputies for everybody, without an account: search, a station, a deputy, photographs and QR codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from deputies.forms.open_station import StationSearchForm
from deputies.selectors.open_deputy import LEVEL_TITLES, deputies_of, get_open_deputy, get_open_photo
from deputies.selectors.open_station import (
    get_open_station,
    named_deputies,
    online_station,
    open_stations,
    place_of,
    places,
    rota_of,
    rota_of_deputy,
    week_of,
)
from liaison.faces import ActorRequest, public
from liaison.limits import Limit, within
from liaison.network import client_ip
from liaison.paging import keyset_page
from liaison.qr import qr_of, qr_response
from liaison.registry import registry
from liaison.sending import send_file

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from deputies.models import Station
    from deputies.selectors.open_deputy import OpenDeputy

#: A search looks through names, which no index serves: a village behind one address may, a machine may not.
SEARCHES_AN_ADDRESS = Limit("station-search-ip", 120, 600)
TOO_MANY = "查询太频繁，请过十分钟再试；也可以按下面的地名逐级查找。"
STATIONS_A_PAGE = 20
#: What the QR codes' addresses say besides, so that it is known how many people come by them.
SCANNED = "?by=qr"


@require_safe
@public
def index(request: ActorRequest) -> HttpResponse:
    """代表联络站: find one by place, by its name, or by a deputy's name."""
    form = StationSearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    q, region = asked.get("q", ""), place_of(asked.get("region", ""))
    refused = bool(q) and not within(SEARCHES_AN_ADDRESS, client_ip(request) or "unknown")
    if refused:
        form.add_error("q", TOO_MANY)
    context: dict[str, Any] = {"form": form, "region": region, "places": places(region), "q": q}
    if not form.errors:
        online = online_station(region)
        page = keyset_page(
            open_stations(q, region),
            params=request.GET,
            path=request.path,
            order=("region_prefix", "id"),
            size=STATIONS_A_PAGE,
        )
        found = named_deputies(page.items, q)
        context |= {
            "page": page,
            "online": online and {"station": online, "week": week_of(online.hours.all())},
            "rows": [
                {"station": one, "week": week_of(one.hours.all()), "deputies": found.get(one.pk, [])}
                for one in page.items
                if one != online
            ],
        }
    status = 429 if refused else 400 if form.errors else 200
    return render(request, "deputies/open_station_list.html", context, status=status)


@require_safe
@public
def station(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One station: where, when, who."""
    found = get_open_station(public_id)
    context = {
        "station": found,
        "week": week_of(found.hours.all()),
        "rota": rota_of(found),
        "levels": by_level(deputies_of(found)),
        "qr": qr_of(station_address(request, found)),
        "acts": registry.open_acts_of("station", public_id, scanned=is_scanned(request)),
    }
    return render(request, "deputies/open_station.html", context)


@require_safe
@public
def deputy(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One deputy: only what they let everybody see."""
    found = get_open_deputy(public_id)
    context = {
        "deputy": found.deputy,
        "stations": found.stations,
        "rota": rota_of_deputy(public_id),
        "qr": qr_of(deputy_address(request, public_id)),
        "acts": registry.open_acts_of("deputy", public_id, scanned=is_scanned(request)),
    }
    return render(request, "deputies/open_deputy.html", context)


@require_safe
@public
def photo(request: ActorRequest, public_id: UUID) -> HttpResponseBase:
    """A deputy's photograph, under a name that tells nothing; asked for anew each time, for it may be hidden."""
    found = get_open_photo(public_id)
    etag = quote_etag(found.sha256)
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None and unchanged.status_code == 304:
        return unchanged
    response = send_file(found.file, name=f"photo.{found.mime.rpartition('/')[2]}", mime=found.mime)
    response["ETag"] = etag
    return response


@require_safe
@public
def station_qr(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The QR code of a station's page."""
    return qr_response(station_address(request, get_open_station(public_id)))


@require_safe
@public
def deputy_qr(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The QR code of a deputy's page."""
    get_open_deputy(public_id)
    return qr_response(deputy_address(request, public_id))


def station_address(request: ActorRequest, found: Station) -> str:
    """Where a phone finds the station."""
    return request.build_absolute_uri(reverse("open_stations:detail", args=[found.public_id]) + SCANNED)


def deputy_address(request: ActorRequest, public_id: UUID) -> str:
    """Where a phone finds the deputy."""
    return request.build_absolute_uri(reverse("open_deputies:detail", args=[public_id]) + SCANNED)


def is_scanned(request: ActorRequest) -> bool:
    """Whether the visitor came by a QR code."""
    return request.GET.get("by") == "qr"


def by_level(deputies: list[OpenDeputy]) -> list[tuple[str, list[OpenDeputy]]]:
    """Title of a level → its deputies, the highest level first; levels without any are left out."""
    grouped = [(title, [one for one in deputies if one.level == level]) for level, title in LEVEL_TITLES.items()]
    return [(title, found) for title, found in grouped if found]
