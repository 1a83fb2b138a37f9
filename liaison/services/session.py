"""Ending sessions (登录设备): one's own, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.usersessions.models import UserSession
from django.db import transaction

from liaison.exceptions import DomainError, NotFound
from liaison.services.account import session_end_record

if TYPE_CHECKING:
    from liaison.actor import Actor


@transaction.atomic
def session_end(*, actor: Actor, session_pk: int, current_key: str) -> None:
    """Sign out one other device of one's own.

    Args:
        session_pk: row in the list of own sessions.
        current_key: the session that asks, which is left by signing out instead.

    Raises:
        NotFound: no such session, or somebody else's.
        DomainError: it is the session in use.
    """
    session = UserSession.objects.select_for_update().filter(pk=session_pk, user_id=actor.user_id).first()
    if session is None or actor.user_id is None:
        raise NotFound
    if session.session_key == current_key:
        raise DomainError("这是您正在使用的设备，请用“退出登录”。", code="session_in_use")
    session.end()
    session_end_record(actor=actor, count=1)
