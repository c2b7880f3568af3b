"""What the documents tell people to type works, and what they link to is there."""

import re
import shlex
from pathlib import Path

import pytest

from boi_pipeline.settings import ROOT
from tests.stages.conftest import SampleRuns, State, run_boi

pytestmark = pytest.mark.xdist_group("sample")

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "benchmarks" / "README.md"]
COMMAND = re.compile(r"(?:^ {4}|`)uv run boi ([^`\n]+?)(?:`|$)", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?://)([^)#]*)(?:#([^)]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
SHOWN = sorted({found.partition("  #")[0].strip() for page in PAGES for found in COMMAND.findall(page.read_text())})
ELSEWHERE = (
    "run",  # test_sample.py
    "contracts --write",  # test_compatibility.py
    "ui",  # it serves until it is stopped
    "ledger export-pairs",  # test_ledger.py
    "powerbi write --entity sample --into",  # tests/powerbi: it would mend what is committed
    "source replay SOURCE",  # test_cli.py
    "source add URL",  # test_sources_cli.py
    "source check ID",  # test_sources_cli.py
)


@pytest.mark.parametrize("command", [one for one in SHOWN if not one.startswith(ELSEWHERE)])
def test_a_command_that_is_shown_works(command: str, sample: SampleRuns, first: State) -> None:
    told = run_boi(sample.home, *shlex.split(command))
    assert told.code == 0, told.err
    assert told.out


def test_the_commands_of_the_readme_are_found() -> None:
    assert {one.split()[0] for one in SHOWN} >= {"run", "status", "source", "sql", "table", "ui"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text()):
        there = page.parent / target if target else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), f"{target}#{anchor}"


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives a page's headings."""
    return {re.sub(r"[^\w -]", "", found.lower()).replace(" ", "-") for found in HEADING.findall(page.read_text())}


def test_make_has_the_targets_that_are_named() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"(?:^ {4}|`)make (\w+)", (ROOT / "README.md").read_text(), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
