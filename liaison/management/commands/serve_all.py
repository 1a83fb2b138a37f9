"""`make run`: prepare the database, then serve web, worker and beat until Ctrl-C."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from liaison import embedded, serving
from liaison.preparing import Stamp

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Serve the portal on this machine: web, Celery worker and beat, with demo data in demo mode."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--no-demo", action="store_true", help="load no demo data")

    def handle(self, *args: Any, port: int, no_demo: bool, **options: Any) -> None:
        if settings.ENVIRONMENT != "dev":
            raise CommandError("serve_all is for a workstation; in production each process has its own container.")
        self.url = f"http://{HOST}:{port}/"
        self.demo = settings.DEMO_MODE and not no_demo
        lock = serving.RunLock(settings.VAR_DIR / "run")
        code = 130
        # A terminal sends SIGINT, `kill` sends SIGTERM: both end the preparation in the same way. SIGINT is named
        # too, because a shell starts background jobs with it ignored, and Python leaves that so.
        signal.signal(signal.SIGTERM, _interrupt)
        signal.signal(signal.SIGINT, _interrupt)
        try:
            self._take(lock, port)
            self._prepare()
            connections.close_all()
            code = serving.supervise(
                serving.commands(host=HOST, port=port),
                cwd=settings.BASE_DIR,
                on_start=lambda groups: self._started(lock, groups),
            )
        except KeyboardInterrupt:
            pass
        finally:
            self._stop_database()
            lock.release()
        self.stdout.write("已全部停止。")
        if code not in (0, 130, 143):
            raise CommandError(f"有一个进程异常退出（代码 {code}），已停止其余进程。原因见上面的输出。")

    def _take(self, lock: serving.RunLock, port: int) -> None:
        try:
            if lock.acquire():
                self.stdout.write("上次运行被强行终止，已清理遗留的进程。")
        except serving.AlreadyRunning as running:
            raise CommandError(
                f"平台已在运行：{running.url} （进程 {running.pid}）。要重新启动，请先在那个终端按 Ctrl-C。"
            ) from None
        if not serving.port_is_free(HOST, port):
            raise CommandError(f"端口 {port} 已被其他程序占用。请换一个端口：PORT={port + 1} make run")

    def _prepare(self) -> None:
        for part in ("celery/queue", "celery/control", "files", "mail", "cache"):
            (settings.VAR_DIR / part).mkdir(parents=True, exist_ok=True)
        stamp = Stamp(demo=self.demo)
        if stamp.is_current():
            self.stdout.write("==> 数据表、行政区划和演示数据没有变化")
            return
        with self._step("更新数据表"):
            call_command("migrate", interactive=False, verbosity=0)
        with self._step("载入行政区划"):
            call_command_text("load_regions")
        if self.demo:
            with self._step("准备演示数据"):
                told = call_command_text("demo")
            self.stdout.write(told.rstrip())
        stamp.write()

    def _started(self, lock: serving.RunLock, groups: list[int]) -> None:
        lock.record(self.url, groups)
        threading.Thread(target=self._announce, daemon=True).start()

    def _announce(self) -> None:
        if not serving.wait_until_answers(f"{self.url}healthz", timeout=60):
            self.stderr.write("网页服务 60 秒内没有应答，请看上面的输出。")
            return
        lines = ["", f"平台已启动：{self.url}", ""]
        if self.demo:
            accounts = call_command_text("demo", "--accounts")
            connections.close_all()
            lines += [accounts.rstrip(), ""]
        lines += ["按 Ctrl-C 停止。", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()

    def _stop_database(self) -> None:
        connections.close_all()
        if settings.EMBEDDED_POSTGRES:
            cluster = embedded.Cluster(settings.BASE_DIR, settings.EMBEDDED_POSTGRES)
            embedded.release(cluster)
            if not embedded.wait_until_stopped(cluster):
                self.stdout.write("内置数据库仍被其他程序使用，它们结束后自动停止。")

    @contextmanager
    def _step(self, what: str) -> Iterator[None]:
        self.stdout.write(f"==> {what} … ", ending="")
        self.stdout.flush()
        begin = time.monotonic()
        yield
        self.stdout.write(f"{time.monotonic() - begin:.1f} 秒")


def call_command_text(*args: str) -> str:
    """Run a management command and return what it prints."""
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def _interrupt(*args: Any) -> None:
    raise KeyboardInterrupt
