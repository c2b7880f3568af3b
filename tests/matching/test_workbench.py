"""What a workbench keeps from day to day saves time and changes nothing."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boi_pipeline.matching import neighbours
from boi_pipeline.matching.candidates import BLOCKS
from boi_pipeline.matching.groups import MatchRules
from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.match import match_items, match_on
from boi_pipeline.matching.neighbours import Vectors
from boi_pipeline.matching.workbench import Workbench
from boi_pipeline.records import Decision
from boi_pipeline.stages.readings import processes
from tests.examples import dear
from tests.matching.conftest import SPELLING, answer, item
from tests.matching.test_match import PAGE, made_items, many_answers, many_items


@st.composite
def some_days(draw: st.DrawFn) -> list[tuple[list[MatchItem], list[Decision]]]:
    """Days on which some announcements leave, some change, some come, and people answer otherwise."""
    today = draw(many_items)
    days = [(today, draw(many_answers))]
    for _ in range(draw(st.integers(1, 3))):
        news = draw(st.lists(made_items, max_size=3, unique_by=lambda one: one.item_id))
        leave = {one.item_id for one in news} | set(
            draw(st.lists(st.sampled_from([one.item_id for one in today] or ["none"]), max_size=2))
        )
        today = [one for one in today if one.item_id not in leave] + news
        days.append((draw(st.permutations(today)), draw(many_answers)))
    return days


@contextmanager
def narrow_blocks(most: int) -> Iterator[None]:
    """Blocks that so few announcements fill that a day of few takes them over their bound and back."""
    with patch.dict(BLOCKS, {kind: (most, query) for kind, (_, query) in BLOCKS.items()}):
        yield


def compared(bench: Workbench) -> set[tuple[object, ...]]:
    return set(
        bench.rows(
            """select x.item_id, y.item_id, p.chance, h.chance from pairs p left join heard h using (a, b)
            join facts x on x.n = a join facts y on y.n = b"""
        )
    )


@pytest.mark.parametrize("with_neighbours", [False, True], ids=["words alone", "with neighbours"])
@dear(8)
@given(some_days(), st.integers(2, 4))
def test_a_day_over_yesterdays_workbench_ends_as_one_over_an_empty_one(
    with_neighbours: bool, days: list[tuple[list[MatchItem], list[Decision]]], most: int
) -> None:
    rules = MatchRules(max_shared=most)
    vectors = Vectors(SPELLING) if with_neighbours else None
    with narrow_blocks(most), patch.multiple(neighbours, NEAREST=1, FLOOR=0.1), Workbench(vectors=vectors) as bench:
        for today, answers in days:
            bench.load(today)
            kept = match_on(bench, answers, rules)
            with Workbench(vectors=vectors) as anew:
                anew.load(today)
                assert kept == match_on(anew, answers, rules)
                assert compared(bench) == compared(anew)


def test_what_a_crowd_shares_joins_again_once_the_crowd_is_gone(tmp_path: Path) -> None:
    crowd = [item(f"s{n}/1", apply_url=PAGE, title="Becas del Faro") for n in range(21)]
    for today, count in ((crowd[:20], 1), (crowd, 21), (crowd[1:], 1), (crowd[:2], 1), ([], 0), (crowd, 21)):
        with Workbench(tmp_path / "workbench.duckdb") as bench:
            bench.load(today)
            result = match_on(bench)
        assert len(result.clusters) == count and len(result.conflicts) == (len(today) == 21)


def test_a_day_that_was_broken_off_is_made_up_for(tmp_path: Path) -> None:
    path = tmp_path / "workbench.duckdb"
    with Workbench(path) as bench:
        bench.load(calls(8))
        match_on(bench)
    with Workbench(path) as bench:  # only as far as the pairs
        bench.load(calls(16)[3:])
        bench.compare(20)
    with Workbench(path) as bench:  # only as far as the facts
        bench.load(calls(12)[5:])
    with Workbench(path) as bench:
        bench.load(calls(14)[4:])
        assert match_on(bench) == match_items(calls(14)[4:])


def test_an_announcement_that_comes_twice_leaves_the_workbench_as_it_was(tmp_path: Path) -> None:
    with Workbench(tmp_path / "workbench.duckdb") as bench:
        bench.load(calls(6))
        match_on(bench)
        with pytest.raises(ValueError, match="s0/1: this item comes twice"):
            bench.load([*calls(4), item("s0/1", title="Otra")])
        assert bench.load(calls(6)) == 0
        assert match_on(bench) == match_items(calls(6))


def test_other_bounds_are_heard_the_same_day() -> None:
    crowd = [item(f"s{n}/1", apply_url=PAGE, title="Becas del Faro") for n in range(5)]
    with Workbench() as bench:
        bench.load(crowd)
        for rules in (MatchRules(), MatchRules(max_shared=4), MatchRules(max_cluster=3), MatchRules()):
            assert match_on(bench, [answer(1, "same", "s0/1", "gone/1")], rules) == match_items(
                crowd, [answer(1, "same", "s0/1", "gone/1")], rules
            )


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


def test_what_other_processes_work_out_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boi_pipeline.matching.match.TOGETHER", 3)
    monkeypatch.setattr("boi_pipeline.matching.batches.MANY", 10)
    monkeypatch.setattr("boi_pipeline.matching.batches.BATCH", 3)  # more than the others are handed at once
    asked: list[int] = []

    @contextmanager
    def workers() -> Iterator[Executor]:
        asked.append(1)
        with processes(spared=1) as executor:
            yield executor

    with Workbench() as bench:
        bench.load(calls(9), workers)
        assert not asked, "processes are not worth it for few"
        bench.load(calls(20), workers)
        assert asked
        answers = [
            answer(1, "same", "s0/1", "s1/7"),
            answer(2, "not_same", "s0/2", "s1/2"),
            answer(3, "same", "s0/3", "gone/1"),
        ]
        assert match_on(bench, answers) == match_items(calls(20), answers)
        assert bench.helpers is None, "they end while the rest goes on"
        bench.load(calls(40), workers)
        assert len(asked) == 2 and match_on(bench, answers) == match_items(calls(40), answers)
