"""随机抽取: the list of draws, the list of names, its fixing, the seed, the round that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from deputies.views.pages import form_page, posted
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817
from votes.forms.draw import DrawForm, DrawRoundForm, FixForm, SeedForm
from votes.selectors.draw import (
    checks_of,
    class_views,
    congresses_to_draw_for,
    digest_of,
    draw_list,
    get_draw_for,
    may_change,
)
from votes.services.draw import draw_create, draw_discard, draw_edit, draw_fix_list, draw_make_round, draw_run

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from votes.models import Draw

VIEWS = (("all", "全部"), ("drafting", "拟定名单"), ("fixed", "名单已锁定"), ("drawn", "已抽取"))


@require_safe
@requires(P.PROGRAMME_VIEW)
def listing(request: ActorRequest) -> HttpResponse:
    """The draws that the actor may see."""
    view = request.GET.get("view", "all")
    rows = draw_list(request.actor, view=view)
    context = {
        "page": keyset_page(rows, params=request.GET, path=request.path),
        "views": [
            {"label": label, "url": f"?view={code}", "count": None, "active": code == view} for code, label in VIEWS
        ],
        "view": view,
        "may_add": request.actor.can(P.PROGRAMME_EDIT),
    }
    return render(request, "votes/draw_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def add(request: ActorRequest) -> HttpResponse:
    """新建抽取."""
    congresses = list(congresses_to_draw_for(request.actor))
    form = DrawForm(posted(request), congresses=congresses)
    context = {"cancel_url": reverse("draws:list"), "congresses": congresses, "submit_label": "保存名单"}
    if form.is_bound and form.wants_more:
        form.show_more()
    elif form.is_bound and form.is_valid():
        public_id = form.cleaned_data["public_id"] or form.initial["public_id"]
        draw = call(form, draw_create, actor=request.actor, public_id=public_id, values=form.values)
        if draw is not None:
            messages.success(request, "名单已保存。核对无误后锁定名单，再公布种子。")
            return redirect(draw)
    return form_page(request, "votes/draw_form.html", form, **context)


@require_safe
@requires(P.PROGRAMME_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One draw with its arithmetic."""
    draw = get_draw_for(request.actor, public_id)
    context = {
        "draw": draw,
        "classes": class_views(draw),
        "checks": checks_of(draw) if draw.is_fixed else [],
        "next": _next(request, draw),
        "public_url": request.build_absolute_uri(draw.get_public_url()) if draw.is_public and draw.is_fixed else "",
    }
    return render(request, "votes/draw_detail.html", context)


def _next(request: ActorRequest, draw: Draw) -> dict[str, Any]:
    """What the actor may do now; why not, when there is nothing."""
    if not may_change(request.actor, draw):
        return {"title": "查看", "text": f"由{draw.office}办理。"}

    def url(name: str) -> str:
        return reverse(f"draws:{name}", args=[draw.public_id])

    if not draw.is_fixed:
        return {
            "title": "核对名单，然后锁定",
            "text": "锁定之前可以修改。锁定以后不能再改，这时再当众产生种子。",
            "primary": {"label": "锁定名单", "url": url("fix")},
            "others": [
                {"label": "修改名单", "url": url("edit"), "icon": "pencil"},
                {"label": "删除这份名单", "url": url("discard"), "icon": "trash"},
            ],
        }
    if not draw.is_drawn:
        return {
            "title": "公布种子，抽取",
            "text": "名单已锁定。当众产生一个事先谁也不知道的种子，填进来，结果立即算出。",
            "primary": {"label": "填写种子并抽取", "url": url("run")},
        }
    if draw.round is None and request.actor.can(P.ROUND_RUN):
        return {
            "title": "组织履职评议",
            "text": "把抽中的人列成测评票，由代表无记名测评。",
            "primary": {"label": "建立履职评议", "url": url("round")},
        }
    return {"title": "已抽取", "text": "结果由名单和种子算出，不能更改。"}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """修改名单."""
    draw = get_draw_for(request.actor, public_id)
    form = DrawForm(posted(request), draw=draw)
    if form.is_bound and form.wants_more:
        form.show_more()
    elif form.is_bound and form.is_valid():
        basis = form.cleaned_data["basis"]
        saved = call(form, draw_edit, actor=request.actor, public_id=public_id, basis=basis, values=form.values)
        if saved is not None:
            messages.success(request, "名单已保存。")
            return redirect(saved)
        form.renew_basis(draw)
    context = {"draw": draw, "cancel_url": draw.get_absolute_url(), "submit_label": "保存名单"}
    return form_page(request, "votes/draw_form.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def discard(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Ask once, then throw the unfixed list away."""
    draw = get_draw_for(request.actor, public_id)
    if request.method == "POST":
        draw_discard(actor=request.actor, public_id=public_id)
        messages.success(request, f"已删除“{draw.title}”。")
        return redirect("draws:list")
    context = {
        "draw": draw,
        "heading": "删除名单",
        "question": f"删除“{draw.title}”？",
        "consequence": "名单还没有锁定，删除后不再保留。",
        "confirm_label": "删除",
        "cancel_url": draw.get_absolute_url(),
        "danger": True,
    }
    return render(request, "votes/draw_confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def fix(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Ask once, then fix the list."""
    draw = get_draw_for(request.actor, public_id)
    form = FixForm(posted(request), initial={"basis": digest_of(draw)})
    if form.is_bound and form.is_valid():
        basis = form.cleaned_data["basis"]
        saved = call(form, draw_fix_list, actor=request.actor, public_id=public_id, basis=basis)
        if saved is not None:
            messages.success(request, "名单已锁定。现在可以当众产生种子。")
            return redirect(saved)
    numbers = "；".join(f"{one['name']}{len(one['members'])}人，抽取{one['take']}人" for one in draw.classes)
    at_once = "并立即向社会公开，" if draw.is_public else ""
    context = {
        "draw": draw,
        "heading": "锁定名单",
        "question": f"锁定“{draw.title}”的名单？",
        "consequence": f"{numbers}。锁定以后名单和抽取人数都不能再改，{at_once}也不能撤销。",
        "confirm_label": "锁定名单",
        "cancel_url": draw.get_absolute_url(),
    }
    return form_page(request, "votes/draw_confirm.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def run(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The seed, and at once the result."""
    draw = get_draw_for(request.actor, public_id)
    form = SeedForm(posted(request))
    if form.is_bound and form.is_valid():
        saved = call(form, draw_run, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if saved is not None:
            messages.success(request, f"已抽取{len(saved.drawn)}人。")
            return redirect(saved)
    context = {"draw": draw, "cancel_url": draw.get_absolute_url(), "submit_label": "抽取"}
    return form_page(request, "votes/draw_run.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ROUND_RUN)
def make_round(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """建立履职评议."""
    draw = get_draw_for(request.actor, public_id)
    initial = {"title": draw.title.replace("对象抽取", "").replace("抽取", ""), "is_public": draw.is_public}
    form = DrawRoundForm(posted(request), initial=initial)
    if form.is_bound and form.is_valid():
        made = call(form, draw_make_round, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if made is not None:
            messages.success(request, f"已建立“{made.title}”。接下来确定监票人、计票人，组织代表测评。")
            return redirect(made)
    context = {"draw": draw, "cancel_url": draw.get_absolute_url(), "submit_label": "建立履职评议"}
    return form_page(request, "votes/draw_round.html", form, **context)
