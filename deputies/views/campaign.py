"""Campaigns: the list, one campaign for staff and for deputies, its making and change, start and end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from deputies.campaign_templates import TEMPLATES
from deputies.forms.campaign import AdjustForm, CampaignFilter, CampaignForm
from deputies.selectors.campaign import (
    campaign_list,
    campaigns_concerning,
    concerned_mandates,
    get_campaign_for,
    may_keep,
    media_of,
    own_plan,
)
from deputies.selectors.campaign_board import campaign_board
from deputies.selectors.quota import ended_quotas, standing_quotas
from deputies.services.campaign import campaign_adjust, campaign_create, campaign_edit, campaign_end, campaign_start
from deputies.services.campaign_locking import require_keeper
from deputies.states import CampaignStatus
from deputies.views.campaign_mine import deputy_page
from deputies.views.campaign_next import next_on_campaign
from deputies.views.pages import form_page, posted
from liaison.exceptions import DomainError
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.timeline import timeline_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.models import Campaign

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@requires(P.CAMPAIGN_VIEW)
def campaign_list_page(request: ActorRequest) -> HttpResponse:
    """主题活动: staff see the work desk, a deputy what concerns them."""
    path = reverse("campaigns:list")
    if request.actor.is_deputy:
        found = campaigns_concerning(request.actor)
        page = keyset_page(found, params=request.GET, path=path, order=("over", "-starts_on", "-id"))
        return render(request, "deputies/campaign_mine.html", {"page": page})
    filter_ = CampaignFilter(request.GET, queryset=campaign_list(request.actor))
    context = {
        "filter": filter_,
        "clear_url": path,
        "page": keyset_page(filter_.qs, params=request.GET, path=path, order=("-starts_on", "-id")),
        "may_edit": request.actor.can(P.CAMPAIGN_EDIT),
    }
    return render(request, "deputies/campaign_list.html", context)


@require_safe
@requires(P.CAMPAIGN_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One campaign: what it asks, how far it is, who carries it out."""
    campaign = get_campaign_for(request.actor, public_id)
    if request.actor.is_deputy:
        return deputy_page(request, campaign)
    plan = own_plan(request.actor, campaign)
    begun = campaign.status != CampaignStatus.DRAFT
    context = {
        "campaign": campaign,
        "quotas": standing_quotas(campaign.quotas.all()),
        "ended": ended_quotas(campaign.quotas.all()),
        "may_keep": may_keep(request.actor, campaign),
        "may_end": campaign.status == CampaignStatus.RUNNING and may_keep(request.actor, campaign),
        "may_note": begun and request.actor.can(P.CAMPAIGN_EDIT),
        "is_draft": not begun,
        "plan": plan,
        "board": campaign_board(request.actor, campaign) if begun else None,
        "media": media_of(request.actor, campaign) if begun else [],
        "action": next_on_campaign(request.actor, campaign, plan),
        "concerned": None if begun else concerned_mandates(campaign).count(),
        "template": TEMPLATES.get(campaign.template),
        "timeline": timeline_of([campaign], slot_titles={}),
    }
    return render(request, "deputies/campaign_detail.html", context)


@require_http_methods(METHODS)
@requires(P.CAMPAIGN_EDIT)
def new(request: ActorRequest) -> HttpResponse:
    """新建主题活动: choose a template (or none), then fill in."""
    template = request.GET.get("template")
    if template is None:
        context = {"templates": TEMPLATES.values(), "cancel_url": reverse("campaigns:list")}
        return render(request, "deputies/campaign_templates.html", context)
    template = template if template in TEMPLATES else ""
    form = CampaignForm(posted(request), template=template)
    if request.method == "POST" and form.is_valid():
        made = call(form, campaign_create, actor=request.actor, facts=form.facts(), template=template)
        if made is not None:
            messages.success(request, "已保存为筹备。接下来核对对代表的要求，再启动。")
            return redirect(made)
    prepared: dict[str, Any] = {"prepared": TEMPLATES.get(template), "cancel_url": reverse("campaigns:list")}
    return form_page(request, "deputies/campaign_form.html", form, **prepared)


