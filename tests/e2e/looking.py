"""Looking at a page as a check does: axe-core's rules, nothing that scrolls sideways, large type."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

DESKTOP_WIDTH, PHONE_WIDTH, NARROWEST = 1280, 375, 320
HEIGHT = 900
LARGEST = "type-150"  # class of the largest type on <html>

_AXE = """(colours) => axe.run(document, {
  resultTypes: ["violations"], rules: {"color-contrast": {enabled: colours}},
}).then((found) => found.violations)"""

# What sticks out at the right, unless it scrolls within its own box.
_TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  const kept = (node) => {
    for (let up = node.parentElement; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).overflowX !== "visible") return true;
    }
    return false;
  };
  const out = [...document.body.querySelectorAll("*")].filter((node) => {
    const box = node.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.right > width + 1 && !kept(node);
  });
  const found = out.slice(0, 3).map((node) => {
    const box = node.getBoundingClientRect();
    return `${node.tagName.toLowerCase()}.${[...node.classList].join(".")} reaches ${Math.round(box.right)}`;
  });
  if (!found.length && document.documentElement.scrollWidth > width) {
    found.push(`the page is ${document.documentElement.scrollWidth} wide`);
  }
  return found;
}"""


def look(page: Page, *, colours_at: int | None = DESKTOP_WIDTH) -> list[str]:
    """Every fault of the page that is open, each with the width at which it shows.

    Args:
        colours_at: the width at which contrast is measured, on a page of many elements by far the longest of
            all rules: the one at which the page is mostly used, or None. All other rules are asked at both.
    """
    where = page.url.partition("//")[2].partition("/")[2]
    faults = []
    for width in (DESKTOP_WIDTH, PHONE_WIDTH):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        faults += [f"/{where} at {width}: {fault}" for fault in axe(page, colours=width == colours_at)]
    for width, large in ((NARROWEST, False), (NARROWEST, True), (DESKTOP_WIDTH, True)):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.evaluate("([name, on]) => document.documentElement.classList.toggle(name, on)", [LARGEST, large])
        size = " in the largest type" if large else ""
        faults += [f"/{where} at {width}{size}: {fault}" for fault in page.evaluate(_TOO_WIDE)]
    page.evaluate("(name) => document.documentElement.classList.remove(name)", LARGEST)
    return faults


def axe(page: Page, *, colours: bool) -> list[str]:
    """What axe-core finds on the page: the rule, the element, why."""
    if not page.evaluate("() => 'axe' in window"):
        # From the portal itself (tests/e2e/settings.py): the browser keeps it compiled from page to page.
        page.add_script_tag(url="/static/axe/axe.min.js")
    found: list[dict[str, Any]] = page.evaluate(_AXE, colours)
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))} — {_reason(node)} — {node['html'][:160]}"
        for rule in found
        for node in rule["nodes"][:3]
    ]


def _reason(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for check in [*node["any"], *node["all"], *node["none"]])[:240]
