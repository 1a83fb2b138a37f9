"""What is printed for the wall: the display board of a station's deputies (亮身份展板), the sign for its door."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.shortcuts import render
from django.views.decorators.http import require_safe

from deputies.selectors.open_deputy import deputies_of, hidden_count
from deputies.selectors.open_station import get_printed_station, week_of
from deputies.views.open_station import deputy_address, station_address
from liaison.faces import ActorRequest, requires
from liaison.permissions import Permission as P  # noqa: N817
from liaison.qr import qr_of

if TYPE_CHECKING:
    from django.http import HttpResponse

#: Cards on a sheet of A4: two columns of five.
CARDS_A_PAGE = 10


@require_safe
@requires(P.STATION_VIEW)
def board(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """亮身份展板, A4 upright: every deputy who is shown, on as many sheets as it takes."""
    station = get_printed_station(request.actor, public_id)
    # The pages and photographs of a station that is not published yet cannot be opened.
    cards = [
        {"deputy": one, "qr": qr_of(deputy_address(request, one.public_id))}
        if station.is_published
        else {"deputy": replace(one, has_photo=False), "qr": None}
        for one in deputies_of(station)
    ]
    sheets = [cards[start : start + CARDS_A_PAGE] for start in range(0, len(cards), CARDS_A_PAGE)]
    hidden = hidden_count(station)
    context = {
        "station": station,
        "sheets": sheets,
        "count": len(cards),
        "hidden": hidden,
        "hidden_text": f"本站有{hidden}名代表本人选择完全不公开，不列入展板。",
        "week": week_of(station.hours.all()),
        "qr": qr_of(station_address(request, station)),
    }
    return render(request, "deputies/station_board.html", context)


@require_safe
@requires(P.STATION_VIEW)
def sign(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """门牌, A4 across: the station's name, its days, a code to scan."""
    station = get_printed_station(request.actor, public_id)
    context = {
        "station": station,
        "week": week_of(station.hours.all()),
        "qr": qr_of(station_address(request, station)),
    }
    return render(request, "deputies/station_sign.html", context)
