"""Opinions that staff and deputies write down: at the desk, by phone, from letters, brought along, in bulk."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from deputies.models import Campaign, Station
from deputies.selectors.campaign import campaign_choices
from liaison.exceptions import DomainError, InvalidInput, NotAllowed
from liaison.models import Organisation, StateChange
from liaison.permissions import Permission
from liaison.selectors.calendar import work_calendar
from liaison.services.attachment import attachment_add
from liaison.services.audit import record_audit
from liaison.services.deadline import deadlines_write
from suggestions.models import Category, Opinion, OpinionChannel, OpinionRoute
from suggestions.selectors.opinion_rules import opinion_rules
from suggestions.services.opinion_answer import give_answer, take
from suggestions.services.opinion_core import (
    PICTURE_SLOT,
    clean,
    clock_rows,
    code_of,
    keep,
    lock_form,
    new_numbers,
    prepare,
    required,
)
from suggestions.services.opinion_people import own_mandate, own_placements
from suggestions.services.opinion_public import TEXTS, clean_pictures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from django.core.files.base import File

    from liaison.actor import Actor

#: How staff come by what they write down.
DESK_CHANNELS = (OpinionChannel.DESK, OpinionChannel.PHONE, OpinionChannel.LETTER)
MOST_ROWS = 500


@transaction.atomic
def opinion_record(
    *, actor: Actor, client_token: UUID, values: Mapping[str, Any], answer: str = "", uploads: Sequence[File[Any]] = ()
) -> tuple[Opinion, str]:
    """Write down what somebody said; answered at once when ``answer`` is given (当场答复).

    Args:
        client_token: of the form; sending it twice finds the first opinion.
        values: text, place, contact_name, contact_phone, category_id; of staff also channel (desk, phone, letter)
            and station_public_id (may be empty); of a deputy station_public_id, one of their own; campaign_id, a
            campaign that concerns them.

    Returns:
        The opinion and its receipt code, to be given to the person.

    Raises:
        DomainError: the form was sent before with another text (``form_used``); no office handles it.
        InvalidInput: messages by field.
    """
    actor.require(Permission.OPINION_RECORD)
    lock_form(client_token)
    opinion = _new(actor, client_token, values)
    fields = clean(opinion)
    if fields:
        raise InvalidInput("还有内容没有填好，请补充后再登记。", fields=fields)
    answer = required(answer, "answer", "", most=2000) if answer.strip() else ""
    if answer and not actor.is_deputy and opinion.office_id != actor.organisation_id:
        message = "这个联络站由其他人大工作机构管理，可以登记，由他们答复。请把答复清空后再登记。"
        raise InvalidInput(message, fields={"answer": message})
    known = Opinion.objects.filter(client_token=client_token).first()
    if known is not None:
        if known.recorded_by_id != actor.user_id or any(getattr(known, one) != getattr(opinion, one) for one in TEXTS):
            raise DomainError("这张表单已经登记过一件。您填写的内容仍在下方，请再按一次登记。", code="form_used")
        return known, code_of(client_token)
    pictures = clean_pictures(uploads)
    code = prepare(opinion)
    keep(actor, opinion)
    for picture in pictures:
        attachment_add(actor=actor, owner=opinion, slot=PICTURE_SLOT, upload=picture)
    if answer:
        if actor.is_deputy:
            take(actor, opinion)
        give_answer(
            actor, opinion, "deputy_answer" if actor.is_deputy else "answer", answer, route=OpinionRoute.ON_SPOT
        )
    return opinion, code


def _new(actor: Actor, client_token: UUID, values: Mapping[str, Any]) -> Opinion:
    opinion = Opinion(
        client_token=client_token,
        recorded_by_id=actor.user_id,
        category=_category(values.get("category_id")),
        campaign=_campaign(actor, values.get("campaign_id")),
        **{name: str(values.get(name) or "") for name in TEXTS},
    )
    if actor.is_deputy:
        _brought(actor, opinion, values.get("station_public_id"))
        return opinion
    if values.get("channel") not in DESK_CHANNELS:
        raise InvalidInput("请选择来源渠道。", fields={"channel": "请选择来源渠道。"})
    opinion.channel = str(values["channel"])
    _stand_at(actor, opinion, values.get("station_public_id"))
    return opinion


def _category(category_id: int | None) -> Category | None:
    category = Category.objects.filter(pk=category_id or 0, is_active=True).first()
    if category_id and category is None:
        raise InvalidInput("请选择类别。", fields={"category_id": "请选择类别。"})
    return category


def _campaign(actor: Actor, campaign_id: int | None) -> Campaign | None:
    if not campaign_id:
        return None
    campaign = campaign_choices(actor).filter(pk=campaign_id).first()
    if campaign is None:
        raise InvalidInput("请重新选择主题活动。", fields={"campaign_id": "请重新选择主题活动。"})
    return campaign


def _brought(actor: Actor, opinion: Opinion, station_public_id: UUID | str | None) -> None:
    """Under the deputy's own mandate and station; the station's office handles it, else that of their congress."""
    placements = own_placements(actor)
    wanted = [
        one
        for one in placements
        if station_public_id in (None, "") or str(one.station.public_id) == str(station_public_id)
    ]
    if placements and not wanted:
        raise InvalidInput("请选择您所在的联络站。", fields={"station_public_id": "请选择您所在的联络站。"})
    opinion.channel = OpinionChannel.DEPUTY
    if wanted:
        station = wanted[0].station
        opinion.station, opinion.office, opinion.region_prefix = station, station.office, station.region_prefix
        opinion.brought_by = wanted[0].mandate
        return
    mandate = own_mandate(actor)
    office = mandate.congress.office
    if office is None:
        raise DomainError(
            "您所在的人民代表大会还没有设置办理机构，暂时不能登记。请联系人大工作人员。", code="no_office"
        )
    opinion.office, opinion.brought_by = office, mandate
    opinion.region_prefix = mandate.congress.region.prefix


def _stand_at(actor: Actor, opinion: Opinion, station_public_id: UUID | str | None) -> None:
    """At a station of the actor's region, or at the actor's own office."""
    if not actor.is_congress or actor.organisation_id is None:
        raise NotAllowed("由人大工作机构的工作人员登记。")
    if not station_public_id:
        opinion.office = Organisation.objects.visible_to(actor).get(pk=actor.organisation_id)
        opinion.region_prefix = actor.region_prefix
        return
    stations = Station.objects.visible_to(actor).in_use().select_related("office")
    station = stations.filter(public_id=station_public_id).first()
    if station is None:
        raise InvalidInput("请选择联络站。", fields={"station_public_id": "请选择本地区的联络站。"})
    opinion.station, opinion.office, opinion.region_prefix = station, station.office, station.region_prefix


# -- in bulk -------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class BulkLine:
    """One row as it would be kept.

    Args:
        number: of the row, from 1.
        problems: by field; empty when it can be kept.
        is_double: the same text stands further up.
    """

    number: int
    opinion: Opinion
    problems: dict[str, str] = field(default_factory=dict)
    is_double: bool = False


def opinion_bulk_check(
    *, actor: Actor, station_public_id: UUID | str | None, rows: Sequence[Mapping[str, Any]], key: UUID | None = None
) -> list[BulkLine]:
    """Each row with what is wrong with it. Nothing is kept.

    Args:
        rows: text, place, contact_name, contact_phone, category_id or category (its name).

    Raises:
        InvalidInput: no row, too many rows, or no such station.
    """
    actor.require(Permission.OPINION_RECORD)
    if not rows:
        raise InvalidInput("没有可以登记的内容。", fields={"rows": "请至少填写一行。"})
    if len(rows) > MOST_ROWS:
        message = f"一次最多登记{MOST_ROWS}件，现在有{len(rows)}件，请分几次登记。"
        raise InvalidInput(message, fields={"rows": message})
    key = key or uuid.uuid4()
    pattern = Opinion(channel=OpinionChannel.BULK, recorded_by_id=actor.user_id)
    _stand_at(actor, pattern, station_public_id)
    categories = {one.name: one for one in Category.objects.filter(is_active=True)}
    by_id = {one.pk: one for one in categories.values()}
    lines: list[BulkLine] = []
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows, start=1):
        opinion = Opinion(
            client_token=uuid.uuid5(key, str(number)),
            channel=pattern.channel,
            recorded_by_id=pattern.recorded_by_id,
            station=pattern.station,
            office=pattern.office,
            region_prefix=pattern.region_prefix,
            **{name: str(row.get(name) or "") for name in TEXTS},
        )
        problems = clean(opinion)
        name = str(row.get("category") or "").strip()
        opinion.category = by_id.get(row.get("category_id") or 0) or categories.get(name)
        if name and opinion.category is None:
            problems["category"] = f"没有“{name}”这一类别。"
        said = (opinion.text, opinion.place)
        lines.append(BulkLine(number, opinion, problems, is_double=said in seen))
        seen.add(said)
    return lines


@transaction.atomic
def opinion_record_bulk(
    *, actor: Actor, key: UUID, station_public_id: UUID | str | None, rows: Sequence[Mapping[str, Any]]
) -> list[Opinion]:
    """Keep all rows or none; the same ``key`` again finds those that it made.

    Raises:
        InvalidInput: a row is not right; ``fields`` holds ``row-<number>`` → what is wrong.
    """
    lock_form(key)
    lines = opinion_bulk_check(actor=actor, station_public_id=station_public_id, rows=rows, key=key)
    wrong = {f"row-{line.number}": "；".join(line.problems.values()) for line in lines if line.problems}
    if wrong:
        raise InvalidInput(f"有{len(wrong)}行没有填好，全部没有登记。请改好后再登记。", fields=wrong)
    opinions = [line.opinion for line in lines]
    known = Opinion.objects.filter(client_token=opinions[0].client_token).exists()
    if known:
        tokens = [opinion.client_token for opinion in opinions]
        return list(Opinion.objects.filter(client_token__in=tokens).order_by("pk"))
    for opinion, number in zip(opinions, new_numbers(opinions[0].office_id, len(opinions)), strict=True):
        prepare(opinion)
        opinion.number = number
    Opinion.objects.bulk_create(opinions)
    _note_bulk(actor, opinions)
    return opinions


def _note_bulk(actor: Actor, opinions: list[Opinion]) -> None:
    """History and clock of each, one audit row for all."""
    content_type = ContentType.objects.get_for_model(Opinion)
    StateChange.objects.bulk_create(
        StateChange(
            content_type=content_type,
            object_id=opinion.pk,
            act="receive",
            label="收到反映（批量登记）",
            old="",
            new=opinion.status,
            actor_user_id=actor.user_id,
            actor_name=actor.name,
            actor_label=actor.label,
        )
        for opinion in opinions
    )
    calendar, rules = work_calendar(), opinion_rules(opinions[0].office_id)
    deadlines_write(clock_rows(actor, opinion, calendar=calendar, rules=rules) for opinion in opinions)
    record_audit(
        actor=actor,
        action="opinion.bulk",
        title=f"{opinions[0].number}至{opinions[-1].number}",
        region_prefix=opinions[0].region_prefix,
        detail={"count": len(opinions)},
    )
