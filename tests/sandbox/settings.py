"""The portal beside the simulated hotline: as `make run`, with data, files and queue of its own below SANDBOX_VAR."""

import datetime as dt
import os
from pathlib import Path
from urllib.parse import urlsplit

from liaison.embedded import database_settings
from liaison.settings.dev import *

VAR_DIR = Path(os.environ.get("SANDBOX_VAR") or BASE_DIR / "var" / "sandbox")
MEDIA_ROOT = VAR_DIR / "files"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
# Who gets the webhooks listens on this machine.
WEBHOOKS_TO = os.environ.get("SANDBOX_WEBHOOKS", "")
FETCH_INSIDE_HOSTS = [urlsplit(WEBHOOKS_TO).netloc] if WEBHOOKS_TO else []

if not env.str("DATABASE_URL", default=""):
    EMBEDDED_POSTGRES = "sandbox"
    DATABASES["default"] |= database_settings(BASE_DIR, EMBEDDED_POSTGRES)

CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celery" / "beat-schedule")
if not REDIS_URL:
    CACHES["default"] |= {"LOCATION": str(VAR_DIR / "cache")}
    CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "data_folder_in": str(VAR_DIR / "celery" / "queue"),
        "data_folder_out": str(VAR_DIR / "celery" / "queue"),
        "control_folder": str(VAR_DIR / "celery" / "control"),
    }
# What a broker lost is found again by these scans: nobody should wait minutes for them here.
for _name in ("deliver-notices", "send-webhooks"):
    if _name in CELERY_BEAT_SCHEDULE:
        CELERY_BEAT_SCHEDULE[_name] = CELERY_BEAT_SCHEDULE[_name] | {
            "schedule": dt.timedelta(seconds=2),
            "options": {"expires": 10},
        }
# After so many seconds a delivery is tried again, once each.
WEBHOOK_WAITS = [1, 1, 2, 2, 3, 3, 5, 5, 10, 10, 20, 20, 30, 30, 60, 60, 60, 60]
# So a worker that was killed while it sent is soon known to be gone.
WEBHOOK_SECONDS = 5
