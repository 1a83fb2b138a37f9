"""``/system/users/``: accounts and postings, for the system and the security administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.faces import ActorRequest, call, requires
from liaison.forms.reason import ReasonForm, VersionedReasonForm, VersionForm, renew_version
from liaison.forms.user import NewUserForm, UserFilterForm, UserForm
from liaison.models.user import ACCOUNT_PERMISSIONS
from liaison.paging import keyset_page
from liaison.permissions import Permission
from liaison.selectors.user import USER_VIEWS, get_user_for, obstacle, postings_of, second_factors_of, user_list
from liaison.services import user as service
from liaison.views.user_page import user_actions, user_facts

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from liaison.models import User


@require_safe
@requires(*ACCOUNT_PERMISSIONS)
def listing(request: ActorRequest) -> HttpResponse:
    """The accounts of the region."""
    form = UserFilterForm(request.GET, actor=request.actor)
    found = form.cleaned_data if form.is_valid() else {}
    view = request.GET.get("view", "all")
    users = user_list(
        request.actor,
        view=view,
        q=found.get("q", "").strip(),
        role=found.get("role", ""),
        prefix=found["region"].prefix if found.get("region") else "",
    )
    context = {
        "page": keyset_page(users, params=request.GET, path=request.path, order=("username",)),
        "filter_form": form,
        "keep": [("view", view)] if view != "all" else [],
        "views": [
            {"label": each.label, "url": f"?view={each.code}", "count": None, "active": each.code == view}
            for each in USER_VIEWS
        ],
        "may_create": request.actor.can(Permission.USER_EDIT),
    }
    return render(request, "liaison/user_list.html", context)


@require_safe
@requires(*ACCOUNT_PERMISSIONS)
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One account: what it is, what it may do, what the administrator may do about it."""
    user = get_user_for(request.actor, public_id)
    factors = second_factors_of(user)
    context = {
        "account": user,
        "facts": user_facts(user, factors),
        "postings": postings_of(user),
        "may_post": request.actor.can(Permission.POSTING_EDIT) and user.pk != request.actor.user_id,
        "hindrance": obstacle(request.actor, user),
        **user_actions(request.actor, user, factors),
    }
    return render(request, "liaison/user_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.USER_EDIT)
def create(request: ActorRequest) -> HttpResponse:
    """Make an account."""
    form = NewUserForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        user = call(form, service.user_create, actor=request.actor, **form.cleaned_data)
        if user is not None:
            messages.success(request, f"账号“{user.username}”已建立，还没有密码。请选择下面的一种办法交给{user.name}。")
            return _to(user)
    context = {"form": form, "cancel_url": reverse("system:user_list"), "submit_label": "建立账号"}
    return render(request, "liaison/user_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.USER_EDIT)
def update(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Correct name, contact, region."""
    account = get_user_for(request.actor, public_id)
    initial = {name: getattr(account, name) for name in ("name", "phone", "email", "region", "version")}
    form = UserForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        user = call(form, service.user_update, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if user is not None:
            messages.success(request, "账号资料已保存。")
            return _to(user)
    context = {
        "form": form,
        "account": account,
        "facts": user_facts(account, []) if renew_version(form, account.version) else None,
        "hindrance": obstacle(request.actor, account, takeover=True),
        "cancel_url": reverse("system:user", args=[public_id]),
    }
    return render(request, "liaison/user_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.USER_EDIT)
def deactivate(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Ask once, then close the account."""
    account = get_user_for(request.actor, public_id)
    form = VersionedReasonForm(request.POST or None, initial={"version": account.version})
    if request.method == "POST" and form.is_valid():
        user = call(form, service.user_deactivate, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if user is not None:
            messages.success(request, f"{user.name}的账号已停用。")
            return _to(user)
    return _confirm(
        request,
        account,
        form,
        heading="停用账号",
        question=f"停用{account.name}（{account.username}）的账号？",
        consequence="停用后立即不能登录，正在使用的会马上退出。办理记录都保留，以后可以恢复。",
        confirm_label="停用账号",
        danger=True,
    )


@require_POST
@requires(Permission.USER_EDIT)
def activate(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Open a closed account again."""
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else None
    user = service.user_activate(actor=request.actor, public_id=public_id, version=version)
    messages.success(request, f"{user.name}的账号已恢复，可以登录了。")
    return _to(user)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.USER_EDIT)
def initial_password(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Ask once, then show a one-time password; the page is not kept anywhere."""
    account = get_user_for(request.actor, public_id)
    form = VersionForm(request.POST or None, initial={"version": account.version})
    if request.method == "POST" and form.is_valid():
        made = call(form, service.user_initial_password, actor=request.actor, public_id=public_id, **form.cleaned_data)
        if made is not None:
            response = render(request, "liaison/user_password.html", {"account": made[0], "password": made[1]})
            response["Cache-Control"] = "no-store"
            return response
    return _confirm(
        request,
        account,
        form,
        heading="生成初始密码",
        question=f"为{account.name}（{account.username}）生成一次性初始密码？",
        consequence="原来的密码立即失效。初始密码只显示一次，请当面或用可靠的方式交给本人；本人首次登录时必须修改。",
        confirm_label="生成初始密码",
    )


@require_POST
@requires(Permission.USER_EDIT)
def send_link(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Mail the person a link to set a password."""
    user = service.user_send_link(actor=request.actor, public_id=public_id)
    messages.success(request, f"设置密码的邮件将发往{user.email}，链接2小时内有效。")
    return _to(user)


@require_POST
@requires(Permission.SECURITY_EDIT)
def unlock(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Lift the lock."""
    user = service.user_unlock(actor=request.actor, public_id=public_id)
    messages.success(request, f"{user.name}的账号没有锁定，可以登录。")
    return _to(user)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SECURITY_EDIT)
def second_factor_reset(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Ask once, then take away the second factors."""
    account = get_user_for(request.actor, public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = call(
            form, service.user_second_factor_reset, actor=request.actor, public_id=public_id, **form.cleaned_data
        )
        if user is not None:
            messages.success(request, f"{user.name}的两步验证已撤销，登录后可重新设置。")
            return _to(user)
    return _confirm(
        request,
        account,
        form,
        heading="撤销两步验证",
        question=f"撤销{account.name}（{account.username}）的两步验证？",
        consequence="只在本人丢失手机或安全密钥、又没有备用码时使用。请先核实确是本人。撤销后凭密码即可登录。",
        confirm_label="撤销两步验证",
        danger=True,
    )


def _confirm(request: ActorRequest, account: User, form: Any, **words: Any) -> HttpResponse:
    renew_version(form, account.version)
    context = {
        "form": form,
        "account": account,
        "cancel_url": reverse("system:user", args=[account.public_id]),
        **words,
    }
    return render(request, "liaison/user_confirm.html", context, status=422 if form.errors else 200)


def _to(user: User) -> HttpResponse:
    return redirect("system:user", public_id=user.public_id)
