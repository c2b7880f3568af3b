"""Where the browser is that looks at pages, and what is asked of them. It is started by the fixture ``browser``."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

CHROMIUM = Path(os.environ.get("BOI_CHROMIUM", "/usr/bin/chromium"))
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    "resultTypes": ["violations"],  # no path to each element that passes
}
CONTRAST = {**WCAG, "runOnly": {"type": "rule", "values": ["color-contrast"]}}  # all that a colour scheme can change


@dataclass(frozen=True)
class Watched:
    """What a page said to the console or to a person, and what it asked for."""

    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, page: Page) -> "Watched":
        """Watch a page from now on."""
        found = cls()
        page.on("console", lambda message: found.said.append(message.text))
        page.on("pageerror", lambda error: found.said.append(str(error)))
        page.on("dialog", lambda dialog: (found.said.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: found.asked.append(request.url))
        return found


def violations(page: Page, rules: dict[str, Any]) -> str:
    """What axe finds against rules, in its words; nothing: an empty text."""
    page.evaluate(Axe().axe_script)
    return page.evaluate(_VIOLATIONS, rules)


_VIOLATIONS = """rules => axe.run(rules).then(found => found.violations.map(one =>
    `${one.id}: ${one.help}: ` + one.nodes.map(node => `${node.target}: ${node.failureSummary}`).join('; ')).join('\\n'))"""

needs_browser = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install chromium")


def holes(page: Page, boxes: str, apart: str = ":not(*)") -> list[float]:
    """Pixels that rows of ``boxes`` (a selector) leave empty at their end; children that match ``apart`` are no part of a row."""
    return page.evaluate(
        """([boxes, apart]) => [...document.querySelectorAll(boxes)].flatMap(box => {
            const rows = {}, edge = box.getBoundingClientRect().right;
            for (const one of box.children) {
                const at = one.getBoundingClientRect(), top = Math.round(at.top);
                if (!one.matches(apart)) rows[top] = Math.max(rows[top] ?? 0, at.right);
            }
            return Object.values(rows).map(right => edge - right).filter(gap => gap > 1);
        })""",
        [boxes, apart],
    )
