"""Announcements in two languages whose openings mean nearly the same: pairs worth comparing that may share no word.

Each opening (title and first sentence) is a vector, made once by the embedder that is handed in, and kept. The nearest
openings in another language are found by exact cosine over all of them, in whole numbers, so that neither the order of
arrival nor the day changes them. What a pair is worth belongs to ``score``; the tables, to whoever holds the connection.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

TABLES = """
create table if not exists openings (n integer, opening ubigint, language varchar);
create table if not exists nearest (opening ubigint, other ubigint, likeness integer);
create table if not exists near (a integer, b integer);
"""
"""The opening of each announcement; of every opening its nearest ones in other languages; the pairs that follow, a < b."""

OPENING = 300
"""Characters of a title and first sentence that are looked at: longer ones say no more, and cost more."""
NEAREST = 5
"""Openings in other languages that each is compared with; as many as are equally near."""
FLOOR = 0.8
"""The cosine below which nothing is near: e5 gives unrelated texts 0.7 to 0.8."""
CROWD = 12
"""Announcements that may bear one opening; more, and it says nothing about any of them."""
WHOLE = 2_047
"""What a component is multiplied by: of vectors of length one, sums of products stay below 2**24, exact in float32 in any order."""
BLOCK = 256
"""Openings compared with all others at a time: bounds the memory."""
AT_ONCE = 200
"""Vectors made before they are written: a run that is killed loses no more."""

Numbers = npt.NDArray[np.float32]
_SENTENCE = re.compile(r"(?<=[.!?…])\s|\n")


@dataclass(frozen=True, slots=True)
class Embedding:
    """Text → a vector of length one (numpy, float32); ``version`` names the model and what it is given."""

    version: str
    embed: Callable[[str], Any]


class Vectors:
    """The vectors of openings, kept in a DuckDB file of their own (in memory without a path): other code keeps them too."""

    def __init__(self, embedding: Embedding, path: Path | None = None) -> None:
        self.version = f"{embedding.version}/{OPENING}"
        self._embed = embedding.embed
        try:
            self._connection = _opened(path)
        except duckdb.Error:
            if path is None:
                raise
            for torn in (path, path.with_name(path.name + ".wal")):  # derived: what cannot be read is made anew
                torn.unlink(missing_ok=True)
            self._connection = _opened(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def know(self, texts: Mapping[int, str]) -> int:
        """Make and keep the vectors of openings (``opening_id`` → text) that are not known; how many were made."""
        known = self._found(texts)
        missing = [(opening, text) for opening, text in texts.items() if opening not in known]
        for start in range(0, len(missing), AT_ONCE):
            part = missing[start : start + AT_ONCE]
            made = [np.rint(np.asarray(self._embed(text)) * WHOLE).astype(np.int16) for _, text in part]
            fresh = pa.table({"opening": pa.array([one for one, _ in part], pa.uint64()), "vector": pa.array(made)})
            self._connection.register("fresh", fresh)
            self._connection.execute("insert into vectors select ?, opening, vector from fresh", [self.version])
            self._connection.unregister("fresh")
        return len(missing)

    def of(self, openings: npt.NDArray[np.uint64]) -> Numbers:
        """The vectors of known openings, a row each, in their order: whole numbers."""
        wanted = pa.table({"opening": openings, "place": np.arange(len(openings))})
        self._connection.register("wanted", wanted)
        table = self._connection.sql(
            "select vector from wanted join vectors using (opening) where version = $1 order by place",
            params=[self.version],
        ).to_arrow_table()
        self._connection.unregister("wanted")
        flat = table["vector"].combine_chunks().flatten().to_numpy()
        return flat.astype(np.float32).reshape(len(openings), -1) if len(openings) else np.zeros((0, 1), np.float32)

    def _found(self, openings: Mapping[int, str]) -> set[int]:
        self._connection.register("asked", pa.table({"opening": pa.array(list(openings), pa.uint64())}))
        rows = self._connection.execute(
            "select opening from vectors semi join asked using (opening) where version = ?", [self.version]
        ).fetchall()
        self._connection.unregister("asked")
        return {opening for (opening,) in rows}


def _opened(path: Path | None) -> duckdb.DuckDBPyConnection:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(str(path) if path else ":memory:")
    try:
        connection.execute(
            "create table if not exists vectors (version varchar, opening ubigint, vector smallint[]); set threads = 1"
        )
        connection.execute("select version, opening, vector from vectors limit 0")
    except duckdb.Error:
        connection.close()
        raise
    return connection


def opening_of(title: str, text: str) -> str:
    """The title and the first sentence of the text, whose first line may be the title."""
    body = text[: 4 * OPENING].removeprefix(title).lstrip()
    return f"{title}\n{_SENTENCE.split(body, maxsplit=1)[0]}"[:OPENING].strip()


def opening_id(opening: str, language: str) -> int:
    """Names an opening: 64 bits of its hash. Two with one name would be one more pair to compare, never a wrong join."""
    return int.from_bytes(sha256(f"{language} {opening}".encode("utf-8", "replace")).digest()[:8], "big")


# ---------------------------------------------------------------- the nearest


def renew(connection: duckdb.DuckDBPyConnection, vectors: Vectors | None, fresh: int) -> None:
    """Bring ``nearest`` and ``near`` up to today's ``openings`` and ``facts``: rows from ``fresh`` on are new.

    Makes the table ``near_change(a, b, change)``: the pairs that are near since today (1) or no longer (-1); none
    without vectors.
    """
    if vectors is None:
        connection.execute("create or replace temp table near_change (a integer, b integer, change integer)")
        return
    connection.execute(
        """delete from openings where n not in (select n from facts);
        create or replace temp table bereft as
        select distinct opening from nearest where other not in (select opening from openings);
        delete from nearest where opening not in (select opening from openings)"""
    )
    rows = connection.sql(
        """select opening, any_value(language) as language, min(n) >= $1 or opening in (from bereft) as is_asked
        from openings group by opening order by opening""",
        params=[fresh],
    ).to_arrow_table()
    openings, languages, asked = (
        rows[name].to_numpy(zero_copy_only=False) for name in ("opening", "language", "is_asked")
    )
    if asked.any():
        known = connection.sql("select opening, other, likeness from nearest").to_arrow_table()
        found = _merged(openings, languages, asked, vectors.of(openings), known)
        connection.register("found", found)
        connection.execute("delete from nearest; insert into nearest from found")
        connection.unregister("found")
    connection.execute(
        f"""drop table bereft;
        create or replace temp table near_today as
        with borne as (from openings semi join (
            select opening from openings group by opening having count(*) <= {CROWD}) using (opening))
        select distinct least(x.n, y.n) as a, greatest(x.n, y.n) as b
        from nearest k join borne x using (opening) join borne y on y.opening = k.other;
        create or replace temp table near_change as
        select a, b, 1 as change from near_today anti join near using (a, b)
        union all select a, b, -1 from near anti join near_today using (a, b);
        delete from near; insert into near from near_today; drop table near_today"""  # noqa: S608
    )


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Find all neighbours anew; the openings stay."""
    connection.execute("delete from nearest; delete from near")


