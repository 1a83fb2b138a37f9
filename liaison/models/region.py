"""Administrative divisions (行政区划): GB/T 2260 codes, and 9 digits for townships."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from liaison.models.base import ScopedQuerySet

if TYPE_CHECKING:
    from liaison.actor import Actor


class RegionLevel(models.TextChoices):
    """The level of a division, as in the national code table."""

    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级"
    SPECIAL = "special", "统计用区划"
    TOWNSHIP = "township", "乡级"


class RegionKind(models.TextChoices):
    """What a division is; only province, city, county, town and township have a congress."""

    PROVINCE = "province", "省"
    PREFECTURE = "prefecture", "地级市（州）"
    COUNTY = "county", "县（市、区）"
    TOWN = "town", "镇"
    TOWNSHIP = "township", "乡"
    SUBDISTRICT = "subdistrict", "街道"
    QUASI = "quasi", "类似乡级单位"
    STATISTICAL_ZONE = "statistical_zone", "统计用区"


class RegionQuerySet(ScopedQuerySet["Region"]):
    def visible_to(self, actor: Actor) -> Self:
        """Divisions are public; everybody sees those in force."""
        return self.filter(is_active=True)

    def subtree(self, prefix: str) -> Self:
        """This division and everything below it: one index range on ``prefix``."""
        return self.filter(prefix__startswith=prefix)


class Region(models.Model):
    """One division. ``prefix`` is the code without trailing zeros: a subtree is a prefix range."""

    code = models.CharField("区划代码", max_length=9, unique=True)
    prefix = models.CharField("代码前缀", max_length=9, unique=True, db_collation="C")
    name = models.CharField("名称", max_length=60)
    full_name = models.CharField("全称", max_length=200)
    level = models.CharField("层级", max_length=10, choices=RegionLevel)
    kind = models.CharField("类别", max_length=20, choices=RegionKind)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    statistical_only = models.BooleanField("仅统计用", default=False)
    is_active = models.BooleanField("在用", default=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "行政区划"
        ordering = ["prefix"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level=RegionLevel.PROVINCE) | models.Q(parent__isnull=False),
                name="region_parent_unless_province",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.name

    @property
    def has_congress(self) -> bool:
        """Whether the division has a people's congress (街道和统计用区 have none: 地方组织法)."""
        return not self.statistical_only and self.kind not in {
            RegionKind.SUBDISTRICT,
            RegionKind.QUASI,
            RegionKind.STATISTICAL_ZONE,
        }


def prefix_of(code: str) -> str:
    """The subtree prefix of a code: 430000 → 43, 430900 → 4309, 430981 → 430981, 430981101 → itself."""
    if len(code) == 6:
        if code.endswith("0000"):
            return code[:2]
        if code.endswith("00"):
            return code[:4]
    return code
