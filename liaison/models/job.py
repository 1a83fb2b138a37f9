"""Long work with progress (后台任务): imports and exports that Celery does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from liaison.models.base import PublicModel, ScopedQuerySet

if TYPE_CHECKING:
    from liaison.actor import Actor


class JobStatus(models.TextChoices):
    """Where the work stands."""

    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未成功"


class JobQuerySet(ScopedQuerySet["Job"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own jobs, in the capacity that started them."""
        if actor.is_system:
            return self.all()
        return self.filter(owner_id=actor.user_id, actor_key=actor.key) if actor.user_id else self.none()


def job_file_path(instance: Job, filename: str) -> str:
    return f"jobs/{instance.public_id.hex[:2]}/{instance.public_id.hex}"


class Job(PublicModel):
    """One piece of background work, of a registered kind, for one person in one capacity."""

    kind = models.CharField("种类", max_length=40)
    title = models.CharField("名称", max_length=120)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="jobs")
    actor_key = models.CharField(max_length=40)
    params = models.JSONField(default=dict, blank=True)
    status = models.CharField("状态", max_length=10, choices=JobStatus, default=JobStatus.QUEUED)
    #: Grows with each claim: whoever holds an older number has lost the job to another worker.
    attempts = models.PositiveSmallIntegerField("执行次数", default=0)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    message = models.CharField("说明", max_length=300, blank=True)
    file = models.FileField("文件", upload_to=job_file_path, blank=True, max_length=200)
    file_name = models.CharField("文件名", max_length=200, blank=True)
    result_url = models.CharField("结果页", max_length=300, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField("最近进展时间", null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "后台任务"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["owner", "-id"], name="job_owner"),
            models.Index(
                fields=["status", "updated_at"],
                condition=Q(status__in=[JobStatus.QUEUED, JobStatus.RUNNING]),
                name="job_open",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[JobStatus.DONE, JobStatus.FAILED], finished_at__isnull=False)
                | Q(status__in=[JobStatus.QUEUED, JobStatus.RUNNING], finished_at__isnull=True),
                name="job_finished_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=JobStatus.RUNNING)
                | Q(started_at__isnull=False, beat_at__isnull=False, attempts__gte=1),
                name="job_running_has_beat",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int:
        """0 to 100."""
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def status_tone(self) -> str:
        """Colour of the status tag."""
        return {JobStatus.RUNNING: "blue", JobStatus.DONE: "green", JobStatus.FAILED: "red"}.get(
            JobStatus(self.status), "grey"
        )

    @property
    def is_over(self) -> bool:
        """Done or failed."""
        return self.finished_at is not None

    @property
    def file_url(self) -> str:
        """Where the owner downloads the file; "" when there is none (any more)."""
        return reverse("job_file", args=[self.public_id]) if self.file else ""

    def get_absolute_url(self) -> str:
        return reverse("job", args=[self.public_id])
