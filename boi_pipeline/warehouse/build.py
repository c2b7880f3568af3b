"""Building the warehouse: raw tables in, one table a model out, beside the last good file.

The build happens in ``boi.<run_id>.duckdb``; ``keep`` renames it to ``boi.duckdb`` when it passed, ``set_aside`` to
``boi.failed.duckdb`` when it did not. DuckDB's file is nobody's interface: others read what is published.
What of the last good file need not be built again is decided in ``reuse``.
"""

import math
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from boi_pipeline.warehouse import checks
from boi_pipeline.warehouse.checks import CheckResult, Vocabularies
from boi_pipeline.warehouse.contract import RAW, Model, Project
from boi_pipeline.warehouse.engine import MOST, connect, memory_limit
from boi_pipeline.warehouse.raw import RAW_TABLES, RawFiles, raw_schema
from boi_pipeline.warehouse.reuse import Builds, can_go_on_from, kept_results, looked_at
from boi_pipeline.warehouse.side_by_side import SideBySide, Work
from boi_pipeline.warehouse.sql_reads import sql_error
from boi_pipeline.warehouse.writing import create_empty, write, write_sparingly
from scrapers.files import fault_point, fsync_folder
from scrapers.yamlfile import ConfigError

CURRENT = "boi.duckdb"
FAILED = "boi.failed.duckdb"
PREVIEW_ROWS = 5
ROOM = 2 << 10  # bytes of memory that two expensive models take for each row of the raw tables
ROW = 1 << 5  # bytes of memory that any other model takes for each row it reads
RANGES = 1.5  # in which an expensive table is made, for each time that two would fill the memory
DEAR = 0.7  # of the memory: what a model that would take more leaves to others
RawRows = pa.Table | pa.RecordBatchReader | RawFiles


@dataclass(frozen=True)
class ModelResult:
    """What came of one model."""

    model: Model
    row_count: int = 0
    seconds: float = 0.0
    checks: list[CheckResult] = field(default_factory=list)
    quarantined_count: int = 0
    error: str | None = None  # why it was not built
    preview: list[dict[str, Any]] = field(default_factory=list)  # of a mart: its first rows
    content: str | None = None  # a hash that changes when its rows do
    is_reused: bool = False  # nothing it is made from had changed, so it was left as it is

    @property
    def stops(self) -> str | None:
        """Why publication may not go on because of this model, or None."""
        if self.error:
            return self.error
        failed = [check for check in self.checks if check.stops]
        if failed:
            told = ", ".join(f"{check.check.name} ({check.error or f'{check.failed_count} filas'})" for check in failed)
            return f"{self.model.table}: {told}"
        return None


