"""Contacts (联系代表, 双联): members of the standing committee meet deputies; what deputies said and what became of it.

Source: 关于省人大常委会机关密切联系省人大代表的实施意见 (Hunan 2023): whom, content, opinions and their handling are
reported to the deputies' working body; every grass-roots deputy is invited at least once a year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from deputies.models.committee import CommitteeMember
from deputies.models.mandate import Mandate
from deputies.states import ContactOpinionStatus, ContactStatus
from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor

_TONES = {
    ContactStatus.PLANNED: "blue",
    ContactStatus.HELD: "amber",
    ContactStatus.RECORDED: "green",
    ContactStatus.CANCELLED: "grey",
}
_OPINION_TONES = {
    ContactOpinionStatus.RAISED: "amber",
    ContactOpinionStatus.ADOPTED: "blue",
    ContactOpinionStatus.ASSIGNED: "amber",
    ContactOpinionStatus.ANSWERED: "blue",
    ContactOpinionStatus.TOLD: "green",
}


class ContactWay(models.TextChoices):
    """How they meet (联系方式)."""

    VISIT = "visit", "走访"
    TALK = "talk", "座谈"
    RESEARCH = "research", "调研视察"
    LAW_CHECK = "law_check", "执法检查"
    ATTEND = "attend", "列席会议"
    GROUP = "group", "参加代表小组活动"
    SUPERVISE = "supervise", "督办建议"
    PHONE = "phone", "电话、微信"
    OTHER = "other", "其他"


class ContactQuerySet(ScopedQuerySet["Contact"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: their subtree; a deputy: contacts to which they are invited or which they lead."""
        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.CONTACT_VIEW):
            return self.filter(region_prefix__startswith=actor.region_prefix)
        if actor.is_deputy and actor.can(Permission.CONTACT_VIEW):
            invited = ContactDeputy.objects.filter(mandate__person_id=actor.deputy_id)
            leads = Contact.members.through.objects.filter(committeemember__mandate__person_id=actor.deputy_id)
            return self.filter(Q(pk__in=invited.values("contact_id")) | Q(pk__in=leads.values("contact_id")))
        return self.none()


class Contact(PublicModel):
    """One contact: one or several members, or a working body, with deputies of the congress."""

    congress = models.ForeignKey("deputies.Congress", on_delete=models.PROTECT, related_name="contacts")
    office = models.ForeignKey("liaison.Organisation", on_delete=models.PROTECT, related_name="contacts")
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    title = models.CharField("名称", max_length=80)
    way = models.CharField("联系方式", max_length=10, choices=ContactWay)
    on = models.DateField("日期")
    starts_at = models.TimeField("时间", null=True, blank=True)
    place = models.CharField("地点", max_length=100, blank=True)
    members = models.ManyToManyField(CommitteeMember, blank=True, related_name="contacts", verbose_name="组成人员")
    working_body = models.CharField("专委会、工作机构", max_length=60, blank=True)
    content = models.TextField("主要内容", blank=True, validators=[MaxLengthValidator(4000)])
    status = models.CharField(
        "状态", max_length=10, choices=ContactStatus, default=ContactStatus.PLANNED, editable=False
    )
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "联系活动"
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=ContactStatus.CANCELLED) ^ Q(cancel_reason=""), name="contact_cancelled_for_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(status=ContactStatus.RECORDED) | ~Q(content=""), name="contact_recorded_has_content"
            ),
        ]
        indexes = [
            models.Index(fields=["region_prefix", "-on", "-id"], name="contact_region"),
            models.Index(fields=["congress", "on"], name="contact_year"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("contacts:detail", args=[self.public_id])

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return _TONES[ContactStatus(self.status)]

    @property
    def is_ahead(self) -> bool:
        """Whether its day is still to come."""
        return self.on > timezone.localdate()


class ContactDeputy(models.Model):
    """A deputy invited to a contact; ``met`` is known once it was held."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="deputies")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="contacts")
    met = models.BooleanField("见面", null=True)

    class Meta:
        verbose_name = "联系的代表"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["contact", "mandate"], name="contactdeputy_once")]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.mandate_id}"


class ContactOpinionQuerySet(ScopedQuerySet["ContactOpinion"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: their subtree; a unit: what was assigned to it; a deputy: what they said, and what was
        said at contacts that they lead."""
        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.CONTACT_VIEW):
            return self.filter(contact__region_prefix__startswith=actor.region_prefix)
        if actor.is_unit and actor.can(Permission.CONTACT_ANSWER):
            return self.filter(unit_id=actor.organisation_id)
        if actor.is_deputy and actor.can(Permission.CONTACT_VIEW):
            leads = Contact.members.through.objects.filter(committeemember__mandate__person_id=actor.deputy_id)
            return self.filter(Q(mandate__person_id=actor.deputy_id) | Q(contact_id__in=leads.values("contact_id")))
        return self.none()


class ContactOpinion(PublicModel):
    """What a deputy said at a contact. ``outcome`` is how it was taken up, or the unit's answer; ``told_on`` the day
    on which the deputy was told."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="opinions")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="contact_opinions")
    text = models.TextField("意见建议", validators=[MaxLengthValidator(1000)])
    status = models.CharField(
        "状态", max_length=10, choices=ContactOpinionStatus, default=ContactOpinionStatus.RAISED, editable=False
    )
    unit = models.ForeignKey(
        "liaison.Organisation", on_delete=models.PROTECT, null=True, related_name="contact_opinions"
    )
    requirement = models.CharField("办理要求", max_length=300, blank=True)
    outcome = models.TextField("处理情况", blank=True, validators=[MaxLengthValidator(2000)])
    told_on = models.DateField("反馈代表日期", null=True, blank=True)
    told_words = models.CharField("反馈方式", max_length=200, blank=True)
    deadlines = GenericRelation("liaison.Deadline", related_query_name="contact_opinion")

    objects = ContactOpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "联系中的意见建议"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=[ContactOpinionStatus.ASSIGNED, ContactOpinionStatus.ANSWERED])
                | Q(unit__isnull=False),
                name="contactopinion_assigned_has_unit",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[ContactOpinionStatus.RAISED, ContactOpinionStatus.ASSIGNED]) | ~Q(outcome=""),
                name="contactopinion_settled_has_words",
            ),
            models.CheckConstraint(
                condition=Q(status=ContactOpinionStatus.TOLD) ^ Q(told_on=None), name="contactopinion_told_has_day"
            ),
        ]
        indexes = [models.Index(fields=["unit", "-id"], condition=Q(unit__isnull=False), name="contactopinion_unit")]

    def __str__(self) -> str:
        return self.text[:30]

    def get_absolute_url(self) -> str:
        return reverse("contacts:opinion", args=[self.public_id])

    @property
    def status_tone(self) -> str:
        """The colour of the status tag."""
        return _OPINION_TONES[ContactOpinionStatus(self.status)]


class CoverageReminder(models.Model):
    """That the office was reminded of the year's gaps in a quarter: once, however often the clock looks."""

    congress = models.ForeignKey("deputies.Congress", on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    quarter = models.PositiveSmallIntegerField("季度")
    gaps = models.PositiveIntegerField("尚未联系")

    class Meta:
        verbose_name = "联系覆盖提醒"
        constraints = [models.UniqueConstraint(fields=["congress", "year", "quarter"], name="coveragereminder_once")]

    def __str__(self) -> str:
        return f"{self.congress_id} {self.year} {self.quarter}"
