"""The hotline's orders for staff: the list, one order, its links and the answer to the hotline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.dates import cn_datetime
from liaison.faces import ActorRequest, call, requires
from liaison.masking import mask_name, mask_text
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from liaison.selectors.counts import count_text
from suggestions.forms.hotline_order import LinkNumberForm, LinkStationForm, OrderFilter, OrderReplyForm
from suggestions.forms.opinion import RecordForm
from suggestions.selectors.hotline_order import (
    TABS,
    contact_of,
    fetches_of,
    files_of,
    get_order_for,
    order_rows,
    steps_of,
    tab_counts,
    tab_of,
    with_cover,
)
from suggestions.services.hotline_link import (
    order_contact,
    order_link_opinion,
    order_link_station,
    order_link_suggestion,
    order_make_opinion,
    order_reply,
    order_unlink,
)
from suggestions.views.acts import form_status, posted, posted_files
from suggestions.views.transfer_pages import Fact

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import BaseForm
    from django.http import HttpResponse

    from suggestions.models import HotlineOrder
    from suggestions.selectors.hotline_order import OrderTab

METHODS = ["GET", "HEAD", "POST"]
LABEL = "热线工单"


def _views(request: ActorRequest, tab: OrderTab) -> list[dict[str, Any]]:
    counts = tab_counts(request.actor)
    views = []
    for one in TABS:
        query = request.GET.copy()
        for name in ("after", "before"):
            query.pop(name, None)
        query["tab"] = one.code
        count = counts.get(one.code)
        views.append(
            {
                "label": one.label,
                "url": f"{request.path}?{query.urlencode()}",
                "count": count_text(count) if count else count,
                "active": one == tab,
            }
        )
    return views


@require_safe
@requires(P.HOTLINE_VIEW)
def orders(request: ActorRequest) -> HttpResponse:
    """热线工单: tabs with counts, conditions in the address, the newest first."""
    tab = tab_of(request.GET.get("tab", ""))
    conditions = OrderFilter(request.GET, actor=request.actor)
    rows = conditions.apply(order_rows(request.actor, tab))
    page = keyset_page(rows, params=request.GET, path=request.path, order=("-accepted_at", "-id"))
    with_cover(page.items)
    context = {
        "tab": tab,
        "views": _views(request, tab),
        "filter": conditions,
        "clear_url": f"{request.path}?tab={tab.code}",
        "page": page,
    }
    return render(request, "suggestions/hotline_order_list.html", context)


@require_safe
@requires(P.HOTLINE_VIEW)
def order(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One order: what was said, its chain, what we made of it."""
    return _detail(request, get_order_for(request.actor, public_id))


def _detail(request: ActorRequest, found: HotlineOrder, contact: str = "") -> HttpResponse:
    may_act = request.actor.can(P.HOTLINE_HANDLE)
    context = {
        "order": found,
        "title": mask_text(found.title),
        "text": mask_text(found.text),
        "place": mask_text(found.place),
        "result": mask_text(found.result),
        "contact": contact_of(found),
        "whole_contact": contact,
        "steps": [(step, mask_text(step.words)) for step in steps_of(found)],
        "files": files_of(found),
        "fetches": [one for one in fetches_of(found) if one.attachment_id is None],
        "facts": _facts(found),
        "action": _action(found) if may_act else {"title": "热线转来的工单", "text": "由经办人员关联或者回复。"},
        "may_act": may_act,
    }
    return render(request, "suggestions/hotline_order_detail.html", context)


def _facts(found: HotlineOrder) -> list[Fact]:
    rows = [
        ("诉求类型", found.get_kind_display()),
        ("分类", found.class_path.replace("/", " － ") or "未分类"),
        ("来源", found.get_channel_display()),
        ("事发地区", found.region.full_name),
        ("受理时间", cn_datetime(found.accepted_at)),
        ("承办单位", found.unit_name),
        ("签收时限", cn_datetime(found.sign_by) if found.sign_by else ""),
        ("办理时限", cn_datetime(found.due_at) if found.due_at else ""),
        ("热线中心", found.client.organisation.name),
    ]
    return [Fact(label, value) for label, value in rows if value]


def _action(found: HotlineOrder) -> dict[str, Any]:
    """What may be done with it."""
    key, answer = [found.public_id], "修改回复" if found.reply else "回复热线"
    links = {
        "opinion": {"label": "登记为社情民意", "icon": "writing", "url": reverse("hotline:make_opinion", args=key)},
        "reply": {"label": answer, "icon": "message-2", "url": reverse("hotline:reply", args=key)},
        "known": {"label": "关联已有社情民意", "icon": "messages", "url": reverse("hotline:link_opinion", args=key)},
        "station": {"label": "关联联络站", "icon": "map-pin", "url": reverse("hotline:link_station", args=key)},
        "suggestion": {"label": "关联代表建议", "icon": "writing", "url": reverse("hotline:link_suggestion", args=key)},
    }  # fmt: skip
    if found.report is not None:
        links.pop("opinion")
        links.pop("known")
        others = list(links.values())
        text = "办理情况看原来的转办，这里不用再登记。"
        return {"title": "这件是本平台转给热线的", "text": text, "primary": None, "others": others}
    if found.opinion is not None:
        links.pop("opinion")
        links.pop("known")
        title, text, primary = "已登记为社情民意", "办理情况看关联的社情民意；可以把结果回复热线。", links.pop("reply")
    elif found.station or found.suggestion or found.reply:
        title, text, primary = "已有安排", "还可以登记为社情民意，由代表或者单位办理。", None
    else:
        title, text = "请看这件要不要人大这边跟进", "值得代表关注的，登记为社情民意，或者关联联络站、已有的建议。"
        primary = links.pop("opinion")
    return {"title": title, "text": text, "primary": primary, "others": list(links.values())}


