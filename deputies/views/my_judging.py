"""Judging for judges, staff or deputies: what they judge, one scoring sheet a report, handing in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from deputies.forms.judging import ScoreForm
from deputies.forms.report import ActForm
from deputies.selectors.judging import get_judge_for, get_paper_of, own_judgings, papers_of
from deputies.selectors.report import author_names, files_of
from deputies.services.judging_score import score_save, scores_submit
from deputies.states import JudgingStatus
from deputies.views.pages import form_page, posted
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@requires(P.REPORT_VIEW)
def mine(request: ActorRequest) -> HttpResponse:
    """请我评分的."""
    return render(request, "deputies/my_judging_list.html", {"judges": own_judgings(request.actor)})


@require_http_methods(METHODS)
@requires(P.REPORT_VIEW)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The reports of a judging with one's own scores; handing them in."""
    judge = get_judge_for(request.actor, public_id)
    form = ActForm(posted(request))
    if form.is_valid() and call(form, scores_submit, actor=request.actor, judging_id=public_id) is not None:
        messages.success(request, "已提交评分，谢谢。")
        return redirect("my_judgings:detail", public_id)
    papers = papers_of(judge)
    for paper in papers:
        paper.entry.__dict__["names"] = author_names(paper.entry.report)
    to_score = [paper for paper in papers if not paper.conflict]
    context = {
        "judge": judge,
        "judging": judge.judging,
        "papers": papers,
        "scored": sum(1 for paper in to_score if paper.total is not None),
        "to_score": len(to_score),
        "open": judge.judging.takes_scores and judge.submitted_at is None,
    }
    return form_page(request, "deputies/my_judging_detail.html", form, **context)


@require_http_methods(METHODS)
@requires(P.REPORT_VIEW)
def sheet(request: ActorRequest, public_id: UUID, entry_id: UUID) -> HttpResponse:
    """One report and its scoring sheet; saved, the next one that is open comes."""
    judge = get_judge_for(request.actor, public_id)
    paper = get_paper_of(judge, entry_id)
    form = ScoreForm(posted(request), criteria=judge.judging.criteria.all(), paper=paper)
    if form.is_valid():
        done = call(form, score_save, actor=request.actor, judging_id=public_id, entry_id=entry_id, points=form.points)
        if done is not None:
            following = next(
                (
                    one
                    for one in papers_of(judge)
                    if one.total is None and not one.conflict and one.entry != paper.entry
                ),
                None,
            )
            messages.success(request, f"《{done.report.title}》的评分已保存，提交之前可以再改。")
            if following is None:
                return redirect("my_judgings:detail", public_id)
            return redirect("my_judgings:sheet", public_id, following.entry.public_id)
    context = {
        "judging": judge.judging,
        "paper": paper,
        "report": paper.entry.report,
        "names": author_names(paper.entry.report),
        "files": files_of(paper.entry.report) if judge.judging.status == JudgingStatus.OPEN else [],
        "open": judge.judging.takes_scores and judge.submitted_at is None and not paper.conflict,
    }
    return form_page(request, "deputies/my_judging_sheet.html", form, **context)
