"""Reference data: categories, refusal clauses, public-interest domains (rulebook sections 1 and 2)."""

from __future__ import annotations

from django.db import models


class _Reference(models.Model):
    name = models.CharField("名称", max_length=100, unique=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Category(_Reference):
    """What a suggestion is about (建议类别)."""

    class Meta(_Reference.Meta):
        verbose_name = "建议类别"


class RefusalClause(_Reference):
    """A ground on which a suggestion is not accepted (不予受理情形), named to the deputy."""

    class Meta(_Reference.Meta):
        verbose_name = "不予受理情形"


class PublicInterestDomain(_Reference):
    """A statutory domain of public-interest litigation (公益诉讼法定领域)."""

    statutory = models.BooleanField("法定领域", default=True)

    class Meta(_Reference.Meta):
        verbose_name = "公益诉讼领域"
