"""Rules of the house that a machine can keep: layers, lock files, late-bound names, size of files."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.utils.module_loading import import_string

from liaison.registry import registry

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("liaison", "deputies", "suggestions", "votes")
FACES = ("views", "api", "forms", "serializers", "tasks", "templatetags")
LONGEST_FILE = 440  # lines; split near 400


def sources(*packages: str) -> list[Path]:
    """Python files of the packages, without migrations."""
    return [
        path
        for package in packages
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def test_imports_point_down() -> None:
    lint = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    result = subprocess.run([*lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-prod.lock"])
def test_the_lock_is_pinned_and_hashed_and_names_no_host(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.search(r"://|^-|@ ", text, re.MULTILINE)
    requirements = re.findall(r"^([a-z0-9][\w.-]*.*?)(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
    assert len(requirements) > 50
    for requirement in requirements:
        if not requirement.lstrip().startswith("#"):
            assert "==" in requirement.splitlines()[0]
            assert "--hash=sha256:" in requirement


def test_the_production_lock_is_a_part_of_the_whole_lock() -> None:
    pins = [set(re.findall(r"^[a-z0-9][\w.-]*==\S+", (ROOT / name).read_text(), re.MULTILINE)) for name in LOCKS]
    assert pins[1] < pins[0]


LOCKS = ("requirements.lock", "requirements-prod.lock")


def test_every_scheduled_task_exists() -> None:
    current_app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in current_app.tasks, entry["task"]


def test_every_task_that_is_enqueued_by_name_exists_under_that_name() -> None:
    named = {
        name
        for path in sources(*PACKAGES)
        for name in re.findall(r"""["']((?:liaison|deputies|suggestions|votes)\.tasks\w*\.\w+)["']""", path.read_text())
    }
    kinds = set(registry.jobs.values())  # functions that the task run_job calls
    for name in named - kinds:
        assert import_string(name).name == name
    assert all(callable(import_string(name)) for name in kinds)


def test_faces_never_ask_a_manager_themselves() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources(*PACKAGES)
        if path.relative_to(ROOT).parts[1].removesuffix(".py").split("_")[0] in FACES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\.(objects|_default_manager|_base_manager)\b(?!\.none\(\))", line)
    ]
    assert not found, "use a selector (visible_to) or a service"


def test_files_are_short_enough_to_review() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources(*PACKAGES, "tests")
        if (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert not long, "split by concept"
