"""Who is appraised (履职评议): drawn by lot from classes with a published seed, so that anybody can repeat it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from liaison.models.base import PublicModel, ScopedQuerySet

if TYPE_CHECKING:
    from liaison.actor import Actor


def _changed(*names: str) -> pgtrigger.Q:
    """A trigger's condition: one of these columns gets another value."""
    found = pgtrigger.Q()
    for name in names:
        found |= pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")})
    return found


class DrawQuerySet(ScopedQuerySet["Draw"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: their subtree; everybody else: public ones, from the moment their list is fixed."""
        if actor.is_system:
            return self.all()
        if actor.is_congress:
            return self.filter(region_prefix__startswith=actor.region_prefix)
        return self.published()

    def published(self) -> Self:
        """What everybody may read and repeat; also before the draw, or nobody could know the list beforehand."""
        return self.filter(is_public=True).exclude(list_hash="")


class Draw(PublicModel):
    """One draw by lot (随机抽取): the list is fixed first, the seed comes after, the result follows from both."""

    congress = models.ForeignKey("deputies.Congress", on_delete=models.PROTECT, related_name="draws")
    office = models.ForeignKey("liaison.Organisation", on_delete=models.PROTECT, related_name="+")
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    title = models.CharField("名称", max_length=120)
    year = models.PositiveSmallIntegerField("年度")
    #: [{"name": 类别, "take": 抽取人数, "members": [{"name": …, "post": …}]}], fixed when ``list_hash`` is set.
    classes = models.JSONField("类别和人员", default=list)
    list_hash = models.CharField("名单摘要", max_length=64, blank=True, editable=False)
    fixed_at = models.DateTimeField("名单锁定时间", null=True, blank=True, editable=False)
    #: Read out in public after the list was fixed, e.g. that day's lottery numbers.
    seed = models.CharField("公开种子", max_length=200, blank=True)
    seed_source = models.CharField("种子来源", max_length=200, blank=True)
    drawn = models.JSONField("抽取结果", default=list, blank=True, editable=False)
    drawn_at = models.DateTimeField("抽取时间", null=True, blank=True, editable=False)
    is_public = models.BooleanField("向社会公开", default=True)
    round = models.ForeignKey(
        "votes.Round", on_delete=models.PROTECT, null=True, blank=True, related_name="draws", editable=False
    )

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = "评议对象抽取"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(list_hash="", fixed_at__isnull=True) | (~Q(list_hash="") & Q(fixed_at__isnull=False)),
                name="draw_fixed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(drawn_at__isnull=True, seed="", round__isnull=True)
                | (Q(drawn_at__isnull=False, drawn_at__gte=F("fixed_at")) & ~Q(seed="") & ~Q(seed_source="")),
                name="draw_seed_after_list",
            ),
        ]
        indexes = [models.Index(fields=["region_prefix", "-id"], name="draw_region")]
        triggers = [
            pgtrigger.Protect(
                name="draw_list_fixed",
                operation=pgtrigger.Update,
                condition=_changed("classes", "list_hash", "fixed_at") & pgtrigger.Q(old__fixed_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="draw_once",
                operation=pgtrigger.Update,
                condition=_changed("seed", "seed_source", "drawn", "drawn_at")
                & pgtrigger.Q(old__drawn_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="draw_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__fixed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_fixed(self) -> bool:
        """Whether the list can no longer change (名单已锁定)."""
        return self.fixed_at is not None

    @property
    def is_drawn(self) -> bool:
        return self.drawn_at is not None

    @property
    def state_label(self) -> str:
        """Where it stands, in a word."""
        if self.is_drawn:
            return "已抽取"
        return "名单已锁定" if self.is_fixed else "拟定名单"

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        if self.is_drawn:
            return "green"
        return "blue" if self.is_fixed else "grey"

    def get_absolute_url(self) -> str:
        return reverse("draws:detail", args=[self.public_id])

    def get_public_url(self) -> str:
        """The page that everybody may open to repeat it."""
        return reverse("open_draws:draw", args=[self.public_id])
