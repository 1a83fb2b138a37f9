"""Attachments of the hotline's orders: uploaded at once, or named by address and fetched by a worker."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from liaison.actor import system_actor
from liaison.exceptions import DomainError, InvalidInput, NotFound
from liaison.fetching import FetchFailed, FetchRefused, check_address, fetch_file
from liaison.permissions import Permission
from liaison.queue import enqueue_on_commit
from liaison.services.attachment import attachment_add
from liaison.services.audit import record_audit
from suggestions.models import HotlineFetch, HotlineOrder
from suggestions.models.hotline_order import FetchState
from suggestions.selectors.hotline_order import FILE_SLOT
from suggestions.selectors.hotline_settings import settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from liaison.actor import Actor
    from liaison.models import Attachment

MOST_FILES = 20
#: After so long it is tried again; then it is given up.
WAITS = (dt.timedelta(minutes=1), dt.timedelta(minutes=10), dt.timedelta(hours=1), dt.timedelta(hours=6))
#: A worker that took one and fell silent has lost it after so long.
CLAIMED_FOR = dt.timedelta(minutes=10)
TASK = "suggestions.tasks.fetch_hotline_file"


def _locked(actor: Actor, order_no: str) -> HotlineOrder:
    actor.require(Permission.HOTLINE_ORDERS_WRITE)
    order = HotlineOrder.objects.visible_to(actor).select_for_update(of=("self",)).filter(order_no=order_no).first()
    if order is None:
        raise NotFound("没有这个编号的工单，或者不是本客户端报送的。请先报送工单，再传附件。")
    return order


@transaction.atomic
def order_attach(*, actor: Actor, order_no: str, upload: File[Any]) -> Attachment:
    """Keep an uploaded file with an order; the same file once more gives the first one back.

    Raises:
        NotFound, TooLarge, InvalidInput: see ``attachment_add``; too many files (``too_many_files``).
    """
    order = _locked(actor, order_no)
    _room(order, 1)
    return attachment_add(actor=actor, owner=order, slot=FILE_SLOT, upload=upload, field="file")


@transaction.atomic
def order_attach_addresses(*, actor: Actor, order_no: str, files: Sequence[Mapping[str, str]]) -> list[HotlineFetch]:
    """Note the addresses of files; a worker fetches them after the commit. An address that is known stays as it is.

    Raises:
        InvalidInput: an address of a host that is not agreed, or none at all, by pointer; nothing is noted then.
    """
    order = _locked(actor, order_no)
    hosts = settings_of(order.client_id).hosts
    wrong: dict[str, str] = {}
    code = ""
    for place, one in enumerate(files):
        try:
            check_address(one["url"], hosts=hosts)
        except FetchRefused as refused:
            wrong[f"files/{place}/url"], code = refused.reason, refused.code
    if wrong:
        raise InvalidInput("有附件地址不能取，一个都没有记下。", code=code, fields=wrong)
    known = set(order.fetches.values_list("url", flat=True))
    fresh = {one["url"]: one["name"] for one in files if one["url"] not in known}
    _room(order, len(fresh))
    HotlineFetch.objects.bulk_create(
        (HotlineFetch(order=order, url=url, name=name) for url, name in fresh.items()), ignore_conflicts=True
    )
    found = list(order.fetches.filter(url__in=[one["url"] for one in files]))
    for fetch in found:
        if fetch.state == FetchState.WAITING:
            enqueue_on_commit(TASK, fetch.pk)
    record_audit(
        actor=actor, action="hotline_order.addresses", target=order, region_prefix=order.region_prefix,
        detail={"count": len(fresh)},
    )  # fmt: skip
    return found


def _room(order: HotlineOrder, more: int) -> None:
    from liaison.selectors.attachment import attachments_of

    waiting = order.fetches.filter(state=FetchState.WAITING).count()
    if len(attachments_of(order, FILE_SLOT)) + waiting + more > MOST_FILES:
        raise DomainError(f"一件工单最多{MOST_FILES}个附件。", code="too_many_files")


def fetch_run(*, fetch_id: int) -> HotlineFetch | None:
    """Fetch one file: what a worker does. None when another worker has it, or it is settled. The network is asked
    outside of every transaction."""
    fetch = _claim(fetch_id)
    if fetch is None:
        return None
    try:
        hosts = settings_of(fetch.order.client_id).hosts
        with fetch_file(fetch.url, hosts=hosts, limit=settings.ATTACHMENT_MAX_BYTES) as content:
            _keep(fetch, content)
    except FetchFailed as failed:
        _again(fetch, failed.reason)
    except FetchRefused as refused:
        _settle(fetch, FetchState.FAILED, refused.reason)
    except DomainError as refused:
        _settle(fetch, FetchState.FAILED, refused.message)
    return fetch


@transaction.atomic
def _claim(fetch_id: int) -> HotlineFetch | None:
    now = timezone.now()
    fetch = (
        HotlineFetch.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("order")
        .filter(pk=fetch_id, state=FetchState.WAITING)
        .first()
    )
    if fetch is None or (fetch.next_at is not None and fetch.next_at > now):
        return None
    if fetch.attempts > len(WAITS):  # each time the worker fell silent over it, so no reason was ever noted
        _settle(fetch, FetchState.FAILED, f"取到以后处理不了，试了{fetch.attempts}次，不再取。")
        return None
    fetch.attempts += 1
    fetch.next_at = now + CLAIMED_FOR
    fetch.save(update_fields=["attempts", "next_at", "updated_at"])
    return fetch


@transaction.atomic
def _keep(fetch: HotlineFetch, content: Any) -> None:
    name = fetch.name or check_address(fetch.url, hosts=settings_of(fetch.order.client_id).hosts).name
    upload = File(content, name=name)
    fetch.attachment = attachment_add(actor=system_actor("热线附件"), owner=fetch.order, slot=FILE_SLOT, upload=upload)
    fetch.state, fetch.reason, fetch.next_at = FetchState.DONE, "", None
    fetch.save(update_fields=["attachment", "state", "reason", "next_at", "updated_at"])


def _again(fetch: HotlineFetch, reason: str) -> None:
    if fetch.attempts > len(WAITS):
        _settle(fetch, FetchState.FAILED, f"{reason}试了{fetch.attempts}次，不再取。")
        return
    fetch.reason = reason[:300]
    fetch.next_at = timezone.now() + WAITS[fetch.attempts - 1]
    fetch.save(update_fields=["reason", "next_at", "updated_at"])


def _settle(fetch: HotlineFetch, state: FetchState, reason: str) -> None:
    fetch.state, fetch.reason, fetch.next_at = state, reason[:300], None
    fetch.save(update_fields=["state", "reason", "next_at", "updated_at"])
