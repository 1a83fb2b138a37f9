"""Accounts. A user is a way to sign in; what they may do comes from postings and mandates."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from liaison.clock import now
from liaison.models.base import ScopedQuerySet
from liaison.permissions import Permission

if TYPE_CHECKING:
    from liaison.actor import Actor

PHONE_VALIDATOR = RegexValidator(r"^1[3-9]\d{9}$", "请填写11位手机号码，例如 13800001234。")


class TypeScale(models.TextChoices):
    """Large-type mode (适老化大字版)."""

    NORMAL = "normal", "标准"
    LARGE = "large", "大字"
    XLARGE = "xlarge", "特大字"


#: Permissions that let somebody look at other people's accounts.
ACCOUNT_PERMISSIONS = (Permission.USER_EDIT, Permission.POSTING_EDIT, Permission.SECURITY_EDIT)


class UserQuerySet(ScopedQuerySet["User"]):
    def visible_to(self, actor: Actor) -> Self:
        """The system and security administrators see the accounts of their region's subtree: those that
        belong to it, and those that hold a posting in it."""
        if actor.is_system:
            return self.all()
        if not actor.is_congress or not any(actor.can(permission) for permission in ACCOUNT_PERMISSIONS):
            return self.none()
        from liaison.models.posting import Posting

        postings = Posting.objects.visible_to(actor).filter(ended_at__isnull=True)
        return self.filter(Q(region__prefix__startswith=actor.region_prefix) | Q(pk__in=postings.values("user_id")))

    def for_login(self, login: str) -> Self:
        """The account that signs in by this user name or phone number (none or one: a user name begins
        with a letter)."""
        login = login.strip()
        return self.filter(phone=login) if login.isdigit() else self.filter(username__iexact=login)


class _UserManager(BaseUserManager["User"]):
    """Creates accounts; there is no superuser."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """A new account.

        Args:
            username: sign-in name, unique without regard to case.
            password: None makes an account that must set one by mail first.
        """
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)


UserManager = _UserManager.from_queryset(UserQuerySet)


class User(AbstractBaseUser):
    """A person's account (用户账号).

    ``region`` is where the account belongs (所属区划): its administrators manage it. ``version`` grows
    with each change by an administrator: a stale page is told so.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(
        "用户名",
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(r"^[A-Za-z][A-Za-z0-9_.-]{2,39}$", "用户名以字母开头,3至40位，可用字母、数字和 _ . -。")
        ],
    )
    name = models.CharField("姓名", max_length=60)
    phone = models.CharField(
        "手机号码", max_length=11, unique=True, null=True, blank=True, validators=[PHONE_VALIDATOR]
    )
    email = models.EmailField("电子邮箱", blank=True)
    region = models.ForeignKey(
        "liaison.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所属区划"
    )
    type_scale = models.CharField("字号", max_length=10, choices=TypeScale, default=TypeScale.NORMAL)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    password_changed_at = models.DateTimeField("密码修改时间", default=now)
    failed_logins = models.PositiveSmallIntegerField("连续登录失败次数", default=0)
    locked_until = models.DateTimeField("锁定至", null=True, blank=True)
    date_joined = models.DateTimeField("创建时间", default=now)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "用户"
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_ci"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    @property
    def is_locked(self) -> bool:
        """Whether sign-in is refused now (five failures, rulebook section 7)."""
        return self.locked_until is not None and self.locked_until > timezone.now()
