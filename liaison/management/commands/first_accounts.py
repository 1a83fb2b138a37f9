"""The first office and its three administrators, for a portal that nobody can sign in to yet."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from liaison.actor import system_actor
from liaison.exceptions import DomainError, NotFound
from liaison.models import Posting
from liaison.permissions import OrganisationKind, Role
from liaison.selectors.region import get_region
from liaison.services.organisation import organisation_save
from liaison.services.posting import posting_grant
from liaison.services.user import user_create, user_initial_password

ADMINISTRATORS = {"system": Role.SYSTEM_ADMIN, "security": Role.SECURITY_ADMIN, "auditor": Role.AUDITOR}


class Command(BaseCommand):
    help = (
        "建立第一个人大工作机构和三员账号（系统管理员、安全管理员、审计员），打印一次性初始密码。"
        "已经有管理员时拒绝执行：以后的账号在“系统管理”里建立。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--region", required=True, metavar="代码", help="机构所在区划，如 430900")
        parser.add_argument("--organisation", required=True, metavar="名称", help="如 益阳市人大常委会")
        parser.add_argument("--department", default="联工委", metavar="名称", help="具体负责机构，默认 联工委")
        for option, role in ADMINISTRATORS.items():
            parser.add_argument(
                f"--{option}", required=True, nargs=2, metavar=("用户名", "姓名"), help=f"担任{role.label}的人"
            )

    def handle(self, *args: Any, region: str, organisation: str, department: str, **options: Any) -> None:
        actor = system_actor("首次安装")
        if Posting.objects.unscoped(reason="whether anybody can administer").filter(ended_at__isnull=True).exists():
            raise CommandError("已经有人任职，请由系统管理员在“系统管理”里建立账号。")
        try:
            place = get_region(region)
        except NotFound:
            raise CommandError(f"没有代码为 {region} 的区划。请先执行 manage.py load_regions，或核对代码。") from None
        try:
            with transaction.atomic():
                office = organisation_save(
                    actor=actor,
                    public_id=uuid.uuid4(),
                    version=None,
                    name=organisation,
                    kind=OrganisationKind.CONGRESS,
                    region=place,
                    department=department,
                )
                passwords = []
                for option, role in ADMINISTRATORS.items():
                    username, name = options[option]
                    user = user_create(actor=actor, public_id=uuid.uuid4(), username=username, name=name, region=place)
                    posting_grant(
                        actor=actor, user_public_id=user.public_id, organisation_public_id=office.public_id, role=role
                    )
                    user.refresh_from_db()
                    _, password = user_initial_password(actor=actor, public_id=user.public_id, version=user.version)
                    passwords.append((role.label, username, password))
        except DomainError as refusal:
            reasons = [refusal.message, *refusal.fields.values()]
            raise CommandError("；".join(dict.fromkeys(reasons)) + "没有建立任何账号。") from None
        self.stdout.write(f"{office.display} 已建立。初始密码只显示这一次，首次登录后须修改：")
        for label, username, password in passwords:
            self.stdout.write(f"  {label}\t{username}\t{password}")
