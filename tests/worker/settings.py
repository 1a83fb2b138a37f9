"""For the workers that tests start: a database, a broker and a clock of the test's choice, by environment."""

import datetime as dt
import os
from pathlib import Path

from liaison.settings.test import *

FOLDER = Path(os.environ["WORKER_FOLDER"])
DATABASES["default"]["NAME"] = os.environ["WORKER_DATABASE"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = FOLDER / "mail"
# Workers of other tests may listen on the same Redis.
CELERY_TASK_DEFAULT_QUEUE = os.environ["WORKER_QUEUE"]
CELERY_BROKER_URL = os.environ["WORKER_BROKER"]
CELERY_BEAT_SCHEDULE_FILENAME = str(FOLDER / "beat")
if CELERY_BROKER_URL.startswith("directory:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(FOLDER / "queue"),
        "data_folder_out": str(FOLDER / "queue"),
        "control_folder": str(FOLDER / "control"),
        "polling_interval": 0.05,
    }
# The beat's own entries, only faster than anybody would wait for.
CELERY_BEAT_SCHEDULE = {
    name: {"task": entry["task"], "schedule": dt.timedelta(seconds=1)} for name, entry in CELERY_BEAT_SCHEDULE.items()
}

if os.environ.get("WORKER_NOW"):
    import time_machine

    # Reminders are not sent at night, tests are run at any hour. The clock goes on from this moment.
    time_machine.travel(dt.datetime.fromisoformat(os.environ["WORKER_NOW"])).start()
