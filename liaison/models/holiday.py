"""The staff-corrected holiday table, which overrides the packaged calendar."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from liaison.dates import cn_date


class HolidayYear(models.Model):
    """A year whose official notice has been entered: its dates are no longer provisional."""

    year = models.PositiveSmallIntegerField(
        "年份", primary_key=True, validators=[MinValueValidator(2004), MaxValueValidator(2100)]
    )
    source_url = models.URLField("通知网址", max_length=300)
    imported_at = models.DateTimeField("录入时间", auto_now=True)

    class Meta:
        verbose_name = "已公布年份"
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"{self.year}年"


class Holiday(models.Model):
    """One day off (休息) or make-up working day (调休上班), with its official notice."""

    date = models.DateField("日期", unique=True)
    name = models.CharField("名称", max_length=40)
    is_off = models.BooleanField("休息日")
    source_url = models.URLField("通知网址", max_length=300)

    class Meta:
        verbose_name = "节假日"
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{cn_date(self.date)}{self.name}{self.word}"

    @property
    def word(self) -> str:
        """休息 or 上班."""
        return "休息" if self.is_off else "上班"


class CalendarState(models.Model):
    """The one row that numbers the states of the work calendar.

    Every change of the table takes its lock and raises ``version``; deadlines keep the version they were
    computed by. ``library`` is the release of the packaged calendar that ``version`` stands for;
    ``reason`` and ``changed_by`` say what the last change was and whose.
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    version = models.PositiveIntegerField("版本", default=0)
    library = models.CharField("内置日历版本", max_length=20, blank=True)
    reason = models.CharField("变更说明", max_length=200, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField("变更时间", null=True, blank=True)

    class Meta:
        verbose_name = "工作日历状态"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="calendar_state_one_row")]

    def __str__(self) -> str:
        return f"第{self.version}版"
