"""The work calendar (工作日历): a year at a glance, corrected days, a year's notice from a file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.exceptions import DomainError, NotFound
from liaison.faces import ActorRequest, call, requires, signed_in
from liaison.forms.holiday import CalendarForm, HolidayConfirmForm, HolidayEditForm, HolidayFileForm, HolidayForm
from liaison.holidayfile import MalformedFile, missing_feasts, read_holidays
from liaison.permissions import Permission
from liaison.selectors.calendar import work_calendar
from liaison.selectors.holiday import (
    calendar_state,
    get_holiday,
    holidays_of,
    import_preview,
    published_year,
    waiting_for_recompute,
    year_view,
)
from liaison.services.holiday import holiday_add, holiday_edit, holiday_remove, holidays_import

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import HttpResponse

    from liaison.holidayfile import HolidayLine

RECOMPUTING = "正在重新计算未办结的期限，日期有变的会通知有关人员。"


@require_safe
@signed_in
def year(request: ActorRequest, year: int | None = None) -> HttpResponse:
    """Twelve months with days off and make-up days, and the rows of staff."""
    today = timezone.localdate()
    shown = year_view(year or today.year, work_calendar(), today)
    context = {
        "year": shown,
        "this_year": today.year,
        "rows": holidays_of(shown.year),
        "notice": published_year(shown.year),
        "state": calendar_state(),
        "waiting": waiting_for_recompute(),
        "may_edit": request.actor.can(Permission.CALENDAR_EDIT),
    }
    return render(request, "liaison/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CALENDAR_EDIT)
def add(request: ActorRequest) -> HttpResponse:
    """Add a corrected day."""
    form = HolidayForm(request.POST) if request.method == "POST" else HolidayForm()
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("date", "name", "is_off", "source_url")}
        holiday = call(form, holiday_add, actor=request.actor, **values)
        if holiday is not None:
            messages.success(request, f"已登记{holiday}。{RECOMPUTING}")
            return redirect("calendar_year", holiday.date.year)
    context = {"form": form, "cancel_url": _year_url(timezone.localdate()), "submit_label": "登记"}
    return render(request, "liaison/holiday_form.html", context, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CALENDAR_EDIT)
def edit(request: ActorRequest, day: dt.date) -> HttpResponse:
    """Correct a row that is there."""
    holiday = get_holiday(day)
    version = calendar_state().version
    form = HolidayEditForm(request.POST) if request.method == "POST" else HolidayEditForm.of(holiday, version)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("name", "is_off", "source_url", "version")}
        saved = call(form, holiday_edit, actor=request.actor, day=day, **values)
        if saved is not None:
            messages.success(request, f"已保存{saved}。{RECOMPUTING}")
            return redirect("calendar_year", day.year)
        form.show_version(version)
    context = {"form": form, "holiday": holiday, "cancel_url": _year_url(day), "submit_label": "保存"}
    return render(request, "liaison/holiday_form.html", context, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CALENDAR_EDIT)
def remove(request: ActorRequest, day: dt.date) -> HttpResponse:
    """Take a row out, after asking once."""
    holiday = get_holiday(day)
    state = calendar_state()
    form = CalendarForm(request.POST) if request.method == "POST" else CalendarForm(initial={"version": state.version})
    if request.method == "POST" and form.is_valid():
        call(form, holiday_remove, actor=request.actor, day=day, version=form.cleaned_data["version"])
        if not form.errors:
            messages.success(request, f"已删除{holiday}。{RECOMPUTING}")
            return redirect("calendar_year", day.year)
        form.show_version(state.version)
    context = {"form": form, "holiday": holiday, "cancel_url": _year_url(day)}
    return render(request, "liaison/holiday_remove.html", context, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CALENDAR_EDIT)
def import_(request: ActorRequest) -> HttpResponse:
    """Choose the file of a year's notice; what it would change is shown before anything is."""
    form = HolidayFileForm(request.POST, request.FILES) if request.method == "POST" else HolidayFileForm()
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            lines = read_holidays(form.cleaned_data["file"].read())
        except MalformedFile as error:
            problems = error.messages
            form.add_error("file", f"文件有{len(error.problems)}处不对，整个文件没有导入。请改好后重新选择。")
        else:
            return _preview(request, lines, HolidayConfirmForm(initial=_carried(lines)))
    return render(request, "liaison/holiday_import.html", {"form": form, "problems": problems}, status=_status(form))


@require_POST
@requires(Permission.CALENDAR_EDIT)
def import_confirm(request: ActorRequest) -> HttpResponse:
    """Import what the preview showed."""
    form = HolidayConfirmForm(request.POST)
    if not form.is_valid():
        raise NotFound("没有收到预览的内容，请重新选择文件。")
    data = form.cleaned_data["content"].encode()
    result = call(form, holidays_import, actor=request.actor, data=data, version=form.cleaned_data["version"])
    if result is None:
        return _preview(request, _lines_or_refusal(data), form)
    years = "、".join(f"{number}年" for number in result.years)
    text = f"已录入{years}放假通知：新增{result.new}天，更改{result.changed}天。"
    messages.success(request, text + RECOMPUTING)
    return redirect("calendar_year", result.years[-1])


def _preview(request: ActorRequest, lines: list[HolidayLine], form: HolidayConfirmForm) -> HttpResponse:
    state = calendar_state()
    form.show_version(state.version)
    form.initial.setdefault("version", state.version)
    context = {"form": form, "preview": import_preview(lines), "missing": missing_feasts(lines)}
    return render(request, "liaison/holiday_preview.html", context, status=_status(form))


def _carried(lines: list[HolidayLine]) -> dict[str, str]:
    """The lines as a file again, in one spelling."""
    rows = [f"{line.date},{line.name},{int(line.is_off)},{line.year},{line.source_url}" for line in lines]
    return {"content": "\n".join(["date,name,is_off_day,paper_year,paper", *rows]) + "\n"}


def _lines_or_refusal(data: bytes) -> list[HolidayLine]:
    try:
        return read_holidays(data)
    except MalformedFile:
        raise NotFound("预览的内容已不完整，请重新选择文件。") from None


def _year_url(day: dt.date) -> str:
    return reverse("calendar_year", args=[day.year])


def _status(form: BaseForm) -> int:
    """200; 422 for wrong values, 409 when somebody was quicker."""
    if not form.errors:
        return 200
    error = getattr(form, "domain_error", None)
    return error.status if isinstance(error, DomainError) and error.status == 409 else 422
