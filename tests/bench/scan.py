"""The process that bench_remind measures: one scan at 9:00 of the day given, its figures as JSON."""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys
import time
from pathlib import Path

import django


def main(day: str) -> None:
    django.setup()
    from liaison.calendar import SHANGHAI
    from liaison.models import Organisation
    from liaison.registry import SubjectType, registry
    from liaison.services.reminder import reminders_scan

    matters = Organisation.objects.visible_to
    registry.add_subject(SubjectType("liaison.Organisation", "事项", matters, str, lambda matter: f"/x/{matter.pk}/"))

    now = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(9), tzinfo=SHANGHAI)
    begun = time.perf_counter()
    result = reminders_scan(now=now)
    seconds = time.perf_counter() - begun
    peak = _peak_megabytes()
    print(json.dumps({"seconds": seconds, "megabytes": peak, "told": result.told}))


def _peak_megabytes() -> float:
    """Of this process alone: ``ru_maxrss`` would begin with the parent's size."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


if __name__ == "__main__":
    main(sys.argv[1])
