"""Acts on an activity that ask once: announcing, holding, cancelling."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from deputies.forms.activity import AnnounceForm, ReasonForm
from deputies.selectors.activity import parts_of
from deputies.services.activity import activity_announce, activity_cancel, activity_hold
from deputies.services.checks import version_of
from deputies.states import ActivityStatus
from deputies.views.activity import METHODS, organised
from deputies.views.pages import posted
from liaison.exceptions import DomainError
from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import HttpResponse

    from deputies.models import Activity


@require_http_methods(METHODS)
@requires(P.ACTIVITY_EDIT)
def announce(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """通知代表."""
    activity = organised(request, public_id)
    form = AnnounceForm(posted(request), initial={"version": version_of(activity.updated_at)})
    if request.method == "POST" and form.is_valid():
        done = call(
            form,
            activity_announce,
            actor=request.actor,
            activity_id=public_id,
            version=form.cleaned_data["version"],
            accept_overlap=form.cleaned_data["accept_overlap"],
        )
        if done is not None:
            messages.success(request, f"已通知代表：{done.title}。")
            return redirect(done)
    number = len(parts_of(activity))
    return confirm_page(
        request,
        activity,
        form,
        heading="通知代表",
        question=f"通知{number}名代表参加“{activity.title}”？",
        consequence="有账号的代表会收到通知，可以在手机上报名或请假；以后改动和取消也会通知他们。",
        confirm_label="通知",
    )


@require_http_methods(METHODS)
@requires(P.ACTIVITY_EDIT)
def hold(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """开始记录: the activity was held."""
    activity = organised(request, public_id)
    if request.method == "POST":
        if activity.status != ActivityStatus.HELD:
            activity_hold(actor=request.actor, activity_id=public_id)
        return redirect("activities:record", public_id)
    return confirm_page(
        request,
        activity,
        None,
        heading="开始记录",
        question=f"“{activity.title}”已经举行，开始记录？",
        consequence="活动转为“已举行，待记录”，请在规定的工作日内完成记录。",
        confirm_label="开始记录",
    )


@require_http_methods(METHODS)
@requires(P.ACTIVITY_EDIT)
def cancel(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """取消活动."""
    activity = organised(request, public_id)
    form = ReasonForm(posted(request), label="取消原因", help_text="受邀代表会看到。")
    if request.method == "POST" and form.is_valid():
        done = call(
            form, activity_cancel, actor=request.actor, activity_id=public_id, reason=form.cleaned_data["reason"]
        )
        if done is not None:
            messages.success(request, f"已取消“{done.title}”。")
            return redirect(done)
    was_recorded = activity.status == ActivityStatus.RECORDED
    return confirm_page(
        request,
        activity,
        form,
        heading="取消活动",
        question=f"取消“{activity.title}”？",
        consequence="取消后不能恢复。"
        + ("已经记入履职档案的内容会全部冲销。" if was_recorded else "")
        + ("" if activity.status == ActivityStatus.PLANNED else "有账号的受邀代表会收到通知。"),
        confirm_label="取消活动",
        danger=True,
    )


def confirm_page(request: ActorRequest, activity: Activity, form: BaseForm | None, **context: object) -> HttpResponse:
    """The page that asks once."""
    context |= {"activity": activity, "form": form, "cancel_url": activity.get_absolute_url()}
    status = 200
    if form is not None and form.is_bound and form.errors:
        error = getattr(form, "domain_error", None)
        status = error.status if isinstance(error, DomainError) and error.status == 409 else 422
    return render(request, "deputies/activity_confirm.html", context, status=status)
