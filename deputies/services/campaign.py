"""Campaigns (主题活动): made from a template or empty, changed, started, ended; whom they concern is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from deputies.campaign_templates import TEMPLATES
from deputies.models import Campaign, CongressLevel, QuotaAudience
from deputies.selectors.campaign import concerned_mandates, offices_below
from deputies.services.campaign_locking import lock_campaign
from deputies.services.checks import clean_model, integrity_as_input, require_fresh, require_text
from deputies.services.quota import quotas_of_template
from deputies.states import CAMPAIGN_TRANSITIONS, CampaignStatus
from liaison.exceptions import DomainError, InvalidInput, NotAllowed
from liaison.models import Organisation, User
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.history import record_state_change
from liaison.services.job import job_finish, job_start
from liaison.services.notice import notify

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor
    from liaison.models import Job

#: More people than this are told by a worker.
AT_ONCE = 100
TELL_JOB = "campaign.tell"
#: Longest campaign: a whole term of a congress, and the year in which the next one is elected.
MOST_YEARS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFacts:
    """What may be typed about a campaign.

    Args:
        levels: of ``CongressLevel``.
        audience: a ``QuotaAudience``.
        topics: one a line.
    """

    title: str
    theme: str
    levels: Sequence[str]
    starts_on: dt.date
    ends_on: dt.date
    audience: str = QuotaAudience.ALL
    topics: str = ""
    purpose: str = ""


@transaction.atomic
def campaign_create(
    *, actor: Actor, facts: CampaignFacts, template: str = "", office: Organisation | None = None
) -> Campaign:
    """Prepare a campaign of the actor's office, in its region, with the template's requirements.

    Args:
        template: code of ``TEMPLATES``; empty for a campaign without requirements yet.
        office: for the portal itself (the demo), which works for none.

    Raises:
        NotAllowed: the role may not.
        InvalidInput: messages by field; a title that the office used already.
    """
    actor.require(Permission.CAMPAIGN_EDIT)
    if not actor.is_system:
        office = Organisation.objects.visible_to(actor).filter(pk=actor.organisation_id or 0).first()
    if office is None:
        raise NotAllowed("主题活动由人大工作机构组织。")
    if template and template not in TEMPLATES:
        raise InvalidInput("请重新选择模板。", fields={"template": "请重新选择模板。"})
    region = office.region
    campaign = Campaign(office=office, region=region, region_prefix=region.prefix, template=template)
    _fill(campaign, facts)
    with integrity_as_input():
        campaign.save()
    if template:
        quotas_of_template(campaign)
    record_audit(actor=actor, action="campaign.create", target=campaign, region_prefix=campaign.region_prefix)
    return campaign


@transaction.atomic
def campaign_edit(*, actor: Actor, campaign_id: UUID | str, facts: CampaignFacts, version: str = "") -> Campaign:
    """Change a campaign that has not begun.

    Raises:
        NotFound, NotAllowed, StaleVersion, InvalidInput: as elsewhere.
        DomainError: it has begun (see ``campaign_adjust``).
    """
    campaign = lock_campaign(actor, campaign_id)
    if campaign.status != CampaignStatus.DRAFT:
        raise DomainError("主题活动已经启动，只能调整结束日期、参考选题和活动要求。", code="campaign_begun")
    require_fresh(campaign.updated_at, version)
    before = _told(campaign)
    _fill(campaign, facts)
    return _saved(actor, campaign, "campaign.edit", before)


@transaction.atomic
def campaign_adjust(
    *,
    actor: Actor,
    campaign_id: UUID | str,
    ends_on: dt.date,
    topics: str,
    purpose: str,
    reason: str,
    version: str = "",
) -> Campaign:
    """Change of a running campaign what may still change, for a reason. Regions' periods that reach beyond the new
    end are shortened to it.

    Raises:
        NotFound, NotAllowed, StaleVersion, InvalidInput: as elsewhere.
        DomainError: it does not run.
    """
    campaign = lock_campaign(actor, campaign_id)
    if campaign.status != CampaignStatus.RUNNING:
        raise DomainError("只有进行中的主题活动可以调整。", code="campaign_not_running")
    require_fresh(campaign.updated_at, version)
    reason = require_text(reason, field="reason", message="请填写调整的原因。")
    before = _told(campaign)
    campaign.ends_on, campaign.topics, campaign.purpose = ends_on, topics.strip(), purpose.strip()
    _check_period(campaign)
    if campaign.regions.filter(starts_on__gt=ends_on).exists():
        message = "有地区的落实时间在这一天之后才开始，请先与他们商定。"
        raise InvalidInput(message, fields={"ends_on": message})
    clean_model(campaign, exclude=["office", "region"])
    shortened = campaign.regions.filter(ends_on__gt=ends_on).update(ends_on=ends_on, updated_at=timezone.now())
    record_state_change(
        actor=actor,
        obj=campaign,
        act="adjust",
        label="调整",
        old=campaign.status,
        new=campaign.status,
        reason=reason,
    )
    extra = {"reason": reason} | ({"regions": shortened} if shortened else {})
    return _saved(actor, campaign, "campaign.adjust", before, **extra)


@transaction.atomic
def campaign_start(*, actor: Actor, campaign_id: UUID | str) -> Campaign:
    """Start it: the deputies whom it concerns and the offices below are told.

    Raises:
        NotFound, NotAllowed, IllegalTransition: as elsewhere.
        DomainError: it concerns nobody.
    """
    campaign = lock_campaign(actor, campaign_id)
    CAMPAIGN_TRANSITIONS.check(campaign, "start", actor)
    concerned = concerned_mandates(campaign).count()
    if not concerned:
        raise DomainError(
            "没有符合条件的代表：请核对参加代表的层级、类别和活动时间，或者先登记代表名册。", code="campaign_nobody"
        )
    CAMPAIGN_TRANSITIONS.apply(campaign, "start", actor)
    campaign.save(update_fields=["status", "updated_at"])
    detail = {"deputies": concerned}
    record_audit(
        actor=actor, action="campaign.start", target=campaign, detail=detail, region_prefix=campaign.region_prefix
    )
    if actor.user_id is not None and _people(campaign).count() > AT_ONCE:
        title = f"通知代表：{campaign.title}"
        job_start(actor=actor, kind=TELL_JOB, title=title, params={"campaign": str(campaign.public_id)})
    else:
        _tell(campaign, actor)
    return campaign


@transaction.atomic
def campaign_tell(*, actor: Actor, campaign_id: UUID | str, job: Job) -> int:
    """Tell everybody whom a begun campaign concerns (a worker's part of ``campaign_start``): all or nobody, so that
    a worker that was interrupted may do it again.

    Returns:
        how many people were told.
    """
    campaign = lock_campaign(actor, campaign_id)
    told = _tell(campaign, actor)
    job_finish(job=job, message=f"已通知{told}人。", result_url=campaign.get_absolute_url())
    return told


@transaction.atomic
def campaign_end(*, actor: Actor, campaign_id: UUID | str) -> Campaign:
    """End it; ended before its time, today is its last day. What deputies did stays and can still be recorded for
    some weeks.

    Raises:
        NotFound, NotAllowed, IllegalTransition: as elsewhere.
    """
    campaign = lock_campaign(actor, campaign_id)
    CAMPAIGN_TRANSITIONS.apply(campaign, "end", actor)
    before = _told(campaign)
    campaign.ends_on = max(campaign.starts_on, min(campaign.ends_on, timezone.localdate()))
    campaign.regions.filter(ends_on__gt=campaign.ends_on, starts_on__lte=campaign.ends_on).update(
        ends_on=campaign.ends_on, updated_at=timezone.now()
    )
    return _saved(actor, campaign, "campaign.end", before)


def _people(campaign: Campaign) -> QuerySet[User]:
    """Accounts of the deputies in office whom it concerns."""
    mandates = concerned_mandates(campaign).filter(ended_on=None)
    return User.objects.filter(person__in=mandates.values("person_id"), is_active=True)


def _tell(campaign: Campaign, actor: Actor) -> int:
    """One notice each to deputies and to the offices below: a few queries for any number of them."""
    until = f"{campaign.ends_on.month}月{campaign.ends_on.day}日"
    told = notify(
        recipients=_people(campaign),
        kind=NoticeKind.TASK,
        title=f"请您参加主题活动：{campaign.title}",
        body=f"{campaign.office}组织，到{campaign.ends_on.year}年{until}。打开可以看到活动要求和参考选题。",
        url=campaign.get_absolute_url(),
        except_user_id=actor.user_id,
    )
    clerks = notify(
        recipients=offices_below(campaign),
        kind=NoticeKind.TASK,
        title=f"上级组织主题活动：{campaign.title}",
        body=f"{campaign.office}已启动，到{campaign.ends_on.year}年{until}。请安排本地区落实。",
        url=campaign.get_absolute_url(),
        except_user_id=actor.user_id,
    )
    return len(told) + len(clerks)


def _fill(campaign: Campaign, facts: CampaignFacts) -> None:
    campaign.title = require_text(facts.title, field="title", message="请填写名称。")
    campaign.theme = require_text(facts.theme, field="theme", message="请填写主题。")
    campaign.levels = [level for level in CongressLevel.values if level in facts.levels]
    if not campaign.levels:
        raise InvalidInput("请选择参加代表的层级。", fields={"levels": "请至少选择一个层级。"})
    campaign.audience = facts.audience
    campaign.starts_on, campaign.ends_on = facts.starts_on, facts.ends_on
    campaign.topics, campaign.purpose = facts.topics.strip(), facts.purpose.strip()
    _check_period(campaign)
    clean_model(campaign, exclude=["office", "region"])


def _check_period(campaign: Campaign) -> None:
    message = ""
    if campaign.ends_on < campaign.starts_on:
        message = "结束日期不能早于开始日期。"
    elif campaign.ends_on.year - campaign.starts_on.year > MOST_YEARS:
        message = f"一项主题活动最长{MOST_YEARS}年，请核对年份。"
    if message:
        raise InvalidInput(message, fields={"ends_on": message})


def _saved(actor: Actor, campaign: Campaign, action: str, before: dict[str, str], **extra: Any) -> Campaign:
    with integrity_as_input():
        campaign.save()
    detail = {key: [before[key], new] for key, new in _told(campaign).items() if before[key] != new}
    record_audit(
        actor=actor, action=action, target=campaign, detail=detail | extra, region_prefix=campaign.region_prefix
    )
    return campaign


def _told(campaign: Campaign) -> dict[str, str]:
    return {
        "title": campaign.title,
        "theme": campaign.theme,
        "levels": campaign.level_labels,
        "audience": campaign.get_audience_display(),
        "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat(),
        "topics": campaign.topics,
        "purpose": campaign.purpose,
    }
