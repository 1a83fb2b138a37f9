"""Who came to sessions (会议出席登记), and who stayed away twice without leave."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from deputies.forms.duty import RollForm, typed_lines
from deputies.models import Presence
from deputies.selectors.congress import get_session_of
from deputies.selectors.duty_scope import get_kept_congress
from deputies.selectors.session_attendance import (
    LAW,
    LAW_NOTE,
    absence_flags,
    deputies_at,
    roll_lines,
    roll_of,
    session_lines,
)
from deputies.services.session_attendance import session_roll_save
from deputies.views.pages import form_page, posted
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@requires(P.DUTY_CHECK)
def sessions(request: ActorRequest, congress_id: UUID) -> HttpResponse:
    """会议出席登记: the sessions of a congress."""
    congress = get_kept_congress(request.actor, congress_id)
    context = {"congress": congress, "sessions": session_lines(congress), "today": timezone.localdate()}
    return render(request, "deputies/session_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.DUTY_CHECK)
def roll(request: ActorRequest, congress_id: UUID, session_id: int) -> HttpResponse:
    """One session: every deputy of the congress on one page, saved all or none."""
    congress = get_kept_congress(request.actor, congress_id)
    session = get_session_of(congress, session_id)
    known = roll_of(session)
    lines = roll_lines(known)
    deputies = list(deputies_at(session))
    form = RollForm(posted(request), initial={"version": known.version if known else 0})
    typed = {
        str(one.public_id): (lines[one.pk].presence, lines[one.pk].note) if one.pk in lines else (Presence.PRESENT, "")
        for one in deputies
    }
    problems: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        typed = typed_lines(request.POST, list(typed))
        saved = call(
            form,
            session_roll_save,
            actor=request.actor,
            congress_id=congress_id,
            session_id=session_id,
            version=form.cleaned_data["version"],
            lines=typed,
        )
        if saved is not None:
            messages.success(request, f"已保存{session}的出席情况，共{len(deputies)}名代表。")
            return redirect("duty:sessions", congress.public_id)
        problems = getattr(getattr(form, "domain_error", None), "fields", {})
    context = {
        "congress": congress,
        "session": session,
        "known": known,
        "presences": Presence.choices,
        "rows": [
            {
                "mandate": one,
                "id": str(one.public_id),
                "presence": typed[str(one.public_id)][0],
                "note": typed[str(one.public_id)][1],
                "problem": problems.get(f"presence-{one.public_id}") or problems.get(f"note-{one.public_id}", ""),
            }
            for one in deputies
        ],
        "problems": problems,
        "cancel_url": reverse("duty:sessions", args=[congress.public_id]),
    }
    return form_page(request, "deputies/session_roll.html", form, **context)


@require_safe
@requires(P.DUTY_CHECK)
def absences(request: ActorRequest) -> HttpResponse:
    """两次未经批准缺席的代表: a hint with the law, never an act."""
    context = {"flags": absence_flags(request.actor), "law": LAW, "law_note": LAW_NOTE}
    return render(request, "deputies/duty_absences.html", context)
