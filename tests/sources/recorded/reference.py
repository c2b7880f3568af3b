"""Where recorded answers are, and crawls of an entity's own source files over them.

The answers are real ones, kept outside the project: a test that needs them is skipped where they are absent.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from boi_pipeline.settings import ROOT
from tests.scrapers.conftest import Crawled
from tests.sources.answers import Answer, crawl_answered

REFERENCE = Path(os.environ.get("BOI_REFERENCE_DIR") or "absent") / "data"
BOGOTA = ROOT / "entities" / "bogota" / "sources"

recorded = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="recorded answers are not here: BOI_REFERENCE_DIR names no folder with data/"
)


def answer(url: str, file: str, **given: Any) -> Answer:
    """A recorded file as the answer to a URL."""
    return Answer(url, str(REFERENCE / file), **given)


def crawl_recorded(home: Path, answers: dict[str, list[Answer]], **given: Any) -> Crawled:
    """Crawl Bogotá's sources of these names over recorded answers."""
    return crawl_answered(home, BOGOTA, answers, **given)
