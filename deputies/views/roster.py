"""Roster imports: template, upload, preview, confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from deputies.forms.roster import RosterUploadForm
from deputies.models import RowVerdict
from deputies.selectors.congress import congresses_to_fill
from deputies.selectors.roster import get_roster_for, roster_rows, rosters
from deputies.services.checks import version_of
from deputies.services.roster.steps import roster_confirm, roster_discard, roster_reread, roster_upload
from deputies.services.roster.template import roster_template
from deputies.states import ROSTER_TRANSITIONS, RosterStatus
from deputies.views.pages import Tab, form_page, posted, posted_files
from liaison.exceptions import NotFound
from liaison.faces import ActorRequest, call, requires
from liaison.filetypes import XLSX
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from deputies.models import RosterImport

#: Colours of the verdicts, as the tags have them.
TONES = {
    RowVerdict.NEW: "green",
    RowVerdict.CHANGED: "amber",
    RowVerdict.SAME: "grey",
    RowVerdict.WRONG: "red",
}
STEPS = ("上传名册", "核对", "确认导入", "完成")
STEP_OF = {
    RosterStatus.READING: 1,
    RosterStatus.PREVIEW: 2,
    RosterStatus.APPLYING: 2,
    RosterStatus.DONE: 4,
    RosterStatus.FAILED: 1,
    RosterStatus.DISCARDED: 1,
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.DEPUTY_IMPORT)
def imports(request: ActorRequest) -> HttpResponse:
    """导入名册: the form, and the imports of the office."""
    congresses = list(congresses_to_fill(request.actor))
    own = next((one for one in congresses if one.region.prefix == request.actor.region_prefix), None)
    initial = {"congress": request.GET.get("congress") or (own.public_id if own else "")}
    form = RosterUploadForm(posted(request), posted_files(request), actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        roster = call(
            form,
            roster_upload,
            actor=request.actor,
            congress_id=form.cleaned_data["congress"].public_id,
            upload=form.cleaned_data["file"],
        )
        if roster is not None:
            return redirect(roster)
    return form_page(
        request,
        "deputies/roster_list.html",
        form,
        congresses=congresses,
        page=keyset_page(rosters(request.actor), params=request.GET, path=reverse("deputies:rosters"), size=20),
        steps=_steps(0),
    )


@require_safe
@requires(P.DEPUTY_IMPORT)
def template(request: ActorRequest) -> HttpResponse:
    """下载模板, with the electoral units of the congress to choose from."""
    try:
        congress = congresses_to_fill(request.actor).filter(public_id=request.GET.get("congress", "")).first()
    except (ValueError, ValidationError):
        congress = None
    if congress is None:
        raise NotFound
    response = HttpResponse(roster_template(request.actor, congress), content_type=XLSX.mimes["xlsx"])
    name = quote(f"代表名册模板-{congress.short_name}.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


@require_safe
@never_cache
@vary_on_headers("HX-Request")
@requires(P.DEPUTY_IMPORT)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One import: how far it is, its preview, its result."""
    roster = get_roster_for(request.actor, public_id)
    context: dict[str, Any] = {"roster": roster, "job": roster.job, "poll_url": roster.get_absolute_url()}
    if request.htmx:
        response = render(request, "liaison/partials/progress.html", context)
        if not roster.is_at_work:
            response["HX-Refresh"] = "true"
        return response
    available = {step.name for step in ROSTER_TRANSITIONS.available(roster, request.actor)}
    context |= {
        "steps": _steps(1 if roster.count_wrong else STEP_OF[RosterStatus(roster.status)]),
        "may_confirm": "confirm" in available
        and not roster.count_wrong
        and bool(roster.count_new + roster.count_changed),
        # A file that cannot be read, or that holds wrong rows, is the same when read again.
        "may_reread": "reread" in available
        and bool(roster.file)
        and not roster.count_wrong
        and (roster.status != RosterStatus.FAILED or bool(roster.count_total)),
        "may_discard": "discard" in available,
    }
    if roster.status in {RosterStatus.PREVIEW, RosterStatus.DONE, RosterStatus.FAILED} and roster.count_total:
        context |= _preview(request, roster)
    return render(request, "deputies/roster_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.DEPUTY_IMPORT)
def confirm(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """确认导入: asks once, naming the counts."""
    if request.method == "POST":
        roster = roster_confirm(
            actor=request.actor, roster_id=public_id, version=request.POST.get("version", "")[:20] or "0"
        )
        return redirect(roster)
    roster = get_roster_for(request.actor, public_id)
    ROSTER_TRANSITIONS.check(roster, "confirm", request.actor)
    counts = {"新增": roster.count_new, "变更": roster.count_changed}
    acts = "、".join(f"{act}{count}名" for act, count in counts.items() if count)
    same = f"另有{roster.count_same}名与系统相同，不改动。" if roster.count_same else ""
    context = {
        "roster": roster,
        "heading": "确认导入",
        "question": f"向{roster.congress.name}导入名册：{acts}？",
        "consequence": (f"{same}整份名册一次导入，全部成功或全部不导入；导入后可以在代表页面逐个修改，不能整份撤销。"),
        "confirm_label": "确认导入",
        "cancel_url": roster.get_absolute_url(),
        "version": version_of(roster.updated_at),
    }
    return render(request, "deputies/roster_confirm.html", context)


@require_POST
@requires(P.DEPUTY_IMPORT)
def reread(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """重新核对 the same file."""
    return redirect(roster_reread(actor=request.actor, roster_id=public_id))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.DEPUTY_IMPORT)
def discard(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """放弃导入: asks once."""
    roster = get_roster_for(request.actor, public_id)
    if request.method == "POST":
        roster_discard(actor=request.actor, roster_id=public_id)
        messages.success(request, f"已放弃导入“{roster.file_name}”，上传的文件已删除。")
        return redirect("deputies:rosters")
    ROSTER_TRANSITIONS.check(roster, "discard", request.actor)
    context = {
        "roster": roster,
        "heading": "放弃导入",
        "question": f"放弃导入“{roster.file_name}”？",
        "consequence": "上传的文件和核对结果会删除，系统中的代表资料不受影响。",
        "confirm_label": "放弃导入",
        "cancel_url": roster.get_absolute_url(),
        "danger": True,
    }
    return render(request, "deputies/roster_confirm.html", context)


def _preview(request: ActorRequest, roster: RosterImport) -> dict[str, Any]:
    """The lines of one verdict, or all; wrong ones first to be looked at."""
    asked = request.GET.get("verdict", "wrong" if roster.count_wrong else "all")
    verdict = asked if asked in RowVerdict.values else ""
    path = roster.get_absolute_url()
    tabs = [("all", "全部", roster.count_total)]
    order = (RowVerdict.WRONG, RowVerdict.NEW, RowVerdict.CHANGED, RowVerdict.SAME)
    tabs += [(one.value, str(one.label), int(getattr(roster, f"count_{one.value}"))) for one in order]
    page = keyset_page(roster_rows(roster, verdict), params=request.GET, path=path, order=("line",))
    for row in page.items:
        row.tone = TONES[RowVerdict(row.verdict)]  # type: ignore[attr-defined]
    return {
        "page": page,
        "views": [
            Tab(
                label=label,
                url=f"{path}?verdict={key}",
                count=count,
                light="red" if key == "wrong" else None,
                active=key == (verdict or "all"),
            )
            for key, label, count in tabs
        ],
    }


def _steps(here: int) -> list[dict[str, str]]:
    states = ["done" if place < here else "here" if place == here else "todo" for place in range(len(STEPS))]
    return [{"label": label, "state": state} for label, state in zip(STEPS, states, strict=True)]
