"""Rebuild ``static/vendor/`` from unpacked npm packages (see ``static/vendor/VERSIONS.md``).

Takes only what the portal uses: a subset of Tabler's style sheet, a sprite of the listed icons,
and two minified scripts as published. Nothing is fetched by this command.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

VENDOR = Path(__file__).resolve().parents[3] / "static" / "vendor"

#: Class names of Tabler that stay. A selector stays when it names no class, or only these.
KEEP = re.compile(
    r"""^(
      container(-fluid|-xl)? | row(-cols-\w+|-cards)? | col(-(sm|md|lg|xl))?(-(auto|\d+))? | g[xy]?-[0-5]
    | (d|flex|justify-content|align-items|align-self|order|float|gap|row-gap|column-gap)-[\w-]+
    | [mp][tbsexy]?(-(sm|md|lg|xl))?-([0-5]|auto)
    | (h|fs)-?[1-6] | fw-\w+ | w-(25|50|75|100|auto) | mw-100 | lead | small | mark
    | text-(start|center|end|nowrap|wrap|break|truncate|reset|secondary|muted|body|danger|decoration-none)
    | text-(sm|md|lg|xl)-(start|center|end)
    | border(-(top|end|bottom|start))?(-0)? | rounded(-\d)?
    | position-(relative|absolute|static|sticky) | overflow-(auto|hidden) | stretched-link
    | visually-hidden(-focusable)? | clearfix | vr | invisible | visible
    | btn | btn-((outline-|ghost-)?(primary|secondary|danger)|link|sm|lg|icon|list|group)
    | active | disabled | show | focus
    | card | card-(body|header|footer|title|subtitle|actions|table|link|sm|md)
    | table | table-(responsive|sm|hover|active|vcenter|nowrap|mobile(-\w+)?|bordered|borderless|striped)
    | form-(control|select|check|label|text|hint|fieldset|range|footer)
      (-(sm|lg|input|label|inline|plaintext|color|description))?
    | form-floating | col-form-label | input-group(-text|-sm|-lg)? | input-icon(-addon)?
    | is-(invalid|valid) | was-validated | (in)?valid-feedback | required
    | badge | nav | nav-(item|link|tabs|underline|fill) | tab-content | tab-pane
    | pagination | page-(item|link) | breadcrumb(-item)?
    | list-(unstyled|inline|inline-item|group)(-(item|flush|action|item-action))?
    | datagrid(-(item|title|content))? | subheader | img-fluid
    | spinner-border(-sm)?
    )$""",
    re.VERBOSE,
)
#: At-rules and selectors that never apply here (dark mode is not offered; the widest step is xl).
DROP = re.compile(r"\[data-bs-theme=dark\]|data-bs-theme-|\.theme-dark|-xxl|btn-check|min-width:1400px|max-width:1399")
KEYFRAMES = ("spinner-border",)


def blocks(css: str) -> list[tuple[str, str | None]]:
    """Split a style sheet into (prelude, body) at the top level; body None for a bare statement."""
    out: list[tuple[str, str | None]] = []
    position = 0
    while position < len(css):
        brace, semicolon = css.find("{", position), css.find(";", position)
        if brace == -1:
            break
        if -1 < semicolon < brace:
            out.append((css[position:semicolon].strip(), None))
            position = semicolon + 1
            continue
        depth, end = 1, brace + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        out.append((css[position:brace].strip(), css[brace + 1 : end - 1]))
        position = end
    return out


def split_selectors(prelude: str) -> list[str]:
    """Split at commas that are outside brackets."""
    parts, depth, current = [], 0, ""
    for char in prelude:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(char, 0)
        if char == "," and not depth:
            parts.append(current)
            current = ""
        else:
            current += char
    return [*parts, current]


def wanted(selector: str) -> bool:
    """Whether a selector applies to anything the portal draws."""
    if DROP.search(selector):
        return False
    return all(KEEP.match(name) for name in re.findall(r"\.(-?[A-Za-z_][\w-]*)", selector))


def subset(css: str) -> str:
    """The rules of ``css`` whose selectors are wanted."""
    out = []
    for prelude, body in blocks(css):
        if body is None:
            continue
        if prelude.startswith(("@media", "@supports")):
            inner = "" if DROP.search(prelude) else subset(body)
            if inner:
                out.append(f"{prelude}{{{inner}}}")
        elif prelude.startswith("@keyframes"):
            if prelude.removeprefix("@keyframes ").strip() in KEYFRAMES:
                out.append(f"{prelude}{{{body}}}")
        elif not prelude.startswith("@"):
            selectors = [s for s in split_selectors(prelude) if wanted(s)]
            if selectors:
                out.append(f"{','.join(selectors)}{{{body}}}")
    return "".join(out)


def drop_unused_variables(css: str) -> str:
    """Take out custom properties nobody reads; repeated, since one may read another."""
    declaration = re.compile(r"(--[\w-]+):((?:[^;{}\"]|\"[^\"]*\")*)(;|(?=\}))")
    while True:
        used = set(re.findall(r"var\(\s*(--[\w-]+)", css))
        slim = declaration.sub(partial(_if_used, used), css)
        if slim == css:
            return css
        css = slim


def _if_used(used: set[str], declaration: re.Match[str]) -> str:
    return declaration[0] if declaration[1] in used else ""


def sprite(icons: Path, names: list[str]) -> str:
    """One SVG with a ``<symbol id="name">`` for each listed outline icon."""
    symbols = []
    for name in names:
        source = icons / "outline" / f"{name}.svg"
        if not source.exists():
            raise CommandError(f"no outline icon called {name}")
        inner = re.sub(r"^.*?<svg[^>]*>|</svg>.*$", "", source.read_text(), flags=re.DOTALL)
        shapes = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>', "", inner)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(shapes.split())}</symbol>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" fill="none" stroke="currentColor" stroke-width="1.75" '
        'stroke-linecap="round" stroke-linejoin="round">\n' + "\n".join(symbols) + "\n</svg>\n"
    )


def icon_names() -> list[str]:
    """The icons the portal uses, from ``static/vendor/icons.txt`` (one a line, # for notes)."""
    lines = (line.split("#")[0].strip() for line in (VENDOR / "icons.txt").read_text().splitlines())
    return sorted({line for line in lines if line})


class Command(BaseCommand):
    help = "Rebuild static/vendor/ from a directory of unpacked npm packages"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "packages", type=Path, help="directory with tabler-core-*/, tabler-icons-*/, htmx.org-*/, echarts-*/"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        packages: Path = options["packages"]
        for old in VENDOR.iterdir():
            if old.is_dir():
                shutil.rmtree(old)
        rows = []
        for package, make in (
            ("tabler-core", self._tabler),
            ("tabler-icons", self._icons),
            ("htmx.org", self._htmx),
            ("echarts", self._echarts),
        ):
            found = sorted(packages.glob(f"{package}-*/package.json"))
            if len(found) != 1:
                raise CommandError(f"expected exactly one unpacked {package}-<version> in {packages}")
            meta = json.loads(found[0].read_text())
            target = VENDOR / f"{package.removesuffix('.org')}-{meta['version']}"
            target.mkdir()
            path = make(found[0].parent, target)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            cells = (meta["name"], meta["version"], f"`{path.relative_to(VENDOR)}`", meta["license"], f"`{digest}`")
            rows.append(f"| {' | '.join(cells)} |")
        self._write_table(rows)

    def _tabler(self, source: Path, target: Path) -> Path:
        css = (source / "dist/css/tabler.min.css").read_text().removeprefix('@charset "UTF-8";')
        banner = next(iter(re.findall(r"/\*!.*?\*/", css, re.DOTALL)), "")
        body = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
        path = target / "tabler.subset.min.css"
        path.write_text(f'@charset "UTF-8";{banner}\n{drop_unused_variables(subset(body))}\n')
        return path

    def _icons(self, source: Path, target: Path) -> Path:
        path = target / "sprite.svg"
        path.write_text(sprite(source / "icons", icon_names()))
        return path

    def _htmx(self, source: Path, target: Path) -> Path:
        return Path(shutil.copy(source / "dist/htmx.min.js", target))

    def _echarts(self, source: Path, target: Path) -> Path:
        return Path(shutil.copy(source / "dist/echarts.common.min.js", target))

    def _write_table(self, rows: list[str]) -> None:
        path = VENDOR / "VERSIONS.md"
        head = path.read_text().split("<!-- table -->")[0]
        table = ["| package | version | file | licence | sha256 |", "|---|---|---|---|---|", *rows]
        path.write_text(head + "<!-- table -->\n" + "\n".join(table) + "\n")
        self.stdout.write(f"{len(rows)} packages written to {VENDOR.name}/")
