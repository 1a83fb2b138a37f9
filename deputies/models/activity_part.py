"""Who takes part in an activity (参加活动的代表): invited, answered, came, and what each did there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Func, Q, Value

from liaison.models.base import PublicModel, ScopedQuerySet

if TYPE_CHECKING:
    from liaison.actor import Actor


class InvitedBy(models.TextChoices):
    """By what a deputy was invited (邀请依据)."""

    GROUP = "group", "代表小组"
    STATION = "station", "联络站"
    LEVEL = "level", "层级"
    TAG = "tag", "类别或专长"
    HAND = "hand", "点名"
    SELF = "self", "本人"


class Reply(models.TextChoices):
    """What an invited deputy answered (报名)."""

    NONE = "", "未答复"
    GOING = "going", "参加"
    NOT_GOING = "not_going", "请假"


class Attendance(models.TextChoices):
    """How it is known that a deputy was there (签到方式)."""

    NONE = "", "未到"
    CODE = "code", "签到码"
    LIST = "list", "名单"


class ActivityPartQuerySet(ScopedQuerySet["ActivityPart"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: whoever takes part in an activity that they see; a deputy: their own part."""
        from deputies.models.activity import Activity

        if actor.is_system:
            return self.all()
        seen = self.filter(activity__in=Activity.objects.visible_to(actor))
        if actor.is_congress:
            return seen
        return seen.filter(person_id=actor.deputy_id) if actor.is_deputy else self.none()

    def attended(self) -> Self:
        """Those who were there."""
        return self.exclude(attendance=Attendance.NONE)


#: The figures of one deputy in an activity's record, in the order of the grid.
FIGURES = (
    "research_days",
    "people_visited",
    "opinions_heard",
    "answered_on_spot",
    "handed_over",
    "problems_solved",
    "suggestions_planned",
)


class ActivityPart(PublicModel):
    """One deputy in one activity. ``person`` repeats the mandate's person, so that the database invites somebody
    with several mandates only once. ``invited_as`` names the group, station, level or tag."""

    activity = models.ForeignKey("deputies.Activity", on_delete=models.PROTECT, related_name="parts")
    mandate = models.ForeignKey("deputies.Mandate", on_delete=models.PROTECT, related_name="activity_parts")
    person = models.ForeignKey("deputies.Person", on_delete=models.PROTECT, related_name="activity_parts")
    invited_by = models.CharField("邀请依据", max_length=10, choices=InvitedBy)
    invited_as = models.CharField("邀请说明", max_length=60, blank=True)
    reply = models.CharField("报名", max_length=10, choices=Reply, default=Reply.NONE, blank=True)
    reply_reason = models.CharField("请假原因", max_length=200, blank=True)
    replied_at = models.DateTimeField("报名时间", null=True, blank=True)
    attendance = models.CharField("签到", max_length=10, choices=Attendance, default=Attendance.NONE, blank=True)
    attended_at = models.DateTimeField("签到时间", null=True, blank=True)
    research_days = models.DecimalField("调研天数", max_digits=4, decimal_places=1, default=0)
    people_visited = models.PositiveIntegerField("走访群众", default=0)
    opinions_heard = models.PositiveIntegerField("听取意见", default=0)
    answered_on_spot = models.PositiveIntegerField("现场答复", default=0)
    handed_over = models.PositiveIntegerField("转办", default=0)
    problems_solved = models.PositiveIntegerField("解决问题", default=0)
    suggestions_planned = models.PositiveIntegerField("拟提建议", default=0)

    objects = ActivityPartQuerySet.as_manager()

    class Meta:
        verbose_name = "参加活动的代表"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "person"], name="activitypart_person_once"),
            models.CheckConstraint(
                condition=Q(reply=Reply.NOT_GOING) ^ Q(reply_reason=""), name="activitypart_stays_away_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(attendance=Attendance.NONE, attended_at=None)
                | (~Q(attendance=Attendance.NONE) & Q(attended_at__isnull=False)),
                name="activitypart_came_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(opinions_heard__gte=F("answered_on_spot") + F("handed_over")),
                name="activitypart_opinions_add_up",
            ),
            models.CheckConstraint(
                condition=Q(research_days__gte=0)
                & Q(research_days=Func(F("research_days") * Value(2), function="ROUND") / Value(2)),
                name="activitypart_half_days",
            ),
        ]
        indexes = [models.Index(fields=["person", "activity"], name="activitypart_person")]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.person_id}"

    @property
    def has_come(self) -> bool:
        """Whether the deputy was there."""
        return self.attendance != Attendance.NONE

    @property
    def figures(self) -> dict[str, object]:
        """The figures by name."""
        return {name: getattr(self, name) for name in FIGURES}