class Build:
    """One build of the warehouse in a file of its own. Use as a context manager; it holds DuckDB's only connection."""

    def __init__(
        self,
        project: Project,
        folder: Path,
        run_id: str,
        vocabularies: Vocabularies,
        *,
        from_current: bool = False,
        memory: int = MOST,
    ) -> None:
        """``from_current``: begin with a copy of the last good warehouse and build only what changed since.

        A warehouse that other code made is not gone on from: then all is built. ``memory``: bytes DuckDB may take at most.
        """
        self.project = project
        self._from_current = from_current
        self._memory = memory
        self.folder = folder
        self.path = folder / f"boi.{run_id}.duckdb"
        self.vocabularies = vocabularies
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._builds: Builds | None = None

    def __enter__(self) -> "Build":
        self.folder.mkdir(parents=True, exist_ok=True)
        current = self.folder / CURRENT
        if self._from_current and not self.path.exists() and current.is_file() and can_go_on_from(current):
            shutil.copyfile(current, self.path)
        # not synced: a build that the machine's fall cuts short is begun anew
        self._connection = connect(self.path, synced=False, most=self._memory)
        checks.create_tables(self._connection)
        self._builds = Builds(self._connection, self.project, self.vocabularies)
        return self

    def __exit__(self, *error: object) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = self._builds = None

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            raise RuntimeError("the build is not open: use it as a context manager")
        return self._connection

    @property
    def builds(self) -> Builds:
        if self._builds is None:
            raise RuntimeError("the build is not open: use it as a context manager")
        return self._builds

    @property
    def has_raw(self) -> bool:
        """Whether raw tables were loaded before: by an earlier step of this run, or in the warehouse it began with."""
        return self.builds.known("raw.run") is not None

    def load(self, raw: Mapping[str, RawRows]) -> None:
        """Put raw tables in where their rows changed; those not given, and not there yet, are made empty.

        A reader is taken in as it comes, so that a table larger than memory can be given; of files, those not taken in yet.
        """
        self.connection.execute("begin; create schema if not exists raw")
        for name in RAW_TABLES:
            if name not in raw and self.builds.known(f"raw.{name}"):
                continue
            given = raw.get(name)
            if isinstance(given, RawFiles):
                self._load_files(name, given)
                continue
            table = raw_schema(name).empty_table() if given is None else given.cast(raw_schema(name))
            is_stream = isinstance(table, pa.RecordBatchReader)  # read once: its rows are compared once they are here
            if not is_stream and self.builds.has_rows_of(name, table):
                continue
            self.connection.register("incoming", table)
            self.connection.execute(f"create or replace table raw.{name} as select * from incoming")
            self.connection.unregister("incoming")
            if is_stream:
                self.builds.note_rows_of(name)
        self.connection.execute("commit")
        fault_point("warehouse:loaded")

    def _load_files(self, name: str, given: RawFiles) -> None:
        """Bring a raw table to the rows of these files, reading only those it does not hold."""
        is_new = self.builds.known(f"raw.{name}") is None
        if self.builds.has_files_of(name, given):
            return
        connection, table = self.connection, f"raw.{name}"
        if is_new:
            create_empty(connection, table, raw_schema(name))
        held = {row[0] for row in connection.execute(f"select distinct import_id from {table}").fetchall()}
        for import_id in held - set(given.files):  # taken back, or rows of no file, which may have changed
            connection.execute(f"delete from {table} where import_id = ?", [import_id])
        if given.others.num_rows:  # an insert of nothing is not nothing: docs/decisions/0020
            connection.register("incoming", given.others.cast(raw_schema(name)))
            connection.execute(f"insert into {table} select * from incoming")
            connection.unregister("incoming")
        if new := [str(given.files[import_id]) for import_id in sorted(set(given.files) - held)]:
            # by name: what an older file does not have is null
            connection.execute(f"insert into {table} by name from read_parquet(?, union_by_name = true)", [new])

    def run(self, last_rows: Mapping[str, int], select: set[str] | None = None) -> Iterator[ModelResult]:
        """Build the models of the project, or those of ``select``; the others keep their tables.

        What a selected model reads is built as well where it is not there yet. A model whose inputs, code and checks are
        as they were is yielded as it is, ``is_reused``. ``last_rows``: table → rows in the set published last. A model
        that fails stops only those that read from it; they are yielded with the error that names it. Models that do not
        wait for each other are built side by side; they are yielded in the order of the project.
        """
        wanted = self._wanted(select)
        for layer in ("staging", "intermediate", "marts"):
            self.connection.execute(f"create schema if not exists {layer}")
        models = {model.table: model for model in self.project.models if model.table in wanted}
        taken = self._taken()
        ranges = math.ceil(taken * RANGES)
        if ranges > 1:  # the small blocks that ranges end with would be joined, and all beside them compressed anew
            self.connection.execute("set max_vacuum_tasks = 0")

        def begin(model: Model) -> ModelResult | Work[ModelResult]:
            for table in model.dependencies:
                if (read := side_by_side.done(table)) and read.error:
                    return ModelResult(model, error=f"{model.table} was not built: {table} failed before it")
            usual = last_rows.get(model.table)
            made_from = self.builds.made_from(model, usual)
            return self._reused(model, made_from) or Work(
                lambda own: self._build(own, model, made_from, usual, lambda on, of: write(on, of, ranges)),
                lambda own: self._build(own, model, made_from, usual, write_sparingly),
                self._share(model, taken),
            )

        with SideBySide(self.connection, models, self._waits_for, begin, _not_built) as side_by_side:
            for result in side_by_side.results():
                fault_point("warehouse:model")
                yield result

    def _taken(self) -> float:
        """The share of the memory that two expensive models take together."""
        ((rows,),) = self.connection.execute(
            f"select coalesce(sum(estimated_size), 0) from duckdb_tables() where schema_name = '{RAW}'"
        ).fetchall()
        return rows * ROOM / memory_limit(self._memory)

    def _share(self, model: Model, taken: float) -> float:
        """The share of the memory that a model takes while it is built, where two expensive ones spill what each alone holds:
        then so much for each of them that only small ones have room beside it."""
        if taken <= 1:
            return 0.0
        if model.partitioned:
            return DEAR
        ((rows,),) = self.connection.execute(
            "select coalesce(sum(estimated_size), 0) from duckdb_tables() "
            "where list_contains(?, schema_name || '.' || table_name)",
            [list(model.dependencies)],
        ).fetchall()
        return min(rows * ROW / memory_limit(self._memory), DEAR)

    @staticmethod
    def _waits_for(model: Model) -> set[str]:
        """The tables that have to be there before a model is built: those it reads, and those its checks look at (the
        gate checks the marts, when all are there)."""
        return {*model.dependencies, *(looked_at(model) if model.layer != "marts" else ())}

    def _wanted(self, select: set[str] | None) -> set[str]:
        """The tables to build: the selected ones, and what they read that is not there."""
        wanted = set(self.project.by_table) if select is None else set(select)
        for model in reversed(self.project.models):  # readers come before what they read
            if model.table in wanted:
                wanted |= {
                    table
                    for table in model.dependencies
                    if table in self.project.by_table and not self.builds.known(table)
                }
        return wanted

    def _reused(self, model: Model, made_from: str) -> ModelResult | None:
        """The model as it stands, where nothing it is made from changed."""
        known = self.builds.known(model.table)
        if known is None or known.made_from != made_from:
            return None
        return ModelResult(
            model,
            known.row_count,
            checks=kept_results(self.connection, [model]) if model.layer != "marts" else [],
            quarantined_count=known.quarantined_count,
            preview=_preview(self.connection, model),
            content=known.content or made_from,
            is_reused=True,
        )

    def _build(
        self,
        connection: duckdb.DuckDBPyConnection,
        model: Model,
        made_from: str,
        last_rows: int | None,
        write: Callable[[duckdb.DuckDBPyConnection, Model], int | None],
    ) -> ModelResult:
        """Build a model in one transaction; where rows are set aside, in two, and until the second is through nothing is
        known of the table. Raises duckdb.Error and ConfigError, and then leaves what stood before, or a table to be built again.
        """
        started = time.perf_counter()
        connection.execute("begin")
        try:
            self.builds.forget(model.table, connection)
            told = write(connection, model)
            _compare_columns(connection, model)
            results: list[CheckResult] = []
            row_count = _count(connection, model) if told is None else told
            if model.layer != "marts":
                results = [
                    checks.run_check(connection, check, model, self.vocabularies, last_rows, row_count)
                    for check in model.checks
                ]
            if any(result.quarantines for result in results):
                # rows taken out in the transaction that made the table would have all of it written into the log
                connection.execute("commit; begin")
            quarantined = checks.quarantine(connection, model, results, remove=True)
            checks.record(connection, results)
            error = checks.too_much_quarantine(connection, model, quarantined)
            row_count = _count(connection, model) if quarantined else row_count
            preview = _preview(connection, model)
            built = self.builds.built(model, made_from, row_count, quarantined, connection)
        except BaseException:  # also one that ends the process: the next build finds no half table
            connection.execute("rollback")
            raise
        connection.execute("commit")
        seconds = time.perf_counter() - started
        return ModelResult(model, row_count, seconds, results, quarantined, error, preview, built.content or made_from)


