"""What can be checked of the container set-up without a container engine.

The compose file against the Compose schema (of the check-jsonschema package), every variable it names against
the settings, every file it names against the repository. With real services (make services) also every command,
run as a process with the environment the file gives it.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import yaml

from liaison.serving import port_is_free

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = ("migrate", "web", "worker", "beat")
REAL_SERVICES = bool(os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))


def variables(service: str) -> dict[str, str]:
    """The environment that the compose file gives to a service."""
    return {name: str(value) for name, value in COMPOSE["services"][service]["environment"].items()}


def env_file_variables() -> dict[str, str]:
    lines = (ROOT / "deploy" / "portal.env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def names_read_by_settings() -> set[str]:
    """Every name that base.py or prod.py asks `env` for, and the list of required ones."""
    text = "".join((ROOT / "liaison" / "settings" / f"{name}.py").read_text() for name in ("base", "prod"))
    names = set(re.findall(r"""env\.\w+\(\s*"([A-Z_]+)\"""", text))
    required = re.search(r"REQUIRED = \[(.*?)\]", text, re.DOTALL)
    assert required
    return names | set(re.findall(r'"([A-Z_]+)"', required[1]))


def test_the_file_follows_the_compose_schema() -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    result = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("service", OURS)
def test_every_variable_it_names_is_read_by_the_settings(service: str) -> None:
    known = names_read_by_settings()
    for name in [*variables(service), *env_file_variables()]:
        if name.startswith("GRANIAN_"):
            continue  # read by the app server itself, see its --help
        assert name.removesuffix("_FILE") in known, name


@pytest.mark.parametrize("service", OURS)
def test_it_gives_every_required_value(service: str) -> None:
    given = {name.removesuffix("_FILE") for name in [*variables(service), *env_file_variables()]}
    required = {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "PUBLIC_BASE_URL", "EMAIL_URL"}
    assert required <= given


@pytest.mark.parametrize("service", COMPOSE["services"])
def test_every_secret_comes_as_a_file_and_is_mounted(service: str) -> None:
    definition = COMPOSE["services"][service]
    mounted = set(definition.get("secrets", []))
    for name, value in definition.get("environment", {}).items():
        if name.endswith("_FILE"):
            assert str(value).removeprefix("/run/secrets/") in mounted
        else:
            assert not re.search(r"(SECRET|PASSWORD|TOKEN)", name)
    assert mounted <= set(COMPOSE["secrets"])


def test_every_file_it_mounts_is_in_the_repository_or_made_by_the_operator() -> None:
    made = {"./deploy/certs", "./deploy/portal.env", "deploy/portal.env"}
    for service in COMPOSE["services"].values():
        sources = [volume.partition(":")[0] for volume in service.get("volumes", [])] + service.get("env_file", [])
        for source in sources:
            if source in COMPOSE["volumes"] or source in made:
                continue
            assert (ROOT / source).exists(), source


@pytest.mark.parametrize("service", [name for name in COMPOSE["services"] if name != "migrate"])
def test_every_lasting_service_has_a_healthcheck_and_comes_back(service: str) -> None:
    assert COMPOSE["services"][service]["healthcheck"]["test"]
    assert COMPOSE["services"][service]["restart"] == "unless-stopped"


@pytest.mark.parametrize("service", OURS)
def test_our_containers_have_no_rights_they_do_not_need(service: str) -> None:
    definition = COMPOSE["services"][service]
    assert definition["read_only"] is True
    assert definition["cap_drop"] == ["ALL"]
    assert "ports" not in definition


def test_the_image_runs_as_a_user_without_rights_and_copies_only_what_the_repository_has() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")][-1] == "USER portal"
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), source
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[0] == "*", "only what is named gets into the build context"


def test_no_secret_is_built_into_the_image() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert not re.search(r"^(ENV|ARG)\b.*(SECRET|PASSWORD|_URL)", text, re.MULTILINE)
    assert "invalid" in (ROOT / "deploy" / "placeholder.env").read_text()


# ── The commands, run ────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def container(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment inside a container of ours, with this machine's services in place of db and redis."""
    place = urlsplit(os.environ["DATABASE_URL"])
    name = f"test_liaison_compose_{os.getpid()}"
    server = urlunsplit(place._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    (tmp_path / "secret_key").write_text("for-the-test-only-" + "x" * 50)
    (tmp_path / "database_password").write_text(place.password or "unused")
    (tmp_path / "email_url").write_text("smtp://127.0.0.1:9")
    (tmp_path / "data" / "celery").mkdir(parents=True)
    environment = {"PATH": os.environ["PATH"], "HOSTNAME": "test", "DJANGO_SETTINGS_MODULE": "liaison.settings.prod"}
    environment |= {"VAR_DIR": str(tmp_path / "data"), "PYTHONUNBUFFERED": "1"} | env_file_variables()
    environment |= {
        key: value.replace("/run/secrets", str(tmp_path))
        for key, value in variables("web").items()
        if "GRANIAN" not in key
    }
    environment |= {"DATABASE_URL": urlunsplit(place._replace(path=f"/{name}")), "REDIS_URL": os.environ["REDIS_URL"]}
    yield environment
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def command(service: str) -> list[str]:
    """A service's command with this interpreter for `python` and the default for `${NAME:-default}`."""
    words = [re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", word) for word in COMPOSE["services"][service]["command"]]
    if words[0] == "sh":
        return [*words[:-1], re.sub(r"\bpython\b", shlex.quote(sys.executable), words[-1])]
    assert words[0] == "python"
    return [sys.executable, *words[1:]]


@contextmanager
def running(service: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command(service), cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def answers(url: str) -> int:
    """Status of a GET, 0 when nobody listens."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def eventually(url: str, status: int, process: subprocess.Popen[Any], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        if answers(url) == status:
            return True
        time.sleep(0.2)
    return False


@pytest.mark.worker
@pytest.mark.skipif(not REAL_SERVICES, reason="needs a PostgreSQL and a Redis: make services")
def test_every_command_runs_and_together_they_are_ready(container: dict[str, str]) -> None:
    migrated = subprocess.run(command("migrate"), cwd=ROOT, env=container, capture_output=True, text=True, check=False)
    assert migrated.returncode == 0, migrated.stderr

    port = next(port for port in range(18000, 18100) if port_is_free("127.0.0.1", port))
    container |= {"GRANIAN_PORT": str(port), "GRANIAN_WORKERS": "1", "GRANIAN_BLOCKING_THREADS": "2"}
    url = f"http://127.0.0.1:{port}"
    with running("web", container) as web:
        assert eventually(f"{url}/healthz", 200, web, 30)
        assert answers(f"{url}/readyz") == 503  # no worker and no beat yet
        with running("worker", container) as worker, running("beat", container):
            assert eventually(f"{url}/readyz", 200, worker, 60)
        assert web.poll() is None
