"""Requirements per deputy (履职要求): of a campaign or of a congress; added, changed before the start, ended."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.campaign_templates import HUNAN_2023, TEMPLATES, QuotaFacts
from deputies.models import Campaign, Congress, DutyKind, DutyQuota, QuotaPeriod
from deputies.services.campaign_locking import lock_campaign, require_keeper
from deputies.services.checks import clean_model, require_fresh, require_text
from deputies.states import CampaignStatus
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.numbers import quantity_text
from liaison.permissions import Permission
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor

NOT_OURS = "这一届人大的履职要求由其工作机构设置，您可以查看，不能代为修改。"
#: So many requirements are enough for anybody to remember.
MOST = 20


@transaction.atomic
def campaign_quota_add(*, actor: Actor, campaign_id: UUID | str, facts: QuotaFacts) -> DutyQuota:
    """Ask something of every deputy whom a campaign concerns, before it starts.

    Raises:
        NotFound, NotAllowed, InvalidInput: as elsewhere.
        DomainError: it has begun.
    """
    campaign = _draft(actor, campaign_id)
    quota = _fill(DutyQuota(campaign=campaign), facts)
    _keep_few(campaign.quotas.filter(ended_on=None).count())
    quota.save()
    _audit(actor, "quota.add", quota)
    return quota


@transaction.atomic
def campaign_quota_edit(*, actor: Actor, quota_id: UUID | str, facts: QuotaFacts, version: str = "") -> DutyQuota:
    """Change a requirement of a campaign that has not begun.

    Raises:
        NotFound, NotAllowed, StaleVersion, InvalidInput, DomainError: as ``campaign_quota_add``.
    """
    quota = _locked(actor, quota_id)
    if quota.campaign is None:
        raise NotFound
    _draft(actor, quota.campaign.public_id)
    require_fresh(quota.updated_at, version)
    before = quota.words
    _fill(quota, facts).save()
    _audit(actor, "quota.edit", quota, old=before)
    return quota


@transaction.atomic
def quota_end(*, actor: Actor, quota_id: UUID | str, reason: str, version: str = "") -> DutyQuota:
    """Ask it no longer, from today; what was done stays in the ledger. One of a campaign that has not begun is
    taken out without a trace but the audit.

    Raises:
        NotFound, NotAllowed, StaleVersion, InvalidInput: as elsewhere.
        DomainError: it was ended before.
    """
    quota = _locked(actor, quota_id)
    _require_keeper(actor, quota)
    if quota.ended_on is not None:
        raise DomainError("这项要求已经停止。", code="quota_ended")
    require_fresh(quota.updated_at, version)
    if quota.campaign is not None and quota.campaign.status == CampaignStatus.DRAFT:
        _audit(actor, "quota.remove", quota)
        quota.delete()
        return quota
    quota.end_reason = require_text(reason, field="reason", message="请填写停止的原因。")
    quota.ended_on = timezone.localdate()
    clean_model(quota, exclude=["congress", "campaign"])
    quota.save(update_fields=["ended_on", "end_reason", "updated_at"])
    _audit(actor, "quota.end", quota, reason=quota.end_reason)
    return quota


@transaction.atomic
def congress_quota_add(*, actor: Actor, congress_id: UUID | str, facts: QuotaFacts) -> DutyQuota:
    """Ask something of every deputy of a congress, each year or in the term.

    Raises:
        NotFound, NotAllowed, InvalidInput: as elsewhere.
    """
    congress = _congress(actor, congress_id)
    if facts.period not in {QuotaPeriod.YEAR, QuotaPeriod.TERM}:
        raise InvalidInput("请选择周期。", fields={"period": "请选择每年或者本届。"})
    quota = _fill(DutyQuota(congress=congress), facts)
    _keep_few(congress.duty_quotas.filter(ended_on=None).count())
    quota.save()
    _audit(actor, "quota.add", quota)
    return quota


@transaction.atomic
def congress_quotas_hunan(*, actor: Actor, congress_id: UUID | str) -> int:
    """Take over the province's requirements of 2023; those that are asked already (same words) are left.

    Returns:
        how many were added.
    """
    congress = _congress(actor, congress_id)
    known = set(congress.duty_quotas.filter(ended_on=None).values_list("words", flat=True))
    missing = [facts for facts in HUNAN_2023 if facts.words not in known]
    _keep_few(len(known) + len(missing) - 1)
    for facts in missing:
        quota = _fill(DutyQuota(congress=congress), facts)
        quota.save()
        _audit(actor, "quota.add", quota)
    return len(missing)


def quotas_of_template(campaign: Campaign) -> None:
    """Give a new campaign the requirements of its template."""
    quotas = [_fill(DutyQuota(campaign=campaign), facts) for facts in TEMPLATES[campaign.template].quotas]
    DutyQuota.objects.bulk_create(quotas)


def _fill(quota: DutyQuota, facts: QuotaFacts) -> DutyQuota:
    quota.kind, quota.or_kind = facts.kind, "" if facts.or_kind == facts.kind else facts.or_kind
    quota.period, quota.audience = facts.period, facts.audience
    quota.activity_kinds = list(facts.activity_kinds) if DutyKind.ACTIVITY in quota.kinds else []
    try:
        quota.minimum = Decimal(facts.minimum)
    except InvalidOperation as error:
        raise InvalidInput("请填写数量。", fields={"minimum": "请填写数量，例如 15。"}) from error
    quota.words, quota.basis = facts.words.strip(), facts.basis.strip()
    if not quota.words and quota.kind in DutyKind.values:
        quota.words = f"{DutyKind(quota.kind).label}不少于{quantity_text(quota.minimum)}{quota.unit}"
    clean_model(quota, exclude=["congress", "campaign"])
    return quota


def _keep_few(standing: int) -> None:
    if standing >= MOST:
        raise DomainError(f"最多{MOST}项要求，请先停止不再需要的。", code="quota_many")


def _draft(actor: Actor, campaign_id: UUID | str) -> Campaign:
    campaign = lock_campaign(actor, campaign_id)
    if campaign.status != CampaignStatus.DRAFT:
        raise DomainError("主题活动已经启动，不能再改要求；不再需要的可以停止。", code="campaign_begun")
    return campaign


def _congress(actor: Actor, congress_id: UUID | str) -> Congress:
    found = Congress.objects.visible_to(actor).select_for_update(of=("self",)).select_related("region")
    congress = found.filter(public_id=congress_id).first()
    if congress is None:
        raise NotFound
    actor.require(Permission.CAMPAIGN_EDIT)
    if not congress.is_kept_by(actor):
        raise NotAllowed(NOT_OURS)
    return congress


def _locked(actor: Actor, quota_id: UUID | str) -> DutyQuota:
    found = DutyQuota.objects.visible_to(actor).select_for_update(of=("self",))
    quota = found.select_related("campaign__office", "congress__region").filter(public_id=quota_id).first()
    if quota is None:
        raise NotFound
    actor.require(Permission.CAMPAIGN_EDIT)
    return quota


def _require_keeper(actor: Actor, quota: DutyQuota) -> None:
    if quota.campaign is not None:
        require_keeper(actor, quota.campaign)
    elif quota.congress is None or not quota.congress.is_kept_by(actor):
        raise NotAllowed(NOT_OURS)


def _audit(actor: Actor, action: str, quota: DutyQuota, **detail: str) -> None:
    place = quota.campaign.region_prefix if quota.campaign else ""
    if quota.congress is not None:
        place = quota.congress.region.prefix
    detail = {"words": quota.words, **detail}
    target = quota.campaign or quota.congress
    record_audit(actor=actor, action=action, target=target, detail=detail, region_prefix=place)
