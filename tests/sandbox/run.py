"""`make sandbox`: the portal with demo data, a simulated hotline that plays a day with it, and deputies who report.

    PORT=8000 ORDERS=200 REPORTS=20 MINUTES=10 SEED=… HOTLINE=0 WEBHOOKS=… python tests/sandbox/run.py

The portal serves at PORT, the hotline listens at PORT + 1, where a bad line to the portal is as well. HOTLINE=0 leaves
the hotline's place to a program of the reader's own, which WEBHOOKS=http://127.0.0.1:9000/… sends webhooks to.
Ctrl-C ends everything.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from liaison import serving  # noqa: E402
from tests.sandbox.machines import run_module  # noqa: E402


def number(name: str, default: int) -> int:
    """A number of the environment."""
    return int(os.environ.get(name) or default)


class Sandbox:
    """Starts and ends all of it."""

    def __init__(self) -> None:
        self.port = number("PORT", 8000)
        self.own = os.environ.get("HOTLINE") == "0"
        self.seed = number("SEED", random.SystemRandom().randrange(10**6))
        self.seconds = number("MINUTES", 10) * 60
        self.url, self.hotline = f"http://127.0.0.1:{self.port}", f"127.0.0.1:{self.port + 1}"
        self.webhooks = os.environ.get("WEBHOOKS") or f"http://{self.hotline}/webhooks"
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "tests.sandbox.settings",
            "SANDBOX_WEBHOOKS": self.webhooks,
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }
        self.processes: list[subprocess.Popen[bytes]] = []

    def run(self) -> int:
        """Until Ctrl-C, or until one of the processes ends."""
        if not serving.port_is_free("127.0.0.1", self.port + 1):
            print(f"端口 {self.port + 1} 已被占用，请换一个：make sandbox PORT={self.port + 10}")
            return 1
        try:
            portal = self._start([sys.executable, "manage.py", "serve_all", "--port", str(self.port)], {})
            while not self._answers():
                if portal.poll() is not None:
                    return 1
                time.sleep(0.5)
            staged = json.loads(run_module("tests.sandbox.stage", environment=self.environment).splitlines()[-1])
            self._explain(staged)
            self._play(staged)
            while all(one.poll() is None for one in self.processes[:2]):
                time.sleep(0.5)
            return 1
        except KeyboardInterrupt:
            return 0
        finally:
            self._end()

    def _start(self, command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
        """A session of its own: Ctrl-C comes to us, and we end them in order."""
        environment = os.environ | self.environment | environment
        process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        self.processes.append(process)
        return process

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return answer.status == 200  # type: ignore[no-any-return]
        except (urllib.error.URLError, OSError):
            return False

    def _play(self, staged: dict[str, Any]) -> None:
        client = {
            "portal": self.url,
            "client_id": staged["client_id"],
            "secret": staged["secret"],
            "webhook_secret": staged["webhook_secret"],
            "port": self.port + 1,
            "seed": self.seed,
            "orders": number("ORDERS", 200),
            "seconds": self.seconds,
            "plays": not self.own,
            "faulty": True,
            "quiet": False,
        }
        deputy = staged["people"] | {name: client[name] for name in ("seed", "orders", "seconds")}
        deputy["reports"] = number("REPORTS", 20)
        module = [sys.executable, "-m"]
        self._start([*module, "tests.sandbox.hotline"], {"SANDBOX_CLIENT": json.dumps(client)})
        self._start([*module, "tests.sandbox.deputies"], {"SANDBOX_DEPUTY": json.dumps(deputy)})

    def _explain(self, staged: dict[str, Any]) -> None:
        lines = [
            "",
            f"== 沙箱已就绪（{staged['centre']}，种子 {self.seed}）",
            f"   接口          {self.url}/api/v1      说明 {self.url}/api/v1/docs/",
            f"   坏线路        http://{self.hotline}/api/v1      十分之一先报500，十分之一丢应答，十分之一迟5秒",
            f"   CLIENT_ID     {staged['client_id']}",
            f"   CLIENT_SECRET {staged['secret']}",
        ]
        if staged["webhook_secret"]:
            lines.append(f"   通知签名密钥  {staged['webhook_secret']}      发往 {self.webhooks}")
        minutes = self.seconds // 60
        lines += [
            "   代表转12345：用 demo_deputy 登录；工作人员看工单：用 demo_clerk 登录",
            "   模拟热线不演，位置留给您的程序。"
            if self.own
            else f"   模拟热线用同一个客户端，在{minutes}分钟里演一天；要把位置留给自己的程序：make sandbox HOTLINE=0",
            "",
        ]
        print("\n".join(lines), flush=True)

    def _end(self) -> None:
        """In reverse order, the portal last."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.wait()


if __name__ == "__main__":
    for one in (signal.SIGINT, signal.SIGTERM):  # a shell starts background jobs with SIGINT ignored
        signal.signal(one, signal.default_int_handler)
    sys.exit(Sandbox().run())
