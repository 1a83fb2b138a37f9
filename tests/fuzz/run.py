"""The API by example: Schemathesis sends what the OpenAPI document allows, and what it forbids, to the real server.

usage: run.py [EXAMPLES [SEED]]

EXAMPLES bounds the cases of one address in one phase. Two runs: a client with every scope, and nobody at all. Exit
code 1 when any answer is a 5xx, has a status, a type, a header or a body that the document does not name, takes what
it forbids, or refuses what it allows.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
#: Of nobody's requests fewer are enough: all of them end at the same door.
NOBODY = 10


def main(examples: int, seed: int) -> int:
    """Make the world, start the server, run both; the worse exit code."""
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "liaison.settings.test"

    import django
    from django.db import connections

    from liaison import embedded

    django.setup()
    embedded.start_if_configured()
    from tests import database
    from tests.e2e.server import portal
    from tests.fuzz.world import build

    place = ROOT / "var" / "fuzz"
    place.mkdir(parents=True, exist_ok=True)
    print(f"… {examples} examples an address and phase, SEED={seed}", flush=True)
    with database.separate("fuzz") as name, tempfile.TemporaryDirectory(dir=place) as files:
        default = connections["default"]
        default.close()
        default.settings_dict["NAME"] = name
        token = build()
        default.close()
        with portal(database=name, files=Path(files), log=place / "server.log") as url:
            urllib.request.urlopen(f"{url}/api/v1/schema.json", timeout=120).close()  # written at the first asking
            codes = [_run(url, token, examples, seed), _run(url, "", max(2, examples // NOBODY), seed)]
    if "Traceback" in (place / "server.log").read_text():
        print(f"the server's log holds a traceback: {place / 'server.log'}")
        return 1
    return max(codes)


def _run(url: str, token: str, examples: int, seed: int) -> int:
    who = "a client with every scope" if token else "nobody"
    print(f"… as {who}", flush=True)
    command = [
        *(
            str(Path(sys.executable).with_name("st")),
            "--config-file",
            str(Path(__file__).with_name("schemathesis.toml")),
        ),
        *("run", f"{url}/api/v1/schema.json", "--url", url),
        *("--max-examples", str(examples), "--seed", str(seed)),
    ]
    command += ["--header", f"Authorization: Bearer {token}"] if token else []
    environment = os.environ | {
        "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
        "PYTHONPATH": str(ROOT),
        "NO_PROXY": "127.0.0.1",
    }
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    sys.exit(main(given[0] if given else 60, given[1] if len(given) > 1 else secrets.randbelow(10**9)))
