"""Notices of contacts with deputies and reports to voters: each deputy with an account, their own text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deputies.models import Mandate
from liaison.models import User
from liaison.models.notice import NoticeKind
from liaison.services.notice import Message, notify_each

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liaison.actor import Actor

MINE = "/contacts/mine/"


def tell(*, actor: Actor, texts: Mapping[int, str], body: str = "", url: str = MINE) -> None:
    """Tell deputies something, each their own title (two queries, however many).

    Args:
        texts: mandate id → title. Deputies without an account, and the actor, are passed over.
    """
    if not texts:
        return
    holders = Mandate.objects.unscoped(reason="whom to tell is no reader's choice").filter(pk__in=list(texts))
    people = {person_id: texts[pk] for pk, person_id in holders.values_list("pk", "person_id")}
    users = User.objects.filter(is_active=True, person__in=people).select_related("person")
    notify_each(
        Message(recipient=user, kind=NoticeKind.TASK, title=people[user.person.pk], body=body, url=url)
        for user in users
        if user.pk != actor.user_id
    )
