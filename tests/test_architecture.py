"""The module map of docs/architecture.md is the tree; the index of decisions is their folder."""

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


def test_every_decision_is_in_the_index_under_its_title() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = dict(re.findall(r"^- \[\d{4}\]\((\S+)\) (.+)$", (folder / "README.md").read_text(), re.MULTILINE))
    assert listed == {
        path.name: path.read_text().partition("\n")[0].removeprefix("# ") for path in folder.glob("0*.md")
    }
