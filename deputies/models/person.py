"""People who are or were deputies, with their industry and expertise tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.models.user import PHONE_VALIDATOR
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor


class TagKind(models.TextChoices):
    """What a tag says of a person."""

    INDUSTRY = "industry", "行业"
    EXPERTISE = "expertise", "专长"


class Tag(models.Model):
    """An industry or an expertise (行业、专长标签)."""

    kind = models.CharField("种类", max_length=10, choices=TagKind)
    name = models.CharField("名称", max_length=30)

    class Meta:
        verbose_name = "标签"
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="tag_once")]

    def __str__(self) -> str:
        return self.name


class Gender(models.TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


#: The 56 ethnic groups (民族), by the order of the national standard.
ETHNICITIES = (
    *("汉族", "蒙古族", "回族", "藏族", "维吾尔族", "苗族", "彝族", "壮族", "布依族", "朝鲜族", "满族", "侗族"),
    *("瑶族", "白族", "土家族", "哈尼族", "哈萨克族", "傣族", "黎族", "傈僳族", "佤族", "畲族", "高山族", "拉祜族"),
    *("水族", "东乡族", "纳西族", "景颇族", "柯尔克孜族", "土族", "达斡尔族", "仫佬族", "羌族", "布朗族", "撒拉族"),
    *("毛南族", "仡佬族", "锡伯族", "阿昌族", "普米族", "塔吉克族", "怒族", "乌孜别克族", "俄罗斯族", "鄂温克族"),
    *("德昂族", "保安族", "裕固族", "京族", "塔塔尔族", "独龙族", "鄂伦春族", "赫哲族", "门巴族", "珞巴族", "基诺族"),
)


class PersonQuerySet(ScopedQuerySet["Person"]):
    def visible_to(self, actor: Actor) -> Self:
        """Congress staff: people with a mandate in a congress of their subtree, or elected from it;
        a deputy: themselves."""
        if actor.is_system:
            return self.all()
        if actor.is_congress and actor.can(Permission.DEPUTY_VIEW):
            from deputies.models.mandate import Mandate

            return self.filter(pk__in=Mandate.objects.visible_to(actor).values("person_id"))
        if actor.is_deputy:
            return self.filter(pk=actor.person_id)
        return self.none()


@pghistory.track(exclude=["created_at", "updated_at"])
class Person(PublicModel):
    """A person (代表本人). One person may hold mandates at several levels."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="person"
    )
    name = models.CharField("姓名", max_length=60)
    gender = models.CharField("性别", max_length=10, choices=Gender, blank=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    birth_month = models.DateField("出生年月", null=True, blank=True, help_text="记为当月1日。")
    phone = models.CharField("手机号码", max_length=11, blank=True, validators=[PHONE_VALIDATOR])
    employer = models.CharField("工作单位", max_length=100, blank=True)
    post = models.CharField("职务", max_length=60, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="people", verbose_name="标签")

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "代表"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["phone"],
                condition=~Q(phone=""),
                name="person_phone_once",
                violation_error_message="这个手机号码已登记在其他人名下。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("deputies:detail", args=[self.public_id])
