"""``manage.py remind``: one scan for reminders, as the beat does it every ten minutes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from liaison.dates import cn_datetime
from liaison.selectors.reminder import reminders_waiting
from liaison.services.reminder import reminders_scan


class Command(BaseCommand):
    help = "Run one scan: tell everybody what they have not been told yet, and print what was done."

    def handle(self, *args: Any, **options: Any) -> None:
        result = reminders_scan(now=timezone.now())
        lines = [f"{cn_datetime(result.now)} 扫描完成。"]
        if result.recomputed:
            lines.append(f"工作日历有改动，{result.recomputed}件期限改了日期，已通知有关人员。")
        if result.told:
            lines.append(
                f"发出提醒{result.told}条，涉及{result.deadlines}件期限；其中给督办机构{result.supervisors}条。"
            )
        else:
            lines.append("没有新的提醒要发。")
        if result.late:
            lines.append(f"其中{result.late}条因系统曾中断而合并补发。")
        if result.unreachable:
            lines.append(f"有{result.unreachable}件期限没有可通知的人，请为责任单位分配经办或审核人员。")
        waiting, moment = reminders_waiting(now=timezone.now())
        if waiting and moment:
            lines.append(f"另有{waiting}件等到合适的时间再提醒（最早{cn_datetime(moment)}），不在夜间和休息日打扰。")
        self.stdout.write("\n".join(lines))