@require_http_methods(METHODS)
@requires(P.CAMPAIGN_EDIT)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """修改主题活动: all of it before the start, a few things with a reason afterwards."""
    campaign = _kept(request, public_id)
    if campaign.status == CampaignStatus.ENDED:
        raise DomainError("主题活动已经结束，不能再修改。", code="campaign_ended")
    if campaign.status == CampaignStatus.RUNNING:
        return _adjust(request, campaign)
    form = CampaignForm(posted(request), campaign=campaign)
    if request.method == "POST" and form.is_valid():
        saved = call(
            form,
            campaign_edit,
            actor=request.actor,
            campaign_id=public_id,
            facts=form.facts(),
            version=form.cleaned_data["version"],
        )
        if saved is not None:
            messages.success(request, "已保存。")
            return redirect(saved)
    context = {"campaign": campaign, "cancel_url": campaign.get_absolute_url()}
    return form_page(request, "deputies/campaign_form.html", form, **context)


def _adjust(request: ActorRequest, campaign: Campaign) -> HttpResponse:
    form = AdjustForm(posted(request), campaign=campaign)
    if request.method == "POST" and form.is_valid():
        saved = call(form, campaign_adjust, actor=request.actor, campaign_id=campaign.public_id, **form.cleaned_data)
        if saved is not None:
            messages.success(request, "已调整，原因记入办理经过。")
            return redirect(saved)
    context = {"campaign": campaign, "cancel_url": campaign.get_absolute_url()}
    return form_page(request, "deputies/campaign_form.html", form, **context)


@require_http_methods(METHODS)
@requires(P.CAMPAIGN_EDIT)
def start(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """启动: asks once, for everybody is told."""
    campaign = _kept(request, public_id)
    if request.method == "POST":
        started = campaign_start(actor=request.actor, campaign_id=public_id)
        messages.success(request, f"已启动{started.title}，通知正在发出。")
        return redirect(started)
    concerned = concerned_mandates(campaign).count()
    quotas = len(standing_quotas(campaign.quotas.all()))
    asked = f"对每名代表有{quotas}项要求" if quotas else "没有对代表提出具体要求"
    return confirm_page(
        request,
        campaign,
        heading="启动主题活动",
        question=f"启动{campaign.title}？",
        consequence=f"涉及{concerned}名代表（人次按任职届次计），{asked}。有账号的代表和下级人大工作机构会收到通知。"
        "启动后不能再改要求，只能停止；结束日期、参考选题和活动要求可以说明原因后调整。",
        confirm_label="启动",
    )


@require_http_methods(METHODS)
@requires(P.CAMPAIGN_EDIT)
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """结束."""
    campaign = _kept(request, public_id)
    if request.method == "POST":
        ended = campaign_end(actor=request.actor, campaign_id=public_id)
        messages.success(request, f"已结束{ended.title}。")
        return redirect(ended)
    return confirm_page(
        request,
        campaign,
        heading="结束主题活动",
        question=f"结束{campaign.title}？",
        consequence="结束后不能恢复。提前结束的，今天是最后一天。活动期间做过的事，60天内还可以补记。",
        confirm_label="结束",
        danger=True,
    )


def confirm_page(request: ActorRequest, campaign: Campaign, form: Any = None, **context: Any) -> HttpResponse:
    """A page that asks once about something of a campaign."""
    context |= {"campaign": campaign, "form": form, "cancel_url": campaign.get_absolute_url()}
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, "deputies/campaign_confirm.html", context, status=status)


def _kept(request: ActorRequest, public_id: UUID) -> Campaign:
    campaign = get_campaign_for(request.actor, public_id)
    require_keeper(request.actor, campaign)
    return campaign
