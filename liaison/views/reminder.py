"""Reminder rules (提醒规则): when each kind of deadline is reminded of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from liaison.exceptions import StaleVersion
from liaison.faces import ActorRequest, call, requires
from liaison.forms.reminder import ReminderRuleForm
from liaison.permissions import Permission
from liaison.selectors.reminder import get_rule_row, last_scan, rule_rows
from liaison.services.reminder_rule import reminder_rule_edit, reminder_rule_reset

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@requires(Permission.REMINDER_EDIT)
def rules(request: ActorRequest) -> HttpResponse:
    """The thresholds of every kind, and when the last scan ran."""
    return render(request, "liaison/reminder_rules.html", {"rows": rule_rows(), "last_scan": last_scan()})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REMINDER_EDIT)
def rule(request: ActorRequest, kind: str) -> HttpResponse:
    """Set the thresholds of one kind."""
    row = get_rule_row(kind)
    form = ReminderRuleForm(request.POST) if request.method == "POST" else ReminderRuleForm.of(row.rule)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            call(form, reminder_rule_edit, actor=request.actor, kind=kind, **form.cleaned_data)
        if form.is_valid():
            messages.success(request, f"“{row.label}”的提醒规则已保存，下一次扫描（10分钟内）起生效。")
            return redirect("reminder_rules")
        status = 409 if isinstance(getattr(form, "domain_error", None), StaleVersion) else 422
        form.show_seen(row.rule)
    context = {"form": form, "row": row, "cancel_url": reverse("reminder_rules"), "submit_label": "保存"}
    return render(request, "liaison/reminder_rule.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REMINDER_EDIT)
def reset(request: ActorRequest, kind: str) -> HttpResponse:
    """Back to the default, after asking once."""
    row = get_rule_row(kind)
    if request.method == "POST":
        reminder_rule_reset(actor=request.actor, kind=kind)
        messages.success(request, f"“{row.label}”的提醒规则已恢复默认：{row.default.text}。")
        return redirect("reminder_rules")
    context = {
        "heading": "恢复默认提醒规则",
        "question": f"“{row.label}”恢复默认提醒规则？",
        "consequence": f"现在：{row.rule.text}。恢复后：{row.default.text}。",
        "confirm_label": "恢复默认",
        "cancel_url": reverse("reminder_rules"),
    }
    return render(request, "liaison/confirm_page.html", context)
