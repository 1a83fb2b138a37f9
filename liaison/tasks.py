"""The kernel's background work: each task takes ids, calls one service, and may run twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from liaison.services.delivery import notices_deliver
from liaison.services.heartbeat import heartbeat_record
from liaison.services.idempotency import api_sweep
from liaison.services.job import job_run, jobs_rescue
from liaison.services.password_link import password_link_send
from liaison.services.recompute import deadlines_catch_up
from liaison.services.reminder import reminders_scan
from liaison.services.sweep import files_sweep
from liaison.services.webhook_sending import webhooks_send


@shared_task(name="liaison.tasks.heartbeat")
def heartbeat() -> None:
    """Show that a beat sends and a worker runs."""
    heartbeat_record()


@shared_task(name="liaison.tasks.remind")
def remind() -> None:
    """One scan for reminders."""
    reminders_scan(now=timezone.now())


@shared_task(name="liaison.tasks.recompute_deadlines")
def recompute_deadlines() -> None:
    """Bring open deadlines to the present work calendar; each scan for reminders does what is left."""
    deadlines_catch_up()


@shared_task(name="liaison.tasks.deliver_notices")
def deliver_notices() -> None:
    """Send what stands in the outbox."""
    notices_deliver()


@shared_task(name="liaison.tasks.run_job", soft_time_limit=3000, time_limit=3120)
def run_job(job_id: int) -> None:
    """Do one background job, if nobody else has it."""
    job_run(job_id=job_id)


@shared_task(name="liaison.tasks.rescue_jobs")
def rescue_jobs() -> None:
    """Take up jobs whose worker died or whose call was lost."""
    jobs_rescue()


@shared_task(name="liaison.tasks.sweep_files")
def sweep_files() -> None:
    """Remove stored files that nobody can reach any more."""
    files_sweep()


@shared_task(name="liaison.tasks.sweep_api")
def sweep_api() -> None:
    """Remove what the API keeps for a time only: answers by idempotency key, nonces, tokens, errors."""
    api_sweep()


@shared_task(name="liaison.tasks.send_webhooks")
def send_webhooks() -> None:
    """Send what is due to other platforms; asks for another run when there is more than one run may take."""
    if webhooks_send().has_more:
        send_webhooks.delay()


@shared_task(
    name="liaison.tasks.send_password_link",
    autoretry_for=(OSError,),
    retry_backoff=30,
    retry_backoff_max=600,
    max_retries=6,
)
def send_password_link(user_id: int) -> None:
    """Mail one link to set a password. While the mail server is away it tries again for about half an hour:
    then the link would have lost a good part of its two hours, and the person has long asked anew."""
    password_link_send(user_id=user_id)


@shared_task(name="liaison.tasks.send_password_links")
def send_password_links(user_ids: list[int]) -> None:
    """One task an account, so that one refused address does not hold up another. The list is empty when
    somebody asked for an account that does not exist: asking takes as long either way."""
    for user_id in user_ids:
        send_password_link.delay(user_id)
