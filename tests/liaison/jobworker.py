"""A real worker for a test: ``celery -A tests.liaison.jobworker worker``, on the test's database, files and queue."""

from __future__ import annotations

import json
import os

from django.conf import settings

from liaison.celery import app
from liaison.registry import registry

_given = json.loads(os.environ["TEST_WORKER"])
settings.DATABASES["default"]["NAME"] = _given["database"]
settings.MEDIA_ROOT = _given["files"]
settings.CELERY_BROKER_URL = _given["broker"]
settings.CELERY_BROKER_TRANSPORT_OPTIONS = _given["options"]
registry.jobs["slow_at_first"] = "tests.liaison.jobkinds.slow_at_first"

__all__ = ["app"]
