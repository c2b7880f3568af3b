"""Querying what is published: SQL over the Parquet of the current set, and the description of a table."""

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from boi_pipeline.stages.run import Run
from boi_pipeline.stages.tables import WarehouseOutdated, warehouse_rows
from boi_pipeline.warehouse.build import CURRENT
from boi_pipeline.warehouse.contract import FOLDERS, Model, Profile
from boi_pipeline.warehouse.dictionary import published_files
from boi_pipeline.warehouse.profiles import column_name, open_columns
from boi_pipeline.warehouse.publication import current_manifest
from scrapers.yamlfile import ConfigError

SAMPLE_ROWS = 3
BATCH_ROWS = 1000
_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,  # else a table may be the name of a variable of this program
    "memory_limit": "1GB",
}

_ALL_TABLES = "select table_schema || '.' || table_name as name from information_schema.tables order by all"
"""What `show tables` means here: DuckDB's own tells of one schema, in which nothing is."""


@dataclass(frozen=True)
class Answer:
    """The columns and, as they come, the rows of a query."""

    columns: list[str]
    rows: Iterator[tuple[Any, ...]]


@contextmanager
def query_published(published: Path, query: str) -> Iterator[Answer]:
    """Run a SELECT over the current set: every file is a view ``<profile>.<table>``. Nothing can be written.

    Rows are given as they come, so that a large answer needs no memory. Raises ConfigError where nothing is published or
    DuckDB refuses the query, also while rows are read.
    """
    import duckdb

    current = (published / "current").resolve()
    if not current.is_dir():
        raise ConfigError(published, None, "", "nothing is published yet; run `boi run` first")
    with duckdb.connect(config=_CLOSED) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for profile, folder in FOLDERS.items():
            connection.execute(f"create schema {profile}")
            for path in sorted((current / folder).glob("*.parquet")):
                connection.execute(
                    f'create view {profile}."{path.stem}" as select * from read_parquet({_literal(path)})'  # noqa: S608
                )
        connection.execute(
            f"set allowed_directories = [{_literal(current)}]; set enable_external_access = false; set lock_configuration = true"
        )
        try:
            kinds = [statement.type for statement in connection.extract_statements(query)]
            if kinds != [duckdb.StatementType.SELECT]:  # DuckDB lets a COPY write where it may read
                raise ConfigError("query", None, "", "expected one SELECT; what is published cannot be changed")
            is_list = query.casefold().strip("; \n").split() == ["show", "tables"]
            result = connection.execute(_ALL_TABLES if is_list else query)
            columns = [column[0] for column in result.description or ()]
            yield Answer(columns, _rows(result))
        except (duckdb.Error, AttributeError) as error:
            hint = '\nAll tables: boi sql "show tables"' if isinstance(error, duckdb.CatalogException) else ""
            raise ConfigError("query", None, "", f"{error}{hint}") from None


def _rows(result: Any) -> Iterator[tuple[Any, ...]]:
    while batch := result.fetchmany(BATCH_ROWS):
        yield from batch


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def describe_table(run: Run, name: str) -> dict[str, Any]:
    """What a table is: contract, neighbours, freshness, checks with what they found last, sample.

    ``name``: ``opportunities``, ``marts.opportunities``, or a published file, ``curated/opportunities`` or, as queries
    have it, ``curated.opportunities``. Raises ConfigError where there is no such table.
    """
    model, profile, file = _find(run, name)
    found: dict[str, Any] = {
        "table": model.table,
        "description": model.description,
        "grain": list(model.grain),
        "version": model.version,
        "reads": list(model.dependencies),
        "read_by": [one.table for one in run.project.models if model.table in one.dependencies],
        "columns": [
            {
                "name": column_name(column, profile) if profile else column.name,
                "type": column.type.name,
                "label": column.label,
                "description": column.description,
            }
            for column in (open_columns(model, profile) if profile else model.columns)
        ],
        "published": _published(run, model),
    }
    if profile:
        is_own = model not in run.project.models  # publication's own: there is no table but the file
        return found | ({"table": file} if is_own else {}) | _of_file(run, file)
    if (run.home.warehouse / CURRENT).is_file():
        found |= _of_warehouse(run, model)
    return found


