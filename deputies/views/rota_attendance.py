"""登记到站: who came on a past reception day, by list."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from deputies.forms.duty import RotaAttendForm, typed_visits
from deputies.selectors.rota import get_rota_for
from deputies.selectors.rota_attendance import attendance_of, may_have_come
from deputies.services.rota_attendance import rota_attend
from deputies.views.pages import form_page, posted
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.STATION_EDIT)
def attend(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """登记到站; again, it corrects."""
    day = get_rota_for(request.actor, public_id)
    known = attendance_of(day)
    came: dict[int, int] = {visit.mandate_id: visit.people for visit in known.visits.all()} if known else {}
    on_duty = {duty.mandate_id for duty in day.duties.all()}
    form = RotaAttendForm(posted(request), initial={"version": known.version if known else 0})
    problems: dict[str, str] = {}
    typed: dict[str, str] | None = None
    if request.method == "POST" and form.is_valid():
        visits, problems = typed_visits(request.POST)
        typed = {one: str(request.POST.get(f"people-{one}", "")) for one in visits}
        saved = None
        if problems:
            form.add_error(None, "有内容没有填好，没有保存。")
        else:
            saved = call(
                form,
                rota_attend,
                actor=request.actor,
                rota_id=public_id,
                version=form.cleaned_data["version"],
                visits=visits,
            )
            problems = getattr(getattr(form, "domain_error", None), "fields", {})
        if saved is not None:
            messages.success(request, f"已登记{day.on.month}月{day.on.day}日到站代表{len(visits)}名。")
            return redirect(day.station)
    rows = []
    for one in may_have_come(day):
        key = str(one.public_id)
        ticked = key in typed if typed is not None else one.pk in (came if known else on_duty)
        people = typed.get(key, "") if typed is not None else (came.get(one.pk) or "")
        problem = problems.get(f"people-{key}", "")
        rows.append({"mandate": one, "id": key, "came": ticked, "people": people, "problem": problem})
    context = {"day": day, "station": day.station, "known": known, "rows": rows}
    return form_page(request, "deputies/rota_attend.html", form, cancel_url=day.station.get_absolute_url(), **context)
