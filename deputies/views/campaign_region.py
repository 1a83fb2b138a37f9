"""A campaign in the regions: the scoreboard, its chart and workbook, and how a lower region carries it out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deputies.forms.campaign import PlanForm
from deputies.selectors.campaign import get_campaign_for, may_join, own_plan
from deputies.selectors.campaign_board import COLUMNS, OTHERS, campaign_board
from deputies.services.campaign_export import board_export_start
from deputies.services.campaign_region import campaign_join
from deputies.states import CampaignStatus
from deputies.views.campaign_charts import chart_of, measures_of
from deputies.views.pages import form_page, posted
from liaison.exceptions import DomainError, NotAllowed
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deputies.models import Campaign


@require_safe
@requires(P.CAMPAIGN_VIEW)
def board(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """主题活动进展: the sums of a region, and of those below it in a table and a chart."""
    campaign = _begun(request, public_id)
    found = campaign_board(request.actor, campaign, code=request.GET.get("region", ""))
    measure = request.GET.get("show", "")
    context = {
        "campaign": campaign,
        "board": found,
        "columns": list(COLUMNS.values()),
        "others": [(kind, found.total.of(kind)) for kind in OTHERS if found.total.of(kind)],
        "chart": chart_of(found, measure),
        "measures": measures_of(request, measure),
    }
    return render(request, "deputies/campaign_board.html", context)


@require_POST
@requires(P.CAMPAIGN_VIEW)
def export(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """导出进展: a worker writes it."""
    campaign = _begun(request, public_id)
    return redirect(board_export_start(actor=request.actor, campaign=campaign, code=request.POST.get("region", "")))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.CAMPAIGN_EDIT)
def join(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """登记本地区的落实方案, or change it."""
    campaign = get_campaign_for(request.actor, public_id)
    if not may_join(request.actor, campaign):
        raise NotAllowed("这项主题活动不用您单位落实：由本级组织，或者不在进行中、不在本地区开展。")
    plan = own_plan(request.actor, campaign)
    form = PlanForm(posted(request), campaign=campaign, plan=plan)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        done = call(
            form, campaign_join, actor=request.actor, campaign_id=public_id, facts=form.facts(), version=version
        )
        if done is not None:
            messages.success(request, "已登记落实方案，本地区代表在活动页面能看到。")
            return redirect(campaign)
    context = {"campaign": campaign, "plan": plan, "cancel_url": campaign.get_absolute_url()}
    return form_page(request, "deputies/campaign_join.html", form, **context)


def _begun(request: ActorRequest, public_id: UUID) -> Campaign:
    campaign = get_campaign_for(request.actor, public_id)
    if request.actor.is_deputy:
        raise NotAllowed("各地进展只供人大工作机构使用，您自己的完成情况在活动页面。")
    if campaign.status == CampaignStatus.DRAFT:
        raise DomainError("主题活动还没有启动，没有进展可看。", code="campaign_draft")
    return campaign
