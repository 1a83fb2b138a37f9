"""Passwords that were in use (曾用密码): only their hashes, so that the last five are not used again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class UsedPassword(models.Model):
    """The hash of a password from the day it was set. Only as many are kept as the rule needs."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="used_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "曾用密码"
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "-id"], name="usedpassword_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.set_at:%Y-%m-%d}"
