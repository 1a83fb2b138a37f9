"""Granting and ending postings, for the security administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from liaison.faces import ActorRequest, call, requires
from liaison.forms.reason import ReasonForm
from liaison.forms.user import PostingForm
from liaison.permissions import Permission
from liaison.selectors.posting import get_posting_for
from liaison.selectors.user import get_user_for
from liaison.services.posting import posting_end, posting_grant

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.POSTING_EDIT)
def grant(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Give somebody a role in an organisation."""
    account = get_user_for(request.actor, public_id)
    form = PostingForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        posting = call(
            form,
            posting_grant,
            actor=request.actor,
            user_public_id=public_id,
            organisation_public_id=form.cleaned_data["organisation"].public_id,
            role=form.cleaned_data["role"],
        )
        if posting is not None:
            messages.success(
                request, f"{account.name}已担任{posting.organisation.display}的“{posting.get_role_display()}”。"
            )
            return redirect("system:user", public_id=public_id)
    context = {
        "form": form,
        "account": account,
        "cancel_url": reverse("system:user", args=[public_id]),
        "submit_label": "分配岗位",
    }
    return render(request, "liaison/posting_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.POSTING_EDIT)
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Ask once, then take the role away."""
    posting = get_posting_for(request.actor, public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ended = call(form, posting_end, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if ended is not None:
            messages.success(request, f"{ended.user.name}的“{ended.get_role_display()}”岗位已结束。")
            return redirect("system:user", public_id=ended.user.public_id)
    where = f"{posting.organisation.display}的“{posting.get_role_display()}”"
    context = {
        "form": form,
        "account": posting.user,
        "heading": "结束岗位",
        "question": f"结束{posting.user.name}在{where}岗位？",
        "consequence": "结束后立即不能再以这个身份办理，已办的记录都保留。",
        "confirm_label": "结束岗位",
        "cancel_url": reverse("system:user", args=[posting.user.public_id]),
        "danger": True,
    }
    return render(request, "liaison/user_confirm.html", context, status=422 if form.errors else 200)
