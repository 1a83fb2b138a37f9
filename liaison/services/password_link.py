"""Mailing the link that sets a new password. Called by a task: it waits for the mail server, no person does."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from liaison.models import User


def password_link(user: User) -> str:
    """A link that sets a new password once, within ``PASSWORD_RESET_TIMEOUT`` seconds.

    It begins with our own address, never with the host name that a request claimed.
    """
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
    return f"{settings.PUBLIC_BASE_URL}{path}"


def password_link_send(*, user_id: int) -> bool:
    """Mail the link; False when the account is gone, inactive or without e-mail.

    Raises:
        OSError: the mail server does not answer or refuses; the task tries again.
    """
    user = User.objects.filter(pk=user_id, is_active=True).exclude(email="").first()
    if user is None:
        return False
    context = {
        "password_reset_url": password_link(user),
        "username": user.username,
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    subject = render_to_string("account/email/password_reset_key_subject.txt", context).strip()
    text = render_to_string("account/email/password_reset_key_message.txt", context)
    send_mail(f"[{settings.SITE_NAME}] {subject}", text, settings.DEFAULT_FROM_EMAIL, [user.email])
    return True
