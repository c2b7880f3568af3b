"""Checks as queries that return the bad rows, their results, and the quarantine of rows that fail.

DuckDB runs the checks of staging and intermediate tables here; marts are checked by ``expectations`` with the same
results. What stops publication is decided here (``gate``), what is published by ``publication``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

from boi_pipeline.warehouse import texts
from boi_pipeline.warehouse.call_names import call_names, naming_columns
from boi_pipeline.warehouse.contract import TEXT_KINDS, BoundCheck, Model

SAMPLE_ROWS = 5
MAX_QUARANTINED_SHARE = 0.2
FEW_ROWS = 2  # so many are single rows, whatever share of a small table they are

Vocabularies = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class CheckResult:
    """What one check found: how many rows failed, their keys, how the calls of the first are called, and what to do."""

    check: BoundCheck
    row_count: int
    failed_count: int
    failed_keys: list[dict[str, Any]] = field(default_factory=list, repr=False)
    error: str | None = None
    call_names: list[dict[str, str]] = field(default_factory=list, repr=False)  # of the sample

    @property
    def passed(self) -> bool:
        return self.failed_count == 0 and self.error is None

    @property
    def stops(self) -> bool:
        """Whether publication may not go on: an error about the set, or a check that could not run."""
        return not self.passed and (self.error is not None or self._is_set_error())

    @property
    def quarantines(self) -> bool:
        return self.failed_count > 0 and self.check.severity == "error" and self.check.scope == "row"

    @property
    def sample(self) -> list[dict[str, Any]]:
        """Some rows that fail: the code and title of their call, where they are known, and their keys."""
        keys = self.failed_keys[:SAMPLE_ROWS]
        return [{**name, **key} for name, key in zip(self.call_names or [{}] * len(keys), keys, strict=True)]

    def _is_set_error(self) -> bool:
        return self.check.severity == "error" and self.check.scope == "set"


def quoted(name: str) -> str:
    """A SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def condition(check: BoundCheck, model: Model, vocabularies: Vocabularies) -> str:
    """A SQL condition that holds for good rows (null counts as good) for checks that look at one row.

    For those that read words, ``texts.judge`` has to have read them.
    """
    good = _condition(check, model, vocabularies)
    return f"(not coalesce({check.where}, false) or coalesce({good}, true))" if check.where else good


def _condition(check: BoundCheck, model: Model, vocabularies: Vocabularies) -> str:
    if check.kind == "expression":
        return f"({check.argument})"
    if check.kind in TEXT_KINDS:
        return texts.condition(check)
    column = quoted(check.columns[0])
    if check.kind == "not_null":
        return f"{column} is not null"
    if check.kind == "references":
        table, _, target = check.argument.rpartition(".")
        return f"({column} is null or {column} in (select {quoted(target)} from {table}))"
    if check.kind == "in_vocabulary":
        codes = ", ".join("'" + code.replace("'", "''") + "'" for code in sorted(vocabularies[check.argument]))
        kind = next(item.type.name for item in model.columns if item.name == check.columns[0])
        if kind.endswith("[]"):
            return f"len(list_filter({column}, lambda x: x::varchar not in ({codes}))) = 0"
        return f"{column}::varchar in ({codes})"
    raise AssertionError(check.kind)


def run_check(
    connection: duckdb.DuckDBPyConnection,
    check: BoundCheck,
    model: Model,
    vocabularies: Vocabularies,
    last_rows: int | None,
    row_count: int | None = None,
) -> CheckResult:
    """Run one check in DuckDB over a built table. ``last_rows``: the rows the table usually has in the published sets;
    ``row_count``: those it has, where the caller has counted them.

    ``max_rise`` compares with published shares and is left to ``expectations``.
    """
    if row_count is None:
        row_count = int(_one(connection, f"select count(*) from {model.table}")[0])
    if check.kind in ("min_rows", "max_fall"):
        least = least_rows(check, last_rows)
        return CheckResult(check, row_count, max(0, least - row_count))
    try:
        if check.kind in TEXT_KINDS:
            texts.judge(connection, model, vocabularies, check)
        return failing(connection, check, model, vocabularies, row_count)
    except duckdb.Error as error:
        return CheckResult(check, row_count, 0, error=f"{model.path}:{check.line}: check {check.name}: {error}")


