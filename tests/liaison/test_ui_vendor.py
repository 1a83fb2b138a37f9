"""Rebuilding static/vendor/: what stays of Tabler's style sheet, and the sprite."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from liaison.management.commands import vendor_assets
from liaison.management.commands.vendor_assets import drop_unused_variables, split_selectors, sprite, subset


def test_only_rules_of_used_classes_stay() -> None:
    css = ".btn,.carousel{a:b}.modal{c:d}p{e:f}[data-bs-theme=dark] .btn{g:h}.col-md-6:not(.carousel){i:j}"
    assert subset(css) == ".btn{a:b}p{e:f}"


def test_at_rules_are_cut_down_too() -> None:
    css = "@media (min-width:768px){.btn{a:b}.modal{c:d}}@media print{.modal{e:f}}@keyframes x{from{g:h}}@import 'y';"
    assert subset(css) == "@media (min-width:768px){.btn{a:b}}"


def test_selectors_are_split_outside_brackets_only() -> None:
    assert split_selectors(".a:is(.b,.c),.d[x='1,2']") == [".a:is(.b,.c)", ".d[x='1,2']"]


def test_variables_that_nobody_reads_go_with_those_they_read() -> None:
    css = ":root{--a:1;--b:var(--c);--c:2}p{x:var(--a)}"
    assert drop_unused_variables(css) == ":root{--a:1;}p{x:var(--a)}"


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    for name, version, files in (
        ("tabler-core", "1.4.0", {"dist/css/tabler.min.css": '@charset "UTF-8";\n/*! Tabler */.btn{a:b}/*# x.map */'}),
        ("tabler-icons", "3.0.0", {"icons/outline/inbox.svg": '<svg a="b">\n  <path d="M1" />\n</svg>'}),
        ("htmx.org", "2.0.0", {"dist/htmx.min.js": "1"}),
        ("echarts", "6.0.0", {"dist/echarts.common.min.js": "2"}),
    ):
        for path, text in {
            "package.json": f'{{"name": "{name}", "version": "{version}", "license": "MIT"}}',
            **files,
        }.items():
            target = tmp_path / "packages" / f"{name}-{version}" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
    return tmp_path / "packages"


@pytest.fixture
def vendor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    vendor = tmp_path / "vendor"
    (vendor / "htmx-1.0.0").mkdir(parents=True)
    (vendor / "icons.txt").write_text("# shell\ninbox\n")
    (vendor / "VERSIONS.md").write_text("# Title\n<!-- table -->\nold\n")
    monkeypatch.setattr(vendor_assets, "VENDOR", vendor)
    return vendor


def test_a_rebuild_replaces_old_versions_and_writes_the_table(packages: Path, vendor: Path) -> None:
    call_command("vendor_assets", packages)
    assert sorted(path.name for path in vendor.iterdir() if path.is_dir()) == [
        "echarts-6.0.0",
        "htmx-2.0.0",
        "tabler-core-1.4.0",
        "tabler-icons-3.0.0",
    ]
    assert (vendor / "tabler-core-1.4.0" / "tabler.subset.min.css").read_text().endswith("/*! Tabler */\n.btn{a:b}\n")
    table = (vendor / "VERSIONS.md").read_text()
    assert table.startswith("# Title\n<!-- table -->\n| package |")
    assert "old" not in table


def test_a_missing_package_or_icon_is_said(packages: Path, vendor: Path) -> None:
    with pytest.raises(CommandError, match="no outline icon called nothing"):
        sprite(packages / "tabler-icons-3.0.0" / "icons", ["nothing"])
    with pytest.raises(CommandError, match="exactly one unpacked tabler-core"):
        call_command("vendor_assets", packages.parent)
