"""热线受理范围规则: the list in its order, one rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.faces import ActorRequest, call, requires
from liaison.permissions import Permission as P  # noqa: N817
from suggestions.forms.scope_rule import ScopeRuleForm
from suggestions.selectors.hotline_settings import all_scope_rules, get_scope_rule
from suggestions.services.scope_rule import scope_rule_move, scope_rule_save
from suggestions.views.acts import form_status, posted

if TYPE_CHECKING:
    from django.http import HttpResponse

    from suggestions.models import ScopeRule

METHODS = ["GET", "HEAD", "POST"]
_NAMES = ("version", "name", "reason", "instead", "words", "is_active")


@require_safe
@requires(P.HOTLINE_VIEW, P.HOTLINE_RULES_EDIT)
def rules(request: ActorRequest) -> HttpResponse:
    """Every rule, those out of use too."""
    context = {"rules": all_scope_rules(), "may_edit": request.actor.can(P.HOTLINE_RULES_EDIT)}
    return render(request, "suggestions/scope_rule_list.html", context)


@require_http_methods(METHODS)
@requires(P.HOTLINE_RULES_EDIT)
def new(request: ActorRequest) -> HttpResponse:
    """A new rule, at the end."""
    return _form(request, None, {"version": 1, "is_active": True})


@require_http_methods(METHODS)
@requires(P.HOTLINE_RULES_EDIT)
def edit(request: ActorRequest, code: str) -> HttpResponse:
    """One rule."""
    rule = get_scope_rule(code)
    return _form(request, rule, {name: getattr(rule, name) for name in _NAMES})


def _form(request: ActorRequest, rule: ScopeRule | None, initial: dict[str, Any]) -> HttpResponse:
    form = ScopeRuleForm(posted(request), initial=initial)
    if form.is_valid():
        values = dict(form.cleaned_data)
        version = values.pop("version")
        code = rule.code if rule is not None else ""
        saved = call(form, scope_rule_save, actor=request.actor, code=code, version=version, values=values)
        if saved is not None:
            messages.success(request, f"已保存“{saved.name}”。以后的转办按新的规则提示。")
            return redirect("hotline:scope_rules")
    title = rule.name if rule is not None else "新增规则"
    context = {"form": form, "title": title, "cancel_url": reverse("hotline:scope_rules"), "submit_label": "保存"}
    return render(request, "suggestions/scope_rule_form.html", context, status=form_status(form, rule))  # type: ignore[arg-type]


@require_POST
@requires(P.HOTLINE_RULES_EDIT)
def move(request: ActorRequest, code: str, way: str) -> HttpResponse:
    """上移, 下移."""
    rule = scope_rule_move(actor=request.actor, code=code, up=way == "up")
    messages.success(request, f"“{rule.name}”现在排在第{rule.position}位。")
    return redirect("hotline:scope_rules")
