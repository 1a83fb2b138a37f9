"""Judging of reports for staff: the list, preparing, opening, closing, the result, awards, publishing, the booklet."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deputies.forms.judging import AwardForm, ExtendForm, JudgingForm, PapersForm
from deputies.forms.report import WhyForm
from deputies.selectors.judging import (
    entries_of,
    get_judging_for,
    judgeable_reports,
    judges_found,
    judges_of,
    judging_list,
    with_skips,
)
from deputies.selectors.judging_result import result_of
from deputies.selectors.report import author_names
from deputies.services.judging import (
    judge_add,
    judge_remove,
    judging_create,
    judging_edit,
    judging_open,
    judging_papers,
    require_organiser,
)
from deputies.services.judging_booklet import booklet_start
from deputies.services.judging_result import judging_award, judging_publish
from deputies.services.judging_score import judging_close, judging_extend
from deputies.states import JUDGING_TRANSITIONS, JudgingStatus
from deputies.views.pages import form_page, posted
from liaison.dates import cn_date
from liaison.exceptions import DomainError, IllegalTransition, NotAllowed, NotFound
from liaison.faces import ActorRequest, call, requires
from liaison.paging import keyset_page
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from deputies.models import Judging

METHODS = ["GET", "HEAD", "POST"]


def _found(request: ActorRequest, public_id: UUID) -> Judging:
    """A judging for staff; a judge has pages of their own.

    Raises:
        NotFound: not there for this actor.
        NotAllowed: no congress staff.
    """
    if not request.actor.is_congress:
        raise NotAllowed("这一页由人大工作机构使用。")
    return get_judging_for(request.actor, public_id)


def _runs(request: ActorRequest, judging: Judging) -> bool:
    return judging.office_id == request.actor.organisation_id and request.actor.can(P.REPORT_RECEIVE)


@require_safe
@requires(P.REPORT_VIEW)
def index(request: ActorRequest) -> HttpResponse:
    """报告评选."""
    if not request.actor.is_congress:
        return redirect("my_judgings:list")
    page = keyset_page(judging_list(request.actor), params=request.GET, path=reverse("judgings:list"))
    return render(
        request, "deputies/judging_list.html", {"page": page, "may_edit": request.actor.can(P.REPORT_RECEIVE)}
    )


@require_http_methods(METHODS)
@requires(P.REPORT_RECEIVE)
def new(request: ActorRequest) -> HttpResponse:
    """组织评选."""
    form = JudgingForm(posted(request), actor=request.actor)
    if form.is_valid():
        judging = call(form, judging_create, actor=request.actor, facts=form.facts())
        if judging is not None:
            messages.success(request, "已建立评选。接下来选参评报告和评委。")
            return redirect(judging)
    return form_page(request, "deputies/judging_form.html", form, cancel_url=reverse("judgings:list"))


@require_http_methods(METHODS)
@requires(P.REPORT_RECEIVE)
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """修改评选."""
    judging = _draft(request, public_id)
    form = JudgingForm(posted(request), actor=request.actor, judging=judging)
    if form.is_valid():
        saved = call(
            form,
            judging_edit,
            actor=request.actor,
            public_id=public_id,
            facts=form.facts(),
            version=form.cleaned_data["version"],
        )
        if saved is not None:
            messages.success(request, "已保存。")
            return redirect(saved)
    return form_page(
        request, "deputies/judging_form.html", form, judging=judging, cancel_url=judging.get_absolute_url()
    )


def _draft(request: ActorRequest, public_id: UUID) -> Judging:
    judging = _found(request, public_id)
    if judging.office_id != request.actor.organisation_id:
        raise NotAllowed("这次评选由其他人大工作机构组织，您可以查看，不能代为办理。")
    if judging.status != JudgingStatus.DRAFT:
        raise IllegalTransition("已经开始评分，不能再改评选的安排。")
    return judging


@require_safe
@requires(P.REPORT_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One judging: what is prepared, who has submitted, from its end on the result."""
    if not request.actor.is_congress:
        return redirect("my_judgings:detail", public_id)
    return _detail_page(request, _found(request, public_id))


def _detail_page(request: ActorRequest, judging: Judging, form: AwardForm | None = None) -> HttpResponse:
    closed = judging.status in (JudgingStatus.CLOSED, JudgingStatus.PUBLISHED)
    entries = entries_of(judging)
    judges = judges_of(judging)
    with_skips(judges, entries)
    lines = result_of(judging) if closed else []
    for entry in [*entries, *(line.entry for line in lines)]:
        entry.__dict__["names"] = author_names(entry.report)
    given = AwardForm.of(line.entry.award for line in lines)
    words = request.GET.get("q", "").strip()[:60]
    runs = _runs(request, judging)
    context = {
        "judging": judging,
        "criteria": list(judging.criteria.all()),
        "entries": entries,
        "judges": judges,
        "done": sum(1 for judge in judges if judge.submitted_at),
        "lines": lines,
        "runs": runs,
        "acts": [step.name for step in JUDGING_TRANSITIONS.available(judging, request.actor) if step.name != "finish"],
        "may_award": runs and judging.status == JudgingStatus.CLOSED,
        "has_awards": any(line.entry.award for line in lines),
        "q": words,
        "found": judges_found(request.actor, judging, words) if runs and judging.status == JudgingStatus.DRAFT else [],
    }
    return form_page(request, "deputies/judging_detail.html", form or AwardForm(initial=given), **context)


