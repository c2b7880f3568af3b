"""What need not be built again: of every table, what it was made from and what is in it.

``quality.builds`` of the warehouse keeps, for each raw table and model, the hash of its rows and, for a model, the hash
of its SQL and contract with the hashes of the tables it reads. Equal inputs give an equal table, so it is left as it
is; a change that gives equal rows ends where it does. Building belongs to ``build``, checking marts to ``publication``.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa

from boi_pipeline.warehouse.checks import CheckResult, Vocabularies, least_rows
from boi_pipeline.warehouse.contract import LAYERS, RAW, TEXT_KINDS, BoundCheck, Model, Project
from boi_pipeline.warehouse.history import History
from boi_pipeline.warehouse.raw import RAW_TABLES, RawFiles, raw_schema
from boi_pipeline.warehouse.texts import LANGUAGES

_NOTED = ("builds", "results", "quarantine")
"""The tables of ``quality`` that hold what was noted of the others."""
_OF_EARLIER_SETS = frozenset({"max_fall", "max_rise"})
"""Kinds of check that look at what was published before as well."""


@dataclass(frozen=True)
class Built:
    """What is known of one table of the warehouse."""

    table: str
    made_from: str  # of a model: hash of its code and inputs; of a raw table: empty
    content: str | None  # hash of its rows; None: nobody has needed it yet
    row_count: int
    quarantined_count: int
    built_at: datetime  # when its rows were made, not when they were last found unchanged
    as_of: datetime | None
    checked_with: str | None = None  # of a mart: what its last check at the gate looked at


@cache
def _format() -> str:
    """Changes with DuckDB, with the code of this package and of the modules it shares, and with the declared raw tables."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    package = Path(__file__).parent
    for path in sorted(path for folder in (package, package.parent) for path in folder.iterdir()):
        if path.suffix in (".py", ".yml"):
            digest.update(path.read_bytes())
    for name in RAW_TABLES:
        digest.update(f"{name}|{raw_schema(name)}".encode())
    return digest.hexdigest()[:16]


def can_go_on_from(path: Path) -> bool:
    """Whether a warehouse file was made by this very code, so that its tables may be kept."""
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.execute("select format from quality.made_by").fetchall() == [(_format(),)]
    except duckdb.Error:
        return False


