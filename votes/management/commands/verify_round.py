"""``manage.py verify_round <public id>``: count again from the stored ballots, and compare."""

from __future__ import annotations

import argparse
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from liaison.actor import system_actor
from liaison.exceptions import NotFound
from votes.selectors.result import sheet_of
from votes.selectors.round import get_round_for, recount


class Command(BaseCommand):
    help = "用库中保存的选票重新计票，核对名册摘要、选票摘要和得票；不一致时退出码为1"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("round", type=UUID, help="投票的编号，即网址中的那一段")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            round_ = get_round_for(system_actor("verify_round"), options["round"])
            again = recount(round_)
        except NotFound as error:
            raise CommandError(error.message) from error
        lines = [f"{round_.title}（{round_.congress}）", f"选票{again.ballots}张，摘要{again.ballots_hash}"]
        lines.append(f"名册{round_.roll_count}名，摘要{again.roll_hash}")
        if again.result:
            sheet = sheet_of(again.result, kind=round_.kind, scale=round_.scale)
            lines += [
                *sheet.arithmetic,
                *(f"{line.position}. {line.name}：{line.sum_text}，{line.outcome}" for line in sheet.lines),
            ]
            lines.append(sheet.conclusion)
        self.stdout.write("\n".join(lines))
        if not again.agrees:
            raise CommandError("复核不一致：" + " ".join(again.problems))
        self.stdout.write("复核一致。")
