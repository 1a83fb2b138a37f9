"""Groups of deputies (代表小组) and professional groups (专业代表小组)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor


class GroupKind(models.TextChoices):
    """What holds a group together: where its members live, or what they know."""

    GROUP = "group", "代表小组"
    PROFESSIONAL = "professional", "专业代表小组"


class GroupRole(models.TextChoices):
    """What a member is in a group."""

    LEADER = "leader", "组长"
    DEPUTY_LEADER = "deputy_leader", "副组长"
    MEMBER = "member", "组员"


class DeputyGroupQuerySet(ScopedQuerySet["DeputyGroup"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: the groups of their subtree; a deputy: those they belong to."""
        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.STATION_VIEW):
            return self.filter(region_prefix__startswith=actor.region_prefix)
        if actor.is_deputy:
            own = GroupMembership.objects.filter(mandate__person_id=actor.deputy_id, ended_on=None)
            return self.filter(pk__in=own.values("group_id"))
        return self.none()

    def standing(self) -> Self:
        """Groups that were not dissolved."""
        return self.filter(dissolved_on__isnull=True)


class DeputyGroup(PublicModel):
    """A group of deputies. Members may come from every level (跨级编组)."""

    kind = models.CharField("类别", max_length=12, choices=GroupKind)
    name = models.CharField("名称", max_length=60)
    field_name = models.CharField("专业领域", max_length=30, blank=True)
    region = models.ForeignKey("liaison.Region", on_delete=models.PROTECT, related_name="+", verbose_name="所在区划")
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    office = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, related_name="deputy_groups", verbose_name="管理机构"
    )
    station = models.ForeignKey(
        "deputies.Station",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="groups",
        verbose_name="所在联络站",
    )
    founded_on = models.DateField("成立日期")
    dissolved_on = models.DateField("解散日期", null=True, blank=True)
    dissolve_reason = models.CharField("解散原因", max_length=200, blank=True)

    objects = DeputyGroupQuerySet.as_manager()

    class Meta:
        verbose_name = "代表小组"
        ordering = ["region_prefix", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"], condition=Q(dissolved_on=None), name="deputygroup_name_once"
            ),
            models.CheckConstraint(
                condition=Q(kind=GroupKind.GROUP, field_name="") | (Q(kind=GroupKind.PROFESSIONAL) & ~Q(field_name="")),
                name="deputygroup_professional_has_field",
            ),
            models.CheckConstraint(
                condition=Q(dissolved_on=None, dissolve_reason="")
                | (Q(dissolved_on__isnull=False, dissolved_on__gte=F("founded_on")) & ~Q(dissolve_reason="")),
                name="deputygroup_dissolved_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["region_prefix", "id"], name="deputygroup_region")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("groups:detail", args=[self.public_id])


class GroupMembership(PublicModel):
    """A deputy in a group, with their part in it."""

    group = models.ForeignKey(DeputyGroup, on_delete=models.PROTECT, related_name="memberships")
    mandate = models.ForeignKey("deputies.Mandate", on_delete=models.PROTECT, related_name="group_memberships")
    role = models.CharField("组内职务", max_length=15, choices=GroupRole, default=GroupRole.MEMBER)
    started_on = models.DateField("入组日期")
    ended_on = models.DateField("离组日期", null=True, blank=True)

    class Meta:
        verbose_name = "小组成员"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "mandate"], condition=Q(ended_on=None), name="groupmembership_once"
            ),
            models.UniqueConstraint(
                fields=["group"], condition=Q(role=GroupRole.LEADER, ended_on=None), name="groupmembership_one_leader"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")), name="groupmembership_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.mandate_id}"
