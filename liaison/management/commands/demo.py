"""``manage.py demo``: real places, made-up people, a few months of work. Idempotent; never in production."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.module_loading import import_string

from liaison.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from liaison.exceptions import NotFound
from liaison.registry import registry
from liaison.selectors.region import get_region

THINGS_TO_TRY = (
    "用“经办”登录，在“建议办理”里登记一件待登记的建议并交办给市生态环境局。",
    "用“检察院”登录，看“公益诉讼转交”里明天到期和已经超期的线索，反馈转化意见。",
    "用“代表”登录（把窗口缩到手机宽度），以益阳市人大代表身份写一件建议，拍照上传，提交，再看办理时间线。",
)


class Command(BaseCommand):
    help = "装入演示数据（益阳市，可重复执行）；--accounts 只列出演示账号"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="只列出演示账号和可以试的几件事")

    def handle(self, *args: Any, accounts: bool, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("演示数据只能在演示模式（DEMO_MODE）下装入。")
        if accounts:
            self._print_accounts()
            return
        try:
            get_region("430900")
        except NotFound:
            raise CommandError("请先执行 manage.py load_regions 装入行政区划。") from None
        for loader in [*registry.demos, *registry.demos_last]:
            with transaction.atomic():
                import_string(loader)(lambda line: self.stdout.write(f"  {line}"))
        self.stdout.write("演示数据已就绪。")

    def _print_accounts(self) -> None:
        self.stdout.write("演示账号（登录页可直接点选）：")
        for account in DEMO_ACCOUNTS:
            self.stdout.write(f"  {account.username:<18}{account.label}")
        self.stdout.write(f"  密码均为 {DEMO_PASSWORD}")
        self.stdout.write("可以试试：")
        more = [line for hints in registry.demo_hints for line in import_string(hints)()]
        for number, line in enumerate((*THINGS_TO_TRY, *more), 1):
            self.stdout.write(f"  {number}. {line}")
