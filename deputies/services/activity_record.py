"""The record of an activity (活动记录): what happened, each deputy's figures; finished, it enters the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from deputies.models import FIGURES, Activity, ActivityMedia, DutyKind
from deputies.models.activity import PICTURE_SLOT, REPORT_SLOT
from deputies.selectors.activity import attended_parts
from deputies.services.activity import RECORD_DEADLINE, open_record_deadline
from deputies.services.activity_people import audit, lock_organised
from deputies.services.checks import clean_model, outside_names, require_fresh, require_text
from deputies.services.duty import DutyFact, duty_set
from deputies.services.uploads import attach
from deputies.states import ACTIVITY_TRANSITIONS, ActivityStatus
from liaison.dates import cn_date
from liaison.exceptions import DomainError, InvalidInput, NotFound
from liaison.selectors.attachment import attachments_of
from liaison.services.attachment import attachment_remove
from liaison.services.deadline import deadline_meet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from django.core.files.base import File

    from deputies.models import ActivityPart
    from liaison.actor import Actor

MOST_PICTURES = 30
MOST_LINKS = 50
#: Figure of the record → what it is in the ledger.
LEDGER = {
    "research_days": DutyKind.RESEARCH_DAYS,
    "people_visited": DutyKind.PEOPLE_VISITED,
    "opinions_heard": DutyKind.OPINION_HEARD,
    "answered_on_spot": DutyKind.OPINION_ON_SPOT,
    "handed_over": DutyKind.OPINION_HANDED,
    "problems_solved": DutyKind.PROBLEM_SOLVED,
    "suggestions_planned": DutyKind.SUGGESTION_PLANNED,
}
#: More than this of one deputy in one activity is a slip of the hand.
MOST = 9999


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """What may be typed about an activity that was held.

    Args:
        days: how long it took, in halves of a day.
        media: (title, address) of each report in the media.
        media_more: further pieces without a link; ``media_at_least``: there were more than these.
        figures: public id of a part → its figures by name.
    """

    happened: str
    days: Decimal | None = None
    media: Sequence[tuple[str, str]] = ()
    media_more: int = 0
    media_at_least: bool = False
    figures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@transaction.atomic
def activity_record(
    *,
    actor: Actor,
    activity_id: UUID | str,
    facts: RecordFacts,
    pictures: Sequence[File[Any]] = (),
    reports: Sequence[File[Any]] = (),
    finish: bool = False,
    version: str = "",
) -> Activity:
    """Write the record; finished (完成记录), each deputy's figures enter the ledger, and what was entered before and
    no longer holds is reversed. An activity in which nobody was present enters nothing.

    Raises:
        NotFound, NotAllowed, IllegalTransition, StaleVersion: as elsewhere.
        InvalidInput, TooLarge: with messages by field; of a figure the field is ``<part>-<figure>``. Somebody who
            was there was no deputy on that day.
    """
    activity = lock_organised(actor, activity_id)
    ACTIVITY_TRANSITIONS.check(activity, "record", actor)
    require_fresh(activity.updated_at, version)
    activity.happened = facts.happened.strip()
    if finish:
        activity.happened = require_text(facts.happened, field="happened", message="请写明开展情况。")
    activity.days = check_half_days(facts.days, "days")
    activity.media_more, activity.media_at_least = facts.media_more, facts.media_at_least
    parts = _figures(activity, facts.figures)
    clean_model(activity, exclude=["region", "office", "campaign", "own_by", "region_prefix"])
    _media(activity, facts.media)
    keep_pictures(actor, activity, pictures)
    for report in reports:
        attach(actor=actor, owner=activity, slot=REPORT_SLOT, upload=report, field="reports")
    if finish:
        _require_in_office(activity, parts)
        activity.recorded_at = timezone.now()
        came = sum(part.has_come for part in parts)
        ACTIVITY_TRANSITIONS.apply(activity, "record", actor, reason=f"到场代表{came}名")
        deadline_meet(actor=actor, subject=activity, kind=RECORD_DEADLINE)
    activity.save()
    audit(actor, "activity.record" if finish else "activity.record_draft", activity)
    if finish:
        enter_duty(actor, activity, parts, reason=activity.correction_reason or "活动记录已更正")
    return activity


@transaction.atomic
def activity_reopen(*, actor: Actor, activity_id: UUID | str, reason: str) -> Activity:
    """Open a finished record for correction (更正记录). The ledger keeps what it says until the record is finished
    again; then only what changed is reversed, with this reason.

    Raises:
        NotFound, NotAllowed, IllegalTransition, InvalidInput: as elsewhere.
    """
    activity = lock_organised(actor, activity_id)
    ACTIVITY_TRANSITIONS.check(activity, "reopen", actor)
    reason = require_text(reason, field="reason", message="请填写更正的原因，会记入履职档案。")
    if len(reason) > 200:
        raise InvalidInput("最多200字，请精简。", fields={"reason": "最多200字，请精简。"})
    ACTIVITY_TRANSITIONS.apply(activity, "reopen", actor, reason=reason)
    activity.correction_reason = reason
    activity.save(update_fields=["status", "correction_reason", "updated_at"])
    open_record_deadline(actor, activity, starts_on=timezone.localdate())
    audit(actor, "activity.reopen", activity, reason=reason)
    return activity


@transaction.atomic
def activity_file_remove(*, actor: Actor, activity_id: UUID | str, file_id: UUID) -> None:
    """Take a picture or report off a record that is not finished.

    Raises:
        NotFound, NotAllowed: as elsewhere.
        DomainError: the record is finished.
    """
    activity = lock_organised(actor, activity_id)
    if activity.status != ActivityStatus.HELD:
        raise DomainError("记录已经完成，文件不能移除。需要改的，请先“更正记录”。", code="activity_over")
    slots = {one.public_id for one in attachments_of(activity) if one.slot in {PICTURE_SLOT, REPORT_SLOT}}
    if file_id not in slots:
        raise NotFound
    attachment_remove(actor=actor, owner=activity, public_id=file_id)


def _require_in_office(activity: Activity, parts: Sequence[ActivityPart]) -> None:
    """Refuse a record by which somebody would have done duty as a deputy before or after their mandate."""
    on = timezone.localdate(activity.starts_at)
    if names := outside_names((part.mandate for part in parts if part.has_come), on):
        raise InvalidInput(
            f"{names}在{cn_date(on)}不是在任代表（任期还没有开始，或者已经终止），不能记入履职档案。"
            "请先在到场登记里改为未到场；日期有误的，请先修改活动时间。"
        )


def enter_duty(actor: Actor, activity: Activity, parts: Sequence[ActivityPart], *, reason: str) -> None:
    """What the ledger is to say of this activity: one entry for having been there, one for each figure."""
    on = timezone.localdate(activity.starts_at)
    facts: list[DutyFact] = []
    for part in parts:
        if not part.has_come:
            continue
        common: dict[str, Any] = {
            "mandate_id": part.mandate_id,
            "on": on,
            "title": activity.title,
            "campaign_id": activity.campaign_id,
        }
        facts.append(DutyFact(kind=DutyKind.ACTIVITY, activity_kind=activity.kind, **common))
        facts += [
            DutyFact(kind=kind, quantity=getattr(part, name), **common)
            for name, kind in LEDGER.items()
            if getattr(part, name)
        ]
    duty_set(actor=actor, source=activity, facts=facts, reason=reason)


def set_figures(part: ActivityPart, given: Mapping[str, Any], *, prefix: str = "") -> dict[str, str]:
    """Put figures into a part; what is wrong, by field (``<prefix><figure>``)."""
    wrong: dict[str, str] = {}
    for name in FIGURES:
        value = given.get(name) or 0
        if not 0 <= value <= MOST:
            wrong[f"{prefix}{name}"] = f"请填写0到{MOST}之间的数字。"
        elif name == "research_days" and (value * 2) % 1:
            wrong[f"{prefix}{name}"] = "天数按半天填写，例如0.5、1、1.5。"
        setattr(part, name, value)
    if not wrong and part.opinions_heard < part.answered_on_spot + part.handed_over:
        wrong[f"{prefix}opinions_heard"] = (
            f"听取的意见不能少于现场答复加转办：{part.answered_on_spot}＋{part.handed_over}"
            f"＝{part.answered_on_spot + part.handed_over}件。"
        )
    return wrong


def check_half_days(days: Decimal | None, name: str) -> Decimal | None:
    """A number of days in halves.

    Raises:
        InvalidInput: of this field.
    """
    if days is not None and (days <= 0 or days > 366 or (days * 2) % 1):
        message = "天数按半天填写，例如0.5、1、1.5。"
        raise InvalidInput(message, fields={name: message})
    return days


def keep_pictures(actor: Actor, activity: Activity, pictures: Sequence[File[Any]]) -> None:
    """Photographs, without what the camera wrote into them.

    Raises:
        InvalidInput, TooLarge: no photograph, too large, or too many.
    """
    if not pictures:
        return
    if len(attachments_of(activity, PICTURE_SLOT)) + len(pictures) > MOST_PICTURES:
        message = f"一次活动最多保存{MOST_PICTURES}张照片。"
        raise InvalidInput(message, fields={"pictures": message})
    for picture in pictures:
        attach(actor=actor, owner=activity, slot=PICTURE_SLOT, upload=picture, field="pictures", only_photographs=True)


def _figures(activity: Activity, figures: Mapping[str, Mapping[str, Any]]) -> list[ActivityPart]:
    parts = attended_parts(activity)
    wrong: dict[str, str] = {}
    for part in parts:
        given = figures.get(str(part.public_id))
        if given is None:
            continue
        faults = set_figures(part, given, prefix=f"{part.public_id}-")
        wrong |= {name: f"{part.person.name}：{message}" for name, message in faults.items()}
    if wrong:
        raise InvalidInput("有内容需要更正。", fields=wrong)
    now = timezone.now()
    for part in parts:
        part.updated_at = now
    activity.parts.bulk_update(parts, [*FIGURES, "updated_at"])
    return parts


def _media(activity: Activity, links: Sequence[tuple[str, str]]) -> None:
    if len(links) > MOST_LINKS:
        message = f"最多列{MOST_LINKS}条，其余计入“其他报道篇数”。"
        raise InvalidInput(message, fields={"media_links": message})
    rows = []
    for title, url in {url: (title, url) for title, url in links}.values():
        row = ActivityMedia(activity=activity, title=title.strip(), url=url.strip())
        try:
            clean_model(row, exclude=["activity"])
        except InvalidInput as error:
            message = f"“{title[:20]}”：{' '.join(error.fields.values())}"
            raise InvalidInput(message, fields={"media_links": message}) from None
        rows.append(row)
    activity.media.all().delete()
    ActivityMedia.objects.bulk_create(rows)