def failing(
    connection: duckdb.DuckDBPyConnection, check: BoundCheck, model: Model, vocabularies: Vocabularies, row_count: int
) -> CheckResult:
    """The rows that fail a check of rows: all their keys where they are to be set aside, else a sample.

    Raises duckdb.Error.
    """
    keys = ", ".join(quoted(column) for column in model.grain)
    selected = ", ".join(quoted(column) for column in [*model.grain, *naming_columns(model)])
    if check.kind == "unique":
        if check.columns == model.grain and is_ascending(connection, model.table, check.columns):
            return CheckResult(check, row_count, 0)
        if _one(connection, f"select {repeated(check, model)} from {model.table}")[0] == 0:
            return CheckResult(check, row_count, 0)
        columns = ", ".join(quoted(column) for column in check.columns)
        said = counted(check, model)
        twice = f"({said}) and count(*) over (partition by {columns}) > 1"
        bad = (
            f"select {selected} from {model.table} qualify {twice}{f' or not ({said})' if is_key(check, model) else ''}"
        )
    else:
        bad = f"select {selected} from {model.table} where not coalesce({condition(check, model, vocabularies)}, true)"
    limit = "" if check.severity == "error" and check.scope == "row" else f" limit {SAMPLE_ROWS}"
    found = connection.sql(f"{bad} order by {keys}{limit}").to_arrow_table()
    count = (
        len(found) if not limit or len(found) < SAMPLE_ROWS else _one(connection, f"select count(*) from ({bad})")[0]
    )
    names = call_names(connection, model, found.slice(0, SAMPLE_ROWS).to_pylist())
    return CheckResult(check, row_count, count, found.select(model.grain).to_pylist(), call_names=names)


def is_key(check: BoundCheck, model: Model) -> bool:
    """Whether a check asks of a table that its key is one: there in every row, and there once."""
    return check.kind == "unique" and check.columns == model.grain


def counted(check: BoundCheck, model: Model) -> str:
    """A SQL condition: which rows a ``unique`` check compares. Nothing repeats nothing; but a key has all its parts."""
    joined = " and " if is_key(check, model) else " or "
    return joined.join(f"{quoted(column)} is not null" for column in check.columns)


def repeated(check: BoundCheck, model: Model) -> str:
    """A SQL aggregate: how many rows are too many for a ``unique`` check; 0 where it passes.

    Hashes are far less to hold than the values; where the count is not 0 the values are looked at.
    """
    columns, said = ", ".join(quoted(column) for column in check.columns), counted(check, model)
    rows = "count(*)" if is_key(check, model) else f"count(*) filter ({said})"
    return f"{rows} - count(distinct hash({columns})) filter ({said})"


