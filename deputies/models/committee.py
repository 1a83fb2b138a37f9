"""Members of the standing committee (常委会组成人员), and the deputies with whom each keeps contact (固定联系)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from deputies.models.mandate import Mandate
from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor


class CommitteePost(models.TextChoices):
    """A member's post: of a standing committee, or of a town's presidium."""

    DIRECTOR = "director", "主任"
    VICE_DIRECTOR = "vice_director", "副主任"
    SECRETARY = "secretary", "秘书长"
    MEMBER = "member", "委员"
    CHAIR = "chair", "主席"
    VICE_CHAIR = "vice_chair", "副主席"
    PRESIDIUM = "presidium", "主席团成员"


class CommitteeMemberQuerySet(ScopedQuerySet["CommitteeMember"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: of the congresses of their subtree; a deputy: their own membership, and those who keep
        contact with them."""
        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.CONTACT_VIEW):
            return self.filter(region_prefix__startswith=actor.region_prefix)
        if actor.is_deputy and actor.can(Permission.CONTACT_VIEW):
            links = ContactLink.objects.unscoped(reason="the actor's own links").filter(
                mandate__person_id=actor.deputy_id, ended_on=None
            )
            return self.filter(Q(mandate__person_id=actor.deputy_id) | Q(pk__in=links.values("member_id")))
        return self.none()

    def in_force(self) -> Self:
        """Members now, whose mandate stands."""
        return self.filter(ended_on=None, mandate__ended_on=None)


class CommitteeMember(PublicModel):
    """One deputy's membership. ``body`` is the committee or working body in which they serve besides."""

    congress = models.ForeignKey("deputies.Congress", on_delete=models.PROTECT, related_name="committee_members")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="committee_memberships")
    region_prefix = models.CharField("区划前缀", max_length=9, db_collation="C", editable=False)
    post = models.CharField("职务", max_length=15, choices=CommitteePost, default=CommitteePost.MEMBER)
    body = models.CharField("所在专委会、工作机构", max_length=60, blank=True)
    started_on = models.DateField("任职日期")
    ended_on = models.DateField("离任日期", null=True, blank=True)
    end_reason = models.CharField("离任原因", max_length=100, blank=True)

    objects = CommitteeMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "常委会组成人员"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["mandate"], condition=Q(ended_on=None), name="committeemember_once"),
            models.CheckConstraint(
                condition=Q(ended_on=None, end_reason="")
                | (Q(ended_on__isnull=False, ended_on__gte=F("started_on")) & ~Q(end_reason="")),
                name="committeemember_ended_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["region_prefix", "id"], name="committeemember_region")]

    def __str__(self) -> str:
        return self.mandate.person.name


class ContactLinkQuerySet(ScopedQuerySet["ContactLink"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: their subtree; a deputy: links of themselves, in either part."""
        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.CONTACT_VIEW):
            return self.filter(member__region_prefix__startswith=actor.region_prefix)
        if actor.is_deputy and actor.can(Permission.CONTACT_VIEW):
            own = Q(mandate__person_id=actor.deputy_id) | Q(member__mandate__person_id=actor.deputy_id)
            return self.filter(own)
        return self.none()

    def in_force(self, year: int) -> Self:
        """The links of a year: those made for it, and those for the whole term."""
        return self.filter(Q(year=year) | Q(year=None), ended_on=None, member__ended_on=None)


class ContactLink(PublicModel):
    """A member keeps contact with a deputy (固定联系), in one year or, without ``year``, the whole term."""

    member = models.ForeignKey(CommitteeMember, on_delete=models.PROTECT, related_name="links")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="contact_links")
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    ended_on = models.DateField("结束日期", null=True, blank=True)

    objects = ContactLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "固定联系"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mandate", "year"],
                condition=Q(ended_on=None),
                nulls_distinct=False,
                name="contactlink_one_member",
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.mandate_id}"
