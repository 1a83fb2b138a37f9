"""Sign-in, sign-out and second factors as allauth and Django announce them → audit rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import user_logged_in
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from liaison.actor import system_actor
from liaison.middleware import CAPACITY_SESSION_KEY, actor_at_request
from liaison.services.account import second_factor_record, sign_in_fail, sign_in_succeed, sign_out_record

if TYPE_CHECKING:
    from django.http import HttpRequest

    from liaison.models import User


@receiver(user_logged_in, dispatch_uid="audit-sign-in")
def on_sign_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The person is in: password and, where there is one, second factor were right."""
    records = get_authentication_records(request, user)
    means = [record.get("type") or record["method"] for record in records if not record.get("reauthenticated")]
    request.session.pop(CAPACITY_SESSION_KEY, None)
    sign_in_succeed(actor=actor_at_request(request, user), user_id=user.pk, means="+".join(means))


@receiver(user_logged_out, dispatch_uid="audit-sign-out")
def on_sign_out(sender: Any, request: HttpRequest | None, user: User | None, **kwargs: Any) -> None:
    """The session ends while the person is still known."""
    if request is not None and user is not None:
        sign_out_record(actor=actor_at_request(request, user), idle=getattr(request, "idle_exit", False))


@receiver(authentication_failed, dispatch_uid="audit-second-factor")
def on_second_factor_failed(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A wrong code counts like a wrong password."""
    authenticator = kwargs["authenticator"]
    sign_in_fail(actor=actor_at_request(request), login=user.username, means=authenticator.type)


@receiver(post_save, sender=Authenticator, dispatch_uid="audit-second-factor-added")
def on_second_factor_added(sender: Any, instance: Authenticator, created: bool, **kwargs: Any) -> None:
    """Row signals rather than allauth's: they come in the same transaction."""
    if created:
        _record(instance, "mfa.add")


@receiver(post_delete, sender=Authenticator, dispatch_uid="audit-second-factor-removed")
def on_second_factor_removed(sender: Any, instance: Authenticator, **kwargs: Any) -> None:
    """Also when recovery codes are made anew: the old ones go."""
    _record(instance, "mfa.remove")


def _record(authenticator: Authenticator, action: str) -> None:
    request = context.request
    actor = actor_at_request(request) if request is not None else system_actor()
    second_factor_record(actor=actor, user=authenticator.user, action=action, kind=authenticator.type)