def _merged(
    openings: npt.NDArray[np.uint64], languages: Any, asked: npt.NDArray[np.bool_], vectors: Numbers, known: pa.Table
) -> pa.Table:
    """The nearest of every opening, as ``nearest``: of those ``asked`` about found among all, of the others among the
    nearest ``known`` and those asked about."""
    _, language = np.unique(languages, return_inverse=True)
    one, other = (np.searchsorted(openings, known[name].to_numpy()) for name in ("opening", "other"))
    likeness = known["likeness"].to_numpy().astype(np.float32)
    kept = ~asked[one] if len(one) else np.zeros(0, bool)
    one, other, likeness = one[kept], other[kept], likeness[kept]
    least = np.full(len(openings), np.float32(FLOOR * WHOLE**2))  # what a newcomer has to reach
    weakest = np.full(len(openings), np.inf, np.float32)
    np.minimum.at(weakest, one, likeness)
    is_full = np.bincount(one, minlength=len(openings)) >= NEAREST
    old_least = np.where(asked, np.inf, np.where(is_full, weakest, least))
    found = [(one, other, likeness)]
    for start in range(0, int(asked.sum()), BLOCK):
        rows = np.nonzero(asked)[0][start : start + BLOCK]
        near = vectors[rows] @ vectors.T
        near[language[rows][:, None] == language[None, :]] = -1
        best = np.partition(near, -NEAREST, axis=1)[:, -NEAREST] if len(openings) > NEAREST else least[rows]
        here, there = np.nonzero(near >= np.maximum(best, least[rows])[:, None])
        found.append((rows[here], there, near[here, there]))
        here, there = np.nonzero(near >= old_least[None, :])
        found.append((there, rows[here], near[here, there]))
    one, other, likeness = (np.concatenate(parts) for parts in zip(*found, strict=True))
    _, first = np.unique(one * len(openings) + other, return_index=True)
    order = first[np.lexsort((-likeness[first], one[first]))]
    one, other, likeness = one[order], other[order], likeness[order]
    _, starts, counts = np.unique(one, return_index=True, return_counts=True)
    last = likeness[starts + np.minimum(counts, NEAREST) - 1]  # what is as near as the last is near too
    stays = likeness >= np.repeat(last, counts)
    return pa.table(
        {
            "opening": openings[one[stays]],
            "other": openings[other[stays]],
            "likeness": likeness[stays].astype(np.int32),
        }
    )
