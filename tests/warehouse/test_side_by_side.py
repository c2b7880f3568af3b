"""Work side by side over one file: in its order, on connections of its own, and alone and sparingly where memory does not suffice."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import duckdb
import pytest

from boi_pipeline.warehouse import side_by_side
from boi_pipeline.warehouse.engine import connect
from boi_pipeline.warehouse.side_by_side import SideBySide, Work

Needs = Mapping[str, list[str]]
Do = Callable[[str, duckdb.DuckDBPyConnection], str]


def run(path: Path, needs: Needs, do: Do, shares: Mapping[str, float] = MappingProxyType({})) -> list[str]:
    """What comes of works that are named like what they give; ``shares`` of the memory, where a work takes any."""
    with (
        connect(path) as connection,
        SideBySide[str, str](
            connection,
            {name: name for name in needs},
            lambda name: needs[name],
            lambda name: Work(
                lambda own: do(name, own), lambda own: f"{do(name, own)}, sparingly", shares.get(name, 0)
            ),
            lambda name, error: f"{name}: {error}",
        ) as places,
    ):
        return list(places.results())


def test_each_begins_when_what_it_waits_for_is_there(tmp_path: Path) -> None:
    needs: Needs = {"a": [], "b": ["a"], "c": [], "d": ["b", "c"], "e": ["elsewhere", "e"]}

    def make(name: str, own: duckdb.DuckDBPyConnection) -> str:
        for before in needs[name]:
            if before in needs and before != name:
                assert own.sql(f"from {before}").fetchall() == [(before,)]
        own.execute(f"create table {name} as select '{name}'")
        return name

    assert run(tmp_path / "f.duckdb", needs, make) == list("abcde")


def test_what_does_not_wait_for_each_other_is_under_way_together(tmp_path: Path) -> None:
    together = threading.Barrier(2, timeout=60)

    def meet(name: str, own: duckdb.DuckDBPyConnection) -> str:
        together.wait()
        own.execute("create temp table mine as select 1")  # two connections: each has its own
        return name

    assert run(tmp_path / "f.duckdb", {"a": [], "b": []}, meet) == ["a", "b"]


def test_what_has_no_room_beside_another_waits_and_small_ones_go_before_it(tmp_path: Path) -> None:
    begun: list[str] = []
    small_has_begun = threading.Event()

    def work(name: str, _: duckdb.DuckDBPyConnection) -> str:
        begun.append(name)
        if name == "large":
            assert small_has_begun.wait(60)
            assert "larger" not in begun
        if name == "small":
            small_has_begun.set()
        return name

    needs: Needs = {"large": [], "larger": [], "small": []}
    shares = {"large": 0.7, "larger": 3.0, "small": 0.2}
    assert run(tmp_path / "f.duckdb", needs, work, shares) == ["large", "larger", "small"]
    assert begun == ["large", "small", "larger"]


def test_what_most_others_wait_for_begins_first(tmp_path: Path) -> None:
    begun: list[str] = []

    def work(name: str, _: duckdb.DuckDBPyConnection) -> str:
        begun.append(name)
        return name

    needs: Needs = {"alone": [], "first": [], "second": ["first"], "third": ["second"]}
    assert run(tmp_path / "f.duckdb", needs, work, dict.fromkeys(needs, 1.0)) == list(needs)
    assert begun == ["first", "second", "alone", "third"]


def test_clocks_are_those_of_the_file(tmp_path: Path) -> None:
    def zone(_: str, own: duckdb.DuckDBPyConnection) -> str:
        return str(own.sql("select current_setting('TimeZone')").fetchall()[0][0])

    assert run(tmp_path / "f.duckdb", {"a": []}, zone) == ["UTC"]


def test_the_log_is_written_into_the_file_before_it_is_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "LOG", 100_000)
    log, lengths = tmp_path / "f.duckdb.wal", list[int]()

    def write(name: str, own: duckdb.DuckDBPyConnection) -> str:
        lengths.append(log.stat().st_size if log.is_file() else 0)
        own.execute("set checkpoint_threshold = '1TB'; set auto_checkpoint_skip_wal_threshold = 1_000_000_000")
        own.execute(f"create table {name} as select hash(i) as h from range(20_000) t(i)")
        return name

    names = [f"t{number}" for number in range(12)]
    assert run(tmp_path / "f.duckdb", {name: [] for name in names}, write) == names
    assert max(lengths) < 100_000 + 4 * 160_000, lengths


def test_one_that_fails_leaves_the_others(tmp_path: Path) -> None:
    def refuse(name: str, own: duckdb.DuckDBPyConnection) -> str:
        own.sql("select 1" if name != "b" else "select nothing")
        return name

    a, b, c = run(tmp_path / "f.duckdb", {"a": [], "b": [], "c": ["b"]}, refuse)
    assert (a, c) == ("a", "c")
    assert 'b: Binder Error: Referenced column "nothing"' in b


def test_what_finds_no_memory_is_done_alone_and_sparingly(tmp_path: Path) -> None:
    under_way: set[str] = set()
    beside: dict[str, list[set[str]]] = {"a": [], "b": [], "c": []}
    together = threading.Barrier(2, timeout=60)

    def need(name: str, _: duckdb.DuckDBPyConnection) -> str:
        beside[name].append(set(under_way))
        under_way.add(name)
        try:
            if name != "c" and len(beside[name]) == 1:
                together.wait()
            if name == "b" and len(beside[name]) == 1:
                raise duckdb.OutOfMemoryException("failed to allocate")
            return name
        finally:
            under_way.remove(name)

    assert run(tmp_path / "f.duckdb", {"a": [], "b": [], "c": ["b"]}, need) == ["a", "b, sparingly", "c"]
    assert beside["b"][1] == set()
    assert len(beside["b"]) == 2


def test_what_finds_no_memory_alone_is_told(tmp_path: Path) -> None:
    def need(_: str, own: duckdb.DuckDBPyConnection) -> str:
        own.execute("set memory_limit = '20MiB'; set temp_directory = ''")
        return str(own.sql("select len(list(i)) from range(10_000_000) t(i)").fetchall())

    (told,) = run(tmp_path / "f.duckdb", {"a": []}, need)
    assert told.startswith("a: Out of Memory Error")


def test_who_leaves_does_not_wait_for_what_is_under_way(tmp_path: Path) -> None:
    begun = threading.Event()

    def work(name: str, own: duckdb.DuckDBPyConnection) -> str:
        if name != "a":  # two are under way, two more wait for a place
            begun.set()
            own.sql("select count(*) from range(1_000_000_000_000) t(i) where hash(i) = 1").fetchall()
        return name

    def leave() -> None:
        with (
            connect(tmp_path / "f.duckdb") as connection,
            SideBySide[str, str](
                connection,
                {name: name for name in "abcde"},
                lambda _: [],
                lambda name: Work(lambda own: work(name, own), lambda own: work(name, own)),
                lambda name, _: name,
            ) as places,
        ):
            for _ in places.results():
                assert begun.wait(60)
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        leave()
