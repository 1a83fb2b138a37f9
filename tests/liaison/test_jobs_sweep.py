"""The daily sweep: files without a row go after a day, downloads after a week, and nothing else."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from liaison.models import Job
from liaison.registry import registry
from liaison.services.attachment import attachment_add
from liaison.services.job import job_run, job_start
from liaison.services.sweep import Swept, files_sweep
from liaison.tasks import sweep_files
from tests import filemakers as make
from tests.cast import Cast


def age(name: str, hours: int) -> None:
    moment = timezone.now().timestamp() - hours * 3600
    os.utime(Path(django_settings.MEDIA_ROOT) / name, (moment, moment))


def test_an_empty_storage_is_no_trouble(cast: Cast) -> None:
    assert files_sweep() == Swept(orphans=0, expired=0)


def test_only_old_files_without_a_row_are_removed(cast: Cast) -> None:
    kept = attachment_add(
        actor=cast.actor("unit"),
        owner=cast.offices["unit"],
        slot="letter",
        upload=SimpleUploadedFile("a.pdf", make.PDF),
    )
    orphan = default_storage.save("attachments/ab/abandoned", ContentFile(b"x"))
    fresh = default_storage.save("attachments/ab/just-written", ContentFile(b"x"))
    half_made = default_storage.save("jobs/cd/half-made", ContentFile(b"x"))
    other = default_storage.save("elsewhere/cd/other", ContentFile(b"x"))
    for name in (kept.file.name, orphan, half_made, other):
        age(name, 25)
    assert files_sweep() == Swept(orphans=2, expired=0)
    there = [default_storage.exists(name) for name in (kept.file.name, orphan, fresh, half_made, other)]
    assert there == [True, False, True, False, True]


def test_downloads_are_kept_a_week(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.jobs, "export", "tests.liaison.jobkinds.export")
    job = job_run(job_id=job_start(actor=cast.actor("insider"), kind="export", title="导出", params={"rows": 1}).pk)
    assert job is not None
    name = job.file.name
    sweep_files()
    assert default_storage.exists(name)
    with time_machine.travel(timezone.now() + dt.timedelta(days=8), tick=False):
        assert files_sweep() == Swept(orphans=0, expired=1)
        assert files_sweep() == Swept(orphans=0, expired=0)
    assert not default_storage.exists(name)
    assert Job.objects.get(pk=job.pk).file_url == ""
