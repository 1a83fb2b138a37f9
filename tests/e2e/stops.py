"""What a round of pages is made of."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Stop:
    """One page.

    Args:
        path: its address.
        wrong: the form is also sent empty, and looked at with its messages.
        press: the button that sends it, where it is not the main one of the form's foot.
        status: what the address answers.
    """

    path: str
    wrong: bool = False
    press: str = ""
    status: int = 200


def form(path: str, press: str = "") -> Stop:
    """A page with a form that can be sent wrongly."""
    return Stop(path, wrong=True, press=press)


def nowhere(route: str) -> Stop:
    """A record that does not exist."""
    return Stop(reverse(route, args=[uuid.UUID(int=0)]), status=404)
