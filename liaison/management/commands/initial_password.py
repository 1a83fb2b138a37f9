"""A way back in for whoever runs the server, when no administrator above could give a password."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from liaison.actor import system_actor
from liaison.exceptions import DomainError
from liaison.selectors.account import account_for_login
from liaison.services.user import user_initial_password


class Command(BaseCommand):
    help = "为一个账号生成一次性初始密码并解除锁定（记入审计）。同级之间不能互设密码的管理员账号，由运维人员这样处理。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="用户名", help="用户名或手机号码")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = account_for_login(username)
        if user is None:
            raise CommandError(f"没有用户名或手机号码为 {username} 的账号。")
        try:
            _, password = user_initial_password(actor=system_actor("运维"), public_id=user.public_id, version=None)
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(f"{user.name}（{user.username}）的初始密码只显示这一次，首次登录后须修改：{password}")
