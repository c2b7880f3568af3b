"""What a workbench keeps from day to day saves time and changes nothing."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.match import match_items, match_on
from boi_pipeline.matching.workbench import Workbench
from boi_pipeline.readings import processes
from tests.matching.conftest import item
from tests.matching.test_match import many_items


@settings(deadline=None, max_examples=25)
@given(st.lists(many_items, min_size=2, max_size=3))
def test_a_day_over_yesterdays_workbench_ends_as_one_over_an_empty_one(days: list[list[MatchItem]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for today in days:  # items come, go and change
            with Workbench(Path(folder) / "workbench.duckdb") as bench:
                bench.load(today)
                kept = match_on(bench)
            assert kept == match_items(today)


def calls(count: int) -> list[MatchItem]:
    """Pairs of announcements that share a title, a convener and a day, each pair another call."""
    return [
        item(
            f"s{n % 2}/{n // 2}",
            title=f"Becas Laguna{n // 2} de ríos",
            funder_name="Fundación Río",
            text=f"Laguna{n // 2}",
        )
        for n in range(count)
    ]


def test_a_second_day_without_news_compares_nothing(tmp_path: Path) -> None:
    path = tmp_path / "workbench.duckdb"
    with Workbench(path) as bench:
        assert bench.load(calls(8)) == 8
        assert match_on(bench).compared_count > 0
    with Workbench(path) as bench:
        assert bench.load(calls(8)) == 0
        assert match_on(bench).compared_count == 0


@pytest.mark.parametrize("content", [b"no database", b""])
def test_a_workbench_that_cannot_be_read_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "workbench.duckdb"
    path.write_bytes(content)
    with Workbench(path) as bench:
        assert bench.load(calls(4)) == 4


def test_what_other_code_kept_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "workbench.duckdb"
    with Workbench(path) as bench:
        bench.load(calls(4))
    monkeypatch.setattr("boi_pipeline.matching.workbench.made_by", lambda: "other code")
    with Workbench(path) as bench:
        assert bench.load(calls(4)) == 4


def test_facts_worked_out_by_other_processes_are_the_same(tmp_path: Path) -> None:
    with processes() as executor, Workbench() as bench:
        bench.load(calls(20), executor)
        assert match_on(bench) == match_items(calls(20))
