"""Attachments (附件): private files, served only through their owner's visibility."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse

from liaison.models.base import PublicModel


def attachment_path(instance: Attachment, filename: str) -> str:
    """A path that tells nothing about content or owner."""
    public = instance.public_id.hex
    return f"attachments/{public[:2]}/{public}"


class Attachment(PublicModel):
    """One file of one object. ``slot`` says what it is to the owner (材料, 答复件 …)."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    object_id = models.PositiveBigIntegerField()
    owner = GenericForeignKey()
    slot = models.CharField("用途", max_length=30)
    file = models.FileField("文件", upload_to=attachment_path, max_length=200)
    name = models.CharField("文件名", max_length=200)
    size = models.PositiveBigIntegerField("字节数")
    sha256 = models.CharField("校验值", max_length=64)
    mime = models.CharField("类型", max_length=100)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)

    class Meta:
        verbose_name = "附件"
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["content_type", "object_id", "slot"],
                condition=Q(removed_at__isnull=True),
                name="attachment_owner",
            )
        ]
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty")]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """Where those who may see the owner read it."""
        return reverse("file", args=[self.public_id])
