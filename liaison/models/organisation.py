"""Organisations (机构): congress offices, handling units, procuratorates, hotline centres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import OrganisationKind

if TYPE_CHECKING:
    from liaison.actor import Actor


class OrganisationQuerySet(ScopedQuerySet["Organisation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff see their subtree; everybody else only their own organisation."""
        if actor.is_system:
            return self.all()
        if actor.is_congress:
            return self.filter(region__prefix__startswith=actor.region_prefix)
        if actor.organisation_id is not None:
            return self.filter(pk=actor.organisation_id)
        return self.none()

    def active(self) -> Self:
        return self.filter(is_active=True)


class Organisation(PublicModel):
    """One organisation. ``department`` is the body that does the liaison work in it
    (联工委、乡镇人大主席团、第七检察部): a name that differs by place, so it is data."""

    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=40, blank=True)
    department = models.CharField("具体负责机构", max_length=60, blank=True)
    kind = models.CharField("类别", max_length=20, choices=OrganisationKind)
    region = models.ForeignKey("liaison.Region", on_delete=models.PROTECT, verbose_name="所在区划")
    phone = models.CharField("联系电话", max_length=40, blank=True)
    is_active = models.BooleanField("在用", default=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "机构"
        ordering = ["region__prefix", "kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["region", "name"], name="organisation_unique_in_region"),
            models.UniqueConstraint(
                fields=["region", "kind"],
                condition=Q(kind__in=[OrganisationKind.CONGRESS, OrganisationKind.PROCURATORATE], is_active=True),
                name="organisation_one_office_per_region",
                violation_error_message="该区划已有同类机构（人大工作机构、检察院每地各一个）。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def display(self) -> str:
        """Name with the department that does the work: 益阳市人民检察院第七检察部."""
        return f"{self.name}{self.department}"
