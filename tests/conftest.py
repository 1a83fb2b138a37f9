"""Fixtures that every package's tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cast import Cast, build_cast

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


@pytest.fixture
def cast(db: None, settings: SettingsWrapper, tmp_path_factory: pytest.TempPathFactory) -> Cast:
    """The people and offices that every test knows (see tests/cast.py); uploads go to a directory of the test."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")
    return build_cast()
