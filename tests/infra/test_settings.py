"""Production settings refuse to start without their values, and never in demo mode; secrets may come as files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import override_settings

from liaison.checks import demo_mode_stays_out_of_production

ROOT = Path(__file__).resolve().parent.parent.parent
VALUES = dict(
    line.split("=", 1) for line in (ROOT / "deploy" / "placeholder.env").read_text().splitlines() if "=" in line
)
SHOW = "import liaison.settings.prod as s; print(({}))"


def prod(values: dict[str, str], show: str = "''") -> subprocess.CompletedProcess[str]:
    """Import the production settings in a process with just these values and print `show`."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | values
    return subprocess.run(
        [sys.executable, "-c", SHOW.format(show)], env=environment, capture_output=True, text=True, check=False
    )


def test_every_missing_value_is_named_at_once() -> None:
    refusal = prod({}).stderr
    assert "ImproperlyConfigured" in refusal
    for name in VALUES:
        assert name in refusal


def test_one_missing_value_is_enough_to_refuse() -> None:
    refusal = prod(VALUES | {"REDIS_URL": " "})
    assert refusal.returncode != 0
    assert refusal.stderr.splitlines()[-1].endswith(": REDIS_URL")


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ({"DEMO_MODE": "1"}, "DEMO_MODE"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"PUBLIC_BASE_URL": "http://portal.invalid"}, "https"),
    ],
)
def test_what_does_not_belong_into_production_is_refused(extra: dict[str, str], reason: str) -> None:
    refusal = prod(VALUES | extra)
    assert refusal.returncode != 0
    assert reason in refusal.stderr.splitlines()[-1]


def test_secrets_are_read_from_files(tmp_path: Path) -> None:
    for name in ("SECRET_KEY", "EMAIL_URL"):
        (tmp_path / name).write_text(VALUES[name] + "\n")
    (tmp_path / "DATABASE_PASSWORD").write_text("p@ss/word\n")
    values = {name: value for name, value in VALUES.items() if name not in {"SECRET_KEY", "EMAIL_URL"}}
    values |= {f"{name}_FILE": str(tmp_path / name) for name in ("SECRET_KEY", "EMAIL_URL", "DATABASE_PASSWORD")}
    shown = prod(values, "s.SECRET_KEY, s.EMAIL_HOST, s.EMAIL_PORT, s.DATABASES['default']['PASSWORD']")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.strip() == str((VALUES["SECRET_KEY"], "mail.invalid", 25, "p@ss/word"))


def test_cookies_are_for_https_only_and_demo_mode_is_off() -> None:
    shown = prod(
        VALUES, "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0, s.DEBUG, s.DEMO_MODE"
    )
    assert shown.stdout.strip() == "(True, True, True, False, False)"


@pytest.mark.parametrize(("environment", "errors"), [("prod", ["liaison.E001"]), ("dev", [])])
def test_the_system_check_knows_demo_mode_in_production(environment: str, errors: list[str]) -> None:
    with override_settings(DEMO_MODE=True, ENVIRONMENT=environment):
        assert [error.id for error in demo_mode_stays_out_of_production(None)] == errors