def _not_built(model: Model, error: Exception) -> ModelResult:
    if isinstance(error, ConfigError):
        return ModelResult(model, error=str(error))
    if isinstance(error, duckdb.Error):
        return ModelResult(model, error=str(sql_error(model.path, model.sql_first_line - 2, error)))
    raise error


def _preview(connection: duckdb.DuckDBPyConnection, model: Model) -> list[dict[str, Any]]:
    """Of a mart, its first rows."""
    if model.layer != "marts":
        return []
    order = ", ".join(checks.quoted(column) for column in model.grain)
    return connection.sql(f"from {model.table} order by {order} limit {PREVIEW_ROWS}").to_arrow_table().to_pylist()


def _count(connection: duckdb.DuckDBPyConnection, model: Model) -> int:
    (row,) = connection.execute(f"select count(*) from {model.table}").fetchall()
    return row[0]


def _compare_columns(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    found = [(row[0], row[1]) for row in connection.execute(f"describe table {model.table}").fetchall()]
    declared = [(column.name, column.type.duckdb) for column in model.columns]
    if found == declared:
        return

    def fail(told: str, column: str | None = None) -> ConfigError:
        line = model.line_of(f"{column}:", in_header=True) if column else None
        return ConfigError(model.path, line or model.line_of("columns:", in_header=True), "columns", told)

    for position, (is_, should) in enumerate(zip(found, declared, strict=False), start=1):
        if is_ != should:
            told = f"column {position} is {is_[0]} {is_[1]}, the header says {should[0]} {should[1]}"
            raise fail(told, should[0])
    extra = [name for name, _ in found[len(declared) :]]
    lacking = [name for name, _ in declared[len(found) :]]
    if extra:
        raise fail(f"the SQL gives {extra} more than the header")
    raise fail(f"the SQL does not give {lacking}", lacking[0])


def keep(folder: Path, run_id: str) -> Path:
    """Make the build the warehouse."""
    return _rename(folder, run_id, CURRENT)


def set_aside(folder: Path, run_id: str) -> Path:
    """Keep a build that did not pass for inspection; the last good one stays."""
    return _rename(folder, run_id, FAILED)


def discard_leftovers(folder: Path, apart_from: str = "") -> None:
    """Remove the builds that killed runs left behind, not that of the run ``apart_from`` (the caller holds the home's lock)."""
    for path in folder.glob("boi.*.duckdb*"):
        if apart_from and path.name.startswith(f"boi.{apart_from}.duckdb"):
            continue
        if path.is_dir():
            shutil.rmtree(path)  # what DuckDB spilled
        elif not path.name.startswith(FAILED):
            path.unlink()


def _rename(folder: Path, run_id: str, name: str) -> Path:
    fault_point("warehouse:built")
    built = folder / f"boi.{run_id}.duckdb"
    with open(built, "rb") as file:
        os.fsync(file.fileno())  # while it was built nothing was
    target = built.replace(folder / name)
    fsync_folder(folder)
    fault_point("warehouse:renamed")
    return target