def is_ascending(connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> bool:
    """Whether each row of a table comes after the one before it by these columns, so that no key is there twice.

    Far less to do than to compare all rows with all. A null is never in order.
    """
    names = [quoted(column) for column in columns]
    whole = " and ".join(f"{name} is not null" for name in names)
    before = [f"lag({name}) over ()" for name in names]
    after = f"{names[-1]} > {before[-1]}"
    for name, last in zip(names[-2::-1], before[-2::-1], strict=True):
        after = f"{name} > {last} or ({name} = {last} and ({after}))"
    rows, ascending, complete = _one(
        connection,
        "select count(*), count(*) filter (follows), count(*) filter (whole) "
        f"from (select {after} as follows, {whole} as whole from {table})",
    )
    return ascending >= rows - 1 and complete == rows


def least_rows(check: BoundCheck, last_rows: int | None) -> int:
    """The fewest rows a ``min_rows`` or ``max_fall`` check accepts."""
    if check.kind == "min_rows":
        return int(check.argument)
    return 0 if last_rows is None else int(last_rows * (1 - check.argument) + 0.999)


def quarantine(connection: duckdb.DuckDBPyConnection, model: Model, results: list[CheckResult], remove: bool) -> int:
    """Note the rows that failed row errors in ``quality.quarantine``; with ``remove`` take them out of the table.

    Returns how many rows that were.
    """
    same = " and ".join(f"t.{quoted(column)} is not distinct from f.{quoted(column)}" for column in model.grain)
    key = ", ".join(f"{quoted(column)} := t.{quoted(column)}" for column in model.grain)
    opportunity = "t.opportunity_id" if "opportunity_id" in model.column_names else "null"
    failing = [result for result in results if result.quarantines]
    for result in failing:
        connection.register("failed", pa.Table.from_pylist(result.failed_keys))
        connection.execute(
            f"insert into quality.quarantine select distinct ?, ?, to_json(struct_pack({key}))::varchar, {opportunity}, ? "
            f"from {model.table} t join failed f on {same}",
            [model.table, result.check.name, result.check.advice],
        )
        connection.unregister("failed")
    for result in failing if remove else ():
        connection.register("failed", pa.Table.from_pylist(result.failed_keys))
        connection.execute(f"delete from {model.table} t using failed f where {same}")
        connection.unregister("failed")
    if not failing:
        return 0
    (count,) = _one(
        connection,
        "select count(distinct row_key) from quality.quarantine where table_name = ?",
        [model.table],
    )
    return count


def record(connection: duckdb.DuckDBPyConnection, results: list[CheckResult]) -> None:
    """Keep the results in ``quality.results`` of the warehouse."""
    rows = [
        [
            result.check.model,
            result.check.name,
            result.check.severity,
            result.check.scope,
            result.passed,
            result.row_count,
            result.failed_count,
            json.dumps(result.sample, default=str, ensure_ascii=False),
            result.error or result.check.advice,
        ]
        for result in results
    ]
    if rows:  # a list a column: a parameter a value takes ten times as long
        columns = ", ".join(["unnest(?)"] * len(rows[0]))
        connection.execute(
            f"insert into quality.results select {columns}", [list(column) for column in zip(*rows, strict=True)]
        )


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the empty tables ``quality.results``, ``quality.quarantine`` and ``quality.verdicts``."""
    texts.create_table(connection)
    connection.execute(
        "create table if not exists quality.results (table_name varchar, check_name varchar, severity varchar, "
        "scope varchar, is_passed boolean, row_count bigint, failed_count bigint, sample varchar, advice varchar)"
    )
    connection.execute(
        "create table if not exists quality.quarantine (table_name varchar, check_name varchar, row_key varchar, "
        "opportunity_id varchar, advice varchar)"
    )


def too_much_quarantine(connection: duckdb.DuckDBPyConnection, model: Model, quarantined: int) -> str | None:
    """Why the whole set must stop when too many rows of a table were set aside; None when it need not."""
    if quarantined <= FEW_ROWS:
        return None
    (left,) = _one(connection, f"select count(*) from {model.table}")
    total = left if model.layer == "marts" else left + quarantined
    if quarantined / total > MAX_QUARANTINED_SHARE:
        return (
            f"{model.table}: {quarantined} de {total} filas en cuarentena "
            f"(más del {MAX_QUARANTINED_SHARE:.0%}); la fuente del error es común, no de filas sueltas."
        )
    return None


def _one(connection: duckdb.DuckDBPyConnection, query: str, values: list[Any] | None = None) -> tuple[Any, ...]:
    rows = connection.execute(query, values or []).fetchall()  # all: a fetchone leaves the connection busy
    if not rows:
        raise LookupError(query)
    return rows[0]
