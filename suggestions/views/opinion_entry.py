"""Staff write opinions down: one, with the answer that was given on the spot; and a sheet of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.carrying import carried, carry
from liaison.exceptions import DomainError, InvalidInput
from liaison.faces import ActorRequest, call, requires
from liaison.filetypes import XLSX
from liaison.masking import mask_name, mask_phone
from liaison.permissions import Permission as P  # noqa: N817
from suggestions.forms.opinion import RecordForm, SheetForm
from suggestions.selectors.opinion_record import recorded_before
from suggestions.services.opinion_record import MOST_ROWS, opinion_bulk_check, opinion_record, opinion_record_bulk
from suggestions.services.opinion_sheet import TABLE, opinion_template, read_opinions, sheet_key
from suggestions.views.acts import form_status, posted, posted_files

if TYPE_CHECKING:
    from suggestions.services.opinion_record import BulkLine
    from suggestions.services.opinion_sheet import Row

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(METHODS)
@requires(P.OPINION_SORT)
def new(request: ActorRequest) -> HttpResponse:
    """登记意见; the answer to a good form is the receipt code, shown this once. Sending it again gives the same one."""
    form = RecordForm(posted(request), posted_files(request), actor=request.actor)
    if form.is_valid():
        values = dict(form.cleaned_data)
        done = call(
            form,
            opinion_record,
            actor=request.actor,
            client_token=values.pop("client_token"),
            answer=values.pop("answer"),
            uploads=values.pop("uploads"),
            values=values,
        )
        if done is not None:
            opinion, receipt = done
            follow_url = request.build_absolute_uri(reverse("open_opinions:follow"))
            context = {"opinion": opinion, "receipt": receipt, "follow_url": follow_url}
            return render(request, "suggestions/opinion_recorded.html", context)
        if getattr(form.domain_error, "code", "") == "form_used":
            form.renew_token()
    return render(request, "suggestions/opinion_form.html", {"form": form}, status=form_status(form, None))


@require_safe
@requires(P.OPINION_SORT)
def template(request: ActorRequest) -> HttpResponse:
    """The empty sheet."""
    response = HttpResponse(opinion_template(), content_type=XLSX.mimes["xlsx"])
    response["Content-Disposition"] = content_disposition_header(True, "社情民意登记表模板.xlsx") or "attachment"
    return response


@require_http_methods(METHODS)
@requires(P.OPINION_SORT)
def bulk(request: ActorRequest) -> HttpResponse:
    """成批登记: choose a sheet, then see each row as it would be kept. Nothing is written here."""
    form = SheetForm(posted(request), posted_files(request), actor=request.actor)
    if form.is_valid():
        station = form.cleaned_data["station_public_id"]
        try:
            rows = read_opinions(form.cleaned_data["upload"])
            lines = _check(request, station, rows)
            token = carry(request.actor, about="opinions", rows=[station, rows])
        except InvalidInput as error:
            form.add_error("upload", error.fields.get("upload", error.message))
        except DomainError as error:
            form.add_error("upload", error.message)
        else:
            return _preview(request, rows, lines, token)
    return _bulk_page(request, form)


def _bulk_page(request: ActorRequest, form: SheetForm) -> HttpResponse:
    columns = "、".join(one.header for one in TABLE.columns.values())
    context = {"form": form, "columns": columns, "max_rows": MOST_ROWS}
    return render(request, "suggestions/opinion_bulk.html", context, status=422 if form.errors else 200)


def _check(request: ActorRequest, station: str, rows: list[Row]) -> list[BulkLine]:
    return opinion_bulk_check(
        actor=request.actor,
        station_public_id=station,
        rows=[values for _, values in rows],
        key=sheet_key(request.actor, station, rows),
    )


@require_POST
@requires(P.OPINION_SORT)
def apply(request: ActorRequest) -> HttpResponse:
    """确认登记: all rows or none; pressing twice brings nothing new."""
    token = request.POST.get("token", "")
    rows: list[Row] = []
    station = ""
    try:
        station, packed = carried(request.actor, about="opinions", token=token)
        rows = [(int(line), values) for line, values in packed]
        kept = opinion_record_bulk(
            actor=request.actor,
            key=sheet_key(request.actor, station, rows),
            station_public_id=station,
            rows=[values for _, values in rows],
        )
    except InvalidInput as error:
        if rows and error.code != "preview_gone":  # something changed since the preview: show it as it is now
            return _preview(request, rows, _check(request, station, rows), token, status=422)
        form = SheetForm({}, actor=request.actor)
        form.errors.clear()
        form.add_error("upload", error.message)
        return _bulk_page(request, form)
    messages.success(request, f"已登记{len(kept)}件，编号{kept[0].number}至{kept[-1].number}，请逐件分办。")
    return redirect("opinions:desk")


def _preview(
    request: ActorRequest, rows: list[Row], lines: list[BulkLine], token: str, status: int = 200
) -> HttpResponse:
    """A line for each row, wrong ones first."""
    known = recorded_before([line.opinion for line in lines])
    shown: list[dict[str, Any]] = []
    for (place, _), line in zip(rows, lines, strict=True):
        one = line.opinion
        verdict = "wrong" if line.problems else "same" if one.client_token in known else "new"
        problems = [f"{TABLE.columns[name].header}：{text}" for name, text in line.problems.items()]
        shown.append(
            {
                "line": place,
                "verdict": verdict,
                "text": one.text,
                "station": one.station.name if one.station else "",
                "contact": "，".join(
                    part for part in (mask_name(one.contact_name), mask_phone(one.contact_phone)) if part
                ),
                "problems": problems,
                "is_double": line.is_double,
            }
        )
    order = {"wrong": 0, "new": 1, "same": 2}
    shown.sort(key=lambda line: (order[line["verdict"]], line["line"]))
    counts = {verdict: sum(line["verdict"] == verdict for line in shown) for verdict in order}
    context = {"lines": shown, "counts": counts, "token": token, "total": len(shown)}
    return render(request, "suggestions/opinion_preview.html", context, status=status)
