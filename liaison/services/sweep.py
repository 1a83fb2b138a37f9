"""The daily sweep of private storage: files without a row, and downloads past their days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.utils import timezone

from liaison.models import Attachment, Job

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A file without a row is removed only when it is older: its transaction may still be open.
ORPHAN_AGE = dt.timedelta(hours=24)
#: Exports hold personal data; they may be made again, so they are not kept (rulebook section 7).
JOB_FILE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Swept:
    """How many files were removed."""

    orphans: int
    expired: int


def files_sweep() -> Swept:
    """Remove what nobody can reach any more. Safe to run at any time, and twice."""
    expired = _expire_downloads()
    return Swept(orphans=sum(_remove_orphans(folder, model) for folder, model in _FOLDERS.items()), expired=expired)


_FOLDERS: dict[str, type[Attachment] | type[Job]] = {"attachments": Attachment, "jobs": Job}


def _expire_downloads() -> int:
    past = timezone.now() - dt.timedelta(days=JOB_FILE_DAYS)
    jobs = Job.objects.unscoped(reason="the sweep sees all jobs").filter(finished_at__lt=past).exclude(file="")
    count = 0
    for job in jobs.iterator(chunk_size=500):
        name = str(job.file)
        job.file = ""
        job.save(update_fields=["file", "updated_at"])
        default_storage.delete(name)
        count += 1
    return count


def _remove_orphans(folder: str, model: type[Attachment] | type[Job]) -> int:
    old = timezone.now() - ORPHAN_AGE
    removed = 0
    stored = _stored(folder)
    while names := list(islice(stored, 500)):
        known = set(model._default_manager.filter(file__in=names).values_list("file", flat=True))
        for name in names:
            if name not in known and default_storage.get_modified_time(name) < old:
                default_storage.delete(name)
                removed += 1
    return removed


def _stored(folder: str) -> Iterator[str]:
    """Names of the files two levels down, as rows keep them."""
    if not default_storage.exists(folder):
        return
    for shelf in default_storage.listdir(folder)[0]:
        for name in default_storage.listdir(f"{folder}/{shelf}")[1]:
            yield f"{folder}/{shelf}/{name}"
