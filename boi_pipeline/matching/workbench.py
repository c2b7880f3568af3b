"""Where announcements are compared: facts, pairs and their chances as DuckDB tables, kept from one day to the next.

What is kept saves time and nothing else: facts are a function of one announcement, a chance of two, and what changed is
noted until it was dealt with, so that a day over yesterday's workbench ends as a day over an empty one. Rows have
numbers in the order they came, which mean nothing. What was decided of them belongs to ``outcomes``.
"""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Self

import duckdb
import numpy as np
import pyarrow as pa

from boi_pipeline.collector import uncollected
from boi_pipeline.matching import batches, candidates, neighbours, outcomes, score
from boi_pipeline.matching.candidates import Crowd, find_crowds, find_pairs
from boi_pipeline.matching.contest import LEAST, contested
from boi_pipeline.matching.facts import SCHEMA, language_of
from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.overlaps import Lists, distinct, lists_of
from boi_pipeline.matching.parts import in_parts
from boi_pipeline.matching.tokens import Numbers
from boi_pipeline.matching.trees import Array, Trees

ROOM = Path(__file__).parent
MEMORY = "2GB"
MEASURED = 300_000
"""Pairs measured together: bounds the memory."""
ROWS = 16_384
"""Rows kept together: so few that every core reads some, and that they go to the file at once and not by way of its log."""
TOLD = 10
"""Stems of a text from which on it tells enough to speak against a link."""
_SIDE = f"""n, item_id, epoch_us(first_seen_at), source_id, parent_key, text_sha256, language, list_concat(telling, common), is_moved,
    years, cycle, deadlines, deadlines[-1], number, is_general_number, len(rare) + len(usual) >= {TOLD}"""
_KEYS = {
    "same_number": "coalesce(x.number = y.number and (not x.is_general_number or x.funder = y.funder), false)",
    "same_text": "x.text_sha256 = y.text_sha256",
    "same_link": "list_has_any(x.links, y.links)",
    "same_title": """coalesce(x.is_named and x.series = y.series and x.funder = y.funder
        and x.deadlines[-1] = y.deadlines[-1], false)""",
}
_NAMES = ", ".join(_KEYS)
_TABLES = f"""
create table if not exists facts as select 0::integer as n, ''::varchar as input_id, * from empty_facts limit 0;
create table if not exists gone (n integer);
create table if not exists pairs (a integer, b integer, chance float, series_chance float, is_likely boolean,
    {", ".join(f"{name} boolean" for name in _KEYS)});
create table if not exists moved (n integer);
create table if not exists heard (a integer, b integer, chance double);
create table if not exists compared_to (fresh integer, most integer);
create table if not exists kept_by as select ? as version;
"""  # noqa: S608
"""``moved``: those whose likely partners changed since the contest was ``heard``."""


