"""What is printed for the wall: the display board of a station's deputies (亮身份展板), the sign for its door."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
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

    from deputies.selectors.open_deputy import OpenDeputy

#: Cards on a sheet of A4: two columns of five.
CARDS_A_PAGE = 10
#: How small the words on a card are set, by their number.
SIZES = (("large", 28), ("middle", 60), ("small", 120), ("least", 9999))


@require_safe
@requires(P.STATION_VIEW)
def board(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """亮身份展板, A4 upright: every deputy who is shown, on as many sheets as it takes."""
    station = get_printed_station(request.actor, public_id)
    cards = [_card(request, one, is_published=station.is_published) for one in deputies_of(station)]
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


def _card(request: ActorRequest, deputy: OpenDeputy, *, is_published: bool) -> dict[str, Any]:
    """One deputy on the board; pages and photographs of a station not published yet cannot be opened."""
    words = len(f"{deputy.title}{deputy.work}{deputy.contact}")
    return {
        "deputy": deputy if is_published else replace(deputy, has_photo=False),
        "qr": qr_of(deputy_address(request, deputy.public_id)) if is_published else None,
        # so that the longest names of units and posts stay whole in a box of one size
        "size": next(size for size, most in SIZES if words <= most),
    }


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
