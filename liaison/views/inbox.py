"""The inbox: notices are marked as read by opening them (POST), never by being listed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from liaison.faces import ActorRequest, signed_in
from liaison.forms.inbox import InboxFilterForm, ReadAllForm
from liaison.models.notice import NoticeKind
from liaison.paging import keyset_page
from liaison.selectors.inbox import NEWEST_FIRST, inbox_of
from liaison.selectors.shell import unread_count
from liaison.services.inbox import notice_read, notices_read_all

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

PAGE_SIZE = 20


@require_safe
@signed_in
def inbox(request: ActorRequest) -> HttpResponse:
    """One's notices, by kind, all or unread only."""
    kind, unread = InboxFilterForm(request.GET).values()
    notices = inbox_of(request.actor, kind=kind, unread=unread)
    waiting = unread_count(request.actor)
    context = {
        "page": keyset_page(notices, params=request.GET, path=request.path, order=NEWEST_FIRST, size=PAGE_SIZE),
        "views": [
            {"label": "全部", "url": _address(kind, unread=False), "count": None, "active": not unread},
            {"label": "未读", "url": _address(kind, unread=True), "count": waiting, "active": unread},
        ],
        "kinds": [
            {"label": label, "url": _address(code, unread=unread), "active": code == kind}
            for code, label in [("", "全部种类"), *NoticeKind.choices]
        ],
        "waiting": waiting,
        "filtered": bool(kind or unread),
        "until": timezone.now().strftime("%Y-%m-%dT%H:%M:%S.%f%z"),
    }
    return render(request, "liaison/inbox.html", context)


@require_POST
@signed_in
def notice_open(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Mark a notice as read and go where it points."""
    notice = notice_read(actor=request.actor, public_id=public_id)
    inside = url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if notice.url.startswith("/") and inside else reverse("inbox"))


@require_POST
@signed_in
def inbox_read_all(request: ActorRequest) -> HttpResponse:
    """Mark everything that stood on the page as read."""
    form = ReadAllForm(request.POST)
    if form.is_valid():
        count = notices_read_all(actor=request.actor, until=form.cleaned_data["until"])
        messages.success(request, f"已将{count}条消息标为已读。" if count else "没有未读消息。")
    return redirect("inbox")


def _address(kind: str, *, unread: bool) -> str:
    query = urlencode({key: value for key, value in {"unread": "1" if unread else "", "kind": kind}.items() if value})
    return f"{reverse('inbox')}?{query}" if query else reverse("inbox")
