"""The demo's past is made in a moment: its first reminders are reminders, not apologies for an outage."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.core.management import call_command

import deputies.demo
import suggestions.demo
from liaison import demo
from liaison.models import Notice
from liaison.models.notice import NoticeKind
from liaison.services.reminder import reminders_scan
from tests.clocks import at

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


@pytest.mark.django_db
def test_the_first_scan_of_the_demo_speaks_of_no_outage(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.DEMO_MODE, settings.MEDIA_ROOT = True, tmp_path
    with time_machine.travel(at(2026, 6, 15, 9)):
        call_command("load_regions", verbosity=0, stdout=StringIO())
        for load in (demo.load, deputies.demo.load, suggestions.demo.load):
            load(str)
    with time_machine.travel(at(2026, 6, 15, 10), tick=False):
        result = reminders_scan(now=at(2026, 6, 15, 10))
    assert result.told > 10
    assert result.supervisors > 0
    assert result.late == 0
    assert not Notice.objects.filter(kind=NoticeKind.REMINDER, title="").exists()
    assert not Notice.objects.filter(kind=NoticeKind.REMINDER, url="").exists()
