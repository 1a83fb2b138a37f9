"""``manage.py verify_draw <id>``: compute a draw again from its list and its seed, and compare."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from liaison.actor import system_actor
from liaison.dates import cn_datetime
from liaison.exceptions import NotFound
from votes.selectors.draw import checks_of, get_draw_for


class Command(BaseCommand):
    help = "按名单和种子重算一次随机抽取，与库中的结果核对"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", help="抽取的编号：公开页面地址里 /open/draws/ 后面的一段")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            draw = get_draw_for(system_actor("核对命令"), UUID(options["id"]))
        except (NotFound, ValueError):
            raise CommandError("没有这次抽取，请核对编号。") from None
        if draw.fixed_at is None:
            raise CommandError("名单还没有锁定，没有可以核对的。")
        self.stdout.write(f"{draw.title}（{draw.congress}）")
        self.stdout.write(f"名单锁定于 {cn_datetime(draw.fixed_at)}")
        if draw.drawn_at is not None:
            self.stdout.write(f"种子“{draw.seed}”（{draw.seed_source}），抽取于 {cn_datetime(draw.drawn_at)}")
        checks = checks_of(draw)
        for check in checks:
            self.stdout.write(f"  {'一致' if check.agrees else '不一致'}  {check.what}：{check.again}")
        if not all(check.agrees for check in checks):
            raise CommandError("与库中保存的不一致。")
        self.stdout.write("重算结果与库中一致。" if draw.is_drawn else "名单未变；还没有抽取。")
