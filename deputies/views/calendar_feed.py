"""日历订阅: the page with which a deputy renews the secret address, and the address itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from deputies.selectors.calendar_feed import calendar_file, feed_of, person_by_secret
from deputies.services.calendar_feed import feed_renew, feed_stop
from liaison.exceptions import NotFound
from liaison.faces import ActorRequest, public, requires
from liaison.limits import Limit, within
from liaison.network import client_ip
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpRequest

#: A phone asks every hour or so; many phones of one office share an address.
READS_AN_ADDRESS = Limit("calendar-feed-ip", 600, 3600)
READS_A_FEED = Limit("calendar-feed", 60, 3600)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ACTIVITY_VIEW)
def mine(request: ActorRequest) -> HttpResponse:
    """日历订阅; sent, a new address is shown, this once."""
    if not request.actor.is_deputy:
        raise NotFound
    address = ""
    if request.method == "POST":
        secret = feed_renew(actor=request.actor)
        address = request.build_absolute_uri(reverse("calendar_feeds:feed", args=[secret]))
    context = {"feed": feed_of(request.actor), "address": address}
    return render(request, "deputies/calendar_feed.html", context)


@require_http_methods(["POST"])
@requires(P.ACTIVITY_VIEW)
def stop(request: ActorRequest) -> HttpResponse:
    """停止订阅."""
    if not request.actor.is_deputy:
        raise NotFound
    feed_stop(actor=request.actor)
    messages.success(request, "已停止订阅，原来的地址不能再用。")
    return redirect("calendar_feeds:mine")


@never_cache
@require_safe
@public
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar that a phone reads with the secret address; nothing tells an old address from a wrong one."""
    if not within(READS_AN_ADDRESS, client_ip(request) or "unknown") or not within(READS_A_FEED, secret):
        return HttpResponse("读取太频繁，请过一小时再试。", status=429, content_type="text/plain; charset=utf-8")
    person = person_by_secret(secret)
    if person is None:
        return HttpResponse("这个日历地址没有启用。", status=404, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(calendar_file(person), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="calendar.ics"'
    answer["X-Robots-Tag"] = "noindex"
    answer["Cache-Control"] = "no-store, private"
    return answer
