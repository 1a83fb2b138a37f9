"""热线对账: the days with their state, one day with both sides' figures, 一键补齐."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from liaison.dates import cn_date, cn_datetime
from liaison.faces import ActorRequest, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from suggestions.models import ReconciledKind
from suggestions.models.reconciliation import state_label
from suggestions.selectors.reconciliation import (
    KINDS,
    MOST_SHOWN,
    TABS,
    day_of,
    get_reconciliation_for,
    kinds_of,
    open_counts,
    reconciliation_rows,
    tab_of,
    with_states,
)
from suggestions.services.reconciliation import Repaired, reconciliation_repair
from suggestions.views.transfer_pages import Fact

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from liaison.actor import Actor
    from suggestions.models import Reconciliation, ReconciliationDifference
    from suggestions.selectors.reconciliation import Day


@require_safe
@requires(P.HOTLINE_VIEW, P.CLIENT_EDIT)
def days(request: ActorRequest) -> HttpResponse:
    """热线对账: the latest days first."""
    tab = tab_of(request.GET.get("tab", ""))
    rows = reconciliation_rows(request.actor, tab)
    page = keyset_page(rows, params=request.GET, path=request.path, order=("-day", "-id"))
    with_states(page.items)
    context = {
        "tab": tab,
        "views": [
            {"label": one.label, "url": f"{request.path}?tab={one.code}", "count": None, "active": one == tab}
            for one in TABS
        ],
        "page": page,
    }
    return render(request, "suggestions/reconciliation_list.html", context)


@require_safe
@requires(P.HOTLINE_VIEW, P.CLIENT_EDIT)
def day(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One day: counted just now, beside what the hotline told."""
    kept = get_reconciliation_for(request.actor, public_id)
    found = day_of(kept.client_id, kept.day, kept, kinds_of(kept.client.scopes))
    may_open = request.actor.can(P.HOTLINE_VIEW)
    context = {
        "kept": kept,
        "found": found,
        "facts": _facts(kept),
        "action": _action(request.actor, found),
        "tables": [_table(found, kind) for kind in found.ours],
        "differences": [(one, _page_of(one) if may_open else "") for one in found.differences],
        "most_shown": MOST_SHOWN,
        "items_wanted": [
            (ReconciledKind(kind).label, "、".join(state_label(kind, state) for state in kept.items_wanted[kind]))
            for kind in KINDS
            if kind in kept.items_wanted
        ],
        "moved_on": found.state == "agreed"
        and any(not one.is_same for kind in found.ours for one in found.lines(kind)),
    }
    return render(request, "suggestions/reconciliation_day.html", context)


def _facts(kept: Reconciliation) -> list[Fact]:
    moments = (
        ("热线中心", kept.client.organisation.name),
        ("接口客户端", kept.client.name),
        ("平台关账", kept.closed_at),
        ("热线统计", kept.taken_at),
        ("热线报数", kept.told_at),
        ("最近一次一致", kept.agreed_at),
        ("最近一次补齐", kept.repaired_at),
        ("补齐人", kept.repaired_by),
    )
    return [Fact(label, one if isinstance(one, str) else cn_datetime(one)) for label, one in moments if one]


_WORDS = {
    "waiting": ("等热线报数", "热线通过接口报来这一天的件数和摘要以后，两边自动比较。"),
    "agreed": ("两边一致", "热线报数时，两边的件数和内容完全相同。"),
    "repaired": ("差异都已有变动，等热线重新报数", "重新报数以后，才能确认两边一致。"),
    "differs": ("有差异", ""),
}


def _action(actor: Actor, found: Day) -> dict[str, Any]:
    title, text = _WORDS[found.state]
    primary = None
    if found.state == "differs":
        text = f"还有{found.open_count}件不同。" if found.open_count else ""
        if found.reconciliation is not None and found.reconciliation.items_wanted:
            text += "有的状态件数或内容不同，热线没有逐件报，等热线带上逐件的数再报一次。"
        if found.open_count and may_repair(actor) and found.reconciliation is not None:
            url = reverse("hotline:reconciliation_repair", args=[found.reconciliation.public_id])
            primary = {"label": "一键补齐", "icon": "refresh", "url": url}
    return {"title": title, "text": text, "primary": primary, "others": []}


def may_repair(actor: Actor) -> bool:
    """Whether the press is theirs."""
    return actor.can(P.HOTLINE_HANDLE) or actor.can(P.CLIENT_EDIT)


def _page_of(one: ReconciliationDifference) -> str:
    record = one.order or one.report
    return record.get_absolute_url() if record is not None else ""


def _table(found: Day, kind: str) -> dict[str, Any]:
    """Both sides by state: a chart, and the table beside it."""
    lines = [(state_label(kind, one.state), one) for one in found.lines(kind)]
    label = ReconciledKind(kind).label
    title = f"{cn_date(found.day)}的{label}，按状态（件）"
    series = [{"name": "平台", "values": [one.ours for _, one in lines], "tone": "accent"}]
    if found.theirs is not None and kind in found.theirs:
        series.append({"name": "热线", "values": [one.theirs or 0 for _, one in lines], "tone": "grey"})
    told = "；".join(
        f"{name}平台{one.ours}件、热线{'未报' if one.theirs is None else f'{one.theirs}件'}" for name, one in lines
    )
    return {
        "id": kind,
        "label": label,
        "lines": lines,
        "ours": sum(one.ours for _, one in lines),
        "theirs": sum(one.theirs or 0 for _, one in lines) if len(series) > 1 else None,
        "chart": {
            "id": f"chart-{kind}",
            "title": title,
            "description": f"{title}：{told}。",
            "as_data": {
                "kind": "bar",
                "unit": "件",
                "categories": [name for name, _ in lines],
                "series": series,
                "horizontal": True,
            },
        },
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.HOTLINE_HANDLE, P.CLIENT_EDIT)
def repair(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """一键补齐, after asking once."""
    kept = get_reconciliation_for(request.actor, public_id)
    if request.method == "POST":
        done = reconciliation_repair(actor=request.actor, public_id=public_id)
        messages.success(request, _said(done))
        return redirect("hotline:reconciliation", public_id)
    differ = open_counts([kept])[kept.pk]
    context = {
        "kept": kept,
        "heading": f"补齐{cn_date(kept.day)}的差异",
        "question": f"补齐{cn_date(kept.day)}与{kept.client.organisation.name}的差异？",
        "consequence": f"还有{differ}件不同。"
        "热线没有的、不同的转办单，再发给热线一次；两边不同的工单，请热线重新报送。内容都不改动。",
        "confirm_label": "一键补齐",
        "cancel_url": reverse("hotline:reconciliation", args=[public_id]),
    }
    return render(request, "suggestions/reconciliation_repair.html", context)


def _said(done: Repaired) -> str:
    if not done.reports and not done.orders:
        return "热线报数以后已经补过，等热线重新报送、报数，不用再按。"
    parts = [f"请热线重新报送工单{done.orders}件"] if done.orders else []
    parts += [f"再发给热线转办单{done.reports}件"] if done.reports else []
    return f"已{'，'.join(parts)}。{'还有转办单没有发，请再按一次。' if done.goes_on else ''}"
