"""Which announcements are worth comparing: pairs that share a key or a block, found in DuckDB.

A *key* says that two announcements may be one call (same text, link, number); a *block* only that they are worth a
look. Both are bounded: what more announcements share than the bound says nothing about any of them. The pairs depend
on the facts alone. Comparing them belongs to ``score``; the tables, to whoever holds the connection.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

KEYS: dict[str, str] = {
    "text": "select n, text_sha256 as key from facts",
    "link": "select n, unnest(links) as key from facts",
    "number": """
        select n, number || case when is_general_number then chr(31) || funder else '' end as key from facts
        where number is not null""",
}
"""Kind → (n, key) of every announcement that has it. A general number means something beside its funder only."""

BLOCKS: dict[str, tuple[int, str]] = {
    "title_and_funder": (40, "select n, series || chr(31) || funder as key from facts where is_named"),
    "title": (20, "select n, series as key from facts where is_named"),
    "funder": (15, "select n, funder as key from facts"),
    "funder_and_date": (40, "select n, funder || chr(31) || day as key from facts, unnest(deadlines) as d(day)"),
    "word_and_date": (
        40,
        "select n, word || chr(31) || day as key from facts, unnest(telling) as w(word), unnest(deadlines) as d(day)",
    ),
    "name_and_date": (
        20,
        "select n, name || chr(31) || day as key from facts, unnest(names) as w(name), unnest(deadlines) as d(day)",
    ),
    "amount_and_date": (
        20,
        """select n, currency || amount || chr(31) || day as key
        from facts, unnest(amounts) as m(amount), unnest(deadlines) as d(day)""",
    ),
    "rare_and_date": (
        20,
        "select n, stem || chr(31) || told as key from facts, unnest(rare) as w(stem), unnest(days) as d(told)",
    ),
    "figure_and_date": (
        20,
        "select n, figure || chr(31) || told as key from facts, unnest(figures) as f(figure), unnest(days) as d(told) where figure >= 100",
    ),
    "two_figures": (
        15,
        """select n, figures[i] || chr(31) || figures[j] as key
        from facts, range(1, len(figures)) as r(i), range(i + 1, len(figures) + 1) as s(j) where figures[i] >= 100 and j <= i + 2""",
    ),
    "place_and_date": (
        12,
        "select n, place || chr(31) || told as key from facts, unnest(places) as p(place), unnest(days) as d(told)",
    ),
    "place_and_figure": (
        12,
        "select n, place || chr(31) || figure as key from facts, unnest(places) as p(place), unnest(figures) as f(figure) where figure >= 100",
    ),
    "two_words": (
        20,
        """select n, least(telling[i], telling[i + 1]) || chr(31) || greatest(telling[i], telling[i + 1]) as key
        from facts, range(1, len(telling)) as r(i)""",
    ),
    "two_names": (
        15,
        """select n, least(names[i], names[j]) || chr(31) || greatest(names[i], names[j]) as key
        from facts, range(1, least(len(names), 6)) as r(i), range(i + 1, least(len(names), 6) + 1) as s(j)""",
    ),
    "sketch": (20, "select n, sketch[i]::varchar as key from facts, range(1, least(len(sketch), 4) + 1) as r(i)"),
}
"""Kind → (announcements a block may hold, its (n, key))."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """A key that too many announcements share."""

    kind: str
    key: str
    members: tuple[int, ...]  # rows of the facts


def find_crowds(connection: duckdb.DuckDBPyConnection, most: int) -> list[Crowd]:
    """Keys shared by more than ``most`` announcements, in an order of their own."""
    found: list[Crowd] = []
    for kind, query in KEYS.items():
        rows = connection.execute(
            f"select key, list(n order by n) from ({query}) where key is not null group by key having count(*) > ? order by key",  # noqa: S608
            [most],
        ).fetchall()
        found += [Crowd(kind, key, tuple(members)) for key, members in rows]
    return found


def find_pairs(connection: duckdb.DuckDBPyConnection, most: int, blocks: int = 2) -> None:
    """Fill the table ``pairs(a, b)``, a < b, from the table ``facts`` (schema of ``facts.SCHEMA`` and its row number n).

    A pair shares a key, or at least ``blocks`` blocks: of those that share a single one hardly any is one call.
    """
    connection.execute("create or replace temp table keyed (n integer, key ubigint, is_key boolean)")
    for kind, bound, query in _kinds(most):
        # 64-bit hashes instead of texts: a collision makes one more pair to compare, never a wrong join
        connection.execute(
            f"""insert into keyed
            with keys as (select distinct n::integer as n, hash('{kind}' || chr(31) || key) as key from ({query}) where key is not null)
            select n, key, {kind in KEYS} from keys
            semi join (select key from keys group by key having count(*) between 2 and {bound}) using (key)"""  # noqa: S608
        )
    connection.execute(
        f"""create or replace temp table pairs as
        select a, b from (select x.n as a, y.n as b, x.is_key from keyed x join keyed y on x.key = y.key and x.n < y.n)
        group by a, b having count(*) >= {blocks:d} or bool_or(is_key)"""  # noqa: S608
    )
    connection.execute("drop table keyed")


def _kinds(most: int) -> Sequence[tuple[str, int, str]]:
    keys = [(kind, most, query) for kind, query in KEYS.items()]
    return [*keys, *((kind, bound, query) for kind, (bound, query) in BLOCKS.items())]
