"""A secret vote (一轮投票): its question, its roll, its tellers, and what was counted.

Who took part stands in ``RollEntry``; how anybody voted stands in ``votes.models.ballot``. Between the two
there is no common key but the round itself: docs/ballot-secrecy.md says what that protects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission
from votes.models.programme import AppraisalScale
from votes.states import RoundStatus

if TYPE_CHECKING:
    from liaison.actor import Actor

_TONES = {
    RoundStatus.PREPARING: "grey",
    RoundStatus.OPEN: "accent",
    RoundStatus.CLOSED: "amber",
    RoundStatus.DECLARED: "green",
    RoundStatus.VOID: "grey",
}


class RoundKind(models.TextChoices):
    """What is asked (投票种类)."""

    PROJECTS = "projects", "项目票决"
    RUN_OFF = "run_off", "再次投票"
    APPRAISAL = "appraisal", "满意度测评"
    DUTY = "duty", "履职评议"
    REPORT = "report", "代表述职测评"


#: Kinds in which projects are chosen; in the others each line is rated.
CHOOSING = (RoundKind.PROJECTS, RoundKind.RUN_OFF)


class RoundQuerySet(ScopedQuerySet["Round"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: their subtree; a deputy: rounds on whose roll they stand, once they are open; everybody
        else: declared rounds whose result is public."""
        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.PROGRAMME_VIEW):
            return self.filter(region_prefix__startswith=actor.region_prefix)
        if actor.is_deputy:
            rolls = RollEntry.objects.unscoped(reason="the actor's own lines").filter(mandate_id__in=actor.mandate_ids)
            return self.filter(pk__in=rolls.values("round_id")).exclude(status=RoundStatus.PREPARING)
        return self.published()

    def published(self) -> Self:
        """Results that everybody may read and verify."""
        return self.filter(status=RoundStatus.DECLARED, is_public=True)