def _published(run: Run, model: Model) -> list[dict[str, Any]]:
    """The files a table is published in, with what stands in the current set."""
    manifest = current_manifest(run.home.published) or {"files": {}}
    files = [f"{FOLDERS[profile]}/{file}" for profile, file, one in published_files(run.project) if one is model]
    told = []
    for file in files:
        of = manifest["files"].get(f"{file}.parquet", {})
        as_of = manifest["as_of"] if of else None
        told.append({"file": file, "rows": of.get("rows"), "bytes": of.get("bytes"), "as_of": as_of})
    return told


def _of_warehouse(run: Run, model: Model) -> dict[str, Any]:
    table = model.table.replace("'", "''")
    try:
        rows = warehouse_rows(run, f"select count(*) as n from {model.table}")[0]["n"]  # noqa: S608
    except (WarehouseOutdated, FileNotFoundError) as error:
        return {"missing": f"not in the last warehouse: {str(error).splitlines()[0]}"}
    built = warehouse_rows(
        run, f"select built_at, as_of from quality.builds where table_name = '{table}'"  # noqa: S608
    )  # fmt: skip
    order = ", ".join(f'"{column}"' for column in model.grain)
    return {
        "rows": rows,
        "built_at": built[0]["built_at"].astimezone(UTC) if built else None,
        "as_of": built[0]["as_of"] if built else None,
        "checks": warehouse_rows(
            run,
            "select check_name, severity, scope, is_passed, row_count, failed_count, sample, advice from quality.results "  # noqa: S608
            f"where table_name = '{table}' order by is_passed, check_name",
        ),
        "sample": warehouse_rows(run, f"from {model.table} order by {order} limit {SAMPLE_ROWS}"),
    }


def _of_file(run: Run, name: str) -> dict[str, Any]:
    import duckdb
    import pyarrow.parquet as pq

    path = (run.home.published / "current").resolve() / f"{name}.parquet"
    if not path.is_file():
        return {"missing": "not published yet; run `boi run` first"}
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        sample = connection.sql(f"from read_parquet({_literal(path)}) limit {SAMPLE_ROWS}").to_arrow_table().to_pylist()
    return {"rows": pq.read_metadata(path).num_rows, "sample": sample}


def _find(run: Run, name: str) -> tuple[Model, Profile | None, str]:
    """The table of a name; where it names a published file, with the profile and the file.

    What publication writes itself is no model: its bare name means the file that analysts have.
    """
    name = name.lower()  # as in SQL, and no table has a capital
    for model in run.project.models:
        if name in (model.table, model.name):
            return model, None, ""
    files: dict[str, tuple[Model, Profile | None]] = {
        f"{FOLDERS[profile]}/{file}": (model, profile) for profile, file, model in published_files(run.project)
    }
    schema, dot, table = name.partition(".")
    asked = f"{FOLDERS[schema]}/{table}" if dot and schema in FOLDERS else name
    for file in sorted(files, reverse=True):
        if asked in (file, file.rpartition("/")[2]):
            return *files[file], file
    known = [model.name for model in run.project.models] + list(files)
    near = difflib.get_close_matches(name.rpartition(".")[2], known)
    marts = ", ".join(sorted(model.name for model in run.project.models if model.layer == "marts"))
    told = f"did you mean {' or '.join(near)}? " if near else ""
    raise ConfigError(run.project.folder, None, name, f"no such table; {told}the marts are: {marts}")


def suite_of(run: Run, name: str) -> dict[str, Any]:
    """The Great Expectations suite of a mart, as JSON has it. Raises ConfigError for a table that is no mart."""
    from boi_pipeline.warehouse.expectations import Expectations

    model, _, _ = _find(run, name)
    if model.layer != "marts":
        raise ConfigError(model.path, None, name, "only marts are checked by Great Expectations; others by SQL")
    found: dict[str, Any] = Expectations().suite(model, run.vocabularies, None).to_json_dict()
    return found
