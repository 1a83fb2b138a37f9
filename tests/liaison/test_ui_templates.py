"""What holds for every template: strict CSP, known icons, and classes that the style sheets have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from liaison.templatetags import ui

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAMES = [str(path.relative_to(ROOT / "templates")) for path in TEMPLATES]
PAIRS = list(zip(NAMES, TEMPLATES, strict=True))

#: Classes that only name a part, for a script or a test.
BARE = {"no-js", "deadline", "choice-group", "note-info", "tag-grey"}


def css_classes() -> set[str]:
    sheets = [*(ROOT / "static" / "css").glob("*.css"), ROOT / "static" / ui.vendor_path("tabler-core")]
    text = "".join(re.sub(r"/\*.*?\*/|url\([^)]*\)", "", sheet.read_text(), flags=re.DOTALL) for sheet in sheets)
    return set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", text)) | BARE


KNOWN = css_classes()


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize(("name", "path"), PAIRS)
def test_a_template_holds_no_inline_style_or_script(name: str, path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:|hx-on", text), name
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script or 'type="application/json"' in script, f"{name}: {script}"
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text), f"{name} loads from another host"


@pytest.mark.parametrize(("name", "path"), PAIRS)
def test_a_template_names_only_vendored_icons(name: str, path: Path) -> None:
    used = set(re.findall(r"{%-?\s*icon\s+\"([\w-]+)\"", path.read_text()))
    assert used <= ui.icon_names(), f"{name}: add to static/vendor/icons.txt and run vendor_assets"


@pytest.mark.parametrize(("name", "path"), PAIRS)
def test_a_template_uses_only_classes_that_exist(name: str, path: Path) -> None:
    text = re.sub(r"{%.*?%}", " ", re.sub(r"[\w-]*{{.*?}}[\w-]*", "", path.read_text()))
    used = {word for value in re.findall(r'\bclass="([^"]*)"', text) for word in value.split()}
    unknown = {word for word in used if not word.endswith("-")} - KNOWN
    assert not unknown, f"{name}: not in static/css nor in the Tabler subset: {sorted(unknown)}"


def test_the_vendored_files_are_the_recorded_ones() -> None:
    import hashlib

    table = (ROOT / "static" / "vendor" / "VERSIONS.md").read_text()
    for path in (ROOT / "static" / "vendor").glob("*/*"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() in table, path.name


def test_a_phone_page_stays_under_150_kb() -> None:
    import gzip

    files = [
        *(ROOT / "static" / "css").glob("*.css"),
        ROOT / "static" / "js" / "portal.js",
        ROOT / "static" / "js" / "autosave.js",
        ROOT / "static" / "img" / "mark.svg",
        *(ROOT / "static" / ui.vendor_path(package) for package in ("tabler-core", "tabler-icons", "htmx")),
    ]
    weight = sum(len(gzip.compress(path.read_bytes())) for path in files)
    assert weight < 75_000, f"{weight} bytes before the page itself"
