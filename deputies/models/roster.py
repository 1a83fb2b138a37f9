"""Roster imports (名册导入): a preview line for every row, then all or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.urls import reverse

from deputies.states import RosterStatus
from liaison.models.base import PublicModel, ScopedQuerySet

if TYPE_CHECKING:
    from liaison.actor import Actor


#: Colours of the status tag.
TONES = {
    RosterStatus.READING: "blue",
    RosterStatus.PREVIEW: "amber",
    RosterStatus.APPLYING: "blue",
    RosterStatus.DONE: "green",
    RosterStatus.FAILED: "red",
    RosterStatus.DISCARDED: "grey",
}


def roster_file_path(instance: RosterImport, filename: str) -> str:
    """A path that tells nothing about content or owner; the file goes when the import ends."""
    return f"rosters/{instance.public_id.hex}"


class RosterImportQuerySet(ScopedQuerySet["RosterImport"]):
    def visible_to(self, actor: Actor) -> Self:
        """The imports of one's own office."""
        if actor.is_system:
            return self.all()
        return self.filter(office_id=actor.organisation_id) if actor.is_congress else self.none()


class RosterImport(PublicModel):
    """One uploaded roster of one congress."""

    congress = models.ForeignKey("deputies.Congress", on_delete=models.PROTECT, related_name="roster_imports")
    office = models.ForeignKey("liaison.Organisation", on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey("liaison.Job", on_delete=models.PROTECT, null=True, related_name="+")
    file = models.FileField("文件", upload_to=roster_file_path, max_length=200, blank=True)
    file_name = models.CharField("文件名", max_length=200)
    status = models.CharField("状态", max_length=12, choices=RosterStatus, default=RosterStatus.READING)
    error = models.TextField("失败原因", blank=True)
    remarks = models.JSONField("提示", default=list, blank=True, help_text="对整份名册的提示，例如将新增的选举单位。")
    count_new = models.PositiveIntegerField("新增", default=0)
    count_changed = models.PositiveIntegerField("变更", default=0)
    count_same = models.PositiveIntegerField("相同", default=0)
    count_wrong = models.PositiveIntegerField("有误", default=0)
    applied_at = models.DateTimeField("导入时间", null=True, blank=True)
    emptied_at = models.DateTimeField("个人信息清除时间", null=True, blank=True)

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        verbose_name = "名册导入"
        ordering = ["-id"]
        indexes = [models.Index(fields=["office", "-id"], name="rosterimport_office")]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("deputies:roster", args=[self.public_id])

    @property
    def count_total(self) -> int:
        """Rows of the preview, whatever their verdict."""
        return self.count_new + self.count_changed + self.count_same + self.count_wrong

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has it, or will take it."""
        busy = self.status in {RosterStatus.READING, RosterStatus.APPLYING}
        return busy and self.job is not None and not self.job.is_over

    @property
    def status_words(self) -> str:
        """The status as pages name it: a preview says at once whether it can be confirmed."""
        if self.status == RosterStatus.PREVIEW and self.count_wrong:
            return "有误待改正"
        if self.status == RosterStatus.PREVIEW and not self.count_new + self.count_changed:
            return "无需导入"
        return str(RosterStatus(self.status).label)

    @property
    def status_tone(self) -> str:
        """Colour of the status tag."""
        if self.status == RosterStatus.PREVIEW and self.count_wrong:
            return "red"
        return TONES[RosterStatus(self.status)]


class RowVerdict(models.TextChoices):
    """What an import would do with a row."""

    NEW = "new", "新增"
    CHANGED = "changed", "变更"
    SAME = "same", "相同"
    WRONG = "wrong", "有误"


class RosterRow(models.Model):
    """One line of the preview: the values read, the verdict and why.

    ``values`` holds the normalised texts by column key. They are personal data: when the import ends, all but
    name and certificate number are removed. ``notes`` never holds a whole phone number.
    """

    roster_import = models.ForeignKey(RosterImport, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField("行号")
    values = models.JSONField("内容")
    verdict = models.CharField("判定", max_length=10, choices=RowVerdict)
    notes = models.JSONField("说明", default=list, help_text="变更前后的值，或错误原因。")
    fingerprint = models.CharField("核对依据摘要", max_length=20, blank=True)

    class Meta:
        verbose_name = "名册行"
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["roster_import", "line"], name="rosterrow_line_once")]
        indexes = [models.Index(fields=["roster_import", "verdict", "line"], name="rosterrow_verdict")]

    def __str__(self) -> str:
        return f"{self.line} {self.verdict}"
