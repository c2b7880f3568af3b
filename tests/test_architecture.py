"""The module map of docs/architecture.md is the tree."""

import re
from pathlib import Path

import pytest

from boi_pipeline.settings import ROOT

MAP = re.search(r"^## 3\. .*?(?=^## 4\. )", (ROOT / "docs" / "architecture.md").read_text(), re.DOTALL | re.MULTILINE)
NAMED = set(re.findall(r"[\w/]+\.py|\w+/", MAP[0] if MAP else ""))


@pytest.mark.parametrize("package", ["scrapers", "boi_pipeline"])
def test_every_module_and_package_is_on_the_map(package: str) -> None:
    found = {path.name for path in (ROOT / package).glob("*.py")} | {
        f"{path.parent.name}/" for path in (ROOT / package).glob("*/__init__.py")
    }
    assert found - {"__init__.py"} <= NAMED


def test_every_module_on_the_map_exists() -> None:
    known = {
        name
        for package in ("scrapers", "boi_pipeline")
        for path in (ROOT / package).rglob("*.py")
        for name in _names(path)
    }
    assert {name for name in NAMED if name.endswith(".py")} <= known


def _names(path: Path) -> set[str]:
    return {path.name, f"{path.parent.name}/{path.name}"}
