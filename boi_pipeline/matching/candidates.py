"""Which announcements are worth comparing: pairs that share a key or a block, found in DuckDB.

A *key* says that two announcements may be one call (same text, link, number); a *block* only that they are worth a
look. Both are bounded: what more announcements share than the bound says nothing about any of them. The pairs depend
on the facts alone; how many blocks each two share is kept, so that a day costs what changed. Comparing them belongs to
``score``; the tables, to whoever holds the connection.
"""

from dataclasses import dataclass

import duckdb

TABLES = """
create table if not exists keyed (n integer, kind utinyint, key ubigint);
create table if not exists shared (a integer, b integer, blocks smallint, keys smallint);
"""
"""Every key and block of the announcements, as 64-bit hashes: a collision makes one more pair to compare, never a wrong
join. And how many any two share, a < b, those out of bounds aside."""

KEYS: dict[str, str] = {
    "text": "select n, text_sha256 as key from {facts}",
    "link": "select n, unnest(links) as key from {facts}",
    "number": """
        select n, number || case when is_general_number then chr(31) || funder else '' end as key from {facts}
        where number is not null""",
}
"""Kind → (n, key) of every announcement that has it. A general number means something beside its funder only."""

_CLOSING = "select n, {what}, unnest(list_distinct(deadlines)) as day from {{facts}}"
_TOLD = "select n, {what}, unnest(days) as day from {{facts}}"


def _with_day(many: str, days: str = _CLOSING, where: str = "true") -> str:
    """(n, hash) of every member of a list with every day."""
    each = f"select n, day, unnest({many}) as one from ({days.format(what=many)})"  # noqa: S608
    return f"select n, hash(one, day) as key from ({each}) where {where}"  # noqa: S608


BLOCKS: dict[str, tuple[int, str]] = {
    "title_and_funder": (
        40,
        "select n, hash(series, funder) as key from {facts} where is_named and funder is not null",
    ),
    "title": (20, "select n, hash(series) as key from {facts} where is_named"),
    "funder": (15, "select n, hash(funder) as key from {facts} where funder is not null"),
    "funder_and_date": (
        40,
        f"select n, hash(funder, day) as key from ({_CLOSING.format(what='funder')}) where funder is not null",  # noqa: S608
    ),
    "word_and_date": (40, _with_day("telling")),
    "name_and_date": (20, _with_day("names")),
    "amount_and_date": (
        20,
        f"""select n, hash(currency, amount, day) as key from (
            select n, currency, day, unnest(list_distinct(amounts)) as amount
            from ({_CLOSING.format(what="currency, amounts")})) where currency is not null""",  # noqa: S608
    ),
    "rare_and_date": (20, _with_day("rare", _TOLD)),
    "figure_and_date": (20, _with_day("figures", _TOLD, "one >= 100")),
    "two_figures": (
        15,
        """select n, hash(figures[i], figures[j]) as key from (
            select n, figures, i, unnest([i + 1, i + 2]) as j
            from (select n, figures, unnest(range(1, len(figures))) as i from {facts} where len(figures) > 1))
        where j <= len(figures) and figures[i] >= 100""",
    ),
    "place_and_date": (12, _with_day("places", _TOLD)),
    "place_and_figure": (
        12,
        """select n, hash(place, figure) as key from (
            select n, place, unnest(figures) as figure
            from (select n, figures, unnest(places) as place from {facts})) where figure >= 100""",
    ),
    "two_words": (
        20,
        """select n, hash(least(one, other), greatest(one, other)) as key from (
            select n, unnest(telling[:-2]) as one, unnest(telling[2:]) as other from {facts} where len(telling) > 1)""",
    ),
    "two_names": (
        15,
        """select n, hash(least(first[i], first[j]), greatest(first[i], first[j])) as key from (
            select n, first, i, unnest(range(i + 1, len(first) + 1)) as j from (
                select n, first, unnest(range(1, len(first))) as i from (select n, names[:6] as first from {facts})))""",
    ),
    "sketch": (20, "select n, hash(one) as key from (select n, unnest(sketch[:4]) as one from {facts})"),
}
"""Kind → (announcements a block may hold, its (n, hash)); each announcement once."""