@require_http_methods(METHODS)
@requires(P.REPORT_RECEIVE)
def papers(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """选参评报告."""
    judging = _draft(request, public_id)
    offered = [
        (str(one.public_id), f"{one.title}（{one.get_kind_display()}，{one.person.name}）")
        for one in judgeable_reports(request.actor, judging)[:300]
    ]
    chosen = [str(entry.report.public_id) for entry in entries_of(judging)]
    form = PapersForm(posted(request), offered=offered, initial={"reports": chosen})
    if form.is_valid():
        done = call(
            form,
            judging_papers,
            actor=request.actor,
            public_id=public_id,
            report_ids=form.cleaned_data["reports"],
        )
        if done is not None:
            messages.success(request, f"参评报告{len(form.cleaned_data['reports'])}篇。")
            return redirect(judging)
    context = {"judging": judging, "cancel_url": judging.get_absolute_url(), "offered": offered}
    return form_page(request, "deputies/judging_papers.html", form, **context)


@require_POST
@requires(P.REPORT_RECEIVE)
def judge(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """请评委: chosen among those found by name."""
    judging = _draft(request, public_id)
    words = request.POST.get("q", "")
    chosen = next(
        (
            user
            for user, _ in judges_found(request.actor, judging, words)
            if str(user.public_id) == request.POST.get("user")
        ),
        None,
    )
    if chosen is None:
        raise NotFound
    judge_add(actor=request.actor, public_id=public_id, user=chosen)
    messages.success(request, f"已请{chosen.name}为评委。")
    return redirect(judging)


@require_POST
@requires(P.REPORT_RECEIVE)
def judge_off(request: ActorRequest, public_id: UUID, judge_id: UUID) -> HttpResponse:
    """Take a judge off."""
    judging = _draft(request, public_id)
    judge_remove(actor=request.actor, public_id=public_id, judge_id=judge_id)
    messages.success(request, "已移出评委。")
    return redirect(judging)


@require_POST
@requires(P.REPORT_RECEIVE)
def open_(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """开始评分."""
    _found(request, public_id)
    return _pressed(request, judging_open, public_id, "评分已经开始，评委会收到通知。")


def _pressed(request: ActorRequest, service: Callable[..., Judging], public_id: UUID, text: str) -> HttpResponse:
    """Press one button; a refusal by a rule stands as a message over the same page."""
    try:
        service(actor=request.actor, public_id=public_id)
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, error.message)
    else:
        messages.success(request, text)
    return redirect("judgings:detail", public_id)


@require_http_methods(METHODS)
@requires(P.REPORT_RECEIVE)
def extend(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """延长评分期."""
    judging = _found(request, public_id)
    require_organiser(request.actor, judging)
    if judging.status != JudgingStatus.OPEN:
        raise IllegalTransition(f"评选现在是“{judging.get_status_display()}”，不能延长评分期。")
    form = ExtendForm(posted(request))
    form.show_version(judging)
    if form.is_valid():
        done = call(form, judging_extend, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if done is not None:
            messages.success(request, "已延长，没有提交的评委会收到通知。")
            return redirect(judging)
    return form_page(
        request,
        "deputies/contact_act.html",
        form,
        trail=[("报告评选", reverse("judgings:list")), (judging.title, judging.get_absolute_url())],
        heading="延长评分期",
        lede=f"现在到{cn_date(judging.ends_on)}为止。没有提交的评委会收到通知。",
        submit_label="延长",
        cancel_url=judging.get_absolute_url(),
    )


@require_http_methods(METHODS)
@requires(P.JUDGING_CLOSE)
def close(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """截止评分: early, or once the last day is over."""
    judging = _found(request, public_id)
    form = WhyForm(
        posted(request),
        label="截止原因",
        help_text="没有提交的评委，评分不计入。",
        initial={"reason": "评分期满"} if judging.is_overdue else {},
    )
    if request.method != "POST":
        JUDGING_TRANSITIONS.check(judging, "close", request.actor)
    elif form.is_valid():
        done = call(form, judging_close, actor=request.actor, public_id=public_id, reason=form.cleaned_data["reason"])
        if done is not None:
            messages.success(request, "评分已截止。")
            return redirect(judging)
    context = {"judging": judging, "cancel_url": judging.get_absolute_url(), "submit_label": "截止评分"}
    return form_page(request, "deputies/judging_close.html", form, **context)


@require_POST
@requires(P.REPORT_RECEIVE)
def award(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """确定奖项."""
    judging = _found(request, public_id)
    form = AwardForm(request.POST)
    if (
        form.is_valid()
        and call(form, judging_award, actor=request.actor, public_id=public_id, awards=form.awards) is not None
    ):
        messages.success(request, "已确定奖项，核对后公布。")
        return redirect(judging)
    return _detail_page(request, judging, form)


@require_http_methods(METHODS)
@requires(P.REPORT_RECEIVE)
def publish(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """公布: asked once more, for it cannot be taken back."""
    judging = _found(request, public_id)
    require_organiser(request.actor, judging)
    if request.method == "POST":
        return _pressed(request, judging_publish, public_id, "已公布，作者会收到通知。")
    JUDGING_TRANSITIONS.check(judging, "publish", request.actor)
    awards = Counter(entry.award for entry in entries_of(judging) if entry.award)
    told = "、".join(f"{name}{count}篇" for name, count in awards.items()) or "还没有确定获奖报告"
    context = {
        "judging": judging,
        "heading": "公布结果",
        "question": f"公布“{judging.title}”的结果？",
        "consequence": f"{told}。公布后作者会收到通知，奖项不能再改，也不能撤回。",
        "confirm_label": "公布结果",
        "cancel_url": judging.get_absolute_url(),
    }
    return render(request, "deputies/judging_confirm.html", context)


@require_POST
@requires(P.REPORT_RECEIVE)
def booklet(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """编印选编: a worker makes it."""
    _found(request, public_id)
    return redirect(booklet_start(actor=request.actor, public_id=public_id))
