"""Where announcements are compared: facts, pairs and their chances as DuckDB tables, kept from one day to the next.

What is kept saves time and nothing else: facts are a function of one announcement, a chance of two, so that a day over
yesterday's workbench ends as a day over an empty one. What follows of a chance belongs to ``match``.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import duckdb
import numpy as np
import pyarrow as pa

from boi_pipeline.matching import score
from boi_pipeline.matching.candidates import Crowd, find_crowds, find_pairs
from boi_pipeline.matching.contest import Content
from boi_pipeline.matching.facts import SCHEMA, facts_table
from boi_pipeline.matching.groups import Side
from boi_pipeline.matching.items import MatchItem

ROOM = Path(__file__).parent
BATCH = 5_000
AHEAD = 4  # batches handed out before the first is awaited: memory stays flat
MEMORY = "3GB"
_SIDE = """n, item_id, first_seen_at, source_id, parent_key, text_sha256, language, list_concat(telling, common), years,
    cycle, deadlines[-1], number, is_general_number"""


class Scored(NamedTuple):
    """A pair worth a decision: rows of the facts, the chance that it is one call, and the keys it shares."""

    a: int
    b: int
    chance: float
    series_chance: float  # with years and dates left out: of one series
    number: bool
    text: bool
    link: bool
    title: bool  # and the convener and closing day


class Workbench:
    """The comparing of announcements in one DuckDB database: in memory, or in a file that keeps it for the next day."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._connection = self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def _open(self) -> duckdb.DuckDBPyConnection:
        """Open what was kept; what cannot be read, or was kept by other code, is begun anew: it is derived."""
        if self._path is None:
            return self._prepared(duckdb.connect(":memory:"))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            connection = self._prepared(duckdb.connect(str(self._path)))
            found = connection.sql("select version from kept_by").fetchall()
        except duckdb.Error:
            found, connection = [], None
        if connection is not None and found == [(made_by(),)]:
            return connection
        if connection is not None:
            connection.close()
        for path in (self._path, self._path.with_name(self._path.name + ".wal")):
            path.unlink(missing_ok=True)
        return self._prepared(duckdb.connect(str(self._path)))

    def _prepared(self, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
        connection.execute(f"set memory_limit = '{MEMORY}'; set TimeZone = 'UTC'; set preserve_insertion_order = false")
        if self._path is not None:
            connection.execute("set temp_directory = ?", [str(self._path.with_suffix(".tmp"))])
        empty = SCHEMA.empty_table()
        connection.register("empty_facts", empty)
        connection.execute(
            """create table if not exists kept as select ''::varchar as input_id, 0::ubigint as h, * from empty_facts limit 0;
            create table if not exists chances (hx ubigint, hy ubigint, chance float, series_chance float);
            create table if not exists kept_by as select ? as version""",
            [made_by()],
        )
        connection.unregister("empty_facts")
        return connection

    # ------------------------------------------------------------ facts

    def load(self, items: Iterable[MatchItem], executor: Executor | None = None) -> int:
        """Make the table ``facts`` of today's announcements, each once; how many were not known from an earlier day.

        What is new is worked out through the executor; None does it here. Raises ValueError where an item comes twice.
        """
        connection = self._connection
        known = {row[0] for row in connection.sql("select input_id from kept").fetchall()}
        present: set[str] = set()
        added = 0
        connection.execute("begin")
        for table in _tables(_batches(_new(items, known, present)), executor):
            added += len(table)
            connection.register("batch", table)
            columns = ", ".join(name for name in SCHEMA.names if name != "first_seen_at")
            connection.execute(f"insert into kept by name select hash(row({columns})) as h, * from batch")  # noqa: S608
            connection.unregister("batch")
        self._keep_only(present)
        connection.execute("commit")
        connection.execute(
            """create or replace temp table facts as
            select (row_number() over (order by first_seen_at, item_id) - 1)::integer as n, * from kept"""
        )
        twice = connection.sql(
            "select item_id from kept group by all having count(*) > 1 order by 1 limit 1"
        ).fetchall()
        if twice:
            raise ValueError(f"{twice[0][0]}: this item comes twice; expected each with its newest notice only")
        return added

    def _keep_only(self, present: set[str]) -> None:
        self._connection.register("present", pa.table({"input_id": pa.array(sorted(present), pa.string())}))
        self._connection.execute("delete from kept where input_id not in (select input_id from present)")
        self._connection.unregister("present")

    # ------------------------------------------------------------ pairs

    def crowds(self, most: int) -> list[Crowd]:
        """Keys that more than ``most`` announcements share."""
        return find_crowds(self._connection, most)

    def compare(self, most: int) -> int:
        """Find the pairs worth comparing and the chance of each that was not compared before; how many were new."""
        connection = self._connection
        find_pairs(connection, most)
        connection.execute(
            """create or replace temp table hashed as
            select a, b, x.h as hx, y.h as hy from pairs join facts x on x.n = a join facts y on y.n = b;
            create or replace temp table new_pairs as
            select min(a) as a, min(b) as b, hx, hy from hashed anti join chances using (hx, hy) group by hx, hy"""
        )
        new = connection.sql("select count(*) from new_pairs").fetchall()[0][0]
        for measured in score.measure(connection, "new_pairs", ("hx", "hy")):
            told, of_series = score.chances(score.features(measured))
            table = pa.table(
                {
                    "hx": measured["hx"],
                    "hy": measured["hy"],
                    "chance": told.astype(np.float32),
                    "series_chance": of_series.astype(np.float32),
                }
            )
            self._insert(table)
        connection.execute(
            "delete from chances where not exists (from hashed h where h.hx = chances.hx and h.hy = chances.hy)"
        )
        return new

    def _insert(self, table: pa.Table) -> None:
        # a cursor of its own: the reader of the measures keeps the connection busy
        with self._connection.cursor() as cursor:
            cursor.register("new_chances", table)
            cursor.execute("insert into chances from new_chances")

    def measured(self) -> pa.RecordBatchReader:
        """The measures of every pair that ``compare`` found: a, b and ``score.MEASURES``."""
        return score.measure(self._connection, "pairs")

    def scored(self, least: float, series: float) -> Iterator[Scored]:
        """The pairs that share a key, or whose chance is at least ``least``, or that of one series ``series``."""
        rows = self._connection.sql(
            f"""select p.a, p.b, c.chance, c.series_chance, number_same, text_same, link_same, title_same
            from (
                select p.a, p.b, x.h as hx, y.h as hy,
                    coalesce(x.number = y.number and (not x.is_general_number or x.funder = y.funder), false) as number_same,
                    x.text_sha256 = y.text_sha256 as text_same,
                    list_has_any(x.links, y.links) as link_same,
                    coalesce(x.is_named and x.series = y.series and x.funder = y.funder
                        and x.deadlines[-1] = y.deadlines[-1], false) as title_same
                from pairs p join facts x on x.n = p.a join facts y on y.n = p.b
            ) p join chances c using (hx, hy)
            where c.chance >= {least:f} or c.series_chance >= {series:f} or number_same or text_same or link_same or title_same"""  # noqa: S608
        )
        for batch in rows.to_arrow_reader(BATCH):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield Scored(*row)

    def unlike(self, numbers: Iterable[int], most: float) -> frozenset[tuple[str, str]]:
        """The pairs among these rows that were compared and whose chance is at most ``most``, as sorted item ids."""
        self._connection.register("wanted", pa.table({"n": pa.array(sorted(set(numbers)), pa.int32())}))
        rows = self._connection.sql(
            f"""select least(x.item_id, y.item_id), greatest(x.item_id, y.item_id)
            from pairs p join facts x on x.n = p.a join facts y on y.n = p.b
            join chances c on c.hx = x.h and c.hy = y.h
            where c.chance <= {most:f} and p.a in (select n from wanted) and p.b in (select n from wanted)"""  # noqa: S608
        ).fetchall()
        self._connection.unregister("wanted")
        return frozenset(rows)

    # ------------------------------------------------------------ looking things up

    def sides(self, numbers: Iterable[int] | None = None) -> dict[int, Side]:
        """Row of the facts → the announcement as joins ask about it; None: all of them."""
        if numbers is None:
            rows = self._connection.sql(f"select {_SIDE} from facts order by n").fetchall()  # noqa: S608
        else:
            self._connection.register("wanted", pa.table({"n": pa.array(sorted(set(numbers)), pa.int32())}))
            rows = self._connection.sql(f"select {_SIDE} from facts semi join wanted using (n) order by n").fetchall()  # noqa: S608
            self._connection.unregister("wanted")
        return {row[0]: _side(row) for row in rows}

    def content(self, numbers: Iterable[int]) -> dict[int, Content]:
        """Row of the facts → what of its text stays the same in another language."""
        self._connection.register("wanted", pa.table({"n": pa.array(sorted(set(numbers)), pa.int32())}))
        rows = self._connection.sql(
            """select n, list_concat(rare, usual, title_stems), list_concat(figures, days), list_concat(places, names)
            from facts semi join wanted using (n)"""
        ).fetchall()
        self._connection.unregister("wanted")
        # figures and stems are both numbers: a stem is told apart by its sign
        return {n: frozenset([*(-stem - 1 for stem in stems), *figures, *words]) for n, stems, figures, words in rows}

    def numbers(self, item_ids: Iterable[str]) -> set[int]:
        """The rows of the facts of these items, where they are here today."""
        names = pa.array(sorted(set(item_ids)), pa.string())
        self._connection.register("named", pa.table({"item_id": names}))
        found = self._connection.sql("select n from facts semi join named using (item_id)").fetchall()
        self._connection.unregister("named")
        return {row[0] for row in found}

    def item_ids(self, numbers: Iterable[int]) -> list[str]:
        """The items of these rows of the facts, by row."""
        return [side.item_id for side in self.sides(numbers).values()]

    def others(self, numbers: set[int]) -> list[tuple[str, datetime]]:
        """(item_id, first_seen_at) of all but these rows of the facts."""
        self._connection.register("wanted", pa.table({"n": pa.array(sorted(numbers), pa.int32())}))
        found = self._connection.sql("select item_id, first_seen_at from facts anti join wanted using (n)").fetchall()
        self._connection.unregister("wanted")
        return found

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a query over ``facts``, ``pairs`` and ``chances``."""
        return self._connection.execute(query, list(parameters)).fetchall()


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


def _side(row: tuple[Any, ...]) -> Side:
    (_, item_id, first_seen_at, source_id, parent_key, text, language, words, years, cycle, close, number, general) = (
        row
    )
    return Side(
        item_id,
        first_seen_at,
        source_id,
        parent_key,
        text,
        language,
        frozenset(words),
        tuple(years),
        cycle,
        close,
        number,
        general,
    )


def _new(items: Iterable[MatchItem], known: set[str], present: set[str]) -> Iterator[tuple[str, MatchItem]]:
    """The items that are not known, with their input ids; those of all go to ``present``."""
    for item in items:
        input_id = item.input_id
        if input_id in present:
            raise ValueError(f"{item.item_id}: this item comes twice; expected each with its newest notice only")
        present.add(input_id)
        if input_id not in known:
            yield input_id, item


def _table(batch: Sequence[tuple[str, MatchItem]]) -> pa.Table:
    """The facts of a batch, with their input ids: what a worker is given."""
    table = facts_table(item for _, item in batch)
    return table.add_column(0, "input_id", pa.array([input_id for input_id, _ in batch]))


def _tables(batches: Iterator[Sequence[tuple[str, MatchItem]]], executor: Executor | None) -> Iterator[pa.Table]:
    if executor is None:
        yield from map(_table, batches)
        return
    waiting: deque[Future[pa.Table]] = deque()
    for batch in batches:
        waiting.append(executor.submit(_table, batch))
        if len(waiting) == AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _batches(items: Iterable[tuple[str, MatchItem]]) -> Iterator[Sequence[tuple[str, MatchItem]]]:
    batch: list[tuple[str, MatchItem]] = []
    for one in items:
        batch.append(one)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