SHARED_BLOCKS = 2
"""Blocks a pair without a common key has to share: of those that share a single one hardly any is one call."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """A key that too many announcements share."""

    kind: str
    key: str
    members: tuple[int, ...]  # rows of the facts


def find_crowds(connection: duckdb.DuckDBPyConnection, most: int) -> list[Crowd]:
    """Keys shared by more than ``most`` announcements, in an order of their own."""
    crowded = connection.execute(
        "select distinct kind from (select kind from keyed where kind < ? group by kind, key having count(*) > ?)",
        [len(KEYS), most],
    ).fetchall()
    found: list[Crowd] = []
    for kind in [kind for number, kind in enumerate(KEYS) if (number,) in crowded]:
        rows = connection.execute(
            f"""select key, list(n order by n) from ({KEYS[kind].format(facts="facts")}) where key is not null
            group by key having count(*) > ? order by key""",  # noqa: S608
            [most],
        ).fetchall()
        found += [Crowd(kind, key, tuple(members)) for key, members in rows]
    return found


def find_pairs(connection: duckdb.DuckDBPyConnection, most: int, fresh: int) -> None:
    """Bring ``keyed`` and ``shared`` up to today: ``facts`` from row ``fresh`` on are new, those of ``gone`` have left.

    Makes the tables ``new_pairs(a, b, i)``, worth comparing since today, numbered from 0, and ``lost_pairs``, those of
    ``pairs(a, b, …)`` that no longer are; in all of them a was seen first. A pair shares a key, or ``SHARED_BLOCKS`` blocks,
    or is near: ``near_change(a, b, change)`` says which began (1) or ceased (-1) to be neighbours today.
    """
    connection.execute(f"insert into keyed {_all_keys(fresh)}")
    first_day = fresh == 0
    met = "" if first_day else "semi join (select key from keyed where n >= $fresh or n in (from gone)) using (key)"
    is_gone = "false" if first_day else "n in (from gone)"
    bound = " ".join(f"when {number} then {at_most}" for number, at_most in enumerate(_bounds(most)))
    connection.execute(
        f"""create or replace temp table delta as
        with met as (
            select n, kind < {len(KEYS)} as is_key, key, n >= $fresh as is_new, {is_gone} as is_gone,
                case kind {bound} end as most
            from keyed {met}
        ),
        sizes as (
            select key, any_value(most) as most, count(*) filter (not is_new) as before,
                count(*) filter (not is_gone) as after
            from met group by key having count(*) > 1
        ),
        live as (
            select key, before between 2 and most as was_live, after between 2 and most as is_live
            from sizes where was_live or is_live
        ),
        members as (
            select n, key, is_key, was_live and not is_new as was, is_live and not is_gone as stays
            from met join live using (key)
        )
        select a, b, sum(change)::smallint as blocks, coalesce(sum(change) filter (is_key), 0)::smallint as keys
        from (
            select x.n as a, y.n as b, x.is_key, (x.stays and y.stays)::integer - (x.was and y.was)::integer as change
            from members x join members y on x.key = y.key and x.n < y.n
            union all select a, b, true, change from near_change
        )
        where change <> 0 group by a, b having sum(change) <> 0 or keys <> 0""",  # noqa: S608
        {"fresh": fresh},
    )
    if not first_day:
        connection.execute(
            """update shared set blocks = shared.blocks + delta.blocks, keys = shared.keys + delta.keys
            from delta where shared.a = delta.a and shared.b = delta.b;
            delete from shared where blocks = 0;
            delete from keyed where n in (from gone)"""
        )
    connection.execute(
        f"""insert into shared by name from delta anti join shared using (a, b) where blocks > 0;
        create or replace temp table alike as
        select a, b from shared semi join delta using (a, b) where blocks >= {SHARED_BLOCKS} or keys > 0;
        create or replace temp table lost_pairs as
        select * from pairs p semi join delta d on least(p.a, p.b) = d.a and greatest(p.a, p.b) = d.b
            anti join alike s on least(p.a, p.b) = s.a and greatest(p.a, p.b) = s.b;
        create or replace temp table new_pairs as
        select case when is_first then a else b end as a, case when is_first then b else a end as b,
            (row_number() over () - 1)::integer as i
        from (
            select p.a, p.b, (x.first_seen_at, x.item_id) < (y.first_seen_at, y.item_id) as is_first
            from (
                from alike anti join (select least(a, b) as a, greatest(a, b) as b from pairs) using (a, b)
            ) p join facts x on x.n = p.a join facts y on y.n = p.b
        );
        drop table delta; drop table alike"""  # noqa: S608
    )


def _all_keys(fresh: int) -> str:
    """(n, kind, hash) of every key and block of the facts from row ``fresh`` on."""
    facts = f"(from facts where n >= {fresh:d})"
    keys = [f"select n, hash(key) as key from ({query}) where key is not null" for query in KEYS.values()]  # noqa: S608
    queries = [*keys, *(query for _, query in BLOCKS.values())]
    # the kind goes into the hash: one value may be a word here and a name there
    each = (
        f"select n, {kind} as kind, hash(key, {kind}) as key from ({query.format(facts=facts)})"  # noqa: S608
        for kind, query in enumerate(queries)
    )
    return " union all ".join(each)


def _bounds(most: int) -> list[int]:
    """How many announcements a key or block may hold, by kind."""
    return [most] * len(KEYS) + [bound for bound, _ in BLOCKS.values()]