class Workbench:
    """The comparing of announcements in one DuckDB database: in memory, or in a file that keeps it for the next day."""

    def __init__(self, path: Path | None = None, vectors: neighbours.Vectors | None = None) -> None:
        """``vectors``: what neighbours across languages are found by; without, none are."""
        self._path = path
        self._vectors = vectors
        self._made_by = " ".join(filter(None, (made_by(), vectors and vectors.version)))
        self._connection = self._open()
        self._closing = ExitStack()
        self.helpers: Executor | None = None
        """Other processes, from when there were many announcements to make facts of, until they are let go."""
        self._ending: Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()
        self._wait()
        self._connection.close()

    def let_go(self) -> None:
        """Let the other processes end while this one goes on: there is nothing left for them. Leaving waits for their end."""
        if self.helpers is not None:
            self._wait()
            self.helpers, self._ending = None, Thread(target=self._closing.pop_all().close)
            self._ending.start()

    def _wait(self) -> None:
        if self._ending is not None:
            self._ending.join()

    def _open(self) -> duckdb.DuckDBPyConnection:
        """Open what was kept; what cannot be read, or was kept by other code, is begun anew: it is derived."""
        if self._path is None:
            return self._prepared(duckdb.connect(":memory:"))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            connection = _connected(self._path)
        except duckdb.Error:
            connection = None
        if connection is not None:
            try:
                found = connection.sql("select version from kept_by").fetchall()
            except duckdb.Error:
                found = []
            if found == [(self._made_by,)]:
                return self._prepared(connection)
            connection.close()
        for path in (self._path, self._path.with_name(self._path.name + ".wal")):
            path.unlink(missing_ok=True)
        return self._prepared(_connected(self._path))

    def _prepared(self, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
        connection.execute(
            f"set memory_limit = '{MEMORY}'; set TimeZone = 'UTC'; set preserve_insertion_order = false; set enable_progress_bar = false"
        )
        spill = self._path.with_suffix(".tmp") if self._path else Path(tempfile.gettempdir()) / f"boi-{os.getpid()}.tmp"
        connection.execute("set temp_directory = ?", [str(spill)])
        connection.register("empty_facts", SCHEMA.empty_table())
        connection.execute(candidates.TABLES + neighbours.TABLES + outcomes.TABLES + _TABLES, [self._made_by])
        connection.unregister("empty_facts")
        return connection

    @property
    def embedding(self) -> str | None:
        """What neighbours across languages are found by; None where they are not looked for."""
        return self._vectors.version if self._vectors else None

    @property
    def near_count(self) -> int:
        """Pairs of neighbours across languages."""
        return self.rows("select count(*) from near")[0][0]

    @contextmanager
    def step(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """What is done inside is kept whole or not at all."""
        self._connection.execute("begin")
        try:
            yield self._connection
        except BaseException:  # also one that ends the process
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")

    # ------------------------------------------------------------ facts

    def load(
        self, items: Iterable[MatchItem], workers: Callable[[], AbstractContextManager[Executor]] | None = None
    ) -> int:
        """Make the table ``facts`` of today's announcements, each once; how many were not known from an earlier day.

        ``workers`` opens an executor of other processes, which stay until the workbench is closed; see ``batches.tables``.
        Raises ValueError where an item comes twice.
        """
        with uncollected(), self.step() as connection:
            away = dict(connection.sql("select input_id, n from facts").fetchall())
            ((start,),) = connection.sql(
                "select greatest(coalesce((select max(n) + 1 from facts), 0), coalesce((select max(fresh) from compared_to), 0))"
            ).fetchall()
            following = start
            new = _new(items, away)
            opened: list[tuple[str, int]] = []  # (input_id, opening)
            if self._vectors is not None:
                new = _opened(new, self._vectors, opened)
            for table in batches.tables(new, workers and partial(self._helped_by, workers)):
                numbers = pa.array(np.arange(following, following + len(table)), pa.int32())
                following += len(table)
                connection.register("batch", table.add_column(0, "n", numbers))
                connection.execute("insert into facts by name from batch")
                connection.unregister("batch")
            if opened:
                ids, found = zip(*opened, strict=True)
                connection.register("opened", pa.table({"input_id": ids, "opening": pa.array(found, pa.uint64())}))
                connection.execute(
                    "insert into openings select n, opening, language from facts join opened using (input_id) where n >= ?",
                    [start],
                )
                connection.unregister("opened")
            if away:
                with self.given(away.values()):
                    # what was loaded and never compared leaves no trace
                    connection.execute(
                        """insert into gone from given where n < (select max(fresh) from compared_to);
                        delete from facts where n in (from given)"""
                    )
            twice = connection.execute(
                """select item_id from facts where item_id in (select item_id from facts where n >= ?)
                group by all having count(*) > 1 order by 1 limit 1""",
                [start],
            ).fetchall()
            if twice:
                raise ValueError(f"{twice[0][0]}: this item comes twice; expected each with its newest notice only")
        return following - start

    def _helped_by(self, workers: Callable[[], AbstractContextManager[Executor]]) -> Executor:
        if self.helpers is None:
            self.helpers = self._closing.enter_context(workers())
        return self.helpers

    @contextmanager
    def given(self, numbers: Iterable[int] | Numbers) -> Iterator[None]:
        """Rows of the facts as the table ``given(n)``."""
        if not isinstance(numbers, np.ndarray):
            numbers = distinct(np.fromiter(numbers, np.int64))
        self._connection.register("given", pa.table({"n": pa.array(numbers, pa.int32())}))
        try:
            yield
        finally:
            self._connection.unregister("given")

    # ------------------------------------------------------------ pairs

    def crowds(self, most: int) -> list[Crowd]:
        """Keys that more than ``most`` announcements share."""
        return find_crowds(self._connection, most)

    def compare(self, most: int) -> int:
        """Find the pairs worth comparing and the chance of each that was not compared before; how many were new."""
        with self.step() as connection:
            known = connection.sql("from compared_to").fetchall()
            if known and known[0][1] != most:  # other blocks were too large
                for table in ("keyed", "shared", "pairs", "moved", "heard", "gone"):
                    connection.execute(f"delete from {table}")  # noqa: S608
                neighbours.forget(connection)
                outcomes.forget(connection)
                known = []
            fresh = known[0][0] if known else 0
            neighbours.renew(connection, self._vectors, fresh)
            find_pairs(connection, most, fresh)
            ((new, lost, likely),) = connection.sql(
                "select (select count(*) from new_pairs), count(*), count(*) filter (is_likely) from lost_pairs"
            ).fetchall()
            if lost:
                connection.execute("delete from pairs using lost_pairs l where pairs.a = l.a and pairs.b = l.b")
            if likely:  # an insert of nothing is not nothing: docs/decisions/0020
                connection.execute("insert into moved select unnest([a, b]) from lost_pairs where is_likely")
            for start in range(0, new, MEASURED):
                self._measure(start)
            outcomes.touch(connection, fresh)
            connection.execute("delete from gone; delete from compared_to")
            connection.execute(
                "insert into compared_to select greatest(coalesce(max(n) + 1, 0), ?), ? from facts", [fresh, most]
            )
        return new

    def _measure(self, start: int) -> None:
        """Keep the chances of ``MEASURED`` of the new pairs."""
        pairs = f"(from new_pairs where i >= {start:d} and i < {start + MEASURED:d})"
        measured = score.measure(self._connection, pairs, _KEYS)

        def chances(part: slice) -> tuple[Array, Array]:
            return score.chances(score.features(measured.slice(part.start, part.stop - part.start)))

        told, of_series = (
            np.concatenate(one).astype(np.float32) for one in zip(*in_parts(len(measured), chances), strict=True)
        )
        by_key = np.zeros(len(told), bool)
        for name in _KEYS:
            by_key |= measured[name].to_numpy()
        is_likely = by_key | (told >= np.float32(LEAST)) | (of_series >= np.float32(score.model().series))
        columns = {"chance": told, "series_chance": of_series, "is_likely": is_likely}
        table = measured.select(["a", "b", *_KEYS])
        for name, values in columns.items():
            table = table.append_column(name, pa.array(values))
        self._connection.register("told", table)
        self._connection.execute(
            """insert into pairs by name from told;
            insert into moved select unnest([a, b]) from told where is_likely"""
        )
        self._connection.unregister("told")

    def measured(self) -> pa.Table:
        """The measures of every pair that ``compare`` found: a, b and ``score.MEASURES``."""
        return score.measure(self._connection, "pairs")

    def hear(self) -> None:
        """Weigh the likely pairs against their rivals, those whose rivals changed since; what is worth a decision is ``heard``."""
        scorer = score.model()
        if not self.rows("from moved limit 1"):
            return
        with self.step() as connection:
            asked = connection.sql(
                f"""select a, b, chance::double as chance, series_chance >= {scorer.series:f} or {_NAMES.replace(", ", " or ")} as is_kept
                from pairs where is_likely and (a in (from moved) or b in (from moved))"""  # noqa: S608
            ).to_arrow_table()
            with self.given(distinct(asked["a"].to_numpy(), asked["b"].to_numpy())):
                rivals = connection.sql(
                    f"""select a, b, chance::double as chance from pairs
                    where chance >= {LEAST:f} and (a in (from given) or b in (from given))
                    and a not in (from moved) and b not in (from moved)"""  # noqa: S608
                ).to_arrow_table()
            a, b, chance = (
                pa.concat_tables([asked.select(["a", "b", "chance"]), rivals])[name].to_numpy()
                for name in ("a", "b", "chance")
            )
            found = _chance(scorer.contest, contested(a, b, chance, self.content, len(asked)))
            table = asked.select(["a", "b"]).append_column("chance", pa.array(found, pa.float64()))
            connection.register("said", table.filter(pa.array((found >= scorer.heard) | asked["is_kept"].to_numpy())))
            connection.execute(
                """create or replace temp table unsaid as
                select a, b, chance from heard where a in (from moved) or b in (from moved);
                insert into touched select unnest([a, b]) from (
                    (from unsaid except from said) union all (from said except from unsaid));
                delete from heard where a in (from moved) or b in (from moved);
                insert into heard from said;
                delete from moved; drop table unsaid"""
            )
            connection.unregister("said")

    def scored(self) -> pa.Table:
        """The pairs among the rows ``given``, whole parts, that are worth a decision (``groups.Scored``): those that were
        heard, weighed once more against one another."""
        found = self.table(
            f"""select a, b, h.chance, series_chance, {_NAMES} from heard h join pairs using (a, b)
            where a in (from given) and b in (from given)"""  # noqa: S608
        )
        scorer = score.model()
        a, b, chance = (found[name].to_numpy() for name in ("a", "b", "chance"))
        faced = contested(a, b, np.where(chance >= scorer.heard, chance, score.DISMISSED), self.content)
        now = np.where(chance >= scorer.heard, _chance(scorer.again, faced), chance)
        return found.set_column(2, "chance", pa.array(now))

    def unlike(self, most: float) -> pa.Table:
        """The pairs among the rows ``given`` that were compared and whose chance is at most ``most``, as sorted item ids."""
        return self.table(
            f"""select least(x.item_id, y.item_id) as one, greatest(x.item_id, y.item_id) as other
            from (from pairs where chance <= {most:f} and a in (from given) and b in (from given)) p
            join facts x on x.n = p.a join facts y on y.n = p.b"""  # noqa: S608
        )

    # ------------------------------------------------------------ looking things up

    def sides(self) -> pa.Table:
        """The announcements in the rows ``given`` as joins ask about them, the earliest first: n and ``groups.Side``."""
        return self.table(f"select {_SIDE} from facts where n in (from given) order by first_seen_at, item_id")  # noqa: S608

    def content(self, numbers: Numbers) -> Lists:
        """What of the text of these rows of the facts stays the same in another language."""
        with self.given(numbers):
            # figures and stems are both numbers: a stem is told apart by its sign; of words the hash is enough
            table = self._connection.sql(
                """select n, list_concat(
                    list_transform(list_concat(rare, usual, title_stems), lambda stem: -stem - 1),
                    list_concat(figures, days),
                    list_transform(list_concat(places, names), lambda word: (hash(word) >> 1)::bigint)) as content
                from facts where n in (from given) order by n"""
            ).to_arrow_table()
        (content,) = lists_of(table["n"], table["content"])
        return content

    def numbers(self, item_ids: Iterable[str]) -> dict[str, int]:
        """item_id → its row of the facts, of these items where they are here today."""
        names = pa.array(sorted(set(item_ids)), pa.string())
        if not len(names):
            return {}
        self._connection.register("named", pa.table({"item_id": names}))
        found = self._connection.sql("select item_id, n from facts semi join named using (item_id)").fetchall()
        self._connection.unregister("named")
        return dict(found)

    def item_ids(self, numbers: Iterable[int]) -> list[str]:
        """The items of these rows of the facts, sorted."""
        with self.given(numbers):
            rows = self._connection.sql("select item_id from facts where n in (from given) order by 1").fetchall()
        return [item_id for (item_id,) in rows]

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a query over ``facts`` and ``pairs``."""
        return self._connection.execute(query, list(parameters)).fetchall()

    def table(self, query: str) -> pa.Table:
        """The same as a table: what is many, several times faster."""
        return self._connection.sql(query).to_arrow_table()


@cache
def made_by() -> str:
    """Names all that facts and chances are made by: this room's code and data, and the libraries under it.

    What another code kept is not used, without anybody having to say that it changed.
    """
    digest = sha256(f"duckdb {duckdb.__version__} babel {version('babel')}".encode())
    for path in sorted(ROOM.iterdir()):
        if path.suffix in (".py", ".yml", ".json"):
            digest.update(f"{path.name} ".encode() + path.read_bytes())
    return digest.hexdigest()


def _connected(path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    try:
        connection.execute(f"attach ? as bench (row_group_size {ROWS})", [str(path)])
        connection.execute("use bench")
    except BaseException:
        connection.close()
        raise
    return connection


def _chance(trees: Trees, faced: Array) -> Array:
    return np.concatenate(in_parts(len(faced), lambda part: trees.chance(faced[part])))


def _new(items: Iterable[MatchItem], away: dict[str, int]) -> Iterator[tuple[str, MatchItem]]:
    """The items that are not known, with their input ids; those that are, are taken out of ``away``."""
    for item in items:
        input_id = item.input_id
        if away.pop(input_id, None) is None:
            yield input_id, item


def _opened(
    items: Iterator[tuple[str, MatchItem]], vectors: neighbours.Vectors, opened: list[tuple[str, int]]
) -> Iterator[tuple[str, MatchItem]]:
    """The same items, once the vectors of their openings are known; which opening each has is added to ``opened``."""
    while batch := list(islice(items, neighbours.AT_ONCE)):
        texts: dict[int, str] = {}
        for input_id, item in batch:
            text = neighbours.opening_of(item.title, item.text)
            opening = neighbours.opening_id(text, language_of(item.language))
            texts[opening] = text
            opened.append((input_id, opening))
        vectors.know(texts)
        yield from batch