class Round(PublicModel):
    """One secret vote of a congress."""

    congress = models.ForeignKey("deputies.Congress", on_delete=models.PROTECT, related_name="rounds")
    office = models.ForeignKey("liaison.Organisation", on_delete=models.PROTECT, related_name="rounds")
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    programme = models.ForeignKey(
        "votes.Programme", on_delete=models.PROTECT, null=True, blank=True, related_name="rounds"
    )
    session = models.ForeignKey(
        "deputies.Session", on_delete=models.PROTECT, null=True, blank=True, related_name="rounds", verbose_name="会议"
    )
    kind = models.CharField("种类", max_length=10, choices=RoundKind)
    number = models.PositiveSmallIntegerField("轮次", default=1)
    title = models.CharField("名称", max_length=120)
    places = models.PositiveSmallIntegerField("应选数", null=True, blank=True)
    scale = models.CharField("测评档次", max_length=5, choices=AppraisalScale, default=AppraisalScale.THREE)
    is_public = models.BooleanField("结果向社会公开", default=True)
    status = models.CharField("状态", max_length=10, choices=RoundStatus, default=RoundStatus.PREPARING, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    #: Shown in the hall; deputies type it to say that they are present (签到码).
    session_code = models.CharField("签到码", max_length=6, blank=True, editable=False)
    opened_at = models.DateTimeField("开始投票", null=True, blank=True, editable=False)
    #: From this moment on no ballot is taken, whether or not somebody has pressed 截止.
    closes_at = models.DateTimeField("截止时间", null=True, blank=True)
    closed_at = models.DateTimeField("实际截止", null=True, blank=True, editable=False)
    counted_at = models.DateTimeField("计票时间", null=True, blank=True, editable=False)
    declared_at = models.DateTimeField("宣布时间", null=True, blank=True, editable=False)
    void_reason = models.CharField("无效原因", max_length=300, blank=True, editable=False)
    #: SHA-256 over the frozen roll, and over the opened ballots in their shuffled order.
    roll_hash = models.CharField("名册摘要", max_length=64, blank=True, editable=False)
    ballots_hash = models.CharField("选票摘要", max_length=64, blank=True, editable=False)
    roll_count = models.PositiveIntegerField("全体代表", default=0, editable=False)
    #: Ballots are sealed to this key; its private half exists only in two shares, one a teller.
    box_key = models.BinaryField("票箱公钥", max_length=32, null=True, blank=True, editable=False)
    #: Paper ballots handed out (发出纸质票).
    paper_issued = models.PositiveIntegerField("发出纸质票", default=0)
    #: A gathering without a roll (选民会议): so many people each rate on one paper ballot. None: the congress's roll.
    raters = models.PositiveIntegerField("到会测评人数", null=True, blank=True, editable=False)
    #: What asked for it, by ``registry.appraisal_done``: ``voter_meeting:<public id>``.
    asked_by = models.CharField("来源", max_length=80, blank=True, editable=False)
    #: The count, as printed: see ``votes.selectors.result``.
    result = models.JSONField("计票结果", null=True, blank=True, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "投票"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=CHOOSING, places__gte=1) | ~Q(kind__in=CHOOSING), name="round_choice_has_places"
            ),
            models.CheckConstraint(
                condition=Q(status=RoundStatus.PREPARING, opened_at__isnull=True)
                | Q(status=RoundStatus.VOID)
                | (~Q(status__in=[RoundStatus.PREPARING, RoundStatus.VOID]) & Q(opened_at__isnull=False)),
                name="round_open_has_time",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")), name="round_closed_after_open"
            ),
            models.UniqueConstraint(
                fields=["programme", "kind", "number"], name="round_number_once", condition=Q(programme__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["asked_by"], name="round_asked_once", condition=~Q(asked_by="") & ~Q(status=RoundStatus.VOID)
            ),
            models.CheckConstraint(
                condition=Q(asked_by="", raters=None) | ~Q(asked_by=""), name="round_raters_at_a_gathering"
            ),
        ]
        indexes = [models.Index(fields=["region_prefix", "-id"], name="round_region")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_gathering(self) -> bool:
        """Whether people without a roll rate on paper only (选民会议上的测评)."""
        return self.asked_by != ""

    @property
    def chooses(self) -> bool:
        """Whether projects are chosen (赞成/反对/弃权) rather than rated."""
        return self.kind in CHOOSING

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return _TONES.get(RoundStatus(self.status), "blue")

    def get_absolute_url(self) -> str:
        return reverse("gatherings:detail" if self.is_gathering else "rounds:detail", args=[self.public_id])


class RoundOption(models.Model):
    """One line of the ballot: a candidate project, or somebody or something to be rated."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField("序号")
    name = models.CharField("名称", max_length=120)
    detail = models.TextField("说明", blank=True, validators=[MaxLengthValidator(2000)])
    candidate = models.ForeignKey(
        "votes.Candidate", on_delete=models.PROTECT, null=True, blank=True, related_name="options"
    )
    project = models.ForeignKey(
        "votes.Project", on_delete=models.PROTECT, null=True, blank=True, related_name="options"
    )

    class Meta:
        verbose_name = "投票事项"
        ordering = ["round", "position"]
        constraints = [models.UniqueConstraint(fields=["round", "position"], name="roundoption_position_once")]

    def __str__(self) -> str:
        return self.name


class TellerRole(models.TextChoices):
    """The two who open the ballot box together (监票人、计票人)."""

    SCRUTINEER = "scrutineer", "监票人"
    COUNTER = "counter", "计票人"


class Teller(models.Model):
    """One of the two tellers of a round. Their passphrase is never stored: it makes, with ``salt``, the key pair
    whose public half stands here; ``share`` is half of the box's private key, sealed to it."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="tellers")
    role = models.CharField("职责", max_length=10, choices=TellerRole)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="人员")
    salt = models.BinaryField(max_length=16, null=True, blank=True, editable=False)
    public_key = models.BinaryField(max_length=32, null=True, blank=True, editable=False)
    share = models.BinaryField(max_length=80, null=True, blank=True, editable=False)
    failures = models.PositiveSmallIntegerField("口令错误次数", default=0, editable=False)
    locked_until = models.DateTimeField("锁定至", null=True, blank=True, editable=False)
    signed_at = models.DateTimeField("签字时间", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "监票计票人"
        ordering = ["round", "role"]
        constraints = [
            models.UniqueConstraint(fields=["round", "role"], name="teller_one_a_role"),
            models.UniqueConstraint(fields=["round", "user"], name="teller_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.user.name}"


class Attendance(models.TextChoices):
    """How a deputy's presence was recorded (签到方式)."""

    CODE = "code", "本人签到"
    STAFF = "staff", "工作人员登记"


class Channel(models.TextChoices):
    """How a deputy voted: the way, never the choice (投票方式)."""

    PHONE = "phone", "手机"
    SLIP = "slip", "投票码"
    PAPER = "paper", "纸质票"


class RollEntryQuerySet(ScopedQuerySet["RollEntry"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: of the rounds they see; a deputy: their own line."""
        if actor.is_system:
            return self.all()
        if actor.is_deputy:
            return self.filter(mandate_id__in=actor.mandate_ids)
        if actor.is_congress:
            return self.filter(round__in=Round.objects.visible_to(actor))
        return self.none()


class RollEntry(PublicModel):
    """One deputy on the electoral roll of a round (代表名册), frozen when the vote opens.

    ``channel`` says that and how they took part. ``receipt_check`` lets a retry be answered with the same
    receipt while the vote is open; closing the vote wipes it.
    """

    created_at = None  # type: ignore[assignment]
    updated_at = None  # type: ignore[assignment]
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="roll")
    position = models.PositiveIntegerField("序号")
    mandate = models.ForeignKey("deputies.Mandate", on_delete=models.PROTECT, related_name="roll_entries")
    name = models.CharField("姓名", max_length=40)
    certificate_number = models.CharField("代表证号", max_length=30)
    electoral_unit = models.CharField("代表团", max_length=100, blank=True)
    attendance = models.CharField("签到", max_length=5, choices=Attendance, blank=True)
    channel = models.CharField("投票方式", max_length=5, choices=Channel, blank=True)
    slip_hash = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    receipt_check = models.CharField(max_length=64, blank=True, editable=False)

    objects = RollEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "投票名册"
        ordering = ["round", "position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "position"], name="roll_position_once"),
            models.UniqueConstraint(fields=["round", "mandate"], name="roll_mandate_once"),
            models.CheckConstraint(condition=Q(channel="") | ~Q(attendance=""), name="roll_votes_when_present"),
        ]

    def __str__(self) -> str:
        return self.name
