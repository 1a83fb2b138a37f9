"""Fixtures of the kernel's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from liaison.registry import registry
from tests import clocks


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Failures under unknown names and rate limits live in the cache; each test begins without any."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def clock_kind(monkeypatch: pytest.MonkeyPatch) -> str:
    """A deadline kind with the default thresholds, and organisations as its subjects."""
    monkeypatch.setitem(registry.deadline_kinds, clocks.KIND.code, clocks.KIND)
    monkeypatch.setitem(registry.subjects, clocks.SUBJECT.model_label.lower(), clocks.SUBJECT)
    return clocks.KIND.code
