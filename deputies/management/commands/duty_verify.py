"""``manage.py duty_verify``: compute the hash of every yearly freeze again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from deputies.selectors.duty_year import canonical_lines, duty_years, hash_of
from liaison.actor import system_actor


class Command(BaseCommand):
    help = "重新计算每个履职年度归档的校验值；有不一致的以错误结束"

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for one in duty_years(system_actor()):
            is_true = hash_of(canonical_lines(one)) == one.sha256
            wrong += not is_true
            self.stdout.write(f"{one}：{'一致' if is_true else '不一致'} {one.sha256}")
        if wrong:
            raise CommandError(f"{wrong}个归档的数据与校验值不一致。")
