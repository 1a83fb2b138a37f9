"""`python manage.py load_regions [file]`: the administrative divisions of Hunan, or of a newer file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from liaison.actor import system_actor
from liaison.regionfile import RegionFileError
from liaison.services.region import regions_load

DEFAULT_FILE = Path(settings.BASE_DIR) / "liaison" / "data" / "hunan_divisions.csv"
SHOWN = 50


class Command(BaseCommand):
    help = "Load administrative divisions from a CSV file; may be run again, and takes a newer file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=DEFAULT_FILE, help="CSV; ours when left out")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"读不了文件 {file}:{error.strerror}") from None
        try:
            loaded = regions_load(actor=system_actor("数据导入"), data=data)
        except RegionFileError as refused:
            for problem in refused.problems[:SHOWN]:
                self.stderr.write(f"{file.name} {problem}")
            if len(refused.problems) > SHOWN:
                self.stderr.write(f"……另有{len(refused.problems) - SHOWN}处。")
            raise CommandError(refused.message) from None
        self.stdout.write(
            f"行政区划 {loaded.total} 条：新增 {loaded.created}，变更 {loaded.changed}，停用 {loaded.retired}，"
            f"未变 {loaded.total - loaded.created - loaded.changed}。"
        )
        for office in loaded.orphaned:
            self.stdout.write(self.style.WARNING(f"注意：“{office}”所在区划已停用，请调整该机构。"))
