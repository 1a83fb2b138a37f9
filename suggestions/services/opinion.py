"""Sorting opinions (分办): ask a deputy, hand over to a unit, prepare for 12345, close, phone people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.models import Mandate
from liaison.dates import cn_datetime
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotAllowed
from liaison.models import Organisation
from liaison.permissions import OrganisationKind, Permission
from suggestions.models import Category, Opinion, OpinionRoute, OpinionSide
from suggestions.selectors.hotline_settings import hotline_for
from suggestions.selectors.opinion_rules import opinion_rules
from suggestions.services.hotline_report import report_create
from suggestions.services.opinion_core import (
    audit,
    lock_opinion,
    publish_answer,
    required,
    take_step,
    tell_deputy,
    tell_unit,
    touch,
)
from suggestions.services.opinion_public import reopen
from suggestions.states import OPINION_TRANSITIONS, OpinionStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any
    from uuid import UUID

    from liaison.actor import Actor


@transaction.atomic
def opinion_assign_deputy(
    *, actor: Actor, public_id: UUID, version: int | None, mandate_public_id: UUID | str
) -> Opinion:
    """Ask a deputy to answer (请代表答复) within the hours that the congress has set.

    Raises:
        InvalidInput: no such deputy in force, or one who cannot sign in.
    """
    opinion = lock_opinion(actor, public_id, version=version)
    OPINION_TRANSITIONS.check(opinion, "assign_deputy", actor)
    mandate = _mandate(mandate_public_id)
    if opinion.status == OpinionStatus.DEPUTY and opinion.mandate_id == mandate.pk:
        raise IllegalTransition(f"已经请{mandate.person.name}代表答复，正在等待。", code="asked_already")
    before = opinion.mandate if opinion.status == OpinionStatus.DEPUTY else None
    if before is not None:
        tell_deputy(actor, opinion, "已改请其他代表答复")
    opinion.mandate = mandate
    rules = opinion_rules(opinion.office_id)
    take_step(
        actor,
        opinion,
        "assign_deputy",
        reason=f"{mandate.person.name}代表",
        mandate=mandate,
        route=OpinionRoute.DEPUTY,
        answer_by=timezone.now() + rules.promise,
    )
    tell_deputy(actor, opinion, f"请在{rules.deputy_hours}小时内答复群众反映", task=True)
    return opinion


def _mandate(public_id: UUID | str) -> Mandate:
    """A mandate in force of somebody who can sign in. Any level: a station receives deputies of all five."""
    mandate = (
        Mandate.objects.unscoped(reason="a station's deputies are of all levels, also those that its staff do not keep")
        .in_force()
        .select_related("person__user")
        .filter(public_id=public_id)
        .first()
    )
    if mandate is None:
        raise InvalidInput("请选择代表。", fields={"mandate_public_id": "请选择在任的代表。"})
    user = mandate.person.user
    if user is None or not user.is_active:
        problem = (
            f"{mandate.person.name}代表还没有可用的登录账号，收不到提醒。请先开通账号，或者电话联系后由工作人员答复。"
        )
        raise InvalidInput(problem, fields={"mandate_public_id": problem})
    return mandate


@transaction.atomic
def opinion_hand_over(
    *, actor: Actor, public_id: UUID, version: int | None, unit_public_id: UUID | str, requirement: str = ""
) -> Opinion:
    """Hand it over to a unit (交办单位), which has the months that the congress has set."""
    opinion = lock_opinion(actor, public_id, version=version)
    OPINION_TRANSITIONS.check(opinion, "hand_over", actor)
    units = Organisation.objects.visible_to(actor).active().filter(kind=OrganisationKind.UNIT)
    unit = units.filter(public_id=unit_public_id).first()
    if unit is None:
        raise InvalidInput("请选择承办单位。", fields={"unit_public_id": "请选择承办单位。"})
    requirement = requirement.strip()
    if len(requirement) > 500:
        raise InvalidInput("办理要求最多500字。", fields={"requirement": "最多500字，请精简。"})
    if opinion.status == OpinionStatus.DEPUTY:
        tell_deputy(actor, opinion, "已改由承办单位办理")
    opinion.unit = unit
    take_step(
        actor,
        opinion,
        "hand_over",
        reason=f"承办单位：{unit.name}",
        unit=unit,
        requirement=requirement,
        route=OpinionRoute.UNIT,
    )
    months = opinion_rules(opinion.office_id).unit_months
    tell_unit(actor, opinion, "请办理并答复群众反映", body=f"请在{months}个月内答复。", task=True)
    return opinion


@transaction.atomic
def opinion_prepare_hotline(
    *, actor: Actor, public_id: UUID, version: int | None, text: str, report: Mapping[str, Any] | None = None
) -> Opinion:
    """Give it the way to 12345. Where the region's hotline is connected it goes there in the same act; else
    (拟转12345) the text is kept, nothing is sent, and the hotline's word is written in later.

    Args:
        report: title, kind, is_complex, share_contact and scope_note for the hotline; without a connected hotline
            they are not looked at.

    Raises:
        InvalidInput, DomainError: see ``report_create``.
    """
    opinion = lock_opinion(actor, public_id, version=version)
    OPINION_TRANSITIONS.check(opinion, "prepare_hotline", actor)
    text = required(text, "text", "请写明转12345的内容。", most=4000)
    if opinion.status == OpinionStatus.DEPUTY:
        tell_deputy(actor, opinion, "已改为转12345办理")
    take_step(actor, opinion, "prepare_hotline", hotline_text=text, route=OpinionRoute.HOTLINE)
    client = hotline_for(opinion.region_prefix)
    if client is not None:
        report_create(actor, opinion, client, {**(report or {}), "text": text})
    return opinion


@transaction.atomic
def opinion_recall(*, actor: Actor, public_id: UUID, version: int | None, reason: str) -> Opinion:
    """Take it back from the deputy, the unit or the way to 12345, and sort it anew (收回重新分办)."""
    opinion = lock_opinion(actor, public_id, version=version)
    OPINION_TRANSITIONS.check(opinion, "recall", actor)
    reason = required(reason, "reason", "请写明收回的理由，对方会看到。", most=200)
    title = "已收回，不用再办理"
    if opinion.status == OpinionStatus.DEPUTY:
        tell_deputy(actor, opinion, title, body=reason)
    elif opinion.status == OpinionStatus.UNIT:
        tell_unit(actor, opinion, title, body=reason)
    take_step(actor, opinion, "recall", reason=reason, route="", answer_by=None)
    return opinion


@transaction.atomic
def opinion_close(*, actor: Actor, public_id: UUID, version: int | None, reason: str = "") -> Opinion:
    """Close it: an answered one as it stands, any other with a reason that the person reads (说明理由办结)."""
    opinion = lock_opinion(actor, public_id, version=version)
    OPINION_TRANSITIONS.check(opinion, "close", actor)
    now = timezone.now()
    if opinion.status == OpinionStatus.ANSWERED:
        take_step(actor, opinion, "close", reason=reason.strip()[:200], closed_at=now)
        return opinion
    reason = required(reason, "reason", "请写明办结的理由，反映人会看到。")
    title = "已由办理机构说明理由办结"
    if opinion.status == OpinionStatus.DEPUTY:
        tell_deputy(actor, opinion, title)
    elif opinion.status == OpinionStatus.UNIT:
        tell_unit(actor, opinion, title)
    take_step(
        actor,
        opinion,
        "close",
        reason=reason,
        result=reason,
        route=OpinionRoute.CLOSED,
        closed_at=now,
        answered_at=now,
    )
    publish_answer(actor, opinion, side=OpinionSide.OFFICE, author=opinion.office.display, text=reason)
    return opinion


@transaction.atomic
def opinion_reopen(*, actor: Actor, public_id: UUID, version: int | None, reason: str) -> Opinion:
    """Somebody says at the desk or by phone that it is not solved: staff open it again for them, once."""
    opinion = lock_opinion(actor, public_id, version=version)
    actor.require(Permission.OPINION_SORT)
    reopen(actor, opinion, reason)
    return opinion


@transaction.atomic
def opinion_told(*, actor: Actor, public_id: UUID, version: int | None) -> Opinion:
    """The person was phoned and knows the answer (已电话告知).

    Raises:
        DomainError: nobody waits to be told (``nobody_to_tell``).
    """
    opinion = lock_opinion(actor, public_id, version=version)
    _require_office(actor, opinion)
    if opinion.tell_since is None:
        words = f"已于{cn_datetime(opinion.told_at)}告知。" if opinion.told_at else "没有留电话，或者还没有答复。"
        raise DomainError(f"这一件没有需要告知的人：{words}", code="nobody_to_tell")
    opinion.tell_since, opinion.told_at = None, timezone.now()
    touch(opinion, "tell_since", "told_at")
    audit(actor, opinion, "told")
    return opinion


@transaction.atomic
def opinion_contact(*, actor: Actor, public_id: UUID) -> tuple[str, str]:
    """Name and phone in full; who looked is put in the audit (个人信息保护法).

    Raises:
        NotAllowed: neither of the handling office nor the deputy who is to answer.
    """
    opinion = lock_opinion(actor, public_id)
    asked = opinion.status == OpinionStatus.DEPUTY and opinion.mandate_id in actor.mandate_ids
    if not asked:
        _require_office(actor, opinion)
    audit(actor, opinion, "unmask")
    return opinion.contact_name, opinion.contact_phone


@transaction.atomic
def opinion_categorise(*, actor: Actor, public_id: UUID, version: int | None, category_id: int | None) -> Opinion:
    """Say what it is about; None for nothing yet."""
    opinion = lock_opinion(actor, public_id, version=version)
    _require_office(actor, opinion)
    category = Category.objects.filter(pk=category_id or 0, is_active=True).first()
    if category_id and category is None:
        raise InvalidInput("请选择类别。", fields={"category_id": "请选择类别。"})
    opinion.category = category
    touch(opinion, "category")
    audit(actor, opinion, "categorise", category=category.name if category else "")
    return opinion


def _require_office(actor: Actor, opinion: Opinion) -> None:
    actor.require(Permission.OPINION_SORT)
    if not actor.is_system and opinion.office_id != actor.organisation_id:
        raise NotAllowed("这件社情民意由其他人大工作机构办理，您可以查看，不能代为办理。")
