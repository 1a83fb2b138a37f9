"""What the congress office makes of a hotline's order: a station, an opinion, a suggestion, an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from deputies.models import Station
from liaison.exceptions import DomainError, InvalidInput, NotFound, StaleVersion
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.history import record_state_change
from liaison.services.webhook import webhook_publish
from suggestions.models import HotlineOrder, Opinion, Suggestion
from suggestions.services.opinion_core import required
from suggestions.services.opinion_record import opinion_record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from django.core.files.base import File

    from liaison.actor import Actor

_TARGETS = ("station", "opinion", "suggestion")
_LABELS = {"station": "代表联络站", "opinion": "社情民意", "suggestion": "代表建议"}


def _locked(actor: Actor, public_id: UUID | str, version: int | None) -> HotlineOrder:
    actor.require(Permission.HOTLINE_HANDLE)
    order = (
        HotlineOrder.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("station", "opinion", "suggestion", "report")
        .filter(public_id=public_id)
        .first()
    )
    if order is None:
        raise NotFound
    if version is not None and order.version != version:
        raise StaleVersion("您打开页面之后，这件工单已有变化（可能是热线发来了新的进展）。您填写的内容仍在下方。")
    return order


def _keep(actor: Actor, order: HotlineOrder, act: str, label: str, *fields: str, reason: str = "") -> None:
    order.version += 1
    order.save(update_fields=[*fields, "version", "updated_at"])
    record_state_change(actor=actor, obj=order, act=act, label=label, old=order.state, new=order.state, reason=reason)
    record_audit(
        actor=actor, action=f"hotline_order.{act}", target=order, region_prefix=order.region_prefix,
        detail={"what": reason} if reason else {},
    )  # fmt: skip
    webhook_publish(
        client_id=order.client_id,
        type="hotline.order.replied",
        object_key=f"order:{order.order_no}",
        path=reverse("api:hotline:order", args=[order.order_no]),
    )


def _link(actor: Actor, order: HotlineOrder, name: str, target: Any, title: str) -> HotlineOrder:
    if getattr(order, f"{name}_id") != (target.pk if target is not None else None):
        setattr(order, name, target)
        label = f"关联{_LABELS[name]}" if target is not None else f"取消关联{_LABELS[name]}"
        _keep(actor, order, "link", label, name, reason=title)
    return order


@transaction.atomic
def order_link_station(
    *, actor: Actor, public_id: UUID, version: int | None, station_public_id: UUID | str
) -> HotlineOrder:
    """Point the order out to a station, whose deputies look into it.

    Raises:
        InvalidInput: no such station in the actor's region.
    """
    order = _locked(actor, public_id, version)
    station = Station.objects.visible_to(actor).in_use().filter(public_id=station_public_id).first()
    if station is None:
        raise InvalidInput("请选择联络站。", fields={"station_public_id": "请选择本地区的联络站。"})
    return _link(actor, order, "station", station, station.name)


@transaction.atomic
def order_link_opinion(*, actor: Actor, public_id: UUID, version: int | None, number: str) -> HotlineOrder:
    """Link it to an opinion on the same matter.

    Raises:
        InvalidInput: the office has no opinion of this number.
    """
    order = _locked(actor, public_id, version)
    _may_be_relinked(order)
    opinions = Opinion.objects.visible_to(actor).filter(number=number.strip())
    opinion = opinions.filter(office_id=actor.organisation_id).first() or opinions.first()
    if opinion is None:
        raise InvalidInput("没有这个编号的社情民意。", fields={"number": "没有这个编号，例如“意见2026-0003”。"})
    return _link(actor, order, "opinion", opinion, opinion.number)


def _may_be_relinked(order: HotlineOrder) -> None:
    """Echo guard: what ties an order to its own report or opinion is not undone.

    Raises:
        DomainError: ``own_report``, ``made_of_order``.
    """
    if order.report_id is not None:
        raise DomainError("这件工单就是本平台转去的，原来的社情民意仍在办理，不用再关联。", code="own_report")
    if order.opinion_made and order.opinion is not None:
        raise DomainError(
            f"{order.opinion.number}就是由这件工单登记的，不能取消或者改换关联，否则会被当作新的事再转给热线。",
            code="made_of_order",
        )


@transaction.atomic
def order_link_suggestion(*, actor: Actor, public_id: UUID, version: int | None, number: str) -> HotlineOrder:
    """Link it to a suggestion on the same matter.

    Raises:
        InvalidInput: no suggestion of this number that the actor may see.
    """
    order = _locked(actor, public_id, version)
    number = number.strip()
    found = Suggestion.objects.visible_to(actor).filter(number_label=number).first() if number else None
    if found is None:
        message = "没有这个编号的代表建议，请填写完整编号。"
        raise InvalidInput(message, fields={"number": message})
    return _link(actor, order, "suggestion", found, found.number_label)


@transaction.atomic
def order_unlink(*, actor: Actor, public_id: UUID, version: int | None, target: str) -> HotlineOrder:
    """Take a link off again; the opinion or suggestion itself stays."""
    if target not in _TARGETS:
        raise NotFound
    order = _locked(actor, public_id, version)
    if target == "opinion":
        _may_be_relinked(order)
    before = getattr(order, target)
    return _link(actor, order, target, None, str(before) if before is not None else "")


@transaction.atomic
def order_make_opinion(
    *,
    actor: Actor,
    public_id: UUID,
    version: int | None,
    client_token: UUID,
    values: Mapping[str, Any],
    answer: str = "",
    uploads: Sequence[File[Any]] = (),
) -> tuple[HotlineOrder, str]:
    """Write the matter down as an opinion of one's own office, and link both ways. Such an opinion never goes back
    to the hotline (echo guard).

    Returns:
        The order and the receipt code for the person.

    Raises:
        DomainError: it was made of a report of ours (``own_report``), or is linked to an opinion already
            (``linked_already``).
    """
    order = _locked(actor, public_id, version)
    if order.report_id is not None:
        raise DomainError("这件工单就是本平台转去的，原来的社情民意仍在办理，不用再登记。", code="own_report")
    if order.opinion is not None and order.opinion.client_token != client_token:
        raise DomainError(f"已经关联{order.opinion.number}，不用再登记。", code="linked_already")
    opinion, code = opinion_record(
        actor=actor, client_token=client_token, values=values, answer=answer, uploads=uploads
    )
    if not order.opinion_made:
        order.opinion_made = True
        order.save(update_fields=["opinion_made"])
    return _link(actor, order, "opinion", opinion, opinion.number), code


@transaction.atomic
def order_reply(*, actor: Actor, public_id: UUID, version: int | None, text: str) -> HotlineOrder:
    """Answer the hotline; it reads the answer with the order."""
    order = _locked(actor, public_id, version)
    text = required(text, "text", "请写明给热线的回复。")
    if (order.reply, order.reply_by) == (text, actor.label.split(" · ")[0]):
        return order
    order.reply, order.reply_by, order.replied_at = text, actor.label.split(" · ")[0][:100], timezone.now()
    _keep(actor, order, "reply", "回复热线", "reply", "reply_by", "replied_at")
    return order


@transaction.atomic
def order_contact(*, actor: Actor, public_id: UUID) -> tuple[str, str]:
    """Name and telephone in full; who looked is put in the audit (个人信息保护法)."""
    order = _locked(actor, public_id, None)
    record_audit(actor=actor, action="hotline_order.unmask", target=order, region_prefix=order.region_prefix)
    return order.person_name, order.person_phone
