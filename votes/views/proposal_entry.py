"""Staff bring proposals in: from paper, ten rows a page, and from a sheet."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.carrying import carried, carry
from liaison.exceptions import DomainError, InvalidInput, NotFound
from liaison.faces import ActorRequest, requires
from liaison.permissions import Permission as P  # noqa: N817
from votes.forms.proposal import PaperForm, SheetForm
from votes.models import ProposalSource
from votes.selectors.programme import get_programme_for
from votes.services.programme import require_office
from votes.services.proposal_entry import EntryRow, check_entry, preview, proposals_enter, proposals_import
from votes.services.proposal_sheet import MAX_ROWS, TABLE, proposal_template, read_proposals

if TYPE_CHECKING:
    from votes.models import Programme
    from votes.services.proposal_sheet import Row

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def paper(request: ActorRequest, programme_id: UUID) -> HttpResponse:
    """录入纸质建议: blank rows are ignored, wrong ones named, nothing half kept."""
    programme = get_programme_for(request.actor, programme_id)
    require_office(programme, request.actor)
    form = PaperForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method != "POST":
        check_entry(programme, request.actor)
    elif form.is_valid():
        try:
            new = proposals_enter(
                actor=request.actor, programme_public_id=programme_id, batch=form.batch, rows=form.values
            )
        except NotFound:
            raise
        except DomainError as error:
            form.add_errors(error.fields)
            form.message, status = error.message, 422 if error.status == 400 else error.status
        else:
            said = f"已录入{len(new)}件项目建议。" if new else "这一页已经录入过，没有重复登记。"
            messages.success(request, said)
            return redirect("proposals:paper", programme_id=programme_id)
    else:
        lines = "、".join(str(number) for number in form.wrong_lines)
        form.message = form.message or f"第{lines}行有误，整页都没有保存。请改正后再提交。"
        status = 422
    context = {"programme": programme, "paper": form}
    return render(request, "votes/proposal_paper.html", context, status=status)


@require_safe
@requires(P.PROGRAMME_EDIT)
def template(request: ActorRequest, programme_id: UUID) -> HttpResponse:
    """The empty sheet."""
    programme = get_programme_for(request.actor, programme_id)
    require_office(programme, request.actor)
    response = HttpResponse(proposal_template(programme), content_type=XLSX)
    name = f"{programme}项目建议模板.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROGRAMME_EDIT)
def import_(request: ActorRequest, programme_id: UUID) -> HttpResponse:
    """导入项目建议: choose a sheet, then see each row as it would be kept. Nothing is written here."""
    programme = get_programme_for(request.actor, programme_id)
    check_entry(programme, request.actor)
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if form.is_valid():
        try:
            rows = read_proposals(form.cleaned_data["upload"])
            token = _token(request, programme, rows)
            judged = preview(actor=request.actor, programme_public_id=programme_id, rows=rows)
        except InvalidInput as error:
            form.add_error("upload", error.fields.get("upload", error.message))
        except DomainError as error:
            form.add_error("upload", error.message)
        else:
            return _show(request, programme, judged, token)
    context = {"programme": programme, "form": form, "max_rows": MAX_ROWS}
    return render(request, "votes/proposal_import.html", context, status=422 if form.errors else 200)


def _token(request: ActorRequest, programme: Programme, rows: list[Row]) -> str:
    plain = [
        (line, {name: str(value) if value is not None else None for name, value in values.items()})
        for line, values in rows
    ]
    return carry(request.actor, about=_about(programme), rows=plain)


def _about(programme: Programme) -> str:
    return f"proposals:{programme.public_id}"


def _rows_of(request: ActorRequest, programme: Programme) -> list[Row]:
    """The rows that travelled with the preview.

    Raises:
        InvalidInput: altered, too old, or of another person or programme.
    """
    rows = carried(request.actor, about=_about(programme), token=request.POST.get("token", ""))
    return [(int(line), {**values, "received_on": _day(values.get("received_on"))}) for line, values in rows]


def _day(text: str | None) -> dt.date | str | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return text


@require_POST
@requires(P.PROGRAMME_EDIT)
def apply(request: ActorRequest, programme_id: UUID) -> HttpResponse:
    """确认导入: all rows or none; pressing twice brings nothing new."""
    programme = get_programme_for(request.actor, programme_id)
    check_entry(programme, request.actor)
    rows: list[Row] = []
    try:
        rows = _rows_of(request, programme)
        new = proposals_import(actor=request.actor, programme_public_id=programme_id, rows=rows)
    except InvalidInput as error:
        if rows:  # something changed since the preview: show it as it is now
            judged = preview(actor=request.actor, programme_public_id=programme_id, rows=rows)
            return _show(request, programme, judged, request.POST.get("token", ""), status=422)
        form = SheetForm({})
        form.errors.clear()
        form.add_error("upload", error.message)
        context = {"programme": programme, "form": form, "max_rows": MAX_ROWS}
        return render(request, "votes/proposal_import.html", context, status=422)
    same = len(rows) - len(new)
    said = f"已导入{len(new)}件项目建议" + (f"，{same}件与已有的相同，没有重复登记。" if same else "。")
    messages.success(request, said)
    return redirect("proposals:desk", programme_id=programme_id)


def _show(
    request: ActorRequest, programme: Programme, judged: list[EntryRow], token: str, status: int = 200
) -> HttpResponse:
    """The preview: a line for each row, wrong ones first."""
    order = {"wrong": 0, "new": 1, "same": 2}
    counts = {verdict: sum(row.verdict == verdict for row in judged) for verdict in order}
    lines: list[dict[str, Any]] = [
        {
            "line": row.line,
            "verdict": row.verdict,
            "title": row.proposal.title,
            "source": ProposalSource(row.proposal.source).label if row.proposal.source else "",
            "proposer": row.proposal.proposer if row.proposal.source else "",
            "problems": [f"{TABLE.columns[name].header}：{text}" for name, text in row.problems.items()],
        }
        for row in sorted(judged, key=lambda row: (order[row.verdict], row.line))
    ]
    context = {"programme": programme, "lines": lines, "counts": counts, "token": token, "total": len(judged)}
    return render(request, "votes/proposal_preview.html", context, status=status)
