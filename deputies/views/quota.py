"""Requirements per deputy: of a campaign before its start, of a congress; ended with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deputies.campaign_templates import HUNAN_2023
from deputies.forms.quota import CAMPAIGN_PERIODS, CONGRESS_PERIODS, QuotaForm
from deputies.forms.station import WhyForm
from deputies.selectors.campaign import get_campaign_for
from deputies.selectors.congress import get_congress_for
from deputies.selectors.quota import ended_quotas, get_quota_for, may_ask, standing_quotas
from deputies.services.campaign_locking import require_keeper
from deputies.services.checks import version_of
from deputies.services.quota import (
    NOT_OURS,
    campaign_quota_add,
    campaign_quota_edit,
    congress_quota_add,
    congress_quotas_hunan,
    quota_end,
)
from deputies.states import CampaignStatus
from deputies.views.pages import form_page, posted
from liaison.exceptions import DomainError, NotAllowed, NotFound
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.models import Campaign, Congress, DutyQuota

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@requires(P.CAMPAIGN_VIEW)
def congress_quotas(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """履职要求 of a congress."""
    if request.actor.is_deputy:
        raise NotAllowed("履职要求由人大工作机构设置，您自己的完成情况在履职档案。")
    congress = get_congress_for(request.actor, public_id)
    quotas = standing_quotas(congress.duty_quotas.all())
    known = {quota.words for quota in quotas}
    context = {
        "congress": congress,
        "quotas": quotas,
        "ended": ended_quotas(congress.duty_quotas.all()),
        "may_edit": may_ask(request.actor, congress),
        "hunan": [facts.words for facts in HUNAN_2023 if facts.words not in known],
    }
    return render(request, "deputies/quota_list.html", context)


@require_POST
@requires(P.CAMPAIGN_EDIT)
def hunan(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """采用全省2023年要求, in one press."""
    added = congress_quotas_hunan(actor=request.actor, congress_id=public_id)
    messages.success(request, f"已采用{added}项要求，今天起计入每名代表的完成情况。" if added else "这些要求已经都在。")
    return redirect("quotas:congress", public_id)


@require_http_methods(METHODS)
@requires(P.CAMPAIGN_EDIT)
def congress_add(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """新增一项要求, of a congress."""
    congress = get_congress_for(request.actor, public_id)
    if not may_ask(request.actor, congress):
        raise NotAllowed(NOT_OURS)
    form = QuotaForm(posted(request), periods=CONGRESS_PERIODS)
    if request.method == "POST" and form.is_valid():
        quota = call(form, congress_quota_add, actor=request.actor, congress_id=public_id, facts=form.facts())
        if quota is not None:
            messages.success(request, f"已新增要求：{quota.words}。")
            return redirect("quotas:congress", public_id)
    return _form(request, form, congress=congress)


@require_http_methods(METHODS)
@requires(P.CAMPAIGN_EDIT)
def campaign_add(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """新增一项要求, of a campaign that has not begun."""
    campaign = _draft(request, get_campaign_for(request.actor, public_id))
    form = QuotaForm(posted(request), periods=CAMPAIGN_PERIODS)
    if request.method == "POST" and form.is_valid():
        quota = call(form, campaign_quota_add, actor=request.actor, campaign_id=public_id, facts=form.facts())
        if quota is not None:
            messages.success(request, f"已新增要求：{quota.words}。")
            return redirect(campaign)
    return _form(request, form, campaign=campaign)


@require_http_methods(METHODS)
@requires(P.CAMPAIGN_EDIT)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """修改要求, of a campaign that has not begun."""
    quota = get_quota_for(request.actor, public_id)
    if quota.campaign is None:
        raise NotFound
    campaign = _draft(request, quota.campaign)
    form = QuotaForm(posted(request), periods=CAMPAIGN_PERIODS, quota=quota)
    if request.method == "POST" and form.is_valid():
        saved = call(
            form,
            campaign_quota_edit,
            actor=request.actor,
            quota_id=public_id,
            facts=form.facts(),
            version=form.cleaned_data["version"],
        )
        if saved is not None:
            messages.success(request, f"已保存要求：{saved.words}。")
            return redirect(campaign)
    return _form(request, form, campaign=campaign, quota=quota, changed=form.renew_version(quota))


@require_http_methods(METHODS)
@requires(P.CAMPAIGN_EDIT)
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """停止要求, with a reason; before the start it is simply taken out."""
    quota = get_quota_for(request.actor, public_id)
    campaign, congress = quota.campaign, quota.congress
    if campaign is not None:
        require_keeper(request.actor, campaign)
    elif congress is None or not may_ask(request.actor, congress):
        raise NotAllowed(NOT_OURS)
    draft = campaign is not None and campaign.status == CampaignStatus.DRAFT
    form = WhyForm(posted(request), label="停止原因", help_text="例如：今年改为集中组织。")
    if request.method == "POST" and (draft or form.is_valid()):
        version = request.POST.get("version", "")
        done: DutyQuota | None
        if draft:
            done = quota_end(actor=request.actor, quota_id=public_id, reason="", version=version)
        else:
            done = call(form, quota_end, actor=request.actor, quota_id=public_id, version=version, **form.cleaned_data)
        if done is not None:
            messages.success(request, f"{'已删除' if draft else '已停止'}要求：{done.words}。")
            return redirect(_back(campaign, congress))
    context = {
        "heading": "删除要求" if draft else "停止要求",
        "question": f"{'删除' if draft else '停止'}“{quota.words}”？",
        "consequence": ""
        if draft
        else "自今天起不再要求，也不再计入“还差什么”；已经做的仍在履职记录里。停止后不能恢复，可以重新新增。",
        "confirm_label": "删除" if draft else "停止",
        "danger": True,
        "form": None if draft else form,
        "version": version_of(quota.updated_at),
        "campaign": campaign,
        "congress": congress,
        "cancel_url": _back(campaign, congress),
    }
    return render(request, "deputies/quota_confirm.html", context, status=422 if form.is_bound and form.errors else 200)


def _draft(request: ActorRequest, campaign: Campaign) -> Campaign:
    require_keeper(request.actor, campaign)
    if campaign.status != CampaignStatus.DRAFT:
        raise DomainError("主题活动已经启动，不能再改要求；不再需要的可以停止。", code="campaign_begun")
    return campaign


def _back(campaign: Campaign | None, congress: Congress | None) -> str:
    if campaign is not None:
        return campaign.get_absolute_url()
    return reverse("quotas:congress", args=[congress.public_id if congress else ""])


def _form(request: ActorRequest, form: QuotaForm, **context: Any) -> HttpResponse:
    cancel_url = _back(context.get("campaign"), context.get("congress"))
    return form_page(request, "deputies/quota_form.html", form, cancel_url=cancel_url, **context)
