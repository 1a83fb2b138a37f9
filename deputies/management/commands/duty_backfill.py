"""``manage.py duty_backfill``: what happened before the duty ledger was there enters it. May be run any time again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from liaison.registry import registry


class Command(BaseCommand):
    help = "把履职台账启用之前的建议、社情民意、监督检查等补入台账（可重复执行，已有的不会重复）"

    def handle(self, *args: Any, **options: Any) -> None:
        for backfill in registry.backfills:
            import_string(backfill)(lambda line: self.stdout.write(f"  {line}"))
        self.stdout.write("履职台账已补录。")
