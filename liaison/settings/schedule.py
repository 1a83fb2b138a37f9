"""What the beat calls, and how often. Every task may run twice or late; after ``expires`` a call says nothing new."""

from datetime import timedelta

CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "remind": {
        "task": "liaison.tasks.remind",
        "schedule": timedelta(minutes=10),
        # A call nobody fetched before the next one is due says nothing new.
        "options": {"expires": 10 * 60},
    },
    "deliver-notices": {
        "task": "liaison.tasks.deliver_notices",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "heartbeat": {
        "task": "liaison.tasks.heartbeat",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "rescue-jobs": {
        "task": "liaison.tasks.rescue_jobs",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "sweep-files": {
        "task": "liaison.tasks.sweep_files",
        "schedule": timedelta(hours=24),
        "options": {"expires": 12 * 60 * 60},
    },
    # Called after each commit that has something to tell; this is for what is due again.
    "send-webhooks": {
        "task": "liaison.tasks.send_webhooks",
        "schedule": timedelta(seconds=10),
        "options": {"expires": 10},
    },
    "sweep-api": {
        "task": "liaison.tasks.sweep_api",
        "schedule": timedelta(hours=1),
        "options": {"expires": 30 * 60},
    },
    "open-reports": {
        "task": "votes.tasks.open_reports",
        "schedule": timedelta(hours=24),
        "options": {"expires": 12 * 60 * 60},
    },
    # Asked for after every count; once a day too, for a call that the broker lost.
    "scrub-ballots": {
        "task": "votes.tasks.scrub_ballots",
        "schedule": timedelta(hours=24),
        "options": {"expires": 12 * 60 * 60},
    },
    "remind-coverage": {
        "task": "deputies.tasks.remind_coverage",
        "schedule": timedelta(hours=24),
        "options": {"expires": 12 * 60 * 60},
    },
    "tick-activities": {
        "task": "deputies.tasks.tick_activities",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 10 * 60},
    },
    # Says something in November and December only, once to each; asked often, so that no outage keeps a word back.
    "remind-duty": {
        "task": "deputies.tasks.remind_duty",
        "schedule": timedelta(hours=24),
        "options": {"expires": 12 * 60 * 60},
    },
    "tidy-rosters": {
        "task": "deputies.tasks.tidy_rosters",
        "schedule": timedelta(hours=24),
        "options": {"expires": 12 * 60 * 60},
    },
    # Closes yesterday's figures with each hotline once; asked every hour, so that no outage skips a day.
    "close-reconciliations": {
        "task": "suggestions.tasks.close_reconciliations",
        "schedule": timedelta(hours=1),
        "options": {"expires": 30 * 60},
    },
    "fetch-hotline-files": {
        "task": "suggestions.tasks.fetch_hotline_files",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 5 * 60},
    },
}
