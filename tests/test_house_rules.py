"""House rules that a reader would have to check by eye: faces read through selectors, every view says who may enter."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("liaison", "deputies", "suggestions", "votes")
FACES = ("views", "api", "tasks", "admin", "management")
ROOMS_WITHOUT_CHANGES = (*FACES, "forms", "serializers", "selectors", "templatetags")

#: Routes that everybody may open, and why. Whatever else has no ``access`` fails.
PUBLIC = {
    "healthz": "the container engine asks whether the process lives",
    "readyz": "the reverse proxy asks whether the portal is ready",
}

OBJECTS = re.compile(r"\.objects\b(?!\.unscoped\()")
#: Ways to write that belong into services.
CHANGES = re.compile(
    r"\.objects\.(?:create|bulk_create|bulk_update|get_or_create|update_or_create)\(|\.select_for_update\("
)


def modules(*rooms: str) -> Iterator[Path]:
    """Python files of these rooms in every package, rooms being a module or a package."""
    for package in PACKAGES:
        for room in rooms:
            folder = ROOT / package / room
            found = [
                *folder.rglob("*.py"),
                *(ROOT / package).glob(f"{room}.py"),
                *(ROOT / package).glob(f"{room}_*.py"),
            ]
            yield from sorted(path for path in found if "__pycache__" not in path.parts)


def lines_with(pattern: re.Pattern[str], path: Path) -> list[str]:
    """Where a file's code (not its comments and texts) matches."""
    code = path.read_text(encoding="utf-8")
    hidden = {
        line
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        if node.end_lineno != node.lineno
    }
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for number, line in enumerate(code.splitlines(), start=1)
        if number not in hidden and pattern.search(line.split("#")[0])
    ]


def routes(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield ":".join((*namespaces, entry.name or "")), entry
        else:
            yield from routes(entry, (*namespaces, entry.namespace) if entry.namespace else namespaces)


def test_faces_never_touch_a_manager() -> None:
    """Faces call selectors and services (rule 13); a command may read ``unscoped(reason=…)``."""
    assert [line for path in modules(*FACES) for line in lines_with(OBJECTS, path)] == []


def test_only_services_write() -> None:
    """Rule 4: every change is a service."""
    assert [line for path in modules(*ROOMS_WITHOUT_CHANGES) for line in lines_with(CHANGES, path)] == []


def test_every_view_says_who_may_enter() -> None:
    """``@signed_in``, ``@requires(…)`` or ``access = "public"``; allauth's own views guard themselves."""
    silent = [
        name
        for name, route in routes(get_resolver())
        if not getattr(route.callback, "access", None)
        and not str(getattr(route.callback, "__module__", "")).startswith("allauth.")
        and name not in PUBLIC
    ]
    assert silent == []


def test_the_public_list_is_no_longer_than_needed() -> None:
    found = dict(routes(get_resolver()))
    assert [name for name in PUBLIC if name not in found or getattr(found[name].callback, "access", None)] == []


def test_every_view_says_its_methods() -> None:
    """A view that changes something must not answer a GET; so each says what it answers."""
    answers = re.compile(r"require_(?:safe|GET|POST|http_methods)")
    silent = []
    for name, route in routes(get_resolver()):
        module = str(getattr(route.callback, "__module__", ""))
        if module.startswith(("allauth.", "drf_spectacular", "rest_framework")) or hasattr(
            route.callback, "view_class"
        ):
            continue
        source = (ROOT / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8")
        wanted = re.escape(str(getattr(route.callback, "__name__", "")))
        head = re.search(rf"((?:^@[^\n]+\n)+)def {wanted}\(", source, re.MULTILINE)
        if head is None or not answers.search(head[1]):
            silent.append(name)
    assert silent == []


def test_every_route_has_a_name() -> None:
    assert [str(route.pattern) for name, route in routes(get_resolver()) if not name.split(":")[-1]] == []


def test_templates_leave_the_escaping_on() -> None:
    """No ``|safe`` but for help texts of forms, which only code writes."""
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\|\s*safe\b|autoescape off", line) and "help_text" not in line
    ]
    assert found == []