class Builds:
    """The table ``quality.builds`` of an open warehouse."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, project: Project, vocabularies: Vocabularies) -> None:
        self._connection = connection
        self._project = project
        self._vocabularies = vocabularies
        self._read_by_others = {table for model in project.models for table in {*model.dependencies, *looked_at(model)}}
        connection.execute(
            "create schema if not exists quality; "
            "create table if not exists quality.made_by as select ?::varchar as format",
            [_format()],
        )
        connection.execute(
            "create table if not exists quality.builds (table_name varchar, made_from varchar, "
            "content varchar, row_count bigint, quarantined_count bigint, built_at timestamptz, as_of timestamptz, "
            "checked_with varchar)"
        )
        self._forget_what_is_gone()
        rows = connection.execute("select * from quality.builds").fetchall()
        self._known = {row[0]: Built(*row) for row in rows}
        self._replaced: dict[str, Built] = {}  # marts that are being built again → what they were
        self._as_of: datetime | None = None
        self._told_of = set(self._known)  # tables the file may hold notes of, also where they hold no longer

    def _forget_what_is_gone(self) -> None:
        """Drop the tables whose file was removed, with what was noted of them."""
        there = self._connection.execute(
            f"select schema_name || '.' || table_name from duckdb_tables() where schema_name in {(RAW, *LAYERS)}"
        ).fetchall()
        wanted = set(self._project.by_table) | {f"{RAW}.{name}" for name in RAW_TABLES}
        for (table,) in there:
            if table not in wanted:
                self._connection.execute(f"drop table {table}")
                for noted in _NOTED:
                    self._connection.execute(f"delete from quality.{noted} where table_name = ?", [table])

    def known(self, table: str) -> Built | None:
        return self._known.get(table)

    def as_of(self, connection: duckdb.DuckDBPyConnection | None = None) -> datetime | None:
        """The instant of the raw tables that are loaded."""
        rows = (connection or self._connection).execute("select max(as_of) from raw.run").fetchall()
        return rows[0][0] if rows else None

    def has_rows_of(self, name: str, incoming: pa.Table) -> bool:
        """Whether a raw table already holds the rows of ``incoming``; notes what it will hold."""
        content, count = _NO_ROWS
        if incoming.num_rows:
            self._connection.register("incoming", incoming)
            content, count = self._rows_of("incoming")
            self._connection.unregister("incoming")
        before = self._known.get(f"{RAW}.{name}")
        if before and before.content == content:
            return True
        self._note(Built(f"{RAW}.{name}", "", content, count, 0, datetime.now(UTC), None))
        return False

    def has_files_of(self, name: str, given: RawFiles) -> bool:
        """Whether a raw table already holds the rows of these files; notes what it will hold.

        The files are known by their names: what stands in one never changes.
        """
        self._connection.register("incoming", given.others)
        others, _ = self._rows_of("incoming")
        self._connection.unregister("incoming")
        content = _digest([others, *sorted(given.files)])
        before = self._known.get(f"{RAW}.{name}")
        if before and before.content == content:
            return True
        self._note(Built(f"{RAW}.{name}", "", content, 0, 0, datetime.now(UTC), None))
        return False

    def note_rows_of(self, name: str) -> None:
        """Note the rows that a raw table holds."""
        content, count = self._rows_of(f"{RAW}.{name}")
        self._note(Built(f"{RAW}.{name}", "", content, count, 0, datetime.now(UTC), None))

    def made_from(self, model: Model, usual: object = None) -> str:
        """What a model would be made from now: its code, the rows it reads, and what its checks look at.

        ``usual`` is what the sets published before tell of the table, for the checks that look at them.
        """
        parts = [model.code_version]
        for table in model.dependencies:
            of = self._project.by_table.get(table)  # rows alone do not tell what their columns are called
            parts.append(f"{table}={[(c.name, c.type.name) for c in of.columns] if of else ''}={self.content(table)}")
        return _digest(parts + ([] if model.layer == "marts" else self._looked_at(model, usual)))

    def checked_with(self, model: Model, last_rows: int | None, shares: Mapping[str, float]) -> str:
        """What the checks of a mart would look at now: begins with the version of its code.

        ``last_rows``, ``shares``: what is usual, as for ``Expectations.run``.
        """
        count = self._known[model.table].row_count
        usual = [
            # of how many rows are usual only how many are lacking
            max(0, least_rows(check, last_rows) - count) if check.kind == "max_fall" else shares.get(check.argument[0])
            for check in model.checks
            if check.kind in _OF_EARLIER_SETS
        ]
        return f"{model.code_version}-{_digest([self.content(model.table), *self._looked_at(model, usual)])}"

    def _looked_at(self, model: Model, usual: object) -> list[str]:
        """What the checks of a model look at besides its rows."""
        terms = {check.argument for check in model.checks if check.kind == "in_vocabulary"}
        if any(check.kind in TEXT_KINDS for check in model.checks):
            terms |= {LANGUAGES} & set(self._vocabularies)
        found = [f"{name}={sorted(self._vocabularies[name])}" for name in sorted(terms)]
        found += [
            f"{table}={self.content(table) if table in self._known else None}" for table in sorted(looked_at(model))
        ]
        return found + [f"{check.name}={usual}" for check in model.checks if check.kind in _OF_EARLIER_SETS]

    def content(self, table: str) -> str:
        """The hash of a table's rows as they stand."""
        built = self._known.get(table)
        if built is None:
            raise LookupError(f"{table} is not in the warehouse")
        if built.content is None:
            content, _ = self._rows_of(table)
            built = self._note(replace(built, content=content))
        return str(built.content)

    def built(
        self,
        model: Model,
        made_from: str,
        row_count: int,
        quarantined_count: int,
        connection: duckdb.DuckDBPyConnection,
    ) -> Built:
        """Note, in the transaction of ``connection``, that a model was built. Its rows are hashed where somebody reads them,
        be it the gate: what that found of a mart, by the same contract, stays where the mart came out the same."""
        content = checked_with = None
        if model.layer == "marts" or model.table in self._read_by_others:
            content, _ = self._rows_of(model.table, connection) if row_count else _NO_ROWS
        if before := self._replaced.pop(model.table, None):
            if before.content == content and (before.checked_with or "").startswith(f"{model.code_version}-"):
                checked_with, quarantined_count = before.checked_with, before.quarantined_count
            else:
                self._forget_noted(model.table, ("results", "quarantine"), connection)
        if self._as_of is None:  # asked once: all models of a build are made from one run
            self._as_of = self.as_of(connection)
        now = datetime.now(UTC)
        built = Built(model.table, made_from, content, row_count, quarantined_count, now, self._as_of, checked_with)
        return self._note(built, connection)

    def unchecked(self) -> set[str]:
        """The marts that were built and that the gate has not looked at since."""
        return {table for table in self._marts() if self._known[table].checked_with is None}

    def to_check(self, history: History) -> set[str]:
        """The marts whose checks may answer otherwise than when the gate last looked."""
        known = {table: self._known[table].checked_with for table in self._marts()}
        return {table for table, checked in known.items() if checked != self._checked_with(table, history)}

    def note_checked(self, tables: Iterable[str], history: History) -> None:
        """Note that the gate has looked at some marts."""
        for table in tables:
            (count,) = self._connection.execute(
                "select count(distinct row_key) from quality.quarantine where table_name = ?", [table]
            ).fetchall()[0]
            checked_with = self._checked_with(table, history)
            self._note(replace(self._known[table], checked_with=checked_with, quarantined_count=count))

    def _checked_with(self, table: str, history: History) -> str:
        return self.checked_with(self._project.by_table[table], history.rows.get(table), history.shares.get(table, {}))

    def _marts(self) -> list[str]:
        return [model.table for model in self._project.models if model.layer == "marts" and model.table in self._known]

    def forget(self, table: str, connection: duckdb.DuckDBPyConnection) -> None:
        """Note, in the transaction of ``connection``, that a table is about to change: what was known of it, and what
        its checks found, no longer holds. What the gate found of a mart waits for ``built``."""
        before = self._known.pop(table, None)
        if table not in self._told_of:
            return  # in a new warehouse there is nothing to delete, and to look costs a query for each of its tables
        is_mart = table.startswith("marts.")
        if is_mart and before:
            self._replaced[table] = before
        self._forget_noted(table, ("builds",) if is_mart and before else _NOTED, connection)

    @staticmethod
    def _forget_noted(table: str, of: Iterable[str], connection: duckdb.DuckDBPyConnection) -> None:
        for noted in of:
            connection.execute(f"delete from quality.{noted} where table_name = ?", [table])

    def _note(self, built: Built, connection: duckdb.DuckDBPyConnection | None = None) -> Built:
        on = connection or self._connection
        if built.table in self._told_of:
            on.execute("delete from quality.builds where table_name = ?", [built.table])
        on.execute(
            "insert into quality.builds values (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                built.table,
                built.made_from,
                built.content,
                built.row_count,
                built.quarantined_count,
                built.built_at,
                built.as_of,
                built.checked_with,
            ],
        )
        self._known[built.table] = built
        self._told_of.add(built.table)
        if built.table == f"{RAW}.run":
            self._as_of = None
        return built

    def _rows_of(self, table: str, connection: duckdb.DuckDBPyConnection | None = None) -> tuple[str, int]:
        ((count, mixed, summed),) = (
            (connection or self._connection)
            .execute(f'select count(*), bit_xor(h), sum(h) from (select hash("#row") as h from {table} as "#row")')
            .fetchall()
        )
        return f"{count}-{mixed}-{summed}", count


