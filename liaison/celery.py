"""The Celery application: `celery -A liaison worker` and `celery -A liaison beat`."""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init

from liaison import filebroker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison.settings.dev")

filebroker.register()
app = Celery("liaison")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def _make_folders(sender: Celery, **kwargs: Any) -> None:
    """The filesystem broker (no Redis) expects its folders to exist, also where no worker has run yet."""
    options = sender.conf.broker_transport_options
    for name in ("data_folder_in", "data_folder_out", "control_folder"):
        if name in options:
            Path(options[name]).mkdir(parents=True, exist_ok=True)


@beat_init.connect
def _show_sign_of_life(**kwargs: Any) -> None:
    """Do not let `/readyz` wait a minute for the first scheduled heartbeat."""
    app.send_task("liaison.tasks.heartbeat", expires=60, ignore_result=True)


@worker_init.connect
@beat_init.connect
def _start_database(**kwargs: Any) -> None:
    from liaison.embedded import start_if_configured

    start_if_configured()