@never_cache
@require_POST
@requires(P.HOTLINE_HANDLE)
def contact(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """查看完整联系方式: noted in the audit, shown once."""
    parts = order_contact(actor=request.actor, public_id=public_id)
    return _detail(request, get_order_for(request.actor, public_id), " ".join(part for part in parts if part))


def _act(
    request: ActorRequest,
    found: HotlineOrder,
    form: BaseForm,
    service: Callable[..., Any],
    *,
    done: str,
    template: str = "suggestions/hotline_order_act.html",
    **words: Any,
) -> HttpResponse:
    """The form, then the service with everything typed."""
    if form.is_valid():
        kept = call(form, service, actor=request.actor, public_id=found.public_id, **form.cleaned_data)
        if kept is not None:
            messages.success(request, done)
            return redirect(found)
    context = {
        "order": found,
        "about": mask_text(found.title),
        "form": form,
        "cancel_url": found.get_absolute_url(),
        **words,
    }
    return render(request, template, context, status=form_status(form, found))  # type: ignore[arg-type]


@require_http_methods(METHODS)
@requires(P.HOTLINE_HANDLE)
def link_station(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """关联联络站."""
    found = get_order_for(request.actor, public_id)
    initial = {"version": found.version, "station_public_id": str(found.station.public_id) if found.station else ""}
    form = LinkStationForm(posted(request), actor=request.actor, initial=initial)
    return _act(
        request, found, form, order_link_station, done="已关联联络站。", heading="关联联络站", submit_label="关联"
    )


@require_http_methods(METHODS)
@requires(P.HOTLINE_HANDLE)
def link_opinion(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """关联已有社情民意, by its number."""
    found = get_order_for(request.actor, public_id)
    form = LinkNumberForm(
        posted(request),
        label="社情民意编号",
        help_text="例如：意见2026-0003。在社情民意列表里可以按内容查到编号。",
        initial={"version": found.version},
    )
    return _act(
        request,
        found,
        form,
        order_link_opinion,
        done="已关联社情民意。",
        heading="关联已有社情民意",
        submit_label="关联",
    )


@require_http_methods(METHODS)
@requires(P.HOTLINE_HANDLE)
def link_suggestion(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """关联代表建议, by its number."""
    found = get_order_for(request.actor, public_id)
    form = LinkNumberForm(
        posted(request),
        label="代表建议编号",
        help_text="填写完整编号，例如：益阳市七届人大二次会议第0012号建议。",
        initial={"version": found.version},
    )
    return _act(
        request,
        found,
        form,
        order_link_suggestion,
        done="已关联代表建议。",
        heading="关联代表建议",
        submit_label="关联",
    )


@require_POST
@requires(P.HOTLINE_HANDLE)
def unlink(request: ActorRequest, public_id: UUID, target: str) -> HttpResponse:
    """取消关联."""
    found = order_unlink(actor=request.actor, public_id=public_id, version=None, target=target)
    messages.success(request, "已取消关联。")
    return redirect(found)


@require_http_methods(METHODS)
@requires(P.HOTLINE_HANDLE)
def reply(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """回复热线."""
    found = get_order_for(request.actor, public_id)
    form = OrderReplyForm(posted(request), initial={"version": found.version, "text": found.reply})
    done = "已回复，热线通过接口读到。"
    return _act(request, found, form, order_reply, done=done, heading="回复热线", submit_label="回复")


@never_cache
@require_http_methods(METHODS)
@requires(P.HOTLINE_HANDLE)
def make_opinion(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """登记为社情民意: the form of an opinion, filled in from the order. It shows the contact in full, so whoever opens
    it is put in the audit as for 查看完整联系方式."""
    found = get_order_for(request.actor, public_id)
    name, phone = "", ""
    if request.method != "POST" and (found.person_name or found.person_phone):
        name, phone = order_contact(actor=request.actor, public_id=public_id)
    initial = {
        "channel": "phone",
        "text": f"{found.title}：{found.text}"[:2000],
        "place": found.place[:100],
        "contact_name": name,
        "contact_phone": phone[:20],
        "station_public_id": str(found.station.public_id) if found.station else "",
    }
    form = RecordForm(posted(request), posted_files(request), actor=request.actor, initial=initial)
    if form.is_valid():
        values = dict(form.cleaned_data)
        done = call(
            form,
            order_make_opinion,
            actor=request.actor,
            public_id=public_id,
            version=None,
            client_token=values.pop("client_token"),
            answer=values.pop("answer"),
            uploads=values.pop("uploads"),
            values=values,
        )
        if done is not None and (opinion := done[0].opinion) is not None:
            messages.success(request, f"已登记为{opinion.number}并关联。")
            return redirect(opinion)
    context = {
        "order": found,
        "about": f"{found.order_no}，诉求人{mask_name(found.person_name) or '未留名'}",
        "form": form,
        "cancel_url": found.get_absolute_url(),
        "heading": "登记为社情民意",
        "submit_label": "登记并关联",
    }
    return render(request, "suggestions/hotline_order_act.html", context, status=form_status(form, None))