_NO_ROWS = ("0-None-None", 0)  # what ``_rows_of`` says of an empty table


def looked_at(model: Model) -> set[str]:
    """The tables that the checks of a model look at besides its own."""
    found = {check.argument.rpartition(".")[0] for check in model.checks if check.kind == "references"}
    return found.union(*(getattr(check, "reads", ()) for check in model.checks)) - {model.table}


def kept_results(connection: duckdb.DuckDBPyConnection, models: Iterable[Model]) -> list[CheckResult]:
    """What the last check of some tables found, as it was recorded; failing keys are the sample alone."""
    if not (models := [model for model in models if model.checks]):
        return []
    rows = connection.execute(
        "select table_name, check_name, row_count, failed_count, sample from quality.results "
        "where list_contains(?, table_name)",
        [[model.table for model in models]],
    )
    kept: Mapping[tuple[str, str], tuple[int, int, str]] = {(row[0], row[1]): row[2:] for row in rows.fetchall()}
    return [
        _kept(check, *kept[key])
        for model in models
        for check in model.checks
        if (key := (model.table, check.name)) in kept
    ]


def _kept(check: BoundCheck, row_count: int, failed_count: int, sample: str) -> CheckResult:
    return CheckResult(check, row_count, failed_count, json.loads(sample))


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]
