"""The portal's clock: ``django.utils.timezone.now``, and a way to move it for the demo's past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.utils import timezone


def now() -> dt.datetime:
    """This moment; as a model field's default it follows a moved clock, which ``timezone.now`` itself would not."""
    return timezone.now()


@contextmanager
def moved_to(moment: dt.datetime) -> Iterator[None]:
    """Everything inside happens at this moment.

    Only for the demo command, in one thread: it makes a past by the real services.
    """
    with patch("django.utils.timezone.now", return_value=moment):
        yield
