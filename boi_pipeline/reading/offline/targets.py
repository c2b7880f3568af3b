"""Targets of the Sustainable Development Goals a text names by number. Goals by subject belong to ``goals``."""

import re

from boi_pipeline.reading.offline.page import Page
from boi_pipeline.reading.values.targets import find_targets

_GOALS = (
    r"(?:sdgs?|ods|odd|objetivos? de desarrollo sostenible|objetivos? de desenvolvimento sustentavel|"
    r"sustainable development goals?|objectifs? de developpement durable|nachhaltigkeitsziele?n?|agenda 2030)"
)
_ABOUT_GOALS = re.compile(rf"(?<![a-z]){_GOALS}(?![a-z])")


def read_targets(page: Page) -> None:
    """Write sdg_targets, of a text that speaks of the goals at all: other plans have targets with numbers too."""
    if not _ABOUT_GOALS.search(page.folded):
        return
    kept: list[str] = []
    for start, end, target in find_targets(page.folded):
        if target in kept or page.is_silent(start):
            continue
        if page.prove("sdg_targets", "target.number", 0.9, (start, end), page.segment(start)):
            kept.append(target)
    if kept:
        page.put("sdg_targets", kept)
