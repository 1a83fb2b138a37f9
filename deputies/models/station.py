"""Liaison stations (代表联络站), studios and online general stations: where they are, when they are open, who
receives people there on which day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission

if TYPE_CHECKING:
    import datetime as dt

    from liaison.actor import Actor

#: China's bounds in degrees (GCJ-02, as Chinese maps show them): east, then north.
LONGITUDES = (73, 136)
LATITUDES = (3, 54)


class StationKind(models.TextChoices):
    """What kind of meeting place it is."""

    STATION = "station", "代表联络站"
    STUDIO = "studio", "代表工作室"
    ONLINE = "online", "线上总站"


class Weekday(models.IntegerChoices):
    """Days of the week as ISO 8601 counts them."""

    MONDAY = 1, "周一"
    TUESDAY = 2, "周二"
    WEDNESDAY = 3, "周三"
    THURSDAY = 4, "周四"
    FRIDAY = 5, "周五"
    SATURDAY = 6, "周六"
    SUNDAY = 7, "周日"


class StationQuerySet(ScopedQuerySet["Station"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: the stations of their subtree; a deputy: those they are placed in, and what is
        public; everybody else: what is public."""
        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.STATION_VIEW):
            return self.filter(region_prefix__startswith=actor.region_prefix)
        if actor.is_deputy:
            from deputies.models.placement import Placement

            own = Placement.objects.unscoped(reason="the actor's own placements").in_force()
            own = own.filter(mandate__person_id=actor.deputy_id)
            return self.filter(Q(pk__in=own.values("station_id")) | Q(is_published=True, closed_on=None))
        return self.published()

    def in_use(self) -> Self:
        """Stations that are not closed."""
        return self.filter(closed_on__isnull=True)

    def published(self) -> Self:
        """What the public may see."""
        return self.in_use().filter(is_published=True)


@pghistory.track(exclude=["created_at", "updated_at", "search"])
class Station(PublicModel):
    """One place where deputies meet people (代表联络站、代表工作室), or the online general station (线上总站) of a
    region. ``office`` is the congress office whose staff keep it."""

    region = models.ForeignKey(
        "liaison.Region", on_delete=models.PROTECT, related_name="stations", verbose_name="所在区划"
    )
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    office = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, related_name="stations", verbose_name="管理机构"
    )
    kind = models.CharField("类别", max_length=10, choices=StationKind)
    name = models.CharField("名称", max_length=60)
    address = models.CharField("地址", max_length=120, blank=True)
    longitude = models.DecimalField(
        "经度",
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(LONGITUDES[0]), MaxValueValidator(LONGITUDES[1])],
    )
    latitude = models.DecimalField(
        "纬度",
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(LATITUDES[0]), MaxValueValidator(LATITUDES[1])],
    )
    phone = models.CharField("公开电话", max_length=40, blank=True)
    introduction = models.TextField("简介", blank=True, validators=[MaxLengthValidator(1000)])
    is_published = models.BooleanField("向社会公开", default=False)
    opened_on = models.DateField("设立日期")
    closed_on = models.DateField("撤销日期", null=True, blank=True)
    close_reason = models.CharField("撤销原因", max_length=200, blank=True)
    search = SearchVectorField("检索", null=True, editable=False)

    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = "代表联络站"
        ordering = ["region_prefix", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["region"], condition=Q(kind=StationKind.ONLINE, closed_on=None), name="station_one_online"
            ),
            models.UniqueConstraint(fields=["region", "name"], condition=Q(closed_on=None), name="station_name_once"),
            models.CheckConstraint(condition=Q(kind=StationKind.ONLINE) | ~Q(address=""), name="station_has_address"),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None)
                | Q(
                    longitude__isnull=False,
                    latitude__isnull=False,
                    longitude__range=LONGITUDES,
                    latitude__range=LATITUDES,
                ),
                name="station_on_the_map",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, close_reason="")
                | (Q(closed_on__isnull=False, closed_on__gte=F("opened_on"), is_published=False) & ~Q(close_reason="")),
                name="station_closed_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["region_prefix", "id"], name="station_region"),
            GinIndex(fields=["search"], name="station_search"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("stations:detail", args=[self.public_id])

    @property
    def is_open(self) -> bool:
        """Whether it still exists."""
        return self.closed_on is None

    @property
    def state_words(self) -> str:
        """已公开, 未公开 or 已撤销."""
        return "已撤销" if not self.is_open else "已公开" if self.is_published else "未公开"

    @property
    def state_tone(self) -> str:
        """The colour of the state's tag."""
        return "grey" if not self.is_open else "green" if self.is_published else "amber"


class OpeningHours(models.Model):
    """Hours on one day of the week (开放时间); the service keeps a station's hours from overlapping."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField("星期", choices=Weekday)
    starts_at = models.TimeField("开始")
    ends_at = models.TimeField("结束")

    class Meta:
        verbose_name = "开放时间"
        ordering = ["weekday", "starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["station", "weekday", "starts_at"], name="openinghours_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="openinghours_in_order"),
            models.CheckConstraint(condition=Q(weekday__range=(1, 7)), name="openinghours_weekday"),
        ]

    def __str__(self) -> str:
        return f"{Weekday(self.weekday).label}{time_range(self.starts_at, self.ends_at)}"


class RotaDayQuerySet(ScopedQuerySet["RotaDay"]):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever sees the station."""
        return self.filter(station__in=Station.objects.visible_to(actor))

    def standing(self) -> Self:
        """Days that were not cancelled."""
        return self.filter(cancelled_at__isnull=True)


class RotaDay(PublicModel):
    """One reception day of a station (接待日): when, and which deputies receive people."""

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="rota")
    on = models.DateField("日期")
    starts_at = models.TimeField("开始")
    ends_at = models.TimeField("结束")
    note = models.CharField("说明", max_length=100, blank=True)
    mandates = models.ManyToManyField(
        "deputies.Mandate", through="RotaDuty", related_name="rota_days", verbose_name="接待代表"
    )
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True)

    objects = RotaDayQuerySet.as_manager()

    class Meta:
        verbose_name = "接待日"
        ordering = ["on", "starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "on", "starts_at"], condition=Q(cancelled_at=None), name="rotaday_once"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="rotaday_in_order"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancel_reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="rotaday_cancelled_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["station", "on", "starts_at"], name="rotaday_station")]

    def __str__(self) -> str:
        return f"{self.station} {self.on:%Y-%m-%d} {self.hours}"

    @property
    def hours(self) -> str:
        """09:00至11:30."""
        return time_range(self.starts_at, self.ends_at)


class RotaDuty(models.Model):
    """A deputy who receives people on that day (值班接待)."""

    rota_day = models.ForeignKey(RotaDay, on_delete=models.CASCADE, related_name="duties")
    mandate = models.ForeignKey("deputies.Mandate", on_delete=models.PROTECT, related_name="rota_duties")

    class Meta:
        verbose_name = "接待代表"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["rota_day", "mandate"], name="rotaduty_once")]

    def __str__(self) -> str:
        return f"{self.rota_day_id} {self.mandate_id}"


def time_range(starts_at: dt.time, ends_at: dt.time) -> str:
    """09:00至11:30."""
    return f"{starts_at:%H:%M}至{ends_at:%H:%M}"
