"""Looking at what is published: SQL over the Parquet of the current set, and what a table is."""

from pathlib import Path
from typing import Any

from boi_pipeline.line import Line, warehouse_rows
from boi_pipeline.warehouse.build import CURRENT
from boi_pipeline.warehouse.contract import Model
from boi_pipeline.warehouse.publication import FOLDERS
from scrapers.yamlfile import ConfigError


def query_published(published: Path, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Run a SELECT over the current set: every file is a view ``<profile>.<table>``. Nothing can be written.

    Returns column names and rows. Raises ConfigError where nothing is published or DuckDB refuses the query.
    """
    import duckdb

    current = (published / "current").resolve()
    if not current.is_dir():
        raise ConfigError(published, None, "", "nothing is published yet; run `boi run` first")
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
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
            result = connection.sql(query)
            return list(result.columns), result.fetchall()
        except (duckdb.Error, AttributeError) as error:
            raise ConfigError("query", None, "", str(error)) from None


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def describe_table(line: Line, name: str) -> dict[str, Any]:
    """A table's contract, row count, checks and sample from the last warehouse. Raises ConfigError for no such table."""
    model = _find(line, name)
    found: dict[str, Any] = {
        "table": model.table,
        "description": model.description,
        "grain": list(model.grain),
        "publish": model.publish,
        "columns": [
            {"name": c.name, "type": c.type.name, "label": c.label, "description": c.description} for c in model.columns
        ],
    }
    if (line.home.warehouse / CURRENT).is_file():
        table = model.table.replace("'", "''")
        found["rows"] = warehouse_rows(line, f"select count(*) as n from {model.table}")[0]["n"]  # noqa: S608
        found["checks"] = warehouse_rows(
            line,
            "select check_name, severity, is_passed, failed_count, advice from quality.results "  # noqa: S608
            f"where table_name = '{table}' order by check_name",
        )
        found["sample"] = warehouse_rows(line, f"select * from {model.table} limit 3")  # noqa: S608
    return found


def _find(line: Line, name: str) -> Model:
    for model in line.project.models:
        if name in (model.table, model.name):
            return model
    known = ", ".join(model.name for model in line.project.models if model.layer == "marts")
    raise ConfigError(line.project.folder, None, name, f"no such table; the marts are: {known}")
