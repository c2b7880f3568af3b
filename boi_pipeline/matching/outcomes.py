"""What was decided of the announcements, kept by *part*: announcements that something connects, and nothing else does.

A part is decided as a whole and apart from all others, so that a day decides only the parts that it touched. Deciding
belongs to ``joining``; the tables, to whoever holds the connection.
"""

from collections.abc import Iterable, Mapping, Sequence

import duckdb
import pyarrow as pa

from boi_pipeline.matching.joining import Decided
from boi_pipeline.matching.tokens import Numbers

TABLES = """
create table if not exists touched (n integer);
create table if not exists decided_by (rules varchar);
create table if not exists answered (n integer);
create table if not exists parts (n integer, part integer);
create table if not exists placed (n integer, lead varchar, reason varchar, matched_item_id varchar);
create table if not exists editions (part integer, older varchar, newer varchar, reason varchar);
create table if not exists questions (part integer, item_id varchar, other_item_id varchar, chance double);
create table if not exists presumed (part integer, item_id varchar, other_item_id varchar, chance double);
create table if not exists conflicts (part integer, kind varchar, item_ids varchar[], detail varchar);
"""
"""``touched``: of what changed since they were decided. ``placed``: those that are not alone, with the first of their
cluster."""

Rows = Mapping[str, Sequence[tuple[object, ...]]]
"""Table → rows to keep there."""
NOBODY = -1
"""The part of what is said of no announcement of today."""
_OF_PARTS = ("editions", "questions", "presumed", "conflicts")
TITLED = "select n, series, coalesce(funder, 'source ' || source_id) as convener from facts where is_named"


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Decide everything anew."""
    for table in ("decided_by", "answered", "parts", "placed", *_OF_PARTS):
        connection.execute(f"delete from {table}")  # noqa: S608
    connection.execute("delete from touched; insert into touched select n from facts")


def touch(connection: duckdb.DuckDBPyConnection, fresh: int) -> None:
    """Note whom a change of the facts touches: those of ``gone``, who bears the title of a row from ``fresh`` on, and the
    pairs of one part that begin or cease to count as different calls."""
    # in one statement: an insert of nothing before one of much would hide it (docs/decisions/0020)
    connection.execute(
        f"""with titled as ({TITLED}),
        namesakes as (
            select unnest(list(n)) as n from titled semi join (from titled where n >= {fresh:d}) using (series, convener)
            group by series, convener having count(*) > 1
        ),
        unlike as (
            select a, b from lost_pairs where not is_likely
            union all (select a, b from pairs semi join new_pairs using (a, b) where not is_likely)
        )
        insert into touched
        from gone
        union all from namesakes
        union all (
            select unnest([a, b]) from unlike join parts x on x.n = a join parts y on y.n = b where x.part = y.part
        )"""  # noqa: S608
    )


def to_decide(connection: duckdb.DuckDBPyConnection, rules: str, answered: Iterable[int]) -> Numbers:
    """The rows whose parts were touched, or that people spoke about today or the last time; what was decided of them goes."""
    if connection.sql("select rules from decided_by").fetchall() != [(rules,)]:
        forget(connection)
        connection.execute("insert into decided_by values (?)", [rules])
    connection.register("spoken_of", pa.table({"n": pa.array(answered, pa.int32())}))
    connection.execute(  # in one statement, as above
        """insert into touched (from answered union all from spoken_of);
        delete from answered;
        insert into answered from spoken_of;
        create or replace temp table members as
        select n from touched
        union select n from parts where part in (select part from parts where n in (from touched))"""
    )
    connection.unregister("spoken_of")
    for table in _OF_PARTS:
        connection.execute(
            f"""delete from {table} where part = {NOBODY}
            or part in (select part from parts where n in (from members))"""  # noqa: S608
        )
    connection.execute(
        """delete from placed where n in (from members);
        delete from parts where n in (from members);
        delete from touched"""
    )
    return connection.sql("select n from members semi join facts using (n)").to_arrow_table()["n"].to_numpy()


def rows_of(decided: Decided, numbers: Mapping[str, int], parts: Mapping[int, int]) -> Rows:
    """What is kept of what was decided. ``numbers``: item_id → row of the facts; ``parts``: row → part."""

    def part_of(*item_ids: str) -> int:
        return next((parts[numbers[one]] for one in item_ids if one in numbers), NOBODY)

    return {
        "parts": list(parts.items()),
        "placed": [
            (numbers[match.item_id], lead, match.reason, match.matched_item_id)
            for lead, match in decided.matches
            if match.reason != "alone"
        ],
        "editions": [(part_of(one.newer), one.older, one.newer, one.reason) for one in decided.relations],
        "questions": [(part_of(one.item_id), one.item_id, one.other_item_id, one.chance) for one in decided.questions],
        "presumed": [(part_of(one.item_id), one.item_id, one.other_item_id, one.chance) for one in decided.presumed],
        "conflicts": [(part_of(*one.item_ids), one.kind, one.item_ids, one.detail) for one in decided.conflicts],
    }


def keep(connection: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    """Keep them."""
    for table, of_table in rows.items():
        _insert(connection, table, of_table)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    if not rows:
        return
    schema = connection.sql(f"from {table} limit 0").to_arrow_table().schema
    columns = [pa.array(values, one.type) for values, one in zip(zip(*rows, strict=True), schema, strict=True)]
    connection.register("kept_rows", pa.table(columns, schema))
    connection.execute(f"insert into {table} from kept_rows")
    connection.unregister("kept_rows")
