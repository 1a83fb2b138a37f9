"""What a deputy lets the public see of them (亮身份)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q

from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor


class ContactKind(models.TextChoices):
    """The contact a deputy chose to show (公开联系方式)."""

    NONE = "none", "不公开联系方式"
    PHONE = "phone", "电话"
    EMAIL = "email", "电子邮箱"


class PublicProfileQuerySet(ScopedQuerySet["PublicProfile"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: profiles of the people they see; a deputy: their own; the public reads through the
        public selectors only."""
        if actor.is_system:
            return self.all()
        if actor.is_deputy:
            return self.filter(person_id=actor.person_id)
        if actor.is_congress and actor.can(Permission.STATION_VIEW):
            from deputies.models.person import Person

            return self.filter(person__in=Person.objects.visible_to(actor))
        return self.none()


@pghistory.track(exclude=["created_at", "updated_at"])
class PublicProfile(PublicModel):
    """A deputy's public profile (公开信息). Without a row the defaults hold: shown, with no contact."""

    person = models.OneToOneField("deputies.Person", on_delete=models.PROTECT, related_name="public_profile")
    introduction = models.TextField("个人简介", blank=True, validators=[MaxLengthValidator(300)])
    contact_kind = models.CharField("公开的联系方式", max_length=10, choices=ContactKind, default=ContactKind.NONE)
    contact = models.CharField("联系方式", max_length=80, blank=True)
    photo = models.ForeignKey(
        "liaison.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="照片"
    )
    hide_post = models.BooleanField("不公开职务", default=False)
    hide_unit = models.BooleanField("不公开工作单位", default=False)
    hide_photo = models.BooleanField("不公开照片", default=False)
    is_hidden = models.BooleanField("本人不公开", default=False)

    objects = PublicProfileQuerySet.as_manager()

    class Meta:
        verbose_name = "代表公开信息"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contact_kind=ContactKind.NONE, contact="")
                | (~Q(contact_kind=ContactKind.NONE) & ~Q(contact="")),
                name="publicprofile_contact_as_chosen",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}的公开信息"
